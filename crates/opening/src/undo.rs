//! `undo`: an opening is taken back by reversal, so that the books can be opened anew.
//!
//! Nothing is deleted: orders are cancelled, bills mirrored, invoices struck, goods moved out again,
//! entries reversed, all on the opening's day. Once anything else is booked an opening stays; what
//! was wrong in it is then corrected by the documents of every day.

use crate::tables::{self, Standing};
use crate::{SOURCE, UNDO, goods};
use accounting::{Area, Entry, JournalRow, Line, Role};
use base::{
    BillId, Day, EntryId, Id, InvoiceId, OpeningId, Problem, ProblemKind, PurchaseOrderId, Rule,
    SalesOrderId, TextError, check_text,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to take the opening back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(as = UndoOpening)]
pub struct Undo {
    /// Why.
    pub reason: String,
}

/// What was taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[schema(as = OpeningUndone)]
pub struct Undone {
    /// The opening.
    pub opening_id: OpeningId,
    /// The day it had opened the books on.
    pub opened_on: Day,
    /// How many documents were taken back.
    pub documents: u64,
    /// How many moves of goods were.
    pub moves: u64,
}

/// Why the opening was not taken back, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum UndoError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A reason that cannot be used.
    #[error(transparent)]
    Text(#[from] TextError),
    /// No opening stands.
    #[error("the books were not opened, so there is nothing to undo")]
    NotOpen,
    /// Something else was booked since.
    #[error(
        "entry {number} was booked since the opening; correct it by documents, it can no longer be undone"
    )]
    InUse {
        /// The first such entry.
        number: String,
    },
    /// The goods cannot be moved out again.
    #[error(transparent)]
    Goods(#[from] stock::PostError),
    /// A document cannot be taken back.
    #[error("{}", .0.detail)]
    Door(Box<Problem>),
    /// An entry was not reversed.
    #[error(transparent)]
    Reverse(#[from] accounting::ReverseError),
    /// The books cannot be posted to.
    #[error(transparent)]
    Books(#[from] accounting::BooksError),
    /// What is left over could not be booked.
    #[error(transparent)]
    Entry(#[from] accounting::PostError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for UndoError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            UndoError::Denied(error) => error.problem(),
            UndoError::Text(error) => error.problem().with_field("reason"),
            UndoError::NotOpen => Problem::new(ProblemKind::Conflict, "books_not_open", detail),
            UndoError::InUse { .. } => Problem::new(ProblemKind::Conflict, "books_in_use", detail),
            UndoError::Goods(error) => error.problem(),
            UndoError::Door(problem) => (**problem).clone(),
            UndoError::Reverse(error) => error.problem(),
            UndoError::Books(error) => error.problem(),
            UndoError::Entry(error) => error.problem(),
            UndoError::Store(error) => error.problem(),
        }
    }
}

fn door(error: impl Rule) -> UndoError {
    UndoError::Door(Box::new(error.problem()))
}

/// Takes the standing opening back, with a reason.
///
/// # Errors
/// The first broken rule in the order of [`UndoError`]; nothing has then been written.
pub fn undo(tx: &mut Tx<'_>, ctx: &Ctx, request: Undo) -> Result<Undone, UndoError> {
    ctx.require(UNDO)?;
    if request.reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" }.into());
    }
    check_text("reason", &request.reason, 500)?;
    let opening = tables::lock_standing(tx, ctx.company_id)?.ok_or(UndoError::NotOpen)?;
    if let Some(number) = accounting::entry_besides(tx, ctx.company_id, SOURCE)? {
        return Err(UndoError::InUse { number });
    }
    let documents = tables::documents(tx, ctx.company_id, opening.id)?;
    let reversed = reverse(tx, ctx, &opening)?;
    take_back_sales(tx, ctx, &opening, &documents, &reversed, &request.reason)?;
    take_back_purchasing(tx, ctx, &opening, &documents, &reversed)?;
    let moves = goods::back(tx, ctx, opening.id)?;
    let count = moves.len() as u64;
    goods::post(tx, ctx, opening.id, opening.opened_on, moves)?;
    level(tx, ctx, &opening)?;
    tables::mark_undone(tx, ctx, opening.id, &request.reason)?;
    let undone = Undone {
        opening_id: opening.id,
        opened_on: opening.opened_on,
        documents: documents.values().map(|ids| ids.len() as u64).sum(),
        moves: count,
    };
    let mut detail = serde_json::json!(undone);
    detail["reason"] = request.reason.into();
    ctx.audit(tx, UNDO, SOURCE, opening.id.raw(), detail.clone());
    ctx.fact(tx, SOURCE, opening.id.raw(), 2, "opening.undone", detail);
    Ok(undone)
}

