//! What was imported: files of items, and what each of them made and changed.

use base::{BadCursor, BatchId, Id, ItemId, Page, Paging, Problem, Rule, Timestamp};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

use crate::permissions::READ;
use crate::tables;

/// A file that was taken over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemImportRow {
    /// The import.
    pub import_id: BatchId,
    /// When the file was taken over.
    pub imported_at: Timestamp,
    /// Who did it; empty for a program.
    pub imported_by: String,
    /// How many rows it had.
    pub rows: i64,
    /// How many items it made.
    pub created: i64,
    /// How many it changed.
    pub changed: i64,
    /// When it was taken back; none while it stands.
    pub undone_at: Option<Timestamp>,
    /// Who took it back; empty while it stands.
    pub undone_by: String,
    /// Why it was taken back.
    pub reason: String,
}

/// Which imports.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ItemImportFilter {
    /// `true` for those that were taken back, `false` for those that stand.
    pub undone: Option<bool>,
    /// Only those of the user with this login.
    pub login: Option<String>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// How many rows, 1 to 200.
    pub limit: Option<i64>,
}

/// An item that an import made or changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemImportLineRow {
    /// The import.
    pub import_id: BatchId,
    /// When the file was taken over.
    pub imported_at: Timestamp,
    /// The item.
    pub item_id: ItemId,
    /// Its SKU now.
    pub sku: String,
    /// Its name now.
    pub name: String,
    /// Whether the import made it; else it changed it.
    pub made: bool,
    /// The fields that it changed, each as it was and as it became, in JSON; empty when it was made.
    pub fields: String,
    /// Whether somebody changed it since, so that the import cannot be taken back.
    pub changed_since: bool,
}

/// Which of them.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ItemImportLineFilter {
    /// Only of this import.
    pub import_id: Option<BatchId>,
    /// `true` for those that were made, `false` for those that were changed.
    pub made: Option<bool>,
    /// `true` for those that somebody changed since, `false` for all others.
    pub changed_since: Option<bool>,
    /// Only this one.
    pub sku: Option<String>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// How many rows, 1 to 200.
    pub limit: Option<i64>,
}

/// Why imports were not listed, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ImportListError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor is not one of this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ImportListError {
    fn problem(&self) -> Problem {
        match self {
            ImportListError::Denied(error) => error.problem(),
            ImportListError::Cursor(error) => error.problem(),
            ImportListError::Store(error) => error.problem(),
        }
    }
}

/// Files of items that were taken over, the newest first.
///
/// # Errors
/// See [`ImportListError`].
pub fn list_item_imports(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ItemImportFilter,
) -> Result<Page<ItemImportRow>, ImportListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (at, id): (i64, i64) = paging.after((i64::MAX, i64::MAX))?;
    let values = params![ctx.company_id, filter.undone, filter.login, at, id, paging.limit()];
    let read = |row: &Row| {
        let undone_at: i64 = row.get(6)?;
        Ok(ItemImportRow {
            import_id: row.get(0)?,
            imported_at: row.get(1)?,
            imported_by: row.get(2)?,
            rows: row.get(3)?,
            created: row.get(4)?,
            changed: row.get(5)?,
            undone_at: (undone_at != 0).then(|| Timestamp::from_micros(undone_at)),
            undone_by: row.get(7)?,
            reason: row.get(8)?,
        })
    };
    let found = tx.query(&tables::IMPORTS, values)?;
    let lines = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(lines, |line| (line.imported_at.micros(), line.import_id.raw())))
}

/// What imports made and changed, the newest import first, by SKU.
///
/// # Errors
/// See [`ImportListError`].
pub fn list_item_import_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ItemImportLineFilter,
) -> Result<Page<ItemImportLineRow>, ImportListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (import, sku): (i64, String) = paging.after((i64::MAX, String::new()))?;
    let values = params![
        ctx.company_id,
        filter.import_id.map_or(0, Id::raw),
        filter.made,
        filter.changed_since,
        filter.sku,
        import,
        sku,
        paging.limit()
    ];
    let read = |row: &Row| {
        let fields: String = row.get(4)?;
        Ok(ItemImportLineRow {
            import_id: row.get(0)?,
            imported_at: row.get(6)?,
            item_id: row.get(1)?,
            sku: row.get(2)?,
            name: row.get(3)?,
            made: fields.is_empty(),
            fields,
            changed_since: row.get(5)?,
        })
    };
    let found = tx.query(&tables::IMPORT_LINES, values)?;
    let lines = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(lines, |line| (line.import_id.raw(), line.sku.clone())))
}
