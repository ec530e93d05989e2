//! The result on one screen of plain text.

use std::fmt::Write as _;

use super::outcome::{Outcome, per_mille};
use super::{pace, places};

/// Widest line.
const WIDTH: usize = 118;

/// The result in at most 50 lines.
#[must_use]
pub fn screen(outcome: &Outcome) -> String {
    let mut text = String::new();
    for (heading, lines) in sections(outcome) {
        for (at, line) in lines.iter().enumerate() {
            let heading = if at == 0 { heading } else { "" };
            // Writing into a text cannot fail.
            let _ = writeln!(text, "{heading:<11}{line}");
        }
    }
    text
}

/// What the screen and the page tell, by heading.
pub(super) fn sections(outcome: &Outcome) -> Vec<(&'static str, Vec<String>)> {
    vec![
        ("DEMO", vec![title(outcome)]),
        ("read", reading(outcome)),
        ("on", on()),
        ("off", off()),
        ("knows", foreknowledge(outcome)),
        ("sold", sold(outcome)),
        ("places", places::told(outcome)),
        ("returned", returned(outcome)),
        ("bought", bought(outcome)),
        ("counted", counted(outcome)),
        ("money", money(outcome)),
        ("books", books(outcome)),
        ("sound", sound(outcome)),
        ("speed", speed(outcome)),
    ]
}

fn title(outcome: &Outcome) -> String {
    let Outcome { company, days, last, .. } = outcome;
    let seconds = outcome.elapsed.as_millis();
    format!(
        "{company}: {days} days, 2010-12-01 to {last}, in {}.{} s, {} lines a second",
        seconds / 1000,
        seconds % 1000 / 100,
        outcome.lines_per_second()
    )
}

fn reading(outcome: &Outcome) -> Vec<String> {
    let (reading, tally) = (&outcome.reading, &outcome.tally);
    vec![
        format!(
            "{} lines: {} goods, {} services, {} free goods, {} stock notes, {} goods credited, {} unread",
            whole(reading.lines as i64),
            whole(reading.goods as i64),
            reading.services,
            reading.free_goods,
            whole(reading.stock_notes as i64),
            whole(reading.credited_goods as i64),
            reading.unread_lines()
        ),
        format!(
            "goods credited: {} lines cancelled {} pieces ({} on the order's day); {} lines were both",
            tally.cancellation_lines,
            whole(tally.cancelled),
            whole(tally.cancelled_same_day),
            tally.lines_split
        ),
        format!(
            "goods that came back: {} lines, {} pieces, of them origin unknown: {} pieces",
            whole(tally.return_lines as i64),
            whole(tally.returned),
            whole(tally.returns_unknown)
        ),
        format!(
            "services: {} booked on documents or as fees, {} worth nothing, {} not yet booked",
            tally.services_booked,
            tally.services_of_nothing,
            tally.services as i64 - (tally.services_booked + tally.services_of_nothing) as i64
        ),
    ]
}

fn on() -> Vec<String> {
    wrap(
        "moving average cost, VAT by day, back-orders, approvals above the buyer's limit, bill matching, \
         payments, payouts, returns, counts against a hidden shelf, month locks, from April a second warehouse with transfers and routing, \
         replenishment by the product's rules and weekly runs; suppliers, costs and exchange rates are made up",
    )
}

fn off() -> Vec<String> {
    wrap(
        "supplier deposits; landed cost; forecasts; input VAT (the data has no purchases); revaluation of foreign debts",
    )
}

fn foreknowledge(outcome: &Outcome) -> Vec<String> {
    let all = outcome.foreknowledge.join("; ");
    wrap(&format!("the opening knows the future: {all}; nothing after it does"))
}

fn sold(outcome: &Outcome) -> Vec<String> {
    let tally = &outcome.tally;
    vec![
        format!(
            "{} orders ({} wholesale of {} customers, {} web), {} lines; {} shipments, {} invoices",
            whole(tally.orders as i64),
            whole(tally.orders_wholesale as i64),
            whole(tally.customers as i64),
            whole(tally.orders_web as i64),
            whole(tally.order_lines as i64),
            whole(tally.shipments as i64),
            whole(tally.invoices as i64)
        ),
        format!(
            "{} pieces ordered (same-day cancellations left out), {} shipped the same day: fill rate {}",
            whole(tally.wanted()),
            whole(tally.shipped_same_day),
            percent(outcome.fill_per_mille())
        ),
        format!(
            "{} pieces shipped later; {} orders cut after 14 days, {} pieces unfilled; {} still wait",
            whole(tally.shipped_later),
            whole(tally.back_orders_cancelled as i64),
            whole(tally.unfilled),
            whole(outcome.waiting)
        ),
        format!(
            "free goods: {} pieces shipped of {} asked for",
            whole(tally.free_shipped),
            whole(tally.free_ordered)
        ),
    ]
}

