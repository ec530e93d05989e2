//! What lies in each warehouse at the end, and what it is worth.

use std::collections::BTreeMap;

use base::{Day, Rounding, mul_div};
use identity::Ctx;
use stock::{Class, StockFilter};
use store::Tx;
use valuation::ValueFilter;

use super::counts::pieces;
use super::outcome::{Outcome, PlaceFigures, per_mille};
use super::screen::{percent, pounds, whole};
use super::{DemoError, Replay, clock, refused};

/// What lies of an item and class in warehouses, by code, in pieces.
type Lying = BTreeMap<(String, String), BTreeMap<String, i64>>;

impl Replay<'_> {
    /// What lies in each warehouse: an item's value split by quantity, the last part taking the rest.
    pub(super) fn places(&self, last: Day) -> Result<Vec<PlaceFigures>, DemoError> {
        let fay = self.at(&self.frame.fay, last, clock(23, 55))?;
        let codes: Vec<String> = self.sites.iter().map(|site| site.house.code.to_owned()).collect();
        let of_all = self.look(move |tx| Ok((lying(tx, &fay)?, values(tx, &fay)?)))?;
        let (lying, values) = of_all;
        let mut places: BTreeMap<String, PlaceFigures> = BTreeMap::new();
        for (key, by_code) in &lying {
            let mut value = values.get(key).copied().unwrap_or(0);
            let mut all: i64 = by_code.values().sum();
            for (code, pieces) in by_code {
                let part = mul_div(value, *pieces, all.max(1), Rounding::HalfUp)?;
                (value, all) = (value - part, all - pieces);
                let place = places.entry(code.clone()).or_default();
                place.items += 1;
                place.pieces += pieces;
                place.value += part;
            }
        }
        let place = |code: String| {
            let figures = places.remove(&code).unwrap_or_default();
            PlaceFigures { code, ..figures }
        };
        Ok(codes.into_iter().map(place).collect())
    }
}

fn lying(tx: &mut Tx<'_>, fay: &Ctx) -> Result<Lying, DemoError> {
    let (mut lying, mut cursor) = (Lying::new(), None);
    loop {
        let filter = StockFilter { sku: None, warehouse: None, class: None, cursor, limit: None };
        let page = stock::list_stock(tx, fay, filter).map_err(refused("stock"))?;
        for line in page.lines {
            let (Some(code), on_hand) = (line.warehouse, pieces(line.on_hand)) else { continue };
            if on_hand > 0 && line.class != Class::Transit.as_str() {
                let of_item = lying.entry((line.sku, line.class)).or_default();
                *of_item.entry(code).or_default() += on_hand;
            }
        }
        cursor = page.next_cursor;
        if cursor.is_none() {
            return Ok(lying);
        }
    }
}

fn values(tx: &mut Tx<'_>, fay: &Ctx) -> Result<BTreeMap<(String, String), i64>, DemoError> {
    let page =
        valuation::stock_value(tx, fay, ValueFilter::default()).map_err(refused("stock value"))?;
    let row =
        |row: valuation::ValueRow| ((row.sku, row.class.as_str().to_owned()), row.value.minor);
    Ok(page.lines.into_iter().map(row).collect())
}

/// What the screen tells of warehouses: what lies there, how much of what was wanted of each left the
/// same day, and what went between them.
pub(super) fn told(outcome: &Outcome) -> Vec<String> {
    let (tally, figures) = (&outcome.tally, &outcome.figures);
    let place = |(place, site): (&PlaceFigures, &super::SiteTally)| {
        format!(
            "{}: GBP {} ({} items, {} pieces), fill rate {}",
            place.code,
            pounds(place.value),
            whole(place.items as i64),
            whole(place.pieces),
            percent(site.fill_per_mille())
        )
    };
    let mut lines: Vec<String> = outcome.places.iter().zip(&tally.sites).map(place).collect();
    if outcome.places.len() < 2 {
        return lines;
    }
    let from_elsewhere: i64 = tally.sites.iter().map(|site| site.from_elsewhere).sum();
    lines.push(format!(
        "in transit GBP {}; filled from the other place: {} orders whole, {} in part, {} pieces ({})",
        pounds(figures.in_transit),
        whole(tally.routed_elsewhere as i64),
        whole(tally.routed_split as i64),
        whole(from_elsewhere),
        percent(per_mille(from_elsewhere, tally.shipped_same_day + tally.shipped_later))
    ));
    lines.push(format!(
        "{} transfers, {} lines, {} pieces; {} lines short by {}: {} turned up, {} left behind, {} lost",
        tally.transfers,
        whole(tally.transfer_lines as i64),
        whole(tally.transferred),
        tally.transfer_short_lines,
        whole(tally.transfer_short),
        whole(tally.transfer_found),
        whole(tally.transfer_left_behind),
        whole(tally.transfer_lost)
    ));
    lines
}
