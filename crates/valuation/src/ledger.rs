//! The standings that a verb holds, and the rows that it will write: what every door shares between
//! its locks and its record.

use std::collections::{BTreeMap, BTreeSet};

use accounting::{Line, Role};
use base::{ItemId, LayerId, MoveId, Price, Quantity};
use identity::{Ctx, Policies};
use store::{StoreError, Tx};

use crate::model::{Booking, Class, Entry, Kind, Method, Post, Standing, StandingKey, Use};
use crate::tables::{self, When};

/// A locked standing: as it was loaded and as decisions have left it.
#[derive(Debug, Clone)]
pub(crate) struct Held {
    pub before: Standing,
    pub now: Standing,
    pub seq_before: i64,
    pub seq: i64,
}

impl Held {
    pub fn new(standing: Standing, seq: i64) -> Held {
        Held { before: standing.clone(), now: standing, seq_before: seq, seq }
    }

    /// The identity of the next row here.
    pub fn next(&self, layer: LayerId, kind: Kind) -> Post {
        Post { layer, seq: self.seq + 1, kind }
    }
}

/// What a row comes from.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Source {
    pub kind: &'static str,
    pub id: i64,
    pub move_id: Option<MoveId>,
    /// The move at whose cost goods came back or went back.
    pub of_move: Option<MoveId>,
}

/// A row of the ledger of value, to be appended.
#[derive(Debug, Clone)]
pub(crate) struct LayerRow {
    pub id: LayerId,
    pub key: StandingKey,
    pub seq: i64,
    pub entry: Entry,
    pub expensed: i64,
    pub source: Source,
}

/// Locked standings and the rows decided so far.
#[derive(Debug, Default)]
pub(crate) struct Ledger {
    pub held: BTreeMap<StandingKey, Held>,
    rows: Vec<LayerRow>,
    uses: Vec<Use>,
}

impl Ledger {
    /// Locks standings, makes those that are missing, and loads what is open of them. The number of
    /// statements does not depend on the number of keys.
    pub fn hold(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        policies: &Policies,
        keys: &BTreeSet<StandingKey>,
    ) -> Result<Ledger, StoreError> {
        if keys.is_empty() {
            return Ok(Ledger::default());
        }
        let items: BTreeSet<ItemId> = keys.iter().map(|key| key.item).collect();
        tables::ensure_items(tx, ctx.company_id, default_method(policies), &items)?;
        tables::ensure_standings(tx, ctx.company_id, keys)?;
        let held = tables::lock_standings(tx, ctx.company_id, ctx.currency, keys)?;
        Ledger::load(tx, ctx, held)
    }

    /// Locks every standing of items.
    pub fn hold_items(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        items: &BTreeSet<ItemId>,
    ) -> Result<Ledger, StoreError> {
        let held = tables::lock_standings_of(tx, ctx.company_id, ctx.currency, items)?;
        Ledger::load(tx, ctx, held)
    }

    /// Loads open layers where there are queues, and shortages where goods are missing.
    fn load(tx: &mut Tx<'_>, ctx: &Ctx, held: Vec<Held>) -> Result<Ledger, StoreError> {
        let keys = |wanted: &dyn Fn(&Standing) -> bool| -> Vec<StandingKey> {
            held.iter().map(|held| &held.before).filter(|s| wanted(s)).map(|s| s.key).collect()
        };
        let queues = keys(&|s| s.method.is_queue() && s.quantity.is_positive());
        let short = keys(&|s| s.method != Method::Standard && s.quantity.is_negative());
        let mut held: BTreeMap<_, _> =
            held.into_iter().map(|held| (held.before.key, held)).collect();
        if !queues.is_empty() {
            for (key, open) in tables::open_layers(tx, ctx.company_id, &queues)? {
                held.entry(key).and_modify(|held| held.before.layers.push(open));
            }
        }
        if !short.is_empty() {
            for (key, open) in tables::shortages(tx, ctx.company_id, &short)? {
                held.entry(key).and_modify(|held| held.before.shortages.push(open));
            }
        }
        for held in held.values_mut() {
            held.now = held.before.clone();
        }
        Ok(Ledger { held, rows: Vec::new(), uses: Vec::new() })
    }

    /// Takes down the rows of a decision that the standing has taken on already. The first row has
    /// the identity of the post; further rows get their own, and are left out when they change
    /// nothing.
    pub fn book(
        &mut self,
        tx: &mut Tx<'_>,
        key: StandingKey,
        post: Post,
        booking: &Booking,
        source: Source,
        expensed: i64,
    ) -> Result<(), StoreError> {
        let mut seq = post.seq - 1;
        for (index, entry) in booking.entries.iter().enumerate() {
            let main = index == 0;
            if !main && entry.quantity.is_zero() && entry.value == 0 {
                continue;
            }
            seq += 1;
            let id = if main { post.layer } else { tx.id()? };
            let expensed = if main { expensed } else { 0 };
            let mut source = source;
            source.of_move = source.of_move.filter(|_| main);
            self.rows.push(LayerRow { id, key, seq, entry: *entry, expensed, source });
        }
        self.uses.extend(&booking.uses);
        if let Some(held) = self.held.get_mut(&key) {
            held.seq = seq;
        }
        Ok(())
    }

    /// Writes everything.
    pub fn record(self, tx: &mut Tx<'_>, ctx: &Ctx, when: When) -> Result<(), StoreError> {
        tables::insert_layers(tx, ctx.company_id, when, &self.rows, &self.uses)?;
        let changed = self.held.values().filter(|held| held.seq != held.seq_before);
        tables::update_standings(tx, ctx.company_id, changed)
    }
}

/// The costing method of items whose category has none. By lot is moving average in pools of one lot.
pub(crate) fn default_method(policies: &Policies) -> Method {
    Method::parse(policies.text("costing_method")).unwrap_or(Method::Average)
}

/// The account of a class of stock.
#[must_use]
pub(crate) const fn stock_role(class: Class) -> Role {
    match class {
        Class::Normal | Class::Consigned => Role::StockValuation,
        Class::Quarantine => Role::Quarantine,
        Class::Transit => Role::GoodsInTransit,
    }
}

/// A debit and its credit, for an item; nothing for an amount of zero.
pub(crate) fn pair(debit: Role, credit: Role, amount: i64, item: ItemId) -> Vec<Line> {
    if amount == 0 {
        return Vec::new();
    }
    vec![Line::debit(debit, amount).item(item), Line::credit(credit, amount).item(item)]
}

/// What a unit costs over several standings: their value over their quantity, or the last known cost.
pub(crate) fn mean_cost(parts: &[(Quantity, i64)], last: Price, currency: base::Currency) -> Price {
    let there = parts.iter().filter(|(quantity, _)| quantity.is_positive());
    let (mut quantity, mut value) = (0_i64, 0_i64);
    for part in there {
        quantity = quantity.saturating_add(part.0.micro());
        value = value.saturating_add(part.1);
    }
    if quantity == 0 {
        return last;
    }
    let mean = Price::of(value, Quantity::from_micro(quantity), currency, base::Rounding::HalfUp);
    mean.unwrap_or(last)
}
