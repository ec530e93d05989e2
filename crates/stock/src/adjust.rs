//! `adjust`: the books follow the shelf, with a reason.

use crate::demand::give_way;
use crate::model::RowKey;
use crate::post::{Counter, Move, PostError, Posted, Posting, post};
use crate::tables;
use accounting::{Account, Area, Role};
use base::{BatchId, Day, Id, ItemId, LotId, PlaceId, Problem, Quantity, ReasonId, Rule};
use identity::{Ctx, Denied, Permission};
use std::collections::{BTreeMap, BTreeSet};
use store::{StoreError, Tx, params};
use valuation::{Cost, Kind};

/// May book differences between shelf and books.
pub const ADJUST: Permission = Permission("stock.adjust");
/// May define reason codes.
pub const EDIT_REASONS: Permission = Permission("stock.edit_reasons");

/// A reason code as installed: code, name and the account that goods leave to or come from.
const REASONS: &[(&str, &str, Role)] = &[
    ("damaged", "Damaged or broken", Role::Scrap),
    ("expired", "Expired", Role::Scrap),
    ("found", "Found", Role::Found),
    ("marketing", "Given away to sell more", Role::Marketing),
    ("sample", "Given away as a sample", Role::Samples),
    ("correction", "Correction of a wrong posting", Role::Unexplained),
    ("unexplained", "Unexplained", Role::Unexplained),
];

/// A set of differences of one day.
#[derive(Clone, Debug)]
pub struct Adjust {
    /// When the shelf was found to differ.
    pub happened_on: Day,
    /// What for, in words.
    pub memo: String,
    /// The differences.
    pub lines: Vec<Difference>,
}

/// One difference.
#[derive(Clone, Debug)]
pub struct Difference {
    /// The item.
    pub item_id: ItemId,
    /// Where.
    pub place_id: PlaceId,
    /// Which lot.
    pub lot_id: Option<LotId>,
    /// What is found more (positive) or missing (negative), in the stock unit, never zero.
    pub quantity: Quantity,
    /// The reason's code.
    pub reason: String,
}

/// What was adjusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Adjusted {
    /// The adjustment's document number among the moves' sources.
    pub adjustment_id: BatchId,
    /// The moves in the order of the lines.
    pub posted: Posted,
}

