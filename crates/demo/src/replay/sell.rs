//! Selling: orders are asked for, and what the replay keeps of them.

use std::collections::{BTreeMap, BTreeSet};

use accounting::Role;
use base::{Day, Price, Quantity, SalesOrderId};
use partners::NewPartner;
use sales::{AcceptLine, AcceptOrder, LineKind};

use crate::classify::{Class, ServiceKind};
use crate::orders::{Channel, InvoiceLine};
use crate::read::ItemIndex;
use crate::tax::sale_tax;

use super::customers::{CustomersDay, Order, Step};
use super::found::{OUTSIDE, WEB, WHOLESALE, customers, moment, signed};
use super::sites::{FIRST, SiteIndex};
use super::{DemoError, Replay};

/// An order, by the position of its paper in `Trade::invoices`.
pub(super) type OrderIndex = usize;

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
    /// None until the customers' day is booked.
    pub order_id: Option<SalesOrderId>,
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
    pub orders: BTreeMap<OrderIndex, OpenOrder>,
    pub by_day: BTreeMap<Day, BTreeSet<OrderIndex>>,
    /// Those that are booked.
    by_id: BTreeMap<SalesOrderId, OrderIndex>,
    /// Orders for which something may be kept.
    pub to_ship: BTreeSet<OrderIndex>,
    /// The warehouse from which the web shop sells.
    pub web_home: SiteIndex,
    known: BTreeSet<u32>,
}

impl Selling {
    /// An order is asked for.
    fn is_asked(&mut self, at: OrderIndex, order: OpenOrder) {
        self.by_day.entry(order.day).or_default().insert(at);
        self.to_ship.insert(at);
        self.orders.insert(at, order);
    }

    /// An order is in the books, and comes to so much with tax.
    pub fn is_booked(&mut self, at: OrderIndex, order_id: SalesOrderId, gross: i64) {
        // Cancelled on its day, it is done.
        if let Some(order) = self.orders.get_mut(&at) {
            order.order_id = Some(order_id);
            order.gross = gross;
            self.by_id.insert(order_id, at);
        }
    }

    /// The order with an id, unless it is done.
    pub fn order(&mut self, order_id: SalesOrderId) -> Option<(OrderIndex, &mut OpenOrder)> {
        let at = *self.by_id.get(&order_id)?;
        Some((at, self.orders.get_mut(&at)?))
    }

    /// Something may be kept for an order.
    pub fn is_to_ship(&mut self, order_id: SalesOrderId) {
        self.to_ship.extend(self.by_id.get(&order_id));
    }

    /// Forgets an order of which nothing is left.
    pub fn settle(&mut self, at: OrderIndex) {
        if let Some(order) = self.orders.get(&at).filter(|order| order.is_done()) {
            if let Some(of_day) = self.by_day.get_mut(&order.day) {
                of_day.remove(&at);
            }
            self.forget(at);
        }
    }

    /// Forgets an order.
    pub fn forget(&mut self, at: OrderIndex) -> Option<OpenOrder> {
        let order = self.orders.remove(&at)?;
        if let Some(order_id) = order.order_id {
            self.by_id.remove(&order_id);
        }
        Some(order)
    }
}

/// An order about to be accepted, with what is kept of it.
#[derive(Debug)]
pub(super) struct Asked {
    at: OrderIndex,
    order: AcceptOrder,
    open: OpenOrder,
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

    /// Orders are accepted one after the other; what web customers pay is captured at once.
    pub(super) fn accept(
        &mut self,
        day: Day,
        batch: &[OrderIndex],
        decided: &mut CustomersDay,
    ) -> Result<(), DemoError> {
        let new = self.new_customers(batch)?;
        let mut asked = Vec::with_capacity(batch.len());
        let mut last = 0;
        for at in batch {
            let invoice = &self.trade.invoices[*at];
            last = invoice.minute.max(last);
            self.fees(day, invoice, decided)?;
            match self.asked(*at)? {
                Some(order) => asked.push(order),
                None => self.tally.moves_nothing += 1,
            }
        }
        self.take(day, last, (new, asked), decided)
    }

    /// New customers and orders are taken together, and remembered.
    pub(super) fn take(
        &mut self,
        day: Day,
        minute: u16,
        (new, asked): (Vec<NewPartner>, Vec<Asked>),
        decided: &mut CustomersDay,
    ) -> Result<(), DemoError> {
        if asked.is_empty() && new.is_empty() {
            return Ok(());
        }
        let mut orders = Vec::with_capacity(asked.len());
        for Asked { at, order, open } in asked {
            let prepaid = open.channel == Channel::WebShop;
            self.tally.orders += 1;
            self.tally.orders_web += u64::from(prepaid);
            self.tally.orders_wholesale += u64::from(!prepaid);
            for line in &open.goods {
                self.tally.order_lines += 1;
                if line.sold {
                    self.tally.ordered += line.ordered;
                    self.tally.sites[open.home].ordered += line.ordered;
                } else {
                    self.tally.free_ordered += line.ordered;
                }
            }
            self.selling.is_asked(at, open);
            orders.push(Order { at, request: order, prepaid });
        }
        let lee = self.at(&self.frame.lee, day, minute)?;
        let fay = self.at(&self.frame.fay, day, minute)?;
        decided.steps.push(Step::Take { lee, fay, new, orders });
        Ok(())
    }

    /// The order that an invoice asks for; none when nothing of it is one.
    pub(super) fn asked(&mut self, at: OrderIndex) -> Result<Option<Asked>, DemoError> {
        let invoice = &self.trade.invoices[at];
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
        let open = OpenOrder {
            order_id: None,
            day,
            customer,
            channel,
            goods,
            services,
            home,
            shipped: false,
            gross: 0,
        };
        Ok(Some(Asked { at, order, open }))
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
