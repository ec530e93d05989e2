//! Goods go out: orders that lack some go to the warehouse that has them, what is kept leaves each
//! warehouse at the day's end, and fay invoices what is owed on terms.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::{Day, Id, SalesOrderId, WarehouseId};
use fulfilment::{RouteChoice, RouteOrders};
use identity::Ctx;
use sales::{ElementOutcome, InvoiceOrder, InvoiceOrders, Ship, ShipOrders};
use store::Tx;

use crate::orders::Channel;

use super::cancel::give_back;
use super::counts::pieces;
use super::found::{Frame, WEB, WHOLESALE};
use super::sell::ORDER;
use super::sites::{FIRST, SiteIndex};
use super::{DemoError, Replay, clock, refused};

/// What left one warehouse for one order.
#[derive(Debug)]
struct Left {
    order_id: SalesOrderId,
    from: SiteIndex,
    /// Pieces by line of goods, in their order; none for services alone.
    pieces: Vec<i64>,
    cost: i64,
    net: i64,
    invoice: Option<i64>,
}

/// An order at the dock.
#[derive(Debug, Clone, Copy)]
struct AtDock {
    order_id: SalesOrderId,
    wholesale: bool,
    services_alone: bool,
    gross: i64,
}

impl Replay<'_> {
    /// What orders lack and another warehouse has is kept there.
    pub(super) fn route(&mut self, day: Day) -> Result<(), DemoError> {
        let lee = self.at(&self.frame.lee, day, clock(20, 45))?;
        let routed = self.write(move |tx| {
            let mut routed = Vec::new();
            for channel in [WEB, WHOLESALE] {
                let mut cursor = None;
                loop {
                    let request = RouteOrders {
                        order_ids: Vec::new(),
                        waiting: Some(channel.to_owned()),
                        cursor,
                    };
                    let part = fulfilment::route(tx, &lee, request).map_err(refused("route"))?;
                    let done = |result: &fulfilment::RouteResult| {
                        (result.outcome == ElementOutcome::Done)
                            .then_some((result.order_id, result.choice))
                    };
                    routed.extend(part.results.iter().filter_map(done));
                    cursor = part.next_cursor;
                    if cursor.is_none() {
                        break;
                    }
                }
            }
            Ok(routed)
        })?;
        for (order_id, choice) in routed {
            self.tally.routed_elsewhere += u64::from(choice == Some(RouteChoice::Elsewhere));
            self.tally.routed_split += u64::from(choice == Some(RouteChoice::Split));
            self.selling.is_to_ship(order_id);
        }
        Ok(())
    }

    /// Everything that is kept leaves: will ships, and fay invoices what is owed on terms.
    pub(super) fn ship(&mut self, day: Day) -> Result<(), DemoError> {
        let waiting = std::mem::take(&mut self.selling.to_ship);
        let at_dock: Vec<AtDock> = waiting
            .into_iter()
            .filter_map(|at| {
                let order = self.selling.orders.get(&at)?;
                Some(AtDock {
                    order_id: order.order_id?,
                    wholesale: order.channel == Channel::Wholesale,
                    services_alone: order.has_no_goods(),
                    gross: order.gross,
                })
            })
            .collect();
        if at_dock.is_empty() {
            return Ok(());
        }
        let frame = Arc::clone(&self.frame);
        let warehouses: Vec<WarehouseId> = self.sites.iter().map(|site| site.house.id()).collect();
        let left = self.write(move |tx| leave(tx, &frame, day, &at_dock, &warehouses))?;
        for left in left {
            self.has_left(day, &left);
        }
        Ok(())
    }

    fn has_left(&mut self, day: Day, left: &Left) {
        self.tally.shipments += 1;
        self.tally.cost_of_sales += left.cost;
        self.tally.sold_net += left.net;
        let Some((at, order)) = self.selling.order(left.order_id) else { return };
        order.shipped = true;
        for (line, &pieces) in order.goods.iter_mut().zip(&left.pieces) {
            line.open -= pieces;
            self.tally.shipped_lines += u64::from(pieces > 0);
            if line.sold && pieces > 0 {
                let of = (order.customer, line.item);
                let from = (left.order_id, line.line);
                self.returning.has_left(of, from, pieces, line.price);
                let names = [
                    day.to_string(),
                    order.customer.map_or_else(String::new, |number| number.to_string()),
                    order.gross.to_string(),
                    line.line.to_string(),
                ];
                let names: Vec<&str> = names.iter().map(String::as_str).collect();
                self.sites[left.from].hidden.picked(day, line.item, pieces, &names);
                let site = &mut self.tally.sites[order.home];
                site.filled += if order.day == day { pieces } else { 0 };
                site.from_elsewhere += if left.from == order.home { 0 } else { pieces };
            }
            match (line.sold, order.day == day) {
                (true, true) => self.tally.shipped_same_day += pieces,
                (true, false) => self.tally.shipped_later += pieces,
                (false, _) => self.tally.free_shipped += pieces,
            }
        }
        if let Some(invoice) = left.invoice {
            self.tally.invoices += 1;
            self.money.is_owed(order.customer, invoice);
        }
        self.selling.settle(at);
    }
}

