//! Taking goods out: issues, returns to a supplier, losses, transfers; and goods that pass through.

use base::{Currency, LayerId, NumberError, Price, Quantity, Rounding};

use super::{minus, positive, share, sum};
use crate::model::{
    Booking, Method, NegativeStock, OpenLayer, Post, Shortage, Standing, Use, ValuationError,
};

/// What goods are worth as they go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutWorth {
    /// The cost of the method: standard, current average, oldest or newest layer.
    MethodCost,
    /// A queue method first takes from this layer, as when the goods of one receipt go back; any other
    /// method at its own cost.
    FromLayer(LayerId),
    /// This much in all, in minor units, where policy says so. Moving average takes it as far as it
    /// is there (all of it with the last piece), a queue at its own cost; what goes below zero takes
    /// its share of it. Standard cost stays at standard.
    Given(i64),
}

/// Goods taken out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakenOut {
    /// The value they carry away, not below zero, in minor units.
    pub value: i64,
    /// What was given less that value (only for [`OutWorth::Given`]), to be booked elsewhere.
    pub difference: i64,
    /// How much of it was not there.
    pub short: Quantity,
    /// The rows to write.
    pub booking: Booking,
}

/// Takes goods out at the cost of the method.
///
/// - Standard cost: the standing is worth quantity times standard afterwards.
/// - Moving average: value times the part of the quantity, the last piece takes what is left.
/// - FIFO, LIFO: the oldest or newest layers; of a layer its remaining value times the part of what
///   remains, the last piece takes what is left.
///
/// Below zero, where that is allowed, goods leave at the cost of the last piece that was there, and
/// otherwise at the last known cost. This is kept as a shortage for the next receipt to settle.
///
/// # Errors
///
/// As [`ValuationError`]; the standing is then as it was.
pub fn take_out(
    standing: &mut Standing,
    post: Post,
    quantity: Quantity,
    worth: OutWorth,
    negative: NegativeStock,
) -> Result<TakenOut, ValuationError> {
    positive(quantity)?;
    if let OutWorth::Given(value) = worth
        && value < 0
    {
        return Err(ValuationError::NegativeValue { value });
    }
    if negative == NegativeStock::Refused && quantity > standing.quantity {
        return Err(ValuationError::NotEnough { asked: quantity, there: standing.quantity });
    }
    let taken = match standing.fixed_price() {
        Some(_) => at_fixed_price(standing, post, quantity, worth)?,
        None => at_cost(standing, post, quantity, worth)?,
    };
    standing.apply(&taken.booking);
    Ok(taken)
}

/// Standard cost, and goods of others at nothing.
fn at_fixed_price(
    standing: &Standing,
    post: Post,
    quantity: Quantity,
    worth: OutWorth,
) -> Result<TakenOut, ValuationError> {
    let after = standing.quantity.checked_sub(quantity)?;
    let change = standing.to_fixed_value(after)?;
    let there = standing.quantity.max(Quantity::ZERO);
    let mut booking = standing.booking();
    booking.book(post.kind, quantity.negate(), change, None)?;
    let value = minus(0, change)?;
    let short = quantity.checked_sub(there)?.max(Quantity::ZERO);
    Ok(TakenOut { value, difference: difference(worth, value)?, short, booking })
}

/// Moving average, FIFO and LIFO: first what is there, then what is not.
fn at_cost(
    standing: &Standing,
    post: Post,
    quantity: Quantity,
    worth: OutWorth,
) -> Result<TakenOut, ValuationError> {
    let mut booking = standing.booking();
    let there = quantity.min(standing.quantity.max(Quantity::ZERO));
    let short = quantity.checked_sub(there)?;
    let mut last = None;
    let mut value = 0;
    if there.is_positive() {
        if standing.is_queue() {
            (value, last) = use_layers(standing, &mut booking, post, there, worth)?;
        } else {
            value = average_part(standing, there, worth)?;
            last = Some((standing.value, standing.quantity));
        }
    }
    if short.is_positive() {
        if let OutWorth::Given(given) = worth {
            last = Some((given, quantity));
        }
        let below = match last {
            Some((value, whole)) => share(value, whole, short)?,
            None => standing.extend(standing.last_cost, short)?,
        };
        booking.shortages.push(Shortage {
            issue: post.layer,
            seq: post.seq,
            quantity: short,
            value: below,
        });
        value = sum([value, below])?;
    }
    booking.book(post.kind, quantity.negate(), minus(0, value)?, None)?;
    if let Some((value, whole)) = last {
        booking.last_cost = standing.price_of(value, whole)?;
    }
    Ok(TakenOut { value, difference: difference(worth, value)?, short, booking })
}

