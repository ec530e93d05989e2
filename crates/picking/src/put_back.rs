//! `put_back`: what was taken and will not leave lies at its place again; and `cancel_picks`, which
//! gives a list up.

use crate::held::{Held, RecordError};
use crate::model::LIST;
use crate::tables::Named;
use crate::words::PickState;
use crate::{CANCEL_PICKS, PICK, PLAN, PUT_BACK};
use base::{
    Id, NumberError, PickListId, Problem, ProblemKind, Quantity, Rule, TextError, check_text,
};
use identity::{Ctx, Denied, Permission};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Goods that went back to their places.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutBack {
    /// The list for which they were taken.
    pub list_id: PickListId,
    /// What went back; without lines, everything that was taken and is not wanted any more.
    #[serde(default)]
    pub lines: Vec<PutBackLine>,
}

/// Goods of one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PutBackLine {
    /// The list's line.
    pub line: i64,
    /// How much, in the stock unit; all that is in no package when left out.
    #[serde(default)]
    pub quantity: Option<Quantity>,
}

/// A list to be given up.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelPicks {
    /// The list.
    pub list_id: PickListId,
    /// Why.
    pub reason: String,
    /// What was taken and is in no package went back to its places.
    #[serde(default)]
    pub put_back: bool,
}

/// What went back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GoodsPutBack {
    /// The list.
    pub list_id: PickListId,
    /// Its number.
    pub number: String,
    /// Where it stands now.
    pub state: PickState,
    /// What went back, and where to.
    pub lines: Vec<BackLine>,
}

/// Goods that went back to a place.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BackLine {
    /// The list's line.
    pub line: i64,
    /// The item.
    pub sku: String,
    /// The lot, empty for none.
    pub lot: String,
    /// The place.
    pub place: String,
    /// How much.
    pub quantity: Quantity,
}

/// Why nothing went back, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum PutBackError {
    /// There is no such list.
    #[error("there is no pick list {list_id}")]
    NotFound {
        /// The id asked for.
        list_id: PickListId,
    },
    /// No permission in the list's warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The list is done.
    #[error("list {number} is {state}; nothing of it can be given up")]
    NotOpen {
        /// The list.
        number: String,
        /// Where it stands.
        state: PickState,
    },
    /// The list has no such line.
    #[error("list {number} has no line {line}")]
    UnknownLine {
        /// The list.
        number: String,
        /// The line asked for.
        line: i64,
    },
    /// The line is named twice.
    #[error("line {line} is named twice; name it once with the whole quantity")]
    Twice {
        /// The line.
        line: i64,
    },
    /// Nothing, or less, goes back.
    #[error("line {line}: the quantity is {quantity}; it must be above zero")]
    NotPositive {
        /// The line.
        line: i64,
        /// What was asked.
        quantity: Quantity,
    },
    /// More than is in hand and in no package.
    #[error(
        "line {line}: {asked} are to go back, but {unpacked} are taken and in no package; unpack \
         what is in one first"
    )]
    TooMany {
        /// The line.
        line: i64,
        /// What was asked.
        asked: Quantity,
        /// What is taken and in no package.
        unpacked: Quantity,
    },
    /// Goods of the list are in hand.
    #[error(
        "{in_hand} of list {number} are taken and have not left; ship them, or say that they were \
         put back"
    )]
    InHand {
        /// The list.
        number: String,
        /// How much.
        in_hand: Quantity,
    },
    /// Nothing has to go back.
    #[error("nothing of list {number} has to go back; name the lines that do all the same")]
    Nothing {
        /// The list.
        number: String,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<RecordError> for PutBackError {
    fn from(error: RecordError) -> PutBackError {
        match error {
            RecordError::Number(error) => error.into(),
            RecordError::Store(error) => error.into(),
        }
    }
}

impl Rule for PutBackError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        let (code, line) = match self {
            PutBackError::NotFound { .. } => {
                return Problem::not_found("pick_list_not_found", detail);
            }
            PutBackError::Denied(error) => return error.problem(),
            PutBackError::Text(error) => return error.problem(),
            PutBackError::NotOpen { .. } => {
                return Problem::new(ProblemKind::Conflict, "pick_list_not_open", detail);
            }
            PutBackError::UnknownLine { line, .. } => ("unknown_line", line),
            PutBackError::Twice { line } => ("line_twice", line),
            PutBackError::NotPositive { line, .. } => ("quantity_not_positive", line),
            PutBackError::TooMany { line, .. } => ("exceeds_in_hand", line),
            PutBackError::InHand { .. } => return Problem::refused("goods_in_hand", detail),
            PutBackError::Nothing { .. } => return Problem::refused("nothing_to_put_back", detail),
            PutBackError::Number(error) => return error.problem(),
            PutBackError::Store(error) => return error.problem(),
        };
        Problem::refused(code, detail).with_line(u32::try_from(*line).unwrap_or(0))
    }
}

