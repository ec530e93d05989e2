//! How often stock turns over, for how many days it lasts, and what of it lies dead.
//!
//! Everything is by the books' days. Over a period of *d* days:
//!
//! - *average value* = (value at the beginning + value at the end) / 2;
//! - *turns* in a year = cost of what left / average value × 365 / *d* (inventory turnover, cost of
//!   goods sold over average inventory);
//! - *days of inventory* = average value / cost of what left × *d* (its inverse);
//! - *days of cover* = what is there at the end / what left in a day: of an item in its stock unit, of
//!   items of a category by value.
//!
//! What left is what was issued, less what customers sent back. What passed straight from supplier to
//! customer never lay in stock and counts nowhere.

use crate::READ;
use crate::tables;
use base::{Day, ItemId, Money, NumberError, Page, Paging, Period, Quantity, Rate, ratio};
use identity::{Ctx, ReportError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// What a row of the report is about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum TurnoverBy {
    /// An item.
    #[default]
    Item,
    /// The items of a category.
    Category,
    /// All items.
    All,
}

/// Which stock, and over which days.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct TurnoverFilter {
    /// What a row is about: `item`, `category` or `all`.
    pub by: TurnoverBy,
    /// The first day of the books; a year before the last when absent.
    pub from_day: Option<Day>,
    /// The last day of the books; today when absent.
    pub to_day: Option<Day>,
    /// Only this item's number.
    pub sku: Option<String>,
    /// Only items of this category, by code.
    pub category: Option<String>,
    /// Only dead stock: items of which something is there, and nothing came or left for customers in
    /// this many days up to the last.
    pub idle_days: Option<i64>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// How stock of an item, a category or all turned over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TurnoverRow {
    /// The item; none of several.
    pub item_id: Option<ItemId>,
    /// Its number; empty of several.
    pub sku: String,
    /// Its name; empty of several.
    pub name: String,
    /// The category's code; empty for none, and for all.
    pub category: String,
    /// How many items it is about.
    pub items: i64,
    /// What they were worth before the first day.
    pub opening_value: Money,
    /// What they are worth at the end of the last day.
    pub closing_value: Money,
    /// The mean of both.
    pub average_value: Money,
    /// What that cost which left for customers, less what came back.
    pub cost: Money,
    /// How often the average would be sold in a year; none of nothing.
    pub turns: Option<Rate>,
    /// For how many days the average lasts; none when nothing left.
    pub inventory_days: Option<Rate>,
    /// What is there at the end of the last day; none of several items.
    pub on_hand: Option<Quantity>,
    /// How much left for customers, less what came back; none of several items.
    pub gone: Option<Quantity>,
    /// For how many days that lasts which is there at the end; none when nothing left.
    pub cover_days: Option<Rate>,
    /// When goods last came from a supplier or at the opening.
    pub last_in: Option<Day>,
    /// When goods last left for customers.
    pub last_out: Option<Day>,
    /// For how many days up to the last nothing has left: since goods last left, or first came.
    pub idle_days: Option<i64>,
    /// The first day that was looked at.
    pub from_day: Day,
    /// The last day that was looked at.
    pub to_day: Day,
}

/// What is known of the items of a row, in minor units and millionths.
#[derive(Clone, Debug, Default)]
struct Sums {
    items: i64,
    opening_value: i64,
    closing_value: i64,
    closing_quantity: i64,
    cost: i64,
    gone: i64,
    last_in: String,
    last_out: String,
}

impl Sums {
    fn add(&mut self, more: &Sums) -> Result<(), NumberError> {
        let add = |to: &mut i64, from: i64| {
            *to = to.checked_add(from).ok_or(NumberError::OutOfRange)?;
            Ok(())
        };
        add(&mut self.items, more.items)?;
        add(&mut self.opening_value, more.opening_value)?;
        add(&mut self.closing_value, more.closing_value)?;
        add(&mut self.cost, more.cost)?;
        self.last_in = self.last_in.clone().max(more.last_in.clone());
        self.last_out = self.last_out.clone().max(more.last_out.clone());
        Ok(())
    }
}