/// The part of a moving average that goes out with what is there.
fn average_part(standing: &Standing, there: Quantity, worth: OutWorth) -> Result<i64, NumberError> {
    match worth {
        OutWorth::Given(value) if there < standing.quantity => Ok(value.min(standing.value)),
        _ => share(standing.value, standing.quantity, there),
    }
}

/// A value and the quantity it belongs to.
type Piece = (i64, Quantity);

/// Uses up layers in the order of the method. Answers with the value taken, and the last layer touched.
fn use_layers(
    standing: &Standing,
    booking: &mut Booking,
    post: Post,
    quantity: Quantity,
    worth: OutWorth,
) -> Result<(i64, Option<Piece>), ValuationError> {
    let first = match worth {
        OutWorth::FromLayer(id) => standing.layers.iter().find(|open| open.layer == id),
        _ => None,
    };
    let is_first = |open: &OpenLayer| first.is_some_and(|first| first.seq == open.seq);
    let rest: Box<dyn Iterator<Item = &OpenLayer>> = match standing.method {
        Method::Lifo => Box::new(standing.layers.iter().rev()),
        _ => Box::new(standing.layers.iter()),
    };
    let mut left = quantity;
    let mut value = 0;
    let mut last = None;
    for open in first.into_iter().chain(rest.filter(|open| !is_first(open))) {
        if left.is_zero() {
            break;
        }
        let part = left.min(open.quantity);
        let worth = share(open.value, open.quantity, part)?;
        booking.layers.push(OpenLayer {
            quantity: open.quantity.checked_sub(part)?,
            value: minus(open.value, worth)?,
            ..*open
        });
        let issue = post.layer;
        booking.uses.push(Use { layer: open.layer, issue, quantity: part, value: worth });
        left = left.checked_sub(part)?;
        value = sum([value, worth])?;
        last = Some((open.value, open.quantity));
    }
    Ok((value, last))
}

fn difference(worth: OutWorth, value: i64) -> Result<i64, NumberError> {
    match worth {
        OutWorth::Given(given) => minus(given, value),
        _ => Ok(0),
    }
}

/// Goods that come and go without lying in stock, as in a drop shipment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PassedThrough {
    /// What they came with; GRNI opens at this under `standard_variance: at_receipt`.
    pub given: i64,
    /// What they pass through at: one row in at this value, one row out at the same.
    pub value: i64,
    /// The variance of a standard-cost item: given less value.
    pub variance: i64,
}

/// Passes goods through: at standard for a standard-cost item, otherwise at what they came with. The
/// standing does not change.
///
/// # Errors
///
/// As [`ValuationError`].
pub fn pass_through(
    standing: &Standing,
    quantity: Quantity,
    given: i64,
) -> Result<PassedThrough, ValuationError> {
    positive(quantity)?;
    if given < 0 {
        return Err(ValuationError::NegativeValue { value: given });
    }
    let value = match standing.fixed_price() {
        Some(price) => standing.extend(price, quantity)?,
        None => given,
    };
    Ok(PassedThrough { given, value, variance: minus(given, value)? })
}

/// By how much a value that went out differs from quantity times the unit cost that was shown: the
/// cent that the last piece takes along, below zero when more value left.
///
/// # Errors
///
/// A number that cannot be held.
pub fn rounding_adjustment(
    value: i64,
    quantity: Quantity,
    shown: Price,
    currency: Currency,
) -> Result<i64, NumberError> {
    minus(shown.extend(quantity, currency, Rounding::HalfUp)?, value)
}
