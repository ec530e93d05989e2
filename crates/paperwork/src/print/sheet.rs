//! A count sheet, to be filled in by hand.

use super::{PrintError, Printed, begin, company, end, file_name};
use crate::paper::{Column, Face};
use crate::records::{RecordKey, RecordKind, find_record};
use crate::speech::Speech;
use crate::tables;
use base::{CountId, Id};
use counting::{CountLineFilter, CountLineRow};
use identity::Ctx;
use store::Tx;

/// Prints a count sheet in the company's language. What the books expect stands on it only when the
/// caller may know it.
///
/// # Errors
/// [`PrintError`].
pub fn count_sheet(tx: &mut Tx<'_>, ctx: &Ctx, count_id: CountId) -> Result<Printed, PrintError> {
    let key = RecordKey::Id(count_id.raw());
    let record = find_record(tx, ctx, RecordKind::Count, &key)?;
    let head = tables::count_head(tx, ctx.company_id, count_id)?;
    let company = company(tx, ctx)?;
    let speech = Speech::of("", &company.country);
    let mut lines: Vec<CountLineRow> = Vec::new();
    let mut filter = CountLineFilter { count_id: Some(count_id), ..CountLineFilter::default() };
    loop {
        let page = counting::list_count_lines(tx, ctx, filter.clone())?;
        lines.extend(page.lines);
        let Some(next) = page.next_cursor else { break };
        filter.cursor = Some(next);
    }
    let what = speech.word("Count sheet", "Z\u{e4}hlliste");
    let mut flow = begin(speech, &company, what, &record.name);
    if let Some((warehouse, opened_on)) = head {
        let fact = |words: &str, told: String| (Face::Regular, format!("{words}: {told}"));
        let facts = [
            fact(speech.word("Warehouse", "Lager"), warehouse),
            fact(speech.word("Opened on", "Er\u{f6}ffnet am"), speech.day(opened_on)),
            fact(
                speech.word("Counted by", "Gez\u{e4}hlt von"),
                "________________________".to_owned(),
            ),
        ];
        let place = (flow.left(), flow.top(), flow.width());
        let end = flow.block(place, &facts);
        flow.below(end);
        flow.skip(12.0);
    }
    let shown = lines.iter().any(|line| line.expected.is_some());
    let mut columns = vec![
        Column::numbers("#", 0.5),
        Column::words(speech.word("Place", "Platz"), 1.8),
        Column::words(speech.word("Item", "Artikel"), 1.5),
        Column::words(speech.word("Description", "Bezeichnung"), 3.2),
        Column::words(speech.word("Lot", "Charge"), 1.0),
    ];
    if shown {
        columns.push(Column::numbers(speech.word("Expected", "Soll"), 0.9));
    }
    columns.push(Column::numbers(speech.word("Counted", "Gez\u{e4}hlt"), 1.1));
    let row = |line: &CountLineRow| {
        let mut row = vec![
            line.line.to_string(),
            line.place.clone(),
            line.sku.clone(),
            line.name.clone(),
            line.lot.clone(),
        ];
        let told = |quantity: Option<base::Quantity>| {
            quantity.map_or_else(String::new, |quantity| speech.quantity(quantity))
        };
        if shown {
            row.push(told(line.expected));
        }
        row.push(line.counted.map_or_else(|| "________".to_owned(), |_| told(line.counted)));
        row
    };
    flow.table(&columns, &lines.iter().map(row).collect::<Vec<_>>());
    Ok(end(flow, speech, &company, file_name(&record.name)))
}
