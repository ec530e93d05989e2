//! Counting: what a note speaks of, what a pick did not find, and each week what is due. The books
//! follow the shelf.

use std::collections::{BTreeMap, BTreeSet};

use base::{CountId, Day, ItemId, Quantity};
use counting::{
    AccuracyFilter, Classify, CountLineFilter, CountLineRow, DefineProfile, Level, OpenCount,
    PlanCounts,
};
use identity::Ctx;
use stock::ShelfKey;
use store::Tx;

use crate::hidden::Cause;
use crate::read::ItemIndex;

use super::buy::CaseAsPiece;
use super::enter::{Explained, Sheet, enter};
use super::sites::{FIRST, House, SiteIndex};
use super::{DemoError, Replay, clock, refused};

/// The profile by which goods are counted.
const PROFILE: &str = "ABC";
/// The most lines that will counts of what is due in a week.
const WEEKLY_LINES: i64 = 150;

/// An item that is to be counted on the shelf.
#[derive(Debug, Clone)]
struct Wanted {
    item: ItemIndex,
    item_id: ItemId,
    sku: String,
    /// By how many pieces the shelf differs from the books, known to the simulator alone.
    differs: i64,
}

impl Replay<'_> {
    /// Counts items on the shelf of a warehouse, on a sheet of their own.
    pub(super) fn count_items(
        &mut self,
        (day, minute): (Day, u16),
        site: SiteIndex,
        items: &BTreeSet<ItemIndex>,
        memo: &'static str,
    ) -> Result<(), DemoError> {
        if items.is_empty() {
            return Ok(());
        }
        let will = self.at(&self.frame.will, day, minute)?;
        let house = self.sites[site].house.clone();
        let wanted: Vec<Wanted> = items.iter().map(|item| self.wanted(site, *item)).collect();
        let explained = self.explained(site);
        let (sheet, counted) =
            self.write(move |tx| count_shelf(tx, &house, &will, &wanted, (memo, &explained)))?;
        // Where neither shelf nor books have any, nothing is counted and no cause is found: what was
        // missing went with the last piece.
        for item in items.difference(&counted) {
            self.sites[site].hidden.counted(*item);
        }
        self.tell_counted(day, site, sheet, counted.into_iter());
        Ok(())
    }

    fn wanted(&self, site: SiteIndex, item: ItemIndex) -> Wanted {
        Wanted {
            item,
            item_id: self.frame.items[item.0],
            sku: self.world.item(item).code.clone(),
            differs: self.sites[site].hidden.differs(item),
        }
    }

    /// What picks would not find is counted before they go: of what is missing, the items of which
    /// more is kept for orders than lies there.
    pub(super) fn count_short_picks(&mut self, day: Day) -> Result<(), DemoError> {
        for site in 0..self.sites.len() {
            let missing = self.sites[site].hidden.missing();
            let missing: Vec<Wanted> = missing.map(|item| self.wanted(site, item)).collect();
            if missing.is_empty() {
                continue;
            }
            let will = self.at(&self.frame.will, day, clock(20, 50))?;
            let house = self.sites[site].house.clone();
            let short = self.look(move |tx| short_of(tx, &house, &will, &missing))?;
            self.tally.short_picks += short.len() as u64;
            self.count_items((day, clock(20, 55)), site, &short, "not found when picked")?;
        }
        Ok(())
    }

    /// Once a week will counts what is due in each warehouse, the longest due first. Classes are made
    /// anew each month.
    pub(super) fn count_due(&mut self, day: Day) -> Result<(), DemoError> {
        let by_sku: BTreeMap<&str, ItemIndex> =
            (0..).zip(&self.world.items).map(|(at, item)| (&*item.code, ItemIndex(at))).collect();
        for site in 0..self.sites.len() {
            let lee = self.at(&self.frame.lee, day, clock(20, 0))?;
            let will = self.at(&self.frame.will, day, clock(20, 10))?;
            let classify = site == FIRST && day.day_of_month() <= 7;
            let hidden = &self.sites[site].hidden;
            let differs: BTreeMap<String, i64> = by_sku
                .iter()
                .map(|(sku, item)| ((*sku).to_owned(), hidden.differs(*item)))
                .filter(|(_, differs)| *differs != 0)
                .collect();
            let house = self.sites[site].house.clone();
            let explained = self.explained(site);
            let (sheet, skus) = self.write(move |tx| {
                if classify {
                    let request = Classify { profile: PROFILE.to_owned() };
                    counting::classify_items(tx, &lee, request)
                        .map_err(refused("classify items"))?;
                }
                count_planned(tx, &house, (&will, &lee), &differs, &explained)
            })?;
            let items: Vec<ItemIndex> =
                skus.iter().filter_map(|sku| by_sku.get(&**sku).copied()).collect();
            self.tell_counted(day, site, sheet, items.into_iter());
            // What suppliers billed and the books lack is looked for.
            let doubted = self.buying.doubted.remove(&site).unwrap_or_default();
            let memo = "more was billed than received";
            self.count_items((day, clock(20, 30)), site, &doubted, memo)?;
        }
        Ok(())
    }

    /// What of a warehouse's shelf a look at the delivery notes explains.
    fn explained(&self, site: SiteIndex) -> Explained {
        let shelf = self.sites[site].house.shelf;
        let here = self.buying.cases.iter().filter(|((at, _), _)| *at == site);
        let of_item = |((_, item), cases): (&(SiteIndex, ItemIndex), &Vec<CaseAsPiece>)| {
            ((self.world.item(*item).code.clone(), shelf.to_owned()), cases.clone())
        };
        here.map(of_item).collect()
    }

    /// The shelf of some items is known again.
    fn tell_counted(
        &mut self,
        day: Day,
        site: SiteIndex,
        sheet: Sheet,
        items: impl Iterator<Item = ItemIndex>,
    ) {
        self.tally.counts += u64::from(sheet.lines > 0);
        self.tally.counted_lines += sheet.lines;
        self.tally.counted_off += sheet.off;
        self.tally.counted_value += sheet.value;
        for item in items {
            self.buying.cases.remove(&(site, item));
            for found in self.sites[site].hidden.counted(item) {
                self.tally.discovered += 1;
                self.tally.discovered_after += found.since.days_until(day);
                self.tally.mis_picks_found += u64::from(found.cause == Cause::MisPick);
                self.tally.cases_found += u64::from(found.cause == Cause::CaseAsPiece);
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

pub(super) fn pieces(quantity: Quantity) -> i64 {
    quantity.micro() / Quantity::MICRO
}

/// What the books say lies on the shelf.
fn booked(
    tx: &mut Tx<'_>,
    house: &House,
    will: &Ctx,
    wanted: &[Wanted],
) -> Result<BTreeMap<ItemIndex, i64>, DemoError> {
    let key = |wanted: &Wanted| ShelfKey {
        item_id: wanted.item_id,
        place_id: house.warehouse.stock,
        lot: 0,
    };
    let shelves = stock::look_at_shelf(tx, will, wanted.iter().map(key))?;
    let booked = |wanted: &Wanted| {
        (wanted.item, shelves.get(&key(wanted)).map_or(0, |shelf| pieces(shelf.on_hand)))
    };
    Ok(wanted.iter().map(booked).collect())
}

/// Of what is missing, the items of which more is kept for orders than lies there.
fn short_of(
    tx: &mut Tx<'_>,
    house: &House,
    will: &Ctx,
    missing: &[Wanted],
) -> Result<BTreeSet<ItemIndex>, DemoError> {
    let ids: Vec<ItemId> = missing.iter().map(|wanted| wanted.item_id).collect();
    let kept = stock::availability(tx, will.company_id, Some(house.id()), &ids)
        .map_err(refused("availability"))?;
    let booked = booked(tx, house, will, missing)?;
    let is_short = |wanted: &&Wanted| {
        let lies = booked.get(&wanted.item).map_or(0, |it| it + wanted.differs).max(0);
        kept.get(&wanted.item_id).is_some_and(|it| pieces(it.reserved) > lies)
    };
    Ok(missing.iter().filter(is_short).map(|wanted| wanted.item).collect())
}

/// Counts items on the shelf, where books or shelf have any. Answers with those that it counted.
fn count_shelf(
    tx: &mut Tx<'_>,
    house: &House,
    will: &Ctx,
    wanted: &[Wanted],
    (memo, explained): (&str, &Explained),
) -> Result<(Sheet, BTreeSet<ItemIndex>), DemoError> {
    let booked = booked(tx, house, will, wanted)?;
    let mut lines = Vec::with_capacity(wanted.len());
    let mut counted = BTreeSet::new();
    for wanted in wanted {
        let books = booked.get(&wanted.item).copied().unwrap_or(0);
        let lies = books.saturating_add(wanted.differs).max(0);
        let key = (wanted.sku.clone(), house.shelf.to_owned());
        if books != 0 || lies != 0 || explained.contains_key(&key) {
            lines.push((key.0, key.1, books, lies));
            counted.insert(wanted.item);
        }
    }
    if lines.is_empty() {
        return Ok((Sheet::default(), counted));
    }
    let request = OpenCount {
        warehouse: Some(house.code.to_owned()),
        as_counted: true,
        blind: true,
        memo: memo.to_owned(),
        ..OpenCount::default()
    };
    let opened = counting::open_count(tx, will, request).map_err(refused("open count"))?;
    Ok((enter(tx, will, opened.count_id, &lines, explained)?, counted))
}

/// Plans what is due, counts it and has the books follow. Returns what was counted on the shelf.
fn count_planned(
    tx: &mut Tx<'_>,
    house: &House,
    (will, lee): (&Ctx, &Ctx),
    differs: &BTreeMap<String, i64>,
    explained: &Explained,
) -> Result<(Sheet, Vec<String>), DemoError> {
    let request = PlanCounts {
        warehouse: house.code.to_owned(),
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
            if row.place == house.shelf {
                lies = (books + differs.get(&row.sku).copied().unwrap_or(0)).max(0);
                skus.push(row.sku.clone());
            }
            lines.push((row.sku, row.place, books, lies));
        }
        let sheet = enter(tx, will, sheet.count_id, &lines, explained)?;
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