/// Notes that goods lie again where they were taken. What is still kept for an order may then be
/// planned anew.
///
/// # Errors
/// The first broken rule in the order of [`PutBackError`].
pub fn put_back(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: PutBack,
) -> Result<GoodsPutBack, PutBackError> {
    let (mut held, number) = hold(tx, ctx, request.list_id, PICK)?;
    held.settle()?;
    let mut back = Vec::new();
    if request.lines.is_empty() {
        for (at, named) in held.lines.iter().enumerate() {
            let gone = held.holds(&named.line)?.to_put_back;
            if gone.is_positive() {
                back.push((at, gone));
            }
        }
        if back.is_empty() {
            return Err(PutBackError::Nothing { number });
        }
    }
    let mut seen = BTreeSet::new();
    for PutBackLine { line, quantity } in request.lines {
        let at = held.lines.iter().position(|named| named.line.line == line);
        let at = at.ok_or_else(|| PutBackError::UnknownLine { number: number.clone(), line })?;
        if !seen.insert(line) {
            return Err(PutBackError::Twice { line });
        }
        let quantity = quantity.map_or_else(|| held.lines[at].line.unpacked(), Ok)?;
        if !quantity.is_positive() {
            return Err(PutBackError::NotPositive { line, quantity });
        }
        back.push((at, quantity));
    }
    let told = go_back(&mut held, back)?;
    record(tx, ctx, held, request.list_id, (PUT_BACK, "picking.put_back", ""), told)
}

/// Gives a list up: nothing more is taken for it, and what was taken goes back. What is kept for its
/// orders stays kept and may be planned anew.
///
/// # Errors
/// The first broken rule in the order of [`PutBackError`].
pub fn cancel_picks(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CancelPicks,
) -> Result<GoodsPutBack, PutBackError> {
    let (mut held, number) = hold(tx, ctx, request.list_id, PLAN)?;
    if request.reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" }.into());
    }
    check_text("reason", &request.reason, 500)?;
    let state = held.list(request.list_id).map_or(PickState::Cancelled, |list| list.state);
    if matches!(state, PickState::Closed | PickState::Cancelled) {
        return Err(PutBackError::NotOpen { number, state });
    }
    let (mut back, mut in_hand) = (Vec::new(), Quantity::ZERO);
    for (at, named) in held.lines.iter_mut().enumerate() {
        let left = named.line.left()?;
        named.line.voided = named.line.voided.checked_add(left)?;
        let taken = named.line.in_hand()?;
        if taken.is_positive() {
            in_hand = in_hand.checked_add(taken)?;
            back.push((at, taken));
        }
    }
    if in_hand.is_positive() && !request.put_back {
        return Err(PutBackError::InHand { number, in_hand });
    }
    let told = go_back(&mut held, back)?;
    let words = (CANCEL_PICKS, "picking.cancelled", request.reason.as_str());
    record(tx, ctx, held, request.list_id, words, told)
}

fn hold(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    list_id: PickListId,
    permission: Permission,
) -> Result<(Held, String), PutBackError> {
    let held = Held::lists(tx, ctx, &BTreeSet::from([list_id]))?;
    let list = held.list(list_id).cloned().ok_or(PutBackError::NotFound { list_id })?;
    ctx.require_in(permission, list.warehouse_id)?;
    Ok((held, list.number))
}

fn go_back(held: &mut Held, back: Vec<(usize, Quantity)>) -> Result<Vec<BackLine>, PutBackError> {
    let mut told = Vec::with_capacity(back.len());
    for (at, asked) in back {
        let Named { line, sku, place, lot, .. } = &mut held.lines[at];
        let unpacked = line.unpacked()?;
        if asked > unpacked {
            return Err(PutBackError::TooMany { line: line.line, asked, unpacked });
        }
        line.put_back = line.put_back.checked_add(asked)?;
        told.push(BackLine {
            line: line.line,
            sku: sku.clone(),
            lot: lot.clone(),
            place: place.clone(),
            quantity: asked,
        });
    }
    Ok(told)
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut held: Held,
    list_id: PickListId,
    (verb, fact, reason): (Permission, &'static str, &str),
    lines: Vec<BackLine>,
) -> Result<GoodsPutBack, PutBackError> {
    held.record(tx, ctx)?;
    let list = held.list(list_id).cloned().ok_or(PutBackError::NotFound { list_id })?;
    let detail = serde_json::json!({
        "number": list.number, "state": list.state, "lines": lines, "reason": reason,
    });
    ctx.audit(tx, verb, LIST, list_id.raw(), detail.clone());
    ctx.fact(tx, LIST, list_id.raw(), list.revision, fact, detail);
    Ok(GoodsPutBack { list_id, number: list.number, state: list.state, lines })
}
