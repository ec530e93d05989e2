//! Buying: orders to suppliers from proposal to paid bill, and when to order.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::{BillId, Day, ItemId, PurchaseOrderId, Quantity};
use identity::{Ctx, Verdict};
use purchasing::{
    AcknowledgeOrder, ApproveOrder, Bill, BillGoods, BillState, CloseShort, CreateOrder,
    CreateOrders, CreditGoods, CreditNote, MatchState, OrderLine, OrderState, Outcome, Promise,
    Receive, ReceiveLine, SendOrder, SubmitOrder,
};
use sales::AllocateBackOrders;
use store::Tx;

use crate::levels::{LevelInputs, Levels, is_turn_of, levels, order_quantity};
use crate::suppliers::SupplierIndex;
use crate::supply::{OrderedLine, SupplierOrder, Supply};
use crate::world::World;

use super::found::{Frame, WAREHOUSE};
use super::{DemoError, Replay, clock, refused};

/// After how many days a supplier credits what it billed twice.
const CREDIT_DAYS: i64 = 10;

/// An order to a supplier on its way.
#[derive(Debug)]
pub(super) struct Order {
    id: PurchaseOrderId,
    supplier: SupplierIndex,
    reference: String,
    lines: Vec<OrderedLine>,
    /// The day first promised.
    promised: Day,
    supply: Supply,
}

/// What the replay keeps of its orders to suppliers.
#[derive(Debug, Default)]
pub(super) struct Buying {
    orders: Vec<Order>,
    /// Planned orders by their position in the world.
    planned: BTreeMap<usize, usize>,
    /// What comes of all other orders, by day: (order, position).
    changes: BTreeMap<Day, Vec<(usize, usize)>>,
    deliveries: BTreeMap<Day, Vec<(usize, usize)>>,
    bills: BTreeMap<Day, Vec<(usize, usize, usize)>>,
    /// Bills entered twice, by the day on which the supplier credits them.
    credits: BTreeMap<Day, Vec<(usize, usize, usize, BillId)>>,
}

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

