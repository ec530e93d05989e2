//! `supply`: what an order lacks is ordered from a supplier, for just that order.

use crate::{SUPPLY, tables};
use base::{
    ItemId, NumberError, Price, Problem, PurchaseOrderId, Quantity, Rule, SalesOrderId, SupplyId,
};
use identity::{Ctx, Denied};
use purchasing::{CreateOrder, CreateOrdersError, OrderLine};
use sales::{OrderState, Unshipped, UnshippedLine};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use stock::Earmark;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to order from a supplier what an order lacks.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Supply {
    /// The sales order.
    pub order_id: SalesOrderId,
    /// The supplier's code.
    pub supplier: String,
    /// What; everything that the order lacks and that was not ordered for it when absent.
    #[serde(default)]
    pub lines: Option<Vec<SupplyLine>>,
    /// Whether the supplier sends the goods straight to the customer, or to the warehouse.
    pub direct: bool,
    /// A note to the supplier.
    #[serde(default)]
    pub note: String,
    /// The client's own key of the purchase order: a second request with it is the same.
    #[serde(default)]
    pub client_ref: String,
}

/// A line to be supplied.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SupplyLine {
    /// The sales order's line, from 1.
    pub line: i64,
    /// How much; all that the line lacks when absent.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// What one stock unit costs, net; the supplier's offer when absent.
    #[serde(default)]
    pub price: Option<Price>,
}

/// What was ordered.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SupplyOrdered {
    /// The purchase order, a draft.
    pub purchase_order_id: PurchaseOrderId,
    /// Its number.
    pub number: String,
    /// Its lines, with those that they are for.
    pub lines: Vec<SuppliedLine>,
    /// Whether it was there before: nothing was written again.
    pub repeated: bool,
}

/// A line of a purchase order, and the sales order's line that it is for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SuppliedLine {
    /// The tie between the two.
    pub supply_id: SupplyId,
    /// The sales order's line.
    pub line: i64,
    /// The purchase order's line.
    pub purchase_line: i64,
    /// How much was ordered, in the stock unit.
    pub quantity: Quantity,
}

/// Why nothing was ordered, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum SupplyOrderError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// No such order.
    #[error("there is no order {order_id}")]
    NotFound {
        /// What was asked.
        order_id: SalesOrderId,
    },
    /// The order wants nothing any more.
    #[error("order {number} is {state}; it wants no goods any more")]
    NotOpen {
        /// The order.
        number: String,
        /// Where it stands.
        state: OrderState,
    },
    /// The order has no such line of goods.
    #[error("order {number} has no line {line} of goods")]
    UnknownLine {
        /// The order.
        number: String,
        /// The line asked for.
        line: i64,
    },
    /// The line is named twice.
    #[error("line {line} is named twice; name it once with the whole quantity")]
    Twice {
        /// The line.
        line: i64,
    },
    /// A kit is put together by us.
    #[error("line {line} is a kit; order its components for the warehouse")]
    Kit {
        /// The line.
        line: i64,
    },
    /// The line lacks less.
    #[error(
        "line {line}: {asked} asked, but {lacks} are neither kept for it nor ordered for it already"
    )]
    ExceedsLacking {
        /// The line.
        line: i64,
        /// What was asked.
        asked: Quantity,
        /// What it lacks.
        lacks: Quantity,
    },
    /// Everything is there or on order.
    #[error("order {number} lacks nothing that is not ordered for it already")]
    NothingLacks {
        /// The order.
        number: String,
    },
    /// The client's key belongs to a purchase order that is not for this order.
    #[error("another purchase order has the client_ref {reference:?}; give this one its own")]
    ReferenceUsed {
        /// The key.
        reference: String,
    },
    /// The purchase order cannot be written.
    #[error(transparent)]
    Order(#[from] CreateOrdersError),
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for SupplyOrderError {
    fn problem(&self) -> Problem {
        let refused = |code, line: &i64| {
            let line = u32::try_from(*line).unwrap_or(0);
            Problem::refused(code, self.to_string()).with_line(line)
        };
        match self {
            SupplyOrderError::Denied(error) => error.problem(),
            SupplyOrderError::NotFound { .. } => {
                Problem::not_found("order_not_found", self.to_string())
            }
            SupplyOrderError::NotOpen { .. } => {
                Problem::refused("order_not_open", self.to_string())
            }
            SupplyOrderError::UnknownLine { line, .. } => refused("unknown_line", line),
            SupplyOrderError::Twice { line } => refused("line_twice", line),
            SupplyOrderError::Kit { line } => refused("kit_not_supplied", line),
            SupplyOrderError::ExceedsLacking { line, .. } => refused("exceeds_lacking", line),
            SupplyOrderError::NothingLacks { .. } => {
                Problem::refused("nothing_lacks", self.to_string())
            }
            SupplyOrderError::ReferenceUsed { .. } => {
                Problem::refused("client_ref_used", self.to_string()).with_field("client_ref")
            }
            SupplyOrderError::Order(error) => error.problem(),
            SupplyOrderError::Number(error) => error.problem(),
            SupplyOrderError::Store(error) => error.problem(),
        }
    }
}

/// A line to be ordered.
struct Wanted<'a> {
    line: &'a UnshippedLine,
    quantity: Quantity,
    price: Option<Price>,
}

