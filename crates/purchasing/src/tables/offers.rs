//! Reading and writing offers.

use super::{OFFERS_OF, UPSERT_OFFERS, day_at, day_text};
use crate::model::Offer;
use base::{CompanyId, ItemId, PartnerId, Ratio};
use std::collections::{BTreeMap, BTreeSet};
use store::{Row, Rows, StoreError, Tx, params, row};

/// Offers by supplier and item.
pub(crate) type Offers = BTreeMap<(PartnerId, ItemId), Vec<Offer>>;

/// The offers of suppliers for items, in one statement.
pub(crate) fn offers_of(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    wanted: &BTreeSet<(PartnerId, ItemId)>,
) -> Result<Offers, StoreError> {
    let mut keys = Rows::new(2);
    wanted.iter().for_each(|(partner, item)| keys.push(row![partner, item]));
    let mut found = Offers::new();
    if !keys.is_empty() {
        for row in tx.query(&OFFERS_OF, params![company_id; keys])? {
            let offer = offer_of(&row)?;
            found.entry((offer.partner_id, offer.item_id)).or_default().push(offer);
        }
    }
    Ok(found)
}

fn offer_of(row: &Row) -> Result<Offer, StoreError> {
    Ok(Offer {
        id: row.get(0)?,
        partner_id: row.get(1)?,
        item_id: row.get(2)?,
        currency: row.get(3)?,
        unit: row.get(4)?,
        ratio: ratio_at(row, 5)?,
        min_quantity: row.get(7)?,
        multiple: row.get(8)?,
        lead_days: row.get(9)?,
        from_on: row.get(10)?,
        to_on: day_at(row, 11)?,
        price: row.get(12)?,
        discount: row.get(13)?,
        supplier_sku: row.get(14)?,
    })
}

/// A ratio from two columns.
pub(crate) fn ratio_at(row: &Row, first: usize) -> Result<Ratio, StoreError> {
    Ratio::new(row.get(first)?, row.get(first + 1)?).map_err(|_| StoreError::Decode {
        column: first,
        found: format!("{:?}", row.values().get(first)),
        wanted: "a ratio above zero",
    })
}

/// Writes offers; those of a key that exists get their new terms.
pub(crate) fn upsert_offers(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    offers: &[Offer],
) -> Result<(), StoreError> {
    let mut set = Rows::new(15);
    for offer in offers {
        set.push(row![
            offer.id,
            offer.partner_id,
            offer.item_id,
            offer.currency,
            offer.unit,
            offer.ratio.numerator(),
            offer.ratio.denominator(),
            offer.min_quantity,
            offer.multiple,
            offer.lead_days,
            offer.from_on,
            day_text(offer.to_on),
            offer.price,
            offer.discount,
            offer.supplier_sku
        ]);
    }
    tx.write(&UPSERT_OFFERS, params![company_id; set])
}
