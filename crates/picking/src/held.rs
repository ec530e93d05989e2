//! Lists with their lines, held while something of them changes.
//!
//! A list guards its lines. It is held before the demands that its lines are for, so that a picker and
//! whoever ships or cancels never wait for each other.

use crate::model::{Line, List, Spot};
use crate::rules::{self, Holds};
use crate::tables::{self, Named};
use base::{DemandId, Id, NumberError, PickLineId, PickListId, Quantity, SalesOrderId};
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use stock::{Pick, Standing};
use store::{StoreError, Tx};

/// Lists, what is on them, and what is kept for that.
#[derive(Debug, Default)]
pub(crate) struct Held {
    lists: BTreeMap<PickListId, List>,
    /// List by list, in the order of their numbers.
    pub lines: Vec<Named>,
    /// The open demands of the lines.
    pub demands: BTreeMap<DemandId, Standing>,
    kept: BTreeMap<Spot, Pick>,
    lines_before: BTreeMap<PickLineId, Line>,
    lists_before: BTreeMap<PickListId, List>,
}

impl Held {
    /// Holds lists, and the demands of their lines.
    pub(crate) fn lists(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        lists: &BTreeSet<PickListId>,
    ) -> Result<Held, StoreError> {
        let mut held = Held::without_demands(tx, ctx, lists)?;
        held.hold_demands(tx, ctx)?;
        Ok(held)
    }

    /// Holds the lists on which orders have open lines.
    pub(crate) fn of_orders(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        orders: &[SalesOrderId],
    ) -> Result<Held, StoreError> {
        let lists = tables::lists_of_orders(tx, ctx.company_id, orders)?;
        Held::without_demands(tx, ctx, &lists)
    }

    fn without_demands(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        lists: &BTreeSet<PickListId>,
    ) -> Result<Held, StoreError> {
        let locked = tables::lock_lists(tx, ctx.company_id, lists)?;
        let lists: BTreeMap<_, _> = locked.into_iter().map(|list| (list.id, list)).collect();
        let lines = tables::lines_of_lists(tx, ctx.company_id, &lists.keys().copied().collect())?;
        let lines_before = lines.iter().map(|named| (named.line.id, named.line)).collect();
        let lists_before = lists.clone();
        Ok(Held { lists, lines, lines_before, lists_before, ..Held::default() })
    }

    /// Holds the demands of open lines, and reads what is kept for them.
    pub(crate) fn hold_demands(&mut self, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), StoreError> {
        let open = self.lines.iter().filter(|named| named.line.is_open().unwrap_or(true));
        let owners: BTreeSet<i64> = open.map(|named| named.line.order_id.raw()).collect();
        let owners: Vec<i64> = owners.into_iter().collect();
        let demands = stock::demands_of(tx, ctx, sales::ORDER, &owners)?;
        self.demands = demands.into_iter().map(|demand| (demand.demand_id, demand)).collect();
        self.read_kept(tx, ctx)
    }

    /// Reads anew what is kept for the held demands.
    pub(crate) fn read_kept(&mut self, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), StoreError> {
        let ids: Vec<DemandId> = self.demands.keys().copied().collect();
        let spot =
            |pick: Pick| ((pick.demand_id, pick.place_id, pick.lot_id.map_or(0, Id::raw)), pick);
        self.kept = stock::pick(tx, ctx, &ids)?.into_iter().map(spot).collect();
        Ok(())
    }

    /// A held list.
    pub(crate) fn list(&self, id: PickListId) -> Option<&List> {
        self.lists.get(&id)
    }

    /// A held list, to be changed.
    pub(crate) fn list_mut(&mut self, id: PickListId) -> Option<&mut List> {
        self.lists.get_mut(&id)
    }

    /// What is kept where a line's goods lie.
    pub(crate) fn kept(&self, line: &Line) -> Option<Pick> {
        self.kept.get(&line.spot()).copied()
    }

    /// What a line still stands for.
    pub(crate) fn holds(&self, line: &Line) -> Result<Holds, NumberError> {
        rules::holds(line, self.kept(line).map_or(Quantity::ZERO, |pick| pick.quantity))
    }

    /// Gives up what of the lines is no longer kept.
    pub(crate) fn settle(&mut self) -> Result<(), NumberError> {
        for named in &mut self.lines {
            let kept = self.kept.get(&named.line.spot());
            rules::settle(&mut named.line, kept.map_or(Quantity::ZERO, |pick| pick.quantity))?;
        }
        Ok(())
    }

    /// Decides where the lists stand and writes what changed. Lists that did not change keep their
    /// revision.
    pub(crate) fn record(&mut self, tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), RecordError> {
        let changed = |named: &&Named| self.lines_before.get(&named.line.id) != Some(&named.line);
        let lines: Vec<Line> = self.lines.iter().filter(changed).map(|it| it.line).collect();
        let known = |line: &&Line| self.lines_before.contains_key(&line.id);
        tables::update_lines(tx, ctx.company_id, lines.iter().filter(known))?;
        tables::insert_lines(tx, ctx.company_id, lines.iter().filter(|line| !known(line)))?;
        let touched: BTreeSet<PickListId> = lines.iter().map(|line| line.list_id).collect();
        for (id, list) in &mut self.lists {
            let of_list = self.lines.iter().filter(|named| named.line.list_id == *id);
            list.state = rules::state_of(of_list.map(|named| &named.line))?;
        }
        let moved = |list: &&List| {
            touched.contains(&list.id) || self.lists_before.get(&list.id) != Some(*list)
        };
        let lists: Vec<&List> = self.lists.values().filter(moved).collect();
        tables::update_lists(tx, ctx.company_id, lists.iter().copied())?;
        let raised: Vec<PickListId> = lists.iter().map(|list| list.id).collect();
        for id in raised {
            if let Some(list) = self.lists.get_mut(&id) {
                list.revision += 1;
            }
        }
        Ok(())
    }
}

/// Why what changed was not written.
#[derive(thiserror::Error, Debug, PartialEq)]
pub(crate) enum RecordError {
    #[error("{0}")]
    Number(#[from] NumberError),
    #[error(transparent)]
    Store(#[from] StoreError),
}
