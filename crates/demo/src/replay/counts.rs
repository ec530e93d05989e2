//! Counting: what a note speaks of, what a pick did not find, and each week what is due. The books
//! follow the shelf.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use base::{CountId, Day, ItemId, Quantity};
use counting::{
    AccuracyFilter, ApplyCounts, Classify, Count, CountLineFilter, CountLineRow, CountedLine,
    DefineProfile, Level, LineReason, OpenCount, PlanCounts,
};
use identity::Ctx;
use stock::ShelfKey;
use store::Tx;

use crate::hidden::Cause;
use crate::read::ItemIndex;

use super::found::{Frame, SHELF, WAREHOUSE};
use super::{DemoError, Replay, clock, refused};

/// The profile by which goods are counted.
const PROFILE: &str = "ABC";
/// The most lines that will counts of what is due in a week.
const WEEKLY_LINES: i64 = 150;
/// The reasons of what is found more, and of what is missing.
const FOUND: &str = "found";
const UNEXPLAINED: &str = "unexplained";

/// An item that is to be counted on the shelf.
#[derive(Debug, Clone)]
struct Wanted {
    item: ItemIndex,
    item_id: ItemId,
    sku: String,
    /// By how many pieces the shelf differs from the books, known to the simulator alone.
    differs: i64,
}

/// What came of a sheet.
#[derive(Debug, Default)]
struct Sheet {
    lines: u64,
    off: u64,
    /// What shelf and books differed by, in pence.
    value: i64,
}

impl Replay<'_> {
    /// Counts items on the shelf, on a sheet of their own.
    pub(super) fn count_items(
        &mut self,
        (day, minute): (Day, u16),
        items: &BTreeSet<ItemIndex>,
        memo: &'static str,
    ) -> Result<(), DemoError> {
        if items.is_empty() {
            return Ok(());
        }
        let will = self.at(&self.frame.will, day, minute)?;
        let frame = Arc::clone(&self.frame);
        let wanted: Vec<Wanted> = items.iter().map(|item| self.wanted(*item)).collect();
        let sheet = self.write(move |tx| count_shelf(tx, &frame, &will, &wanted, memo))?;
        self.tell_counted(day, sheet, items.iter().copied());
        Ok(())
    }

    fn wanted(&self, item: ItemIndex) -> Wanted {
        Wanted {
            item,
            item_id: self.frame.items[item.0],
            sku: self.world.item(item).code.clone(),
            differs: self.hidden.differs(item),
        }
    }

    /// What picks would not find is counted before they go: of what is missing, the items of which
    /// more is kept for orders than lies there.
    pub(super) fn count_short_picks(&mut self, day: Day) -> Result<(), DemoError> {
        let missing: Vec<Wanted> = self.hidden.missing().map(|item| self.wanted(item)).collect();
        if missing.is_empty() {
            return Ok(());
        }
        let will = self.at(&self.frame.will, day, clock(20, 50))?;
        let frame = Arc::clone(&self.frame);
        let short = self.look(move |tx| {
            let ids: Vec<ItemId> = missing.iter().map(|wanted| wanted.item_id).collect();
            let warehouse = Some(frame.warehouse.warehouse_id);
            let kept = stock::availability(tx, will.company_id, warehouse, &ids)
                .map_err(refused("availability"))?;
            let booked = booked(tx, &frame, &will, &missing)?;
            let is_short = |wanted: &&Wanted| {
                let lies = booked.get(&wanted.item).map_or(0, |it| it + wanted.differs).max(0);
                kept.get(&wanted.item_id).is_some_and(|it| pieces(it.reserved) > lies)
            };
            Ok(missing.iter().filter(is_short).map(|wanted| wanted.item).collect::<BTreeSet<_>>())
        })?;
        self.tally.short_picks += short.len() as u64;
        self.count_items((day, clock(20, 55)), &short, "not found when picked")
    }

    /// Once a week will counts what is due, the longest due first. Classes are made anew each month.
    pub(super) fn count_due(&mut self, day: Day) -> Result<(), DemoError> {
        let lee = self.at(&self.frame.lee, day, clock(20, 0))?;
        let will = self.at(&self.frame.will, day, clock(20, 10))?;
        let classify = day.day_of_month() <= 7;
        let by_sku: BTreeMap<&str, ItemIndex> =
            (0..).zip(&self.world.items).map(|(at, item)| (&*item.code, ItemIndex(at))).collect();
        let differs: BTreeMap<String, i64> = by_sku
            .iter()
            .map(|(sku, item)| ((*sku).to_owned(), self.hidden.differs(*item)))
            .filter(|(_, differs)| *differs != 0)
            .collect();
        let (sheet, skus) = self.write(move |tx| {
            if classify {
                let request = Classify { profile: PROFILE.to_owned() };
                counting::classify_items(tx, &lee, request).map_err(refused("classify items"))?;
            }
            count_planned(tx, &will, &lee, &differs)
        })?;
        let items: Vec<ItemIndex> =
            skus.iter().filter_map(|sku| by_sku.get(&**sku).copied()).collect();
        self.tell_counted(day, sheet, items.into_iter());
        Ok(())
    }

    /// The shelf of some items is known again.
    fn tell_counted(&mut self, day: Day, sheet: Sheet, items: impl Iterator<Item = ItemIndex>) {
        self.tally.counts += u64::from(sheet.lines > 0);
        self.tally.counted_lines += sheet.lines;
        self.tally.counted_off += sheet.off;
        self.tally.counted_value += sheet.value;
        for item in items {
            for found in self.hidden.counted(item) {
                self.tally.discovered += 1;
                self.tally.discovered_after += found.since.days_until(day);
                self.tally.mis_picks_found += u64::from(found.cause == Cause::MisPick);
            }
        }
    }

    /// How many lines were counted, and how many of them were right, by class.
    pub(super) fn accuracy(&self, day: Day) -> Result<Vec<(String, i64, i64)>, DemoError> {
        let lee = self.at(&self.frame.lee, day, clock(23, 50))?;
        self.look(move |tx| {
            let filter = AccuracyFilter {
                by: "class".to_owned(),
                profile: Some(PROFILE.to_owned()),
                ..AccuracyFilter::default()
            };
            let page = counting::list_accuracy(tx, &lee, filter).map_err(refused("accuracy"))?;
            Ok(page.lines.into_iter().map(|row| (row.name, row.lines, row.right)).collect())
        })
    }
}

