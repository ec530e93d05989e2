//! Selling: orders are accepted, and what is there is kept for them.

use std::collections::{BTreeMap, BTreeSet};

use accounting::Role;
use base::{Currency, Day, Id, Money, Price, Quantity, SalesOrderId};
use partners::{CreatePartners, NewPartner};
use payments::{Capture, Captures, PaymentAnswer};
use sales::{AcceptLine, AcceptOrder, AcceptOrders, ElementOutcome, LineKind};
use store::Tx;

use crate::classify::{Class, ServiceKind};
use crate::orders::{Channel, Invoice, InvoiceLine};
use crate::read::ItemIndex;
use crate::tax::sale_tax;

use super::found::{OUTSIDE, WEB, WHOLESALE, customers, moment, signed};
use super::sites::{FIRST, SiteIndex};
use super::{DemoError, Replay, refused};

/// The kind of the open line under which an order's deposit is kept.
pub(super) const ORDER: &str = "sales_order";

/// A line of goods of an order that is not done.
#[derive(Debug, Clone)]
pub(super) struct OpenLine {
    /// Its number in the order.
    pub line: i64,
    pub item: ItemIndex,
    /// Pieces neither shipped nor cancelled.
    pub open: i64,
    pub ordered: i64,
    pub price: Price,
    pub sold: bool,
}

/// An order that is not done.
#[derive(Debug, Clone)]
pub(super) struct OpenOrder {
    pub day: Day,
    pub customer: Option<u32>,
    pub channel: Channel,
    pub goods: Vec<OpenLine>,
    pub services: bool,
    /// The warehouse that it was to leave when it was taken.
    pub home: SiteIndex,
    pub shipped: bool,
    /// What it comes to with tax, in pence.
    pub gross: i64,
}

impl OpenOrder {
    /// Whether nothing is left to ship or cancel.
    fn is_done(&self) -> bool {
        self.goods.iter().all(|line| line.open == 0) && (self.shipped || !self.services)
    }

    pub fn has_no_goods(&self) -> bool {
        self.goods.is_empty()
    }
}

/// What the replay keeps of its customers' orders.
#[derive(Debug, Default)]
pub(super) struct Selling {
    pub orders: BTreeMap<SalesOrderId, OpenOrder>,
    pub by_day: BTreeMap<Day, BTreeSet<SalesOrderId>>,
    /// Orders for which something may be kept.
    pub to_ship: BTreeSet<SalesOrderId>,
    /// The warehouse from which the web shop sells.
    pub web_home: SiteIndex,
    known: BTreeSet<u32>,
}

impl Selling {
    /// Something may be kept for an order.
    pub fn is_to_ship(&mut self, order_id: SalesOrderId) {
        self.to_ship.insert(order_id);
    }

    /// Forgets an order of which nothing is left.
    pub fn settle(&mut self, order_id: SalesOrderId) {
        if let Some(order) = self.orders.get(&order_id).filter(|order| order.is_done()) {
            if let Some(ids) = self.by_day.get_mut(&order.day) {
                ids.remove(&order_id);
            }
            self.orders.remove(&order_id);
        }
    }
}

/// An order about to be accepted, with what is kept of it.
#[derive(Debug, Clone)]
pub(super) struct Asked {
    pub order: AcceptOrder,
    pub open: OpenOrder,
}

