//! What is counted next: when each place is due, and which places ask to be looked at out of turn.

use crate::model::{CountKind, DueBy};
use crate::plan_counts::{PlaceRules, Plan, Stocked, requests};
use crate::views::ListError;
use crate::{READ, rules, tables};
use base::{Day, Page, Paging, WarehouseId};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Tx, params};
use utoipa::ToSchema;

/// A place that asks to be counted out of turn.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountRequestRow {
    /// The place's path.
    pub place: String,
    /// Why: `zero`, it ran empty and nobody has confirmed it.
    pub kind: CountKind,
    /// Whether a sheet is open for it.
    pub on_sheet: bool,
}

/// Which places.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CountRequestFilter {
    /// Only of this warehouse.
    pub warehouse: Option<String>,
    /// `true` for those that a sheet is open for, `false` for those that are on none.
    pub on_sheet: Option<bool>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Places that ran empty and ask to be looked at. It is so from the move on that took the last goods,
/// until the place is counted or goods come in again.
///
/// # Errors
/// See [`ListError`].
pub fn list_count_requests(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: CountRequestFilter,
) -> Result<Page<CountRequestRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let warehouse_id = warehouse_of(tx, ctx, filter.warehouse)?;
    let rules = PlaceRules::load(tx, ctx)?;
    let lines = requests(tx, ctx, warehouse_id, &rules)?.into_iter().map(|request| {
        let on_sheet = request.count_open > 0;
        CountRequestRow { place: request.path, kind: CountKind::Zero, on_sheet }
    });
    let lines = lines.filter(|line| filter.on_sheet.is_none_or(|asked| line.on_sheet == asked));
    Ok(paging.cut(lines.collect(), |line| line.place.clone())?)
}

/// When a place is next counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct NextCountRow {
    /// The place's path.
    pub place: String,
    /// The code of its warehouse.
    pub warehouse: String,
    /// When all that lies there was last counted, or more.
    pub counted_on: Option<Day>,
    /// When it, or something in it, is or was due.
    pub due_on: Day,
    /// The next day on which it can be counted: what is overdue is counted tomorrow.
    pub next_on: Day,
    /// Whether the place is due as such, or some items there by their class.
    pub due_by: DueBy,
    /// How many rows of stock lie there.
    pub rows: i64,
    /// How many of them are on open sheets.
    pub on_sheets: i64,
}

/// In which order places are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum NextCountSort {
    /// What is due first comes first.
    #[default]
    DueOn,
    /// By path.
    Place,
}

/// Which places.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct NextCountFilter {
    /// Only of this warehouse, by its code.
    pub warehouse: Option<String>,
    /// The profile whose classes count; without one only places do.
    pub profile: Option<String>,
    /// Only this place, by its path, and those inside it.
    pub place: Option<String>,
    /// Only those due on this day or earlier.
    pub due_by: Option<Day>,
    /// In which order: `due_on` or `place`.
    pub sort: NextCountSort,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// When the places that hold stock are next counted: by their own cycle, on the yearly day, or because
/// the class of an item there is due.
///
/// # Errors
/// See [`ListError`].
pub fn list_next_counts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: NextCountFilter,
) -> Result<Page<NextCountRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let warehouse_id = warehouse_of(tx, ctx, filter.warehouse)?;
    let profile = filter.profile.unwrap_or_default();
    if !profile.is_empty()
        && tx.query(&tables::LIST_PROFILES, params![ctx.company_id, profile])?.is_empty()
    {
        return Err(ListError::UnknownProfile { name: profile });
    }
    let plan = Plan::load(tx, ctx, warehouse_id, &profile)?;
    let mut lines = due_places(&plan, ctx.today);
    lines.retain(|line| {
        filter.due_by.is_none_or(|day| line.due_on <= day)
            && filter.place.as_deref().is_none_or(|place| is_in(&line.place, place))
    });
    Ok(paging.cut(lines, |line| match filter.sort {
        NextCountSort::DueOn => (line.due_on.to_string(), line.place.clone()),
        NextCountSort::Place => (line.place.clone(), String::new()),
    })?)
}

/// The places at which anything is ever due.
fn due_places(plan: &Plan, today: Day) -> Vec<NextCountRow> {
    let mut places: BTreeMap<&str, Vec<&Stocked>> = BTreeMap::new();
    for row in &plan.rows {
        places.entry(&row.path).or_default().push(row);
    }
    let line = |(path, rows): (&str, Vec<&Stocked>)| {
        let counted_on = plan.counted.get(path).copied().flatten();
        let by_place = plan.rules.due(path, counted_on, today).map(|day| (day, DueBy::Place));
        let by_class = rows.iter().filter_map(|row| row.due_by_class()).min();
        let by_class = by_class.map(|day| (day, DueBy::Class));
        let (due_on, due_by) = by_place.into_iter().chain(by_class).min_by_key(|(day, _)| *day)?;
        let on_sheets = rows.iter().filter(|row| row.on_sheet).count();
        Some(NextCountRow {
            place: path.to_owned(),
            warehouse: rows.first()?.warehouse.clone(),
            counted_on,
            due_on,
            next_on: rules::next_on(due_on, today),
            due_by,
            rows: i64::try_from(rows.len()).unwrap_or(i64::MAX),
            on_sheets: i64::try_from(on_sheets).unwrap_or(i64::MAX),
        })
    };
    places.into_iter().filter_map(line).collect()
}

/// Whether a place is another, or inside it.
fn is_in(path: &str, outer: &str) -> bool {
    path.strip_prefix(outer).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
}

fn warehouse_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    code: Option<String>,
) -> Result<Option<WarehouseId>, ListError> {
    let Some(code) = code else { return Ok(None) };
    let found = stock::warehouse_by_code(tx, ctx.company_id, &code)?;
    found.map(|warehouse| Some(warehouse.warehouse_id)).ok_or(ListError::UnknownWarehouse { code })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_in_itself_and_in_those_around_it() {
        for (path, outer, within) in [
            ("WH/Stock/A", "WH/Stock", true),
            ("WH/Stock", "WH/Stock", true),
            ("WH/Stocks", "WH/Stock", false),
            ("WH", "WH/Stock", false),
        ] {
            assert_eq!(is_in(path, outer), within, "{path} in {outer}");
        }
    }
}