/// Orders from a supplier what lines of an order lack: one draft purchase order, each line of it
/// tied to the line that it is for. It is submitted, sent and billed as any other; what goes straight
/// to the customer is confirmed by [`ship_direct`](crate::ship_direct()), what comes to the warehouse
/// is received there.
///
/// Without named lines it orders what lacks and is not ordered yet, but for kits. The caller also
/// needs `purchasing.order`.
///
/// # Errors
/// The first broken rule in the order of [`SupplyOrderError`].
pub fn supply(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: Supply,
) -> Result<SupplyOrdered, SupplyOrderError> {
    ctx.require(SUPPLY)?;
    let order_id = request.order_id;
    let mut held = sales::hold_unshipped(tx, ctx, &[order_id])?;
    let order = held.pop().ok_or(SupplyOrderError::NotFound { order_id })?;
    if let Some(found) = tables::supplied_by_ref(tx, ctx.company_id, order_id, &request.client_ref)?
    {
        return Ok(found);
    }
    if order.state != OrderState::Accepted {
        return Err(SupplyOrderError::NotOpen { number: order.number, state: order.state });
    }
    let ids: BTreeSet<ItemId> = order.lines.iter().map(|line| line.item_id).collect();
    let items = catalog::items_by_id(tx, ctx.company_id, &ids.into_iter().collect::<Vec<_>>())?;
    let kit = |line: &UnshippedLine| {
        items.get(&line.item_id).is_some_and(|item| item.kind == catalog::ItemKind::Kit)
    };
    let supplied = tables::open_supplies(tx, ctx.company_id, &[order_id])?;
    let wanted = decide(&order, &request, &supplied, kit)?;
    let unit =
        |line: &UnshippedLine| items.get(&line.item_id).map(|item| item.stock_unit.code.clone());
    let warehouse = stock::warehouse(tx, ctx.company_id, order.warehouse_id)?;
    let create = CreateOrder {
        supplier: request.supplier.clone(),
        warehouse: warehouse.map(|warehouse| warehouse.code).unwrap_or_default(),
        currency: None,
        ordered_on: None,
        billing: None,
        lines: wanted
            .iter()
            .map(|wanted| OrderLine {
                sku: wanted.line.sku.clone(),
                quantity: wanted.quantity,
                unit: unit(wanted.line),
                price: wanted.price,
                discount: None,
                tax_code: String::new(),
                due_on: None,
            })
            .collect(),
        note: request.note.clone(),
        client_ref: request.client_ref.clone(),
    };
    let created = purchasing::create_order(tx, ctx, create)?;
    if created.repeated {
        return Err(SupplyOrderError::ReferenceUsed { reference: request.client_ref });
    }
    let mut lines = Vec::with_capacity(wanted.len());
    let mut rows = Vec::with_capacity(wanted.len());
    for (wanted, purchase_line) in wanted.iter().zip(1..) {
        let supply_id: SupplyId = tx.id()?;
        let (line, quantity) = (wanted.line.line, wanted.quantity);
        rows.push((supply_id, line, wanted.line.item_id, quantity, purchase_line));
        lines.push(SuppliedLine { supply_id, line, purchase_line, quantity });
    }
    tables::insert_supplies(tx, ctx, (order_id, created.order_id, request.direct), &rows)?;
    if request.direct {
        earmark(tx, ctx, &order, created.order_id, &wanted)?;
    }
    let detail = serde_json::json!({
        "number": order.number,
        "purchase_order": created.number,
        "direct": request.direct,
        "lines": lines,
    });
    ctx.audit(tx, SUPPLY, sales::ORDER, base::Id::raw(order_id), detail);
    Ok(SupplyOrdered {
        purchase_order_id: created.order_id,
        number: created.number,
        lines,
        repeated: false,
    })
}

