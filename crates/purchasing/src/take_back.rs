//! `take_back`: what an opening brought of buying is taken back, so that the books can be opened
//! anew.
//!
//! The opening has reversed its entries by then. Here the papers follow: an order is cancelled and
//! says again that nothing came of it, a bill gets its mirror image. Their numbers are free for the
//! next opening.

use crate::OPEN;
use crate::follow::{self, GoodsError, Told};
use crate::model::Waiting;
use crate::tables::{self, HeldBill, NewBill};
use crate::words::{BillState, OrderState};
use base::{
    BillId, Day, EntryId, Id, NumberError, Price, Problem, ProblemKind, PurchaseOrderId, Quantity,
    Rounding, Rule,
};
use identity::{Ctx, Denied};
use store::{Rows, StoreError, Tx, params, row};

/// What an opening brought of buying.
#[derive(Debug, Clone)]
pub struct TakeBack {
    /// The orders.
    pub orders: Vec<PurchaseOrderId>,
    /// The bills.
    pub bills: Vec<BillId>,
    /// The entry that reverses what the bills booked.
    pub bills_reversed_by: EntryId,
    /// The books' day of the reversals.
    pub reversed_on: Day,
}

/// Why nothing was taken back, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum TakeBackError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Goods or bills came since.
    #[error("goods or a bill of order {number} came since the opening; it can no longer be undone")]
    Begun {
        /// The order.
        number: String,
    },
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for TakeBackError {
    fn problem(&self) -> Problem {
        match self {
            TakeBackError::Denied(error) => error.problem(),
            TakeBackError::Begun { .. } => {
                Problem::new(ProblemKind::Conflict, "order_begun", self.to_string())
            }
            TakeBackError::Number(error) => error.problem(),
            TakeBackError::Store(error) => error.problem(),
        }
    }
}

impl From<GoodsError> for TakeBackError {
    fn from(error: GoodsError) -> Self {
        match error {
            GoodsError::Number(error) => error.into(),
            GoodsError::Store(error) => error.into(),
        }
    }
}

/// Cancels the orders and mirrors the bills that an opening brought. Its entries are reversed by the
/// caller, in the same transaction.
///
/// # Errors
/// The first broken rule in the order of [`TakeBackError`]; then the transaction is to be given up.
pub fn take_back(tx: &mut Tx<'_>, ctx: &Ctx, request: &TakeBack) -> Result<(), TakeBackError> {
    ctx.require(OPEN)?;
    orders(tx, ctx, &request.orders)?;
    bills(tx, ctx, request)
}

fn orders(tx: &mut Tx<'_>, ctx: &Ctx, ids: &[PurchaseOrderId]) -> Result<(), TakeBackError> {
    let mut orders = tables::lock_orders(tx, ctx.company_id, &ids.iter().copied().collect())?;
    let opened = tables::opened_lines(tx, ctx.company_id, ids)?;
    let mut back = Rows::new(5);
    for loaded in orders.values_mut() {
        for line in &mut loaded.lines {
            let (received, billed) = opened.get(&line.id).copied().unwrap_or_default();
            if (line.received, line.billed) != (received, billed) || !line.returned.is_zero() {
                return Err(TakeBackError::Begun { number: loaded.order.number.clone() });
            }
            back.push(row![line.id, 2_i64, loaded.order.id, received.negate(), billed.negate()]);
            (line.received, line.billed) = (Quantity::ZERO, Quantity::ZERO);
            (line.grni, line.ahead) = (Waiting::default(), Waiting::default());
        }
        loaded.order.state = OrderState::Cancelled;
    }
    tx.write(&tables::INSERT_OPENED_LINES, params![ctx.company_id; back])?;
    tx.write(&tables::FREE_REFERENCES, params![ctx.company_id; Rows::column(ids)])?;
    let told =
        Told { verb: OPEN, fact: "purchasing.order_taken_back", detail: serde_json::json!({}) };
    follow::all_goods(tx, ctx, orders.values_mut().collect(), &told)?;
    Ok(())
}

fn bills(tx: &mut Tx<'_>, ctx: &Ctx, request: &TakeBack) -> Result<(), TakeBackError> {
    let mut mirrors = Vec::with_capacity(request.bills.len());
    for bill in tables::bills_by_id(tx, ctx.company_id, &request.bills)? {
        let number = tx.number(ctx.company_id, bill.kind.series())?;
        let detail = serde_json::json!({ "bill": bill.number, "by": number });
        ctx.audit(tx, OPEN, "bill", bill.id.raw(), detail.clone());
        ctx.fact(tx, "bill", bill.id.raw(), 2, "purchasing.bill_taken_back", detail);
        mirrors.push(mirror(bill, tx.id()?, number, request, ctx.today)?);
    }
    tables::insert_balances(tx, ctx, &mirrors, "the opening was undone")?;
    Ok(())
}

/// A bill of the same kind and number of the supplier's with the other sign.
fn mirror(
    bill: HeldBill,
    id: BillId,
    number: String,
    request: &TakeBack,
    today: Day,
) -> Result<(NewBill, Price), NumberError> {
    let price = Price::of(bill.total.abs(), Quantity::ONE, bill.currency, Rounding::HalfUp)?;
    let mirror = NewBill {
        id,
        kind: bill.kind,
        number,
        client_ref: String::new(),
        partner_id: bill.partner_id,
        reference: bill.reference,
        copy: bill.copy + 1,
        currency: bill.currency,
        billed_on: today,
        posted_on: request.reversed_on,
        due_on: None,
        net: -bill.total,
        tax: 0,
        total: -bill.total,
        total_home: -bill.total_home,
        state: BillState::Matched,
        entry_id: request.bills_reversed_by,
        note: format!("takes back {}", bill.number),
    };
    Ok((mirror, price))
}
