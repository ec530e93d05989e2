//! C and A invoices: cancellations of what has not left, goods that come back, credited services, bad
//! debt.

use std::collections::BTreeMap;

use base::{Currency, Day, Money, Quantity};
use payments::{BookFee, Fee, FeeAccount, Through};
use sales::CancelLine;

use crate::classify::{Class, ServiceKind};
use crate::orders::{Invoice, InvoiceLine};

use super::customers::{Cancel, CustomersDay, Step};
use super::sell::OrderIndex;
use super::{DemoError, Replay};

impl Replay<'_> {
    /// A C invoice.
    pub(super) fn credit(
        &mut self,
        day: Day,
        at: usize,
        decided: &mut CustomersDay,
    ) -> Result<(), DemoError> {
        let invoice = &self.trade.invoices[at];
        self.fees(day, invoice, decided)?;
        let mut cancelled: BTreeMap<OrderIndex, BTreeMap<i64, i64>> = BTreeMap::new();
        let mut came = Vec::new();
        for line in invoice.lines.iter().filter(|line| line.class == Class::CreditedGoods) {
            let rest = self.cancelled(day, invoice, line, &mut cancelled);
            if rest > 0 {
                came.push((line.item, rest, line.price));
            }
        }
        if !cancelled.is_empty() {
            let cancels = self.cancels(&invoice.number.to_string(), &cancelled)?;
            let lee = self.at(&self.frame.lee, day, invoice.minute)?;
            let fay = self.at(&self.frame.fay, day, invoice.minute)?;
            decided.steps.push(Step::Cancel { lee, fay, cancels });
            for order in cancelled.keys() {
                self.selling.settle(*order);
            }
        }
        if !came.is_empty() {
            let new = self.new_customers(&[at])?;
            self.take(day, invoice.minute, (new, Vec::new()), decided)?;
            self.take_back(day, at, &came, decided)?;
        }
        self.services_of(day, at, decided)
    }

    /// What a paper cancels, order by order: pieces by line.
    fn cancels(
        &self,
        paper: &str,
        cancelled: &BTreeMap<OrderIndex, BTreeMap<i64, i64>>,
    ) -> Result<Vec<Cancel>, DemoError> {
        let mut cancels = Vec::with_capacity(cancelled.len());
        for (at, pieces) in cancelled {
            let mut lines = Vec::with_capacity(pieces.len());
            for (line, pieces) in pieces {
                let quantity = Some(Quantity::from_units(*pieces)?);
                lines.push(CancelLine { line: *line, quantity });
            }
            cancels.push(Cancel {
                at: *at,
                order_id: self.selling.orders.get(at).and_then(|order| order.order_id),
                lines,
                reason: format!("cancelled by the customer, {paper}"),
            });
        }
        Ok(cancels)
    }

    /// An A invoice: bad debt against receivables without a name.
    pub(super) fn bad_debt(
        &mut self,
        day: Day,
        at: usize,
        decided: &mut CustomersDay,
    ) -> Result<(), DemoError> {
        self.services_of(day, at, decided)
    }

    /// The services of an invoice as an order of their own, which leaves with the day's goods.
    fn services_of(
        &mut self,
        day: Day,
        at: usize,
        decided: &mut CustomersDay,
    ) -> Result<(), DemoError> {
        let minute = self.trade.invoices[at].minute;
        let asked = self.asked(at)?;
        let new = self.new_customers(&[at])?;
        self.take(day, minute, (new, asked.into_iter().collect()), decided)
    }

    /// Finds the pieces that a line takes back among the same customer's orders that have not left:
    /// those of the day with just as many first, then those of the day, then the oldest. Without a
    /// customer only web orders of the day at the same price count. Returns how many are left over:
    /// they have left and come back.
    fn cancelled(
        &mut self,
        day: Day,
        invoice: &Invoice,
        line: &InvoiceLine,
        cancels: &mut BTreeMap<OrderIndex, BTreeMap<i64, i64>>,
    ) -> i64 {
        let mut wanted = -line.quantity;
        let mut found: Vec<(u8, OrderIndex, usize)> = Vec::new();
        for (of, order) in &self.selling.orders {
            if order.customer != invoice.customer
                || (invoice.customer.is_none() && order.day != day)
            {
                continue;
            }
            for (at, open) in order.goods.iter().enumerate() {
                let fits = open.item == line.item
                    && open.open > 0
                    && open.sold
                    && (invoice.customer.is_some() || open.price == line.price);
                if fits {
                    let rank = match (order.day == day, open.open == wanted) {
                        (true, true) => 0,
                        (true, false) => 1,
                        (false, _) => 2,
                    };
                    found.push((rank, *of, at));
                }
            }
        }
        found.sort_unstable();
        let all = wanted;
        for (_, of, at) in found {
            let Some(order) = self.selling.orders.get_mut(&of) else { continue };
            let same_day = order.day == day;
            let open = &mut order.goods[at];
            let part = open.open.min(wanted);
            if part == 0 {
                continue;
            }
            open.open -= part;
            wanted -= part;
            *cancels.entry(of).or_default().entry(open.line).or_default() += part;
            self.tally.cancelled += part;
            if same_day {
                self.tally.cancelled_same_day += part;
                self.tally.sites[order.home].cancelled_same_day += part;
            }
        }
        self.tally.cancellation_lines += u64::from(wanted < all);
        self.tally.return_lines += u64::from(wanted > 0);
        self.tally.lines_split += u64::from(wanted > 0 && wanted < all);
        wanted
    }

    /// What channel and bank took, or gave back, of an invoice.
    pub(super) fn fees(
        &mut self,
        day: Day,
        invoice: &Invoice,
        decided: &mut CustomersDay,
    ) -> Result<(), DemoError> {
        for line in &invoice.lines {
            let (account, through) = match line.class {
                Class::Service(ServiceKind::ChannelFee) => {
                    (FeeAccount::ChannelFees, Through::Channel(self.frame.web))
                }
                Class::Service(ServiceKind::BankFee) if line.quantity < 0 => {
                    (FeeAccount::BankFees, Through::Bank)
                }
                _ => continue,
            };
            // Quantity times price is what we earn; a fee is what we pay.
            let cost = -line.net_minor()?;
            if cost == 0 {
                self.tally.services_of_nothing += 1;
                continue;
            }
            let fay = self.at(&self.frame.fay, day, invoice.minute)?;
            let net = Money::new(cost, Currency::GBP);
            let request = BookFee {
                through,
                fee: Fee { account, net, tax_code: None, tax: None },
                happened_on: Some(day),
                reference: invoice.number.to_string(),
                client_ref: format!("{}/{}", invoice.number, line.row),
                memo: String::new(),
            };
            decided.steps.push(Step::Fee { fay, request });
            self.tally.services_booked += 1;
            self.tally.fees += cost;
        }
        Ok(())
    }
}
