//! Who sells the goods to the retailer. **Invented**: the file says nothing about suppliers, so
//! names, terms and who sells what are made up, from the seed.

use std::collections::BTreeMap;

use base::{Currency, Day, NumberError, Price, Rate};

use crate::classify::is_goods_code;
use crate::exchange::rate_on;
use crate::prices::to_four_decimals;
use crate::read::ItemIndex;
use crate::seed::Draw;
use crate::world::{Item, WorldError};

/// The position of a supplier in `World::suppliers`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct SupplierIndex(pub usize);

/// A supplier.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Supplier {
    /// `S01` and so on.
    pub code: String,
    /// The invented name.
    pub name: &'static str,
    /// The country's code of ISO 3166, two letters.
    pub country: &'static str,
    /// What it sells in.
    pub currency: Currency,
    /// Whether its goods come from overseas: in USD, after 60 to 80 days, by the case.
    pub overseas: bool,
    /// Its median days from order to arrival.
    pub lead_days: i64,
    /// Days from a bill's date to the day due.
    pub terms_days: i64,
}

/// What a supplier asks for an item.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Offer {
    /// The item.
    pub item: ItemIndex,
    /// Who offers it.
    pub supplier: SupplierIndex,
    /// The price of a piece in the supplier's currency.
    pub price: Price,
    /// The fewest pieces of an order line; a whole number of cases.
    pub minimum: i64,
    /// The pieces of a case; orders are whole cases.
    pub multiple: i64,
    /// Median days from order to arrival.
    pub lead_days: i64,
}

/// The value, in hundredths, that comes from overseas.
const OVERSEAS_PERCENT: i128 = 60;

/// Name, country and currency. Overseas ones first.
const NAMES: [(&str, &str, Currency); 40] = [
    ("Ningbo Harbour Gifts", "CN", Currency::USD),
    ("Yiwu Lantern Trading", "CN", Currency::USD),
    ("Shantou Bright Toys", "CN", Currency::USD),
    ("Quanzhou Stoneware", "CN", Currency::USD),
    ("Dongguan Paper Works", "CN", Currency::USD),
    ("Fuzhou Wicker and Wood", "CN", Currency::USD),
    ("Wenzhou Metalcraft", "CN", Currency::USD),
    ("Xiamen Glass House", "CN", Currency::USD),
    ("Chaozhou Porcelain", "CN", Currency::USD),
    ("Guangzhou Textile Hall", "CN", Currency::USD),
    ("Taizhou Plastics", "CN", Currency::USD),
    ("Hangzhou Silk Ribbon", "CN", Currency::USD),
    ("Kowloon Novelty", "HK", Currency::USD),
    ("Victoria Peak Sourcing", "HK", Currency::USD),
    ("Moradabad Brass", "IN", Currency::USD),
    ("Jaipur Block Print", "IN", Currency::USD),
    ("Saharanpur Carving", "IN", Currency::USD),
    ("Tirupur Cotton Bags", "IN", Currency::USD),
    ("Hanoi Lacquer", "VN", Currency::USD),
    ("Saigon Rattan", "VN", Currency::USD),
    ("Chiang Mai Crafts", "TH", Currency::USD),
    ("Bangkok Candle", "TH", Currency::USD),
    ("Taipei Stationery", "TW", Currency::USD),
    ("Cebu Shell and Fibre", "PH", Currency::USD),
    ("Pennine Paper", "GB", Currency::GBP),
    ("Stoke Tableware", "GB", Currency::GBP),
    ("Thames Party Goods", "GB", Currency::GBP),
    ("Cotswold Candles", "GB", Currency::GBP),
    ("Mersey Packaging", "GB", Currency::GBP),
    ("Sheffield Cutlers", "GB", Currency::GBP),
    ("Norfolk Nursery", "GB", Currency::GBP),
    ("Lancashire Linen", "GB", Currency::GBP),
    ("Kent Confectionery", "GB", Currency::GBP),
    ("Clyde Wireworks", "GB", Currency::GBP),
    ("Erzgebirge Holzkunst", "DE", Currency::EUR),
    ("Brabant Bloem", "NL", Currency::EUR),
    ("Alsace Verre", "FR", Currency::EUR),
    ("Veneto Carta", "IT", Currency::EUR),
    ("Porto Ceramica", "PT", Currency::EUR),
    ("Silesia Glass", "PL", Currency::EUR),
];

/// The suppliers, with lead times and terms drawn from the seed.
#[must_use]
pub fn suppliers(seed: u64) -> Vec<Supplier> {
    let supplier =
        |(at, (name, country, currency)): (usize, &(&'static str, &'static str, Currency))| {
            let code = format!("S{:02}", at + 1);
            let mut draw = Draw::of(seed, &["supplier", &code]);
            let overseas = *currency == Currency::USD;
            let (low, high) = if overseas { (60, 80) } else { (5, 20) };
            let lead_days = draw.between(low, high);
            let terms_days = if overseas { 60 } else { 30 };
            Supplier { code, name, country, currency: *currency, overseas, lead_days, terms_days }
        };
    NAMES.iter().enumerate().map(supplier).collect()
}

/// The codes that a supplier sells together: those of the same digits but the last, so that
/// colours and sizes of one thing come from one hand.
fn family(code: &str) -> &str {
    let digits = code.bytes().take_while(u8::is_ascii_digit).count();
    code.get(..digits.max(1) - 1).filter(|digits| !digits.is_empty()).unwrap_or("DCGS")
}

