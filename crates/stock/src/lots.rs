//! Lots: goods that came together and can be told apart, and the days until which they keep.

use crate::rules;
use crate::tables;
use crate::views::{ListError, READ};
use base::{CompanyId, Day, ItemId, LotId, Page, Paging, Problem, Quantity, Rule};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// A lot to find or to make, with what is known of its days.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lot {
    /// The item.
    pub item_id: ItemId,
    /// The lot's code, unique for the item.
    pub code: String,
    /// Its days.
    pub dates: LotDates,
}

/// The days of a lot, all counted back from the one on which it expires.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct LotDates {
    /// The last day it keeps; none when nobody knows or it keeps for ever.
    pub expires_on: Option<Day>,
    /// The last day it is best.
    pub best_before: Option<Day>,
    /// The last day it is picked.
    pub remove_by: Option<Day>,
    /// When somebody should look at it.
    pub alert_on: Option<Day>,
    /// Whether somebody read the day off the goods; otherwise it follows from how long the item
    /// keeps.
    pub stated: bool,
}

impl LotDates {
    /// The days of a lot of an item: those that follow from the expiry that is stated, or else from
    /// the day on which the goods were made, or came when nobody knows that.
    #[must_use]
    pub fn of(item: &catalog::Item, stated: Option<Day>, from: Day) -> LotDates {
        rules::lot_dates(&rules::Keeps::of(item), stated, from)
    }
}

/// Why a lot cannot take the days given.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum LotError {
    /// Somebody else read another day off the same lot.
    #[error("lot {lot} expires on {expires_on}, not on {stated}; state that day, or another lot")]
    OtherExpiry {
        /// The lot's code.
        lot: String,
        /// When it expires, as was stated before.
        expires_on: Day,
        /// What is stated now.
        stated: Day,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for LotError {
    fn problem(&self) -> Problem {
        match self {
            LotError::OtherExpiry { .. } => {
                Problem::refused("lot_other_expiry", self.to_string()).with_field("expires_on")
            }
            LotError::Store(error) => error.problem(),
        }
    }
}

/// The ids of lots by item and code, for goods of which nobody says until when they keep; lots that
/// do not exist are made without days, and take them from the first receipt that knows.
///
/// # Errors
/// The store's own.
pub fn lots(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    seen_on: Day,
    wanted: &[(ItemId, String)],
) -> Result<BTreeMap<(ItemId, String), LotId>, StoreError> {
    let undated = |(item_id, code): &(ItemId, String)| Lot {
        item_id: *item_id,
        code: code.clone(),
        dates: LotDates::default(),
    };
    let wanted: Vec<Lot> = wanted.iter().map(undated).collect();
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    tables::ensure_lots(tx, company_id, seen_on, &wanted.iter().collect::<Vec<_>>())?;
    let found = tables::find_lots(tx, company_id, &wanted)?;
    Ok(found.into_iter().map(|(key, (id, _))| (key, id)).collect())
}

/// The ids of lots by item and code, for goods that come in with what is known of their days; lots
/// that do not exist are made.
///
/// A lot that has no days takes those given. Days that follow from how long the item keeps give way to
/// a stated expiry; a stated one stands, and another is refused.
///
/// # Errors
/// See [`LotError`]; the caller's transaction is then to be given up.
pub fn dated_lots(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    received_on: Day,
    wanted: &[Lot],
) -> Result<BTreeMap<(ItemId, String), LotId>, LotError> {
    if wanted.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut once: BTreeMap<(ItemId, &str), &Lot> = BTreeMap::new();
    for lot in wanted {
        let known = once.entry((lot.item_id, &lot.code)).or_insert(lot);
        if lot.dates.outranks(&known.dates) {
            *known = lot;
        }
    }
    let once: Vec<&Lot> = once.into_values().collect();
    tables::ensure_lots(tx, company_id, received_on, &once)?;
    tables::date_lots(tx, company_id, &once)?;
    let found = tables::find_lots(tx, company_id, wanted)?;
    for lot in wanted.iter().filter(|lot| lot.dates.stated) {
        let is =
            found.get(&(lot.item_id, lot.code.clone())).and_then(|(_, expires_on)| *expires_on);
        if let (Some(expires_on), Some(stated)) = (is, lot.dates.expires_on)
            && expires_on != stated
        {
            return Err(LotError::OtherExpiry { lot: lot.code.clone(), expires_on, stated });
        }
    }
    Ok(found.into_iter().map(|(key, (id, _))| (key, id)).collect())
}

impl LotDates {
    /// Whether a lot with the other's days takes these instead.
    fn outranks(&self, other: &LotDates) -> bool {
        let rank = |dates: &LotDates| (dates.expires_on.is_some(), dates.stated);
        rank(self) > rank(other)
    }
}

/// Which lots to list.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LotFilter {
    /// Only those of this item.
    pub sku: Option<String>,
    /// Only those of this code.
    pub lot: Option<String>,
    /// Only those that somebody should look at by this day.
    pub alert_by: Option<Day>,
    /// Only those of which something lies at our places.
    pub in_stock: Option<bool>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A lot with its days and what there is of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LotRow {
    /// The item's SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The lot's code.
    pub lot: String,
    /// The last day it keeps; none when nobody knows.
    pub expires_on: Option<Day>,
    /// The last day it is best.
    pub best_before: Option<Day>,
    /// The last day it is picked.
    pub remove_by: Option<Day>,
    /// When somebody should look at it.
    pub alert_on: Option<Day>,
    /// Whether somebody read its expiry off the goods.
    pub stated: bool,
    /// When it was first seen.
    pub received_on: Day,
    /// What lies at our places.
    pub on_hand: Quantity,
    /// What of it is kept for demands.
    pub reserved: Quantity,
}

/// Lots by expiry, soonest first, and those without one last.
///
/// # Errors
/// See [`ListError`].
pub fn list_lots(tx: &mut Tx<'_>, ctx: &Ctx, filter: LotFilter) -> Result<Page<LotRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (ends, sku, lot): (String, String, String) = paging.after(Default::default())?;
    let found = tx.query(
        &tables::LIST_LOTS,
        params![
            ctx.company_id,
            filter.sku,
            filter.lot,
            filter.alert_by,
            filter.in_stock.unwrap_or_default(),
            ends,
            sku,
            lot,
            paging.limit()
        ],
    )?;
    let lines = found.iter().map(lot_row).collect::<Result<_, StoreError>>()?;
    Ok(paging.page(lines, |line: &LotRow| {
        let ends = line.expires_on.map_or_else(|| "~".to_owned(), |day| day.to_string());
        (ends, line.sku.clone(), line.lot.clone())
    }))
}

fn lot_row(row: &Row) -> Result<LotRow, StoreError> {
    let dates = tables::lot_dates(row, 3)?;
    Ok(LotRow {
        sku: row.get(0)?,
        name: row.get(1)?,
        lot: row.get(2)?,
        expires_on: dates.expires_on,
        best_before: dates.best_before,
        remove_by: dates.remove_by,
        alert_on: dates.alert_on,
        stated: dates.stated,
        received_on: row.get(8)?,
        on_hand: row.get(9)?,
        reserved: row.get(10)?,
    })
}
