//! Changes of cost and of costing method.

use base::{Price, Quantity, allocate};

use super::minus;
use crate::model::{
    Booking, Method, MethodChangePrice, OpenLayer, Post, Shortage, Standing, Use, ValuationError,
};

/// A new unit cost for what is there.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CostChanged {
    /// The unit cost before.
    pub old: Price,
    /// The unit cost from now on.
    pub new: Price,
    /// By how much stock is worth more, in minor units.
    pub change: i64,
    /// The rows to write.
    pub booking: Booking,
}

/// Changes the unit cost and revalues what is there: the standard price of a standard-cost item, the moving
/// average, or all open layers of a queue alike.
///
/// While nothing is there, the new cost counts from now on; open shortages keep the value they were issued at
/// (except under standard cost, which is always worth quantity times standard).
///
/// # Errors
///
/// As [`ValuationError`]; the standing is then as it was.
pub fn change_cost(
    standing: &mut Standing,
    post: Post,
    new: Price,
) -> Result<CostChanged, ValuationError> {
    if new < Price::ZERO {
        return Err(ValuationError::NegativeCost { cost: new });
    }
    let old = standing.unit_cost()?;
    let revalued = standing.quantity.is_positive() || standing.method == Method::Standard;
    let value = match standing.key.class.is_valued() && revalued {
        true => standing.extend(new, standing.quantity)?,
        false => standing.value,
    };
    let mut booking = standing.booking();
    booking.book(post.kind, Quantity::ZERO, minus(value, standing.value)?, None)?;
    booking.last_cost = new;
    if standing.method == Method::Standard {
        booking.standard = new;
    }
    if standing.is_queue() {
        booking.layers = spread_over_layers(standing, value)?;
    }
    standing.apply(&booking);
    let change = booking.entries[0].value;
    Ok(CostChanged { old, new, change, booking })
}

/// The open layers with a new total, by quantity.
pub(super) fn spread_over_layers(
    standing: &Standing,
    value: i64,
) -> Result<Vec<OpenLayer>, ValuationError> {
    if standing.layers.is_empty() {
        return Ok(Vec::new());
    }
    let weights: Vec<i64> = standing.layers.iter().map(|open| open.quantity.micro()).collect();
    let values = allocate(value, &weights)?;
    let layers = standing.layers.iter().zip(values);
    Ok(layers.map(|(open, value)| OpenLayer { value, ..*open }).collect())
}

/// A new costing method.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MethodChanged {
    /// The value before, in minor units.
    pub old_value: i64,
    /// The value from now on; show the difference before it is accepted.
    pub new_value: i64,
    /// The rows to write.
    pub booking: Booking,
}

/// Changes the costing method.
///
/// - To standard cost: the standard is `standard`, or the current cost; rounding it may move the value.
/// - To a queue: what is there becomes one layer, except from queue to queue at the kept value, which
///   keeps its layers.
/// - To moving average: the layers are given up.
///
/// The base is the value as it is, or as history would have made it. Below zero the value stays.
///
/// # Errors
///
/// As [`ValuationError`]; the standing is then as it was.
pub fn change_method(
    standing: &mut Standing,
    post: Post,
    to: Method,
    price: MethodChangePrice,
    standard: Option<Price>,
) -> Result<MethodChanged, ValuationError> {
    let old_value = standing.value;
    let base = match price {
        MethodChangePrice::AverageOfHistory { value } if standing.quantity.is_positive() => value,
        _ => old_value,
    };
    if standing.quantity.is_positive() && base < 0 {
        return Err(ValuationError::NegativeValue { value: base });
    }
    let mut booking = standing.booking();
    booking.method = to;
    booking.last_cost = standing.unit_cost()?;
    let mut value = base;
    if to == Method::Standard {
        booking.standard = standard_for(standing, base, standard)?;
        booking.close_shortages(standing);
        if standing.key.class.is_valued() {
            value = standing.extend(booking.standard, standing.quantity)?;
        }
    } else if standing.method == Method::Standard && value_is_short(standing) {
        booking.shortages.push(Shortage {
            issue: post.layer,
            seq: post.seq,
            quantity: standing.quantity.negate(),
            value: minus(0, value)?,
        });
    }
    booking.book(post.kind, Quantity::ZERO, minus(value, old_value)?, None)?;
    relayer(standing, &mut booking, post, value);
    standing.apply(&booking);
    Ok(MethodChanged { old_value, new_value: value, booking })
}

fn value_is_short(standing: &Standing) -> bool {
    standing.quantity.is_negative() && standing.key.class.is_valued()
}

fn standard_for(
    standing: &Standing,
    base: i64,
    standard: Option<Price>,
) -> Result<Price, ValuationError> {
    let cost = match standard {
        Some(price) => price,
        None if standing.quantity.is_positive() => standing.price_of(base, standing.quantity)?,
        None => standing.unit_cost()?,
    };
    if cost < Price::ZERO {
        return Err(ValuationError::NegativeCost { cost });
    }
    Ok(cost)
}

/// Gives up the layers of the old method and opens one for the new, where they do not carry over.
fn relayer(standing: &Standing, booking: &mut Booking, post: Post, value: i64) {
    let kept = standing.is_queue() && booking.method.is_queue() && value == standing.value;
    if kept || !standing.key.class.is_valued() {
        return;
    }
    booking.close_layers(standing);
    booking.uses.extend(standing.layers.iter().map(|open| Use {
        layer: open.layer,
        issue: post.layer,
        quantity: open.quantity,
        value: open.value,
    }));
    if booking.method.is_queue() && standing.quantity.is_positive() {
        booking.open_layer(post, standing.quantity, value);
    }
}
