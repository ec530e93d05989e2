//! `undo_item_import`: a file that was taken over by mistake is taken back.
//!
//! What the file made is retired: documents may name it by now, so it stays known. What the file
//! changed is put back to what it was. Both only while nobody has changed it since: a record that
//! somebody worked on is theirs, and then nothing is taken back. Imports on top of each other are taken back
//! from the latest on.

use base::{BatchId, Id, ItemId, Problem, ProblemKind, Rule, TextError, check_text};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use serde_json::json;
use store::{StoreError, Tx};
use utoipa::ToSchema;

use crate::model::Draft;
use crate::permissions::UNDO_IMPORT;
use crate::tables::{self, Imported};

/// How many rows travel in one statement.
const CHUNK: usize = 5_000;
/// How many changes one audit row tells.
const TOLD_AT_ONCE: usize = 500;
/// How many records a refusal names.
const NAMED: usize = 10;

/// An import to be taken back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UndoItemImport {
    /// The import.
    pub import_id: BatchId,
    /// Why.
    pub reason: String,
}

/// What was taken back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemImportUndone {
    /// The import.
    pub import_id: BatchId,
    /// How many items that it made are retired.
    pub retired: u64,
    /// How many items that it changed are as they were before.
    pub put_back: u64,
}

/// Why an import was not taken back, in order of precedence. Nothing was then changed.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum UndoItemImportError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A reason that cannot be used.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The company has no such import.
    #[error("there is no import {import_id} of items")]
    NotFound {
        /// The import asked for.
        import_id: BatchId,
    },
    /// It was taken back before.
    #[error("import {import_id} was taken back already")]
    Undone {
        /// The import.
        import_id: BatchId,
    },
    /// Somebody has changed what it wrote.
    #[error(
        "{count} of its items were changed since: {named}; what somebody worked on stays, so correct \
         them by hand or by another file"
    )]
    ChangedSince {
        /// How many.
        count: usize,
        /// The first of them.
        named: String,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for UndoItemImportError {
    fn problem(&self) -> Problem {
        let (kind, code) = match self {
            UndoItemImportError::Denied(error) => return error.problem(),
            UndoItemImportError::Text(error) => return error.problem().with_field("reason"),
            UndoItemImportError::Store(error) => return error.problem(),
            UndoItemImportError::NotFound { .. } => (ProblemKind::NotFound, "import_not_found"),
            UndoItemImportError::Undone { .. } => (ProblemKind::Conflict, "import_undone"),
            UndoItemImportError::ChangedSince { .. } => {
                (ProblemKind::Conflict, "changed_since_import")
            }
        };
        Problem::new(kind, code, self.to_string())
    }
}

/// Takes an import back, with a reason: retires what it made and puts back what it changed.
///
/// # Errors
/// The first broken rule in the order of [`UndoItemImportError`].
pub fn undo_item_import(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: UndoItemImport,
) -> Result<ItemImportUndone, UndoItemImportError> {
    ctx.require(UNDO_IMPORT)?;
    let UndoItemImport { import_id, reason } = request;
    if reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" }.into());
    }
    check_text("reason", &reason, 500)?;
    match tables::lock_import(tx, ctx.company_id, import_id)? {
        None => return Err(UndoItemImportError::NotFound { import_id }),
        Some(true) => return Err(UndoItemImportError::Undone { import_id }),
        Some(false) => {}
    }
    let imported = tables::imported(tx, ctx.company_id, import_id)?;
    let mut undone = ItemImportUndone { import_id, retired: 0, put_back: 0 };
    let (mut changes, mut since) = (Vec::with_capacity(imported.len()), Vec::new());
    for chunk in imported.chunks(CHUNK) {
        let ids: Vec<ItemId> = chunk.iter().map(|row| row.item_id).collect();
        let mut found = tables::lock_items(tx, ctx.company_id, &ids)?;
        for row in chunk {
            let Some(item) = found.remove(&row.item_id) else { continue };
            if item.revision != row.revision {
                since.push(item.sku);
                continue;
            }
            let before = Draft::of(&item);
            let after = taken_back(row, &before)?;
            match row.before {
                None => undone.retired += 1,
                Some(_) => undone.put_back += 1,
            }
            if before != after {
                changes.push((item.id, item.revision, before, after));
            }
        }
    }
    if !since.is_empty() {
        let count = since.len();
        since.truncate(NAMED);
        let more = if count > NAMED { ", and more" } else { "" };
        let named = format!("{}{more}", since.join(", "));
        return Err(UndoItemImportError::ChangedSince { count, named });
    }
    for chunk in changes.chunks(CHUNK) {
        let written =
            chunk.iter().map(|(id, revision, before, after)| (*id, *revision, [before, after]));
        tables::update_items(tx, ctx.company_id, ctx.at, written)?;
        let again = chunk.iter().map(|(id, revision, ..)| (*id, *revision));
        tables::stand_again(tx, ctx.company_id, again)?;
    }
    tables::end_import(tx, ctx, import_id, &reason)?;
    let told = json!({ "retired": undone.retired, "put_back": undone.put_back, "reason": reason });
    ctx.fact(tx, "item_import", import_id.raw(), 2, "catalog.import_undone", told.clone());
    ctx.audit(tx, UNDO_IMPORT, "item_import", import_id.raw(), told);
    for chunk in changes.chunks(TOLD_AT_ONCE) {
        let told: Vec<_> = chunk
            .iter()
            .map(|(id, _, before, after)| json!({ "item_id": id, "fields": before.changes(after) }))
            .collect();
        ctx.audit(tx, UNDO_IMPORT, "item_import", import_id.raw(), json!({ "changes": told }));
    }
    Ok(undone)
}

/// Tells what taking an import back would do: it is taken back, and that is undone.
///
/// # Errors
/// As [`undo_item_import`].
pub fn rehearse_undo_item_import(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: UndoItemImport,
) -> Result<ItemImportUndone, UndoItemImportError> {
    tx.rehearse(|tx| undo_item_import(tx, ctx, request))
}

/// What becomes of an item that an import wrote.
fn taken_back(row: &Imported, is: &Draft) -> Result<Draft, StoreError> {
    let Some(before) = &row.before else { return Ok(Draft { active: false, ..is.clone() }) };
    is.put_back(before)
        .ok_or_else(|| StoreError::Unusable(format!("what import changed is no change: {before}")))
}
