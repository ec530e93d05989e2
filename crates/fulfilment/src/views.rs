//! What readers get: routes as they were decided.

use crate::basis::RouteDecision;
use crate::words::{RouteChoice, WaitReason};
use crate::{READ, tables};
use base::{
    BadCursor, Page, Paging, Problem, PurchaseOrderId, Quantity, RouteId, Rule, SalesOrderId,
    SupplyId, Timestamp, UserId,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// Why a list was refused.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ListError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor was not made by this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// There is no such route.
    #[error("there is no route {route_id}")]
    NotFound {
        /// The id asked for.
        route_id: RouteId,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ListError {
    fn problem(&self) -> Problem {
        match self {
            ListError::Denied(error) => error.problem(),
            ListError::Cursor(error) => error.problem(),
            ListError::NotFound { .. } => Problem::not_found("route_not_found", self.to_string()),
            ListError::Store(error) => error.problem(),
        }
    }
}

/// What to list of the routes.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RouteFilter {
    /// Only of this order.
    pub order_id: Option<SalesOrderId>,
    /// Only with this choice.
    pub choice: Option<RouteChoice>,
    /// Only of this channel, by code.
    pub channel: Option<String>,
    /// Only those shipped by this warehouse, by code.
    pub warehouse: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A route in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RouteRow {
    /// Its id.
    pub route_id: RouteId,
    /// The order.
    pub order_id: SalesOrderId,
    /// The order's number.
    pub order_number: String,
    /// The channel's code.
    pub channel: String,
    /// The order's revision afterwards.
    pub revision: i64,
    /// From where the order is filled.
    pub choice: RouteChoice,
    /// Why something of it waits.
    pub reason: Option<WaitReason>,
    /// The code of the warehouse that ships it; with several, of the first of them.
    pub warehouse: String,
    /// How much of all its goods was newly reserved.
    pub reserved: Quantity,
    /// The version of the rule that decided.
    pub algorithm: i64,
    /// What was decided, with what each warehouse could give; absent when another version kept it.
    pub decision: Option<RouteDecision>,
    /// When.
    pub decided_at: Timestamp,
    /// Who asked for it.
    pub user_id: UserId,
}

pub(crate) fn read_route(row: &Row) -> Result<RouteRow, StoreError> {
    let decision: String = row.get(10)?;
    Ok(RouteRow {
        route_id: row.get(0)?,
        order_id: row.get(1)?,
        order_number: row.get(2)?,
        channel: row.get(3)?,
        revision: row.get(4)?,
        choice: row.get(5)?,
        reason: tables::reason(row, 6)?,
        warehouse: row.get(7)?,
        reserved: row.get(8)?,
        algorithm: row.get(9)?,
        decision: tables::read(&decision),
        decided_at: row.get(11)?,
        user_id: row.get(12)?,
    })
}

/// Routes, newest first.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_routes(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: RouteFilter,
) -> Result<Page<RouteRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (at, id): (i64, i64) = paging.after((i64::MAX, i64::MAX))?;
    let found = tx.query(
        &tables::LIST_ROUTES,
        params![
            ctx.company_id,
            filter.order_id,
            filter.choice,
            filter.channel,
            filter.warehouse,
            at,
            id,
            paging.limit()
        ],
    )?;
    let rows = found.iter().map(read_route).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &RouteRow| (row.decided_at.micros(), base::Id::raw(row.route_id))))
}

/// What to list of the supplies.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct SupplyFilter {
    /// Only for this sales order.
    pub order_id: Option<SalesOrderId>,
    /// Only of this purchase order.
    pub purchase_order_id: Option<PurchaseOrderId>,
    /// Only those of which something is still to come.
    pub due: bool,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// What was ordered from a supplier for a line of a sales order, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SupplyRow {
    /// The tie between the two.
    pub supply_id: SupplyId,
    /// The sales order.
    pub order_id: SalesOrderId,
    /// Its number.
    pub order_number: String,
    /// Its line.
    pub line: i64,
    /// The item.
    pub sku: String,
    /// How much was ordered for it.
    pub quantity: Quantity,
    /// Whether the supplier sends the goods straight to the customer.
    pub direct: bool,
    /// The purchase order.
    pub purchase_order_id: PurchaseOrderId,
    /// Its number.
    pub purchase_number: String,
    /// Its line.
    pub purchase_line: i64,
    /// Where it stands.
    pub purchase_state: purchasing::OrderState,
    /// How much came, or went straight to the customer.
    pub received: Quantity,
    /// How much is still to come; nothing of a line that was closed short.
    pub due: Quantity,
    /// How much the sales order's line still wants.
    pub wanted: Quantity,
    /// Whether the line was closed short, so that what the customer still wants waits for a decision.
    pub closed_short: bool,
    /// When it was ordered.
    pub recorded_at: Timestamp,
}

/// Supplies, newest first.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_supplies(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: SupplyFilter,
) -> Result<Page<SupplyRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (at, id): (i64, i64) = paging.after((i64::MAX, i64::MAX))?;
    let found = tx.query(
        &tables::LIST_SUPPLIES,
        params![
            ctx.company_id,
            filter.order_id,
            filter.purchase_order_id,
            filter.due,
            at,
            id,
            paging.limit()
        ],
    )?;
    let read = |row: &Row| {
        Ok(SupplyRow {
            supply_id: row.get(0)?,
            order_id: row.get(1)?,
            order_number: row.get(2)?,
            line: row.get(3)?,
            sku: row.get(4)?,
            quantity: row.get(5)?,
            direct: row.get(6)?,
            purchase_order_id: row.get(7)?,
            purchase_number: row.get(8)?,
            purchase_line: row.get(9)?,
            purchase_state: row.get(10)?,
            received: row.get(11)?,
            due: row.get(12)?,
            wanted: row.get(13)?,
            closed_short: row.get(14)?,
            recorded_at: row.get(15)?,
        })
    };
    let rows = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(paging
        .page(rows, |row: &SupplyRow| (row.recorded_at.micros(), base::Id::raw(row.supply_id))))
}
