//! Landed cost: freight, duty and the like, split over the lines that they brought.

use std::fmt;

use base::{Quantity, Rounding, allocate, mul_div};

use super::{minus, sum};
use crate::model::ValuationError;

/// By what a landed cost is split.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum SplitBy {
    /// The same for every receipt line.
    Equal,
    /// By quantity.
    Quantity,
    /// By weight.
    Weight,
    /// By volume.
    Volume,
    /// By value after discount.
    Value,
}

impl fmt::Display for SplitBy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            SplitBy::Equal => "line",
            SplitBy::Quantity => "quantity",
            SplitBy::Weight => "weight",
            SplitBy::Volume => "volume",
            SplitBy::Value => "value",
        })
    }
}

/// What one receipt line weighs in a split.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SplitBase {
    /// Its quantity.
    pub quantity: Quantity,
    /// The weight of one unit, in any unit that all lines share.
    pub weight: Quantity,
    /// The volume of one unit, in any unit that all lines share.
    pub volume: Quantity,
    /// Its value after discount, in minor units.
    pub value: i64,
}

impl SplitBase {
    /// What this line weighs by this split.
    ///
    /// # Errors
    ///
    /// A number that cannot be held.
    pub fn weight_by(&self, by: SplitBy) -> Result<i64, ValuationError> {
        let each = |one: Quantity| {
            mul_div(self.quantity.micro(), one.micro(), Quantity::MICRO, Rounding::HalfUp)
        };
        Ok(match by {
            SplitBy::Equal => 1,
            SplitBy::Quantity => self.quantity.micro(),
            SplitBy::Weight => each(self.weight)?,
            SplitBy::Volume => each(self.volume)?,
            SplitBy::Value => self.value,
        })
    }
}

/// Splits an amount over receipt lines by largest remainder: the shares add up to it exactly, and a
/// negative amount is the mirror of its positive.
///
/// # Errors
///
/// `NothingToSplitBy` when no line has what the split goes by; a number that cannot be held.
pub fn split(amount: i64, by: SplitBy, lines: &[SplitBase]) -> Result<Vec<i64>, ValuationError> {
    let weights: Vec<i64> =
        lines.iter().map(|line| line.weight_by(by)).collect::<Result<_, ValuationError>>()?;
    if weights.iter().all(|weight| *weight == 0) {
        return Err(ValuationError::NothingToSplitBy { by });
    }
    Ok(allocate(amount, &weights)?)
}

/// Claims a part of a freight bill for a landed cost. Answers with what is claimed of it then.
///
/// # Errors
///
/// `NegativeValue`, or `ClaimExceedsBill` beyond what is left of the bill.
pub fn claim(bill: i64, claimed: i64, amount: i64) -> Result<i64, ValuationError> {
    if amount < 0 {
        return Err(ValuationError::NegativeValue { value: amount });
    }
    let left = minus(bill, claimed)?;
    if amount > left {
        return Err(ValuationError::ClaimExceedsBill { asked: amount, left });
    }
    Ok(sum([claimed, amount])?)
}
