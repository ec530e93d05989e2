//! Money that is due: suppliers' bills, wholesale invoices, the web shop's payouts.

use std::collections::BTreeMap;

use accounting::{OpenItemFilter, Role};
use base::{BillId, Currency, Day, Id, Money};
use payments::{Allocate, OpenRef, Pay, Payout, Pays, ReceivePayment, ReceivePayments};
use purchasing::{BillState, ResolveMismatch};

use crate::suppliers::SupplierIndex;

use super::buy::due;
use super::{DemoError, Replay, clock, refused};

/// A supplier's bill that is owed.
#[derive(Debug, Clone, Copy)]
struct Owed {
    supplier: SupplierIndex,
    bill: BillId,
    total: Money,
    state: BillState,
}

/// A wholesale invoice that a customer owes.
#[derive(Debug, Clone, Copy)]
struct Invoiced {
    customer: u32,
    invoice: i64,
    gross: i64,
}

/// What the replay keeps of what is due.
#[derive(Debug, Default)]
pub(super) struct MoneyDue {
    owed: BTreeMap<Day, Vec<Owed>>,
    /// A bill and its credit note, which the next payment to the supplier sets off: ids and amount.
    set_off: BTreeMap<SupplierIndex, Vec<(BillId, BillId, Money)>>,
    invoices: BTreeMap<Day, Vec<Invoiced>>,
    /// Credit notes that a customer's next payment sets off.
    credits: BTreeMap<u32, Vec<(i64, i64)>>,
    /// Due invoices that wait for more, since the customer's credit is higher.
    waiting: BTreeMap<u32, Vec<(i64, i64)>>,
}

impl MoneyDue {
    /// A bill came.
    pub fn owe(
        &mut self,
        due_on: Day,
        supplier: SupplierIndex,
        bill: BillId,
        total: Money,
        state: BillState,
    ) {
        self.owed.entry(due_on).or_default().push(Owed { supplier, bill, total, state });
    }

    /// A bill was credited in full.
    pub fn set_off(&mut self, supplier: SupplierIndex, bill: BillId, credit: BillId, total: Money) {
        self.set_off.entry(supplier).or_default().push((bill, credit, total));
    }

    /// An invoice went out, or a credit note when it is below zero. Nobody pays what no customer
    /// owes.
    pub fn is_owed(&mut self, due_on: Day, customer: Option<u32>, invoice: i64, gross: i64) {
        let Some(customer) = customer else { return };
        if gross > 0 {
            let invoiced = Invoiced { customer, invoice, gross };
            self.invoices.entry(due_on).or_default().push(invoiced);
        } else if gross < 0 {
            self.credits.entry(customer).or_default().push((invoice, gross));
        }
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
            if owed.state == BillState::Mismatch {
                accepted.push(ResolveMismatch {
                    bill_id: owed.bill,
                    lines: Vec::new(),
                    reason: "the buyer confirmed the billed price".to_owned(),
                });
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

    /// What customers pay on a day, one payment each, less what they were credited.
    fn due_from_customers(&mut self, day: Day) -> Result<Vec<ReceivePayment>, DemoError> {
        let mut by_customer: BTreeMap<u32, Vec<(i64, i64)>> = BTreeMap::new();
        for invoiced in due(&mut self.money.invoices, day) {
            let list = by_customer.entry(invoiced.customer).or_default();
            list.push((invoiced.invoice, invoiced.gross));
        }
        let mut payments = Vec::with_capacity(by_customer.len());
        for (customer, mut invoices) in by_customer {
            invoices.extend(self.money.waiting.remove(&customer).unwrap_or_default());
            let credits = self.money.credits.remove(&customer).unwrap_or_default();
            let total: i64 = invoices.iter().chain(&credits).map(|(_, gross)| gross).sum();
            if total <= 0 {
                self.money.waiting.insert(customer, invoices);
                self.money.credits.insert(customer, credits);
                continue;
            }
            self.tally.invoices_paid += invoices.len() as u64;
            let pounds = |minor| Money::new(minor, Currency::GBP);
            payments.push(ReceivePayment {
                partner_id: None,
                amount: pounds(total),
                allocations: invoices
                    .iter()
                    .chain(&credits)
                    .map(|(invoice, gross)| allocate("invoice", *invoice, pounds(*gross)))
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

fn allocate(kind: &str, id: i64, amount: Money) -> Allocate {
    Allocate { open: OpenRef { kind: kind.to_owned(), id }, amount: Some(amount) }
}
