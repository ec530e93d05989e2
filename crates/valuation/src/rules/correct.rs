//! Corrections of what is done: a quantity was wrong, a cost is learnt late.

use base::{LayerId, Price, Quantity, allocate};

use super::{OutWorth, TakenIn, TakenOut, Worth, minus, positive, share, take_in, take_out};
use crate::model::{
    Booking, CorrectionCost, NegativeStock, OpenLayer, Post, PriceDifference, ShortageSettlement,
    Standing, Use, ValuationError,
};

/// The policies of a quantity correction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct CorrectionPolicy {
    /// At which cost a done quantity grows.
    pub increase: CorrectionCost,
    /// At which cost a done quantity shrinks.
    pub decrease: CorrectionCost,
    /// What coming in does to shortages.
    pub settlement: ShortageSettlement,
    /// Whether stock may fall below zero.
    pub negative: NegativeStock,
}

/// What a correction did to stock.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum QuantityCorrected {
    /// The quantity was right.
    Unchanged,
    /// Goods came in.
    In(TakenIn),
    /// Goods went out.
    Out(TakenOut),
}

/// A receipt, as far as a correction must know it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Origin {
    /// Its row in the ledger of value.
    pub layer: LayerId,
    /// How much it has brought by now, quantity corrections and supplier returns included.
    pub quantity: Quantity,
    /// What that has cost by now, corrections and landed cost included, in minor units.
    pub value: i64,
    /// How much came into the standing after it. Moving average keeps no layers; by this it knows
    /// how much of the receipt is left. Zero is right for the latest receipt.
    pub received_since: Quantity,
}

/// Corrects the done quantity of a receipt: more comes in, or some of it goes out again.
///
/// At document cost the goods come or go at the unit cost of the receipt (a queue method takes them from its
/// layer first, moving average as far as the value is there), otherwise at the current cost.
///
/// # Errors
///
/// As [`ValuationError`]; the standing is then as it was.
pub fn correct_receipt(
    standing: &mut Standing,
    post: Post,
    origin: Origin,
    new_quantity: Quantity,
    policy: CorrectionPolicy,
) -> Result<QuantityCorrected, ValuationError> {
    let more = correction_of(origin.quantity, new_quantity)?;
    if more.is_zero() {
        return Ok(QuantityCorrected::Unchanged);
    }
    let at_document = share(origin.value, origin.quantity, more.abs())?;
    if more.is_positive() {
        let worth = in_worth(policy.increase, at_document);
        return take_in(standing, post, more, worth, policy.settlement).map(QuantityCorrected::In);
    }
    let worth = match policy.decrease {
        CorrectionCost::AtCurrentCost => OutWorth::MethodCost,
        CorrectionCost::AtDocumentCost if standing.is_queue() => OutWorth::FromLayer(origin.layer),
        CorrectionCost::AtDocumentCost => OutWorth::Given(at_document),
    };
    take_out(standing, post, more.abs(), worth, policy.negative).map(QuantityCorrected::Out)
}

/// Corrects the done quantity of an issue that took `value` away: more goes out, or some of it comes
/// back.
///
/// # Errors
///
/// As [`ValuationError`]; the standing is then as it was.
pub fn correct_issue(
    standing: &mut Standing,
    post: Post,
    quantity: Quantity,
    value: i64,
    new_quantity: Quantity,
    policy: CorrectionPolicy,
) -> Result<QuantityCorrected, ValuationError> {
    let more = correction_of(quantity, new_quantity)?;
    if more.is_zero() {
        return Ok(QuantityCorrected::Unchanged);
    }
    let at_document = share(value, quantity, more.abs())?;
    if more.is_negative() {
        let worth = in_worth(policy.decrease, at_document);
        let back = take_in(standing, post, more.abs(), worth, policy.settlement)?;
        return Ok(QuantityCorrected::In(back));
    }
    let worth = match policy.increase {
        CorrectionCost::AtDocumentCost => OutWorth::Given(at_document),
        CorrectionCost::AtCurrentCost => OutWorth::MethodCost,
    };
    take_out(standing, post, more, worth, policy.negative).map(QuantityCorrected::Out)
}

fn in_worth(policy: CorrectionCost, at_document: i64) -> Worth {
    match policy {
        CorrectionCost::AtDocumentCost => Worth::Given(at_document),
        CorrectionCost::AtCurrentCost => Worth::CurrentCost,
    }
}

