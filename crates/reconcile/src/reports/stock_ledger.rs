//! Stock against the ledger: what the layers of value say that stock is worth, beside the balance of
//! the accounts it stands on, as of a day of the books.
//!
//! The two are the sides of I-12 and differ only where books are broken. The ledger knows accounts and
//! no warehouses: by warehouse there is no balance, but the value of each warehouse adds up to that of
//! the account. Warehouses whose goods share one cost share its value by what lies there.

use super::stock_aging::{cut, top, values};
use crate::tables;
use accounting::Role;
use base::{AccountId, Day, ItemId, Money, NumberError, Page, Paging, Period, Quantity};
use identity::{Ctx, ReportError};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, Rows, StoreError, Tx, params};
use utoipa::ToSchema;
use valuation::Class;

/// What stock is summed by.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum StockLedgerBy {
    /// A row for each account, with its balance.
    #[default]
    Account,
    /// A row for each account and warehouse.
    Warehouse,
}

/// As of when, and by what.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StockLedgerFilter {
    /// At the end of this day of the books; today when absent.
    pub on: Option<Day>,
    /// By account or by warehouse; by account when absent.
    pub by: StockLedgerBy,
}

/// What stands on an account of stock, or of it in a warehouse.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StockLedgerRow {
    /// The account.
    pub account_id: AccountId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub role: Role,
    /// The class of stock that stands on it.
    pub class: Class,
    /// The warehouse's code; empty of all, and of goods on their way between warehouses.
    pub warehouse: String,
    /// What the layers of value say that it is worth.
    pub value: Money,
    /// Debits less credits of the account; none of a warehouse, which the ledger does not know.
    pub ledger: Option<Money>,
    /// The value less the ledger's balance: zero in sound books.
    pub difference: Option<Money>,
    /// The first of the days since which they differ; none while they agree.
    pub differs_since: Option<Day>,
    /// The day it is as of.
    pub on: Day,
}

/// Which days.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StockLedgerDayFilter {
    /// Only the account of this class of stock.
    pub class: Option<Class>,
    /// Only days on which value and ledger changed by different amounts.
    pub differing: bool,
    /// The first day; a year before the last when absent.
    pub from_day: Option<Day>,
    /// The last day; today when absent.
    pub to_day: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// How a day of the books changed an account of stock.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StockLedgerDay {
    /// The day.
    pub day: Day,
    /// The account.
    pub account_id: AccountId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// The class of stock that stands on it.
    pub class: Class,
    /// By how much the layers of the day changed the value.
    pub value_change: Money,
    /// By how much the entries of the day changed the balance.
    pub ledger_change: Money,
    /// The first less the second.
    pub change_difference: Money,
    /// The value at the end of the day.
    pub value: Money,
    /// The balance at the end of the day.
    pub ledger: Money,
    /// The value less the balance.
    pub difference: Money,
}

/// Which items.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct StockLedgerLineFilter {
    /// At the end of this day of the books; today when absent.
    pub on: Option<Day>,
    /// Only this class, which tells the account.
    pub class: Option<Class>,
    /// Only in this warehouse, by code.
    pub warehouse: Option<String>,
    /// Only this item, by number.
    pub sku: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// What an item was worth in a warehouse and class.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct StockLedgerLine {
    /// The item.
    pub item_id: ItemId,
    /// Its number.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The warehouse's code; empty for goods on their way between warehouses.
    pub warehouse: String,
    /// The class, which tells the account.
    pub class: Class,
    /// How much the books had there.
    pub quantity: Quantity,
    /// What it was worth: where warehouses share one cost, the share of what lay there.
    pub value: Money,
}

/// An account that stock stands on.
#[derive(Clone, Debug)]
struct Account {
    id: AccountId,
    code: String,
    name: String,
    role: Role,
    class: Class,
}

