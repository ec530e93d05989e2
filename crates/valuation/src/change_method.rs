//! `change_method`: an item's costing method, with the stock that is there.

use std::collections::BTreeMap;

use base::{BatchId, Day, EntryId, Id, ItemId, Money, Price};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

use crate::CHANGE_METHOD;
use crate::ledger::Source;
use crate::model::{Kind, Method, MethodChangePrice, Standing, StandingKey};
use crate::revalue::{self, Locked, RevalueError};
use crate::rules::{self, Past};
use crate::tables::{self, Settings, When};

/// Another costing method for an item.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ChangeMethod {
    /// The item.
    pub item_id: ItemId,
    /// The method from now on.
    pub method: Method,
    /// What the value is based on.
    #[serde(default)]
    pub basis: MethodBasis,
    /// The standard price, for standard cost; none is the current cost.
    #[serde(default)]
    pub standard: Option<Price>,
    /// On which day.
    pub happened_on: Day,
    /// Why, 1 to 500 characters.
    pub reason: String,
    /// Decides and answers, but changes nothing: to show the difference before it is accepted.
    #[serde(default)]
    pub dry_run: bool,
}

/// What the value is based on when the costing method changes.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum MethodBasis {
    /// The value stays; the new method starts from it.
    #[default]
    Keep,
    /// The item is worth what it would be had it always been on the new method.
    History,
}

/// An item's new costing method, and what it changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MethodChanged {
    /// The document.
    pub change_id: BatchId,
    /// The entry; none where the value stayed, and in a dry run.
    pub entry_id: Option<EntryId>,
    /// The books' day.
    pub posted_on: Day,
    /// The method before.
    pub old_method: Method,
    /// What all stock of the item was worth.
    pub old_value: Money,
    /// What it is worth now.
    pub new_value: Money,
}

/// Changes an item's costing method in every pool and class. What the value changes by goes to price
/// difference, by an entry of its own. Needs [`CHANGE_METHOD`] up to the amount.
///
/// # Errors
/// The first broken rule in the order of [`RevalueError`]; nothing has then been written.
pub fn change_method(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ChangeMethod,
) -> Result<MethodChanged, RevalueError> {
    ctx.require(CHANGE_METHOD)?;
    revalue::check_reason(&request.reason)?;
    let item = request.item_id;
    let mut locked = revalue::lock(tx, ctx, item, request.happened_on)?;
    let past = match request.basis {
        MethodBasis::Keep => BTreeMap::new(),
        MethodBasis::History => tables::history(tx, ctx.company_id, item)?,
    };
    let id: BatchId = tx.id()?;
    let (mut old_value, mut new_value, mut lines) = (0, 0, Vec::new());
    let ruled = |error| RevalueError::Rule { item, error };
    let number = |error: base::NumberError| ruled(error.into());
    let keys: Vec<_> = locked.ledger.held.keys().copied().collect();
    for key in keys {
        let (old, new) = change(tx, &mut locked, &request, id, key, &past)?;
        old_value = rules::sum([old_value, old]).map_err(number)?;
        new_value = rules::sum([new_value, new]).map_err(number)?;
        let more = rules::minus(new, old).map_err(number)?;
        lines.extend(revalue::lines(key.class, item, more));
    }
    ctx.require_amount(CHANGE_METHOD, rules::minus(new_value, old_value).map_err(number)?)?;
    let mut changed = MethodChanged {
        change_id: id,
        entry_id: None,
        posted_on: locked.books.posted_on(),
        old_method: locked.settings.method,
        old_value: Money::new(old_value, ctx.currency),
        new_value: Money::new(new_value, ctx.currency),
    };
    if !request.dry_run {
        changed.entry_id = record(tx, ctx, locked, &request, &changed, lines)?;
    }
    Ok(changed)
}

/// Decides one standing: its value before and after.
fn change(
    tx: &mut Tx<'_>,
    locked: &mut Locked,
    request: &ChangeMethod,
    id: BatchId,
    key: StandingKey,
    past: &BTreeMap<StandingKey, Vec<Past>>,
) -> Result<(i64, i64), RevalueError> {
    let ruled = |error| RevalueError::Rule { item: key.item, error };
    let layer = tx.id()?;
    let Some(held) = locked.ledger.held.get_mut(&key) else {
        return Err(StoreError::Unusable(format!("item {} has no standing", key.item)).into());
    };
    let price = match past.get(&key) {
        Some(past) => {
            let start = Standing::new(key, held.now.currency, request.method, Price::ZERO);
            let replayed = rules::replay(&start, request.method, past, false).map_err(ruled)?;
            MethodChangePrice::AverageOfHistory { value: replayed.value }
        }
        None => MethodChangePrice::Keep,
    };
    let post = held.next(layer, Kind::MethodChange);
    let changed =
        rules::change_method(&mut held.now, post, request.method, price, request.standard)
            .map_err(ruled)?;
    let source = Source { kind: "method_change", id: id.raw(), move_id: None, of_move: None };
    let expensed = changed.old_value - changed.new_value;
    locked.ledger.book(tx, key, post, &changed.booking, source, expensed)?;
    Ok((changed.old_value, changed.new_value))
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    locked: Locked,
    request: &ChangeMethod,
    changed: &MethodChanged,
    lines: Vec<accounting::Line>,
) -> Result<Option<EntryId>, RevalueError> {
    let item = request.item_id;
    let standard = request.standard.filter(|_| request.method == Method::Standard);
    let carried = locked.ledger.held.values().map(|held| held.now.standard).next_back();
    let settings = Settings {
        method: request.method,
        standard: standard.or(carried).unwrap_or(locked.settings.standard),
    };
    tables::update_items(tx, ctx.company_id, &[(item, settings)].into())?;
    let happened_on = request.happened_on;
    let when = When { happened_on, posted_on: changed.posted_on, recorded_at: ctx.at };
    locked.ledger.record(tx, ctx, when)?;
    let document = ("method_change", changed.change_id.raw());
    let memo = request.reason.clone();
    let entry_id = revalue::book(tx, ctx, &locked.books, document, happened_on, memo, lines)?;
    let detail = serde_json::json!({
        "item_id": item, "from": changed.old_method, "to": request.method,
        "basis": request.basis, "old_value": changed.old_value, "new_value": changed.new_value,
        "reason": request.reason,
    });
    ctx.audit(tx, CHANGE_METHOD, "item", item.raw(), detail);
    let payload = serde_json::json!({ "item_id": item, "method": request.method });
    let id = changed.change_id.raw();
    ctx.fact(tx, "method_change", id, 1, "valuation.method_changed", payload);
    Ok(entry_id)
}