fn correction_of(quantity: Quantity, new: Quantity) -> Result<Quantity, ValuationError> {
    positive(quantity)?;
    if new.is_negative() {
        return Err(ValuationError::QuantityNotPositive { quantity: new });
    }
    Ok(new.checked_sub(quantity)?)
}

/// A cost learnt late, split between what is left and what is sold. The three values add up to the
/// change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostCorrected {
    /// How much of the receipt is left in stock.
    pub left: Quantity,
    /// What stock takes on for what is left.
    pub into_stock: i64,
    /// The share of what is already out, for cost of goods sold.
    pub sold: i64,
    /// What neither takes, for the price difference account: all of it for a standard-cost item and
    /// under `separate_account`.
    pub variance: i64,
    /// The rows to write.
    pub booking: Booking,
}

/// Adds to the cost of a receipt, or takes from it: a bill at another price, landed cost (its share of
/// it, always `IntoStock`), or its cancellation.
///
/// What is left of the receipt takes its share; the share of what is already out is handed back for
/// cost of goods sold. A lower cost never takes more from stock than is there; the rest falls to what is
/// sold. Standard-cost stock takes nothing: the change is a variance.
///
/// # Errors
///
/// As [`ValuationError`]; the standing is then as it was.
pub fn correct_cost(
    standing: &mut Standing,
    post: Post,
    origin: Origin,
    change: i64,
    policy: PriceDifference,
) -> Result<CostCorrected, ValuationError> {
    positive(origin.quantity)?;
    let left = left_of(standing, origin)?;
    let mut booking = standing.booking();
    let aside = standing.fixed_price().is_some() || policy == PriceDifference::SeparateAccount;
    let (into_stock, sold, variance) = if aside {
        (0, 0, change)
    } else {
        let out = origin.quantity.checked_sub(left)?;
        let wanted = minus(change, share(change, origin.quantity, out)?)?;
        let into_stock = match layer_of(standing, origin) {
            _ if left.is_zero() => 0,
            Some(open) => wanted.max(-open.value),
            None => wanted.max(-standing.value),
        };
        (into_stock, minus(change, into_stock)?, 0)
    };
    booking.book(post.kind, Quantity::ZERO, into_stock, Some(origin.layer))?;
    if let Some(open) = layer_of(standing, origin)
        && into_stock != 0
    {
        let value = super::sum([open.value, into_stock])?;
        booking.layers.push(OpenLayer { value, ..*open });
    }
    standing.apply(&booking);
    Ok(CostCorrected { left, into_stock, sold, variance, booking })
}

/// How much of a receipt is left: what its layer still has, or for moving average and standard, which
/// keep no layers, what lies there less what came in after it (goods flow first in, first out).
///
/// # Errors
///
/// A number that cannot be held.
pub fn left_of(standing: &Standing, origin: Origin) -> Result<Quantity, ValuationError> {
    if standing.is_queue() {
        let left = layer_of(standing, origin).map_or(Quantity::ZERO, |open| open.quantity);
        return Ok(left.min(origin.quantity));
    }
    let before = standing.quantity.checked_sub(origin.received_since)?;
    Ok(before.clamp(Quantity::ZERO, origin.quantity))
}

fn layer_of(standing: &Standing, origin: Origin) -> Option<&OpenLayer> {
    standing.layers.iter().find(|open| open.layer == origin.layer)
}

impl Origin {
    /// By how much the cost changes when its unit cost becomes this.
    ///
    /// # Errors
    ///
    /// A number that cannot be held.
    pub fn change_to(&self, standing: &Standing, cost: Price) -> Result<i64, ValuationError> {
        Ok(minus(standing.extend(cost, self.quantity)?, self.value)?)
    }
}

/// Spreads the sold share of a cost over the issues that used the receipt, by quantity; with it their
/// cost of goods sold follows.
///
/// # Errors
///
/// A number that cannot be held, also for a share that no issue used.
pub fn spread_over_issues(sold: i64, uses: &[Use]) -> Result<Vec<(LayerId, i64)>, ValuationError> {
    let weights: Vec<i64> = uses.iter().map(|used| used.quantity.micro()).collect();
    let parts = allocate(sold, &weights)?;
    Ok(uses.iter().map(|used| used.issue).zip(parts).collect())
}
