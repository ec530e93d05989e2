//! Money that is due: suppliers' bills, wholesale invoices, the web shop's payouts.

use std::collections::BTreeMap;

use accounting::{OpenItemFilter, OpenItemRow, Role};
use base::{BillId, ClaimId, Currency, Day, Id, Money};
use identity::Ctx;
use payments::{Allocate, OpenRef, Pay, Payout, Pays, ReceivePayment, ReceivePayments};
use purchasing::{MatchState, ResolveMismatch};
use store::Tx;

use crate::suppliers::SupplierIndex;

use super::buy::due;
use super::returns::CLAIM;
use super::{DemoError, Replay, clock, refused};

/// The kind of the open line of an invoice.
const INVOICE: &str = "invoice";

/// A supplier's bill that is owed.
#[derive(Debug, Clone, Copy)]
struct Owed {
    supplier: SupplierIndex,
    bill: BillId,
    total: Money,
    /// Why it is paid although it differs; none when it does not.
    accepted: Option<&'static str>,
}

/// Why a bill of which lines differ is paid: what was not found in the books was counted by then, and
/// the buyer asked the supplier about prices.
fn accepted_as(matches: &[MatchState]) -> Option<&'static str> {
    let differs = |state| matches.contains(&state);
    match (differs(MatchState::QuantityMismatch), differs(MatchState::PriceMismatch)) {
        (false, false) => None,
        (true, false) => Some("what was missing was looked for and counted"),
        (false, true) => Some("the buyer confirmed the billed price"),
        (true, true) => Some(
            "the buyer confirmed the billed price, and what was missing was looked for and counted",
        ),
    }
}

/// What the replay keeps of what is due.
#[derive(Debug, Default)]
pub(super) struct MoneyDue {
    owed: BTreeMap<Day, Vec<Owed>>,
    /// A bill and its credit note, which the next payment to the supplier sets off: ids and amount.
    set_off: BTreeMap<SupplierIndex, Vec<(BillId, BillId, Money)>>,
    /// What suppliers credited for claims, which a payment that is large enough is lowered by.
    claims: BTreeMap<SupplierIndex, Vec<(ClaimId, i64)>>,
    /// Whom invoices went to.
    invoiced: BTreeMap<i64, u32>,
}

impl MoneyDue {
    /// A bill came.
    pub fn owe(
        &mut self,
        due_on: Day,
        supplier: SupplierIndex,
        bill: BillId,
        total: Money,
        matches: &[MatchState],
    ) {
        let accepted = accepted_as(matches);
        self.owed.entry(due_on).or_default().push(Owed { supplier, bill, total, accepted });
    }

    /// A bill was credited in full.
    pub fn set_off(&mut self, supplier: SupplierIndex, bill: BillId, credit: BillId, total: Money) {
        self.set_off.entry(supplier).or_default().push((bill, credit, total));
    }

    /// A supplier credited what was claimed, in pence.
    pub fn claim_credited(&mut self, supplier: SupplierIndex, claim: ClaimId, minor: i64) {
        self.claims.entry(supplier).or_default().push((claim, minor));
    }

    /// An invoice went out. Nobody pays what no customer owes.
    pub fn is_owed(&mut self, customer: Option<u32>, invoice: i64) {
        self.invoiced.extend(customer.map(|customer| (invoice, customer)));
    }
}