/// How often goods are counted: the few that make most of the value each month, the many that make
/// little of it twice a year.
pub(super) fn define_profile(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), DemoError> {
    let level = |name: &str, percent: &str, cycle_days: i64| {
        let percent = base::Rate::parse(percent)?;
        Ok::<_, DemoError>(Level { name: name.to_owned(), percent, cycle_days: Some(cycle_days) })
    };
    let request = DefineProfile {
        name: PROFILE.to_owned(),
        window_days: 90,
        levels: vec![level("A", "80", 30)?, level("B", "15", 90)?, level("C", "5", 180)?],
    };
    counting::define_profile(tx, ctx, request).map_err(refused("define profile"))?;
    Ok(())
}

fn pieces(quantity: Quantity) -> i64 {
    quantity.micro() / Quantity::MICRO
}

/// What the books say lies on the shelf.
fn booked(
    tx: &mut Tx<'_>,
    frame: &Frame,
    will: &Ctx,
    wanted: &[Wanted],
) -> Result<BTreeMap<ItemIndex, i64>, DemoError> {
    let key = |wanted: &Wanted| ShelfKey {
        item_id: wanted.item_id,
        place_id: frame.warehouse.stock,
        lot: 0,
    };
    let shelves = stock::look_at_shelf(tx, will, wanted.iter().map(key))?;
    let booked = |wanted: &Wanted| {
        (wanted.item, shelves.get(&key(wanted)).map_or(0, |shelf| pieces(shelf.on_hand)))
    };
    Ok(wanted.iter().map(booked).collect())
}

