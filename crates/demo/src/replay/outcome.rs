//! What came of a replay.

use std::collections::BTreeMap;
use std::time::Duration;

use base::{CompanyId, Day};

use crate::classify::Reading;

use super::pace::Growth;

/// Everything that the result screen tells.
#[derive(Debug, Clone)]
pub struct Outcome {
    /// The company.
    pub company_id: CompanyId,
    /// Its name.
    pub company: String,
    /// How many days were replayed.
    pub days: u32,
    /// The last of them.
    pub last: Day,
    /// What the file's lines of these days are.
    pub reading: Reading,
    /// What the opening took from the future.
    pub foreknowledge: Vec<&'static str>,
    /// Pieces sold that orders still wait for on the last day.
    pub waiting: i64,
    /// Differences between shelf and books that nobody has found yet.
    pub undiscovered: u64,
    /// Of the items with a rule, those that lack nothing that automation asks for, and all.
    pub ready: (u64, u64),
    /// Lines counted and those found right, by ABC class.
    pub accuracy: Vec<(String, i64, i64)>,
    /// What was done.
    pub tally: Tally,
    /// What the books say.
    pub figures: Figures,
    /// What lies in each warehouse, in the order in which they were opened.
    pub places: Vec<PlaceFigures>,
    /// How many checks were asked.
    pub checks: usize,
    /// Those that do not hold, with what they found.
    pub breaches: Vec<(String, Vec<String>)>,
    /// The books' digest: the same for the same data, days and product, on either engine.
    pub digest: String,
    /// A key with which a program may do everything, shown once.
    pub api_key: String,
    /// How long it took on this machine.
    pub elapsed: Duration,
    /// The same by kind of work.
    pub spent: BTreeMap<&'static str, Duration>,
    /// The same at the end as against the beginning; none of a replay too short to tell.
    pub growth: Option<Growth>,
}

impl Outcome {
    /// Pieces shipped on the order's day of those ordered and not cancelled the same day, in
    /// thousandths. 1000 when nothing was ordered.
    #[must_use]
    pub fn fill_per_mille(&self) -> i64 {
        per_mille(self.tally.shipped_same_day, self.tally.wanted())
    }

    /// Lines of the file replayed in a second.
    #[must_use]
    pub fn lines_per_second(&self) -> u64 {
        let millis = u64::try_from(self.elapsed.as_millis()).unwrap_or(u64::MAX).max(1);
        self.reading.lines * 1000 / millis
    }
}

/// A share in thousandths; all of nothing is 1000.
pub(super) fn per_mille(part: i64, whole: i64) -> i64 {
    if whole == 0 { 1000 } else { part * 1000 / whole }
}