impl Replay<'_> {
    /// The web shop pays out what it held at the end of Sunday, if that is more than nothing.
    pub(super) fn pay_out(&mut self, day: Day) -> Result<(), DemoError> {
        let fay = self.at(&self.frame.fay, day, clock(1, 0))?;
        let web = self.frame.web;
        let paid = self.write(move |tx| {
            let filter = OpenItemFilter { role: Some(Role::ChannelClearing), ..Default::default() };
            let open = accounting::open_items(tx, &fay, filter).map_err(refused("open items"))?;
            let held = open.lines.iter().find(|item| item.source_id == web);
            let held = held.map_or(0, |item| item.amount.minor);
            if held <= 0 {
                return Ok(None);
            }
            let request = Payout {
                channel_id: web,
                amount: Money::new(held, Currency::GBP),
                fees: Vec::new(),
                bank_amount: None,
                happened_on: Some(day),
                reference: String::new(),
                client_ref: format!("PAYOUT-{day}"),
                memo: String::new(),
            };
            payments::payout(tx, &fay, request).map_err(refused("payout"))?;
            Ok(Some(held))
        })?;
        if let Some(paid) = paid {
            self.tally.payouts += 1;
            self.tally.paid_out += paid;
        }
        Ok(())
    }

    /// Bills and invoices that are due are paid, in one transaction.
    pub(super) fn pay(&mut self, day: Day) -> Result<(), DemoError> {
        let (accepted, paid) = self.due_to_suppliers(day)?;
        let received = self.due_from_customers(day)?;
        if paid.is_empty() && received.is_empty() {
            return Ok(());
        }
        self.tally.mismatches_accepted += accepted.len() as u64;
        self.tally.payments_out += paid.len() as u64;
        self.tally.payments_in += received.len() as u64;
        let fay = self.at(&self.frame.fay, day, clock(22, 10))?;
        self.write(move |tx| {
            for request in accepted.clone() {
                purchasing::resolve_mismatch(tx, &fay, request)
                    .map_err(refused("accept a bill that differs"))?;
            }
            if !paid.is_empty() {
                let request = Pays { payments: paid.clone(), all_or_nothing: true };
                payments::pay_all(tx, &fay, request).map_err(refused("pay suppliers"))?;
            }
            if !received.is_empty() {
                let request = ReceivePayments { payments: received.clone(), all_or_nothing: true };
                payments::receive_payments(tx, &fay, request)
                    .map_err(refused("receive payments"))?;
            }
            Ok(())
        })
    }

    /// What is due to suppliers, one payment each, and the differing bills that are accepted first.
    fn due_to_suppliers(
        &mut self,
        day: Day,
    ) -> Result<(Vec<ResolveMismatch>, Vec<Pay>), DemoError> {
        let mut accepted = Vec::new();
        let mut by_supplier: BTreeMap<SupplierIndex, Vec<Owed>> = BTreeMap::new();
        for owed in due(&mut self.money.owed, day) {
            if let Some(reason) = owed.accepted {
                let (bill_id, reason) = (owed.bill, reason.to_owned());
                accepted.push(ResolveMismatch { bill_id, lines: Vec::new(), reason });
            }
            by_supplier.entry(owed.supplier).or_default().push(owed);
        }
        let mut payments = Vec::with_capacity(by_supplier.len());
        for (supplier, bills) in by_supplier {
            let mut total = Money::zero(self.world.supplier(supplier).currency);
            let mut allocations = Vec::new();
            for bill in &bills {
                let sum = total.checked_add(bill.total);
                total = sum.map_err(refused("sum of bills"))?;
                allocations.push(allocate("bill", bill.bill.raw(), bill.total));
            }
            for (bill, credit, amount) in self.money.set_off.remove(&supplier).unwrap_or_default() {
                allocations.push(allocate("bill", bill.raw(), amount));
                allocations.push(allocate("bill", credit.raw(), amount.negate()));
            }
            let mut waits = Vec::new();
            for (claim, minor) in self.money.claims.remove(&supplier).unwrap_or_default() {
                let less = Money::new(minor, total.currency);
                match total.checked_sub(less) {
                    Ok(rest) if rest.minor > 0 => {
                        total = rest;
                        allocations.push(allocate(CLAIM, claim.raw(), less.negate()));
                    }
                    _ => waits.push((claim, minor)),
                }
            }
            if !waits.is_empty() {
                self.money.claims.insert(supplier, waits);
            }
            self.tally.bills_paid += bills.len() as u64;
            payments.push(Pay {
                partner_id: None,
                amount: total,
                allocations,
                bank_amount: None,
                happened_on: Some(day),
                method: "transfer".to_owned(),
                reference: String::new(),
                client_ref: format!("{}/{day}", self.world.supplier(supplier).code),
                memo: String::new(),
            });
        }
        Ok((accepted, payments))
    }

    /// What customers pay on a day, one payment each: what is due by their statement. Who has more
    /// credit than debt waits.
    fn due_from_customers(&mut self, day: Day) -> Result<Vec<ReceivePayment>, DemoError> {
        let fay = self.at(&self.frame.fay, day, clock(22, 5))?;
        let filter = OpenItemFilter {
            role: Some(Role::Receivable),
            kind: Some(INVOICE.to_owned()),
            due_through: Some(day),
            ..OpenItemFilter::default()
        };
        let open = self.look(move |tx| open_lines(tx, &fay, filter.clone()))?;
        let mut by_customer: BTreeMap<u32, Vec<(i64, Money)>> = BTreeMap::new();
        for line in open {
            if let Some(customer) = self.money.invoiced.get(&line.source_id) {
                by_customer.entry(*customer).or_default().push((line.source_id, line.amount));
            }
        }
        let mut payments = Vec::with_capacity(by_customer.len());
        for (customer, mut invoices) in by_customer {
            invoices.sort_by_key(|(invoice, _)| *invoice);
            let total: i64 = invoices.iter().map(|(_, open)| open.minor).sum();
            if total <= 0 {
                continue;
            }
            self.tally.invoices_paid += invoices.len() as u64;
            payments.push(ReceivePayment {
                partner_id: None,
                amount: Money::new(total, Currency::GBP),
                allocations: invoices
                    .iter()
                    .map(|(invoice, open)| allocate(INVOICE, *invoice, *open))
                    .collect(),
                keep_rest_as_deposit: false,
                bank_amount: None,
                happened_on: Some(day),
                method: "transfer".to_owned(),
                reference: String::new(),
                client_ref: format!("{customer}/{day}"),
                memo: String::new(),
            });
        }
        Ok(payments)
    }
}

/// All open lines of a filter.
pub(super) fn open_lines(
    tx: &mut Tx<'_>,
    fay: &Ctx,
    mut filter: OpenItemFilter,
) -> Result<Vec<OpenItemRow>, DemoError> {
    let mut lines = Vec::new();
    loop {
        let page =
            accounting::open_items(tx, fay, filter.clone()).map_err(refused("open items"))?;
        lines.extend(page.lines);
        match page.next_cursor {
            Some(next) => filter.cursor = Some(next),
            None => return Ok(lines),
        }
    }
}

fn allocate(kind: &str, id: i64, amount: Money) -> Allocate {
    Allocate { open: OpenRef { kind: kind.to_owned(), id }, amount: Some(amount) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bill_is_accepted_for_what_differs_on_it() {
        use MatchState::{Matched, PriceMismatch, QuantityMismatch};
        let check = |matches: &[MatchState], price: bool, missing: bool| {
            let reason = accepted_as(matches).unwrap_or_default();
            assert_eq!(reason.contains("price"), price, "{matches:?}: {reason}");
            assert_eq!(reason.contains("missing"), missing, "{matches:?}: {reason}");
        };
        check(&[Matched], false, false);
        check(&[Matched, PriceMismatch], true, false);
        check(&[QuantityMismatch, Matched], false, true);
        check(&[QuantityMismatch, PriceMismatch], true, true);
        assert_eq!(accepted_as(&[Matched]), None);
    }
}
