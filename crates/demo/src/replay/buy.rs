//! What the replay keeps of its orders to suppliers, and what comes of them when.

use std::collections::{BTreeMap, BTreeSet};

use base::{BillId, Day, PurchaseOrderId};

use crate::read::ItemIndex;
use crate::suppliers::SupplierIndex;
use crate::supply::{OrderedLine, SupplierOrder, Supply};

use super::sites::{FIRST, SiteIndex};
use super::{DemoError, Replay};

/// An order to a supplier on its way.
#[derive(Debug)]
pub(super) struct Order {
    pub id: PurchaseOrderId,
    pub supplier: SupplierIndex,
    pub reference: String,
    /// The warehouse that it is for.
    pub site: SiteIndex,
    pub lines: Vec<OrderedLine>,
    /// The day first promised.
    pub promised: Day,
    pub supply: Supply,
}

/// A line of an order of which a case was received as one piece.
#[derive(Debug, Clone)]
pub(super) struct CaseAsPiece {
    pub order_id: PurchaseOrderId,
    pub line: i64,
    /// What the receipt lacks.
    pub pieces: i64,
    /// The delivery note under which it is received after all.
    pub note: String,
}

/// What the replay keeps of its orders to suppliers.
#[derive(Debug, Default)]
pub(super) struct Buying {
    pub orders: Vec<Order>,
    /// Planned orders by their position in the world.
    pub planned: BTreeMap<usize, usize>,
    /// What comes of all other orders, by day: (order, position).
    pub changes: BTreeMap<Day, Vec<(usize, usize)>>,
    pub deliveries: BTreeMap<Day, Vec<(usize, usize)>>,
    pub bills: BTreeMap<Day, Vec<(usize, usize, usize)>>,
    /// Lines of which a case was received as one piece, by warehouse and item, until a count finds it.
    pub cases: BTreeMap<(SiteIndex, ItemIndex), Vec<CaseAsPiece>>,
    /// Items of which more was billed than received: they are counted.
    pub doubted: BTreeMap<SiteIndex, BTreeSet<ItemIndex>>,
    /// Bills entered twice, by the day on which the supplier credits them.
    pub credits: BTreeMap<Day, Vec<(usize, usize, usize, BillId)>>,
}

impl Replay<'_> {
    /// Remembers a planned order as placed; its supply comes by the calendar.
    pub(super) fn know_planned(&mut self, at: usize, id: PurchaseOrderId) {
        let planned = &self.world.planned_orders[at];
        self.buying.planned.insert(at, self.buying.orders.len());
        self.buying.orders.push(Order {
            id,
            supplier: planned.supplier,
            reference: planned.reference.clone(),
            site: FIRST,
            lines: planned.lines.clone(),
            promised: planned.due_on,
            supply: self.world.planned_supply[at].clone(),
        });
    }

    /// Remembers an order that was proposed, and what the supplier will make of it.
    pub(super) fn know_replenishment(
        &mut self,
        day: Day,
        site: SiteIndex,
        (supplier, lines, id): (SupplierIndex, Vec<OrderedLine>, PurchaseOrderId),
    ) -> Result<(), DemoError> {
        let reference = match site {
            FIRST => day.to_string(),
            _ => format!("{day}-{}", self.sites[site].house.code),
        };
        let reference = reference.as_str();
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
        self.buying.orders.push(Order { id, supplier, reference, site, lines, promised, supply });
        Ok(())
    }
}

impl Order {
    /// The numbers of the lines of which less comes than was ordered.
    pub fn short(&self) -> Vec<i64> {
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
