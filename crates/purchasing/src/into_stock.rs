//! Where a price difference goes: to an account of its own, or into the cost of the goods that were
//! billed (policy `price_difference`).

use crate::charge::Goods;
use crate::rules;
use crate::tables::{self, Came};
use accounting::{Area, Books, Line as EntryLine, Role};
use base::{BillId, Day, Id, NumberError, allocate};
use identity::Ctx;
use store::{StoreError, Tx};
use valuation::{CostChange, Kind, ValueError};

/// Why differences could not be booked.
pub(crate) enum DifferenceError {
    Value(ValueError),
    Number(NumberError),
    Store(StoreError),
}

impl From<ValueError> for DifferenceError {
    fn from(error: ValueError) -> Self {
        DifferenceError::Value(error)
    }
}

impl From<NumberError> for DifferenceError {
    fn from(error: NumberError) -> Self {
        DifferenceError::Number(error)
    }
}

impl From<StoreError> for DifferenceError {
    fn from(error: StoreError) -> Self {
        DifferenceError::Store(error)
    }
}

/// The books of a bill's day, opened in the order of locks, and the debits of its price differences.
/// A difference of goods of which none came stays on the account of its own.
pub(crate) fn book_differences(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    day: Day,
    bill_id: BillId,
    goods: &[Goods],
    into_stock: bool,
) -> Result<(Books, Vec<EntryLine>), DifferenceError> {
    let differing: Vec<&Goods> = goods.iter().filter(|line| line.difference != 0).collect();
    let ids: Vec<_> = differing.iter().map(|line| line.line_id).collect();
    let came = if into_stock && !ids.is_empty() {
        tables::received_on(tx, ctx.company_id, &ids)?
    } else {
        Default::default()
    };
    let (mut lines, mut changes) = (Vec::new(), Vec::new());
    for line in differing {
        match came.get(&line.line_id) {
            Some(came) if line.matched.quantity.is_positive() || line.quantity.is_zero() => {
                let (of_stock, sold) = changes_of(line, came, bill_id)?;
                changes.extend(of_stock);
                if sold != 0 {
                    lines.push(EntryLine::new(Role::Cogs, sold).item(line.item_id));
                }
            }
            _ => lines
                .push(EntryLine::new(Role::PriceDifference, line.difference).item(line.item_id)),
        }
    }
    let corrected = valuation::correct_costs(tx, ctx, Area::Purchasing, day, changes)?;
    lines.extend(corrected.corrections.into_iter().flat_map(|one| one.lines));
    Ok((corrected.books, lines))
}

/// Splits a line's difference over the receipts that it bills, in the order they came; a correction
/// is over all of them. The share of what went straight to a customer, which never was in stock, is
/// cost of sales.
fn changes_of(
    line: &Goods,
    came: &[Came],
    bill_id: BillId,
) -> Result<(Vec<CostChange>, i64), NumberError> {
    let quantities: Vec<_> = came.iter().map(|came| came.quantity).collect();
    let end = line.billed_before.checked_add(line.matched.quantity)?;
    let mut billed = rules::overlap(&quantities, line.billed_before, end)?;
    if billed.iter().all(|part| part.is_zero()) {
        billed = quantities;
    }
    let weights: Vec<i64> = billed.iter().map(|part| part.micro()).collect();
    let shares = allocate(line.difference, &weights)?;
    let change = |(came, share): (&Came, i64)| CostChange {
        move_id: came.move_id,
        change: share,
        kind: Kind::CostCorrection,
        source_kind: "bill",
        source_id: bill_id.raw(),
    };
    let (direct, stock): (Vec<_>, Vec<_>) =
        came.iter().zip(shares).filter(|(_, share)| *share != 0).partition(|(came, _)| came.direct);
    let sold = rules::sum(direct.into_iter().map(|(_, share)| share))?;
    Ok((stock.into_iter().map(change).collect(), sold))
}