/// Stock by item, category or in all: how often it turned over, for how many days it lasts, and since
/// when nothing has left. The layers of a row are the lines of the item's stock card by the books'
/// days; the items of a category are the same report by item.
///
/// # Errors
/// [`ReportError`].
pub fn turnover(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: TurnoverFilter,
) -> Result<Page<TurnoverRow>, ReportError> {
    ctx.require(READ)?;
    let period = Period::of(filter.from_day, filter.to_day, ctx.today);
    let paging = Paging::new(&filter.cursor, filter.limit);
    let by_item = filter.by == TurnoverBy::Item;
    let after = if by_item { paging.after(String::new())? } else { String::new() };
    let limit = if by_item { paging.limit() } else { i64::MAX };
    let idle = filter.idle_days.map(|days| period.to.plus(days.saturating_neg())).transpose();
    let idle = idle.map_err(|_| ReportError::Filter {
        field: "idle_days",
        detail: "so many days ago there is no calendar; ask for fewer".to_owned(),
    })?;
    let asked = params![
        ctx.company_id,
        period.from,
        period.to,
        filter.sku,
        filter.category,
        after,
        limit,
        idle
    ];
    let found = tx.query(&tables::TURNOVER, asked)?;
    if by_item {
        let lines = found
            .iter()
            .map(|row| told(ctx, period, sums(row)?, Some(row)))
            .collect::<Result<Vec<_>, ReportError>>()?;
        return Ok(paging.page(lines, |line| line.sku.clone()));
    }
    let mut groups: BTreeMap<String, Sums> = BTreeMap::new();
    for row in &found {
        let group = if filter.by == TurnoverBy::All { String::new() } else { row.get(3)? };
        groups.entry(group).or_default().add(&sums(row)?)?;
    }
    let lines = groups
        .into_iter()
        .map(|(category, sums)| Ok(TurnoverRow { category, ..told(ctx, period, sums, None)? }))
        .collect::<Result<Vec<_>, ReportError>>()?;
    Ok(paging.cut(lines, |line| line.category.clone())?)
}

fn sums(row: &Row) -> Result<Sums, StoreError> {
    Ok(Sums {
        items: 1,
        opening_value: row.get(4)?,
        closing_value: row.get(6)?,
        closing_quantity: row.get(7)?,
        cost: row.get(8)?,
        gone: row.get(9)?,
        last_in: row.get(10)?,
        last_out: row.get(11)?,
    })
}

/// The row of some items; with the row read, of that one.
fn told(
    ctx: &Ctx,
    period: Period,
    sums: Sums,
    one: Option<&Row>,
) -> Result<TurnoverRow, ReportError> {
    let money = |minor| Money::new(minor, ctx.currency);
    let both = sums.opening_value.checked_add(sums.closing_value).ok_or(NumberError::OutOfRange)?;
    let average = base::mul_div(both, 1, 2, base::Rounding::HalfUp)?;
    let days = period.days();
    let yearly = sums.cost.checked_mul(365).ok_or(NumberError::OutOfRange)?;
    let per_year = average.checked_mul(days).ok_or(NumberError::OutOfRange)?;
    let (there, left) = match one {
        Some(_) => (sums.closing_quantity, sums.gone),
        None => (sums.closing_value, sums.cost),
    };
    let day = |text: &str| Day::parse(text).ok();
    let (last_in, last_out) = (day(&sums.last_in), day(&sums.last_out));
    let text = |at| one.map_or(Ok(String::new()), |row| row.get(at));
    Ok(TurnoverRow {
        item_id: one.map(|row| row.get(0)).transpose()?,
        sku: text(1)?,
        name: text(2)?,
        category: text(3)?,
        items: sums.items,
        opening_value: money(sums.opening_value),
        closing_value: money(sums.closing_value),
        average_value: money(average),
        cost: money(sums.cost),
        turns: ratio(yearly, per_year, 1).filter(|_| average > 0),
        inventory_days: ratio(average, sums.cost, days).filter(|_| sums.cost > 0),
        on_hand: one.map(|_| Quantity::from_micro(sums.closing_quantity)),
        gone: one.map(|_| Quantity::from_micro(sums.gone)),
        cover_days: ratio(there, left, days).filter(|_| left > 0),
        last_in,
        last_out,
        idle_days: last_out.or(last_in).map(|day| day.days_until(period.to)),
        from_day: period.from,
        to_day: period.to,
    })
}
