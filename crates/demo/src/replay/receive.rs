//! Receiving: goods of suppliers arrive, and are kept for the orders that wait for them.

use std::collections::BTreeMap;

use base::{Day, Quantity};
use purchasing::{CloseShort, Outcome, Receive, ReceiveLine};
use sales::AllocateBackOrders;

use crate::read::ItemIndex;

use super::buy::{CaseAsPiece, due};
use super::sites::{FIRST, SiteIndex};
use super::{DemoError, Replay, clock, refused};

/// What came to each warehouse.
type Came = BTreeMap<SiteIndex, Vec<ItemIndex>>;

/// A delivery as it is received.
#[derive(Debug, Clone)]
struct Arrival {
    request: Receive,
    /// Lines of which the rest will not come, told with the last delivery.
    short: Vec<i64>,
}

impl Replay<'_> {
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
        let (mut requests, mut came) = (Vec::new(), Came::new());
        for (at, delivery) in arrivals {
            requests.push(self.arrival(at, delivery, day, &mut came)?);
        }
        let will = self.at(&self.frame.will, day, clock(5, 30))?;
        let anna = self.at(&self.frame.anna, day, clock(5, 35))?;
        let lee = self.at(&self.frame.lee, day, clock(5, 40))?;
        let waiting: Vec<AllocateBackOrders> = came
            .iter()
            .map(|(site, items)| AllocateBackOrders {
                warehouse_id: self.sites[*site].house.id(),
                item_ids: self.item_ids(items),
            })
            .collect();
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
            let mut allocated = Vec::new();
            for request in waiting.clone() {
                let kept = sales::allocate_back_orders(tx, &lee, request)
                    .map_err(refused("allocate back-orders"))?;
                allocated.extend(kept.lines);
            }
            Ok(allocated)
        })?;
        self.tally.receipts += count;
        for line in allocated {
            self.selling.is_to_ship(line.order_id);
        }
        for (site, items) in came.into_iter().filter(|(site, _)| *site != FIRST) {
            for item in items {
                self.sites[site].hidden.came(item);
            }
        }
        Ok(())
    }

    fn arrival(
        &mut self,
        at: usize,
        delivery: usize,
        day: Day,
        came: &mut Came,
    ) -> Result<Arrival, DemoError> {
        let order = &self.buying.orders[at];
        let supplier = &self.world.supplier(order.supplier).code;
        let name = format!("{supplier}/{}/{day}", order.reference);
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
        for goods in &goods.lines {
            let ordered = &order.lines[goods.line];
            let mut good = goods.arrives - goods.damaged;
            let mut in_full = goods.arrives >= ordered.quantity && goods.damaged == 0;
            // What is short is closed with the last delivery, and so would be what was not counted.
            if goods.arrives >= ordered.quantity {
                let item = ordered.item;
                let case = self.world.offer(item).map_or(1, |offer| offer.multiple);
                let code = &self.world.item(item).code;
                let names = [supplier, order.reference.as_str(), code];
                let hidden = &mut self.sites[order.site].hidden;
                let missed = hidden.came_in_cases(day, (item, good, case), &names);
                if missed > 0 {
                    good -= missed;
                    // The books have it short, and the report of the supplier with them.
                    in_full = false;
                    self.tally.cases_as_pieces += 1;
                    let known = CaseAsPiece {
                        order_id: order.id,
                        line: goods.line as i64 + 1,
                        pieces: missed,
                        note: format!("{name}/{}", goods.line + 1),
                    };
                    let cases = &mut self.buying.cases;
                    cases.entry((order.site, item)).or_default().push(known);
                }
            }
            if good > 0 {
                lines.push(line(goods.line, good, Outcome::Accepted, "")?);
            }
            if goods.damaged > 0 {
                self.tally.damaged += goods.damaged;
                let reason = "damaged on arrival";
                lines.push(line(goods.line, goods.damaged, Outcome::Quarantine, reason)?);
            }
            came.entry(order.site).or_default().push(ordered.item);
            self.tally.received_lines += 1;
            self.tally.received_pieces += goods.arrives;
            let on_time = day <= order.promised;
            self.tally.on_time_in_full += u64::from(in_full && on_time);
        }
        let last = delivery + 1 == order.supply.deliveries.len();
        let short = if last { order.short() } else { Vec::new() };
        self.tally.never_came += short.len() as u64;
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
}
