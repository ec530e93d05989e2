//! `plan_counts`: a sheet of what is due, and one of the places that ran empty.
//!
//! A stock row is due when its place is, by the cycle that the place or one around it has, else on the
//! company's yearly day; or when its item's class is. A place is as well counted as the row in it that
//! was counted longest ago.

use crate::model::CountKind;
use crate::open_count::{MOST_LINES, New, write};
use crate::tables::{self, Found, nearest};
use crate::{PLAN, rules};
use base::{CountId, Day, ItemId, PlaceId, Problem, Rule, WarehouseId};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashSet};
use store::{Row, Rows, StoreError, Tx, params};
use utoipa::ToSchema;

/// What is to be planned.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlanCounts {
    /// The warehouse's code.
    pub warehouse: String,
    /// The profile whose classes count; without one only places do.
    #[serde(default)]
    pub profile: Option<String>,
    /// Do not show to counters what the books expect.
    #[serde(default)]
    pub blind: bool,
    /// At most so many lines, the longest due first; 20,000 when left out.
    #[serde(default)]
    pub most_lines: Option<i64>,
}

/// What was planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountsPlanned {
    /// The sheets made; none when nothing is due that is not on a sheet already.
    pub sheets: Vec<PlannedSheet>,
    /// How many lines are due and were left for the next time.
    pub left: i64,
}

/// A sheet as planned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlannedSheet {
    /// The sheet.
    pub count_id: CountId,
    /// Its number.
    pub number: String,
    /// A cycle count, or a look at places that ran empty.
    pub kind: CountKind,
    /// How many lines it has.
    pub lines: i64,
}

/// Why nothing was planned, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum PlanError {
    /// There is no such warehouse.
    #[error("there is no warehouse {code:?}")]
    UnknownWarehouse {
        /// The code asked for.
        code: String,
    },
    /// The caller may not plan there.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A number of lines that is none.
    #[error("most_lines is {most}; it must be from 1 to {MOST_LINES}")]
    WrongMost {
        /// What was given.
        most: i64,
    },
    /// There is no such profile.
    #[error("there is no profile {name:?}; define it first")]
    UnknownProfile {
        /// The name asked for.
        name: String,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for PlanError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            PlanError::UnknownWarehouse { .. } => {
                Problem::not_found("warehouse_not_found", detail).with_field("warehouse")
            }
            PlanError::Denied(error) => error.problem(),
            PlanError::WrongMost { .. } => {
                Problem::invalid("out_of_range", detail).with_field("most_lines")
            }
            PlanError::UnknownProfile { .. } => {
                Problem::not_found("profile_not_found", detail).with_field("profile")
            }
            PlanError::Store(error) => error.problem(),
        }
    }
}