/// Value by layers beside the ledger's balance, as of a day, by account or by warehouse. What a row sums
/// is in [`stock_ledger_lines`], from what day on a difference is there in [`stock_ledger_days`].
///
/// # Errors
/// [`ReportError`]; both the books and values may have to be read.
pub fn stock_ledger(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: StockLedgerFilter,
) -> Result<Page<StockLedgerRow>, ReportError> {
    ctx.require(valuation::READ)?;
    ctx.require(accounting::VIEW)?;
    let on = filter.on.unwrap_or(ctx.today);
    let accounts = accounts(tx, ctx)?;
    let money = |minor| Money::new(minor, ctx.currency);
    let row = |account: &Account, warehouse: &str, value| StockLedgerRow {
        account_id: account.id,
        code: account.code.clone(),
        name: account.name.clone(),
        role: account.role,
        class: account.class,
        warehouse: warehouse.to_owned(),
        value: money(value),
        ledger: None,
        difference: None,
        differs_since: None,
        on,
    };
    let lines = match filter.by {
        StockLedgerBy::Account => {
            let days = days(tx, ctx, &accounts, on)?;
            let last = |account: &Account| {
                let own = |day: &&DayOf| day.class == account.class;
                days.iter().rfind(own).copied().unwrap_or(DayOf::before(on, account.class))
            };
            let told = accounts.iter().map(|account| {
                let last = last(account);
                Ok(StockLedgerRow {
                    ledger: Some(money(last.ledger)),
                    difference: Some(money(less(last.value, last.ledger)?)),
                    differs_since: differs_since(&days, account.class),
                    ..row(account, "", last.value)
                })
            });
            told.collect::<Result<Vec<_>, NumberError>>()?
        }
        StockLedgerBy::Warehouse => {
            let mut sums: BTreeMap<(Class, String), i64> = BTreeMap::new();
            for part in parts(tx, ctx, on, None)? {
                let sum = sums.entry((part.class, part.warehouse)).or_default();
                *sum = sum.checked_add(part.value).ok_or(NumberError::OutOfRange)?;
            }
            let of = |account: &Account| {
                let own = sums.iter().filter(|((class, _), _)| *class == account.class);
                own.map(|((_, warehouse), value)| row(account, warehouse, *value))
                    .collect::<Vec<_>>()
            };
            accounts.iter().flat_map(of).collect()
        }
    };
    Ok(Page { lines, next_cursor: None })
}

/// How each day changed value and ledger of the stock accounts, the first day first: where a difference
/// came in, and with which amount.
///
/// # Errors
/// [`ReportError`]; both the books and values may have to be read.
pub fn stock_ledger_days(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: StockLedgerDayFilter,
) -> Result<Page<StockLedgerDay>, ReportError> {
    ctx.require(valuation::READ)?;
    ctx.require(accounting::VIEW)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let period = Period::of(filter.from_day, filter.to_day, ctx.today);
    let accounts = accounts(tx, ctx)?;
    let money = |minor| Money::new(minor, ctx.currency);
    let days = days(tx, ctx, &accounts, period.to)?;
    let wanted = days.iter().filter(|day| {
        day.day >= period.from
            && filter.class.is_none_or(|class| class == day.class)
            && (!filter.differing || day.value_change != day.ledger_change)
    });
    let told = wanted.filter_map(|day| {
        accounts.iter().find(|account| account.class == day.class).map(|account| {
            Ok(StockLedgerDay {
                day: day.day,
                account_id: account.id,
                code: account.code.clone(),
                name: account.name.clone(),
                class: account.class,
                value_change: money(day.value_change),
                ledger_change: money(day.ledger_change),
                change_difference: money(less(day.value_change, day.ledger_change)?),
                value: money(day.value),
                ledger: money(day.ledger),
                difference: money(less(day.value, day.ledger)?),
            })
        })
    });
    let lines = told.collect::<Result<Vec<_>, NumberError>>()?;
    Ok(paging.cut(lines, |line| (line.day.to_string(), line.code.clone()))?)
}

/// What items were worth at the end of a day of the books by warehouse and class, by number. The lines of
/// a class add up to the value of its account, those of a warehouse in it to the warehouse's.
///
/// # Errors
/// [`ReportError`].
pub fn stock_ledger_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: StockLedgerLineFilter,
) -> Result<Page<StockLedgerLine>, ReportError> {
    ctx.require(valuation::READ)?;
    let on = filter.on.unwrap_or(ctx.today);
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after: Option<(String, String, String)> = paging.after(None)?;
    let from = after.as_ref().map_or("", |after| after.0.as_str());
    // One item more than lines are wanted, for all lines of the first may have been told.
    let limit = paging.limit() + 1;
    let items =
        tx.query(&tables::VALUED_ITEMS, params![ctx.company_id, from, filter.sku, limit])?;
    let more = items.last().filter(|_| items.len() as i64 == limit);
    let more = more.map(|row| row.get(1)).transpose()?;
    let mut named: BTreeMap<ItemId, (String, String)> = BTreeMap::new();
    for row in &items {
        named.insert(row.get(0)?, (row.get(1)?, row.get(2)?));
    }
    let ids: Vec<ItemId> = named.keys().copied().collect();
    let wanted = parts(tx, ctx, on, Some(&ids))?.into_iter().filter(|part| {
        filter.class.is_none_or(|class| class == part.class)
            && filter.warehouse.as_ref().is_none_or(|code| *code == part.warehouse)
    });
    let lines = wanted.map(|part| {
        let (sku, name) = named.get(&part.item_id).cloned().unwrap_or_default();
        StockLedgerLine {
            item_id: part.item_id,
            sku,
            name,
            warehouse: part.warehouse,
            class: part.class,
            quantity: Quantity::from_micro(part.quantity),
            value: Money::new(part.value, ctx.currency),
        }
    });
    let key = |line: &StockLedgerLine| {
        (line.sku.clone(), line.warehouse.clone(), line.class.as_str().to_owned())
    };
    cut(&paging, lines.collect(), more, key, |sku| (sku, top(), top()))
}

