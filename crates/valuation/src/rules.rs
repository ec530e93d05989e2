//! Pure decisions over value: no database, no clock, no chance, no floats.
//!
//! Every decision takes a [`Standing`] as it was loaded, changes it only if it succeeds, and answers
//! with what was decided and the rows to write ([`Booking`]). So a batch runs over one set of
//! standings, each line deciding against the state left by those before it. All roundings are half up
//! to the minor unit (a half goes away from zero, so negative amounts mirror positive ones); the last
//! piece takes the remainder.

mod change;
mod correct;
mod history;
mod landed_cost;
mod take_in;
mod take_out;

#[cfg(test)]
mod edges;
#[cfg(test)]
mod golden;
#[cfg(test)]
mod walks;

use base::{LayerId, NumberError, Price, Quantity, Rounding, div_round, mul_div};

use crate::model::{
    Booking, Class, Entry, Kind, Method, OpenLayer, Post, Shortage, Standing, StandingKey,
    ValuationError,
};

pub use change::{CostChanged, MethodChanged, change_cost, change_method};
pub use correct::{
    CorrectionPolicy, CostCorrected, Origin, QuantityCorrected, correct_cost, correct_issue,
    correct_receipt, left_of, spread_over_issues,
};
pub use history::{Past, Recomputed, Recost, Replayed, ShownCost, recompute, replay, shown_costs};
pub use landed_cost::{SplitBase, SplitBy, claim, split};
pub use take_in::{Settled, TakenIn, Worth, returned_value, take_in};
pub use take_out::{
    OutWorth, PassedThrough, TakenOut, pass_through, rounding_adjustment, take_out,
};

/// The share of a whole's value that belongs to a part of its quantity. The whole takes it all, so
/// pieces that are each taken from what is left add up exactly.
///
/// # Errors
///
/// A number that cannot be held, also for a whole of nothing.
pub fn share(value: i64, whole: Quantity, part: Quantity) -> Result<i64, NumberError> {
    if part == whole {
        return Ok(value);
    }
    mul_div(value, part.micro(), whole.micro(), Rounding::HalfUp)
}

/// A unit cost as it is shown where an item keeps fewer decimals.
///
/// # Errors
///
/// A number that cannot be held.
pub fn round_cost(cost: Price, decimals: u32, rounding: Rounding) -> Result<Price, NumberError> {
    let step = 10_i64.pow(6_u32.saturating_sub(decimals));
    let steps = div_round(i128::from(cost.micro()), i128::from(step), rounding)?;
    mul_div(steps, step, 1, Rounding::Down).map(Price::from_micro)
}

/// A sum of values.
pub(crate) fn sum(parts: impl IntoIterator<Item = i64>) -> Result<i64, NumberError> {
    div_round(parts.into_iter().map(i128::from).sum(), 1, Rounding::Down)
}

pub(crate) fn minus(a: i64, b: i64) -> Result<i64, NumberError> {
    div_round(i128::from(a) - i128::from(b), 1, Rounding::Down)
}

fn positive(quantity: Quantity) -> Result<(), ValuationError> {
    if quantity.is_positive() {
        Ok(())
    } else {
        Err(ValuationError::QuantityNotPositive { quantity })
    }
}

impl Standing {
    /// A standing of nothing yet: the cost is the standard price until something is known better.
    #[must_use]
    pub fn new(
        key: StandingKey,
        currency: base::Currency,
        method: Method,
        standard: Price,
    ) -> Standing {
        Standing {
            key,
            currency,
            method,
            quantity: Quantity::ZERO,
            value: 0,
            standard,
            last_cost: standard,
            layers: Vec::new(),
            shortages: Vec::new(),
        }
    }

    /// What a unit costs now: the standard price, the moving average, or the mean of the open layers;
    /// while nothing is there, the last known cost.
    ///
    /// # Errors
    ///
    /// A cost that cannot be held.
    pub fn unit_cost(&self) -> Result<Price, NumberError> {
        match self.fixed_price() {
            Some(price) => Ok(price),
            None if self.quantity.is_positive() => self.price_of(self.value, self.quantity),
            None => Ok(self.last_cost),
        }
    }

