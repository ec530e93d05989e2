//! How a supplier answers an order: when the goods come, how many, in which state, and what is
//! billed. Drawn from the seed and the order's own names, so the answer is the same whenever and in
//! whatever order it is asked for.

use base::{Day, DayError, NumberError, Price, Rounding, div_round};

use crate::open_days::open_on_or_after;
use crate::prices::to_four_decimals;
use crate::read::ItemIndex;
use crate::seed::Draw;
use crate::suppliers::{Supplier, SupplierIndex};
use crate::world::{World, WorldError};

/// A line of an order to a supplier. An order has at most one line of an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderedLine {
    /// What is ordered.
    pub item: ItemIndex,
    /// Pieces.
    pub quantity: i64,
    /// The price of a piece in the supplier's currency.
    pub price: Price,
}

/// An order to a supplier, as far as the answer depends on it.
#[derive(Debug, Clone, Copy)]
pub struct SupplierOrder<'a> {
    /// Who was asked.
    pub supplier: SupplierIndex,
    /// What names the order among those to the supplier, and does not depend on how the run went:
    /// the reference of a planned order, the day of a replenishment order.
    pub reference: &'a str,
    /// When it was sent.
    pub ordered_on: Day,
    /// What is ordered.
    pub lines: &'a [OrderedLine],
}

/// What comes of an order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supply {
    /// Promises that the supplier changes, by line.
    pub promise_changes: Vec<PromiseChange>,
    /// What arrives, by day; one day for most orders.
    pub deliveries: Vec<Delivery>,
}

/// A promise that the supplier changes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PromiseChange {
    /// The position of the line in the order.
    pub line: usize,
    /// When the retailer is told.
    pub told_on: Day,
    /// The new promise; the line arrives then.
    pub promised_on: Day,
}

/// Goods that arrive together, and their bills.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delivery {
    /// The day of arrival, an open one.
    pub day: Day,
    /// The lines that arrive.
    pub lines: Vec<DeliveredLine>,
    /// The bill for them, and a second one for lines that are billed twice.
    pub bills: Vec<SupplierBill>,
}

/// A line that arrives. What is short of the order never comes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DeliveredLine {
    /// The position of the line in the order.
    pub line: usize,
    /// Pieces that arrive, damaged ones included; above zero.
    pub arrives: i64,
    /// Pieces of them that are damaged.
    pub damaged: i64,
}

/// A bill of a supplier, in its currency.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SupplierBill {
    /// The supplier's number of it.
    pub number: String,
    /// When it comes; an open day.
    pub day: Day,
    /// When it is due.
    pub due_on: Day,
    /// Whether it bills once more what the first bill has billed.
    pub repeats: bool,
    /// What is billed.
    pub lines: Vec<BilledLine>,
}

/// A line of a supplier's bill.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BilledLine {
    /// The position of the line in the order.
    pub line: usize,
    /// Pieces: what arrived.
    pub quantity: i64,
    /// The price of a piece; differs from the order's on some lines.
    pub price: Price,
}

/// What goes wrong with one line, in hundredths of all lines.
const SHORT: u64 = 3;
const OVER: u64 = 1;
const DAMAGED: u64 = 1;
const OTHER_PRICE: u64 = 4;
const BILLED_TWICE: u64 = 2;
const CHANGED_PROMISE: u64 = 5;

/// What is drawn for one line. Quantity, bill and promise are drawn apart from each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LineOutcome {
    /// Pieces that arrive, damaged ones included; may be none.
    pub arrives: i64,
    /// Pieces of them that are damaged.
    pub damaged: i64,
    /// The price that is billed.
    pub billed_price: Price,
    /// Whether the line is billed a second time.
    pub billed_twice: bool,
    /// By how many days the promise moves; none for most lines.
    pub promise_moves: Option<i64>,
}

/// The share, a number of hundredths, of a quantity: to the nearest piece, at least one.
fn share(quantity: i64, hundredths: i64) -> Result<i64, NumberError> {
    let product = i128::from(quantity) * i128::from(hundredths);
    div_round(product, 100, Rounding::HalfUp).map(|pieces| pieces.max(1))
}

