//! `list_to_put_away`: goods that lie where they were received, each with the place that it goes to next.
//!
//! What is kept for orders is not among them: it is picked from where it lies. The places are proposed as
//! if all goods were put away in one order, those that came first going first, so that two lots of an item
//! are not sent into the same room; how the list is narrowed down or sorted changes no proposal.

use crate::put_away::{PutawayPart, rooms};
use crate::rules;
use crate::tables;
use crate::views::{ListError, READ};
use base::{Day, ItemId, Page, Paging, Quantity, WarehouseId};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{Row, Tx, params};
use utoipa::ToSchema;

/// In which order goods to put away are listed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ToPutAwaySort {
    /// What has waited longest first.
    #[default]
    Oldest,
    /// By the path of the place where they lie.
    Place,
    /// By SKU.
    Sku,
}

/// Which goods to put away.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ToPutAwayFilter {
    /// Only those of this warehouse, by its code.
    pub warehouse: Option<String>,
    /// Only those at this place, by its path.
    pub place: Option<String>,
    /// Only this SKU.
    pub sku: Option<String>,
    /// Only what has waited since this day or longer.
    pub waiting_since: Option<Day>,
    /// In which order: `oldest`, `place` or `sku`.
    pub sort: ToPutAwaySort,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Goods of an item and lot that wait at a receiving place.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ToPutAwayRow {
    /// The warehouse's code.
    pub warehouse: String,
    /// The path of the place where they lie.
    pub place: String,
    /// The item's SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The code of its stock unit, of which all quantities here are.
    pub unit: String,
    /// The lot's code.
    pub lot: Option<String>,
    /// The last day the lot keeps.
    pub expires_on: Option<Day>,
    /// Since when some of it has lain there without a break.
    pub since: Option<Day>,
    /// For how many days that is.
    pub age_days: i64,
    /// How much lies there.
    pub on_hand: Quantity,
    /// How much of it is kept for demands, and so is picked from where it lies.
    pub reserved: Quantity,
    /// How much is to be put away.
    pub to_put_away: Quantity,
    /// Whether somebody holds it back: it is not put away before the hold is lifted.
    pub held: bool,
    /// The path of the place that it goes to next.
    pub proposed: String,
    /// The places that the rules have room at, in the order in which they are filled.
    pub places: Vec<PutawayPart>,
    /// How much no rule has room for.
    pub unassigned: Quantity,
    /// The path of the place that takes what no rule has room for.
    pub otherwise: String,
}

/// Goods to put away, with the places that are proposed for them.
///
/// # Errors
/// See [`ListError`].
pub fn list_to_put_away(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ToPutAwayFilter,
) -> Result<Page<ToPutAwayRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (key, place, sku, lot): (String, String, String, String) =
        paging.after(Default::default())?;
    let sort = filter.sort;
    let found = tx.query(
        &tables::LIST_TO_PUT_AWAY,
        params![
            ctx.company_id,
            filter.warehouse,
            filter.place,
            filter.sku,
            filter.waiting_since,
            sort.word(),
            key,
            place,
            sku,
            lot,
            paging.limit()
        ],
    )?;
    let goods = found.iter().map(|row| read(row, ctx.today));
    let goods = goods.collect::<Result<Vec<_>, ListError>>()?;
    let lines = propose(tx, ctx, goods)?;
    Ok(paging.page(lines, |line| {
        let key = match sort {
            ToPutAwaySort::Oldest => line.since.map_or_else(String::new, |day| day.to_string()),
            ToPutAwaySort::Place => line.place.clone(),
            ToPutAwaySort::Sku => line.sku.clone(),
        };
        (key, line.place.clone(), line.sku.clone(), line.lot.clone().unwrap_or_default())
    }))
}

impl ToPutAwaySort {
    fn word(self) -> &'static str {
        match self {
            ToPutAwaySort::Oldest => "oldest",
            ToPutAwaySort::Place => "place",
            ToPutAwaySort::Sku => "sku",
        }
    }
}

/// Goods that wait, before places are proposed for them.
struct Waiting {
    line: ToPutAwayRow,
    warehouse: WarehouseId,
    item: ItemId,
    /// Whether only wholes of the unit are put anywhere.
    whole: bool,
    /// How much of the item waits in the warehouse and came before.
    ahead: Quantity,
}

fn read(row: &Row, today: Day) -> Result<Waiting, ListError> {
    let (on_hand, reserved): (Quantity, Quantity) = (row.get(7)?, row.get(8)?);
    let since = Day::parse(&row.get::<String>(9)?).ok();
    let lot: String = row.get(5)?;
    let line = ToPutAwayRow {
        warehouse: row.get(0)?,
        place: row.get(1)?,
        sku: row.get(2)?,
        name: row.get(3)?,
        unit: row.get(4)?,
        lot: (!lot.is_empty()).then_some(lot),
        expires_on: Day::parse(&row.get::<String>(6)?).ok(),
        since,
        age_days: since.map_or(0, |day| day.days_until(today)),
        on_hand,
        reserved,
        to_put_away: on_hand.checked_sub(reserved)?,
        held: row.get(10)?,
        proposed: String::new(),
        places: Vec::new(),
        unassigned: Quantity::ZERO,
        otherwise: row.get(11)?,
    };
    Ok(Waiting {
        line,
        warehouse: row.get(12)?,
        item: row.get(13)?,
        whole: row.get(14)?,
        ahead: row.get(15)?,
    })
}

/// Proposes places for all goods of a page.
fn propose(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    goods: Vec<Waiting>,
) -> Result<Vec<ToPutAwayRow>, ListError> {
    let rooms =
        rooms::<ListError>(tx, ctx, goods.iter().map(|waiting| (waiting.warehouse, waiting.item)))?;
    let mut lines = Vec::with_capacity(goods.len());
    for Waiting { mut line, warehouse, item, whole, ahead } in goods {
        let mut rooms = rooms.get(&(warehouse, item)).cloned().unwrap_or_default();
        rules::put(&mut rooms, ahead, Quantity::ONE, whole)?;
        let before = rooms.clone();
        let (parts, unassigned) = rules::put(&mut rooms, line.to_put_away, Quantity::ONE, whole)?;
        line.places = parts.iter().map(|&part| PutawayPart::of(&before, part)).collect();
        line.unassigned = unassigned;
        let first = line.places.first().map(|part| part.place.clone());
        line.proposed = first.unwrap_or_else(|| line.otherwise.clone());
        lines.push(line);
    }
    Ok(lines)
}