/// Anna writes, submits and sends the orders and notes what is promised; lee agrees where her limit
/// ends.
fn place(
    tx: &mut Tx<'_>,
    anna: &Ctx,
    lee: &Ctx,
    placings: &[Placing],
) -> Result<(Vec<PurchaseOrderId>, u64), DemoError> {
    let orders = placings.iter().map(|placing| placing.order.clone()).collect();
    let request = CreateOrders { orders, all_or_nothing: true };
    let made = purchasing::create_orders(tx, anna, request).map_err(refused("create order"))?;
    let (mut ids, mut asked) = (Vec::with_capacity(made.len()), 0);
    for (made, placing) in made.into_iter().zip(placings) {
        let order_id = made.map_err(refused("create order"))?.order_id;
        let submitted = purchasing::submit_order(tx, anna, SubmitOrder { order_id })
            .map_err(refused("submit order"))?;
        if submitted.state == OrderState::ToApprove {
            asked += 1;
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
        let lines = (1..)
            .zip(&placing.order.lines)
            .map(|(line, _)| Promise { line, promised_on: placing.promised, quantity: None })
            .collect();
        let promises = AcknowledgeOrder { order_id, lines, accept: false };
        purchasing::acknowledge_order(tx, anna, promises).map_err(refused("acknowledge"))?;
        ids.push(order_id);
    }
    Ok((ids, asked))
}

/// A delivery as it is received.
#[derive(Debug, Clone)]
struct Arrival {
    request: Receive,
    /// Lines of which the rest will not come, told with the last delivery.
    short: Vec<i64>,
}

impl Replay<'_> {
    /// Places orders in one transaction.
    pub(super) fn place(
        &mut self,
        day: Day,
        minute: u16,
        placings: Vec<Placing>,
    ) -> Result<Vec<PurchaseOrderId>, DemoError> {
        let anna = self.at(&self.frame.anna, day, minute)?;
        let lee = self.at(&self.frame.lee, day, minute)?;
        let lines: usize = placings.iter().map(|placing| placing.order.lines.len()).sum();
        let (ids, asked) = self.write(move |tx| place(tx, &anna, &lee, &placings))?;
        self.tally.purchase_orders += ids.len() as u64;
        self.tally.purchase_lines += lines as u64;
        self.tally.approved_by_lee += asked;
        Ok(ids)
    }

    /// Remembers a planned order as placed; its supply comes by the calendar.
    pub(super) fn know_planned(&mut self, at: usize, id: PurchaseOrderId) {
        let planned = &self.world.planned_orders[at];
        self.buying.planned.insert(at, self.buying.orders.len());
        self.buying.orders.push(Order {
            id,
            supplier: planned.supplier,
            reference: planned.reference.clone(),
            lines: planned.lines.clone(),
            promised: planned.due_on,
            supply: self.world.planned_supply[at].clone(),
        });
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

    /// Goods arrive, and are kept for the orders that wait for them.
    pub(super) fn receive(
        &mut self,
        day: Day,
        planned: &[(usize, usize)],
    ) -> Result<(), DemoError> {
        // Promises that others change by today are told before goods come.
        self.change_promises(day, &[])?;
        let mut arrivals: Vec<(usize, usize)> = planned
            .iter()
            .filter_map(|(at, delivery)| Some((*self.buying.planned.get(at)?, *delivery)))
            .collect();
        arrivals.extend(due(&mut self.buying.deliveries, day));
        if arrivals.is_empty() {
            return Ok(());
        }
        let (mut requests, mut items) = (Vec::new(), BTreeSet::new());
        for (at, delivery) in arrivals {
            requests.push(self.arrival(at, delivery, day, &mut items)?);
        }
        let will = self.at(&self.frame.will, day, clock(5, 30))?;
        let anna = self.at(&self.frame.anna, day, clock(5, 35))?;
        let lee = self.at(&self.frame.lee, day, clock(5, 40))?;
        let warehouse_id = self.frame.warehouse.warehouse_id;
        let count = requests.len() as u64;
        let allocated = self.write(move |tx| {
            for arrival in requests.clone() {
                let order_id = arrival.request.order_id;
                purchasing::receive(tx, &will, arrival.request).map_err(refused("receive"))?;
                if !arrival.short.is_empty() {
                    let reason = "the supplier delivered short".to_owned();
                    let short = CloseShort { order_id, lines: arrival.short, reason };
                    purchasing::close_short(tx, &anna, short).map_err(refused("close short"))?;
                }
            }
            let item_ids = items.iter().copied().collect();
            sales::allocate_back_orders(tx, &lee, AllocateBackOrders { warehouse_id, item_ids })
                .map_err(refused("allocate back-orders"))
        })?;
        self.tally.receipts += count;
        for line in allocated.lines {
            self.selling.is_to_ship(line.order_id);
        }
        Ok(())
    }

    fn arrival(
        &mut self,
        at: usize,
        delivery: usize,
        day: Day,
        items: &mut BTreeSet<ItemId>,
    ) -> Result<Arrival, DemoError> {
        let order = &self.buying.orders[at];
        let goods = &order.supply.deliveries[delivery];
        let mut lines = Vec::new();
        let line = |line: usize, pieces: i64, outcome: Outcome, reason: &str| {
            Ok::<_, DemoError>(ReceiveLine {
                line: line as i64 + 1,
                quantity: Quantity::from_units(pieces)?,
                unit: None,
                outcome,
                lot: None,
                expires_on: None,
                place: None,
                reason: reason.to_owned(),
                evidence: Vec::new(),
            })
        };
        for came in &goods.lines {
            let ordered = &order.lines[came.line];
            let good = came.arrives - came.damaged;
            if good > 0 {
                lines.push(line(came.line, good, Outcome::Accepted, "")?);
            }
            if came.damaged > 0 {
                self.tally.damaged += came.damaged;
                let reason = "damaged on arrival";
                lines.push(line(came.line, came.damaged, Outcome::Quarantine, reason)?);
            }
            items.insert(self.frame.items[ordered.item.0]);
            self.tally.received_lines += 1;
            self.tally.received_pieces += came.arrives;
            let in_full = came.arrives >= ordered.quantity && came.damaged == 0;
            let on_time = day <= order.promised;
            self.tally.on_time_in_full += u64::from(in_full && on_time);
        }
        let last = delivery + 1 == order.supply.deliveries.len();
        let short = if last { order.short() } else { Vec::new() };
        self.tally.never_came += short.len() as u64;
        let supplier = &self.world.supplier(order.supplier).code;
        let name = format!("{supplier}/{}/{day}", order.reference);
        let request = Receive {
            order_id: order.id,
            received_on: Some(day),
            delivery_note: name.clone(),
            lines,
            confirm_over: true,
            client_ref: name,
        };
        Ok(Arrival { request, short })
    }

    /// Suppliers bill, and credit what they had billed twice.
    pub(super) fn bill(
        &mut self,
        day: Day,
        planned: &[(usize, usize, usize)],
    ) -> Result<(), DemoError> {
        let mut papers: Vec<(usize, usize, usize)> = planned
            .iter()
            .filter_map(|(at, goods, bill)| Some((*self.buying.planned.get(at)?, *goods, *bill)))
            .collect();
        papers.extend(due(&mut self.buying.bills, day));
        let credits = due(&mut self.buying.credits, day);
        if papers.is_empty() && credits.is_empty() {
            return Ok(());
        }
        let bills =
            papers.iter().map(|paper| self.bill_of(*paper)).collect::<Result<Vec<_>, _>>()?;
        let notes = credits
            .iter()
            .map(|(at, goods, bill, _)| self.credit_note_of((*at, *goods, *bill), day))
            .collect::<Result<Vec<_>, _>>()?;
        let fay = self.at(&self.frame.fay, day, clock(5, 50))?;
        let (billed, credited) = self.write(move |tx| {
            let mut billed = Vec::with_capacity(bills.len());
            for bill in bills.clone() {
                billed.push(purchasing::bill(tx, &fay, bill).map_err(refused("bill"))?);
            }
            let mut credited = Vec::with_capacity(notes.len());
            for note in notes.clone() {
                let note = purchasing::credit_note(tx, &fay, note);
                credited.push(note.map_err(refused("credit note"))?);
            }
            Ok((billed, credited))
        })?;
        for (paper, billed) in papers.into_iter().zip(billed) {
            self.tally.bills += 1;
            self.tally.bills_matched += u64::from(billed.state == BillState::Matched);
            self.tally.bill_lines += billed.matches.len() as u64;
            let matched = billed.matches.iter().filter(|state| **state == MatchState::Matched);
            self.tally.bill_lines_matched += matched.count() as u64;
            let order = &self.buying.orders[paper.0];
            let bill = &order.supply.deliveries[paper.1].bills[paper.2];
            if bill.repeats {
                let on = crate::open_days::open_on_or_after(day.plus(CREDIT_DAYS)?)?;
                let (at, goods, paper) = paper;
                let known = (at, goods, paper, billed.bill_id);
                self.buying.credits.entry(on).or_default().push(known);
                self.tally.billed_twice += 1;
            } else {
                let state = billed.state;
                self.money.owe(bill.due_on, order.supplier, billed.bill_id, billed.total, state);
            }
        }
        for ((at, _, _, bill_id), credited) in credits.into_iter().zip(credited) {
            self.tally.credit_notes += 1;
            let supplier = self.buying.orders[at].supplier;
            self.money.set_off(supplier, bill_id, credited.bill_id, credited.total.negate());
        }
        Ok(())
    }

    fn bill_of(&self, (at, goods, bill): (usize, usize, usize)) -> Result<Bill, DemoError> {
        let order = &self.buying.orders[at];
        let paper = &order.supply.deliveries[goods].bills[bill];
        let line = |line: &crate::supply::BilledLine| {
            Ok(BillGoods {
                order_id: order.id,
                line: line.line as i64 + 1,
                quantity: Some(Quantity::from_units(line.quantity)?),
                unit: None,
                price: Some(line.price),
                tax_code: None,
                correction: false,
            })
        };
        let supplier = self.world.supplier(order.supplier);
        Ok(Bill {
            supplier: supplier.code.clone(),
            reference: paper.number.clone(),
            billed_on: Some(paper.day),
            due_on: Some(paper.due_on),
            currency: Some(supplier.currency),
            goods: paper.lines.iter().map(line).collect::<Result<Vec<_>, DemoError>>()?,
            expenses: Vec::new(),
            confirm_duplicate: false,
            note: String::new(),
            client_ref: paper.number.clone(),
        })
    }

    fn credit_note_of(
        &self,
        (at, goods, bill): (usize, usize, usize),
        day: Day,
    ) -> Result<CreditNote, DemoError> {
        let order = &self.buying.orders[at];
        let paper = &order.supply.deliveries[goods].bills[bill];
        let line = |line: &crate::supply::BilledLine| {
            Ok(CreditGoods {
                order_id: order.id,
                line: line.line as i64 + 1,
                quantity: Some(Quantity::from_units(line.quantity)?),
                unit: None,
                price: Some(line.price),
                tax_code: None,
            })
        };
        Ok(CreditNote {
            supplier: self.world.supplier(order.supplier).code.clone(),
            reference: format!("{}-CREDIT", paper.number),
            credited_on: Some(day),
            goods: paper.lines.iter().map(line).collect::<Result<Vec<_>, DemoError>>()?,
            confirm_duplicate: false,
            note: "billed twice".to_owned(),
            client_ref: format!("{}-CREDIT", paper.number),
        })
    }

    /// Orders what has fallen below its minimum from the suppliers whose turn it is, one order each.
    pub(super) fn replenish(&mut self, day: Day) -> Result<(), DemoError> {
        let mut kept: Vec<(ItemId, usize, Levels)> = Vec::new();
        for (at, offer) in self.world.offers.iter().enumerate() {
            if !is_turn_of(offer.supplier, day)? {
                continue;
            }
            let (demand, days) = self.demand.before(offer.item, day)?;
            let levels = levels(LevelInputs {
                demand,
                days,
                lead_days: offer.lead_days,
                minimum: offer.minimum,
                multiple: offer.multiple,
            })?;
            if levels.min > 0 {
                kept.push((self.frame.items[offer.item.0], at, levels));
            }
        }
        if kept.is_empty() {
            return Ok(());
        }
        let frame = Arc::clone(&self.frame);
        let positions = self.look(move |tx| positions(tx, &frame, &kept))?;
        let mut wanted: BTreeMap<SupplierIndex, Vec<OrderedLine>> = BTreeMap::new();
        for (at, levels, position) in positions {
            let offer = &self.world.offers[at];
            let quantity = order_quantity(levels, position, (offer.minimum, offer.multiple))?;
            if quantity > 0 {
                let line = OrderedLine { item: offer.item, quantity, price: offer.price };
                wanted.entry(offer.supplier).or_default().push(line);
            }
        }
        if wanted.is_empty() {
            return Ok(());
        }
        let reference = day.to_string();
        let mut placings = Vec::new();
        for (supplier, lines) in &wanted {
            let order = SupplierOrder {
                supplier: *supplier,
                reference: &reference,
                ordered_on: day,
                lines,
            };
            let promised = self.world.promised_on(*supplier, day)?;
            placings.push(Placing::of(self.world, &order, promised)?);
        }
        let ids = self.place(day, clock(22, 30), placings)?;
        self.tally.replenishment_orders += ids.len() as u64;
        for ((supplier, lines), id) in wanted.into_iter().zip(ids) {
            self.know_replenishment(day, &reference, (supplier, lines, id))?;
        }
        Ok(())
    }

    fn know_replenishment(
        &mut self,
        day: Day,
        reference: &str,
        (supplier, lines, id): (SupplierIndex, Vec<OrderedLine>, PurchaseOrderId),
    ) -> Result<(), DemoError> {
        let order = SupplierOrder { supplier, reference, ordered_on: day, lines: &lines };
        let supply = self.world.supply(&order, self.world.arrives_on(&order)?)?;
        let at = self.buying.orders.len();
        for (change, told) in supply.promise_changes.iter().enumerate() {
            self.buying.changes.entry(told.told_on).or_default().push((at, change));
        }
        for (delivery, goods) in supply.deliveries.iter().enumerate() {
            self.buying.deliveries.entry(goods.day).or_default().push((at, delivery));
            for (bill, paper) in goods.bills.iter().enumerate() {
                self.buying.bills.entry(paper.day).or_default().push((at, delivery, bill));
            }
        }
        let promised = self.world.promised_on(supplier, day)?;
        let reference = reference.to_owned();
        self.buying.orders.push(Order { id, supplier, reference, lines, promised, supply });
        Ok(())
    }
}

impl Order {
    /// The numbers of the lines of which less comes than was ordered.
    fn short(&self) -> Vec<i64> {
        let mut comes = vec![0; self.lines.len()];
        for line in self.supply.deliveries.iter().flat_map(|delivery| &delivery.lines) {
            comes[line.line] += line.arrives;
        }
        let lines = (1..).zip(self.lines.iter().zip(comes));
        lines
            .filter(|(_, (line, comes))| *comes < line.quantity)
            .map(|(number, _)| number)
            .collect()
    }
}

/// What is due by a day, oldest first.
pub(super) fn due<T>(by_day: &mut BTreeMap<Day, Vec<T>>, day: Day) -> Vec<T> {
    let mut found = Vec::new();
    while let Some(entry) = by_day.first_entry() {
        if *entry.key() > day {
            break;
        }
        found.extend(entry.remove());
    }
    found
}

/// Stock on hand and on order, less what is owed, in whole pieces.
fn positions(
    tx: &mut Tx<'_>,
    frame: &Frame,
    kept: &[(ItemId, usize, Levels)],
) -> Result<Vec<(usize, Levels, i64)>, DemoError> {
    let items: Vec<ItemId> = kept.iter().map(|(item, ..)| *item).collect();
    let warehouse = Some(frame.warehouse.warehouse_id);
    let company_id = frame.lee.company_id;
    let found =
        stock::availability(tx, company_id, warehouse, &items).map_err(refused("availability"))?;
    let position = |(item, at, levels): &(ItemId, usize, Levels)| {
        let projected = found.get(item).map_or(Quantity::ZERO, |found| found.projected);
        (*at, *levels, projected.micro() / Quantity::MICRO)
    };
    Ok(kept.iter().map(position).collect())
}