/// Draws what becomes of a line: 3 % short, 1 % over, 1 % damaged; 4 % billed at another price, 2 %
/// billed twice; 5 % with a changed promise.
///
/// # Errors
///
/// `OutOfRange`.
pub fn line_outcome(draw: &mut Draw, line: &OrderedLine) -> Result<LineOutcome, NumberError> {
    let quantity = line.quantity;
    let mut outcome = LineOutcome {
        arrives: quantity,
        damaged: 0,
        billed_price: line.price,
        billed_twice: false,
        promise_moves: None,
    };
    let goods = draw.below(100);
    if goods < SHORT {
        outcome.arrives = (quantity - share(quantity, draw.between(5, 40))?).max(0);
    } else if goods < SHORT + OVER {
        outcome.arrives = quantity + share(quantity, draw.between(2, 10))?;
    } else if goods < SHORT + OVER + DAMAGED {
        outcome.damaged = share(quantity, draw.between(3, 30))?;
    }
    let bill = draw.below(100);
    if bill < OTHER_PRICE {
        // Three in four go up.
        let hundredths = draw.between(1, 8) * if draw.below(4) == 0 { -1 } else { 1 };
        let micro = i128::from(line.price.micro()) * i128::from(100 + hundredths);
        outcome.billed_price = to_four_decimals(micro, 100)?;
        if outcome.billed_price == line.price {
            outcome.billed_price = Price::from_micro(line.price.micro() + 100);
        }
    } else if bill < OTHER_PRICE + BILLED_TWICE {
        outcome.billed_twice = true;
    }
    if draw.below(100) < CHANGED_PROMISE {
        outcome.promise_moves = Some(draw.between(3, 21));
    }
    Ok(outcome)
}

/// Days from order to arrival: the median times `min(2.5, 1 + (ratio - 1) / 2)`, to the nearest
/// day and at least one. The ratio is in ten-thousandths.
///
/// # Errors
///
/// `OutOfRange`.
pub fn lead_days(median: i64, ratio: i64) -> Result<i64, NumberError> {
    let twenty_thousandths = (10_000 + ratio).min(50_000);
    let product = i128::from(median) * i128::from(twenty_thousandths);
    div_round(product, 20_000, Rounding::HalfUp).map(|days| days.max(1))
}

impl World {
    /// When a supplier promises an order sent on a day: after its median lead time, on an open day.
    ///
    /// # Errors
    ///
    /// `Day`.
    pub fn promised_on(&self, supplier: SupplierIndex, ordered_on: Day) -> Result<Day, WorldError> {
        let days = self.supplier(supplier).lead_days;
        Ok(open_on_or_after(ordered_on.plus(days)?)?)
    }

    /// When an order sent on a day really arrives: after a lead time drawn for the order.
    ///
    /// # Errors
    ///
    /// `Day`, `Number`.
    pub fn arrives_on(&self, order: &SupplierOrder<'_>) -> Result<Day, WorldError> {
        let supplier = self.supplier(order.supplier);
        let mut draw = Draw::of(self.seed, &["lead", &supplier.code, order.reference]);
        let count = u64::try_from(self.lead_ratios.len()).unwrap_or(0);
        let at = usize::try_from(draw.below(count)).unwrap_or(0);
        // A world is not planned without ratios; without any, the median stands.
        let ratio = self.lead_ratios.get(at).copied().unwrap_or(10_000);
        let days = lead_days(supplier.lead_days, ratio)?;
        Ok(open_on_or_after(order.ordered_on.plus(days)?)?)
    }

    /// What comes of an order whose goods arrive on a day, see [`World::arrives_on`]; lines with a
    /// changed promise come that much later.
    ///
    /// # Errors
    ///
    /// `Day`, `Number`.
    pub fn supply(&self, order: &SupplierOrder<'_>, arrives_on: Day) -> Result<Supply, WorldError> {
        let supplier = self.supplier(order.supplier);
        let mut promise_changes = Vec::new();
        let mut arrivals: Vec<(Day, usize, LineOutcome)> = Vec::new();
        for (at, line) in order.lines.iter().enumerate() {
            let code = &self.item(line.item).code;
            let keys = ["line", &supplier.code, order.reference, code];
            let mut draw = Draw::of(self.seed, &keys);
            let outcome = line_outcome(&mut draw, line)?;
            let mut day = arrives_on;
            if let Some(days) = outcome.promise_moves {
                day = open_on_or_after(arrives_on.plus(days)?)?;
                let before = arrives_on.plus(-draw.between(1, 5))?.max(order.ordered_on.plus(1)?);
                let told_on = open_on_or_after(before)?;
                promise_changes.push(PromiseChange { line: at, told_on, promised_on: day });
            }
            if outcome.arrives > 0 {
                arrivals.push((day, at, outcome));
            }
        }
        arrivals.sort_by_key(|(day, at, _)| (*day, *at));
        let deliveries = arrivals
            .chunk_by(|one, next| one.0 == next.0)
            .map(|lines| delivery(self.seed, supplier, order.reference, lines))
            .collect::<Result<_, _>>()?;
        Ok(Supply { promise_changes, deliveries })
    }
}