fn returned(outcome: &Outcome) -> Vec<String> {
    let tally = &outcome.tally;
    vec![
        format!(
            "{} returns worth GBP {} at cost: {} lines restocked, {} written off, {} claimed",
            whole(tally.returns as i64),
            pounds(tally.returned_value),
            whole(tally.restocked as i64),
            tally.scrapped,
            tally.claimed
        ),
        format!(
            "GBP {} refunded, {} paid out and the rest owed less; {} claims credited with GBP {}",
            pounds(tally.refunded_returns),
            tally.refund_payments,
            tally.claims_settled,
            pounds(tally.claims_credited)
        ),
    ]
}

fn bought(outcome: &Outcome) -> Vec<String> {
    let tally = &outcome.tally;
    vec![
        format!(
            "{} orders ({} open at the opening, {} proposed, {} of these for NORTH), {} lines; {} agreed to by lee",
            whole(tally.purchase_orders as i64),
            tally.opening_orders,
            tally.replenishment_orders,
            tally.north_orders,
            whole(tally.purchase_lines as i64),
            tally.approved_by_lee
        ),
        format!(
            "{} runs ({} done twice), {} proposals: {} ordered ({} edited), {} dismissed; {} of {} items ready",
            tally.planning_runs,
            tally.run_twice,
            whole(tally.proposed as i64),
            whole(tally.approved as i64),
            tally.edited,
            tally.dismissed,
            whole(outcome.ready.0 as i64),
            whole(outcome.ready.1 as i64)
        ),
        format!(
            "{} receipts, {} lines: {} on time and in full; {} lines closed short, {} promises changed",
            whole(tally.receipts as i64),
            whole(tally.received_lines as i64),
            share(tally.on_time_in_full, tally.received_lines),
            tally.never_came,
            tally.promises_changed
        ),
        format!(
            "{} bills: {} matched, {} of {} lines; {} billed twice, {} credited; {} accepted with a reason",
            whole(tally.bills as i64),
            share(tally.bills_matched, tally.bills),
            share(tally.bill_lines_matched, tally.bill_lines),
            whole(tally.bill_lines as i64),
            tally.billed_twice,
            tally.credit_notes,
            tally.mismatches_accepted
        ),
    ]
}

fn counted(outcome: &Outcome) -> Vec<String> {
    let tally = &outcome.tally;
    let classes: Vec<String> = outcome
        .accuracy
        .iter()
        .filter(|(class, ..)| class != "-")
        .map(|(class, lines, right)| format!("{class} {}", percent(per_mille(*right, *lines))))
        .collect();
    let days = tally.discovered_after.checked_div(tally.discovered as i64).unwrap_or(0);
    vec![
        format!(
            "{} notes: {} counted; the others {} pieces in, {} out, GBP {}; {} pieces were not there",
            whole(tally.notes as i64),
            whole(tally.notes_counted as i64),
            whole(tally.notes_in),
            whole(tally.notes_out),
            pounds(tally.notes_value),
            whole(tally.notes_rest)
        ),
        format!(
            "{} sheets, {} lines, {} off by GBP {}; right by class: {}",
            whole(tally.counts as i64),
            whole(tally.counted_lines as i64),
            whole(tally.counted_off as i64),
            pounds(tally.counted_value),
            classes.join(", ")
        ),
        format!(
            "{} causes found after {days} days ({} mis-picks, {} of {} cases received as one piece), {} hidden; {} short picks",
            whole(tally.discovered as i64),
            tally.mis_picks_found,
            tally.cases_found,
            tally.cases_as_pieces,
            whole(outcome.undiscovered as i64),
            whole(tally.short_picks as i64)
        ),
    ]
}

fn money(outcome: &Outcome) -> Vec<String> {
    let tally = &outcome.tally;
    vec![
        format!(
            "{} bills paid in {} payments; {} invoices paid in {} payments; fees GBP {}",
            whole(tally.bills_paid as i64),
            whole(tally.payments_out as i64),
            whole(tally.invoices_paid as i64),
            whole(tally.payments_in as i64),
            pounds(tally.fees)
        ),
        format!(
            "web shop: GBP {} captured, {} refunded, {} payouts of {}",
            pounds(tally.captured),
            pounds(tally.refunded),
            tally.payouts,
            pounds(tally.paid_out)
        ),
    ]
}

