//! History replayed: what goods would have cost had everything been known when they moved.
//!
//! A replay carries exact costs (a millionth of a millionth of the currency), not minor units, so that
//! a unit cost of 113.3333 survives a chain of moves. It decides no booking by itself; what it finds
//! is compared with what is booked, and every difference is named.

use std::collections::VecDeque;

use base::{Currency, Day, LayerId, NumberError, Price, Quantity, Rounding, div_round};

use super::change::spread_over_layers;
use super::{minus, round_cost, sum};
use crate::model::{Booking, Method, Post, Standing, ValuationError};

/// One earlier row of the ledger of value, in the order in which it counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Past {
    /// The row.
    pub layer: LayerId,
    /// The day on which goods moved.
    pub day: Day,
    /// What came in, or below zero what went out.
    pub quantity: Quantity,
    /// What it has cost by now, corrections included, in minor units and above zero either way;
    /// none for goods that came in at the current cost of their time.
    pub value: Option<i64>,
}

/// What an issue cost in a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Recost {
    /// The issue.
    pub issue: LayerId,
    /// Its unit cost.
    pub cost: Price,
    /// What is booked for it, in minor units.
    pub booked: i64,
    /// What it costs in the replay, in minor units.
    pub value: i64,
}

/// The end of a replay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Replayed {
    /// Every issue, in order.
    pub issues: Vec<Recost>,
    /// What is there.
    pub quantity: Quantity,
    /// What it is worth, in minor units.
    pub value: i64,
    /// What a unit costs.
    pub unit_cost: Price,
}

/// Replays history under a costing method, from a standing that was sound before it.
///
/// With `by_day`, the issues of one day are one pool: moving average gives them the cost at the end of
/// their day, a queue the mean of what they used together. Below zero the cost is that of the last goods
/// that came in.
///
/// # Errors
///
/// A number that cannot be held.
pub fn replay(
    start: &Standing,
    method: Method,
    past: &[Past],
    by_day: bool,
) -> Result<Replayed, ValuationError> {
    let mut exact = Exact::start(start, method)?;
    let mut issues = Vec::new();
    for day in past.chunk_by(|a, b| !by_day || a.day == b.day) {
        let mut out = Vec::new();
        for row in day {
            if row.quantity.is_negative() {
                let cost = exact.take_out(row.quantity.abs())?;
                out.push((row, cost));
            } else {
                exact.take_in(row.quantity, row.value)?;
            }
        }
        if by_day {
            pool(&exact, method, &mut out)?;
        }
        for (row, value) in out {
            issues.push(Recost {
                issue: row.layer,
                cost: price(value, row.quantity.abs())?,
                booked: row.value.unwrap_or_default(),
                value: exact.minor(value)?,
            });
        }
    }
    let quantity = Quantity::from_micro(div_round(exact.quantity, 1, Rounding::Down)?);
    let unit_cost = exact.unit_cost()?;
    Ok(Replayed { issues, quantity, value: exact.minor(exact.value)?, unit_cost })
}

/// Gives the issues of one day their common cost.
fn pool(exact: &Exact, method: Method, out: &mut [(&Past, i128)]) -> Result<(), NumberError> {
    let total = out.iter().map(|(_, value)| *value).sum();
    let pieces = out.iter().map(|(row, _)| i128::from(row.quantity.abs().micro())).sum();
    let (value, whole) = if method.is_queue() { (total, pieces) } else { exact.cost };
    for (row, cost) in out {
        *cost = part(value, whole, i128::from(row.quantity.abs().micro()))?;
    }
    Ok(())
}

/// What a recomputation books.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Recomputed {
    /// The issues whose cost of goods sold changes, with what is booked and what it becomes.
    pub issues: Vec<Recost>,
    /// By how much stock is worth more.
    pub change: i64,
    /// What keeps the books whole: issues and stock together cost this much more than came in. To be
    /// booked by name against the price difference account; zero where the replay loses nothing.
    pub difference: i64,
    /// The rows to write.
    pub booking: Booking,
}

