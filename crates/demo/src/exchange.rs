//! Exchange rates of the demo. **Illustrative**: one made-up rate a month, near what the time was
//! like, from no source, and to be shown as such.

use base::{Currency, Day, Rate};

/// The rates of a month.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MonthlyRate {
    /// The year.
    pub year: i16,
    /// The month, 1 to 12.
    pub month: i8,
    /// GBP for one USD.
    pub usd: Rate,
    /// GBP for one EUR.
    pub eur: Rate,
}

const fn month(
    year: i16,
    month: i8,
    usd_ten_thousandths: i64,
    eur_ten_thousandths: i64,
) -> MonthlyRate {
    let usd = Rate::from_nano(usd_ten_thousandths * 100_000);
    let eur = Rate::from_nano(eur_ten_thousandths * 100_000);
    MonthlyRate { year, month, usd, eur }
}

/// The months of the demo. Illustrative.
pub const MONTHLY_RATES: [MonthlyRate; 15] = [
    month(2010, 12, 6410, 8480),
    month(2011, 1, 6340, 8470),
    month(2011, 2, 6200, 8460),
    month(2011, 3, 6190, 8670),
    month(2011, 4, 6110, 8820),
    month(2011, 5, 6120, 8780),
    month(2011, 6, 6160, 8870),
    month(2011, 7, 6200, 8850),
    month(2011, 8, 6110, 8760),
    month(2011, 9, 6330, 8720),
    month(2011, 10, 6350, 8700),
    month(2011, 11, 6330, 8580),
    month(2011, 12, 6410, 8440),
    month(2012, 1, 6450, 8320),
    month(2012, 2, 6330, 8370),
];

/// GBP for one unit of a currency on a day; the first or last month's rate outside the table.
/// None for a currency that the demo does not buy in.
#[must_use]
pub fn rate_on(currency: Currency, day: Day) -> Option<Rate> {
    let [first, later @ ..] = MONTHLY_RATES;
    let month = later
        .into_iter()
        .rfind(|rate| (rate.year, rate.month) <= (day.year(), day.month()))
        .unwrap_or(first);
    if currency == Currency::GBP {
        Some(Rate::ONE)
    } else if currency == Currency::USD {
        Some(month.usd)
    } else if currency == Currency::EUR {
        Some(month.eur)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_months_follow_each_other() {
        for pair in MONTHLY_RATES.windows(2) {
            let next = if pair[0].month == 12 {
                (pair[0].year + 1, 1)
            } else {
                (pair[0].year, pair[0].month + 1)
            };
            assert_eq!((pair[1].year, pair[1].month), next);
        }
    }

    #[test]
    fn a_day_takes_the_rate_of_its_month() {
        let on = |currency, day| rate_on(currency, Day::parse(day).unwrap());
        assert_eq!(on(Currency::USD, "2010-12-31"), Some(Rate::parse("0.641").unwrap()));
        assert_eq!(on(Currency::EUR, "2011-01-01"), Some(Rate::parse("0.847").unwrap()));
        assert_eq!(on(Currency::USD, "2010-01-01"), Some(Rate::parse("0.641").unwrap()));
        assert_eq!(on(Currency::EUR, "2015-01-01"), Some(Rate::parse("0.837").unwrap()));
        assert_eq!(on(Currency::GBP, "2011-06-01"), Some(Rate::ONE));
        assert_eq!(on(Currency::parse("JPY").unwrap(), "2011-06-01"), None);
    }
}