impl Replay<'_> {
    /// Customers that are seen for the first time.
    pub(super) fn new_customers(&mut self, batch: &[usize]) -> Result<Vec<NewPartner>, DemoError> {
        let mut new = Vec::new();
        for at in batch {
            let invoice = &self.trade.invoices[*at];
            if let Some(number) = invoice.customer
                && self.selling.known.insert(number)
            {
                new.push((number, self.data.country(invoice.country)));
            }
        }
        self.tally.customers += new.len() as u64;
        customers(new.into_iter())
    }

    /// Accepts orders one after the other; what web customers pay is captured at once.
    pub(super) fn accept(&mut self, day: Day, batch: &[usize]) -> Result<(), DemoError> {
        let new = self.new_customers(batch)?;
        let mut asked = Vec::with_capacity(batch.len());
        let mut last = 0;
        for at in batch {
            let invoice = &self.trade.invoices[*at];
            last = invoice.minute.max(last);
            self.fees(day, invoice)?;
            match self.asked(invoice)? {
                Some(order) => asked.push(order),
                None => self.tally.moves_nothing += 1,
            }
        }
        self.take(day, last, new, asked)
    }

    /// Takes orders in one transaction and remembers them.
    pub(super) fn take(
        &mut self,
        day: Day,
        minute: u16,
        new: Vec<NewPartner>,
        asked: Vec<Asked>,
    ) -> Result<(), DemoError> {
        if asked.is_empty() && new.is_empty() {
            return Ok(());
        }
        let lee = self.at(&self.frame.lee, day, minute)?;
        let fay = self.at(&self.frame.fay, day, minute)?;
        let web = self.frame.web;
        let orders: Vec<AcceptOrder> = asked.iter().map(|asked| asked.order.clone()).collect();
        let prepaid: Vec<bool> =
            asked.iter().map(|asked| asked.open.channel == Channel::WebShop).collect();
        let made = self.write(move |tx| {
            if !new.is_empty() {
                let request = CreatePartners { partners: new.clone(), all_or_nothing: true };
                partners::create_partners(tx, &lee, request).map_err(refused("new customers"))?;
            }
            let request = AcceptOrders { orders: orders.clone(), all_or_nothing: true };
            let results =
                sales::accept_orders(tx, &lee, request).map_err(refused("accept orders"))?;
            let made: Vec<(SalesOrderId, i64)> = results
                .results
                .into_iter()
                .filter(|result| result.outcome != ElementOutcome::Refused)
                .filter_map(|result| {
                    Some((result.order.as_ref()?.order_id, result.order?.gross.minor))
                })
                .collect();
            capture(tx, &fay, web, day, &made, &prepaid)?;
            Ok(made)
        })?;
        for (asked, (order_id, gross)) in asked.into_iter().zip(made) {
            let mut open = asked.open;
            open.gross = gross;
            self.tally.orders += 1;
            match open.channel {
                Channel::Wholesale => self.tally.orders_wholesale += 1,
                Channel::WebShop => self.tally.orders_web += 1,
            }
            if open.channel == Channel::WebShop && gross > 0 {
                self.tally.captured += gross;
            }
            for line in &open.goods {
                self.tally.order_lines += 1;
                if line.sold {
                    self.tally.ordered += line.ordered;
                    self.tally.sites[open.home].ordered += line.ordered;
                } else {
                    self.tally.free_ordered += line.ordered;
                }
            }
            self.selling.by_day.entry(day).or_default().insert(order_id);
            self.selling.to_ship.insert(order_id);
            self.selling.orders.insert(order_id, open);
        }
        Ok(())
    }

    /// The order that an invoice asks for; none when nothing of it is one.
    pub(super) fn asked(&mut self, invoice: &Invoice) -> Result<Option<Asked>, DemoError> {
        let country = self.data.country(invoice.country);
        let tax = sale_tax(country, invoice.customer.is_some(), invoice.day).code;
        let (mut lines, mut goods, mut services) = (Vec::new(), Vec::new(), false);
        for line in &invoice.lines {
            let item = self.world.item(line.item);
            let sku = item.code.clone();
            let accepted = match line.class {
                Class::Goods => AcceptLine {
                    price: Some(line.price),
                    ..goods_line(sku, line.quantity, LineKind::Goods, tax)?
                },
                Class::FreeGoods => goods_line(sku, line.quantity, LineKind::Free, tax)?,
                Class::Service(kind) => {
                    self.tally.services += 1;
                    match self.service_line(sku, line, kind, tax)? {
                        Some(line) => {
                            services = true;
                            line
                        }
                        None => continue,
                    }
                }
                Class::StockNote | Class::CreditedGoods | Class::Unread(_) => continue,
            };
            lines.push(accepted);
            if matches!(line.class, Class::Goods | Class::FreeGoods) {
                goods.push(OpenLine {
                    line: lines.len() as i64,
                    item: line.item,
                    open: line.quantity,
                    ordered: line.quantity,
                    price: line.price,
                    sold: line.class == Class::Goods,
                });
            }
        }
        if lines.is_empty() {
            return Ok(None);
        }
        // What a bad-debt adjustment changes is owed, so it goes the way of invoices.
        let bad_debt = invoice.number.kind == crate::read::InvoiceKind::BadDebt;
        let channel = if bad_debt { Channel::Wholesale } else { invoice.channel() };
        let order = AcceptOrder {
            channel: if channel == Channel::Wholesale { WHOLESALE } else { WEB }.to_owned(),
            external_ref: Some(invoice.number.to_string()),
            partner: invoice.customer.map(|number| number.to_string()),
            country: Some(country.to_owned()),
            ordered_on: Some(invoice.day),
            ordered_at: Some(moment(invoice.day, invoice.minute, &self.frame.lee.zone)?),
            lines,
            ..AcceptOrder::default()
        };
        let (day, customer) = (invoice.day, invoice.customer);
        let home = if channel == Channel::WebShop { self.selling.web_home } else { FIRST };
        let shipped = false;
        let open = OpenOrder { day, customer, channel, goods, services, home, shipped, gross: 0 };
        Ok(Some(Asked { order, open }))
    }

    /// A service as a line of its order: what is given back has a price below zero. None for what
    /// moves no money, and for fees, which channel and bank take by themselves.
    fn service_line(
        &mut self,
        sku: String,
        line: &InvoiceLine,
        kind: ServiceKind,
        tax: &str,
    ) -> Result<Option<AcceptLine>, DemoError> {
        let fee =
            kind == ServiceKind::ChannelFee || (kind == ServiceKind::BankFee && line.quantity < 0);
        if fee || line.quantity == 0 {
            return Ok(None);
        }
        if line.net_minor()? == 0 {
            self.tally.services_of_nothing += 1;
            return Ok(None);
        }
        self.tally.services_booked += 1;
        let price = signed(line.price, line.quantity < 0);
        let below = price < Price::ZERO;
        let (of, role) = match kind {
            ServiceKind::ShippingIncome => (LineKind::Charge, Role::ShippingIncome),
            ServiceKind::BankFee => (LineKind::Charge, Role::BankFees),
            ServiceKind::ChannelFee => (LineKind::Charge, Role::ChannelFees),
            ServiceKind::Discount if below => (LineKind::Discount, Role::Discounts),
            ServiceKind::Discount => (LineKind::Service, Role::Discounts),
            ServiceKind::Manual if below => (LineKind::Service, Role::SalesAllowances),
            ServiceKind::Manual => (LineKind::Service, Role::Revenue),
            ServiceKind::Samples => (LineKind::Service, Role::Samples),
            ServiceKind::Voucher => (LineKind::Service, Role::VoucherLiability),
            ServiceKind::Commission => (LineKind::Service, Role::Commission),
            ServiceKind::BadDebt => (LineKind::Service, Role::BadDebt),
        };
        let tax = if kind == ServiceKind::BadDebt { OUTSIDE } else { tax };
        Ok(Some(AcceptLine {
            kind: Some(of),
            sku: Some(sku),
            quantity: Quantity::from_units(line.quantity.abs())?,
            price: Some(price),
            tax_code: Some(tax.to_owned()),
            role: Some(role),
            ..AcceptLine::default()
        }))
    }
}