/// Recomputes the cost of an item from its history: what issues and stock cost becomes what the replay
/// finds, by corrections that are posted now.
///
/// # Errors
///
/// As [`ValuationError`]; the standing is then as it was.
pub fn recompute(
    standing: &mut Standing,
    post: Post,
    start: &Standing,
    past: &[Past],
) -> Result<Recomputed, ValuationError> {
    let replayed = replay(start, standing.method, past, true)?;
    let keeps = standing.fixed_price().is_some() || !standing.quantity.is_positive();
    let value = if keeps { standing.value } else { replayed.value.max(0) };
    let change = minus(value, standing.value)?;
    let mut issues = replayed.issues;
    issues.retain(|issue| !keeps_cost(standing) && issue.value != issue.booked);
    let more = issues.iter().map(|issue| minus(issue.value, issue.booked));
    let more = sum(more.collect::<Result<Vec<_>, _>>()?)?;

    let mut booking = standing.booking();
    booking.book(post.kind, Quantity::ZERO, change, None)?;
    if !keeps && standing.is_queue() && change != 0 {
        booking.layers = spread_over_layers(standing, value)?;
    }
    if !keeps_cost(standing) && !standing.quantity.is_positive() {
        booking.last_cost = replayed.unit_cost;
    }
    standing.apply(&booking);
    Ok(Recomputed { issues, change, difference: sum([change, more])?, booking })
}

fn keeps_cost(standing: &Standing) -> bool {
    standing.fixed_price().is_some()
}

/// The unit cost that an item shows after one of its moves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ShownCost {
    /// The row.
    pub layer: LayerId,
    /// The unit cost at which the goods moved.
    pub moved_at: Price,
    /// The unit cost of the item afterwards.
    pub after: Price,
}

/// The unit costs that an item shows where policy `cost_rounding` carries a rounded unit cost from move
/// to move. They are for showing alone and may drift; the books carry totals.
///
/// # Errors
///
/// A number that cannot be held.
pub fn shown_costs(
    start: &Standing,
    method: Method,
    past: &[Past],
    decimals: u32,
    rounding: Rounding,
) -> Result<Vec<ShownCost>, ValuationError> {
    let mut exact = Exact::start(start, method)?;
    let mut shown = start.unit_cost()?;
    let mut costs = Vec::with_capacity(past.len());
    for row in past {
        let before = exact.quantity;
        let signed = i128::from(row.quantity.micro());
        let size = row.quantity.abs();
        let moved_at = if row.quantity.is_negative() {
            price(exact.take_out(size)?, size)?
        } else {
            let value = match row.value {
                Some(value) => exact.of_minor(value)?,
                None => i128::from(shown.micro()) * i128::from(size.micro()),
            };
            exact.take_in_exact(i128::from(size.micro()), value)?;
            price(value, size)?
        };
        let moved_at = round_cost(moved_at, decimals, rounding)?;
        let after = before + signed;
        if after > 0 && before >= 0 {
            let carried =
                i128::from(shown.micro()) * before + i128::from(moved_at.micro()) * signed;
            let micro = div_round(carried, after, Rounding::Down)?;
            shown = round_cost(Price::from_micro(micro), decimals, rounding)?;
        } else if signed > 0 {
            shown = moved_at;
        }
        costs.push(ShownCost { layer: row.layer, moved_at, after: shown });
    }
    Ok(costs)
}

/// A standing in exact numbers: quantities in millionths, values in millionths of millionths.
struct Exact {
    currency: Currency,
    method: Method,
    quantity: i128,
    value: i128,
    /// A value and a quantity whose quotient is the current cost.
    cost: (i128, i128),
    layers: VecDeque<(i128, i128)>,
}