/// What is kept for orders: by warehouse and order, pieces by line of goods in their order.
type Kept = BTreeMap<(WarehouseId, SalesOrderId), Vec<i64>>;

/// Reads what is kept for orders. Lines are numbered as they were written, and each line of goods has
/// a demand, or one for each warehouse.
fn kept(tx: &mut Tx<'_>, will: &Ctx, orders: &[SalesOrderId]) -> Result<Kept, DemoError> {
    let owners: Vec<i64> = orders.iter().map(|order_id| order_id.raw()).collect();
    let demands = stock::demands_of(tx, will, ORDER, &owners)?;
    let mut lines: BTreeMap<i64, BTreeSet<i64>> = BTreeMap::new();
    for demand in &demands {
        lines.entry(demand.owner_id).or_default().insert(demand.line_id);
    }
    let mut kept = Kept::new();
    for demand in demands.iter().filter(|demand| demand.reserved.is_positive()) {
        let lines = &lines[&demand.owner_id];
        let of = (demand.warehouse_id, SalesOrderId::from_raw(demand.owner_id));
        let kept = kept.entry(of).or_insert_with(|| vec![0; lines.len()]);
        kept[lines.range(..demand.line_id).count()] += pieces(demand.reserved);
    }
    Ok(kept)
}

/// Ships everything that is kept for some orders, as one batch from each warehouse, and invoices those
/// on terms.
fn leave(
    tx: &mut Tx<'_>,
    frame: &Frame,
    day: Day,
    at_dock: &[AtDock],
    warehouses: &[WarehouseId],
) -> Result<Vec<Left>, DemoError> {
    let will = frame.at(&frame.will, day, clock(21, 0))?;
    let fay = frame.at(&frame.fay, day, clock(21, 10))?;
    let goods: Vec<SalesOrderId> =
        at_dock.iter().filter(|it| !it.services_alone).map(|it| it.order_id).collect();
    let kept = kept(tx, &will, &goods)?;
    let mut all = Vec::with_capacity(at_dock.len());
    for (from, warehouse_id) in warehouses.iter().enumerate() {
        let leaving: Vec<(&AtDock, Vec<i64>)> = at_dock
            .iter()
            .filter_map(|dock| match kept.get(&(*warehouse_id, dock.order_id)) {
                Some(pieces) => Some((dock, pieces.clone())),
                None => (dock.services_alone && from == FIRST).then(|| (dock, Vec::new())),
            })
            .collect();
        let shipment = |(dock, _): &(&AtDock, Vec<i64>)| Ship {
            order_id: dock.order_id,
            warehouse_id: (!dock.services_alone).then_some(*warehouse_id),
            lines: None,
            happened_on: Some(day),
            carrier: None,
            tracking: None,
            client_ref: None,
        };
        let shipments: Vec<Ship> = leaving.iter().map(shipment).collect();
        if shipments.is_empty() {
            continue;
        }
        let request = ShipOrders { shipments, all_or_nothing: true };
        let shipped = sales::ship_orders(tx, &will, request).map_err(refused("ship orders"))?;
        for ((dock, pieces), shipped) in leaving.into_iter().zip(shipped.results) {
            let Some(shipped) = shipped.shipment else { continue };
            let (cost, net) = (shipped.cost.minor, shipped.net.minor);
            if !dock.wholesale && dock.gross < 0 {
                give_back(tx, &fay, (frame.web, day), dock.order_id, -dock.gross)?;
            }
            let order_id = dock.order_id;
            all.push((dock.wholesale, Left { order_id, from, pieces, cost, net, invoice: None }));
        }
    }
    let on_terms: BTreeSet<SalesOrderId> =
        all.iter().filter(|(wholesale, _)| *wholesale).map(|(_, left)| left.order_id).collect();
    let mut invoices = invoice(tx, &fay, day, on_terms)?;
    let with_invoice = |(_, mut left): (bool, Left)| {
        left.invoice = invoices.remove(&left.order_id);
        left
    };
    Ok(all.into_iter().map(with_invoice).collect())
}

/// Invoices what has left of orders.
fn invoice(
    tx: &mut Tx<'_>,
    fay: &Ctx,
    day: Day,
    orders: BTreeSet<SalesOrderId>,
) -> Result<BTreeMap<SalesOrderId, i64>, DemoError> {
    let invoice = |order_id: &SalesOrderId| InvoiceOrder {
        order_id: *order_id,
        invoiced_on: Some(day),
        due_on: None,
        client_ref: None,
    };
    let request =
        InvoiceOrders { invoices: orders.iter().map(invoice).collect(), all_or_nothing: true };
    let invoiced = sales::invoice_orders(tx, fay, request).map_err(refused("invoice orders"))?;
    let invoices = orders.into_iter().zip(invoiced.results);
    Ok(invoices
        .filter_map(|(order_id, result)| Some((order_id, result.invoice?.invoice_id.raw())))
        .collect())
}
