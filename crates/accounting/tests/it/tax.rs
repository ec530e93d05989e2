use super::world::{balances, day, of_lines, post_one, story};
use accounting::{
    DefineTaxCode, Line, ListError, OpenKey, RateFrom, Role, SetTaxRate, TaxCodeFilter,
    TaxCodeSort, TaxError, TaxKind, TaxRateFilter, TaxRateSort, define_tax_code, find_tax_codes,
    find_tax_codes_by_code, list_tax_codes, list_tax_rates, rules, set_tax_rate, tax_codes_on,
    tax_report,
};
use base::{Id, Rate, Rounding, TaxCodeId};
use identity::Ctx;
use store::Database;

fn rate(text: &str) -> Rate {
    Rate::parse(text).expect("a rate")
}

fn code(name: &str, kind: TaxKind, rates: &[(&str, &str)]) -> DefineTaxCode {
    DefineTaxCode {
        code: name.to_owned(),
        name: format!("VAT {name}"),
        kind,
        recoverable: Rate::ONE,
        rates: rates.iter().map(|(on, r)| RateFrom { from: day(on), rate: rate(r) }).collect(),
    }
}

fn define(database: &Database, ctx: &Ctx, request: DefineTaxCode) -> Result<TaxCodeId, TaxError> {
    let ctx = ctx.clone();
    database
        .write(move |tx| define_tax_code(tx, &ctx, request.clone()).map(|made| made.tax_code_id))
}

fn standard(database: &Database, ctx: &Ctx) -> TaxCodeId {
    let rates = [("2000-01-01", "0.175"), ("2011-01-04", "0.2")];
    define(database, ctx, code("S", TaxKind::Standard, &rates)).expect("a code")
}

#[test]
fn a_code_has_the_rate_of_the_day() {
    story(|database, ctx| {
        let id = standard(database, ctx);
        define(database, ctx, code("Z", TaxKind::Zero, &[("2020-01-01", "0")])).expect("zero");
        let company_id = ctx.company_id;
        let on = |text: &str| {
            let day = day(text);
            database
                .read(move |tx| find_tax_codes(tx, company_id, &[id, id], day))
                .map(|found| found[&id].rate)
        };
        assert_eq!((on("2011-01-03"), on("2011-01-04")), (Ok(rate("0.175")), Ok(rate("0.2"))));
        assert!(matches!(on("1999-12-31"), Err(TaxError::NotFound { .. })));
        let codes = |text: &str| {
            let day = day(text);
            let found = database.read(move |tx| tax_codes_on(tx, company_id, day)).expect("codes");
            found.into_iter().map(|found| found.code).collect::<Vec<_>>()
        };
        assert_eq!(codes("2011-01-04"), ["S"]);
        assert_eq!(codes("2026-01-01"), ["S", "Z"]);
        let by_code = database
            .read(move |tx| find_tax_codes_by_code(tx, company_id, &["Z", "S"], day("2026-01-01")))
            .expect("both");
        assert_eq!(by_code["Z"].kind, TaxKind::Zero);
        let missing = TaxCodeId::from_raw(1);
        let refused = database
            .read(move |tx| find_tax_codes(tx, company_id, &[id, missing], day("2026-01-01")));
        assert!(matches!(refused, Err(TaxError::NotFound { .. })), "{refused:?}");
    });
}

#[test]
fn a_rate_changes_from_a_day_on_and_never_backwards() {
    story(|database, ctx| {
        standard(database, ctx);
        let change = |name: &str, from: &str, to: &str| {
            let ctx = ctx.clone();
            let request = SetTaxRate { code: name.to_owned(), from: day(from), rate: rate(to) };
            database.write(move |tx| set_tax_rate(tx, &ctx, request.clone()))
        };
        change("S", "2026-04-01", "0.19").expect("a new rate");
        let twice = TaxError::RateTwice { code: "S".to_owned(), from: day("2026-04-01") };
        assert_eq!(change("S", "2026-04-01", "0.18"), Err(twice));
        assert!(matches!(change("Q", "2026-04-01", "0.18"), Err(TaxError::NotFound { .. })));
        assert!(matches!(change("S", "2026-05-01", "1.5"), Err(TaxError::RateOutOfRange { .. })));
    });
}

