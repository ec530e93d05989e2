use super::*;
use proptest::prelude::*;

fn day(text: &str) -> Day {
    Day::parse(text).unwrap()
}

fn rate(text: &str) -> Rate {
    Rate::parse(text).unwrap()
}

#[test]
fn the_first_open_day_is_the_day_itself_or_the_day_after_the_lock() {
    #[track_caller]
    fn check(on: &str, locked: Option<&str>, expected: &str) {
        assert_eq!(first_open_day(day(on), locked.map(day)), Ok(day(expected)));
    }
    check("2026-01-15", None, "2026-01-15");
    check("2026-01-15", Some("2026-01-14"), "2026-01-15");
    check("2026-01-15", Some("2026-01-15"), "2026-01-16");
    check("2026-01-15", Some("2026-01-31"), "2026-02-01");
    let end = first_open_day(day("9999-12-31"), Some(day("9999-12-31")));
    assert_eq!(end, Err(DayError::OutOfRange));
}

#[test]
fn tax_is_reckoned_on_net_and_within_gross() {
    #[track_caller]
    fn check(net: i64, at: &str, tax: i64) {
        let at = rate(at);
        assert_eq!(tax_on_net(net, at, Rounding::HalfUp), Ok(tax));
        assert_eq!(tax_in_gross(net + tax, at, Rounding::HalfUp), Ok(tax));
    }
    check(1000, "0.2", 200);
    check(999, "0.175", 175);
    check(-1000, "0.2", -200);
    check(1000, "0", 0);
    check(0, "0.2", 0);
    assert_eq!(tax_in_gross(1999, rate("0.2"), Rounding::HalfUp), Ok(333));
    assert_eq!(recoverable_tax(333, rate("0.5"), Rounding::HalfEven), Ok(166));
    assert_eq!(tax_on_net(i64::MAX, rate("2"), Rounding::Down), Err(NumberError::OutOfRange));
}

#[test]
fn a_document_rounds_its_tax_once() {
    // Three lines of 33 pence: 6.6 each by line is 7 + 7 + 7; the document owes 20.
    let by_line: i64 = (0..3).map(|_| tax_on_net(33, rate("0.2"), Rounding::HalfUp).unwrap()).sum();
    let parts = tax_on_net_document(&[33, 33, 33], rate("0.2"), Rounding::HalfUp).unwrap();
    assert_eq!((by_line, parts), (21, vec![7, 7, 6]));
    let mixed = tax_on_net_document(&[1003, -17, 0], rate("0.2"), Rounding::HalfUp).unwrap();
    assert_eq!(mixed.iter().sum::<i64>(), 197);
    let gross = tax_in_gross_document(&[120, 120, 7], rate("0.2"), Rounding::HalfUp).unwrap();
    assert_eq!(gross, [20, 20, 1]);
    assert_eq!(tax_on_net_document(&[], rate("0.2"), Rounding::HalfUp), Ok(vec![]));
}

#[test]
fn the_seal_of_a_trial_balance_depends_on_each_number() {
    let totals: Totals = [(base::AccountId::from_raw(1), (5, 0))].into();
    let other: Totals = [(base::AccountId::from_raw(1), (5, 1))].into();
    let seal = |area, on, totals| hex(&hash_totals(area, day(on), totals));
    let first = seal(Area::All, "2026-01-31", &totals);
    assert_eq!(first.len(), 64);
    assert_ne!(first, seal(Area::All, "2026-01-31", &other));
    assert_ne!(first, seal(Area::All, "2026-01-30", &totals));
    assert_ne!(first, seal(Area::Sales, "2026-01-31", &totals));
}

proptest! {
    #[test]
    fn the_parts_of_a_documents_tax_sum_to_it_and_stay_within_one(
        nets in prop::collection::vec(-1_000_000_i64..1_000_000, 1..20),
        nano in 0_i64..=1_000_000_000,
    ) {
        let at = Rate::from_nano(nano);
        let parts = tax_on_net_document(&nets, at, Rounding::HalfUp).unwrap();
        let whole = tax_on_net(nets.iter().sum(), at, Rounding::HalfUp).unwrap();
        prop_assert_eq!(parts.iter().sum::<i64>(), whole);
        for (part, net) in parts.iter().zip(&nets) {
            let exact = i128::from(*net) * i128::from(nano);
            let off = i128::from(*part) * 1_000_000_000 - exact;
            prop_assert!(off.abs() <= 1_000_000_000);
        }
    }
}
