//! What readers get of transfers: the list, one transfer with all that happened, what is under way.

use crate::tables;
use crate::transfer::{TransferError, TransferState};
use crate::views::{ListError, READ};
use base::{Day, DispatchLineId, Id, Money, Page, Paging, Quantity, TransferId};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// A transfer in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TransferRow {
    /// The transfer.
    pub transfer_id: TransferId,
    /// Its spoken number.
    pub number: String,
    /// The code of the warehouse that goods leave.
    pub from: String,
    /// The code of the warehouse that they go to.
    pub to: String,
    /// The path of the place where they shall lie.
    pub to_place: String,
    /// When they leave.
    pub depart_on: Day,
    /// When they arrive.
    pub arrive_on: Day,
    /// Where it stands.
    pub state: TransferState,
    /// What for.
    pub note: String,
    /// What the caller calls it.
    pub client_ref: String,
}

/// Which transfers.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TransferFilter {
    /// Only those that stand so.
    pub state: Option<TransferState>,
    /// Only those from this warehouse.
    pub from: Option<String>,
    /// Only those to this warehouse.
    pub to: Option<String>,
    /// Only those with this item.
    pub sku: Option<String>,
    /// Only open ones that should have arrived before this day.
    pub late_on: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A transfer with its lines and what happened to them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TransferDetail {
    /// What lists say of it.
    pub head: TransferRow,
    /// Its lines.
    pub lines: Vec<TransferLineDetail>,
    /// What left, arrived, is missing or came back, as it happened.
    pub steps: Vec<TransferStep>,
}

/// A line of a transfer, in the item's stock unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TransferLineDetail {
    /// The line, from 1.
    pub line: i64,
    /// The item's SKU.
    pub sku: String,
    /// The item's name.
    pub name: String,
    /// How much shall go.
    pub quantity: Quantity,
    /// How much is kept for it.
    pub reserved: Quantity,
    /// How much has left.
    pub sent: Quantity,
    /// How much has arrived and can be used.
    pub accepted: Quantity,
    /// How much has arrived and waits for a decision.
    pub quarantined: Quantity,
    /// How much did not arrive.
    pub missing: Quantity,
    /// How much came back.
    pub returned: Quantity,
    /// How much was called off.
    pub cancelled: Quantity,
}

/// What happened to a part of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TransferStep {
    /// The dispatch's or arrival's spoken number.
    pub number: String,
    /// `sent`, or what became of it: `accepted`, `quarantine`, `missing`, `returned`.
    pub outcome: String,
    /// When.
    pub happened_on: Day,
    /// The books' day.
    pub posted_on: Day,
    /// The line.
    pub line: i64,
    /// The item's SKU.
    pub sku: String,
    /// The lot's code, empty without one.
    pub lot: String,
    /// How much.
    pub quantity: Quantity,
    /// What the goods are worth.
    pub value: Money,
    /// The path of the place where they ended; empty for what was sent.
    pub place: String,
    /// Why they are missing, a reason's code.
    pub reason: String,
    /// What there is to say.
    pub note: String,
}

/// Goods under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnderWayRow {
    /// What one move took of a line.
    pub dispatch_line_id: DispatchLineId,
    /// The item's SKU.
    pub sku: String,
    /// The item's name.
    pub name: String,
    /// The lot's code, empty without one.
    pub lot: String,
    /// How much is under way.
    pub quantity: Quantity,
    /// How much left.
    pub sent: Quantity,
    /// What that was worth when it left.
    pub sent_value: Money,
    /// The transfer's spoken number.
    pub transfer: String,
    /// The code of the warehouse that it left.
    pub from: String,
    /// The code of the warehouse that it goes to.
    pub to: String,
    /// When it left.
    pub sent_on: Day,
    /// When it arrives by the plan.
    pub arrive_on: Day,
}

/// Which goods under way.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UnderWayFilter {
    /// Only this item.
    pub sku: Option<String>,
    /// Only from this warehouse.
    pub from: Option<String>,
    /// Only to this warehouse.
    pub to: Option<String>,
    /// Only what should have arrived before this day.
    pub late_on: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Transfers by arrival, soonest first.
