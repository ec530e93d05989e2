//! Ordering: anna writes, submits and sends orders to suppliers and notes what they promise; lee agrees
//! where her limit ends.

use base::{Day, PurchaseOrderId, Quantity};
use identity::{Ctx, Verdict};
use purchasing::{
    AcknowledgeOrder, ApproveOrder, CreateOrder, CreateOrders, OrderLine, OrderState, Promise,
    SendOrder, SubmitOrder,
};
use store::Tx;

use crate::supply::SupplierOrder;
use crate::world::World;

use super::buy::due;
use super::found::WAREHOUSE;
use super::{DemoError, Replay, clock, refused};

/// An order about to be placed.
#[derive(Debug, Clone)]
pub(super) struct Placing {
    order: CreateOrder,
    promised: Day,
}

impl Placing {
    pub(super) fn of(
        world: &World,
        order: &SupplierOrder<'_>,
        promised: Day,
    ) -> Result<Placing, DemoError> {
        let mut lines = Vec::with_capacity(order.lines.len());
        for line in order.lines {
            lines.push(OrderLine {
                sku: world.item(line.item).code.clone(),
                quantity: Quantity::from_units(line.quantity)?,
                unit: None,
                price: Some(line.price),
                discount: None,
                tax_code: String::new(),
                due_on: Some(promised),
            });
        }
        let supplier = world.supplier(order.supplier);
        Ok(Placing {
            order: CreateOrder {
                supplier: supplier.code.clone(),
                warehouse: WAREHOUSE.to_owned(),
                currency: Some(supplier.currency),
                ordered_on: Some(order.ordered_on),
                billing: None,
                lines,
                note: String::new(),
                client_ref: format!("{}/{}", supplier.code, order.reference),
            },
            promised,
        })
    }
}

/// Writes orders and sends them. Answers with how many lee had to agree to.
fn place(
    tx: &mut Tx<'_>,
    (anna, lee): (&Ctx, &Ctx),
    placings: &[Placing],
) -> Result<(Vec<PurchaseOrderId>, u64), DemoError> {
    let orders = placings.iter().map(|placing| placing.order.clone()).collect();
    let request = CreateOrders { orders, all_or_nothing: true };
    let made = purchasing::create_orders(tx, anna, request).map_err(refused("create order"))?;
    let (mut ids, mut agreed) = (Vec::with_capacity(made.len()), 0);
    for (made, placing) in made.into_iter().zip(placings) {
        let order_id = made.map_err(refused("create order"))?.order_id;
        let lines = placing.order.lines.len();
        agreed += u64::from(send_out(tx, (anna, lee), order_id, lines, placing.promised)?);
        ids.push(order_id);
    }
    Ok((ids, agreed))
}

/// Anna submits and sends an order that is written, and notes what is promised for all its lines.
/// Answers whether lee had to agree.
pub(super) fn send_out(
    tx: &mut Tx<'_>,
    (anna, lee): (&Ctx, &Ctx),
    order_id: PurchaseOrderId,
    lines: usize,
    promised_on: Day,
) -> Result<bool, DemoError> {
    let submitted = purchasing::submit_order(tx, anna, SubmitOrder { order_id })
        .map_err(refused("submit order"))?;
    let asked = submitted.state == OrderState::ToApprove;
    if asked {
        let request = ApproveOrder {
            order_id,
            revision: submitted.revision,
            verdict: Verdict::Approve,
            reason: String::new(),
        };
        purchasing::approve_order(tx, lee, request).map_err(refused("approve order"))?;
    }
    purchasing::send_order(tx, anna, SendOrder { order_id, recipient: None })
        .map_err(refused("send order"))?;
    let promise = |line| Promise { line, promised_on, quantity: None };
    let lines = (1..).take(lines).map(promise).collect();
    let promises = AcknowledgeOrder { order_id, lines, accept: false };
    purchasing::acknowledge_order(tx, anna, promises).map_err(refused("acknowledge"))?;
    Ok(asked)
}

impl Replay<'_> {
    /// Places orders in one transaction.
    fn place(
        &mut self,
        day: Day,
        minute: u16,
        placings: Vec<Placing>,
    ) -> Result<Vec<PurchaseOrderId>, DemoError> {
        let anna = self.at(&self.frame.anna, day, minute)?;
        let lee = self.at(&self.frame.lee, day, minute)?;
        let lines: usize = placings.iter().map(|placing| placing.order.lines.len()).sum();
        let (ids, agreed) = self.write(move |tx| place(tx, (&anna, &lee), &placings))?;
        self.tally.purchase_orders += ids.len() as u64;
        self.tally.purchase_lines += lines as u64;
        self.tally.approved_by_lee += agreed;
        Ok(ids)
    }

    /// Sends a planned launch order.
    pub(super) fn send_planned(&mut self, day: Day, at: usize) -> Result<(), DemoError> {
        let placing = self.planned(at)?;
        for id in self.place(day, clock(5, 0), vec![placing])? {
            self.know_planned(at, id);
        }
        Ok(())
    }

    /// Suppliers promise other days.
    pub(super) fn change_promises(
        &mut self,
        day: Day,
        planned: &[(usize, usize)],
    ) -> Result<(), DemoError> {
        let mut told: Vec<(usize, usize)> = planned
            .iter()
            .filter_map(|(at, change)| Some((*self.buying.planned.get(at)?, *change)))
            .collect();
        told.extend(due(&mut self.buying.changes, day));
        let requests: Vec<AcknowledgeOrder> = told
            .iter()
            .map(|(at, change)| {
                let order = &self.buying.orders[*at];
                let change = &order.supply.promise_changes[*change];
                let promised_on = change.promised_on;
                let line = change.line as i64 + 1;
                let lines = vec![Promise { line, promised_on, quantity: None }];
                AcknowledgeOrder { order_id: order.id, lines, accept: false }
            })
            .collect();
        if requests.is_empty() {
            return Ok(());
        }
        self.tally.promises_changed += requests.len() as u64;
        let anna = self.at(&self.frame.anna, day, clock(5, 10))?;
        self.write(move |tx| {
            for request in requests.clone() {
                purchasing::acknowledge_order(tx, &anna, request)
                    .map_err(refused("change promise"))?;
            }
            Ok(())
        })
    }
}