    /// The value of a quantity at the current cost.
    ///
    /// # Errors
    ///
    /// A value that cannot be held.
    pub fn at_current_cost(&self, quantity: Quantity) -> Result<i64, NumberError> {
        match self.fixed_price() {
            Some(price) => self.extend(price, quantity),
            None if self.quantity.is_positive() => share(self.value, self.quantity, quantity),
            None => self.extend(self.last_cost, quantity),
        }
    }

    /// The oldest open layer that is carried at exactly this unit cost, to be taken from first.
    ///
    /// # Errors
    ///
    /// A value that cannot be held.
    pub fn layer_at(&self, cost: Price) -> Result<Option<LayerId>, NumberError> {
        for open in &self.layers {
            if self.extend(cost, open.quantity)? == open.value {
                return Ok(Some(open.layer));
            }
        }
        Ok(None)
    }

    /// The price that every unit is carried at, if there is one: the standard, or nothing for goods of
    /// others.
    fn fixed_price(&self) -> Option<Price> {
        match (self.key.class, self.method) {
            (Class::Consigned, _) => Some(Price::ZERO),
            (_, Method::Standard) => Some(self.standard),
            _ => None,
        }
    }

    fn extend(&self, price: Price, quantity: Quantity) -> Result<i64, NumberError> {
        price.extend(quantity, self.currency, Rounding::HalfUp)
    }

    fn price_of(&self, value: i64, quantity: Quantity) -> Result<Price, NumberError> {
        Price::of(value, quantity, self.currency, Rounding::HalfUp)
    }

    fn is_queue(&self) -> bool {
        self.method.is_queue() && self.key.class.is_valued()
    }

    /// A booking that changes nothing yet.
    fn booking(&self) -> Booking {
        Booking {
            entries: Vec::new(),
            uses: Vec::new(),
            layers: Vec::new(),
            shortages: Vec::new(),
            method: self.method,
            quantity: self.quantity,
            value: self.value,
            standard: self.standard,
            last_cost: self.last_cost,
        }
    }

    /// Takes on what a booking says.
    pub(crate) fn apply(&mut self, booking: &Booking) {
        for layer in &booking.layers {
            let place = self.layers.binary_search_by_key(&layer.seq, |open| open.seq);
            match (place, layer.quantity.is_zero()) {
                (Ok(at), true) => drop(self.layers.remove(at)),
                (Ok(at), false) => self.layers[at] = *layer,
                (Err(at), false) => self.layers.insert(at, *layer),
                (Err(_), true) => {}
            }
        }
        for shortage in &booking.shortages {
            let place = self.shortages.binary_search_by_key(&shortage.seq, |open| open.seq);
            match (place, shortage.quantity.is_zero()) {
                (Ok(at), true) => drop(self.shortages.remove(at)),
                (Ok(at), false) => self.shortages[at] = *shortage,
                (Err(at), false) => self.shortages.insert(at, *shortage),
                (Err(_), true) => {}
            }
        }
        self.method = booking.method;
        self.quantity = booking.quantity;
        self.value = booking.value;
        self.standard = booking.standard;
        self.last_cost = booking.last_cost;
    }
}

impl Booking {
    /// Books one row: the standing takes on its quantity and value.
    fn book(
        &mut self,
        kind: Kind,
        quantity: Quantity,
        value: i64,
        corrects: Option<LayerId>,
    ) -> Result<(), NumberError> {
        self.quantity = self.quantity.checked_add(quantity)?;
        self.value = sum([self.value, value])?;
        self.entries.push(Entry { kind, quantity, value, corrects });
        Ok(())
    }

    /// Closes every open layer.
    fn close_layers(&mut self, standing: &Standing) {
        let closed = |open: &OpenLayer| OpenLayer { quantity: Quantity::ZERO, value: 0, ..*open };
        self.layers.extend(standing.layers.iter().map(closed));
    }

    /// Forgets every shortage.
    fn close_shortages(&mut self, standing: &Standing) {
        let closed = |open: &Shortage| Shortage { quantity: Quantity::ZERO, value: 0, ..*open };
        self.shortages.extend(standing.shortages.iter().map(closed));
    }

    fn open_layer(&mut self, post: Post, quantity: Quantity, value: i64) {
        self.layers.push(OpenLayer { layer: post.layer, seq: post.seq, quantity, value });
    }
}
