use super::world::{day, story};
use accounting::{RateError, SetRate, exchange_rates, rate_on, rates_on, set_rate};
use base::{Currency, Rate};
use identity::Ctx;
use store::Database;

fn set(
    database: &Database,
    ctx: &Ctx,
    currency: Currency,
    from: &str,
    rate: &str,
) -> Result<(), RateError> {
    let ctx = ctx.clone();
    let request = SetRate { currency, from: day(from), rate: Rate::parse(rate).expect("a rate") };
    database.write(move |tx| set_rate(tx, &ctx, request.clone()))
}

#[test]
fn a_rate_holds_from_its_day_until_the_next() {
    story(|database, ctx| {
        set(database, ctx, Currency::USD, "2026-01-01", "0.8").expect("January");
        set(database, ctx, Currency::USD, "2026-02-01", "0.75").expect("February");
        set(database, ctx, Currency::USD, "2026-02-01", "0.76").expect("February, corrected");
        let on = |text: &str| {
            let (ctx, day) = (ctx.clone(), day(text));
            database.read(move |tx| rate_on(tx, &ctx, Currency::USD, day))
        };
        let rate = |text| Ok(Rate::parse(text).expect("a rate"));
        assert_eq!((on("2026-01-31"), on("2026-03-09")), (rate("0.8"), rate("0.76")));
        let missing = RateError::NotFound { currency: Currency::USD, day: day("2025-12-31") };
        assert!(missing.to_string().contains("set_rate"), "{missing}");
        assert_eq!(on("2025-12-31"), Err(missing));
        let reader = ctx.clone();
        let rows = database.read(move |tx| exchange_rates(tx, &reader)).expect("the rates");
        assert_eq!(rows.len(), 2);
    });
}

#[test]
fn rates_come_in_one_read_and_the_own_currency_counts_one() {
    story(|database, ctx| {
        set(database, ctx, Currency::USD, "2026-01-01", "0.8").expect("dollars");
        set(database, ctx, Currency::EUR, "2026-01-01", "0.86").expect("euros");
        let reader = ctx.clone();
        let (rates, statements) = database
            .read(move |tx| {
                let all = [Currency::GBP, Currency::USD, Currency::EUR, Currency::USD];
                let rates = rates_on(tx, &reader, &all, day("2026-01-02"))?;
                Ok::<_, RateError>((rates, tx.statements()))
            })
            .expect("the rates");
        assert_eq!((rates.len(), rates[&Currency::GBP], statements), (3, Rate::ONE, 1));
    });
}

#[test]
fn what_cannot_be_a_rate_is_refused() {
    story(|database, ctx| {
        let own = set(database, ctx, Currency::GBP, "2026-01-01", "1");
        assert_eq!(own, Err(RateError::OwnCurrency { currency: Currency::GBP }));
        let none = set(database, ctx, Currency::USD, "2026-01-01", "0");
        let expected = RateError::NotPositive { currency: Currency::USD, rate: Rate::ZERO };
        assert_eq!(none, Err(expected));
    });
}
