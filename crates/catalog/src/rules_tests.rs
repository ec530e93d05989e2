use base::{Id, ItemId, Price, UnitId};
use proptest::prelude::*;

use super::*;

fn unit(id: i64, code: &str, whole: bool, family: i64, ratio: (i64, i64)) -> Unit {
    Unit {
        id: UnitId::from_raw(id),
        code: code.to_owned(),
        name: code.to_owned(),
        whole,
        family: UnitId::from_raw(family),
        ratio: Ratio::new(ratio.0, ratio.1).unwrap(),
    }
}

fn units() -> Vec<Unit> {
    vec![
        unit(1, "pcs", true, 1, (1, 1)),
        unit(2, "dozen", true, 1, (12, 1)),
        unit(3, "kg", false, 3, (1, 1)),
        unit(4, "g", false, 3, (1, 1000)),
        unit(5, "lb", false, 3, (45_359_237, 100_000_000)),
        unit(6, "case", true, 6, (1, 1)),
        unit(7, "pallet", true, 6, (40, 1)),
        unit(8, "mg", false, 3, (1, 1_000_000)),
        unit(9, "third", false, 3, (1, 3)),
    ]
}

fn world() -> World {
    let food = Category {
        id: CategoryId::from_raw(1),
        code: "food".to_owned(),
        name: "Food".to_owned(),
        parent_id: None,
        revision: 1,
    };
    World::new(units(), vec![food])
}

fn named(code: &str) -> Unit {
    units().into_iter().find(|unit| unit.code == code).unwrap()
}

fn item(stock: &str, purchase: &str, ratio: (i64, i64)) -> Item {
    Item {
        id: ItemId::from_raw(1),
        sku: "A".to_owned(),
        name: "A".to_owned(),
        kind: ItemKind::Goods,
        category_id: None,
        category: String::new(),
        stock_unit: named(stock),
        purchase_unit: named(purchase),
        purchase_ratio: Ratio::new(ratio.0, ratio.1).unwrap(),
        list_price: Price::ZERO,
        weight_grams: Quantity::ZERO,
        volume_litres: Quantity::ZERO,
        tracking: Tracking::None,
        expiry_days: 0,
        best_before_days: 0,
        removal_days_before: 0,
        alert_days_before: 0,
        tax_code: String::new(),
        active: true,
        revision: 1,
    }
}

#[test]
fn a_quantity_comes_to_the_stock_unit_exactly_or_is_refused_with_the_numbers() {
    #[track_caller]
    fn check(item: &Item, quantity: &str, unit: &str, expected: Result<&str, &str>) {
        let found = to_stock_unit(item, Quantity::parse(quantity).unwrap(), &named(unit));
        let told = found.map(|found| found.to_string()).map_err(|error| error.to_string());
        assert_eq!(told.as_deref().map_err(String::as_str), expected);
    }
    let cased = item("pcs", "case", (12, 1));
    check(&cased, "3", "pcs", Ok("3"));
    check(&cased, "2", "dozen", Ok("24"));
    check(&cased, "2", "case", Ok("24"));
    check(&cased, "2", "pallet", Ok("960"));
    check(&cased, "-2", "case", Ok("-24"));
    check(
        &cased,
        "0.5",
        "case",
        Err("A: 0.5 case is not possible, as case comes in whole numbers"),
    );
    let apart = "A is kept in pcs and bought in case; kg converts into neither";
    check(&cased, "1", "kg", Err(apart));

    let sugar = item("kg", "g", (1, 1000));
    check(&sugar, "1250", "g", Ok("1.25"));
    check(
        &sugar,
        "1",
        "lb",
        Err("A: 1 lb is not an exact quantity of kg (one lb is 45359237/100000000 kg)"),
    );
    check(&sugar, "100", "lb", Ok("45.359237"));
    check(&sugar, "1", "mg", Ok("0.000001"));
    check(
        &sugar,
        "0.5",
        "mg",
        Err("A: 0.5 mg is not an exact quantity of kg (one mg is 1/1000000 kg)"),
    );
    check(
        &sugar,
        "1",
        "third",
        Err("A: 1 third is not an exact quantity of kg (one third is 1/3 kg)"),
    );
    check(&sugar, "3", "third", Ok("1"));

    let rope = item("case", "pcs", (1, 12));
    check(&rope, "24", "pcs", Ok("2"));
    check(&rope, "6", "pcs", Err("A: 0.5 case is not possible, as case comes in whole numbers"));
    check(&rope, "9000000000000", "dozen", Ok("9000000000000"));
    check(
        &rope,
        "9000000000000",
        "pallet",
        Err("A: 9000000000000 pallet is more than can be counted"),
    );
}