/// Entries by their reversals.
struct Reversed {
    by: BTreeMap<EntryId, EntryId>,
    posted_on: Day,
}

impl Reversed {
    fn of(&self, entry: EntryId) -> EntryId {
        self.by.get(&entry).copied().unwrap_or_else(accounting::no_entry)
    }
}

/// Reverses the opening's entries but that of its goods, which are taken back by moves.
fn reverse(tx: &mut Tx<'_>, ctx: &Ctx, opening: &Standing) -> Result<Reversed, UndoError> {
    let entries = accounting::entries_of(tx, ctx, SOURCE, opening.id.raw()).map_err(door)?;
    let mut reversed = Reversed { by: BTreeMap::new(), posted_on: opening.opened_on };
    let of_goods = |entry: &JournalRow| entry.entry_id == opening.stock_entry;
    for entry in entries.iter().filter(|entry| !of_goods(entry)) {
        let done = accounting::reverse(tx, ctx, entry.entry_id, opening.opened_on)?;
        reversed.by.insert(entry.entry_id, done.entry_id);
        reversed.posted_on = done.posted_on;
    }
    Ok(reversed)
}

type Documents = BTreeMap<String, Vec<i64>>;

fn ids<I: Id>(documents: &Documents, kind: &str) -> Vec<I> {
    documents.get(kind).into_iter().flatten().map(|id| I::from_raw(*id)).collect()
}

fn take_back_sales(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    opening: &Standing,
    documents: &Documents,
    reversed: &Reversed,
    reason: &str,
) -> Result<(), UndoError> {
    let request = sales::TakeBack {
        orders: ids::<SalesOrderId>(documents, "sales_order"),
        invoices: ids::<InvoiceId>(documents, "invoice"),
        invoices_reversed_by: reversed.of(opening.invoices_entry),
        reason: reason.to_owned(),
    };
    sales::take_back(tx, ctx, &request).map_err(door)
}

fn take_back_purchasing(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    opening: &Standing,
    documents: &Documents,
    reversed: &Reversed,
) -> Result<(), UndoError> {
    let request = purchasing::TakeBack {
        orders: ids::<PurchaseOrderId>(documents, "purchase_order"),
        bills: ids::<BillId>(documents, "bill"),
        bills_reversed_by: reversed.of(opening.bills_entry),
        reversed_on: reversed.posted_on,
    };
    purchasing::take_back(tx, ctx, &request).map_err(door)
}

/// Levels what is left over: goods at a standard cost come in with a variation that moving them out
/// does not take back.
fn level(tx: &mut Tx<'_>, ctx: &Ctx, opening: &Standing) -> Result<(), UndoError> {
    let left = accounting::trial_balance(tx, ctx, None).map_err(door)?;
    let lines = left
        .lines
        .iter()
        .filter(|line| line.balance.minor != 0 && line.role != Some(Role::OpeningDifference))
        .flat_map(|line| {
            let left = line.balance.minor;
            [Line::new(line.account_id, -left), Line::new(Role::OpeningDifference, left)]
        })
        .collect();
    let books = accounting::open_books(tx, ctx, Area::All, opening.opened_on)?;
    let entry = Entry::of_opening(
        opening.id,
        opening.opened_on,
        "what the standard cost made of goods taken back",
        lines,
    );
    accounting::post(tx, ctx, &books, vec![entry])?;
    Ok(())
}
