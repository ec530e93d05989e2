//! From what is needed to what is ordered: at least the minimum of rule and offer, in their multiples,
//! and nothing that their units cannot write.

use super::{Because, Step};
use crate::basis::{Basis, Break};
use base::{NumberError, Quantity, Ratio, Rounding, mul_div};

/// What is ordered for a need.
pub(super) struct Ordered {
    /// The offer's place among the candidate's.
    pub offer: usize,
    pub quantity: Quantity,
    pub steps: Vec<Step>,
}

impl Ordered {
    /// Without an offer only the rule and the stock unit are minded.
    pub fn by_rule(basis: &Basis, need: Quantity) -> Result<Ordered, NumberError> {
        let grain = if basis.whole { Quantity::MICRO } else { 1 };
        let multiple = common_multiple(grain, basis.levels.multiple.micro())?;
        let mut ordered = Ordered { offer: 0, quantity: need, steps: Vec::new() };
        if need.is_positive() {
            ordered.raise(Because::MinimumOrder, basis.levels.minimum);
            ordered.round(multiple, Quantity::ZERO, basis)?;
        }
        Ok(ordered)
    }

    /// Takes the offer with the highest least quantity that is reached, and the one with the lowest
    /// when none is. A quantity that rounding brought to a better offer is rounded to its multiple.
    pub fn of(basis: &Basis, offers: &[Break], need: Quantity) -> Result<Ordered, NumberError> {
        let mut ordered = Ordered { offer: 0, quantity: need, steps: Vec::new() };
        if !need.is_positive() {
            return Ok(ordered);
        }
        ordered.raise(Because::MinimumOrder, basis.levels.minimum);
        let least = offers.iter().map(least).collect::<Result<Vec<_>, _>>()?;
        loop {
            let reached = least.iter().rposition(|least| *least <= ordered.quantity).unwrap_or(0);
            let (offer, floor) = (&offers[reached], least[reached]);
            ordered.offer = reached;
            ordered.raise(Because::SupplierMinimum, floor);
            let mut multiple =
                common_multiple(grain(basis, offer)?, basis.levels.multiple.micro())?;
            if offer.multiple.is_positive() {
                multiple = common_multiple(multiple, held(offer.multiple.micro(), offer)?)?;
            }
            ordered.round(multiple, floor, basis)?;
            let again = least.iter().rposition(|least| *least <= ordered.quantity).unwrap_or(0);
            if again <= reached {
                return Ok(ordered);
            }
        }
    }

    fn raise(&mut self, because: Because, least: Quantity) {
        if self.quantity < least {
            self.quantity = least;
            self.steps.push(Step { because, by: least, quantity: least });
        }
    }

    /// Up to the multiple, or down when what is beyond it is within the tolerance; never down to
    /// nothing, nor below what must be ordered at least.
    fn round(&mut self, multiple: i64, floor: Quantity, basis: &Basis) -> Result<(), NumberError> {
        let beyond = self.quantity.micro() % multiple;
        if beyond == 0 {
            return Ok(());
        }
        let tolerated = mul_div(multiple, basis.multiple_tolerance_percent, 100, Rounding::Down)?;
        let down = Quantity::from_micro(self.quantity.micro() - beyond);
        let enough = down.is_positive() && down >= floor && down >= basis.levels.minimum;
        let (because, quantity) = if beyond <= tolerated && enough {
            (Because::Tolerance, down)
        } else {
            (Because::Multiple, down.checked_add(Quantity::from_micro(multiple))?)
        };
        self.quantity = quantity;
        self.steps.push(Step { because, by: Quantity::from_micro(multiple), quantity });
        Ok(())
    }
}

pub(super) fn ratio_of(offer: &Break) -> Result<Ratio, NumberError> {
    Ratio::new(offer.numerator, offer.denominator)
}

/// The least quantity of an offer in the stock unit.
fn least(offer: &Break) -> Result<Quantity, NumberError> {
    ratio_of(offer)?.convert(offer.min_quantity, Rounding::Up)
}

/// The smallest quantity, in millionths of the stock unit, that both units can hold: whole pieces
/// where only whole ones exist, and of the offer's unit nothing that its decimals cannot write.
fn grain(basis: &Basis, offer: &Break) -> Result<i64, NumberError> {
    let finest = |whole| if whole { Quantity::MICRO } else { 1 };
    common_multiple(held(finest(offer.whole), offer)?, finest(basis.whole))
}

/// The smallest quantity, in millionths of the stock unit, that is so many millionths of the offer's
/// unit, or a multiple of them: the numerator of what they come to in lowest terms.
fn held(micro: i64, offer: &Break) -> Result<i64, NumberError> {
    Ok(Ratio::new(micro, 1)?.times(ratio_of(offer)?)?.numerator())
}

/// The least common multiple; zero stands for "any".
fn common_multiple(a: i64, b: i64) -> Result<i64, NumberError> {
    if b == 0 {
        return Ok(a);
    }
    // A fraction in lowest terms has divided both by their greatest common divisor.
    let divided = Ratio::new(a, b)?.numerator();
    mul_div(divided, b, 1, Rounding::Down)
}