/// The delivery of lines that arrive on one day, with its bills.
fn delivery(
    seed: u64,
    supplier: &Supplier,
    reference: &str,
    arrivals: &[(Day, usize, LineOutcome)],
) -> Result<Delivery, DayError> {
    // The arrivals are a run of equal days and so never empty.
    let day = arrivals[0].0;
    let mut draw = Draw::of(seed, &["bill", &supplier.code, reference, &day.to_string()]);
    let bill = |after: i64, repeats: bool, lines: Vec<BilledLine>| {
        let on = open_on_or_after(day.plus(after)?)?;
        let copy = if repeats { "-COPY" } else { "" };
        Ok(SupplierBill {
            number: format!("{}-{reference}-{day}{copy}", supplier.code),
            day: on,
            due_on: on.plus(supplier.terms_days)?,
            repeats,
            lines,
        })
    };
    let billed = |(_, line, outcome): &(Day, usize, LineOutcome)| BilledLine {
        line: *line,
        quantity: outcome.arrives,
        price: outcome.billed_price,
    };
    let after = draw.between(0, 4);
    let mut bills = vec![bill(after, false, arrivals.iter().map(billed).collect())?];
    let twice: Vec<BilledLine> =
        arrivals.iter().filter(|(_, _, outcome)| outcome.billed_twice).map(billed).collect();
    if !twice.is_empty() {
        bills.push(bill(after + draw.between(5, 20), true, twice)?);
    }
    let lines = arrivals
        .iter()
        .map(|(_, line, outcome)| DeliveredLine {
            line: *line,
            arrives: outcome.arrives,
            damaged: outcome.damaged,
        })
        .collect();
    Ok(Delivery { day, lines, bills })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lead_time_has_half_the_spread_and_is_capped() {
        for (median, ratio, expected) in [
            (70, 10_000, 70),
            (70, 1_474, 40),
            (70, 20_000, 105),
            (70, 40_000, 175),
            (70, 90_000, 175),
            (5, 5_000, 4),
            (1, 1, 1),
        ] {
            assert_eq!(lead_days(median, ratio).unwrap(), expected, "{median} {ratio}");
        }
    }

    #[test]
    fn lines_go_wrong_about_as_often_as_the_rule_says() {
        let price = Price::parse("1.25").unwrap();
        let line = OrderedLine { item: ItemIndex(0), quantity: 48, price };
        let outcomes: Vec<LineOutcome> = (0..20_000)
            .map(|at| line_outcome(&mut Draw::of(1, &["line", &format!("{at}")]), &line).unwrap())
            .collect();
        let percent = |test: fn(&LineOutcome) -> bool| {
            outcomes.iter().filter(|outcome| test(outcome)).count() * 100
        };
        for (counted, expected) in [
            (percent(|it| it.arrives < 48), 3),
            (percent(|it| it.arrives > 48), 1),
            (percent(|it| it.damaged > 0), 1),
            (percent(|it| it.billed_price != Price::from_micro(1_250_000)), 4),
            (percent(|it| it.billed_twice), 2),
            (percent(|it| it.promise_moves.is_some()), 5),
        ] {
            let found = counted / 20;
            assert!((expected * 850..=expected * 1150).contains(&found), "{found} for {expected}");
        }
        assert!(outcomes.iter().all(|it| it.damaged <= it.arrives && it.arrives >= 0));
    }

    #[test]
    fn a_line_of_one_piece_that_comes_short_does_not_come() {
        let line = OrderedLine { item: ItemIndex(0), quantity: 1, price: Price::from_micro(100) };
        let short = (0..200)
            .map(|at| line_outcome(&mut Draw::of(1, &[&format!("{at}")]), &line).unwrap())
            .filter(|outcome| outcome.arrives == 0)
            .count();
        assert!(short > 0);
    }
}
