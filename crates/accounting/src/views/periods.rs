//! What readers get of periods: how far each area is locked, and how it came to that.

use super::ListError;
use crate::model::Area;
use crate::tables::{self, day_at};
use crate::{VIEW, rules};
use base::{Day, Page, Paging, Timestamp};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// How far an area is locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LockRow {
    /// The last day of the soft lock.
    pub soft_through: Option<Day>,
    /// The last day of the hard lock.
    pub hard_through: Option<Day>,
}

/// How far each area is locked; `all` counts for every one besides.
///
/// # Errors
/// [`ListError`].
pub fn locks(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<BTreeMap<Area, LockRow>, ListError> {
    ctx.require(VIEW)?;
    let rows = tx.query(&tables::LOCKS, params![ctx.company_id])?;
    let read = |row: &Row| {
        let lock = LockRow { soft_through: day_at(row, 1)?, hard_through: day_at(row, 2)? };
        Ok((row.get(0)?, lock))
    };
    rows.iter().map(read).collect::<Result<_, StoreError>>().map_err(ListError::from)
}

/// How far one area is locked, in the list of all.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LockLine {
    /// The area; `all` counts for every one besides.
    pub area: Area,
    /// The last day of the soft lock.
    pub soft_through: Option<Day>,
    /// The last day of the hard lock.
    pub hard_through: Option<Day>,
}

/// How far each area is locked, one line an area; none before the company has accounts.
///
/// # Errors
/// [`ListError`].
pub fn list_locks(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<LockLine>, ListError> {
    let line = |(area, LockRow { soft_through, hard_through })| LockLine {
        area,
        soft_through,
        hard_through,
    };
    Ok(locks(tx, ctx)?.into_iter().map(line).collect())
}

/// Which locks to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct LockedPeriodFilter {
    /// Only of this area.
    pub area: Option<Area>,
    /// Where the last page ended.
    pub cursor: Option<String>,
    /// How many rows, at most 200.
    pub limit: Option<i64>,
}

/// A lock as it was made, with its seal.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LockedPeriod {
    /// The area.
    pub area: Area,
    /// How often the company's locks had changed with it.
    pub revision: i64,
    /// The last locked day.
    pub through: Day,
    /// Whether it never opens again.
    pub hard: bool,
    /// When it was locked.
    pub locked_at: Timestamp,
    /// The name of who locked it.
    pub locked_by: String,
    /// Whether its days were opened again.
    pub lifted: bool,
    /// SHA-256 over the trial balance as of the lock, in hexadecimal.
    pub hash: String,
}

/// Every lock that was made, the newest first.
///
/// # Errors
/// [`ListError`].
pub fn list_locked_periods(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: LockedPeriodFilter,
) -> Result<Page<LockedPeriod>, ListError> {
    ctx.require(VIEW)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (revision, area): (i64, String) = paging.after((i64::MAX, String::new()))?;
    let only = filter.area.map_or("", Area::as_str);
    let page = params![ctx.company_id, only, revision, area, paging.limit()];
    let rows = tx.query(&tables::LOCKED_PERIODS, page)?;
    let read = |row: &Row| {
        Ok(LockedPeriod {
            area: row.get(0)?,
            revision: row.get(1)?,
            through: row.get(2)?,
            hard: row.get(3)?,
            hash: rules::hex(&row.get::<Vec<u8>>(4)?),
            locked_at: row.get(5)?,
            lifted: row.get::<i64>(6)? != 0,
            locked_by: row.get(7)?,
        })
    };
    let rows = rows.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(rows, |row: &LockedPeriod| (row.revision, row.area.as_str().to_owned())))
}
