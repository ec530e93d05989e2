//! Which VAT a sale bears. Prices of the file are net of it.

use std::fmt;

use base::{Day, Rate};

/// The code of UK VAT at the standard rate; its rate depends on the day.
pub const UK_STANDARD: &str = "UK-STANDARD";
/// The code of goods to a business in another EU country: zero, the customer accounts for the tax.
pub const EU_REVERSE_CHARGE: &str = "EU-REVERSE-CHARGE";
/// The code of goods that leave the EU: zero.
pub const EXPORT_ZERO: &str = "EXPORT-ZERO";

/// UK VAT at the standard rate: first day as year, month and day, and the rate in billionths.
pub const UK_STANDARD_RATES: [((i16, i8, i8), Rate); 2] =
    [((2010, 1, 1), Rate::from_nano(175_000_000)), ((2011, 1, 4), Rate::from_nano(200_000_000))];

/// The other countries of the EU in 2010 and 2011, in the file's spelling. All are here, also those
/// that the file does not name.
const EU: [&str; 26] = [
    "Austria",
    "Belgium",
    "Bulgaria",
    "Cyprus",
    "Czech Republic",
    "Denmark",
    "EIRE",
    "Estonia",
    "Finland",
    "France",
    "Germany",
    "Greece",
    "Hungary",
    "Italy",
    "Latvia",
    "Lithuania",
    "Luxembourg",
    "Malta",
    "Netherlands",
    "Poland",
    "Portugal",
    "Romania",
    "Slovakia",
    "Slovenia",
    "Spain",
    "Sweden",
];

/// Why a sale bears its tax.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum TaxReason {
    /// The goods stay in the United Kingdom.
    UnitedKingdom,
    /// To a customer in the EU without a number, so not known to be a business.
    EuConsumer,
    /// The country is not known well enough to leave the tax off.
    CountryNotNamed,
    /// To a business in another EU country.
    EuBusiness,
    /// To the Channel Islands or any other country outside the EU's VAT area.
    Export,
}

/// The sentence that a screen shows.
impl fmt::Display for TaxReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            TaxReason::UnitedKingdom => "sold in the United Kingdom: UK VAT",
            TaxReason::EuConsumer => "sold to the EU without a customer number: UK VAT",
            TaxReason::CountryNotNamed => "no single country is named: UK VAT",
            TaxReason::EuBusiness => {
                "sold to a customer in the EU: zero, the customer accounts for the VAT"
            }
            TaxReason::Export => "sold outside the EU: zero, an export",
        })
    }
}

/// The tax of a sale and why.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SaleTax {
    /// The tax code.
    pub code: &'static str,
    /// The rate on the day of the sale. A refund takes the rate of its sale.
    pub rate: Rate,
    /// Why.
    pub reason: TaxReason,
}

/// The standard rate of UK VAT on a day.
#[must_use]
pub fn uk_standard_rate(day: Day) -> Rate {
    let day = (day.year(), day.month(), day.day_of_month());
    let [(_, first), later @ ..] = UK_STANDARD_RATES;
    later
        .iter()
        .filter(|(from, _)| *from <= day)
        .map(|(_, rate)| *rate)
        .next_back()
        .unwrap_or(first)
}

/// The tax of a sale by where the goods go, whether there is a customer's number, and the day.
#[must_use]
pub fn sale_tax(country: &str, has_customer: bool, day: Day) -> SaleTax {
    let reason = match country {
        "United Kingdom" => TaxReason::UnitedKingdom,
        "Unspecified" | "European Community" => TaxReason::CountryNotNamed,
        _ if EU.contains(&country) && has_customer => TaxReason::EuBusiness,
        _ if EU.contains(&country) => TaxReason::EuConsumer,
        _ => TaxReason::Export,
    };
    match reason {
        TaxReason::UnitedKingdom | TaxReason::EuConsumer | TaxReason::CountryNotNamed => {
            SaleTax { code: UK_STANDARD, rate: uk_standard_rate(day), reason }
        }
        TaxReason::EuBusiness => SaleTax { code: EU_REVERSE_CHARGE, rate: Rate::ZERO, reason },
        TaxReason::Export => SaleTax { code: EXPORT_ZERO, rate: Rate::ZERO, reason },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn country_customer_and_day_decide_the_tax() {
        for (country, customer, day, code, rate) in [
            ("United Kingdom", true, "2010-12-01", UK_STANDARD, "0.175"),
            ("United Kingdom", false, "2011-01-03", UK_STANDARD, "0.175"),
            ("United Kingdom", true, "2011-01-04", UK_STANDARD, "0.2"),
            ("Germany", true, "2010-12-01", EU_REVERSE_CHARGE, "0"),
            ("EIRE", true, "2011-06-01", EU_REVERSE_CHARGE, "0"),
            ("EIRE", false, "2011-06-01", UK_STANDARD, "0.2"),
            ("France", false, "2010-12-31", UK_STANDARD, "0.175"),
            ("Unspecified", true, "2011-06-01", UK_STANDARD, "0.2"),
            ("European Community", true, "2011-06-01", UK_STANDARD, "0.2"),
            ("Channel Islands", true, "2011-06-01", EXPORT_ZERO, "0"),
            ("Norway", true, "2011-06-01", EXPORT_ZERO, "0"),
            ("Switzerland", false, "2011-06-01", EXPORT_ZERO, "0"),
            ("Japan", false, "2010-12-01", EXPORT_ZERO, "0"),
        ] {
            let found = sale_tax(country, customer, Day::parse(day).unwrap());
            let expected = (code, Rate::parse(rate).unwrap());
            assert_eq!((found.code, found.rate), expected, "{country} {customer} {day}");
            assert!(!found.reason.to_string().is_empty());
        }
    }
}
