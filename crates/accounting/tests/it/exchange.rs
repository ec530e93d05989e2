use super::world::{day, story};
use accounting::{
    ExchangeRateFilter, ExchangeRateSort, ListError, RateError, SetRate, list_exchange_rates,
    rate_on, rates_on, set_rate,
};
use base::{Currency, Page, Rate, Rule};
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
    let rate = Rate::parse(rate).expect("a rate");
    let request = SetRate { currency, from: day(from), rate, source: "ECB".to_owned() };
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
        let rows = told(database, ctx, ExchangeRateFilter::default());
        assert_eq!(rows, ["USD 2026-02-01- 0.76", "USD 2026-01-01-2026-01-31 0.8"]);
    });
}

fn list(
    database: &Database,
    ctx: &Ctx,
    filter: ExchangeRateFilter,
) -> Result<Page<accounting::ExchangeRateRow>, ListError> {
    let ctx = ctx.clone();
    database.read(move |tx| list_exchange_rates(tx, &ctx, filter.clone()))
}

/// The lines of a list, in its order.
fn told(database: &Database, ctx: &Ctx, filter: ExchangeRateFilter) -> Vec<String> {
    let page = list(database, ctx, filter).expect("a page");
    let line = |row: &accounting::ExchangeRateRow| {
        assert_eq!((row.worth_in, row.source.as_str()), (Currency::GBP, "ECB"));
        let through = row.through.map(|day| day.to_string()).unwrap_or_default();
        format!("{} {}-{through} {}", row.currency, row.from, row.rate)
    };
    page.lines.iter().map(line).collect()
}

#[test]
fn exchange_rates_are_listed_by_day_or_currency_in_pages() {
    story(|database, ctx| {
        for (currency, from, rate) in [
            (Currency::USD, "2026-01-01", "0.8"),
            (Currency::USD, "2026-02-01", "0.75"),
            (Currency::EUR, "2026-01-15", "0.86"),
            (Currency::EUR, "2026-02-01", "0.85"),
        ] {
            set(database, ctx, currency, from, rate).expect("a rate");
        }
        let newest = [
            "EUR 2026-02-01- 0.85",
            "USD 2026-02-01- 0.75",
            "EUR 2026-01-15-2026-01-31 0.86",
            "USD 2026-01-01-2026-01-31 0.8",
        ];
        let by_currency = [newest[0], newest[2], newest[1], newest[3]];
        let of = ExchangeRateFilter::default;
        assert_eq!(told(database, ctx, of()), newest);
        let sort = ExchangeRateSort::Currency;
        assert_eq!(told(database, ctx, ExchangeRateFilter { sort, ..of() }), by_currency);
        for (sort, all) in [(ExchangeRateSort::Newest, newest), (sort, by_currency)] {
            let (mut cursor, mut seen) = (None, Vec::new());
            loop {
                let filter = ExchangeRateFilter { sort, cursor, limit: Some(1), ..of() };
                seen.extend(told(database, ctx, filter.clone()));
                cursor = list(database, ctx, filter).expect("a page").next_cursor;
                if cursor.is_none() {
                    break;
                }
            }
            assert_eq!(seen, all);
        }
        let only = |filter| told(database, ctx, filter);
        let dollars = ExchangeRateFilter { currency: Some("USD".to_owned()), ..of() };
        assert_eq!(only(dollars), [newest[1], newest[3]]);
        let on = |text| only(ExchangeRateFilter { on: Some(day(text)), ..of() });
        assert_eq!(on("2026-01-14"), [newest[3]]);
        assert_eq!(on("2026-01-31"), [newest[2], newest[3]]);
        assert_eq!(on("2025-12-31"), Vec::<String>::new());
        let begun = ExchangeRateFilter {
            from: Some(day("2026-01-02")),
            through: Some(day("2026-01-31")),
            ..of()
        };
        assert_eq!(only(begun), [newest[2]]);
        let foreign = ExchangeRateFilter { cursor: Some("x".to_owned()), ..of() };
        assert!(matches!(list(database, ctx, foreign), Err(ListError::Cursor(_))));
        let clerk = identity::testing::holding(ctx, ctx.user_id, &["sales.*"], None);
        assert!(matches!(list(database, &clerk, of()), Err(ListError::Denied(_))));
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
        let ctx = ctx.clone();
        let long = SetRate {
            currency: Currency::USD,
            from: day("2026-01-01"),
            rate: Rate::ONE,
            source: "x".repeat(201),
        };
        let long = database.write(move |tx| set_rate(tx, &ctx, long.clone()));
        assert_eq!(long.expect_err("a refusal").problem().code, "text_too_long");
    });
}