fn goods_line(
    sku: String,
    pieces: i64,
    kind: LineKind,
    tax: &str,
) -> Result<AcceptLine, DemoError> {
    Ok(AcceptLine {
        kind: Some(kind),
        sku: Some(sku),
        quantity: Quantity::from_units(pieces)?,
        tax_code: Some(tax.to_owned()),
        ..AcceptLine::default()
    })
}

/// Captures what web customers paid for their orders.
fn capture(
    tx: &mut Tx<'_>,
    fay: &identity::Ctx,
    web: i64,
    day: Day,
    made: &[(SalesOrderId, i64)],
    prepaid: &[bool],
) -> Result<(), DemoError> {
    let captures: Vec<Capture> = made
        .iter()
        .zip(prepaid)
        .filter(|((_, gross), prepaid)| **prepaid && *gross > 0)
        .map(|((order_id, gross), _)| Capture {
            happened_on: Some(day),
            method: "card".to_owned(),
            ..Capture::new(web, ORDER, order_id.raw(), Money::new(*gross, Currency::GBP))
        })
        .collect();
    if captures.is_empty() {
        return Ok(());
    }
    let answers = payments::capture_all(tx, fay, Captures { captures, all_or_nothing: true })
        .map_err(refused("capture"))?;
    debug_assert!(!answers.iter().any(|it| matches!(it, PaymentAnswer::Refused { .. })));
    Ok(())
}
