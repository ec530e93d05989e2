//! What the files say, and what each line is.

use std::collections::{BTreeMap, BTreeSet};

use base::Price;
use demo::{Channel, Class, InvoiceKind, Reading, ServiceKind, TaxReason, is_open, sale_tax};

use super::{REAL, day};

#[test]
fn every_row_of_the_files_is_read() {
    let data = &REAL.data;
    let rows = (data.lines.len(), data.items.len(), data.daily.len(), data.adjustments.len());
    assert_eq!(rows, (437_889, 3_179, 224_062, 2_022));
    assert_eq!(data.lead_ratios.len(), 100);
    assert_eq!(data.lead_ratios.first(), Some(&1_474));
}

#[test]
fn sixty_days_have_61_196_lines_and_each_is_in_one_class() {
    let reading = Reading::of(&REAL.data, &REAL.classes, Some(day("2011-01-30")));
    println!("60 days: {reading:#?}");
    assert_eq!(reading.lines, 61_196);
    assert_eq!(sum(&reading), 61_196);
    assert_eq!(reading.unread_lines(), 0);
}

#[test]
fn the_whole_year_leaves_no_line_unread() {
    let reading = Reading::of(&REAL.data, &REAL.classes, None);
    println!("year: {reading:#?}");
    assert_eq!(reading.lines, 437_889);
    assert_eq!(sum(&reading), 437_889);
    assert_eq!(reading.unread_lines(), 0);
    assert!(REAL.trade.unread.is_empty());
    assert_eq!(reading.services_by_kind.values().sum::<u64>(), reading.services);
    // Carriage is DOT and C2; POST is one of the codes left out of the file.
    assert_eq!(reading.services_by_kind[&ServiceKind::ShippingIncome], 710 + 144);
    assert_eq!(reading.services_by_kind[&ServiceKind::BadDebt], 3);
}

fn sum(reading: &Reading) -> u64 {
    let Reading { goods, services, free_goods, stock_notes, credited_goods, .. } = reading;
    goods + services + free_goods + stock_notes + credited_goods + reading.unread_lines()
}

#[test]
fn each_adjustment_is_a_zero_price_line_and_each_zero_price_line_an_adjustment() {
    let matches = &REAL.matches;
    assert_eq!(matches.line_of.len(), 2_022);
    assert_eq!(matches.without_line(), 0);
    assert!(matches.without_adjustment.is_empty());
    let lines: BTreeSet<usize> = matches.line_of.iter().copied().flatten().collect();
    assert_eq!(lines.len(), 2_022);
    for (row, line) in REAL.data.adjustments.iter().zip(&matches.line_of) {
        let line = &REAL.data.lines[line.unwrap()];
        assert_eq!((row.invoice, row.item, row.quantity), (line.invoice, line.item, line.quantity));
        assert_eq!(line.price, Price::ZERO);
    }
}

#[test]
fn the_items_of_services_are_the_twelve_that_are_no_goods() {
    let codes: Vec<&str> = REAL
        .data
        .items
        .iter()
        .map(|item| item.code.as_str())
        .filter(|code| ServiceKind::of_code(code).is_some())
        .collect();
    let expected = [
        "AMAZONFEE",
        "B",
        "BANK CHARGES",
        "C2",
        "CRUK",
        "D",
        "DOT",
        "GIFT_0001_10",
        "GIFT_0001_20",
        "GIFT_0001_50",
        "M",
        "S",
    ];
    assert_eq!(codes, expected);
}

