//! `value`: what goods are worth as they come and go. The door that every move of goods goes through.

use std::collections::{BTreeMap, BTreeSet};

use accounting::{Area, Books, BooksError, Line, Role, open_books};
use base::{Day, ItemId, LayerId, MoveId, NumberError, Problem, ProblemKind, Quantity, Rule};
use identity::{Ctx, Policies};
use store::{StoreError, Tx};

use crate::ledger::{Ledger, Source, pair, stock_role};
use crate::model::{
    Kind, NegativeStock, ShortageSettlement, StandardVariance, StandingKey, ValuationError,
};
use crate::rules::{self, OutWorth, TakenIn, TakenOut, Worth};
use crate::tables::{self, LayerOfMove, When};

/// Goods that come into a standing or leave it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Change {
    /// Where their value lies.
    pub key: StandingKey,
    /// How much: above zero in, below zero out.
    pub quantity: Quantity,
    /// What they are worth.
    pub cost: Cost,
    /// Why.
    pub kind: Kind,
    /// The kind of document.
    pub source_kind: &'static str,
    /// The document.
    pub source_id: i64,
    /// The move of the goods.
    pub move_id: MoveId,
}

/// What goods are worth as they come or go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cost {
    /// This much in all, in minor units of the company's currency, not below zero. Coming in, the
    /// counter account carries it whatever stock takes on. Going out, too: where stock gives less or
    /// more, the difference is a price difference.
    Given(i64),
    /// In: the current cost of the item. Out: the cost of the method.
    Method,
    /// What the change just before in the list carried, as when goods leave one standing for another.
    Carried,
    /// At the cost of an earlier move. In: the share of what that move took out, up to all of it (a
    /// customer's return at the cost it left with). Out: from the layer that it brought first, for
    /// FIFO and LIFO (a return to the supplier); other methods at their own cost.
    FromMove(MoveId),
}

/// A change as it was valued.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Valued {
    /// What the stock account and the counter account carry: above zero a debit of stock, below a
    /// credit, in minor units.
    pub value: i64,
    /// The row in the ledger of value.
    pub layer_id: LayerId,
    /// Its place in the order of the standing.
    pub seq: i64,
    /// Further lines for the same entry, balanced in themselves: shortages settled against cost of
    /// goods sold, variances to a standard cost and other differences against price difference.
    pub lines: Vec<Line>,
}

/// The changes as they were valued, in their order, and the books they have to be posted to.
#[derive(Debug, Clone)]
pub struct Valuation {
    /// The books, opened for the area and day asked.
    pub books: Books,
    /// The changes.
    pub changes: Vec<Valued>,
}

