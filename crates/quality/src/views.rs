//! What readers get: returns, what came back, what became of it, refunds and claims.

use crate::model::GoodsId;
use crate::words::{ClaimOutcome, ClaimState, Disposition, RefundState, ReturnReason};
use crate::{READ, tables};
use base::{
    BadCursor, ClaimId, CustomerReturnId, Day, DispositionId, Id, Money, Page, Paging, Price,
    Problem, Quantity, ReceiptLineId, RefundId, Rule, SalesOrderId, Timestamp,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// A text that is after every day.
pub(crate) const LAST_DAY: &str = "9999-99-99";

/// Why a list was refused.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ListError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor was not made by this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// There is no such return.
    #[error("there is no return {return_id}")]
    NotFound {
        /// The id asked for.
        return_id: CustomerReturnId,
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
            ListError::NotFound { .. } => Problem::not_found("return_not_found", self.to_string()),
            ListError::Store(error) => error.problem(),
        }
    }
}

/// What to list of the returns.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReturnFilter {
    /// Only of this customer, by code.
    pub partner: Option<String>,
    /// Only of this order.
    pub order_id: Option<SalesOrderId>,
    /// Only for this reason.
    pub reason: Option<ReturnReason>,
    /// Only those of which something is still to come.
    pub expected: bool,
    /// Only those of which something waits for a decision.
    pub undecided: bool,
    /// Only the one that the client calls so.
    pub client_ref: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A return in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReturnRow {
    /// Its id.
    pub return_id: CustomerReturnId,
    /// Its number.
    pub number: String,
    /// What the client calls it, empty for nothing.
    pub client_ref: String,
    /// The order; absent when the sale is not known to these books.
    pub order_id: Option<SalesOrderId>,
    /// The order's number.
    pub order_number: String,
    /// The customer's code, empty when not known.
    pub partner: String,
    /// The warehouse's code.
    pub warehouse: String,
    /// Why goods come back.
    pub reason: ReturnReason,
    /// More about it.
    pub note: String,
    /// When it was authorized.
    pub authorized_on: Day,
    /// How many pieces may come back.
    pub quantity: Quantity,
    /// How many came.
    pub received: Quantity,
    /// How many are still to come.
    pub expected: Quantity,
    /// How many goods wait for a decision.
    pub undecided: Quantity,
    /// Of how many pieces the price was given back.
    pub refunded: Quantity,
}

/// A line of a return.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReturnLineRow {
    /// Its number.
    pub line: i64,
    /// The order's line, 0 for none.
    pub order_line: i64,
    /// The item.
    pub sku: String,
    /// How much may come back.
    pub quantity: Quantity,
    /// The price agreed instead of the sale's.
    pub price: Option<Price>,
    /// How much came.
    pub received: Quantity,
    /// How much will not come.
    pub closed: Quantity,
    /// Of how much the price was given back.
    pub refunded: Quantity,
}

/// A return with its lines.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReturnDetail {
    /// The return.
    #[serde(flatten)]
    pub head: ReturnRow,
    /// Its lines.
    pub lines: Vec<ReturnLineRow>,
}

/// What to list of the goods that came back.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ReturnedGoodsFilter {
    /// Only of this return.
    pub return_id: Option<CustomerReturnId>,
    /// Only this item.
    pub sku: Option<String>,
    /// Only what waits for a decision.
    pub undecided: bool,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Goods that came back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReturnedGoodsRow {
    /// Their id.
    pub goods_id: i64,
    /// The return.
    pub return_id: CustomerReturnId,
    /// Its number.
    pub number: String,
    /// Its line.
    pub line: i64,
    /// The item.
    pub sku: String,
    /// The lot, empty for none.
    pub lot: String,
    /// Where they came to.
    pub place: String,
    /// How many came.
    pub quantity: Quantity,
    /// How many wait for a decision.
    pub undecided: Quantity,
    /// What they were worth as they came.
    pub value: Money,
    /// Whether the sale is not known to these books.
    pub origin_unknown: bool,
    /// The day they came.
    pub received_on: Day,
    /// When that was recorded.
    pub received_at: Timestamp,
}