fn books(outcome: &Outcome) -> Vec<String> {
    let figures = &outcome.figures;
    vec![
        format!(
            "sales GBP {}, carriage {}, cost of sales {}, output VAT {}",
            pounds(-figures.revenue),
            pounds(-figures.shipping_income),
            pounds(figures.cost_of_sales),
            pounds(-figures.output_tax)
        ),
        format!(
            "stock GBP {} ({} in quarantine), GRNI {}, billed not received {}",
            pounds(figures.stock + figures.quarantine),
            pounds(figures.quarantine),
            pounds(-figures.grni),
            pounds(figures.billed_not_received)
        ),
        format!(
            "receivable GBP {}, payable {}, clearing {}, deposits {}, bank {}",
            pounds(figures.receivable),
            pounds(-figures.payable),
            pounds(figures.clearing),
            pounds(-figures.deposits),
            pounds(figures.bank)
        ),
        format!(
            "price differences GBP {}, exchange differences {}",
            pounds(figures.price_difference),
            pounds(figures.exchange_difference)
        ),
    ]
}

fn sound(outcome: &Outcome) -> Vec<String> {
    let held = outcome.checks - outcome.breaches.len();
    let tally = &outcome.tally;
    let mut lines = vec![
        format!("checks held: {held} of {}", outcome.checks),
        format!(
            "months locked: {} of {}; {} entries, {} of them manual",
            tally.months_locked.len(),
            tally.months_locked.len() + tally.months_open.len(),
            whole(outcome.figures.entries as i64),
            outcome.figures.manual_entries
        ),
    ];
    for (check, breaches) in outcome.breaches.iter().take(3) {
        lines.push(cut(&format!("BROKEN {check}: {} rows", breaches.len())));
    }
    for (month, why) in tally.months_open.iter().take(3) {
        lines.push(cut(&format!("month of {month} stays open: {why}")));
    }
    lines.push(format!("digest {}", outcome.digest));
    lines.push(format!("API key of lee.leader, 30 days: {}", outcome.api_key));
    lines
}

/// Lines a second, by kind of work.
fn speed(outcome: &Outcome) -> Vec<String> {
    let rate = |(kind, told, lines): (&str, &str, u64)| {
        let millis = outcome.spent.get(kind)?.as_millis().max(1);
        let rate = i64::try_from(u128::from(lines) * 1000 / millis).unwrap_or(i64::MAX);
        (lines > 0).then(|| format!("{} {told}", whole(rate)))
    };
    let rates: Vec<String> = pace::lines(&outcome.tally).into_iter().filter_map(rate).collect();
    let mut lines = wrap(&format!("lines a second: {}", rates.join(", ")));
    if let Some(growth) = outcome.growth {
        lines.push(format!(
            "100,000 lines take {:.1} s before day 90 and {:.1} s at the end: {} %",
            growth.beginning.as_secs_f64(),
            growth.end.as_secs_f64(),
            growth.per_cent()
        ));
    }
    lines
}

/// A line no longer than the screen.
fn cut(line: &str) -> String {
    line.chars().take(WIDTH - 11).collect()
}

/// Words in lines no longer than the screen.
fn wrap(text: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split_whitespace() {
        let at = lines.len() - 1;
        if !lines[at].is_empty() && lines[at].len() + word.len() + 12 > WIDTH {
            lines.push(word.to_owned());
        } else {
            if !lines[at].is_empty() {
                lines[at].push(' ');
            }
            lines[at].push_str(word);
        }
    }
    lines
}

/// A whole number with its thousands apart.
pub(super) fn whole(number: i64) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    if number < 0 { format!("-{text}") } else { text }
}

/// Pence as pounds.
pub(super) fn pounds(pence: i64) -> String {
    let sign = if pence < 0 { "-" } else { "" };
    let (pounds, rest) = (pence.unsigned_abs() / 100, pence.unsigned_abs() % 100);
    let pounds = whole(i64::try_from(pounds).unwrap_or(i64::MAX));
    format!("{sign}{pounds}.{rest:02}")
}

pub(super) fn percent(per_mille: i64) -> String {
    format!("{}.{} %", per_mille / 10, per_mille % 10)
}

fn share(part: u64, whole: u64) -> String {
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    percent(per_mille(number(part), number(whole)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_for_people() {
        assert_eq!(
            (whole(0), whole(999), whole(-1_234_567)),
            ("0".into(), "999".into(), "-1,234,567".into())
        );
        assert_eq!((pounds(5), pounds(-123_456)), ("0.05".to_owned(), "-1,234.56".to_owned()));
        assert_eq!((share(1, 3), share(0, 0)), ("33.3 %".to_owned(), "100.0 %".to_owned()));
    }
}
