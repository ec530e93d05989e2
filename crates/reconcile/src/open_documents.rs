//! The open lines of the books with what they are called: the document's number and the partner's name.
//! `accounting` keeps them by kind and id alone.

use crate::tables;
use accounting::{OpenItemFilter, Role};
use base::{AccountId, Day, Money, Page, PartnerId};
use identity::{Ctx, ReportError};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{Rows, StoreError, Tx, params, row};
use utoipa::ToSchema;

/// Which open lines to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpenDocumentFilter {
    /// Only of the account of this role, such as `payable` or `receivable`.
    pub role: Option<Role>,
    /// Only with this partner, by code.
    pub partner: Option<String>,
    /// Only of this kind, such as `bill`.
    pub kind: Option<String>,
    /// Only due on this day or before.
    pub due_through: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// An open line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenDocument {
    /// The account.
    pub account_id: AccountId,
    /// The account's code.
    pub code: String,
    /// What the account is for.
    pub role: Option<Role>,
    /// The kind of what is open.
    pub kind: String,
    /// Its id.
    pub source_id: i64,
    /// Its number, of a channel its name; empty when it has none.
    pub number: String,
    /// What the other side calls it: the supplier's number of a bill, the channel's of an order.
    pub reference: String,
    /// Whom it is open with.
    pub partner_id: Option<PartnerId>,
    /// The partner's code; empty for none.
    pub partner: String,
    /// The partner's name; empty for none.
    pub partner_name: String,
    /// When it is due.
    pub due_on: Option<Day>,
    /// The books' day on which it was opened.
    pub opened_on: Day,
    /// What is open, debit positive.
    pub amount: Money,
    /// The same in the currency it was agreed in.
    pub agreed: Money,
}

/// Open lines with what they are called, by account, kind and id: what a payment may settle.
///
/// # Errors
/// [`ReportError`].
pub fn open_documents(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: OpenDocumentFilter,
) -> Result<Page<OpenDocument>, ReportError> {
    ctx.require(accounting::VIEW)?;
    let mut asked = OpenItemFilter {
        role: filter.role,
        kind: filter.kind,
        due_through: filter.due_through,
        cursor: filter.cursor,
        limit: filter.limit,
        ..OpenItemFilter::default()
    };
    if let Some(code) = &filter.partner {
        let known = partners::partners_by_code(tx, ctx.company_id, std::slice::from_ref(code))?;
        let Some(partner) = known.get(code) else {
            return Ok(Page { lines: Vec::new(), next_cursor: None });
        };
        asked.partner_id = Some(partner.id);
    }
    let page = accounting::open_items(tx, ctx, asked).map_err(refused)?;
    let names = names(tx, ctx, page.lines.iter().map(|line| (line.kind.as_str(), line.source_id)))?;
    let with: BTreeSet<PartnerId> = page.lines.iter().filter_map(|line| line.partner_id).collect();
    let with: Vec<PartnerId> = with.into_iter().collect();
    let partners = partners::partners_by_id(tx, ctx.company_id, &with)?;
    let lines = page.lines.into_iter().map(|line| {
        let partner = line.partner_id.and_then(|id| partners.get(&id));
        let name = names.get(&(line.kind.clone(), line.source_id)).cloned();
        let (number, reference) = name.unwrap_or_default();
        OpenDocument {
            account_id: line.account_id,
            code: line.code,
            role: line.role,
            kind: line.kind,
            source_id: line.source_id,
            number,
            reference,
            partner_id: line.partner_id,
            partner: partner.map(|known| known.code.clone()).unwrap_or_default(),
            partner_name: partner.map(|known| known.name.clone()).unwrap_or_default(),
            due_on: line.due_on,
            opened_on: line.opened_on,
            amount: line.amount,
            agreed: line.agreed,
        }
    });
    Ok(Page { lines: lines.collect(), next_cursor: page.next_cursor })
}

fn refused(error: accounting::ListError) -> ReportError {
    match error {
        accounting::ListError::Denied(denied) => denied.into(),
        accounting::ListError::Cursor(cursor) => cursor.into(),
        accounting::ListError::Day(error) => {
            ReportError::Filter { field: "due_through", detail: error.to_string() }
        }
        accounting::ListError::Store(error) => error.into(),
    }
}

/// What open lines are called: the document's own number, and the other side's.
fn names<'k>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    lines: impl Iterator<Item = (&'k str, i64)>,
) -> Result<BTreeMap<(String, i64), (String, String)>, StoreError> {
    let mut asked = Rows::new(2);
    for (kind, id) in lines.collect::<BTreeSet<_>>() {
        asked.push(row![kind.to_owned(), id]);
    }
    let found = tx.query(&tables::OPEN_NAMES, params![ctx.company_id; asked])?;
    let read = |row: &store::Row| {
        Ok(((row.get(0)?, row.get(1)?), (row.get(2)?, row.get(3)?)))
    };
    found.iter().map(read).collect()
}