/// The class of stock that stands on an account.
fn class_on(role: Role) -> Class {
    match role {
        Role::Quarantine => Class::Quarantine,
        Role::GoodsInTransit => Class::Transit,
        _ => Class::Normal,
    }
}

fn accounts(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<Account>, StoreError> {
    let found = tx.query(&tables::STOCK_ACCOUNTS, params![ctx.company_id])?;
    let read = |row: &Row| {
        let role: Role = row.get(0)?;
        let (id, code, name) = (row.get(1)?, row.get(2)?, row.get(3)?);
        Ok(Account { id, code, name, role, class: class_on(role) })
    };
    found.iter().map(read).collect()
}

/// How a day changed an account of stock, and what stands there since, in minor units.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct DayOf {
    day: Day,
    class: Class,
    value_change: i64,
    ledger_change: i64,
    value: i64,
    ledger: i64,
}

impl DayOf {
    /// As it is before anything was posted.
    fn before(day: Day, class: Class) -> DayOf {
        DayOf { day, class, value_change: 0, ledger_change: 0, value: 0, ledger: 0 }
    }
}

/// Every day up to one on which layers or entries changed an account of stock, the first day first.
fn days(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    accounts: &[Account],
    through: Day,
) -> Result<Vec<DayOf>, ReportError> {
    let found = tx.query(&tables::STOCK_ACCOUNT_DAYS, params![ctx.company_id, through])?;
    let mut changes = Vec::with_capacity(found.len());
    for row in &found {
        let class = class_on(row.get(0)?);
        if accounts.iter().any(|account| account.class == class) {
            changes.push((row.get(1)?, class, row.get(2)?, row.get(3)?));
        }
    }
    Ok(running(changes)?)
}

/// Days with what stands there after each of them, by class.
fn running(changes: Vec<(Day, Class, i64, i64)>) -> Result<Vec<DayOf>, NumberError> {
    let mut stands: BTreeMap<Class, (i64, i64)> = BTreeMap::new();
    let mut days = Vec::with_capacity(changes.len());
    for (day, class, value_change, ledger_change) in changes {
        let (value, ledger) = stands.entry(class).or_default();
        *value = value.checked_add(value_change).ok_or(NumberError::OutOfRange)?;
        *ledger = ledger.checked_add(ledger_change).ok_or(NumberError::OutOfRange)?;
        let (value, ledger) = (*value, *ledger);
        days.push(DayOf { day, class, value_change, ledger_change, value, ledger });
    }
    Ok(days)
}

/// The first of the last days that all end with a difference of a class.
fn differs_since(days: &[DayOf], class: Class) -> Option<Day> {
    let own = days.iter().rev().filter(|day| day.class == class);
    own.take_while(|day| day.value != day.ledger).last().map(|day| day.day)
}

fn less(value: i64, ledger: i64) -> Result<i64, NumberError> {
    value.checked_sub(ledger).ok_or(NumberError::OutOfRange)
}

/// An item, pool and class: what has one cost on one account.
type Standing = (ItemId, i64, Class);

/// What an item was worth in a warehouse and class, in millionths and minor units.
struct Part {
    item_id: ItemId,
    class: Class,
    warehouse: String,
    quantity: i64,
    value: i64,
}