#[test]
fn every_line_is_on_one_invoice_or_is_one_note() {
    let trade = &REAL.trade;
    let lines: usize = trade.invoices.iter().map(|invoice| invoice.lines.len()).sum();
    assert_eq!(lines + trade.notes.len(), 437_889);
    let rows: BTreeSet<u32> = trade
        .invoices
        .iter()
        .flat_map(|invoice| invoice.lines.iter().map(|line| line.row))
        .chain(trade.notes.iter().map(|note| note.row))
        .collect();
    assert_eq!(rows.len(), 437_889);
    let orders = trade.invoices_of(InvoiceKind::Plain);
    let (wholesale, web): (Vec<_>, Vec<_>) =
        orders.partition(|order| order.channel() == Channel::Wholesale);
    println!(
        "orders: {} wholesale, {} web shop; {} credits, {} bad debt; {} notes; {} move nothing",
        wholesale.len(),
        web.len(),
        trade.invoices_of(InvoiceKind::Credit).count(),
        trade.invoices_of(InvoiceKind::BadDebt).count(),
        trade.notes.len(),
        trade.invoices.iter().filter(|invoice| invoice.moves_nothing()).count(),
    );
    let sixty: Vec<_> =
        trade.invoices.iter().filter(|invoice| invoice.day < day("2011-01-30")).collect();
    let count = |kind| sixty.iter().filter(|invoice| invoice.number.kind == kind).count();
    println!(
        "60 days: {} orders, {} credits",
        count(InvoiceKind::Plain),
        count(InvoiceKind::Credit)
    );
    assert_eq!(trade.invoices_of(InvoiceKind::Credit).count(), 3_448);
    assert_eq!(trade.invoices_of(InvoiceKind::BadDebt).count(), 3);
}

#[test]
fn an_invoice_has_one_customer_one_country_and_its_earliest_time() {
    let mut seen = BTreeMap::new();
    for line in &REAL.data.lines {
        let entry = seen.entry(line.invoice).or_insert((line.customer, line.country, line.minute));
        assert_eq!((entry.0, entry.1), (line.customer, line.country), "{}", line.invoice);
        entry.2 = entry.2.min(line.minute);
    }
    for invoice in &REAL.trade.invoices {
        assert_eq!(invoice.minute, seen[&invoice.number].2, "{}", invoice.number);
    }
    let times = REAL.trade.invoices.iter().map(|invoice| (invoice.day, invoice.minute));
    assert!(times.is_sorted());
}

#[test]
fn the_great_order_of_the_last_day_is_cancelled_twelve_minutes_later() {
    let great = |quantity: i64| {
        let has =
            |invoice: &&demo::Invoice| invoice.lines.iter().any(|line| line.quantity == quantity);
        REAL.trade.invoices.iter().find(has).unwrap()
    };
    let (order, cancelled) = (great(80_995), great(-80_995));
    assert_eq!(order.day, cancelled.day);
    assert_eq!((order.minute, cancelled.minute), (9 * 60 + 15, 9 * 60 + 27));
    assert_eq!(cancelled.lines[0].class, Class::CreditedGoods);
}

#[test]
fn the_calendar_is_open_exactly_on_the_days_that_have_lines() {
    let traded: BTreeSet<_> = REAL.data.lines.iter().map(|line| line.day).collect();
    let first = day("2010-12-01");
    for after in 0..=373 {
        let day = first.plus(after).unwrap();
        assert_eq!(is_open(day), traded.contains(&day), "{day}");
    }
}

#[test]
fn every_country_of_the_file_has_the_tax_of_its_place() {
    let mut exports = BTreeSet::new();
    let mut union = BTreeSet::new();
    for country in &REAL.data.countries {
        match sale_tax(country, true, day("2011-06-01")).reason {
            TaxReason::Export => exports.insert(country.as_str()),
            TaxReason::EuBusiness => union.insert(country.as_str()),
            TaxReason::UnitedKingdom | TaxReason::CountryNotNamed => true,
            TaxReason::EuConsumer => panic!("{country} has a customer"),
        };
    }
    let expected = [
        "Australia",
        "Bahrain",
        "Brazil",
        "Canada",
        "Channel Islands",
        "Hong Kong",
        "Iceland",
        "Israel",
        "Japan",
        "Lebanon",
        "Norway",
        "RSA",
        "Saudi Arabia",
        "Singapore",
        "Switzerland",
        "USA",
        "United Arab Emirates",
    ];
    assert_eq!(exports, BTreeSet::from(expected));
    assert_eq!(union.len(), REAL.data.countries.len() - expected.len() - 3);
}