/// Puts on sheets what is due today and on no open sheet yet. Done again, it does nothing.
///
/// # Errors
/// The first broken rule in the order of [`PlanError`].
pub fn plan_counts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: PlanCounts,
) -> Result<CountsPlanned, PlanError> {
    let code = request.warehouse.clone();
    let found = stock::warehouse_by_code(tx, ctx.company_id, &code)?;
    let warehouse_id = found.ok_or(PlanError::UnknownWarehouse { code })?.warehouse_id;
    ctx.require_in(PLAN, warehouse_id)?;
    let most = request.most_lines.unwrap_or(i64::try_from(MOST_LINES).unwrap_or(i64::MAX));
    let most = usize::try_from(most).ok().filter(|most| (1..=MOST_LINES).contains(most));
    let most = most.ok_or(PlanError::WrongMost { most: request.most_lines.unwrap_or(0) })?;
    if let Some(name) = &request.profile {
        let known = tx.query(&tables::LIST_PROFILES, params![ctx.company_id, name])?;
        if known.is_empty() {
            return Err(PlanError::UnknownProfile { name: name.clone() });
        }
    }
    let profile = request.profile.clone().unwrap_or_default();
    let plan = Plan::load(tx, ctx, Some(warehouse_id), &profile)?;
    let (mut due, whole) = plan.due(ctx.today);
    let left = due.len().saturating_sub(most);
    due.sort_by_key(|(due, at)| (*due, *at));
    due.truncate(most);
    let found: Vec<Found> = due.iter().map(|(_, at)| plan.rows[*at].found).collect();
    let complete = |place: &PlaceId| {
        let of_place = |row: &&Stocked| row.found.place_id == *place;
        let planned = found.iter().filter(|row| row.place_id == *place).count();
        planned == plan.rows.iter().filter(of_place).count()
    };
    let whole: BTreeSet<PlaceId> = match left {
        0 => whole,
        _ => whole.into_iter().filter(complete).collect(),
    };
    let emptied: BTreeSet<PlaceId> = requests(tx, ctx, Some(warehouse_id), &plan.rules)?
        .into_iter()
        .filter(|request| request.count_open == 0)
        .map(|request| request.place_id)
        .collect();
    let at_emptied =
        tx.query(&tables::MOVED_AT, params![ctx.company_id; Rows::column(&emptied)])?;
    let at_emptied = at_emptied.iter().map(tables::found).collect::<Result<Vec<_>, _>>()?;
    let mut sheets = Vec::new();
    for (kind, whole, found) in
        [(CountKind::Cycle, whole, found), (CountKind::Zero, emptied, at_emptied)]
    {
        if found.is_empty() {
            continue;
        }
        let blind = request.blind;
        let (memo, client_ref) = (String::new(), String::new());
        let new = New { warehouse_id, kind, blind, memo, client_ref, whole, found };
        let made = write(tx, ctx, new)?;
        let (count_id, number, lines) = (made.count_id, made.number, made.lines);
        sheets.push(PlannedSheet { count_id, number, kind, lines });
    }
    Ok(CountsPlanned { sheets, left: i64::try_from(left).unwrap_or(i64::MAX) })
}

/// Tells what a plan would put on sheets: it is planned and taken back.
///
/// # Errors
/// As [`plan_counts`].
pub fn rehearse_plan(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: PlanCounts,
) -> Result<CountsPlanned, PlanError> {
    tx.rehearse(|tx| plan_counts(tx, ctx, request))
}

/// What rules a place.
pub(crate) struct PlaceRules {
    cycles: BTreeMap<String, (i64, Day)>,
    zero: BTreeMap<String, ()>,
    counted: BTreeMap<String, Day>,
    annual: Option<(i8, i8)>,
}