/// What items, or all, were worth at the end of a day, by warehouse and class.
fn parts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    on: Day,
    items: Option<&[ItemId]>,
) -> Result<Vec<Part>, ReportError> {
    let (worth, lying, moved) = match items {
        Some(items) => {
            let set = || Rows::column(items);
            let company = ctx.company_id;
            (
                tx.query(&tables::ITEMS_WORTH_ON, params![company, on; set()])?,
                tx.query(&tables::ITEMS_LYING, params![company; set()])?,
                tx.query(&tables::ITEMS_MOVED_SINCE, params![company, on; set()])?,
            )
        }
        None => (
            tx.query(&tables::WORTH_ON, params![ctx.company_id, on])?,
            tx.query(&tables::LYING, params![ctx.company_id])?,
            tx.query(&tables::MOVED_SINCE, params![ctx.company_id, on])?,
        ),
    };
    let mut shelves = lay(&lying, &moved)?;
    let mut parts = Vec::new();
    for row in &worth {
        let standing: Standing = (row.get(0)?, row.get(1)?, row.get(2)?);
        let whole: (i64, i64) = (row.get(3)?, row.get(4)?);
        let mut lay = shelves.remove(&standing).unwrap_or_default();
        lay.retain(|_, quantity| *quantity != 0);
        // What is worth something and lies nowhere is in no warehouse.
        if lay.is_empty() {
            lay.insert(String::new(), whole.0);
        }
        let quantities: Vec<i64> = lay.values().copied().collect();
        let shares = values(&quantities, Vec::new(), whole)?;
        for ((warehouse, quantity), value) in lay.into_iter().zip(shares) {
            let (item_id, _, class) = standing;
            parts.push(Part { item_id, class, warehouse, quantity, value });
        }
    }
    Ok(parts)
}

/// How much of each standing lay in which warehouse at the end of a day: what lies there now, without
/// what moved after it.
fn lay(
    lying: &[Row],
    moved: &[Row],
) -> Result<BTreeMap<Standing, BTreeMap<String, i64>>, ReportError> {
    let mut shelves: BTreeMap<Standing, BTreeMap<String, i64>> = BTreeMap::new();
    let mut add = |standing: Standing, warehouse: String, quantity: i64| {
        let sum = shelves.entry(standing).or_default().entry(warehouse).or_default();
        *sum = sum.checked_add(quantity).ok_or(NumberError::OutOfRange)?;
        Ok::<(), NumberError>(())
    };
    for row in lying {
        add((row.get(0)?, row.get(1)?, row.get(2)?), row.get(3)?, row.get(4)?)?;
    }
    for row in moved {
        let quantity: i64 = row.get(9)?;
        for (at, quantity) in [(1, quantity), (5, -quantity)] {
            let kind: String = row.get(at)?;
            let class: Class = row.get(at + 2)?;
            if matches!(kind.as_str(), "internal" | "transit") && class != Class::Consigned {
                let standing = (row.get(0)?, row.get(at + 1)?, class);
                add(standing, row.get(at + 3)?, quantity)?;
            }
        }
    }
    Ok(shelves)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    #[test]
    fn a_difference_is_told_since_the_day_from_which_on_it_stayed() {
        let (normal, transit) = (Class::Normal, Class::Transit);
        for (name, changes, expected) in [
            ("nothing was posted", vec![], None),
            ("both sides agree", vec![("2026-01-01", normal, 5, 5)], None),
            (
                "it came and stayed",
                vec![
                    ("2026-01-01", normal, 5, 5),
                    ("2026-01-02", normal, 3, 2),
                    ("2026-01-03", normal, 4, 4),
                ],
                Some("2026-01-02"),
            ),
            (
                "it came, went and came again",
                vec![
                    ("2026-01-01", normal, 5, 4),
                    ("2026-01-02", normal, 0, 1),
                    ("2026-01-03", normal, 1, 0),
                ],
                Some("2026-01-03"),
            ),
            (
                "another account's is its own",
                vec![("2026-01-01", normal, 5, 5), ("2026-01-02", transit, 3, 2)],
                None,
            ),
        ] {
            let changes = changes.into_iter().map(|(on, class, v, l)| (day(on), class, v, l));
            let days = running(changes.collect()).unwrap();
            assert_eq!(differs_since(&days, normal), expected.map(day), "{name}");
        }
    }

    #[test]
    fn days_tell_what_stands_after_them() {
        let changes = vec![
            (day("2026-01-01"), Class::Normal, 100, 100),
            (day("2026-01-01"), Class::Transit, 7, 7),
            (day("2026-01-02"), Class::Normal, -30, -20),
        ];
        let days = running(changes).unwrap();
        let told: Vec<_> = days.iter().map(|day| (day.value, day.ledger)).collect();
        assert_eq!(told, [(100, 100), (7, 7), (70, 80)]);
        let most = vec![(day("2026-01-01"), Class::Normal, i64::MAX, 0); 2];
        assert_eq!(running(most), Err(NumberError::OutOfRange));
    }
}