/// Why goods could not be valued, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ValueError {
    /// The books could not be opened.
    #[error(transparent)]
    Books(#[from] BooksError),
    /// The cost was to be carried over from a change before, and there is none.
    #[error("change {change} carries the value of the one before it, but there is none")]
    NothingCarried {
        /// The change, from 1.
        change: usize,
    },
    /// The cost was to be that of a move that carried no value of the item.
    #[error("move {move_id} carried no value of item {item}; give the cost instead")]
    NoLayer {
        /// The move.
        move_id: MoveId,
        /// The item.
        item: ItemId,
    },
    /// The cost was to be corrected of a move that brought no goods of value.
    #[error("move {move_id} brought no goods of value; correct the cost of a receipt")]
    MoveBroughtNothing {
        /// The move.
        move_id: MoveId,
    },
    /// A rule of valuation says no.
    #[error("item {item}: {error}")]
    Rule {
        /// The item.
        item: ItemId,
        /// The rule.
        error: ValuationError,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ValueError {
    fn problem(&self) -> Problem {
        match self {
            ValueError::Books(error) => error.problem(),
            ValueError::NothingCarried { .. } => {
                Problem::new(ProblemKind::Refused, "nothing_carried", self.to_string())
            }
            ValueError::MoveBroughtNothing { .. } => {
                Problem::refused("move_brought_nothing", self.to_string())
            }
            ValueError::NoLayer { .. } => Problem::refused("no_layer", self.to_string()),
            ValueError::Rule { error, .. } => {
                let problem = error.problem();
                Problem { detail: self.to_string(), ..problem }
            }
            ValueError::Store(error) => error.problem(),
        }
    }
}

impl ValueError {
    /// Tells a rule's refusal with its item.
    pub(crate) fn of(item: ItemId) -> impl Fn(ValuationError) -> ValueError + Copy {
        move |error| ValueError::Rule { item, error }
    }

    pub(crate) fn number(item: ItemId) -> impl Fn(NumberError) -> ValueError + Copy {
        move |error| ValueError::Rule { item, error: ValuationError::Number(error) }
    }
}

/// The policies of valuing goods that move.
#[derive(Debug, Clone, Copy)]
struct Rulebook {
    settlement: ShortageSettlement,
    negative: NegativeStock,
    variance: StandardVariance,
}

impl Rulebook {
    fn of(policies: &Policies) -> Rulebook {
        Rulebook {
            settlement: match policies.text("shortage_settlement") {
                "last_receipt_price" => ShortageSettlement::LastReceiptPrice,
                "keep_issue_rate" => ShortageSettlement::KeepIssueRate,
                _ => ShortageSettlement::RevaluePastIssue,
            },
            negative: match policies.text("negative_stock") {
                "allowed" => NegativeStock::Allowed,
                _ => NegativeStock::Refused,
            },
            variance: match policies.text("standard_variance") {
                "at_bill" => StandardVariance::AtBill,
                _ => StandardVariance::AtReceipt,
            },
        }
    }
}

/// Values goods that come and go, in the order given, each against the state left by those before it,
/// and opens the books for their entry. The caller posts, for each change, its `value` between the
/// account of the class and a counter account, and its further lines; stock and ledger agree then.
///
/// It is part of moving goods and asks for no permission of its own. It locks the standings, in the
/// order of their keys, after the caller's documents and stock rows, and then the period.
///
/// # Errors
/// The first broken rule in the order of the changes; nothing has then been written.
pub fn value(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    area: Area,
    happened_on: Day,
    changes: Vec<Change>,
) -> Result<Valuation, ValueError> {
    if changes.is_empty() {
        let books = open_books(tx, ctx, area, happened_on)?;
        return Ok(Valuation { books, changes: Vec::new() });
    }
    let policies = identity::policies(tx, ctx.company_id)?;
    let keys: BTreeSet<StandingKey> = changes.iter().map(|change| change.key).collect();
    let ledger = Ledger::hold(tx, ctx, &policies, &keys)?;
    let earlier = earlier_layers(tx, ctx, &changes)?;
    let books = open_books(tx, ctx, area, happened_on)?;

    let mut walk = Walk { ledger, earlier, rulebook: Rulebook::of(&policies), carried: None };
    let mut valued = Vec::with_capacity(changes.len());
    for (index, change) in changes.iter().enumerate() {
        valued.push(walk.step(tx, index + 1, change)?);
    }
    let when = When { happened_on, posted_on: books.posted_on(), recorded_at: ctx.at };
    walk.ledger.record(tx, ctx, when)?;
    Ok(Valuation { books, changes: valued })
}

/// The layers of the moves at whose cost goods come or go.
fn earlier_layers(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    changes: &[Change],
) -> Result<BTreeMap<MoveId, Vec<LayerOfMove>>, StoreError> {
    let from_move = |change: &Change| match change.cost {
        Cost::FromMove(move_id) => Some(move_id),
        _ => None,
    };
    let moves: BTreeSet<MoveId> = changes.iter().filter_map(from_move).collect();
    if moves.is_empty() {
        Ok(BTreeMap::new())
    } else {
        tables::layers_of_moves(tx, ctx.company_id, &moves)
    }
}

/// The decision over a list of changes, as far as it has come.
struct Walk {
    ledger: Ledger,
    earlier: BTreeMap<MoveId, Vec<LayerOfMove>>,
    rulebook: Rulebook,
    /// The value of the change before.
    carried: Option<i64>,
}

impl Walk {
    fn step(
        &mut self,
        tx: &mut Tx<'_>,
        number: usize,
        change: &Change,
    ) -> Result<Valued, ValueError> {
        let item = change.key.item;
        let layer_id = tx.id()?;
        let Some(held) = self.ledger.held.get_mut(&change.key) else {
            return Err(StoreError::Unusable(format!("item {item} has no standing")).into());
        };
        let post = held.next(layer_id, change.kind);
        let (value, lines, booking, expensed) = if change.quantity.is_negative() {
            let worth = self.rulebook.out_worth(change, number, self.carried, &self.earlier)?;
            let quantity = change.quantity.abs();
            let taken =
                rules::take_out(&mut held.now, post, quantity, worth, self.rulebook.negative)
                    .map_err(ValueError::of(item))?;
            let (value, lines) = out_lines(change.key, &taken).map_err(ValueError::number(item))?;
            (value, lines, taken.booking, -taken.difference)
        } else {
            let worth = in_worth(change, number, self.carried, &mut self.earlier)?;
            let settlement = self.rulebook.settlement;
            let taken = rules::take_in(&mut held.now, post, change.quantity, worth, settlement)
                .map_err(ValueError::of(item))?;
            let receipt = change.kind == Kind::Receipt;
            let policy = if receipt { self.rulebook.variance } else { StandardVariance::AtReceipt };
            let (value, lines) = in_lines(change.key, &taken, policy);
            let variance = taken.grni(policy).1;
            (value, lines, taken.booking, variance)
        };
        let of_move = match change.cost {
            Cost::FromMove(move_id) => Some(move_id),
            _ => None,
        };
        let source = Source {
            kind: change.source_kind,
            id: change.source_id,
            move_id: Some(change.move_id),
            of_move,
        };
        self.ledger.book(tx, change.key, post, &booking, source, expensed)?;
        self.carried = Some(value.abs());
        Ok(Valued { value, layer_id, seq: post.seq, lines })
    }
}

impl Rulebook {
    fn out_worth(
        &self,
        change: &Change,
        number: usize,
        carried: Option<i64>,
        earlier: &BTreeMap<MoveId, Vec<LayerOfMove>>,
    ) -> Result<OutWorth, ValueError> {
        Ok(match change.cost {
            Cost::Given(value) => OutWorth::Given(value),
            Cost::Method => OutWorth::MethodCost,
            Cost::Carried => {
                OutWorth::Given(carried.ok_or(ValueError::NothingCarried { change: number })?)
            }
            Cost::FromMove(move_id) => {
                let item = change.key.item;
                let layer = earlier_layer(earlier, move_id, item, Quantity::is_positive)?;
                OutWorth::FromLayer(layer.layer)
            }
        })
    }
}

/// What goods come in at. What comes back at the cost of a move is taken off what is still out.
fn in_worth(
    change: &Change,
    number: usize,
    carried: Option<i64>,
    earlier: &mut BTreeMap<MoveId, Vec<LayerOfMove>>,
) -> Result<Worth, ValueError> {
    let item = change.key.item;
    Ok(match change.cost {
        Cost::Given(value) => Worth::Given(value),
        Cost::Method => Worth::CurrentCost,
        Cost::Carried => {
            Worth::Given(carried.ok_or(ValueError::NothingCarried { change: number })?)
        }
        Cost::FromMove(move_id) => {
            let layer = *earlier_layer(earlier, move_id, item, Quantity::is_negative)?;
            let value = back_in(change, layer)?;
            let layers = earlier.get_mut(&move_id).into_iter().flatten();
            for one in layers.filter(|one| one.layer == layer.layer && one.quantity.is_negative()) {
                let number = ValueError::number(item);
                one.back.0 = one.back.0.checked_add(change.quantity).map_err(number)?;
                one.back.1 = rules::sum([one.back.1, value]).map_err(number)?;
            }
            Worth::Given(value)
        }
    })
}

/// What goods come in at that a move took out; or, for a move that brought goods, at its unit cost.
fn back_in(change: &Change, layer: LayerOfMove) -> Result<i64, ValueError> {
    let item = change.key.item;
    if layer.quantity.is_positive() {
        let value = rules::share(layer.value, layer.quantity, change.quantity);
        return value.map_err(ValueError::number(item));
    }
    let number = ValueError::number(item);
    let out = layer.quantity.checked_add(layer.back.0).map_err(number)?;
    let value = rules::sum([layer.value, layer.back.1]).map_err(number)?;
    rules::returned_value(out.abs(), value.saturating_neg(), change.quantity)
        .map_err(ValueError::of(item))
}

/// The layer that a move made of an item, rather the one of the wanted direction.
fn earlier_layer(
    earlier: &BTreeMap<MoveId, Vec<LayerOfMove>>,
    move_id: MoveId,
    item: ItemId,
    wanted: fn(Quantity) -> bool,
) -> Result<&LayerOfMove, ValueError> {
    let of_item = |layer: &&LayerOfMove| layer.key.item == item;
    let layers = earlier.get(&move_id).into_iter().flatten().filter(of_item);
    let best = layers.max_by_key(|layer| wanted(layer.quantity));
    best.ok_or(ValueError::NoLayer { move_id, item })
}

/// What the counter account carries of goods taken in, and the further lines.
fn in_lines(key: StandingKey, taken: &TakenIn, policy: StandardVariance) -> (i64, Vec<Line>) {
    let (value, variance) = taken.grni(policy);
    let stock = stock_role(key.class);
    let mut lines = pair(Role::PriceDifference, stock, variance, key.item);
    lines.extend(pair(stock, Role::Cogs, taken.correction, key.item));
    (value, lines)
}

/// What the counter account carries of goods taken out, and the further lines.
fn out_lines(key: StandingKey, taken: &TakenOut) -> Result<(i64, Vec<Line>), NumberError> {
    let value = rules::sum([taken.value, taken.difference])?;
    let stock = stock_role(key.class);
    let lines = pair(stock, Role::PriceDifference, taken.difference, key.item);
    Ok((-value, lines))
}
