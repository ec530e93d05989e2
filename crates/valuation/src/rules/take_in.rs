//! Taking goods in: receipts, returns, found stock, transfers.

use base::{LayerId, Quantity};

use super::{minus, positive, share, sum};
use crate::model::{
    Booking, Kind, Post, Shortage, ShortageSettlement, StandardVariance, Standing, Use,
    ValuationError,
};

/// What goods are worth as they come in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Worth {
    /// This much in all, in minor units: a receipt at its price, a customer return at the value it
    /// left with, a transfer at the value it carries.
    Given(i64),
    /// The current cost of the item, as for found stock.
    CurrentCost,
}

/// Goods taken in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenIn {
    /// What they came with. Under `standard_variance: at_receipt` GRNI opens at this.
    pub given: i64,
    /// What stock took on for them, before shortages. Under `at_bill` GRNI opens at this.
    pub booked: i64,
    /// The purchase price variance of a standard-cost item: given less booked, above zero a cost.
    /// Zero for every other method.
    pub variance: i64,
    /// What settling shortages adds to stock, below zero a further cost of goods sold. The sum over
    /// `settled`.
    pub correction: i64,
    /// The shortages that were covered or revalued.
    pub settled: Vec<Settled>,
    /// The rows to write.
    pub booking: Booking,
}

impl TakenIn {
    /// What GRNI opens at, and the variance that is booked with the receipt: what the goods came with
    /// and all of it, or what stock took on and none until the bill.
    #[must_use]
    pub fn grni(&self, policy: StandardVariance) -> (i64, i64) {
        match policy {
            StandardVariance::AtReceipt => (self.given, self.variance),
            StandardVariance::AtBill => (self.booked, 0),
        }
    }
}

/// The value at which a part of an issue comes back: its share of what the issue still has out. The
/// last piece takes what is left.
///
/// # Errors
///
/// `QuantityNotPositive`, or `MoreThanDocument` beyond what is still out.
pub fn returned_value(out: Quantity, value: i64, back: Quantity) -> Result<i64, ValuationError> {
    positive(back)?;
    if back > out {
        return Err(ValuationError::MoreThanDocument { asked: back, whole: out });
    }
    Ok(share(value, out, back)?)
}

/// A shortage that goods coming in have settled, wholly or in part.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Settled {
    /// The issue that went below zero.
    pub issue: LayerId,
    /// How much of it is covered now; zero when what is still short was only revalued.
    pub quantity: Quantity,
    /// What that had been issued at.
    pub issued_at: i64,
    /// What it costs now.
    pub costs: i64,
    /// Issued less cost: what stock takes on, below zero a further cost of goods sold.
    pub correction: i64,
    /// Whether the cost of the issue itself follows (`revalue_past_issue`).
    pub corrects_issue: bool,
}

/// Takes goods in.
///
/// - Standard cost: the standing is worth quantity times standard afterwards; what the goods came
///   with beyond that is the variance.
/// - Moving average: quantity and value are added.
/// - FIFO, LIFO: a layer opens.
///
/// Where more went out than was there, the goods first cover the oldest shortage with their share of
/// the value; the difference to what it was issued at is settled by policy, and only the rest comes into stock.
///
/// # Errors
///
/// As [`ValuationError`]; the standing is then as it was.
pub fn take_in(
    standing: &mut Standing,
    post: Post,
    quantity: Quantity,
    worth: Worth,
    settlement: ShortageSettlement,
) -> Result<TakenIn, ValuationError> {
    positive(quantity)?;
    let given = match worth {
        Worth::Given(value) => value,
        Worth::CurrentCost => standing.at_current_cost(quantity)?,
    };
    if given < 0 {
        return Err(ValuationError::NegativeValue { value: given });
    }
    let taken = match standing.fixed_price() {
        Some(_) => at_fixed_price(standing, post, quantity, given)?,
        None => at_given_value(standing, post, quantity, given, settlement)?,
    };
    standing.apply(&taken.booking);
    Ok(taken)
}