#[test]
fn what_cannot_be_a_tax_code_is_refused() {
    story(|database, ctx| {
        standard(database, ctx);
        let refused = |request| define(database, ctx, request).expect_err("a refusal");
        let taken = refused(code("S", TaxKind::Standard, &[("2026-01-01", "0.2")]));
        assert_eq!(taken, TaxError::CodeTaken { code: "S".to_owned() });
        let none = refused(code("N", TaxKind::Standard, &[]));
        assert_eq!(none, TaxError::NoRate { code: "N".to_owned() });
        let zero = refused(code("N", TaxKind::Exempt, &[("2026-01-01", "0.2")]));
        assert!(matches!(zero, TaxError::RateOutOfRange { .. }));
        let twice = [("2026-01-01", "0.2"), ("2026-01-01", "0.1")];
        let twice = refused(code("N", TaxKind::Standard, &twice));
        assert!(matches!(twice, TaxError::RateTwice { .. }));
        let mut share = code("N", TaxKind::Standard, &[("2026-01-01", "0.2")]);
        share.recoverable = rate("1.1");
        assert!(matches!(refused(share), TaxError::ShareOutOfRange { .. }));
    });
}

/// Codes that are told apart by kind, name and days: S and R since long ago, Z from tomorrow on.
fn three_codes(database: &Database, ctx: &Ctx) {
    standard(database, ctx);
    let mut reduced = code("R", TaxKind::Reduced, &[("2000-01-01", "0.05")]);
    reduced.name = "Youth and books".to_owned();
    define(database, ctx, reduced).expect("a reduced code");
    define(database, ctx, code("Z", TaxKind::Zero, &[("2026-03-21", "0")])).expect("zero");
}

#[test]
fn tax_codes_are_listed_with_their_rate_on_a_day_and_the_next() {
    story(|database, ctx| {
        three_codes(database, ctx);
        let list = |filter: TaxCodeFilter| {
            let ctx = ctx.clone();
            database.read(move |tx| list_tax_codes(tx, &ctx, filter.clone()))
        };
        let told = |filter: TaxCodeFilter| {
            let line = |row: &accounting::TaxCodeRow| {
                let text = |rate: Option<Rate>| rate.map(|rate| rate.to_string());
                (row.code.clone(), text(row.rate), text(row.next_rate))
            };
            list(filter).expect("codes").lines.iter().map(line).collect::<Vec<_>>()
        };
        let codes = |filter| told(filter).into_iter().map(|(code, ..)| code).collect::<Vec<_>>();
        let line = |code: &str, rate: Option<&str>, next: Option<&str>| {
            (code.to_owned(), rate.map(str::to_owned), next.map(str::to_owned))
        };
        let of = TaxCodeFilter::default;
        let today = [
            line("R", Some("0.05"), None),
            line("S", Some("0.2"), None),
            line("Z", None, Some("0")),
        ];
        assert_eq!(told(of()), today);
        let before = TaxCodeFilter { on: Some(day("2011-01-03")), ..of() };
        assert_eq!(told(before)[1], line("S", Some("0.175"), Some("0.2")));
        let row = list(TaxCodeFilter { code: Some("Z".to_owned()), ..of() }).expect("Z").lines;
        assert_eq!((row[0].from, row[0].next_from), (None, Some(day("2026-03-21"))));
        assert_eq!(codes(TaxCodeFilter { sort: TaxCodeSort::Name, ..of() }), ["S", "Z", "R"]);
        assert_eq!(codes(TaxCodeFilter { kind: Some(TaxKind::Standard), ..of() }), ["S"]);
        assert_eq!(codes(TaxCodeFilter { in_force: Some(true), ..of() }), ["R", "S"]);
        assert_eq!(codes(TaxCodeFilter { in_force: Some(false), ..of() }), ["Z"]);
        for (sort, last) in [(TaxCodeSort::Code, "Z"), (TaxCodeSort::Name, "R")] {
            let first = list(TaxCodeFilter { sort, limit: Some(2), ..of() }).expect("a page");
            assert_eq!(codes(TaxCodeFilter { sort, cursor: first.next_cursor, ..of() }), [last]);
        }
        let foreign = list(TaxCodeFilter { cursor: Some("00".to_owned()), ..of() });
        assert!(matches!(foreign, Err(ListError::Cursor(_))), "{foreign:?}");
        let clerk = identity::testing::holding(ctx, ctx.user_id, &["sales.*"], None);
        let denied = database.read(move |tx| list_tax_codes(tx, &clerk, of()));
        assert!(matches!(denied, Err(ListError::Denied(_))), "{denied:?}");
    });
}