/// Counts items on the shelf, where books or shelf have any.
fn count_shelf(
    tx: &mut Tx<'_>,
    frame: &Frame,
    will: &Ctx,
    wanted: &[Wanted],
    memo: &str,
) -> Result<Sheet, DemoError> {
    let booked = booked(tx, frame, will, wanted)?;
    let mut lines = Vec::with_capacity(wanted.len());
    for wanted in wanted {
        let books = booked.get(&wanted.item).copied().unwrap_or(0);
        let lies = books.saturating_add(wanted.differs).max(0);
        if books != 0 || lies != 0 {
            lines.push((wanted.sku.clone(), SHELF.to_owned(), books, lies));
        }
    }
    if lines.is_empty() {
        return Ok(Sheet::default());
    }
    let request = OpenCount {
        warehouse: Some(WAREHOUSE.to_owned()),
        as_counted: true,
        blind: true,
        memo: memo.to_owned(),
        ..OpenCount::default()
    };
    let opened = counting::open_count(tx, will, request).map_err(refused("open count"))?;
    enter(tx, will, opened.count_id, &lines)
}

/// Plans what is due, counts it and has the books follow. Returns what was counted on the shelf.
fn count_planned(
    tx: &mut Tx<'_>,
    will: &Ctx,
    lee: &Ctx,
    differs: &BTreeMap<String, i64>,
) -> Result<(Sheet, Vec<String>), DemoError> {
    let request = PlanCounts {
        warehouse: WAREHOUSE.to_owned(),
        profile: Some(PROFILE.to_owned()),
        blind: true,
        most_lines: Some(WEEKLY_LINES),
    };
    let planned = counting::plan_counts(tx, will, request).map_err(refused("plan counts"))?;
    let (mut all, mut skus) = (Sheet::default(), Vec::new());
    for sheet in planned.sheets {
        let mut lines = Vec::new();
        for row in sheet_lines(tx, lee, sheet.count_id)? {
            let books = row.on_hand.map_or(0, pieces);
            let mut lies = books;
            if row.place == SHELF {
                lies = (books + differs.get(&row.sku).copied().unwrap_or(0)).max(0);
                skus.push(row.sku.clone());
            }
            lines.push((row.sku, row.place, books, lies));
        }
        let sheet = enter(tx, will, sheet.count_id, &lines)?;
        all.lines += sheet.lines;
        all.off += sheet.off;
        all.value += sheet.value;
    }
    Ok((all, skus))
}

/// The lines of a sheet, as somebody sees them who may see what is expected.
fn sheet_lines(
    tx: &mut Tx<'_>,
    lee: &Ctx,
    count_id: CountId,
) -> Result<Vec<CountLineRow>, DemoError> {
    let mut filter = CountLineFilter { count_id: Some(count_id), ..CountLineFilter::default() };
    let mut lines = Vec::new();
    loop {
        let page = counting::list_count_lines(tx, lee, filter.clone())
            .map_err(refused("lines of a count"))?;
        lines.extend(page.lines);
        match page.next_cursor {
            Some(next) => filter.cursor = Some(next),
            None => return Ok(lines),
        }
    }
}

/// Enters what lies there, as (SKU, place, what the books say, what lies there), and applies the
/// sheet.
fn enter(
    tx: &mut Tx<'_>,
    will: &Ctx,
    count_id: CountId,
    lines: &[(String, String, i64, i64)],
) -> Result<Sheet, DemoError> {
    let mut counted = Vec::with_capacity(lines.len());
    for (sku, place, _, lies) in lines {
        counted.push(CountedLine {
            sku: sku.clone(),
            place: place.clone(),
            lot: None,
            quantity: Quantity::from_units(*lies)?,
        });
    }
    let request = Count { count_id, lines: counted, counted_at: None };
    let entered = counting::count(tx, will, request).map_err(refused("count"))?;
    let reasons = entered.lines.iter().zip(lines).filter(|(_, (.., books, lies))| books != lies);
    let reasons = reasons.map(|(line, (.., books, lies))| LineReason {
        line: line.line,
        reason: if lies > books { FOUND } else { UNEXPLAINED }.to_owned(),
        evidence: Vec::new(),
    });
    let request = ApplyCounts { count_id, reasons: reasons.collect(), skip_uncounted: false };
    let applied = counting::apply_counts(tx, will, request).map_err(refused("apply counts"))?;
    let lines = lines.len() as u64;
    Ok(Sheet { lines, off: applied.differences as u64, value: applied.value.minor })
}
