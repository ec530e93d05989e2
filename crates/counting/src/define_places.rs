//! `define_places`: how places are counted, how often, and how far off a count may be.

use crate::views::ListError;
use crate::{DEFINE, READ, tables};
use base::{Day, Page, Paging, Problem, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{Row, Rows, StoreError, Tx, params, row};
use utoipa::ToSchema;

/// Rules for places.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineCountPlaces {
    /// One rule for each place; it replaces the rule that the place had.
    pub places: Vec<PlaceRule>,
}

/// How one place and those inside it are counted, unless a place inside has a rule of its own.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct PlaceRule {
    /// The place's path.
    pub place: String,
    /// Every how many days it is counted.
    #[serde(default)]
    pub cycle_days: Option<i64>,
    /// Whether it asks to be looked at when it runs empty.
    #[serde(default)]
    pub zero_confirmation: bool,
    /// How far a count may be off without another person, in percent of what was expected.
    #[serde(default)]
    pub threshold_percent: Option<i64>,
    /// The last day on which it was counted before it was counted here.
    #[serde(default)]
    pub last_counted_on: Option<Day>,
}

/// Rules as defined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PlacesDefined {
    /// How many.
    pub places: usize,
}

/// Why nothing was defined, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum DefinePlacesError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such place of ours.
    #[error("there is no place {place:?} of ours; write its path, such as WH/Stock")]
    UnknownPlace {
        /// The path asked for.
        place: String,
    },
    /// A number that nobody can mean.
    #[error("{place}: {field} must be from {least} to {most}")]
    OutOfRange {
        /// The place.
        place: String,
        /// The field.
        field: &'static str,
        /// The least that is taken.
        least: i64,
        /// The most.
        most: i64,
    },
    /// The same place twice.
    #[error("{place} has two rules in this request; give it one")]
    Twice {
        /// The place.
        place: String,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for DefinePlacesError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            DefinePlacesError::Denied(error) => error.problem(),
            DefinePlacesError::UnknownPlace { .. } => Problem::not_found("place_not_found", detail),
            DefinePlacesError::OutOfRange { field, .. } => {
                Problem::invalid("out_of_range", detail).with_field(field)
            }
            DefinePlacesError::Twice { .. } => Problem::invalid("place_twice", detail),
            DefinePlacesError::Store(error) => error.problem(),
        }
    }
}

/// Defines how places are counted. A place that asks for confirmation does so when it next runs empty;
/// what was empty before asks for none.
///
/// # Errors
/// The first broken rule in the order of [`DefinePlacesError`].
pub fn define_places(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: DefineCountPlaces,
) -> Result<PlacesDefined, DefinePlacesError> {
    ctx.require(DEFINE)?;
    let paths = request.places.iter().map(|rule| rule.place.as_str());
    let found = stock::find_places(tx, ctx.company_id, paths)?;
    let mut set = Rows::new(5);
    let mut seen = std::collections::BTreeSet::new();
    for rule in &request.places {
        let place = found.get(&rule.place).filter(|place| place.kind == stock::PlaceKind::Internal);
        let place =
            place.ok_or_else(|| DefinePlacesError::UnknownPlace { place: rule.place.clone() })?;
        for (field, value, least, most) in [
            ("cycle_days", rule.cycle_days, 1, 3650),
            ("threshold_percent", rule.threshold_percent, 0, 1000),
        ] {
            if value.is_some_and(|value| !(least..=most).contains(&value)) {
                let place = rule.place.clone();
                return Err(DefinePlacesError::OutOfRange { place, field, least, most });
            }
        }
        if !seen.insert(place.place_id) {
            return Err(DefinePlacesError::Twice { place: rule.place.clone() });
        }
        set.push(row![
            place.place_id,
            rule.cycle_days,
            rule.zero_confirmation,
            rule.threshold_percent,
            tables::day_text(rule.last_counted_on)
        ]);
    }
    let asks = request.places.iter().filter(|rule| rule.zero_confirmation);
    let asks = Rows::column(asks.map(|rule| rule.place.as_str()));
    tx.write(&tables::DEFINE_PLACES, params![ctx.company_id, ctx.today; set])?;
    tx.write(&tables::CONFIRM_EMPTY, params![ctx.company_id, ctx.today; asks])?;
    let detail = serde_json::to_value(&request).unwrap_or_default();
    ctx.audit(tx, DEFINE, "company", base::Id::raw(ctx.company_id), detail);
    Ok(PlacesDefined { places: request.places.len() })
}

/// How a place is counted, by a rule of its own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountPlaceRow {
    /// The place's path.
    pub place: String,
    /// The code of its warehouse.
    pub warehouse: String,
    /// Every how many days it is counted; none when only a place around it says.
    pub cycle_days: Option<i64>,
    /// Whether it asks to be looked at when it runs empty.
    pub zero_confirmation: bool,
    /// How far a count may be off without another person, in percent of what was expected.
    pub threshold_percent: Option<i64>,
    /// Since when its cycle holds.
    pub since: Day,
    /// When all of it was last counted; none when never.
    pub last_counted_on: Option<Day>,
}

/// Which places.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct CountPlaceFilter {
    /// Only of this warehouse, by its code.
    pub warehouse: Option<String>,
    /// Only this place, by its path, and those inside it.
    pub place: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Places with a rule of their own about how they are counted, by path. Those inside them are counted
/// alike.
///
/// # Errors
/// See [`ListError`].
pub fn list_places(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: CountPlaceFilter,
) -> Result<Page<CountPlaceRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after: String = paging.after(String::new())?;
    let values = params![ctx.company_id, filter.warehouse, filter.place, after, paging.limit()];
    let found = tx.query(&tables::LIST_PLACES, values)?;
    let read = |row: &Row| {
        Ok(CountPlaceRow {
            place: row.get(0)?,
            warehouse: row.get(1)?,
            cycle_days: row.get(2)?,
            zero_confirmation: row.get(3)?,
            threshold_percent: row.get(4)?,
            since: row.get(5)?,
            last_counted_on: Day::parse(&row.get::<String>(6)?).ok(),
        })
    };
    let lines = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(lines, |line: &CountPlaceRow| line.place.clone()))
}