/// What to list of the decisions.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct DispositionFilter {
    /// Only of this return.
    pub return_id: Option<CustomerReturnId>,
    /// Only with this outcome.
    pub outcome: Option<Disposition>,
    /// Decided on this day or later.
    pub from_day: Option<Day>,
    /// Decided on this day or earlier.
    pub to_day: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// What became of goods, and how long they waited for it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct DispositionRow {
    /// The decision.
    pub disposition_id: DispositionId,
    /// Its line.
    pub line: i64,
    /// Its number.
    pub number: String,
    /// The return.
    pub return_id: CustomerReturnId,
    /// The return's number.
    pub return_number: String,
    /// The item.
    pub sku: String,
    /// What became of it.
    pub outcome: Disposition,
    /// How much.
    pub quantity: Quantity,
    /// What it was worth.
    pub value: Money,
    /// The SKU that it is sold as now, empty when it is no second grade.
    pub grade_sku: String,
    /// What it is worth as second grade.
    pub grade_value: Money,
    /// Where it went.
    pub place: String,
    /// The reason's code.
    pub reason: String,
    /// What was seen.
    pub note: String,
    /// The claim that was made of it.
    pub claim_id: Option<ClaimId>,
    /// The day it came.
    pub received_on: Day,
    /// When that was recorded.
    pub received_at: Timestamp,
    /// The day of the decision.
    pub decided_on: Day,
    /// When that was recorded.
    pub decided_at: Timestamp,
    /// How many days lay between.
    pub days: i64,
    /// Who decided, by login; empty from the command line.
    pub decided_by: String,
}

/// What to list of the refunds.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct RefundFilter {
    /// Only in this state.
    pub state: Option<RefundState>,
    /// Only of this return.
    pub return_id: Option<CustomerReturnId>,
    /// Only of this order.
    pub order_id: Option<SalesOrderId>,
    /// Only those that are to be paid.
    pub unpaid: bool,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A refund in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct RefundRow {
    /// Its id.
    pub refund_id: RefundId,
    /// Its number.
    pub number: String,
    /// What the client calls it, empty for nothing.
    pub client_ref: String,
    /// The return; absent for an allowance.
    pub return_id: Option<CustomerReturnId>,
    /// The return's number.
    pub return_number: String,
    /// The order, when the sale is known.
    pub order_id: Option<SalesOrderId>,
    /// The order's number.
    pub order_number: String,
    /// The customer's code, empty when not known.
    pub partner: String,
    /// How far it is.
    pub state: RefundState,
    /// Without tax.
    pub net: Money,
    /// The tax.
    pub tax: Money,
    /// With tax.
    pub gross: Money,
    /// How much was taken off what the customer owed.
    pub receivable: Money,
    /// How much is still to be paid.
    pub open: Money,
    /// Why.
    pub reason: String,
    /// Its day.
    pub decided_on: Day,
    /// The credit note's legal number, empty while it waits.
    pub credit_note: String,
}

/// What to list of the claims.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClaimFilter {
    /// Only in this state.
    pub state: Option<ClaimState>,
    /// Only on this supplier, by code.
    pub supplier: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A claim in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClaimRow {
    /// Its id.
    pub claim_id: ClaimId,
    /// Its number.
    pub number: String,
    /// What the client calls it, empty for nothing.
    pub client_ref: String,
    /// The supplier's code.
    pub supplier: String,
    /// The receipt's line; absent for goods that a customer sent back.
    pub receipt_line_id: Option<ReceiptLineId>,
    /// The item.
    pub sku: String,
    /// How much.
    pub quantity: Quantity,
    /// What the supplier owes, or owed.
    pub amount: Money,
    /// What is wrong.
    pub cause: String,
    /// What proves it.
    pub evidence: String,
    /// How far it is.
    pub state: ClaimState,
    /// How it ended.
    pub outcome: Option<ClaimOutcome>,
    /// The number of the supplier's credit note.
    pub reference: String,
    /// The day it was made.
    pub opened_on: Day,
    /// The day it ended.
    pub settled_on: Option<Day>,
}