#[test]
fn an_item_is_sound_or_told_why_not() {
    #[track_caller]
    fn check(change: impl Fn(&mut NewItem), expected: Result<Option<(i64, i64)>, &str>) {
        let mut fields = NewItem::new("A-1", "Apple");
        change(&mut fields);
        let found = draft(&fields, true, &world())
            .map(|found| found.own_ratio.map(|ratio| (ratio.numerator(), ratio.denominator())))
            .map_err(|error| error.problem().code);
        assert_eq!(found, expected, "{fields:?}");
    }
    let negative = Quantity::ONE.negate();
    check(|_| {}, Ok(None));
    check(|f| f.sku = String::new(), Err("text_empty"));
    check(|f| f.sku = "x".repeat(65), Err("text_too_long"));
    check(|f| f.sku = "a\0b".to_owned(), Err("text_forbidden"));
    check(|f| f.name = String::new(), Err("text_empty"));
    check(|f| f.name = "x".repeat(1_000_000), Err("text_too_long"));
    check(|f| f.tax_code = "a\nb".to_owned(), Err("text_forbidden"));
    check(|f| f.category = "food".to_owned(), Ok(None));
    check(|f| f.category = "drink".to_owned(), Err("category_unknown"));
    check(|f| f.stock_unit = "bag".to_owned(), Err("unit_unknown"));
    check(|f| f.purchase_unit = "bag".to_owned(), Err("unit_unknown"));
    check(|f| f.purchase_unit = "case".to_owned(), Err("ratio_needed"));
    for (ratio, expected) in [
        ("12", Ok(Some((12, 1)))),
        ("0.5", Ok(Some((1, 2)))),
        ("24/9", Ok(Some((8, 3)))),
        ("0", Err("ratio_invalid")),
        ("-12", Err("ratio_invalid")),
        ("12/0", Err("ratio_invalid")),
        ("-1/-2", Err("ratio_invalid")),
        ("1/2/3", Err("ratio_invalid")),
        ("many", Err("ratio_invalid")),
        ("99999999999999999999", Err("ratio_invalid")),
    ] {
        check(
            |f| (f.purchase_unit, f.purchase_ratio) = ("case".to_owned(), ratio.to_owned()),
            expected,
        );
    }
    check(|f| f.purchase_unit = "dozen".to_owned(), Ok(None));
    check(
        |f| (f.purchase_unit, f.purchase_ratio) = ("dozen".to_owned(), "12".to_owned()),
        Ok(None),
    );
    check(
        |f| (f.purchase_unit, f.purchase_ratio) = ("dozen".to_owned(), "13".to_owned()),
        Err("ratio_fixed"),
    );
    check(|f| f.list_price = Price::from_micro(-1), Err("negative"));
    check(|f| f.weight_grams = negative, Err("negative"));
    check(|f| f.volume_litres = negative, Err("negative"));
    check(|f| f.expiry_days = -1, Err("expiry_out_of_range"));
    check(|f| f.expiry_days = 30, Err("expiry_needs_tracking"));
    check(|f| (f.expiry_days, f.tracking) = (30, Tracking::Lot), Ok(None));
    check(
        |f| (f.expiry_days, f.removal_days_before, f.tracking) = (30, 31, Tracking::Lot),
        Err("days_before_out_of_range"),
    );
    check(|f| f.alert_days_before = -1, Err("days_before_out_of_range"));
    check(|f| f.best_before_days = 5, Err("expiry_needs_tracking"));
    check(|f| (f.removal_days_before, f.tracking) = (40, Tracking::Lot), Ok(None));
    check(|f| (f.kind, f.alert_days_before) = (ItemKind::Kit, 1), Err("never_on_a_shelf"));
    check(|f| (f.kind, f.tracking) = (ItemKind::Kit, Tracking::Lot), Err("never_on_a_shelf"));
    check(|f| (f.kind, f.expiry_days) = (ItemKind::Service, 3), Err("never_on_a_shelf"));
    check(|f| f.tracking = Tracking::Serial, Ok(None));
    check(
        |f| (f.stock_unit, f.tracking) = ("kg".to_owned(), Tracking::Serial),
        Err("serial_needs_whole_unit"),
    );
}