/// Lets stock know that what the purchase order plans never lies there: once it is approved, nothing
/// there is kept for the lines that it is for, until it was sent or will not come.
fn earmark(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order: &Unshipped,
    purchase_order_id: PurchaseOrderId,
    wanted: &[Wanted<'_>],
) -> Result<(), StoreError> {
    let ids = tables::purchase_lines(tx, ctx.company_id, purchase_order_id)?;
    let mut earmarks = Vec::with_capacity(wanted.len());
    for (wanted, number) in wanted.iter().zip(1_i64..) {
        let gone = || StoreError::Unusable(format!("line {number} of a purchase order is missing"));
        earmarks.push(Earmark {
            source_id: *ids.get(&number).ok_or_else(gone)?,
            item_id: wanted.line.item_id,
            owner_id: base::Id::raw(order.order_id),
            line_id: base::Id::raw(wanted.line.line_id),
            quantity: wanted.quantity,
        });
    }
    stock::earmark(tx, ctx, purchasing::EXPECTED, sales::ORDER, &earmarks)
}

fn decide<'a>(
    order: &'a Unshipped,
    request: &Supply,
    supplied: &BTreeMap<(SalesOrderId, i64), tables::OpenSupply>,
    kit: impl Fn(&UnshippedLine) -> bool,
) -> Result<Vec<Wanted<'a>>, SupplyOrderError> {
    let lacks = |line: &UnshippedLine| -> Result<Quantity, NumberError> {
        let of_line = order.demands.iter().filter(|d| d.line_id == base::Id::raw(line.line_id));
        let kept = Quantity::checked_sum(of_line.map(|demand| demand.reserved))?;
        let coming = supplied.get(&(order.order_id, line.line)).copied().unwrap_or_default();
        let lacks = line.open.checked_sub(kept)?.checked_sub(coming.all)?;
        Ok(lacks.max(Quantity::ZERO))
    };
    let mut wanted = Vec::new();
    let Some(asked) = &request.lines else {
        for line in order.lines.iter().filter(|line| !kit(line)) {
            let quantity = lacks(line)?;
            if quantity.is_positive() {
                wanted.push(Wanted { line, quantity, price: None });
            }
        }
        return match wanted.is_empty() {
            true => Err(SupplyOrderError::NothingLacks { number: order.number.clone() }),
            false => Ok(wanted),
        };
    };
    let mut seen = BTreeSet::new();
    for asked in asked {
        let number = asked.line;
        let unknown =
            || SupplyOrderError::UnknownLine { number: order.number.clone(), line: number };
        let line = order.lines.iter().find(|line| line.line == number).ok_or_else(unknown)?;
        if !seen.insert(number) {
            return Err(SupplyOrderError::Twice { line: number });
        }
        if kit(line) {
            return Err(SupplyOrderError::Kit { line: number });
        }
        let lacks = lacks(line)?;
        let quantity = asked.quantity.unwrap_or(lacks);
        if quantity > lacks || lacks.is_zero() {
            return Err(SupplyOrderError::ExceedsLacking { line: number, asked: quantity, lacks });
        }
        wanted.push(Wanted { line, quantity, price: asked.price });
    }
    match wanted.is_empty() {
        true => Err(SupplyOrderError::NothingLacks { number: order.number.clone() }),
        false => Ok(wanted),
    }
}