/// Who sells each item of goods. Families go overseas or not so that the value sold stays at 60 %
/// from overseas; `values` is the year's cost of what was sold of each item, in pence.
#[must_use]
pub fn assign(
    seed: u64,
    items: &[Item],
    suppliers: &[Supplier],
    values: &[i64],
) -> BTreeMap<ItemIndex, SupplierIndex> {
    let mut families: BTreeMap<&str, Vec<usize>> = BTreeMap::new();
    for (at, item) in items.iter().enumerate().filter(|(_, item)| is_goods_code(&item.code)) {
        families.entry(family(&item.code)).or_default().push(at);
    }
    let mut order: Vec<(u64, &str)> =
        families.keys().map(|name| (Draw::of(seed, &["family", name]).bits(), *name)).collect();
    order.sort_unstable();
    let (mut total, mut from_overseas) = (0_i128, 0_i128);
    let mut assigned = BTreeMap::new();
    for (_, name) in order {
        let value: i128 = families[name].iter().map(|at| i128::from(values[*at])).sum();
        let overseas = from_overseas * 100 <= total * OVERSEAS_PERCENT;
        total += value;
        if overseas {
            from_overseas += value;
        }
        let supplier = choose(seed, name, suppliers, overseas);
        assigned.extend(families[name].iter().map(|at| (ItemIndex(*at), supplier)));
    }
    assigned
}

/// One of the suppliers of a side; some are up to four times as large as others.
fn choose(seed: u64, family: &str, suppliers: &[Supplier], overseas: bool) -> SupplierIndex {
    let weighted: Vec<usize> = suppliers
        .iter()
        .enumerate()
        .filter(|(_, supplier)| supplier.overseas == overseas)
        .flat_map(|(at, supplier)| {
            let weight = 1 + Draw::of(seed, &["weight", &supplier.code]).below(4);
            (0..weight).map(move |_| at)
        })
        .collect();
    let count = u64::try_from(weighted.len()).unwrap_or(0);
    let at = Draw::of(seed, &["sold by", family]).below(count);
    // Both sides of the table have suppliers.
    SupplierIndex(usize::try_from(at).ok().and_then(|at| weighted.get(at)).copied().unwrap_or(0))
}

/// The two case sizes for goods below a base price in pence, overseas and nearer by.
const CASES: [(i64, [i64; 2], [i64; 2]); 6] = [
    (50, [72, 48], [24, 12]),
    (100, [48, 36], [24, 12]),
    (250, [36, 24], [12, 6]),
    (500, [24, 12], [12, 6]),
    (1_500, [12, 6], [6, 3]),
    (i64::MAX, [4, 2], [1, 1]),
];

/// What a supplier asks for an item: its cost at the exchange rate of the opening, whole cases, and
/// one to three cases at least when it comes from overseas.
///
/// # Errors
///
/// `NoRate`, `Number`.
pub fn offer(
    seed: u64,
    opening: Day,
    item: (ItemIndex, &Item),
    supplier: (SupplierIndex, &Supplier),
) -> Result<Offer, WorldError> {
    let ((index, item), (supplier_index, supplier)) = (item, supplier);
    let mut draw = Draw::of(seed, &["offer", &item.code]);
    let pence = item.base_price.micro() / 10_000;
    let (_, far, near) = CASES.iter().find(|(below, ..)| pence < *below).unwrap_or(&CASES[5]);
    let cases = if supplier.overseas { far } else { near };
    let multiple = if draw.below(2) == 0 { cases[0] } else { cases[1] };
    let minimum = if supplier.overseas { multiple * draw.between(1, 3) } else { multiple };
    let currency = supplier.currency;
    let rate = rate_on(currency, opening).ok_or(WorldError::NoRate { currency })?;
    let price = in_currency(item.cost, rate)?;
    let lead_days = supplier.lead_days;
    Ok(Offer { item: index, supplier: supplier_index, price, minimum, multiple, lead_days })
}

/// A cost in GBP as a price in a currency of which one unit is worth `rate` GBP.
fn in_currency(cost: Price, rate: Rate) -> Result<Price, NumberError> {
    to_four_decimals(
        i128::from(cost.micro()) * i128::from(Rate::ONE.nano()),
        i128::from(rate.nano()),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn families_keep_colours_and_neighbours_together() {
        for (code, expected) in
            [("85123A", "8512"), ("85124", "8512"), ("84029E", "8402"), ("DCGS0004", "DCGS")]
        {
            assert_eq!(family(code), expected);
        }
    }

    #[test]
    fn a_cost_in_another_currency_is_divided_by_its_rate() {
        let price = in_currency(Price::parse("6.41").unwrap(), Rate::parse("0.641").unwrap());
        assert_eq!(price.unwrap(), Price::parse("10").unwrap());
    }

    #[test]
    fn overseas_suppliers_take_longer_and_sell_in_dollars() {
        for supplier in suppliers(1) {
            let leads = if supplier.overseas { 60..=80 } else { 5..=20 };
            assert!(leads.contains(&supplier.lead_days), "{supplier:?}");
            assert_eq!(supplier.overseas, supplier.currency == Currency::USD);
        }
    }
}