#[test]
fn a_barcode_of_a_gtins_length_needs_its_check_digit() {
    #[track_caller]
    fn check(code: &str, expected: Result<BarcodeKind, (u8, u8)>) {
        let found = barcode_kind(code).map_err(|wrong| (wrong.expected, wrong.found));
        assert_eq!(found, expected, "{code}");
    }
    check("96385074", Ok(BarcodeKind::Gtin8));
    check("036000291452", Ok(BarcodeKind::Gtin12));
    check("4006381333931", Ok(BarcodeKind::Gtin13));
    check("5901234123457", Ok(BarcodeKind::Gtin13));
    check("10614141000415", Ok(BarcodeKind::Gtin14));
    check("0000000000000", Ok(BarcodeKind::Gtin13));
    check("4006381333930", Err((1, 0)));
    check("96385075", Err((4, 5)));
    check("123456", Ok(BarcodeKind::Internal));
    check("ABCDEFGH", Ok(BarcodeKind::Internal));
    check("4006381333é1", Ok(BarcodeKind::Internal));
}

#[test]
fn scanners_may_leave_out_leading_zeros() {
    assert_eq!(scan_key("036000291452"), scan_key("0036000291452"));
    assert_eq!(scan_key("96385074"), "00000096385074");
    assert_eq!(scan_key("A-1"), "A-1");
    assert_eq!(scan_key("123"), "123");
}

#[test]
fn a_category_is_never_below_itself() {
    let id = CategoryId::from_raw;
    let category = |raw: i64, parent: Option<i64>| Category {
        id: id(raw),
        code: raw.to_string(),
        name: raw.to_string(),
        parent_id: parent.map(id),
        revision: 1,
    };
    let all = [category(1, None), category(2, Some(1)), category(3, Some(2))];
    assert!(would_loop(&all, id(1), id(3)));
    assert!(would_loop(&all, id(1), id(1)));
    assert!(!would_loop(&all, id(3), id(1)));
    let circle = [category(1, Some(2)), category(2, Some(1)), category(3, None)];
    assert!(would_loop(&circle, id(3), id(1)));
}

proptest! {
    #[test]
    fn cases_convert_there_and_back(per_case in 1_i64..10_000, cases in -1_000_000_i64..1_000_000) {
        let item = item("pcs", "case", (per_case, 1));
        let pieces = to_stock_unit(&item, Quantity::units(cases), &named("case")).unwrap();
        prop_assert_eq!(pieces, Quantity::units(cases * per_case));
        prop_assert_eq!(item.purchase_ratio.invert().convert_exact(pieces), Ok(Quantity::units(cases)));
    }

    #[test]
    fn one_wrong_digit_is_always_found(digits in "[0-9]{12}", at in 0_usize..13, by in 1_u8..10) {
        let with_check = (0..10).map(|d| format!("{digits}{d}")).find(|c| barcode_kind(c).is_ok()).unwrap();
        let mut bytes = with_check.into_bytes();
        bytes[at] = (bytes[at] - b'0' + by) % 10 + b'0';
        prop_assert!(barcode_kind(std::str::from_utf8(&bytes).unwrap()).is_err());
    }
}