fn return_row(row: &Row) -> Result<ReturnRow, StoreError> {
    Ok(ReturnRow {
        return_id: row.get(0)?,
        number: row.get(1)?,
        client_ref: row.get(2)?,
        order_id: row.get(3)?,
        order_number: row.get(4)?,
        partner: row.get(5)?,
        warehouse: row.get(6)?,
        reason: row.get(7)?,
        note: row.get(8)?,
        authorized_on: row.get(9)?,
        quantity: row.get(10)?,
        received: row.get(11)?,
        expected: row.get(12)?,
        undecided: row.get(13)?,
        refunded: row.get(14)?,
    })
}

/// Lists returns, newest first.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_returns(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ReturnFilter,
) -> Result<Page<ReturnRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((LAST_DAY.to_owned(), i64::MAX))?;
    let found = tx.query(
        &tables::LIST_RETURNS,
        params![
            ctx.company_id,
            filter.partner,
            filter.order_id,
            filter.reason,
            filter.expected,
            filter.undecided,
            filter.client_ref,
            day,
            id,
            paging.limit(),
            store::Value::Null
        ],
    )?;
    let rows = found.iter().map(return_row).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &ReturnRow| (row.authorized_on.to_string(), row.return_id.raw())))
}

/// A return with its lines.
///
/// # Errors
/// [`ListError`], in its order.
pub fn customer_return(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    return_id: CustomerReturnId,
) -> Result<ReturnDetail, ListError> {
    ctx.require(READ)?;
    let null = || store::Value::Null;
    let found = tx.query_opt(
        &tables::LIST_RETURNS,
        params![
            ctx.company_id,
            null(),
            null(),
            null(),
            false,
            false,
            null(),
            LAST_DAY,
            i64::MAX,
            1_i64,
            return_id
        ],
    )?;
    let head = return_row(&found.ok_or(ListError::NotFound { return_id })?)?;
    let read = |row: &Row| {
        Ok(ReturnLineRow {
            line: row.get(0)?,
            order_line: row.get(1)?,
            sku: row.get(2)?,
            quantity: row.get(3)?,
            price: row.get(4)?,
            received: row.get(5)?,
            closed: row.get(6)?,
            refunded: row.get(7)?,
        })
    };
    let lines = tx.query(&tables::RETURN_LINES, params![ctx.company_id, return_id])?;
    Ok(ReturnDetail { head, lines: lines.iter().map(read).collect::<Result<_, StoreError>>()? })
}

/// Lists goods that came back, newest first.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_returned_goods(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ReturnedGoodsFilter,
) -> Result<Page<ReturnedGoodsRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((LAST_DAY.to_owned(), i64::MAX))?;
    let found = tx.query(
        &tables::LIST_GOODS,
        params![
            ctx.company_id,
            filter.return_id,
            filter.sku,
            filter.undecided,
            day,
            id,
            paging.limit()
        ],
    )?;
    let read = |row: &Row| {
        let of_move: i64 = row.get(10)?;
        let goods_id: GoodsId = row.get(0)?;
        Ok(ReturnedGoodsRow {
            goods_id: goods_id.raw(),
            return_id: row.get(1)?,
            number: row.get(2)?,
            line: row.get(3)?,
            sku: row.get(4)?,
            lot: row.get(5)?,
            place: row.get(6)?,
            quantity: row.get(7)?,
            undecided: row.get(8)?,
            value: Money::new(row.get(9)?, ctx.currency),
            origin_unknown: of_move == 0,
            received_on: row.get(11)?,
            received_at: row.get(12)?,
        })
    };
    let rows = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &ReturnedGoodsRow| (row.received_on.to_string(), row.goods_id)))
}

