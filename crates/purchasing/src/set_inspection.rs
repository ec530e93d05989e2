//! `set_inspection`: whose goods are inspected when they come, before they are stock.

use crate::views::ListError;
use crate::{ORDER, READ, tables};
use base::{Page, Paging, Problem, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// A rule about an item, a supplier, or an item of a supplier.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SetInspection {
    /// The item; every item of the supplier when absent.
    #[serde(default)]
    pub sku: Option<String>,
    /// The supplier's code; every supplier of the item when absent.
    #[serde(default)]
    pub supplier: Option<String>,
    /// Whether what comes is inspected; when absent the rule is taken away, and a wider one or the
    /// policy `inspect_receipts` holds.
    #[serde(default)]
    pub inspect: Option<bool>,
}

/// A rule as it is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InspectionRuleRow {
    /// The item; absent for every one.
    pub sku: Option<String>,
    /// The supplier's code; absent for every one.
    pub supplier: Option<String>,
    /// Whether what comes is inspected; absent when there is no such rule any more.
    pub inspect: Option<bool>,
}

/// Which rules to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InspectionRuleFilter {
    /// Only about this item.
    pub sku: Option<String>,
    /// Only about this supplier, by code.
    pub supplier: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Why a rule was not set, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum InspectionRuleError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The rule is about nothing.
    #[error("name an item, a supplier or both; for all goods set the policy inspect_receipts")]
    Empty,
    /// There is no such item.
    #[error("there is no item {sku:?}")]
    UnknownItem {
        /// The SKU asked for.
        sku: String,
    },
    /// There is no such supplier.
    #[error("there is no supplier {code:?}")]
    UnknownSupplier {
        /// The code asked for.
        code: String,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for InspectionRuleError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            InspectionRuleError::Denied(error) => error.problem(),
            InspectionRuleError::Empty => Problem::refused("inspection_rule_empty", detail),
            InspectionRuleError::UnknownItem { .. } => {
                Problem::not_found("item_not_found", detail).with_field("sku")
            }
            InspectionRuleError::UnknownSupplier { .. } => {
                Problem::refused("unknown_supplier", detail).with_field("supplier")
            }
            InspectionRuleError::Store(error) => error.problem(),
        }
    }
}

/// Sets whether goods are inspected when they come, or takes a rule away.
///
/// # Errors
/// The first broken rule in the order of [`InspectionRuleError`].
pub fn set_inspection(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: SetInspection,
) -> Result<InspectionRuleRow, InspectionRuleError> {
    ctx.require(ORDER)?;
    if request.sku.is_none() && request.supplier.is_none() {
        return Err(InspectionRuleError::Empty);
    }
    let item_id = match &request.sku {
        None => 0,
        Some(sku) => {
            let found = catalog::items_by_sku(tx, ctx.company_id, &[sku])?;
            let item = found.get(sku).map(|item| base::Id::raw(item.id));
            item.ok_or_else(|| InspectionRuleError::UnknownItem { sku: sku.clone() })?
        }
    };
    let partner_id = match &request.supplier {
        None => 0,
        Some(code) => {
            let found = partners::partners_by_code(tx, ctx.company_id, &[code])?;
            let partner = found.get(code).filter(|partner| partner.supplier);
            let partner = partner.map(|partner| base::Id::raw(partner.id));
            partner.ok_or_else(|| InspectionRuleError::UnknownSupplier { code: code.clone() })?
        }
    };
    let (company, rule) = (ctx.company_id, request.inspect);
    match rule {
        Some(inspect) => {
            let row = params![company, item_id, partner_id, inspect];
            tx.write(&tables::SET_INSPECTION_RULE, row)?;
        }
        None => {
            let key = params![company, item_id, partner_id];
            tx.write(&tables::REMOVE_INSPECTION_RULE, key)?;
        }
    }
    let SetInspection { sku, supplier, inspect } = request;
    let rule = InspectionRuleRow { sku, supplier, inspect };
    let told = serde_json::json!(rule);
    // The record that shows it is the item's, or of a rule about no item the supplier's.
    let (kind, id) = if item_id == 0 { ("partner", partner_id) } else { ("item", item_id) };
    ctx.audit(tx, crate::SET_INSPECTION, kind, id, told);
    Ok(rule)
}

/// Rules by item and supplier.
///
/// # Errors
/// See [`ListError`].
pub fn list_inspection_rules(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: InspectionRuleFilter,
) -> Result<Page<InspectionRuleRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (sku, code): (String, String) = paging.after(Default::default())?;
    let first = filter.cursor.is_none();
    let found = tx.query(
        &tables::LIST_INSPECTION_RULES,
        params![ctx.company_id, filter.sku, filter.supplier, first, sku, code, paging.limit()],
    )?;
    let read = |row: &Row| {
        let some = |at| row.get::<String>(at).map(|text| Some(text).filter(|t| !t.is_empty()));
        Ok(InspectionRuleRow { sku: some(0)?, supplier: some(1)?, inspect: Some(row.get(2)?) })
    };
    let rows = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &InspectionRuleRow| {
        (row.sku.clone().unwrap_or_default(), row.supplier.clone().unwrap_or_default())
    }))
}
