//! What goes into a package: what is in it, and for which order.

use super::{PrintError, Printed, address, begin, company, end, file_name, lines_of};
use crate::paper::{Column, Face};
use crate::speech::Speech;
use base::PackageId;
use identity::Ctx;
use picking::PackageLine;
use store::Tx;

/// Prints the packing slip of a package in the customer's language, without prices.
///
/// # Errors
/// [`PrintError`].
pub fn packing_slip(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    package_id: PackageId,
) -> Result<Printed, PrintError> {
    let found = picking::package(tx, ctx, package_id)?;
    let package = &found.package;
    let company = company(tx, ctx)?;
    let customer = partners::partners_by_code(tx, ctx.company_id, &[&package.partner])?
        .remove(&package.partner);
    let to = match &customer {
        Some(customer) => address(tx, ctx, customer.id, "delivery")?,
        None => None,
    };
    let language = customer.as_ref().map_or("", |customer| customer.language.as_str());
    let speech = Speech::of(language, &company.country);
    let what = speech.word("Packing slip", "Packzettel");
    let mut flow = begin(speech, &company, what, &package.number);
    let name = if package.partner_name.is_empty() {
        speech.word("Customer", "Kundschaft").to_owned()
    } else {
        package.partner_name.clone()
    };
    let to = lines_of(&name, to.as_ref(), &package.country);
    let fact = |words: &str, told: String| (Face::Regular, format!("{words}: {told}"));
    let mut facts = vec![
        fact(speech.word("Order", "Auftrag"), package.order_number.clone()),
        fact(
            speech.word("Packed on", "Gepackt am"),
            speech.day(package.packed_at.day_in(&ctx.zone)),
        ),
    ];
    for (words, told) in [
        (speech.word("Your reference", "Ihr Zeichen"), &package.external_ref),
        (speech.word("Carrier", "Frachtf\u{fc}hrer"), &package.carrier),
        (speech.word("Tracking", "Sendungsnummer"), &package.tracking),
    ] {
        if !told.is_empty() {
            facts.push(fact(words, told.clone()));
        }
    }
    let (left, top, half) = (flow.left(), flow.top(), flow.width() / 2.0 - 10.0);
    let first = flow.block((left, top, half), &to);
    let second = flow.block((left + half + 20.0, top, half), &facts);
    flow.below(first.max(second));
    flow.skip(14.0);
    let columns = [
        Column::numbers("#", 0.4),
        Column::words(speech.word("Item", "Artikel"), 1.6),
        Column::words(speech.word("Description", "Bezeichnung"), 4.0),
        Column::words(speech.word("Lot", "Charge"), 1.2),
        Column::numbers(speech.word("Quantity", "Menge"), 1.0),
        Column::words(speech.word("Unit", "Einheit"), 0.8),
    ];
    let row = |line: &PackageLine| {
        vec![
            line.line.to_string(),
            line.sku.clone(),
            line.name.clone(),
            line.lot.clone(),
            speech.quantity(line.quantity),
            line.unit.clone(),
        ]
    };
    flow.table(&columns, &found.lines.iter().map(row).collect::<Vec<_>>());
    Ok(end(flow, speech, &company, file_name(&package.number)))
}