///
/// # Errors
/// See [`ListError`].
pub fn list_transfers(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: TransferFilter,
) -> Result<Page<TransferRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((String::new(), 0))?;
    let found = tx.query(
        &tables::LIST_TRANSFERS,
        params![
            ctx.company_id,
            filter.state,
            filter.from,
            filter.to,
            filter.sku,
            filter.late_on,
            day,
            id,
            paging.limit()
        ],
    )?;
    let lines = found.iter().map(transfer_row).collect::<Result<Vec<_>, _>>()?;
    Ok(paging.page(lines, |line| (line.arrive_on.to_string(), line.transfer_id.raw())))
}

fn transfer_row(row: &Row) -> Result<TransferRow, StoreError> {
    Ok(TransferRow {
        transfer_id: row.get(0)?,
        number: row.get(1)?,
        from: row.get(2)?,
        to: row.get(3)?,
        to_place: row.get(4)?,
        depart_on: row.get(5)?,
        arrive_on: row.get(6)?,
        state: row.get(7)?,
        note: row.get(8)?,
        client_ref: row.get(9)?,
    })
}

/// One transfer.
///
/// # Errors
/// [`TransferError::Denied`], [`TransferError::NotFound`] or the store's own.
pub fn transfer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer_id: TransferId,
) -> Result<TransferDetail, TransferError> {
    ctx.require(READ)?;
    let key = || params![ctx.company_id, transfer_id];
    let head = tx.query_opt(&tables::TRANSFER_ROW, key())?;
    let head = head.ok_or(TransferError::NotFound { transfer_id })?;
    let lines = tx.query(&tables::TRANSFER_LINE_ROWS, key())?;
    let steps = tx.query(&tables::TRANSFER_STEPS, key())?;
    Ok(TransferDetail {
        head: transfer_row(&head)?,
        lines: lines.iter().map(line_detail).collect::<Result<_, _>>()?,
        steps: steps.iter().map(|row| step(row, ctx)).collect::<Result<_, _>>()?,
    })
}

fn line_detail(row: &Row) -> Result<TransferLineDetail, StoreError> {
    Ok(TransferLineDetail {
        line: row.get(0)?,
        sku: row.get(1)?,
        name: row.get(2)?,
        quantity: row.get(3)?,
        reserved: row.get(4)?,
        sent: row.get(5)?,
        accepted: row.get(6)?,
        quarantined: row.get(7)?,
        missing: row.get(8)?,
        returned: row.get(9)?,
        cancelled: row.get(10)?,
    })
}

fn step(row: &Row, ctx: &Ctx) -> Result<TransferStep, StoreError> {
    Ok(TransferStep {
        number: row.get(0)?,
        outcome: row.get(1)?,
        happened_on: row.get(2)?,
        posted_on: row.get(3)?,
        line: row.get(4)?,
        sku: row.get(5)?,
        lot: row.get(6)?,
        quantity: row.get(7)?,
        value: Money::new(row.get(8)?, ctx.currency),
        place: row.get(9)?,
        reason: row.get(10)?,
        note: row.get(11)?,
    })
}

/// Goods under way between warehouses, by arrival, soonest first.
///
/// # Errors
/// See [`ListError`].
pub fn list_under_way(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: UnderWayFilter,
) -> Result<Page<UnderWayRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((String::new(), 0))?;
    let found = tx.query(
        &tables::LIST_UNDER_WAY,
        params![
            ctx.company_id,
            filter.sku,
            filter.from,
            filter.to,
            filter.late_on,
            day,
            id,
            paging.limit()
        ],
    )?;
    let read = |row: &Row| {
        Ok(UnderWayRow {
            dispatch_line_id: row.get(0)?,
            sku: row.get(1)?,
            name: row.get(2)?,
            lot: row.get(3)?,
            quantity: row.get(4)?,
            sent: row.get(5)?,
            sent_value: Money::new(row.get(6)?, ctx.currency),
            transfer: row.get(7)?,
            from: row.get(8)?,
            to: row.get(9)?,
            sent_on: row.get(10)?,
            arrive_on: row.get(11)?,
        })
    };
    let lines = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(lines, |line| (line.arrive_on.to_string(), line.dispatch_line_id.raw())))
}
