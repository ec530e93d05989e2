//! `classify_items`: the items that make up most of the value that left come first.

use crate::views::ListError;
use crate::{DEFINE, READ, tables};
use base::{Day, Id, ItemId, Money, NumberError, Page, Paging, Problem, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::{Row, Rows, StoreError, Tx, params, row};
use utoipa::ToSchema;

/// Items to be classified.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Classify {
    /// The profile's name.
    pub profile: String,
}

/// Items as classified.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ItemsClassified {
    /// The day that the classes hold from.
    pub classified_on: Day,
    /// How many items are classified.
    pub items: i64,
    /// How many of them have another class than before, or their first.
    pub moved: i64,
    /// The levels with what fell into each, the most valuable first.
    pub levels: Vec<LevelFilled>,
}

/// A level with what fell into it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct LevelFilled {
    /// Its name.
    pub level: String,
    /// How many items.
    pub items: i64,
    /// The value of theirs that left in the window.
    pub value: Money,
}

/// Why nothing was classified, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ClassifyError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such profile.
    #[error("there is no profile {name:?}; define it first")]
    UnknownProfile {
        /// The name asked for.
        name: String,
    },
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ClassifyError {
    fn problem(&self) -> Problem {
        match self {
            ClassifyError::Denied(error) => error.problem(),
            ClassifyError::UnknownProfile { .. } => {
                Problem::not_found("profile_not_found", self.to_string())
            }
            ClassifyError::Number(error) => error.problem(),
            ClassifyError::Store(error) => error.problem(),
        }
    }
}

/// Classifies the items that left for customers in the profile's window, or lie in stock, by the value
/// that left at cost. The classes hold from today on; a second time on a day replaces the first.
///
/// # Errors
/// The first broken rule in the order of [`ClassifyError`].
pub fn classify_items(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: Classify,
) -> Result<ItemsClassified, ClassifyError> {
    ctx.require(DEFINE)?;
    let name = request.profile;
    // A profile is not removed while items are classified by it.
    tx.query(&tables::LOCK_PROFILE, params![ctx.company_id, name])?;
    let found = tx.query(&tables::LIST_PROFILES, params![ctx.company_id, name])?;
    let Some(window) = found.first().map(|row| row.get::<i64>(1)).transpose()? else {
        return Err(ClassifyError::UnknownProfile { name });
    };
    let level = |row: &Row| Ok((row.get(3)?, row.get(4)?));
    let levels: Vec<(String, i64)> = found.iter().map(level).collect::<Result<_, StoreError>>()?;
    // At the beginning of the calendar the window is what there is of it.
    let from = ctx.today.plus(-window).unwrap_or(ctx.today);
    let left = tx.query(&tables::VALUE_LEFT, params![ctx.company_id, from, ctx.today])?;
    let value = |row: &Row| Ok((row.get(0)?, row.get::<i64>(1)?.max(0)));
    let values: Vec<(ItemId, i64)> = left.iter().map(value).collect::<Result<_, StoreError>>()?;
    let ranked = rank(values, &levels.iter().map(|(_, share)| *share).collect::<Vec<_>>());
    let before: HashMap<ItemId, String> = tx
        .query(&tables::CLASSES_NOW, params![ctx.company_id, name])?
        .iter()
        .map(|row| Ok((row.get(0)?, row.get(1)?)))
        .collect::<Result<_, StoreError>>()?;
    let mut set = Rows::new(5);
    let mut filled = vec![(0_i64, 0_i64); levels.len()];
    let mut moved = 0;
    for (rank, (item_id, value, level)) in (1_i64..).zip(&ranked) {
        let (name, number) = (&levels[*level].0, i64::try_from(level + 1).unwrap_or(i64::MAX));
        let (items, sum) = &mut filled[*level];
        *items += 1;
        *sum = sum.checked_add(*value).ok_or(NumberError::OutOfRange)?;
        moved += i64::from(before.get(item_id) != Some(name));
        set.push(row![item_id, number, name, value, rank]);
    }
    tx.write(&tables::INSERT_CLASSES, params![ctx.company_id, name, ctx.today; set])?;
    let detail = serde_json::json!({ "profile": name, "items": ranked.len() });
    ctx.audit(tx, DEFINE, "company", ctx.company_id.raw(), detail);
    let items = i64::try_from(ranked.len()).unwrap_or(i64::MAX);
    let filled = levels.into_iter().zip(filled).map(|((level, _), (items, value))| LevelFilled {
        level,
        items,
        value: Money::new(value, ctx.currency),
    });
    Ok(ItemsClassified { classified_on: ctx.today, items, moved, levels: filled.collect() })
}

