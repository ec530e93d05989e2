//! How much anna keeps of an item: a minimum and a maximum over what is known on the day, without any
//! knowledge of what comes. What is ordered for them is planning's to say.

use base::{Day, DayError, NumberError, Rounding, div_round};

use crate::classify::Class;
use crate::orders::{Channel, Invoice, Trade};
use crate::read::ItemIndex;

/// How many days back anna looks.
pub const WINDOW_DAYS: i64 = 28;
/// How many days of demand lie in the minimum beyond the lead time.
pub const SAFETY_DAYS: i64 = 14;
/// How many days lie between two runs.
pub const REVIEW_DAYS: i64 = 7;
/// How many days of demand an order brings.
pub const ORDER_DAYS: i64 = 28;

/// What the levels follow from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LevelInputs {
    /// Pieces demanded in the days looked back at, not below zero.
    pub demand: i64,
    /// How many days were looked back at: 28, fewer soon after the opening.
    pub days: i64,
    /// Days from order to arrival.
    pub lead_days: i64,
    /// The fewest pieces of an order line.
    pub minimum: i64,
    /// The pieces of a case.
    pub multiple: i64,
}

/// When to order and up to what.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Levels {
    /// Order when stock as projected to the arrival of an order is below it.
    pub min: i64,
    /// Order up to it.
    pub max: i64,
}

/// The levels: the minimum covers lead time, a week until the next look, and 14 days; the maximum 28
/// days more, and at least the fewest pieces that can be ordered. Without demand nothing is kept.
///
/// # Errors
///
/// `OutOfRange`.
pub fn levels(inputs: LevelInputs) -> Result<Levels, NumberError> {
    if inputs.demand <= 0 || inputs.days <= 0 {
        return Ok(Levels { min: 0, max: 0 });
    }
    let demand_of = |days: i64| {
        let product = i128::from(inputs.demand) * i128::from(days);
        div_round(product, i128::from(inputs.days), Rounding::Up)
    };
    let min = demand_of(inputs.lead_days + REVIEW_DAYS + SAFETY_DAYS)?;
    let order = demand_of(ORDER_DAYS)?.max(inputs.minimum).max(inputs.multiple);
    Ok(Levels { min, max: min.checked_add(order).ok_or(NumberError::OutOfRange)? })
}

/// The days from order to arrival that levels are made for: the mean that was measured, at least what the
/// supplier says and at most half more, for a few late orders are no habit.
#[must_use]
pub fn planned_lead_days(measured: Option<i64>, offered: i64) -> i64 {
    measured.unwrap_or(offered).clamp(offered, offered + offered / 2)
}

/// The fewest whole cases that hold the pieces.
///
/// # Errors
///
/// `OutOfRange`, also for a case of none.
pub fn whole_cases(pieces: i64, multiple: i64) -> Result<i64, NumberError> {
    let cases = div_round(i128::from(pieces), i128::from(multiple), Rounding::Up)?;
    cases.checked_mul(multiple).ok_or(NumberError::OutOfRange)
}

/// What was demanded of each item, day by day: goods ordered less goods credited. It only answers
/// for the days before the one asked about.
#[derive(Debug, Clone)]
pub struct TrailingDemand {
    opening: Day,
    /// By item: days in order with the pieces of that day.
    by_item: Vec<Vec<(Day, i64)>>,
}

impl TrailingDemand {
    /// Collects the trade of `items` items since the opening. Goods given away are no demand.
    #[must_use]
    pub fn of(trade: &Trade, items: usize, opening: Day) -> TrailingDemand {
        TrailingDemand::of_some(trade, items, opening, |_| true)
    }

    /// The same of one channel.
    #[must_use]
    pub fn of_channel(
        trade: &Trade,
        items: usize,
        opening: Day,
        channel: Channel,
    ) -> TrailingDemand {
        TrailingDemand::of_some(trade, items, opening, |invoice| invoice.channel() == channel)
    }

    fn of_some(
        trade: &Trade,
        items: usize,
        opening: Day,
        counts: impl Fn(&Invoice) -> bool,
    ) -> TrailingDemand {
        let mut by_item: Vec<Vec<(Day, i64)>> = vec![Vec::new(); items];
        let since = trade.invoices.iter().filter(|invoice| invoice.day >= opening);
        for invoice in since.filter(|invoice| counts(invoice)) {
            for line in &invoice.lines {
                if matches!(line.class, Class::Goods | Class::CreditedGoods) {
                    // Quantities on credits are negative.
                    by_item[line.item.0].push((invoice.day, line.quantity));
                }
            }
        }
        TrailingDemand { opening, by_item }
    }

    /// Pieces demanded in the 28 days before a day, and how many of those days the company has been
    /// open for business here. Never below zero.
    ///
    /// # Errors
    ///
    /// `OutOfRange` at the ends of the calendar.
    pub fn before(&self, item: ItemIndex, day: Day) -> Result<(i64, i64), DayError> {
        let from = day.plus(-WINDOW_DAYS)?.max(self.opening);
        let rows = self.by_item.get(item.0).map(Vec::as_slice).unwrap_or_default();
        let rows = &rows[rows.partition_point(|(at, _)| *at < from)..];
        let rows = &rows[..rows.partition_point(|(at, _)| *at < day)];
        let demand: i64 = rows.iter().map(|(_, pieces)| pieces).sum();
        Ok((demand.max(0), from.days_until(day).max(0)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inputs(demand: i64, days: i64, lead_days: i64) -> LevelInputs {
        LevelInputs { demand, days, lead_days, minimum: 24, multiple: 12 }
    }

    #[test]
    fn levels_follow_demand_lead_time_and_case() {
        for (given, min, max) in [
            (inputs(0, 28, 70), 0, 0),
            (inputs(280, 28, 70), 910, 1190),
            (inputs(280, 28, 7), 280, 560),
            (inputs(70, 7, 6), 270, 550),
            (inputs(1, 28, 14), 2, 26),
            (inputs(5, 0, 14), 0, 0),
        ] {
            assert_eq!(levels(given).unwrap(), Levels { min, max }, "{given:?}");
        }
    }

    #[test]
    fn a_lead_time_is_what_was_measured_within_bounds() {
        for (measured, offered, expected) in
            [(None, 10, 10), (Some(8), 10, 10), (Some(12), 10, 12), (Some(40), 10, 15)]
        {
            assert_eq!(planned_lead_days(measured, offered), expected, "{measured:?}");
        }
    }

    #[test]
    fn an_order_is_whole_cases() {
        assert_eq!(whole_cases(100, 12).unwrap(), 108);
        assert_eq!(whole_cases(108, 12).unwrap(), 108);
        assert!(whole_cases(5, 0).is_err());
    }
}