/// What was done, counted as the doors answered. Pieces and pence are whole numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Wholesale customers seen.
    pub customers: u64,
    /// Orders of customers, those of services alone included.
    pub orders: u64,
    /// Of them wholesale.
    pub orders_wholesale: u64,
    /// Of them of the web shop.
    pub orders_web: u64,
    /// Their lines of goods.
    pub order_lines: u64,
    /// Pieces sold, as ordered.
    pub ordered: i64,
    /// Pieces given away, as ordered.
    pub free_ordered: i64,
    /// Shipments.
    pub shipments: u64,
    /// Lines of goods in them.
    pub shipped_lines: u64,
    /// Invoices and credit notes.
    pub invoices: u64,
    /// Pieces sold that left on the order's day.
    pub shipped_same_day: i64,
    /// Pieces sold that left later.
    pub shipped_later: i64,
    /// Pieces given away that left.
    pub free_shipped: i64,
    /// What was sold, in pence net of VAT, by shipments.
    pub sold_net: i64,
    /// What the shipped goods cost, in pence; those given away included.
    pub cost_of_sales: i64,
    /// Orders whose rest was cancelled after 14 days.
    pub back_orders_cancelled: u64,
    /// Pieces sold that could not be found in 14 days.
    pub unfilled: i64,
    /// Pieces given away that could not.
    pub free_unfilled: i64,
    /// Lines of C invoices that cancelled something.
    pub cancellation_lines: u64,
    /// Pieces that customers cancelled.
    pub cancelled: i64,
    /// Of them on the order's day.
    pub cancelled_same_day: i64,
    /// Lines of C invoices that were cancellation and return in one.
    pub lines_split: u64,
    /// Lines of C invoices by which goods came back.
    pub return_lines: u64,
    /// Returns: one for each order of which goods came back with one C invoice.
    pub returns: u64,
    /// Pieces that came back.
    pub returned: i64,
    /// Of them of sales that these books do not know.
    pub returns_unknown: i64,
    /// What they were worth, in pence.
    pub returned_value: i64,
    /// Lines that went back on the shelf.
    pub restocked: u64,
    /// Lines that were written off.
    pub scrapped: u64,
    /// Lines that were claimed from their supplier.
    pub claimed: u64,
    /// Claims that suppliers credited.
    pub claims_settled: u64,
    /// What they credited, in pence.
    pub claims_credited: i64,
    /// What customers get for goods that came back, in pence with tax.
    pub refunded_returns: i64,
    /// Refunds of which something was paid out; the others were owed less.
    pub refund_payments: u64,
    /// Lines of services.
    pub services: u64,
    /// Of them booked.
    pub services_booked: u64,
    /// Of them worth nothing.
    pub services_of_nothing: u64,
    /// Invoices without anything to do: services of nothing alone.
    pub moves_nothing: u64,
    /// What channel and bank took, in pence.
    pub fees: i64,
    /// The warehouse's notes.
    pub notes: u64,
    /// Of them such that their item was counted.
    pub notes_counted: u64,
    /// Sheets counted.
    pub counts: u64,
    /// Their lines.
    pub counted_lines: u64,
    /// Of them where shelf and books differed.
    pub counted_off: u64,
    /// By what, in pence: above zero was found.
    pub counted_value: i64,
    /// Items of which a pick would have found less than was kept.
    pub short_picks: u64,
    /// Differences between shelf and books that a count found.
    pub discovered: u64,
    /// Days from their cause to that, in all.
    pub discovered_after: i64,
    /// Of them picks of another item.
    pub mis_picks_found: u64,
    /// Lines of receipts of which a case was received as one piece.
    pub cases_as_pieces: u64,
    /// Of them found by a count, and received after all.
    pub cases_found: u64,
    /// Pieces that they brought.
    pub notes_in: i64,
    /// Pieces that they took.
    pub notes_out: i64,
    /// What they changed the stock's value by, in pence.
    pub notes_value: i64,
    /// Notes larger than the stock.
    pub notes_larger: u64,
    /// Pieces of them that were not there, and not booked.
    pub notes_rest: i64,
    /// Orders to suppliers.
    pub purchase_orders: u64,
    /// Of them open at the opening.
    pub opening_orders: u64,
    /// Of them proposed by planning.
    pub replenishment_orders: u64,
    /// Of these such that their goods come to the second warehouse.
    pub north_orders: u64,
    /// Runs of replenishment.
    pub planning_runs: u64,
    /// Runs that were done twice, of which the second changed nothing.
    pub run_twice: u64,
    /// Rules set, and set anew.
    pub rules_set: u64,
    /// Proposals.
    pub proposed: u64,
    /// Proposals whose need went away.
    pub withdrawn: u64,
    /// Proposals that became lines of orders.
    pub approved: u64,
    /// Of them with another quantity.
    pub edited: u64,
    /// Proposals that the buyer did not want.
    pub dismissed: u64,
    /// Their lines.
    pub purchase_lines: u64,
    /// Orders above the buyer's limit, to which lee agreed.
    pub approved_by_lee: u64,
    /// Promises that suppliers changed.
    pub promises_changed: u64,
    /// Receipts.
    pub receipts: u64,
    /// Lines received.
    pub received_lines: u64,
    /// Pieces received, damaged ones included.
    pub received_pieces: i64,
    /// Of the lines received on the day first promised or before, undamaged and in full.
    pub on_time_in_full: u64,
    /// Lines closed short.
    pub never_came: u64,
    /// Pieces received damaged.
    pub damaged: i64,
    /// Suppliers' bills.
    pub bills: u64,
    /// Of them agreeing with order and receipt when they came.
    pub bills_matched: u64,
    /// Their lines.
    pub bill_lines: u64,
    /// Of them agreeing.
    pub bill_lines_matched: u64,
    /// Bills that billed something a second time.
    pub billed_twice: u64,
    /// Credit notes of suppliers.
    pub credit_notes: u64,
    /// Differing bills that were accepted with a reason.
    pub mismatches_accepted: u64,
    /// Bills paid.
    pub bills_paid: u64,
    /// Payments to suppliers.
    pub payments_out: u64,
    /// Invoices paid.
    pub invoices_paid: u64,
    /// Payments of wholesale customers.
    pub payments_in: u64,
    /// What the web shop captured, in pence.
    pub captured: i64,
    /// What web customers got back, in pence.
    pub refunded: i64,
    /// Payouts.
    pub payouts: u64,
    /// What they paid out, in pence.
    pub paid_out: i64,
    /// What was wanted of each warehouse, in the order in which they were opened: an order is wanted
    /// of the one from which its channel sells when it is taken.
    pub sites: [SiteTally; 2],
    /// Transfers to the second warehouse.
    pub transfers: u64,
    /// Their lines.
    pub transfer_lines: u64,
    /// Pieces that left with them.
    pub transferred: i64,
    /// Lines of which something was missing on arrival.
    pub transfer_short_lines: u64,
    /// Pieces of them.
    pub transfer_short: i64,
    /// Pieces of these that turned up at the second warehouse.
    pub transfer_found: i64,
    /// Pieces of these that had never been loaded.
    pub transfer_left_behind: i64,
    /// Pieces of these that nobody saw again.
    pub transfer_lost: i64,
    /// Orders that another warehouse than theirs could fill whole.
    pub routed_elsewhere: u64,
    /// Orders of which several warehouses gave a part.
    pub routed_split: u64,
    /// Months locked, by their first day.
    pub months_locked: Vec<Day>,
    /// Months that could not be, and why.
    pub months_open: Vec<(Day, String)>,
}