impl Exact {
    fn start(standing: &Standing, method: Method) -> Result<Exact, NumberError> {
        let mut exact = Exact {
            currency: standing.currency,
            method,
            quantity: i128::from(standing.quantity.micro()),
            value: 0,
            cost: (i128::from(standing.unit_cost()?.micro()), 1),
            layers: VecDeque::new(),
        };
        exact.value = exact.of_minor(standing.value)?;
        if standing.quantity.is_positive() {
            exact.cost = (exact.value, exact.quantity);
        }
        for open in &standing.layers {
            let value = exact.of_minor(open.value)?;
            exact.layers.push_back((i128::from(open.quantity.micro()), value));
        }
        if standing.layers.is_empty() && exact.quantity > 0 {
            exact.layers.push_back((exact.quantity, exact.value));
        }
        Ok(exact)
    }

    fn of_minor(&self, minor: i64) -> Result<i128, NumberError> {
        Ok(i128::from(minor) * 10_i128.pow(12 - self.currency.decimals()))
    }

    fn minor(&self, exact: i128) -> Result<i64, NumberError> {
        div_round(exact, 10_i128.pow(12 - self.currency.decimals()), Rounding::HalfUp)
    }

    fn unit_cost(&self) -> Result<Price, NumberError> {
        div_round(self.cost.0, self.cost.1, Rounding::HalfUp).map(Price::from_micro)
    }

    fn take_in(&mut self, quantity: Quantity, value: Option<i64>) -> Result<(), NumberError> {
        let pieces = i128::from(quantity.micro());
        let value = match value {
            Some(minor) => self.of_minor(minor)?,
            None => part(self.cost.0, self.cost.1, pieces)?,
        };
        self.take_in_exact(pieces, value)
    }

    fn take_in_exact(&mut self, pieces: i128, value: i128) -> Result<(), NumberError> {
        let after = self.quantity + pieces;
        if self.quantity < 0 {
            self.value = part(value, pieces, after)?;
        } else {
            self.value += value;
        }
        self.quantity = after;
        let opened = pieces.min(after);
        if opened > 0 {
            self.layers.push_back((opened, part(value, pieces, opened)?));
        }
        self.cost = if after > 0 { (self.value, after) } else { (value, pieces) };
        Ok(())
    }

    /// Takes goods out and answers with what they cost.
    fn take_out(&mut self, quantity: Quantity) -> Result<i128, NumberError> {
        let pieces = i128::from(quantity.micro());
        let there = pieces.min(self.quantity.max(0));
        let mut cost = if self.method.is_queue() {
            self.use_layers(there)?
        } else {
            part(self.cost.0, self.cost.1, there)?
        };
        if there == self.quantity && there > 0 {
            cost = self.value;
        }
        cost += part(self.cost.0, self.cost.1, pieces - there)?;
        self.value -= cost;
        self.quantity -= pieces;
        if self.quantity > 0 {
            self.cost = (self.value, self.quantity);
        }
        Ok(cost)
    }

    fn use_layers(&mut self, pieces: i128) -> Result<i128, NumberError> {
        let mut left = pieces;
        let mut total = 0;
        while left > 0 {
            let end = match self.method {
                Method::Lifo => self.layers.pop_back(),
                _ => self.layers.pop_front(),
            };
            let Some((quantity, value)) = end else { break };
            let used = left.min(quantity);
            let worth = part(value, quantity, used)?;
            total += worth;
            left -= used;
            if used < quantity {
                let rest = (quantity - used, value - worth);
                match self.method {
                    Method::Lifo => self.layers.push_back(rest),
                    _ => self.layers.push_front(rest),
                }
            }
        }
        Ok(total)
    }
}

/// The share of an exact value that belongs to a part of its quantity, rounded half up.
fn part(value: i128, whole: i128, pieces: i128) -> Result<i128, NumberError> {
    if pieces == whole || pieces == 0 {
        return Ok(if pieces == 0 { 0 } else { value });
    }
    let product = value.checked_mul(pieces).ok_or(NumberError::OutOfRange)?;
    let half = whole.abs() / 2 * if product < 0 { -1 } else { 1 };
    product.checked_add(half).and_then(|sum| sum.checked_div(whole)).ok_or(NumberError::OutOfRange)
}

fn price(value: i128, quantity: Quantity) -> Result<Price, NumberError> {
    div_round(value, i128::from(quantity.micro()), Rounding::HalfUp).map(Price::from_micro)
}