impl PlaceRules {
    pub(crate) fn load(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<PlaceRules, StoreError> {
        let policies = identity::policies(tx, ctx.company_id)?;
        let mut ruled = PlaceRules {
            cycles: BTreeMap::new(),
            zero: BTreeMap::new(),
            counted: BTreeMap::new(),
            annual: rules::annual(policies.number("annual_count_date")),
        };
        for row in tx.query(&tables::RULES, params![ctx.company_id])? {
            let path: String = row.get(0)?;
            if let Some(days) = row.get::<Option<i64>>(1)? {
                ruled.cycles.insert(path.clone(), (days, row.get(3)?));
            }
            if row.get(2)? {
                ruled.zero.insert(path.clone(), ());
            }
            if let Ok(day) = Day::parse(&row.get::<String>(4)?) {
                ruled.counted.insert(path.clone(), day);
            }
        }
        Ok(ruled)
    }

    /// When a place is due that was last counted on a day.
    pub(crate) fn due(&self, path: &str, counted_on: Option<Day>, today: Day) -> Option<Day> {
        let cycle = nearest(&self.cycles, path);
        let since = cycle.map_or(today, |(_, since)| *since);
        rules::due_on(cycle.map(|(days, _)| *days), self.annual, counted_on, since)
    }
}

/// A row that lies in stock.
pub(crate) struct Stocked {
    found: Found,
    pub path: String,
    /// The code of its warehouse.
    pub warehouse: String,
    counted_on: Option<Day>,
    class: Option<(i64, Day)>,
    pub on_sheet: bool,
}

impl Stocked {
    /// When it is due by the class of its item.
    pub(crate) fn due_by_class(&self) -> Option<Day> {
        let (days, since) = self.class?;
        rules::due_on(Some(days), None, self.counted_on, since)
    }
}

pub(crate) struct Plan {
    pub rules: PlaceRules,
    pub rows: Vec<Stocked>,
    /// When each place that holds stock was last counted.
    pub counted: BTreeMap<String, Option<Day>>,
}

impl Plan {
    /// What lies in a warehouse, or in all of them.
    pub(crate) fn load(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        warehouse_id: Option<WarehouseId>,
        profile: &str,
    ) -> Result<Plan, StoreError> {
        let rules = PlaceRules::load(tx, ctx)?;
        let warehouse_id = tables::raw(warehouse_id);
        let found = tx.query(&tables::STOCKED, params![ctx.company_id, warehouse_id, profile])?;
        let on_sheets = tx.query(&tables::ON_SHEETS, params![ctx.company_id, warehouse_id])?;
        let key = |row: &Row| Ok((row.get(0)?, row.get(1)?, row.get(2)?));
        let on_sheets: HashSet<(ItemId, PlaceId, i64)> =
            on_sheets.iter().map(key).collect::<Result<_, StoreError>>()?;
        let read = |row: &Row| {
            let path: String = row.get(5)?;
            let own = Day::parse(&row.get::<String>(6)?).ok();
            let counted_on = own.max(rules.counted.get(&path).copied());
            let cycle: Option<i64> = row.get(7)?;
            let since = Day::parse(&row.get::<String>(8)?).ok();
            let found = tables::found(row)?;
            Ok(Stocked {
                on_sheet: on_sheets.contains(&(found.item_id, found.place_id, found.lot)),
                found,
                path,
                warehouse: row.get(9)?,
                counted_on,
                class: cycle.zip(since),
            })
        };
        let rows = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
        let mut counted: BTreeMap<String, Option<Day>> = BTreeMap::new();
        for row in &rows {
            let day = counted.entry(row.path.clone()).or_insert(row.counted_on);
            *day = (*day).min(row.counted_on);
        }
        Ok(Plan { rules, rows, counted })
    }

    /// The rows due on a day that are on no sheet, by their position, and the places that are then
    /// counted whole.
    fn due(&self, today: Day) -> (Vec<(Day, usize)>, BTreeSet<PlaceId>) {
        let (mut due, mut whole) = (Vec::new(), BTreeSet::new());
        let mut partly = BTreeSet::new();
        for (at, row) in self.rows.iter().enumerate() {
            let counted_on = self.counted.get(&row.path).copied().flatten();
            let by_place = self.rules.due(&row.path, counted_on, today).filter(|due| *due <= today);
            let by_class = row.due_by_class().filter(|due| *due <= today);
            let day = match (by_place, by_class) {
                (Some(place), Some(class)) => place.min(class),
                (Some(day), None) | (None, Some(day)) => day,
                (None, None) => continue,
            };
            let place = row.found.place_id;
            if row.on_sheet {
                partly.insert(place);
                continue;
            }
            if by_place.is_some() {
                whole.insert(place);
            }
            due.push((day, at));
        }
        (due, whole.difference(&partly).copied().collect())
    }
}

/// A place that ran empty and asks to be looked at.
pub(crate) struct Request {
    place_id: PlaceId,
    pub path: String,
    pub count_open: i64,
}

pub(crate) fn requests(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    warehouse_id: Option<WarehouseId>,
    rules: &PlaceRules,
) -> Result<Vec<Request>, StoreError> {
    let params = params![ctx.company_id, tables::raw(warehouse_id)];
    let mut requests = Vec::new();
    for row in tx.query(&tables::EMPTIED, params)? {
        let path: String = row.get(1)?;
        if nearest(&rules.zero, &path).is_some() {
            requests.push(Request { place_id: row.get(0)?, path, count_open: row.get(4)? });
        }
    }
    Ok(requests)
}