impl Tally {
    /// Pieces sold as ordered, less those cancelled the same day.
    #[must_use]
    pub fn wanted(&self) -> i64 {
        self.ordered - self.cancelled_same_day
    }
}

/// What was wanted of a warehouse, in pieces sold.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SiteTally {
    /// Ordered.
    pub ordered: i64,
    /// Of them cancelled on the order's day.
    pub cancelled_same_day: i64,
    /// Of them shipped on the order's day, wherever from.
    pub filled: i64,
    /// Shipped by the other warehouse.
    pub from_elsewhere: i64,
}

impl SiteTally {
    /// Pieces shipped on the order's day of those ordered and not cancelled the same day, in
    /// thousandths.
    #[must_use]
    pub fn fill_per_mille(&self) -> i64 {
        per_mille(self.filled, self.ordered - self.cancelled_same_day)
    }
}

/// What lies in a warehouse at the end, quarantine included.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct PlaceFigures {
    /// The warehouse's code.
    pub code: String,
    /// Items of which there is something.
    pub items: u64,
    /// Pieces.
    pub pieces: i64,
    /// What they are worth, in pence: each item's value split by quantity.
    pub value: i64,
}

/// Balances at the end, in pence: debits positive.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Figures {
    /// Stock at cost.
    pub stock: i64,
    /// Of quarantine.
    pub quarantine: i64,
    /// Goods between the warehouses.
    pub in_transit: i64,
    /// Goods received, not invoiced.
    pub grni: i64,
    /// Goods billed, not received.
    pub billed_not_received: i64,
    /// What customers owe.
    pub receivable: i64,
    /// What is owed to suppliers.
    pub payable: i64,
    /// What the web shop holds.
    pub clearing: i64,
    /// What web customers paid for goods that have not left.
    pub deposits: i64,
    /// Cash at bank.
    pub bank: i64,
    /// Sales net of VAT.
    pub revenue: i64,
    /// Carriage charged.
    pub shipping_income: i64,
    /// Cost of sales.
    pub cost_of_sales: i64,
    /// VAT charged.
    pub output_tax: i64,
    /// Bills at other prices.
    pub price_difference: i64,
    /// Exchange differences.
    pub exchange_difference: i64,
    /// Entries in the journal.
    pub entries: u64,
    /// Of them made by hand.
    pub manual_entries: u64,
}
