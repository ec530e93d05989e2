//! `define_profile`: into which classes items fall by the value that left, and how often each class is
//! counted.

use crate::views::ListError;
use crate::{DEFINE, READ, tables};
use base::{Day, Id, NumberError, Page, Paging, Problem, Rate, Rule, TextError, check_code};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{Rows, StoreError, Tx, params, row};
use utoipa::ToSchema;

/// One hundred percent, in billionths of a percent.
const HUNDRED: i64 = 100_000_000_000;

/// A profile to be defined, or amended when its name is known.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineProfile {
    /// Its name.
    pub name: String,
    /// Over how many days the value that left is summed.
    #[serde(default = "year")]
    pub window_days: i64,
    /// Its levels, the most valuable first. Their shares add up to one hundred.
    pub levels: Vec<Level>,
}

fn year() -> i64 {
    365
}

/// One class.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Level {
    /// Its name, such as `A`.
    pub name: String,
    /// Its share of the value that left, in percent from 0 to 100.
    pub percent: Rate,
    /// Every how many days its items are counted.
    #[serde(default)]
    pub cycle_days: Option<i64>,
}

/// A profile as defined.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProfileDefined {
    /// How many levels it has.
    pub levels: usize,
}

/// Why a profile was not defined, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ProfileError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A name cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Days that nobody can mean.
    #[error("{field} must be from 1 to 3650 days")]
    WrongDays {
        /// The field.
        field: &'static str,
    },
    /// A level has the name of another.
    #[error("two levels are named {name}; give each a name of its own")]
    Twice {
        /// The name.
        name: String,
    },
    /// A share that is none.
    #[error("level {name}: {percent} percent is no share; it must be from 0 to 100")]
    OutOfRange {
        /// The level.
        name: String,
        /// What was given.
        percent: Rate,
    },
    /// The shares do not add up.
    #[error("the levels add up to {sum} percent; they must make one hundred")]
    NotHundred {
        /// What they add up to.
        sum: Rate,
    },
    /// The sum cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ProfileError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ProfileError::Denied(error) => error.problem(),
            ProfileError::Text(error) => error.problem(),
            ProfileError::WrongDays { field } => {
                Problem::invalid("days_invalid", detail).with_field(field)
            }
            ProfileError::Twice { .. } => {
                Problem::invalid("level_twice", detail).with_field("levels")
            }
            ProfileError::OutOfRange { .. } => {
                Problem::invalid("percent_out_of_range", detail).with_field("levels")
            }
            ProfileError::NotHundred { .. } => {
                Problem::invalid("percent_sum", detail).with_field("levels")
            }
            ProfileError::Number(error) => error.problem(),
            ProfileError::Store(error) => error.problem(),
        }
    }
}

/// Defines a profile, or amends the one of this name. Items keep their class until they are classified
/// anew.
///
/// # Errors
/// The first broken rule in the order of [`ProfileError`].
pub fn define_profile(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: DefineProfile,
) -> Result<ProfileDefined, ProfileError> {
    ctx.require(DEFINE)?;
    check(&request)?;
    let mut set = Rows::new(4);
    for (number, level) in (1_i64..).zip(&request.levels) {
        set.push(row![number, level.name, level.percent.nano() / 100, level.cycle_days]);
    }
    let name = request.name.as_str();
    let window = request.window_days;
    tx.write(&tables::UPSERT_PROFILE, params![ctx.company_id, name, window, ctx.at])?;
    tx.write(&tables::DELETE_LEVELS, params![ctx.company_id, name])?;
    tx.write(&tables::INSERT_LEVELS, params![ctx.company_id, name; set])?;
    let detail = serde_json::to_value(&request).unwrap_or_default();
    ctx.audit(tx, DEFINE, "company", ctx.company_id.raw(), detail);
    Ok(ProfileDefined { levels: request.levels.len() })
}

fn check(request: &DefineProfile) -> Result<(), ProfileError> {
    check_code("name", &request.name)?;
    if !(1..=3650).contains(&request.window_days) {
        return Err(ProfileError::WrongDays { field: "window_days" });
    }
    let mut names = std::collections::BTreeSet::new();
    let mut sum = 0_i64;
    for level in &request.levels {
        check_code("level", &level.name)?;
        if level.cycle_days.is_some_and(|days| !(1..=3650).contains(&days)) {
            return Err(ProfileError::WrongDays { field: "cycle_days" });
        }
        if !names.insert(&level.name) {
            return Err(ProfileError::Twice { name: level.name.clone() });
        }
        let (name, percent) = (level.name.clone(), level.percent);
        if !(0..=HUNDRED).contains(&percent.nano()) {
            return Err(ProfileError::OutOfRange { name, percent });
        }
        sum = sum.checked_add(percent.nano()).ok_or(NumberError::OutOfRange)?;
    }
    if sum != HUNDRED {
        return Err(ProfileError::NotHundred { sum: Rate::from_nano(sum) });
    }
    Ok(())
}

/// A profile with its levels.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProfileRow {
    /// Its name.
    pub profile: String,
    /// Over how many days the value that left is summed.
    pub window_days: i64,
    /// Its levels, the most valuable first.
    pub levels: Vec<Level>,
    /// When items were last classified by it; none when never.
    pub classified_on: Option<Day>,
    /// How many items were classified then.
    pub items: i64,
}

/// Which profiles.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ProfileFilter {
    /// Only this one.
    pub name: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Profiles with their levels, by name.
///
/// # Errors
/// See [`ListError`].
pub fn list_profiles(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ProfileFilter,
) -> Result<Page<ProfileRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let found = tx.query(&tables::LIST_PROFILES, params![ctx.company_id, filter.name])?;
    let mut profiles: Vec<ProfileRow> = Vec::new();
    for row in &found {
        let profile: String = row.get(0)?;
        if profiles.last().is_none_or(|last| last.profile != profile) {
            let (window_days, levels) = (row.get(1)?, Vec::new());
            profiles.push(ProfileRow {
                profile,
                window_days,
                levels,
                classified_on: None,
                items: 0,
            });
        }
        if let Some(last) = profiles.last_mut() {
            last.levels.push(Level {
                name: row.get(3)?,
                percent: Rate::from_nano(row.get::<i64>(4)? * 100),
                cycle_days: row.get(5)?,
            });
        }
    }
    for row in tx.query(&tables::CLASSIFIED, params![ctx.company_id])? {
        let profile: String = row.get(0)?;
        if let Some(found) = profiles.iter_mut().find(|found| found.profile == profile) {
            (found.classified_on, found.items) = (Some(row.get(1)?), row.get(2)?);
        }
    }
    Ok(paging.cut(profiles, |row| row.profile.clone())?)
}
