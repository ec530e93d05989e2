use super::world::{World, from, goods, whole, without_goods};
use base::{Price, Quantity, Rule};
use sales::{AcceptError, AcceptLine, AcceptOrder, LineKind, SCHEMA, WhenShort};
use stock::DemandError;
use store::testing::on_both_engines;

#[test]
fn an_order_is_priced_taxed_and_reserved() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 10, 1_000), (1, 10, 2_000)]);
        let lines = vec![
            goods(0, 3, "12.00"),
            goods(1, 1, "6.00"),
            without_goods(LineKind::Charge, "3.60"),
            without_goods(LineKind::Discount, "-1.20"),
        ];
        let order = world.accept(db, &from("WEB", "1001", lines)).unwrap();
        assert_eq!((order.gross.minor, order.tax.minor, order.net.minor), (4_440, 740, 3_700));
        assert!(!order.repeated);
        assert_eq!(whole(order.lines[0].reserved), 3);
        assert_eq!((world.available(db, 0), world.available(db, 1)), (7, 9));
        let detail = world.order(db, order.order_id);
        assert_eq!(detail.lines.len(), 4);
        assert_eq!(detail.lines[2].role, accounting::Role::ShippingIncome);
        assert_eq!((detail.head.country.as_str(), detail.head.channel.as_str()), ("", "WEB"));
        world.assert_sound(db);
    });
}

#[test]
fn the_same_external_reference_is_the_same_order() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 20, 2_000)]);
        let order = from("WEB", "1001", vec![goods(0, 3, "12.00")]);
        let first = world.accept(db, &order).unwrap();
        let again = world.accept(db, &order).unwrap();
        assert!(again.repeated);
        assert_eq!(again, sales::Accepted { repeated: true, ..first.clone() });
        let elsewhere = world.accept(db, &from("SHOP", "1001", vec![goods(0, 3, "12")])).unwrap();
        assert_ne!(elsewhere.order_id, first.order_id);
        let unnamed = AcceptOrder { external_ref: None, ..order };
        let one = world.accept(db, &unnamed).unwrap();
        assert_ne!(world.accept(db, &unnamed).unwrap().order_id, one.order_id);
        world.assert_sound(db);
    });
}

#[test]
fn a_channel_that_refuses_shortage_writes_nothing() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 3, 300)]);
        let lines = vec![goods(0, 2, "1"), goods(0, 2, "1")];
        let error = world.accept(db, &from("WEB", "1", lines.clone())).unwrap_err();
        assert_eq!(error.problem().code, "insufficient_stock");
        assert!(error.to_string().contains("P0000 (4 wanted, 3 available)"), "{error}");
        assert!(matches!(error, AcceptError::Demand(DemandError::InsufficientStock(_))));
        assert_eq!(world.available(db, 0), 3);
        let same = world.accept(db, &from("SHOP", "1", lines.clone())).unwrap();
        let kept: Vec<(i64, i64)> =
            same.lines.iter().map(|l| (whole(l.reserved), whole(l.back_order))).collect();
        assert_eq!(kept, [(2, 0), (1, 1)]);
        let by_order =
            AcceptOrder { when_short: Some(WhenShort::BackOrder), ..from("WEB", "1", lines) };
        assert_eq!(whole(world.accept(db, &by_order).unwrap().lines[0].back_order), 2);
        world.assert_sound(db);
    });
}

#[test]
fn a_kit_is_promised_with_all_its_components_or_not() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 5, 500), (1, 9, 900)]);
        let kit = |pieces: i64| AcceptLine {
            sku: Some("KIT".into()),
            quantity: Quantity::units(pieces),
            price: Some(Price::parse("30").unwrap()),
            ..AcceptLine::default()
        };
        let error = world.accept(db, &from("WEB", "1", vec![kit(3)])).unwrap_err();
        assert!(error.to_string().contains("P0000 (6 wanted, 5 available)"), "{error}");
        assert_eq!((world.available(db, 0), world.available(db, 1)), (5, 9));
        let order = world.accept(db, &from("WEB", "1", vec![kit(2)])).unwrap();
        assert_eq!(whole(order.lines[0].reserved), 2);
        assert_eq!((world.available(db, 0), world.available(db, 1)), (1, 7));
        let half = AcceptLine { quantity: Quantity::parse("0.5").unwrap(), ..kit(1) };
        let error = world.accept(db, &from("WEB", "2", vec![half])).unwrap_err();
        assert_eq!(error.problem().code, "quantity_not_whole");
        let short = world.accept(db, &from("SHOP", "2", vec![kit(3)])).unwrap();
        assert_eq!((whole(short.lines[0].reserved), whole(short.lines[0].back_order)), (0, 3));
        world.assert_sound(db);
    });
}

#[test]
fn what_is_wrong_with_an_order_is_told_with_its_line() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        let line = |change: fn(&mut AcceptLine)| {
            let mut line = goods(0, 1, "1");
            change(&mut line);
            from("SHOP", "1", vec![goods(1, 1, "1"), line])
        };
        let check = |order: AcceptOrder, code: &str, at: Option<u32>| {
            let problem = world.accept(db, &order).unwrap_err().problem();
            assert_eq!(problem.code, code, "{}", problem.detail);
            assert_eq!(problem.place.and_then(|place| place.line), at, "{code}");
        };
        check(from("SHOP", "1", Vec::new()), "no_lines", None);
        check(from("NOPE", "1", vec![goods(0, 1, "1")]), "unknown_channel", None);
        check(line(|l| l.sku = Some("NOPE".into())), "unknown_item", Some(2));
        check(line(|l| l.kind = Some(LineKind::Service)), "wrong_line_kind", Some(2));
        check(line(|l| l.quantity = Quantity::ZERO), "quantity_not_positive", Some(2));
        check(line(|l| l.quantity = Quantity::from_micro(1)), "quantity_not_whole", Some(2));
        check(line(|l| l.price = None), "no_price", Some(2));
        check(line(|l| l.price = Price::parse("-1").ok()), "price_not_allowed", Some(2));
        check(line(|l| l.kind = Some(LineKind::Free)), "price_not_allowed", Some(2));
        check(line(|l| l.role = Some(accounting::Role::Bank)), "role_not_allowed", Some(2));
        check(line(|l| l.tax_code = Some("NOPE".into())), "tax_code_not_found", Some(2));
        let nobody = AcceptOrder { partner: Some("NOPE".into()), ..line(|_| ()) };
        check(nobody, "unknown_partner", None);
        world.assert_sound(db);
    });
}
