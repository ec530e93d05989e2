//! What an item is worth: its base price from the whole file, and its cost as a seeded share of it.

use base::{NumberError, Price, Rounding, div_round};

use crate::classify::Class;
use crate::read::Data;
use crate::seed::Draw;

/// Where a base price comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PriceSource {
    /// The median price of the lines that wholesale customers bought.
    WholesaleMedian,
    /// No wholesale line: the median price of all lines sold.
    SaleMedian,
    /// Never sold: the median price that its adjustments name.
    Adjustment,
    /// Nothing is known: GBP 1.00.
    Assumed,
    /// A service has no base price.
    Service,
}

/// The base price of each item of the data, in their order. The median counts lines, not pieces;
/// of an even number of lines it is halfway between the middle two.
///
/// # Errors
///
/// `OutOfRange`.
pub fn base_prices(
    data: &Data,
    classes: &[Class],
) -> Result<Vec<(Price, PriceSource)>, NumberError> {
    let mut wholesale: Vec<Vec<i64>> = vec![Vec::new(); data.items.len()];
    let mut sold = wholesale.clone();
    let mut services = vec![false; data.items.len()];
    for (line, class) in data.lines.iter().zip(classes) {
        match class {
            Class::Goods => {
                sold[line.item.0].push(line.price.micro());
                if line.customer.is_some() {
                    wholesale[line.item.0].push(line.price.micro());
                }
            }
            Class::Service(_) => services[line.item.0] = true,
            Class::FreeGoods | Class::StockNote | Class::CreditedGoods | Class::Unread(_) => {}
        }
    }
    let mut named = vec![None; data.items.len()];
    for row in &data.adjustments {
        let price = row.median_price.filter(|price| *price > Price::ZERO);
        named[row.item.0] = named[row.item.0].or(price);
    }
    let one_pound = Price::from_micro(1_000_000);
    (0..data.items.len())
        .map(|at| {
            if services[at] {
                return Ok((Price::ZERO, PriceSource::Service));
            }
            if let Some(price) = median(&mut wholesale[at])? {
                return Ok((price, PriceSource::WholesaleMedian));
            }
            if let Some(price) = median(&mut sold[at])? {
                return Ok((price, PriceSource::SaleMedian));
            }
            let named = named[at].map(|price| (price, PriceSource::Adjustment));
            Ok(named.unwrap_or((one_pound, PriceSource::Assumed)))
        })
        .collect()
}

fn median(micros: &mut [i64]) -> Result<Option<Price>, NumberError> {
    micros.sort_unstable();
    let Some(last) = micros.len().checked_sub(1) else {
        return Ok(None);
    };
    let middle = i128::from(micros[last / 2]) + i128::from(micros[micros.len() / 2]);
    div_round(middle, 2, Rounding::HalfUp).map(|micro| Some(Price::from_micro(micro)))
}

/// What a piece costs: 55 % to 65 % of the base price, drawn for the code, to four decimals and
/// never nothing when the base price is something.
///
/// # Errors
///
/// `OutOfRange`.
pub fn cost(seed: u64, code: &str, base_price: Price) -> Result<Price, NumberError> {
    if base_price == Price::ZERO {
        return Ok(Price::ZERO);
    }
    let ten_thousandths = Draw::of(seed, &["cost", code]).between(5_500, 6_500);
    to_four_decimals(i128::from(base_price.micro()) * i128::from(ten_thousandths), 10_000)
}

/// `numerator / denominator` millionths as a price of four decimals, at least 0.0001.
///
/// # Errors
///
/// `OutOfRange`.
pub fn to_four_decimals(numerator: i128, denominator: i128) -> Result<Price, NumberError> {
    let ten_thousandths = div_round(numerator, denominator * 100, Rounding::HalfUp)?.max(1);
    ten_thousandths.checked_mul(100).map(Price::from_micro).ok_or(NumberError::OutOfRange)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_median_of_an_even_number_is_halfway() {
        for (mut micros, expected) in [
            (vec![], None),
            (vec![3], Some(3)),
            (vec![5, 1], Some(3)),
            (vec![9, 1, 4], Some(4)),
            (vec![4, 1, 9, 6], Some(5)),
        ] {
            assert_eq!(median(&mut micros).unwrap(), expected.map(Price::from_micro));
        }
    }

    #[test]
    fn cost_is_55_to_65_percent_with_four_decimals() {
        let base_price = Price::parse("10").unwrap();
        for code in ["85123A", "22423", "84029E", "21730"] {
            let cost = cost(7, code, base_price).unwrap();
            assert!((5_500_000..=6_500_000).contains(&cost.micro()), "{code} {cost}");
            assert_eq!(cost.micro() % 100, 0);
        }
        assert_eq!(cost(7, "X", Price::from_micro(1)).unwrap(), Price::from_micro(100));
        assert_eq!(cost(7, "X", Price::ZERO).unwrap(), Price::ZERO);
    }
}