/// Standard cost, and goods of others at nothing.
fn at_fixed_price(
    standing: &Standing,
    post: Post,
    quantity: Quantity,
    given: i64,
) -> Result<TakenIn, ValuationError> {
    if !standing.key.class.is_valued() && given != 0 {
        return Err(ValuationError::ConsignedHasNoValue { value: given });
    }
    let booked = standing.to_fixed_value(standing.quantity.checked_add(quantity)?)?;
    let mut booking = standing.booking();
    booking.book(post.kind, quantity, booked, None)?;
    let variance = minus(given, booked)?;
    Ok(TakenIn { given, booked, variance, correction: 0, settled: Vec::new(), booking })
}

/// Moving average, FIFO and LIFO.
fn at_given_value(
    standing: &Standing,
    post: Post,
    quantity: Quantity,
    given: i64,
    settlement: ShortageSettlement,
) -> Result<TakenIn, ValuationError> {
    let mut booking = standing.booking();
    booking.book(post.kind, quantity, given, None)?;

    let mut settled = Vec::new();
    let mut left = (quantity, given);
    for shortage in &standing.shortages {
        if left.0.is_zero() {
            if settlement != ShortageSettlement::LastReceiptPrice {
                break;
            }
            settled.push(revalue(&mut booking, *shortage, quantity, given)?);
            continue;
        }
        let (one, rest) = cover(&mut booking, post, *shortage, &mut left, settlement)?;
        settled.push(one);
        if settlement == ShortageSettlement::LastReceiptPrice && rest.quantity.is_positive() {
            booking.shortages.pop();
            settled.push(revalue(&mut booking, rest, quantity, given)?);
        }
    }
    for one in &settled {
        booking.book(Kind::Settlement, Quantity::ZERO, one.correction, Some(one.issue))?;
    }

    if standing.is_queue() {
        if left.0.is_positive() {
            booking.open_layer(post, left.0, left.1);
        }
    } else {
        booking.uses.clear();
    }
    if !booking.quantity.is_positive() && settlement != ShortageSettlement::KeepIssueRate {
        booking.last_cost = standing.price_of(given, quantity)?;
    }
    let correction = sum(settled.iter().map(|one| one.correction))?;
    Ok(TakenIn { given, booked: given, variance: 0, correction, settled, booking })
}

/// Covers a shortage, as far as the goods reach, with their share of the value.
fn cover(
    booking: &mut Booking,
    post: Post,
    shortage: Shortage,
    left: &mut (Quantity, i64),
    settlement: ShortageSettlement,
) -> Result<(Settled, Shortage), ValuationError> {
    let quantity = left.0.min(shortage.quantity);
    let costs = share(left.1, left.0, quantity)?;
    let issued_at = share(shortage.value, shortage.quantity, quantity)?;
    *left = (left.0.checked_sub(quantity)?, minus(left.1, costs)?);

    let rest = Shortage {
        quantity: shortage.quantity.checked_sub(quantity)?,
        value: minus(shortage.value, issued_at)?,
        ..shortage
    };
    booking.shortages.push(rest);
    booking.uses.push(Use { layer: post.layer, issue: shortage.issue, quantity, value: costs });
    let settled = Settled {
        issue: shortage.issue,
        quantity,
        issued_at,
        costs,
        correction: minus(issued_at, costs)?,
        corrects_issue: settlement == ShortageSettlement::RevaluePastIssue,
    };
    Ok((settled, rest))
}

/// Values what is still short at the price of the goods that came in.
fn revalue(
    booking: &mut Booking,
    shortage: Shortage,
    quantity: Quantity,
    given: i64,
) -> Result<Settled, ValuationError> {
    let costs = share(given, quantity, shortage.quantity)?;
    booking.shortages.push(Shortage { value: costs, ..shortage });
    Ok(Settled {
        issue: shortage.issue,
        quantity: Quantity::ZERO,
        issued_at: shortage.value,
        costs,
        correction: minus(shortage.value, costs)?,
        corrects_issue: false,
    })
}

impl Standing {
    /// By how much the value changes when the quantity becomes this, at a fixed price.
    pub(super) fn to_fixed_value(&self, quantity: Quantity) -> Result<i64, ValuationError> {
        let price = self.fixed_price().unwrap_or_default();
        Ok(minus(self.extend(price, quantity)?, self.value)?)
    }
}