#[test]
fn the_rates_of_tax_codes_are_listed_with_the_days_on_which_they_hold() {
    story(|database, ctx| {
        three_codes(database, ctx);
        let list = |filter: TaxRateFilter| {
            let ctx = ctx.clone();
            database.read(move |tx| list_tax_rates(tx, &ctx, filter.clone())).expect("rates")
        };
        let told = |filter: TaxRateFilter| {
            let line = |row: &accounting::TaxRateRow| {
                let through = row.through.map(|day| day.to_string()).unwrap_or_default();
                format!("{} {}-{through} {}", row.code, row.from, row.rate)
            };
            list(filter).lines.iter().map(line).collect::<Vec<_>>()
        };
        let [r, new, old, z] = [
            "R 2000-01-01- 0.05",
            "S 2011-01-04- 0.2",
            "S 2000-01-01-2011-01-03 0.175",
            "Z 2026-03-21- 0",
        ];
        let of = TaxRateFilter::default;
        let newest = TaxRateFilter { sort: TaxRateSort::Newest, ..of() };
        assert_eq!(told(of()), [r, new, old, z]);
        assert_eq!(told(newest.clone()), [z, new, r, old]);
        for (filter, all) in [(of(), [r, new, old, z]), (newest, [z, new, r, old])] {
            let first = list(TaxRateFilter { limit: Some(3), ..filter.clone() });
            assert_eq!(told(TaxRateFilter { cursor: first.next_cursor, ..filter }), all[3..]);
        }
        assert_eq!(told(TaxRateFilter { code: Some("S".to_owned()), ..of() }), [new, old]);
        assert_eq!(told(TaxRateFilter { kind: Some(TaxKind::Zero), ..of() }), [z]);
        let on = |text| told(TaxRateFilter { on: Some(day(text)), ..of() });
        assert_eq!(on("2011-01-03"), [r, old]);
        assert_eq!(on("2011-01-04"), [r, new]);
        let (from, through) = (Some(day("2011-01-01")), Some(day("2026-01-01")));
        assert_eq!(told(TaxRateFilter { from, through, ..of() }), [new]);
    });
}

#[test]
fn the_tax_report_equals_the_tax_accounts() {
    story(|database, ctx| {
        let full = standard(database, ctx);
        let zero =
            define(database, ctx, code("Z", TaxKind::Zero, &[("2000-01-01", "0")])).expect("zero");
        let invoice = OpenKey::new("invoice", 1);
        let tax = rules::tax_on_net(1000, rate("0.2"), Rounding::HalfUp).expect("tax");
        let sale = of_lines(vec![
            Line::debit(Role::Receivable, 1000 + tax + 500).open(invoice),
            Line::credit(Role::Revenue, 1500),
            Line::credit(Role::OutputTax, tax).tax(full, -1000),
            Line::credit(Role::OutputTax, 0).tax(zero, -500),
        ]);
        let refund = of_lines(vec![
            Line::debit(Role::SalesReturns, 100),
            Line::debit(Role::OutputTax, 20).tax(full, 100),
            Line::credit(Role::Receivable, 120).open(invoice),
        ]);
        let bill = of_lines(vec![
            Line::debit(Role::Expense, 400),
            Line::debit(Role::InputTax, 80).tax(full, 400),
            Line::credit(Role::Payable, 480).open(OpenKey::new("bill", 1)),
        ]);
        for entry in [sale, refund, bill] {
            post_one(database, ctx, entry).expect("an entry");
        }
        let reader = ctx.clone();
        let report =
            database.read(move |tx| tax_report(tx, &reader, day("2026-03-31"))).expect("a report");
        let rows: Vec<_> = report
            .rows
            .iter()
            .map(|row| (row.role, row.code.as_str(), row.base.minor, row.tax.minor))
            .collect();
        let expected = [
            (Role::InputTax, "S", 400, 80),
            (Role::OutputTax, "S", 900, 180),
            (Role::OutputTax, "Z", 500, 0),
        ];
        assert_eq!(rows, expected);
        assert_eq!(report.due.minor, 100);
        let held = balances(database, ctx);
        assert_eq!((held[&Role::InputTax], held[&Role::OutputTax]), (80, -180));
    });
}