/// Why nothing was adjusted.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum AdjustError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The reason is not defined.
    #[error("there is no reason {code:?}; use one of: {known}")]
    UnknownReason {
        /// What was given.
        code: String,
        /// What there is.
        known: String,
    },
    /// A difference of nothing.
    #[error("a difference of zero changes nothing; leave the line out")]
    Zero,
    /// A warehouse without the places of one.
    #[error("the company has no warehouse yet; create one first")]
    NoWarehouse,
    /// The goods could not be moved.
    #[error(transparent)]
    Post(#[from] PostError),
    /// Reserved goods could not be freed.
    #[error(transparent)]
    Free(#[from] crate::DemandError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for AdjustError {
    fn problem(&self) -> Problem {
        match self {
            AdjustError::Denied(error) => error.problem(),
            AdjustError::Post(error) => error.problem(),
            AdjustError::Free(error) => error.problem(),
            AdjustError::Store(error) => error.problem(),
            AdjustError::UnknownReason { .. } => {
                Problem::refused("unknown_reason", self.to_string())
            }
            AdjustError::Zero => Problem::refused("quantity_zero", self.to_string()),
            AdjustError::NoWarehouse => Problem::refused("no_warehouse", self.to_string()),
        }
    }
}

/// Installs the usual reason codes.
///
/// # Errors
/// [`AdjustError::Denied`] or the store's own.
pub fn install_reasons(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), AdjustError> {
    ctx.require(EDIT_REASONS)?;
    let mut set = store::Rows::new(4);
    for (code, name, role) in REASONS {
        let id: ReasonId = tx.id()?;
        set.push(store::row![id, *code, *name, role.as_str()]);
    }
    tx.write(&tables::INSERT_REASONS, params![ctx.company_id; set])?;
    Ok(())
}

/// Books differences between shelf and books: goods missing go to the loss place and the reason's
/// account, goods found come from there at current cost. Goods that go missing are freed from the
/// latest demands first, which lack them from then on.
///
/// # Errors
/// The first broken rule in the order of [`AdjustError`].
pub fn adjust(tx: &mut Tx<'_>, ctx: &Ctx, request: Adjust) -> Result<Adjusted, AdjustError> {
    ctx.require(ADJUST)?;
    let roles = reasons(tx, ctx)?;
    let loss = crate::warehouses(tx, ctx.company_id)?.first().map(|w| w.loss);
    let loss = loss.ok_or(AdjustError::NoWarehouse)?;
    let mut moves = Vec::with_capacity(request.lines.len());
    for (index, line) in request.lines.iter().enumerate() {
        let Some(role) = roles.get(&line.reason) else {
            let known = roles.keys().cloned().collect::<Vec<_>>().join(", ");
            return Err(AdjustError::UnknownReason { code: line.reason.clone(), known });
        };
        if line.quantity.is_zero() {
            return Err(AdjustError::Zero);
        }
        moves.push(difference_move(line, loss, *role, index as i64 + 1));
    }
    free_what_leaves(tx, ctx, &request.lines)?;
    let adjustment_id: BatchId = tx.id()?;
    let posting = Posting {
        area: Area::Stock,
        happened_on: request.happened_on,
        source_kind: "adjustment",
        source_id: adjustment_id.raw(),
        memo: request.memo.clone(),
        moves,
        lines: Vec::new(),
    };
    let posted = post(tx, ctx, posting)?;
    let detail = serde_json::json!({ "memo": request.memo, "lines": request.lines.len() });
    ctx.audit(tx, ADJUST, "adjustment", adjustment_id.raw(), detail);
    let payload = serde_json::json!({ "lines": request.lines.len() });
    ctx.fact(tx, "adjustment", adjustment_id.raw(), 1, "stock.adjusted", payload);
    Ok(Adjusted { adjustment_id, posted })
}

fn difference_move(line: &Difference, loss: PlaceId, role: Role, number: i64) -> Move {
    let missing = line.quantity.is_negative();
    let (from, to) = if missing { (line.place_id, loss) } else { (loss, line.place_id) };
    Move {
        lot_id: line.lot_id,
        cost: Cost::Method,
        kind: if missing { Kind::Loss } else { Kind::Found },
        counter: Some(Counter { account: Account::Role(role), open: None }),
        line_id: number,
        ..Move::plain(line.item_id, from, to, line.quantity.abs())
    }
}

fn reasons(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<BTreeMap<String, Role>, StoreError> {
    let found = tx.query(&tables::LIST_REASONS, params![ctx.company_id])?;
    let mut roles = BTreeMap::new();
    for row in &found {
        let word: String = row.get(2)?;
        let role = Role::parse(&word).ok_or_else(|| {
            StoreError::Unusable(format!("a reason names the unknown account role {word}"))
        })?;
        roles.insert(row.get(0)?, role);
    }
    Ok(roles)
}

/// Frees reserved goods at rows where less is free than goes missing.
fn free_what_leaves(tx: &mut Tx<'_>, ctx: &Ctx, lines: &[Difference]) -> Result<(), AdjustError> {
    let mut leaving: BTreeMap<RowKey, Quantity> = BTreeMap::new();
    for line in lines.iter().filter(|line| line.quantity.is_negative()) {
        let lot = crate::model::lot_key(line.lot_id);
        let key = RowKey { item: line.item_id, place: line.place_id, lot };
        let sum = leaving.entry(key).or_default();
        *sum = sum.checked_sub(line.quantity).map_err(PostError::Number)?;
    }
    let keys: BTreeSet<RowKey> = leaving.keys().copied().collect();
    if keys.is_empty() {
        return Ok(());
    }
    let rows = tables::look_rows(tx, ctx.company_id, &keys)?;
    let mut short = BTreeMap::new();
    for (key, wanted) in leaving {
        let Some(row) = rows.get(&key) else { continue };
        let free = row.on_hand.checked_sub(row.reserved).map_err(PostError::Number)?;
        let missing = wanted.checked_sub(free).map_err(PostError::Number)?.min(row.reserved);
        if missing.is_positive() {
            short.insert(key, missing);
        }
    }
    if !short.is_empty() {
        give_way(tx, ctx, &short)?;
    }
    Ok(())
}