/// Lists what became of goods that came back, newest first.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_dispositions(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: DispositionFilter,
) -> Result<Page<DispositionRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id, line): (String, i64, i64) =
        paging.after((LAST_DAY.to_owned(), i64::MAX, i64::MAX))?;
    let found = tx.query(
        &tables::LIST_DISPOSITIONS,
        params![
            ctx.company_id,
            filter.return_id,
            filter.outcome,
            filter.from_day,
            filter.to_day,
            day,
            id,
            line,
            paging.limit()
        ],
    )?;
    let money = |minor: i64| Money::new(minor, ctx.currency);
    let read = |row: &Row| {
        let (received_on, decided_on): (Day, Day) = (row.get(15)?, row.get(17)?);
        Ok(DispositionRow {
            disposition_id: row.get(0)?,
            line: row.get(1)?,
            number: row.get(2)?,
            return_id: row.get(3)?,
            return_number: row.get(4)?,
            sku: row.get(5)?,
            outcome: row.get(6)?,
            quantity: row.get(7)?,
            value: money(row.get(8)?),
            grade_sku: row.get(9)?,
            grade_value: money(row.get(10)?),
            place: row.get(11)?,
            reason: row.get(12)?,
            note: row.get(13)?,
            claim_id: tables::some(row, 14)?,
            received_on,
            received_at: row.get(16)?,
            decided_on,
            decided_at: row.get(18)?,
            days: received_on.days_until(decided_on),
            decided_by: row.get(19)?,
        })
    };
    let rows = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &DispositionRow| {
        (row.decided_on.to_string(), row.disposition_id.raw(), row.line)
    }))
}

/// Lists refunds, newest first.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_refunds(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: RefundFilter,
) -> Result<Page<RefundRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((LAST_DAY.to_owned(), i64::MAX))?;
    let found = tx.query(
        &tables::LIST_REFUNDS,
        params![
            ctx.company_id,
            filter.state,
            filter.return_id,
            filter.order_id,
            filter.unpaid,
            day,
            id,
            paging.limit()
        ],
    )?;
    let money = |minor: i64| Money::new(minor, ctx.currency);
    let read = |row: &Row| {
        Ok(RefundRow {
            refund_id: row.get(0)?,
            number: row.get(1)?,
            client_ref: row.get(2)?,
            return_id: row.get(3)?,
            return_number: row.get(4)?,
            order_id: row.get(5)?,
            order_number: row.get(6)?,
            partner: row.get(7)?,
            state: row.get(8)?,
            net: money(row.get(9)?),
            tax: money(row.get(10)?),
            gross: money(row.get(11)?),
            receivable: money(row.get(12)?),
            open: money(row.get(13)?),
            reason: row.get(14)?,
            decided_on: row.get(15)?,
            credit_note: row.get(16)?,
        })
    };
    let rows = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &RefundRow| (row.decided_on.to_string(), row.refund_id.raw())))
}

/// Lists claims, newest first.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_claims(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ClaimFilter,
) -> Result<Page<ClaimRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((LAST_DAY.to_owned(), i64::MAX))?;
    let found = tx.query(
        &tables::LIST_CLAIMS,
        params![ctx.company_id, filter.state, filter.supplier, day, id, paging.limit()],
    )?;
    let read = |row: &Row| {
        let outcome: String = row.get(11)?;
        let ended = !outcome.is_empty();
        Ok(ClaimRow {
            claim_id: row.get(0)?,
            number: row.get(1)?,
            client_ref: row.get(2)?,
            supplier: row.get(3)?,
            receipt_line_id: tables::some(row, 4)?,
            sku: row.get(5)?,
            quantity: row.get(6)?,
            amount: Money::new(row.get(7)?, ctx.currency),
            cause: row.get(8)?,
            evidence: row.get(9)?,
            state: row.get(10)?,
            outcome: if ended { Some(row.get(11)?) } else { None },
            reference: row.get(12)?,
            opened_on: row.get(13)?,
            settled_on: row.get(14)?,
        })
    };
    let rows = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &ClaimRow| (row.opened_on.to_string(), row.claim_id.raw())))
}
