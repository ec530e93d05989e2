//! What readers get: the openings of a company.

use crate::{READ, tables};
use accounting::ListError;
use base::{Day, Id, Money, OpeningId, Page, Paging, Timestamp};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// What to list of the openings.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpeningFilter {
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// An opening in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpeningRow {
    /// Its id.
    pub opening_id: OpeningId,
    /// The first day of the books.
    pub opened_on: Day,
    /// What was booked to the opening difference, debit positive.
    pub difference: Money,
    /// How many documents it made.
    pub documents: i64,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// Who opened the books, by login; empty from the command line.
    pub opened_by: String,
    /// When it was taken back, if it was.
    pub undone_at: Option<Timestamp>,
    /// Why it was taken back.
    pub reason: String,
}

/// Openings, newest first. At most one of them stands.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_openings(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: OpeningFilter,
) -> Result<Page<OpeningRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (at, id): (i64, i64) = paging.after((i64::MAX, i64::MAX))?;
    let found =
        tx.query(&tables::LIST_OPENINGS, params![ctx.company_id, at, id, paging.limit()])?;
    let read = |row: &Row| {
        let undone_at: i64 = row.get(5)?;
        Ok(OpeningRow {
            opening_id: row.get(0)?,
            opened_on: row.get(1)?,
            difference: Money::new(row.get(2)?, ctx.currency),
            recorded_at: row.get(3)?,
            opened_by: row.get(4)?,
            undone_at: (undone_at != 0).then(|| Timestamp::from_micros(undone_at)),
            reason: row.get(6)?,
            documents: row.get(7)?,
        })
    };
    let rows = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &OpeningRow| (row.recorded_at.micros(), row.opening_id.raw())))
}
