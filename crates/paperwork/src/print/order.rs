//! An order to a supplier.

use super::{PrintError, Printed, address, begin, company, end, file_name, lines_of};
use crate::paper::{Column, Face};
use crate::speech::Speech;
use base::{PurchaseOrderId, Rate};
use identity::Ctx;
use purchasing::OrderLineView;
use store::Tx;

/// Prints an order in the supplier's language.
///
/// # Errors
/// [`PrintError`].
pub fn order_paper(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order_id: PurchaseOrderId,
) -> Result<Printed, PrintError> {
    Ok(drawn_order(tx, ctx, order_id)?.printed)
}

/// An order as printed, and what a letter to its supplier needs to know.
pub(crate) struct DrawnOrder {
    pub printed: Printed,
    pub speech: Speech,
    pub number: String,
    pub company: String,
}

/// As [`order_paper`], for a mail.
pub(crate) fn drawn_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order_id: PurchaseOrderId,
) -> Result<DrawnOrder, PrintError> {
    let order = purchasing::order(tx, ctx, order_id)?;
    let company = company(tx, ctx)?;
    let supplier =
        partners::partners_by_code(tx, ctx.company_id, &[&order.supplier])?.remove(&order.supplier);
    let (language, tax_number, country) =
        supplier.as_ref().map_or_else(Default::default, |found| {
            (found.language.clone(), found.tax_number.clone(), found.country.to_string())
        });
    let to = match &supplier {
        Some(found) => address(tx, ctx, found.id, "billing")?,
        None => None,
    };
    let warehouse = stock::warehouse_by_code(tx, ctx.company_id, &order.warehouse)?;
    let speech = Speech::of(&language, &company.country);
    let what = speech.word("Purchase order", "Bestellung");
    let mut flow = begin(speech, &company, what, &order.number);

    let mut supplier = lines_of(&order.supplier_name, to.as_ref(), &country);
    if !tax_number.is_empty() {
        let words = speech.word("VAT no.", "USt-IdNr.");
        supplier.push((Face::Regular, format!("{words} {tax_number}")));
    }
    let fact = |words: &str, told: String| (Face::Regular, format!("{words}: {told}"));
    let mut facts = vec![
        fact(speech.word("Date", "Datum"), speech.day(order.ordered_on)),
        fact(speech.word("Supplier number", "Lieferantennummer"), order.supplier.clone()),
        fact(speech.word("Revision", "Stand"), order.revision.to_string()),
        fact(speech.word("Currency", "W\u{e4}hrung"), order.total.currency.to_string()),
        fact(
            speech.word("Deliver to", "Lieferung an"),
            warehouse.map_or_else(|| order.warehouse.clone(), |found| found.name),
        ),
    ];
    if order.state.word() == "draft" || order.state.word() == "to_approve" {
        let words = speech.word("Draft, not an order yet", "Entwurf, noch keine Bestellung");
        facts.insert(0, (Face::Bold, words.to_owned()));
    }
    let (left, top, half) = (flow.left(), flow.top(), flow.width() / 2.0 - 10.0);
    let first = flow.block((left, top, half), &supplier);
    let second = flow.block((left + half + 20.0, top, half), &facts);
    flow.below(first.max(second));
    flow.skip(14.0);

    let columns = [
        Column::numbers("#", 0.4),
        Column::words(speech.word("Item", "Artikel"), 1.5),
        Column::words(speech.word("Description", "Bezeichnung"), 3.4),
        Column::numbers(speech.word("Quantity", "Menge"), 1.0),
        Column::words(speech.word("Unit", "Einheit"), 0.8),
        Column::words(speech.word("Due", "Termin"), 1.2),
        Column::numbers(speech.word("Price", "Preis"), 1.1),
        Column::numbers(speech.word("Net", "Netto"), 1.3),
    ];
    let rows: Vec<Vec<String>> = order.lines.iter().map(|line| row(speech, line)).collect();
    flow.table(&columns, &rows);
    let words = speech.word("Total net", "Summe netto");
    let total = format!("{} {}", speech.amount(order.total), order.total.currency);
    flow.sum(words, &total);
    if !order.note.is_empty() {
        flow.skip(10.0);
        flow.paragraph(&order.note);
    }
    flow.skip(10.0);
    flow.paragraph(speech.word(
        "Please confirm this order with prices, quantities and days, and name its number in all \
         correspondence.",
        "Bitte best\u{e4}tigen Sie diese Bestellung mit Preisen, Mengen und Terminen und nennen Sie \
         ihre Nummer in allen Schreiben.",
    ));
    let printed = end(flow, speech, &company, file_name(&order.number));
    Ok(DrawnOrder { printed, speech, number: order.number, company: company.name })
}

fn row(speech: Speech, line: &OrderLineView) -> Vec<String> {
    let mut price = speech.price(line.price);
    if line.discount != Rate::from_nano(0) {
        price = format!("{price} \u{2212}{}%", line.discount);
    }
    vec![
        line.line.to_string(),
        line.sku.clone(),
        line.name.clone(),
        speech.quantity(line.quantity),
        line.unit.clone(),
        speech.day(line.promised_on.unwrap_or(line.due_on)),
        price,
        speech.amount(line.net),
    ]
}
