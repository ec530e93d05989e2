//! `import_offers`: offers from a CSV file. A file with any error changes nothing; the same file
//! again changes nothing either.

use crate::OFFER;
use crate::define_offers::{DefineOffer, DefineOffersError, Known, MAX_OFFERS, OfferError, Plan};
use base::{Quantity, Rate};
use identity::Ctx;
use store::Tx;
use tabular::{Column, ImportReport, RowError};

const SUPPLIER: Column = Column::text("supplier", "a supplier's code").required();
const SKU: Column = Column::text("sku", "an item's SKU").required();
const CURRENCY: Column = Column::plain("currency", "a currency such as GBP");
const UNIT: Column = Column::text("unit", "the code of a unit");
const MIN: Column = Column::plain("min_quantity", "a quantity such as 12");
const MULTIPLE: Column = Column::plain("multiple", "a quantity such as 12");
const LEAD: Column = Column::plain("lead_days", "a number of days");
const FROM: Column = Column::plain("from_on", "a day such as 2026-01-31").required();
const TO: Column = Column::plain("to_on", "a day such as 2026-12-31");
const PRICE: Column = Column::plain("price", "a price such as 12.50").required();
const DISCOUNT: Column = Column::plain("discount", "a fraction such as 0.05");
const SUPPLIER_SKU: Column = Column::text("supplier_sku", "the supplier's number of the item");

/// The columns of the file.
pub const OFFER_COLUMNS: &[Column] =
    &[SUPPLIER, SKU, CURRENCY, UNIT, MIN, MULTIPLE, LEAD, FROM, TO, PRICE, DISCOUNT, SUPPLIER_SKU];

/// Takes over a file of offers, or only tells what it would do (`dry_run`). The errors of all rows
/// are told at once.
///
/// # Errors
/// [`DefineOffersError::Denied`] and the store's; what is wrong with the file is in the report.
pub fn import_offers(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    file: &[u8],
    dry_run: bool,
) -> Result<ImportReport, DefineOffersError> {
    ctx.require(OFFER)?;
    let rows = match read(file) {
        Ok(rows) => rows,
        Err(errors) => return Ok(ImportReport::refused(0, errors)),
    };
    let count = rows.len() as u64;
    if rows.len() > MAX_OFFERS {
        let message = format!("more than {MAX_OFFERS} rows; split the file");
        return Ok(ImportReport::refused(count, vec![RowError::whole(1, message)]));
    }
    let asked: Vec<DefineOffer> = rows.iter().map(|(_, offer)| offer.clone()).collect();
    let mut known = Known::load(tx, ctx, &asked)?;
    let (mut plan, mut errors) = (Plan::default(), Vec::new());
    for (row, offer) in &rows {
        match known.offer(offer) {
            Ok(offer) => plan.add(tx, &mut known.offers, offer)?,
            Err(error) => {
                let (column, message) = (column_of(&error), error.to_string());
                errors.push(match column {
                    Some(column) => RowError::of(*row, column, message),
                    None => RowError::whole(*row, message),
                });
            }
        }
    }
    if !errors.is_empty() {
        return Ok(ImportReport::refused(count, errors));
    }
    let told = plan.told;
    if !dry_run {
        plan.record(tx, ctx)?;
    }
    Ok(ImportReport {
        applied: !dry_run,
        rows: count,
        created: u64::from(told.created),
        changed: u64::from(told.changed),
        unchanged: u64::from(told.unchanged),
        errors: Vec::new(),
    })
}

fn read(file: &[u8]) -> Result<Vec<(u64, DefineOffer)>, Vec<RowError>> {
    tabular::read(file, OFFER_COLUMNS)?.map(|cells| {
        let text = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let offer = DefineOffer {
            supplier: cells.text(SUPPLIER).to_owned(),
            sku: cells.text(SKU).to_owned(),
            currency: cells.value(CURRENCY),
            unit: text(cells.text(UNIT)),
            min_quantity: cells.value_or(MIN, Quantity::ZERO),
            multiple: cells.value_or(MULTIPLE, Quantity::ZERO),
            lead_days: cells.value_or(LEAD, 0),
            from_on: cells.value(FROM),
            to_on: cells.value(TO),
            price: cells.value_or(PRICE, base::Price::ZERO),
            discount: cells.value_or(DISCOUNT, Rate::ZERO),
            supplier_sku: cells.text(SUPPLIER_SKU).to_owned(),
        };
        (cells.row(), offer)
    })
}

/// The column that an offer's error is about.
fn column_of(error: &OfferError) -> Option<Column> {
    match error {
        OfferError::UnknownSupplier(_) => Some(SUPPLIER),
        OfferError::UnknownItem(_) => Some(SKU),
        OfferError::WrongUnit { .. } => Some(UNIT),
        OfferError::OutOfRange { field } => {
            OFFER_COLUMNS.iter().find(|column| column.name == *field).copied()
        }
        OfferError::EndsBefore { .. } => Some(TO),
        OfferError::Text(_) => Some(SUPPLIER_SKU),
    }
}
