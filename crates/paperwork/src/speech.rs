//! The languages that papers and mails are written in, with their words, numbers and days.

use base::{Day, Money, Price, Quantity};
use std::fmt::Display;

/// A language.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Speech {
    English,
    German,
}

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

impl Speech {
    /// That of a partner; without one, that of the company's country.
    pub(crate) fn of(language: &str, country: &str) -> Speech {
        let german = match language.split(['-', '_']).next().unwrap_or_default() {
            "" => ["DE", "AT", "CH", "LI"].contains(&country),
            own => own.eq_ignore_ascii_case("de"),
        };
        if german { Speech::German } else { Speech::English }
    }

    /// Its code.
    pub(crate) fn code(self) -> &'static str {
        self.word("en", "de")
    }

    /// One of two wordings.
    pub(crate) fn word(self, english: &'static str, german: &'static str) -> &'static str {
        match self {
            Speech::English => english,
            Speech::German => german,
        }
    }

    /// A day.
    pub(crate) fn day(self, day: Day) -> String {
        let (year, month, number) = (day.year(), day.month(), day.day_of_month());
        match self {
            Speech::English => {
                let name = usize::try_from(month - 1).ok().and_then(|at| MONTHS.get(at));
                format!("{number} {} {year}", name.copied().unwrap_or_default())
            }
            Speech::German => format!("{number:02}.{month:02}.{year}"),
        }
    }

    /// A decimal number, with at least so many decimals.
    fn number(self, text: &str, decimals: usize) -> String {
        let (sign, text) = text.strip_prefix('-').map_or(("", text), |rest| ("\u{2212}", rest));
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let (group, point) = match self {
            Speech::English => (',', '.'),
            Speech::German => ('.', ','),
        };
        let mut told = sign.to_owned();
        for (at, digit) in whole.chars().enumerate() {
            if at > 0 && (whole.len() - at).is_multiple_of(3) {
                told.push(group);
            }
            told.push(digit);
        }
        let fraction = format!("{fraction:0<decimals$}");
        if !fraction.is_empty() {
            told.push(point);
            told.push_str(&fraction);
        }
        told
    }

    /// A quantity.
    pub(crate) fn quantity(self, quantity: Quantity) -> String {
        self.number(&quantity.to_string(), 0)
    }

    /// A price, without its currency.
    pub(crate) fn price(self, price: Price) -> String {
        self.number(&price.to_string(), 2)
    }

    /// An amount, without its currency.
    pub(crate) fn amount(self, amount: Money) -> String {
        self.number(&amount.amount_text(), 0)
    }

    /// Which page of how many.
    pub(crate) fn page(self, number: impl Display, all: impl Display) -> String {
        match self {
            Speech::English => format!("Page {number} of {all}"),
            Speech::German => format!("Seite {number} von {all}"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Currency;

    #[test]
    fn each_language_writes_numbers_and_days_its_way() {
        let (english, german) = (Speech::English, Speech::German);
        let amount = Money::new(-123_456_789, Currency::parse("EUR").unwrap());
        assert_eq!(english.amount(amount), "\u{2212}1,234,567.89");
        assert_eq!(german.amount(amount), "\u{2212}1.234.567,89");
        let day = Day::parse("2026-03-05").unwrap();
        assert_eq!((english.day(day), german.day(day)), ("5 Mar 2026".into(), "05.03.2026".into()));
        let price = Price::parse("12.5").unwrap();
        assert_eq!((english.price(price), german.price(price)), ("12.50".into(), "12,50".into()));
        let exact = Price::parse("0.123456").unwrap();
        assert_eq!(german.price(exact), "0,123456");
        assert_eq!(english.quantity(Quantity::units(1200)), "1,200");
        assert_eq!(german.page(2, 3), "Seite 2 von 3");
    }

    #[test]
    fn a_partner_is_written_to_in_its_language_or_the_companys() {
        #[track_caller]
        fn check(language: &str, country: &str, expected: Speech) {
            assert_eq!(Speech::of(language, country), expected, "{language} {country}");
        }
        check("de", "GB", Speech::German);
        check("de-AT", "GB", Speech::German);
        check("en", "DE", Speech::English);
        check("fr", "DE", Speech::English);
        check("", "DE", Speech::German);
        check("", "GB", Speech::English);
    }
}
