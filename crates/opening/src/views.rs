//! What readers get: the openings of a company.

use crate::{READ, tables};
use accounting::ListError;
use base::{Currency, Day, Id, Money, OpeningId, Page, Paging, Problem, Rule, Timestamp};
use identity::{Ctx, Denied};
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

/// How many documents of a kind an opening made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenedKind {
    /// The kind: `purchase_order`, `bill`, `invoice` or `sales_order`.
    pub kind: String,
    /// How many.
    pub documents: i64,
}

/// An opening with what it made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpeningDetail {
    /// The opening.
    pub head: OpeningRow,
    /// Its documents by kind.
    pub kinds: Vec<OpenedKind>,
}

/// Which documents of openings.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct OpenedDocumentFilter {
    /// Only those of this opening.
    pub opening_id: Option<OpeningId>,
    /// Only of this kind: `purchase_order`, `bill`, `invoice` or `sales_order`.
    pub kind: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A document that an opening made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OpenedDocument {
    /// The opening.
    pub opening_id: OpeningId,
    /// The kind: `purchase_order`, `bill`, `invoice` or `sales_order`.
    pub kind: String,
    /// The document's id.
    pub record_id: String,
    /// Its number.
    pub number: String,
    /// The code of the partner; empty for a customer who is not known.
    pub partner: String,
    /// The partner's name.
    pub partner_name: String,
    /// The day of the order, bill or invoice.
    pub happened_on: Option<Day>,
    /// Its total; of an invoice what is open.
    pub amount: Money,
}

/// Why an opening is not told.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum FindOpeningError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is none.
    #[error("there is no such opening")]
    Unknown,
    /// The list's own error.
    #[error(transparent)]
    List(#[from] ListError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for FindOpeningError {
    fn problem(&self) -> Problem {
        match self {
            FindOpeningError::Denied(error) => error.problem(),
            FindOpeningError::Unknown => Problem::not_found("unknown_opening", self.to_string()),
            FindOpeningError::List(error) => error.problem(),
            FindOpeningError::Store(error) => error.problem(),
        }
    }
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
        tx.query(&tables::LIST_OPENINGS, params![ctx.company_id, at, id, paging.limit(), 0_i64])?;
    let rows = found.iter().map(|row| opening(row, ctx)).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &OpeningRow| (row.recorded_at.micros(), row.opening_id.raw())))
}

fn opening(row: &Row, ctx: &Ctx) -> Result<OpeningRow, StoreError> {
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
}

/// An opening with how much it made.
///
/// # Errors
/// [`FindOpeningError`].
pub fn find_opening(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: OpeningId,
) -> Result<OpeningDetail, FindOpeningError> {
    ctx.require(READ)?;
    let one = params![ctx.company_id, i64::MAX, i64::MAX, 1_i64, id];
    let found = tx.query_opt(&tables::LIST_OPENINGS, one)?.ok_or(FindOpeningError::Unknown)?;
    let head = opening(&found, ctx)?;
    let kinds = tx.query(&tables::COUNT_DOCUMENTS, params![ctx.company_id, id])?;
    let kind = |row: &Row| Ok(OpenedKind { kind: row.get(0)?, documents: row.get(1)? });
    let kinds = kinds.iter().map(kind).collect::<Result<_, StoreError>>()?;
    Ok(OpeningDetail { head, kinds })
}

/// What openings made, by opening and kind.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_documents(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: OpenedDocumentFilter,
) -> Result<Page<OpenedDocument>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (opening, kind, id): (i64, String, i64) = paging.after((0, String::new(), 0))?;
    let of = filter.opening_id.map_or(0, Id::raw);
    let found = tx.query(
        &tables::LIST_DOCUMENTS,
        params![ctx.company_id, of, filter.kind, opening, kind, id, paging.limit()],
    )?;
    let document = |row: &Row| {
        let (record_id, happened_on, currency): (i64, String, String) =
            (row.get(2)?, row.get(6)?, row.get(7)?);
        let currency = Currency::parse(&currency).unwrap_or(ctx.currency);
        Ok(OpenedDocument {
            opening_id: row.get(0)?,
            kind: row.get(1)?,
            record_id: record_id.to_string(),
            number: row.get(3)?,
            partner: row.get(4)?,
            partner_name: row.get(5)?,
            happened_on: Day::parse(&happened_on).ok(),
            amount: Money::new(row.get(8)?, currency),
        })
    };
    let rows = found.iter().map(document).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(rows, |row: &OpenedDocument| {
        (row.opening_id.raw(), row.kind.clone(), row.record_id.parse().unwrap_or(0_i64))
    }))
}
