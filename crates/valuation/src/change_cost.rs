//! `change_cost`: a new standard price, or a new cost for what is there.

use base::{BatchId, Day, EntryId, Id, ItemId, Money, PoolId, Price};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

use crate::REVALUE;
use crate::ledger::Source;
use crate::model::{Class, Kind};
use crate::revalue::{self, RevalueError};
use crate::rules;
use crate::tables::{self, Settings, When};

/// A new unit cost of an item.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeCost {
    /// The item.
    pub item_id: ItemId,
    /// What one stock unit costs from now on, in the company's currency.
    pub cost: Price,
    /// On which day.
    pub happened_on: Day,
    /// Why, 1 to 500 characters.
    pub reason: String,
}

/// An item's new cost, and what it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CostChanged {
    /// The document.
    pub revaluation_id: BatchId,
    /// The entry; none where no stock was there to be worth more or less.
    pub entry_id: Option<EntryId>,
    /// The books' day.
    pub posted_on: Day,
    /// By how much stock is worth more, in all.
    pub change: Money,
    /// Each pool and class.
    pub standings: Vec<StandingChanged>,
}

/// What changed in one pool and class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StandingChanged {
    /// The pool.
    pub pool_id: PoolId,
    /// The class.
    pub class: Class,
    /// The unit cost before.
    pub old: Price,
    /// The unit cost from now on.
    pub new: Price,
    /// By how much stock is worth more.
    pub change: Money,
}

/// Gives an item a new unit cost and revalues what is there in every pool and class: the standard
/// price of an item at standard cost, the moving average, or all open layers alike. The difference
/// goes to price difference, by an entry of its own. Needs [`REVALUE`] up to the amount.
///
/// # Errors
/// The first broken rule in the order of [`RevalueError`]; nothing has then been written.
pub fn change_cost(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ChangeCost,
) -> Result<CostChanged, RevalueError> {
    ctx.require(REVALUE)?;
    revalue::check_reason(&request.reason)?;
    let item = request.item_id;
    let ruled = |error| RevalueError::Rule { item, error };
    if request.cost < Price::ZERO {
        let error = crate::ValuationError::NegativeCost { cost: request.cost };
        return Err(RevalueError::Rule { item, error });
    }
    let mut locked = revalue::lock(tx, ctx, item, request.happened_on)?;
    let id: BatchId = tx.id()?;
    let source = Source { kind: "revaluation", id: id.raw(), move_id: None, of_move: None };

    let (mut total, mut lines, mut standings) = (0, Vec::new(), Vec::new());
    let keys: Vec<_> = locked.ledger.held.keys().copied().collect();
    for key in keys.into_iter().filter(|key| key.class.is_valued()) {
        let layer = tx.id()?;
        let Some(held) = locked.ledger.held.get_mut(&key) else { continue };
        let post = held.next(layer, Kind::Revaluation);
        let changed = rules::change_cost(&mut held.now, post, request.cost).map_err(ruled)?;
        locked.ledger.book(tx, key, post, &changed.booking, source, -changed.change)?;
        total = rules::sum([total, changed.change]).map_err(|e| ruled(e.into()))?;
        lines.extend(revalue::lines(key.class, item, changed.change));
        standings.push(StandingChanged {
            pool_id: key.pool,
            class: key.class,
            old: changed.old,
            new: changed.new,
            change: Money::new(changed.change, ctx.currency),
        });
    }
    ctx.require_amount(REVALUE, total)?;
    let settings = Settings { standard: request.cost, ..locked.settings };
    tables::update_items(tx, ctx.company_id, &[(item, settings)].into())?;
    let posted_on = locked.books.posted_on();
    let when = When { happened_on: request.happened_on, posted_on, recorded_at: ctx.at };
    locked.ledger.record(tx, ctx, when)?;
    let document = ("revaluation", id.raw());
    let day = request.happened_on;
    let memo = request.reason.clone();
    let entry_id = revalue::book(tx, ctx, &locked.books, document, day, memo, lines)?;
    let change = Money::new(total, ctx.currency);
    let detail = serde_json::json!({
        "item_id": item, "cost": request.cost, "before": locked.settings.standard,
        "standings": standings, "change": change, "reason": request.reason,
    });
    ctx.audit(tx, REVALUE, "item", item.raw(), detail);
    let payload = serde_json::json!({ "item_id": item, "cost": request.cost, "change": change });
    ctx.fact(tx, "revaluation", id.raw(), 1, "valuation.cost_changed", payload);
    Ok(CostChanged { revaluation_id: id, entry_id, posted_on, change, standings })
}
