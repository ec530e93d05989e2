//! Saying what is in a kit.

use std::collections::HashSet;

use base::{Id, ItemId, Problem, Quantity, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{Rows, StoreError, Tx, params, row};
use utoipa::ToSchema;

use crate::amend_item::{AmendItemError, ItemChanged, seen};
use crate::model::Item;
use crate::permissions::EDIT;
use crate::{ItemKind, rules, tables};

/// The most components of a kit.
pub const MAX_COMPONENTS: usize = 200;

/// All components of a kit; they take the place of those it had.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineKit {
    /// The kit.
    pub item_id: ItemId,
    /// The revision that the caller has seen.
    pub revision: i64,
    /// Its components, 1 to 200.
    pub components: Vec<KitComponent>,
}

/// A component of a kit.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct KitComponent {
    /// The component, always goods.
    pub item_id: ItemId,
    /// How many of its stock units are in one kit.
    pub quantity: Quantity,
}

/// Why a kit was not defined.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum DefineKitError {
    /// The caller may not, or the kit is not there or changed meanwhile.
    #[error(transparent)]
    Item(#[from] AmendItemError),
    /// The item is no kit.
    #[error("{sku} is {kind}, not a kit")]
    NotAKit {
        /// The item.
        sku: String,
        /// What it is.
        kind: ItemKind,
    },
    /// There are no components, or too many.
    #[error("{got} components; a kit has 1 to {max}")]
    Count {
        /// The most allowed.
        max: usize,
        /// The number asked for.
        got: usize,
    },
    /// The company has no such component.
    #[error("component {line}: there is no item {item_id}")]
    NotFound {
        /// The component's position, from 1.
        line: u32,
        /// The item asked for.
        item_id: ItemId,
    },
    /// Only goods can be in a kit.
    #[error("component {line}: {sku} is a {kind}; a kit is made of goods")]
    NotGoods {
        /// The component's position, from 1.
        line: u32,
        /// The component.
        sku: String,
        /// What it is.
        kind: ItemKind,
    },
    /// The component is out of use.
    #[error("component {line}: {sku} is retired")]
    Retired {
        /// The component's position, from 1.
        line: u32,
        /// The component.
        sku: String,
    },
    /// The component is there twice.
    #[error("component {line}: {sku} is there twice; add up the quantities")]
    Twice {
        /// The second one's position, from 1.
        line: u32,
        /// The component.
        sku: String,
    },
    /// The quantity is not positive, or splits a whole unit.
    #[error(
        "component {line}: {quantity} {unit} of {sku} is not possible; give a positive quantity that {unit} allows"
    )]
    Quantity {
        /// The component's position, from 1.
        line: u32,
        /// The component.
        sku: String,
        /// The quantity asked for.
        quantity: Quantity,
        /// The component's stock unit.
        unit: String,
    },
}

impl From<StoreError> for DefineKitError {
    fn from(error: StoreError) -> Self {
        DefineKitError::Item(error.into())
    }
}

impl From<Denied> for DefineKitError {
    fn from(error: Denied) -> Self {
        DefineKitError::Item(error.into())
    }
}

impl Rule for DefineKitError {
    fn problem(&self) -> Problem {
        let (code, line) = match self {
            DefineKitError::Item(error) => return error.problem(),
            DefineKitError::NotAKit { .. } => ("not_a_kit", None),
            DefineKitError::Count { .. } => ("component_count", None),
            DefineKitError::NotFound { line, .. } => ("component_not_found", Some(*line)),
            DefineKitError::NotGoods { line, .. } => ("component_not_goods", Some(*line)),
            DefineKitError::Retired { line, .. } => ("component_retired", Some(*line)),
            DefineKitError::Twice { line, .. } => ("component_twice", Some(*line)),
            DefineKitError::Quantity { line, .. } => ("component_quantity", Some(*line)),
        };
        let problem = Problem::refused(code, self.to_string());
        line.map_or(problem.clone(), |line| problem.with_line(line))
    }
}

/// Says what is in a kit.
///
/// # Errors
/// See [`DefineKitError`].
pub fn define_kit(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: DefineKit,
) -> Result<ItemChanged, DefineKitError> {
    ctx.require(EDIT)?;
    let kit = seen(tx, ctx, request.item_id, request.revision)?;
    if kit.kind != ItemKind::Kit {
        return Err(DefineKitError::NotAKit { sku: kit.sku, kind: kit.kind });
    }
    let got = request.components.len();
    if got == 0 || got > MAX_COMPONENTS {
        return Err(DefineKitError::Count { max: MAX_COMPONENTS, got });
    }
    let ids: Vec<ItemId> = request.components.iter().map(|component| component.item_id).collect();
    let items = tables::items_by_id(tx, ctx.company_id, &ids)?;
    let mut used = HashSet::new();
    for (line, component) in (1_u32..).zip(&request.components) {
        let item_id = component.item_id;
        let item = items.get(&item_id).ok_or(DefineKitError::NotFound { line, item_id })?;
        check_component(line, component.quantity, item)?;
        if !used.insert(item_id) {
            return Err(DefineKitError::Twice { line, sku: item.sku.clone() });
        }
    }
    record(tx, ctx, &kit, &request.components)
}

fn check_component(line: u32, quantity: Quantity, item: &Item) -> Result<(), DefineKitError> {
    let sku = item.sku.clone();
    if item.kind != ItemKind::Goods {
        return Err(DefineKitError::NotGoods { line, sku, kind: item.kind });
    }
    if !item.active {
        return Err(DefineKitError::Retired { line, sku });
    }
    if !quantity.is_positive() || !rules::is_possible(quantity, &item.stock_unit) {
        let unit = item.stock_unit.code.clone();
        return Err(DefineKitError::Quantity { line, sku, quantity, unit });
    }
    Ok(())
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    kit: &Item,
    components: &[KitComponent],
) -> Result<ItemChanged, DefineKitError> {
    let mut rows = Rows::new(2);
    for component in components {
        rows.push(row![component.item_id, component.quantity]);
    }
    tx.write(&tables::DELETE_COMPONENTS, params![ctx.company_id, kit.id])?;
    tx.write_exactly(
        components.len(),
        &tables::INSERT_COMPONENTS,
        params![ctx.company_id, kit.id; rows],
    )?;
    tables::touch_item(tx, ctx.company_id, kit.id, kit.revision, ctx.at)?;
    let revision = kit.revision + 1;
    let detail = json!({ "sku": kit.sku, "components": components });
    ctx.fact(tx, "item", kit.id.raw(), revision, "catalog.kit_defined", detail.clone());
    ctx.audit(tx, EDIT, "item", kit.id.raw(), detail);
    Ok(ItemChanged { item_id: kit.id, revision })
}
