//! Labels: of items, places and packages.

use super::{PrintError, Printed, copies, file_name, labels};
use crate::paper::{Bars, Face, MM, Page, code128, gs1_128, qr, wrap};
use crate::tables;
use base::{ItemId, PackageId, PlaceId};
use identity::Ctx;
use store::Tx;

/// The edge of a label.
const EDGE: f32 = 3.0 * MM;

/// Prints labels of an item: its name, its number, and the barcode by which it is scanned: its trade
/// item number in GS1-128 when it has one, else its SKU.
///
/// # Errors
/// [`PrintError`].
pub fn item_label(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    item_id: ItemId,
    asked: Option<u32>,
) -> Result<Printed, PrintError> {
    let copies = copies(asked)?;
    let found = catalog::item(tx, ctx, item_id)?;
    let sku = &found.item.sku;
    let own = found.barcodes.iter().filter(|code| code.packaging_id.is_none());
    let number = own.filter_map(|code| trade_number(&code.code)).next();
    let (bars, told) = match &number {
        Some(number) => (gs1_128(&[("01", number)]), format!("(01) {number}")),
        None => (code128(sku).or_else(|| qr(sku)), sku.clone()),
    };
    let page = label((70.0 * MM, 40.0 * MM), sku, &found.item.name, bars.as_ref(), &told);
    let bytes = labels(format!("Label {sku}"), (70.0 * MM, 40.0 * MM), page, copies);
    Ok(Printed { name: file_name(&format!("label-{sku}")), bytes })
}

/// Prints labels of a place: its path, as text and as barcodes for near and far.
///
/// # Errors
/// [`PrintError`].
pub fn place_label(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    place_id: PlaceId,
    asked: Option<u32>,
) -> Result<Printed, PrintError> {
    ctx.require(stock::READ)?;
    let copies = copies(asked)?;
    let (path, warehouse) =
        tables::place(tx, ctx.company_id, place_id)?.ok_or(PrintError::NoPlace(place_id))?;
    let (width, height) = (100.0 * MM, 50.0 * MM);
    let mut page = label((width, height), &path, &warehouse, code128(&path).as_ref(), &path);
    if let Some(square) = qr(&path) {
        let side = 18.0 * MM;
        page.bars(&square, width - EDGE - side, EDGE, side, side);
    }
    let bytes = labels(format!("Label {path}"), (width, height), page, copies);
    Ok(Printed { name: file_name(&format!("label-{path}")), bytes })
}

/// Prints labels of a package: its number, its order and to where it goes.
///
/// # Errors
/// [`PrintError`].
pub fn package_label(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    package_id: PackageId,
    asked: Option<u32>,
) -> Result<Printed, PrintError> {
    let copies = copies(asked)?;
    let package = picking::package(tx, ctx, package_id)?.package;
    let number = &package.number;
    let to = [&package.partner_name, &package.country, &package.order_number];
    let to: Vec<&str> =
        to.into_iter().map(String::as_str).filter(|text| !text.is_empty()).collect();
    let size = (100.0 * MM, 60.0 * MM);
    let page = label(size, number, &to.join(" \u{b7} "), code128(number).as_ref(), number);
    let bytes = labels(format!("Label {number}"), size, page, copies);
    Ok(Printed { name: file_name(&format!("label-{number}")), bytes })
}

/// A label: a head, words below it, a barcode and what it says.
fn label(
    (width, height): (f32, f32),
    head: &str,
    words: &str,
    bars: Option<&Bars>,
    told: &str,
) -> Page {
    let mut page = Page::default();
    let inner = width - 2.0 * EDGE;
    // Room at the right is left for a square code on wide labels.
    let beside = if width > 90.0 * MM { inner - 20.0 * MM } else { inner };
    let mut y = EDGE;
    for line in wrap(head, Face::Bold, 13.0, beside).into_iter().take(2) {
        y += 14.0;
        page.text(EDGE, y, 13.0, Face::Bold, &line);
    }
    for line in wrap(words, Face::Regular, 8.5, beside).into_iter().take(2) {
        y += 11.0;
        page.text(EDGE, y, 8.5, Face::Regular, &line);
    }
    let Some(bars) = bars else { return page };
    let foot = height - EDGE;
    let top = (y + 6.0).max(height * 0.45);
    match bars {
        // Ten modules at each end stay white.
        Bars::Line(modules) => {
            let all: f32 = modules.iter().map(|&wide| f32::from(wide)).sum();
            let unit = (inner / (all + 20.0)).min(0.5 * MM);
            let wide = unit * all;
            page.bars(bars, (width - wide) / 2.0, top, wide, foot - 9.0 - top);
        }
        Bars::Square { .. } => {
            let side = foot - 9.0 - top;
            page.bars(bars, (width - side) / 2.0, top, side, side);
        }
    }
    let x = (width - Face::Regular.width(told, 8.0)) / 2.0;
    page.text(x.max(EDGE), foot, 8.0, Face::Regular, told);
    page
}

/// A trade item number in fourteen digits, when a code is one.
fn trade_number(code: &str) -> Option<String> {
    let digits = code.bytes().all(|byte| byte.is_ascii_digit());
    if !digits || ![8, 12, 13, 14].contains(&code.len()) {
        return None;
    }
    let number = format!("{code:0>14}");
    let weighed =
        |(at, byte): (usize, u8)| u32::from(byte - b'0') * if at.is_multiple_of(2) { 3 } else { 1 };
    let sum: u32 = number.bytes().enumerate().map(weighed).sum();
    sum.is_multiple_of(10).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trade_item_number_has_its_check_digit() {
        #[track_caller]
        fn check(code: &str, expected: Option<&str>) {
            assert_eq!(trade_number(code).as_deref(), expected, "{code}");
        }
        check("4006381333931", Some("04006381333931"));
        check("4006381333932", None);
        check("036000291452", Some("00036000291452"));
        check("96385074", Some("00000096385074"));
        check("ABC", None);
        check("123", None);
    }
}