/// Tells into which classes items would fall: they are classified, and it is taken back.
///
/// # Errors
/// As [`classify_items`].
pub fn rehearse_classify(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: Classify,
) -> Result<ItemsClassified, ClassifyError> {
    tx.rehearse(|tx| classify_items(tx, ctx, request))
}

/// Items by falling value, each with the level into which its share falls: that in which what came
/// before it ends. What never left is in the last.
fn rank(mut values: Vec<(ItemId, i64)>, shares: &[i64]) -> Vec<(ItemId, i64, usize)> {
    values.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let total: i128 = values.iter().map(|(_, value)| i128::from(*value)).sum();
    let last = shares.len().saturating_sub(1);
    let mut before = 0_i128;
    let mut ranked = Vec::with_capacity(values.len());
    for (item_id, value) in values {
        let (mut level, mut bound) = (last, 0_i128);
        if value > 0 {
            for (at, share) in shares.iter().enumerate() {
                bound += i128::from(*share) * total;
                if before * 1_000_000_000 < bound {
                    level = at;
                    break;
                }
            }
        }
        before += i128::from(value);
        ranked.push((item_id, value, level));
    }
    ranked
}

/// The class of an item.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClassRow {
    /// The item.
    pub item_id: ItemId,
    /// Its SKU.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// Its class.
    pub class: String,
    /// Since which day it has this class without a break.
    pub since: Day,
    /// Every how many days it is counted, by its class.
    pub cycle_days: Option<i64>,
    /// The value that left in the window.
    pub value: Money,
    /// Its rank, from 1.
    pub rank: i64,
    /// When it was last classified.
    pub classified_on: Day,
    /// By which profile.
    pub profile: String,
}

/// In which order classes are listed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum ClassSort {
    /// By profile, the most valuable items first.
    #[default]
    Rank,
    /// By SKU.
    Sku,
}

/// Which classes.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct ClassFilter {
    /// Only by this profile.
    pub profile: Option<String>,
    /// Only this class.
    pub class: Option<String>,
    /// Only this item.
    pub sku: Option<String>,
    /// Only those that have their class since this day or later.
    pub since: Option<Day>,
    /// In which order: `rank` or `sku`.
    pub sort: ClassSort,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// The classes of items as they hold now, by profile and the most valuable first, or by SKU.
///
/// # Errors
/// See [`ListError`].
pub fn list_classes(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: ClassFilter,
) -> Result<Page<ClassRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (first, rank, last): (String, i64, String) =
        paging.after((String::new(), 0, String::new()))?;
    let statement = match filter.sort {
        ClassSort::Rank => &tables::LIST_CLASSES_BY_RANK,
        ClassSort::Sku => &tables::LIST_CLASSES_BY_SKU,
    };
    let found = tx.query(
        statement,
        params![
            ctx.company_id,
            filter.profile,
            filter.class,
            filter.sku,
            filter.since,
            first,
            rank,
            last,
            paging.limit()
        ],
    )?;
    let read = |row: &Row| {
        Ok(ClassRow {
            item_id: row.get(0)?,
            sku: row.get(1)?,
            name: row.get(2)?,
            class: row.get(3)?,
            since: row.get(4)?,
            cycle_days: row.get(5)?,
            value: Money::new(row.get(6)?, ctx.currency),
            rank: row.get(7)?,
            classified_on: row.get(8)?,
            profile: row.get(9)?,
        })
    };
    let lines = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(lines, |line: &ClassRow| match filter.sort {
        ClassSort::Rank => (line.profile.clone(), line.rank, line.sku.clone()),
        ClassSort::Sku => (line.sku.clone(), line.rank, line.profile.clone()),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_level_is_where_what_came_before_ends() {
        let shares = [800_000_000, 150_000_000, 50_000_000];
        for (values, levels) in [
            (vec![70, 20, 6, 4, 0], vec![0, 0, 1, 2, 2]),
            (vec![100], vec![0]),
            (vec![0, 0], vec![2, 2]),
            (vec![50, 50], vec![0, 0]),
        ] {
            let items = (1_i64..).map(ItemId::from_raw).zip(values.clone()).collect();
            let seen: Vec<usize> = rank(items, &shares).into_iter().map(|r| r.2).collect();
            assert_eq!(seen, levels, "{values:?}");
        }
    }
}
