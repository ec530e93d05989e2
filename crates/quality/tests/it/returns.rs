use super::world::{World, goods, nothing, of};
use accounting::Role;
use base::{Price, Quantity, Rule};
use quality::{AuthorizeLine, CloseReturn, ReturnError};
use store::testing::on_both_engines;

#[test]
fn what_left_comes_back_into_quarantine_at_the_cost_it_left_with() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 3, 1_000)]);
        let order = world.sell("WEB", vec![goods(0, 3, "12")]);
        // What is bought later at another price changes nothing of what comes back.
        world.receive(&[(0, 10, 9_000)]);
        let made = world.authorize(&of(order, &[(1, 2)])).unwrap();
        assert_eq!(world.there(0), (10, 10, 2));
        let arrived = world.arrive(made.return_id).unwrap();
        assert_eq!(arrived.value.minor, 667);
        assert_eq!(world.balance(Role::Quarantine), 667);
        assert_eq!(world.balance(Role::Cogs), 333);
        // It lies there, but nobody can have it.
        assert_eq!(world.there(0), (12, 10, 0));
        world.back(order, &[(1, 1)]);
        assert_eq!((world.balance(Role::Quarantine), world.balance(Role::Cogs)), (1_000, 0));
        world.assert_sound();
    });
}

#[test]
fn nothing_comes_back_twice_or_in_parts_of_a_piece() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 3, 900)]);
        let order = world.sell("WEB", vec![goods(0, 3, "12")]);
        world.authorize(&of(order, &[(1, 2)])).unwrap();
        let code = |request| world.authorize(&request).unwrap_err().problem().code;
        assert_eq!(code(of(order, &[(1, 2)])), "exceeds_shipped");
        assert_eq!(code(of(order, &[(2, 1)])), "unknown_line");
        assert_eq!(code(of(order, &[(1, 1), (1, 1)])), "line_twice");
        assert_eq!(code(of(order, &[(1, 0)])), "quantity_not_possible");
        let mut half = of(order, &[(1, 1)]);
        half.lines.as_mut().unwrap()[0].quantity = Some(Quantity::parse("0.5").unwrap());
        assert_eq!(code(half), "quantity_not_possible");
        world.assert_sound();
    });
}

#[test]
fn a_repeated_request_is_answered_alike() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 3, 900)]);
        let order = world.sell("WEB", vec![goods(0, 3, "12")]);
        let request = quality::AuthorizeReturn { client_ref: "R-1".into(), ..of(order, &[(1, 2)]) };
        let first = world.authorize(&request).unwrap();
        let second = world.authorize(&request).unwrap();
        assert_eq!(
            (first.return_id, false, true),
            (second.return_id, first.repeated, second.repeated)
        );
        let arrive = move |tx: &mut store::Tx<'_>, ctx: &identity::Ctx| {
            let request = quality::ReceiveReturn {
                client_ref: "A-1".into(),
                ..super::world::arriving(first.return_id)
            };
            quality::receive_return(tx, ctx, request)
        };
        let (first, second) = (world.run(arrive).unwrap(), world.run(arrive).unwrap());
        assert_eq!((first.value, second.repeated), (second.value, true));
        assert_eq!(world.there(0), (2, 0, 0));
        world.assert_sound();
    });
}

#[test]
fn what_will_not_come_may_be_authorized_anew() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 3, 900)]);
        let order = world.sell("WEB", vec![goods(0, 3, "12")]);
        let made = world.authorize(&of(order, &[(1, 3)])).unwrap();
        let close = move |tx: &mut store::Tx<'_>, ctx: &identity::Ctx| {
            let reason = "kept".to_owned();
            quality::close_return(tx, ctx, CloseReturn { return_id: made.return_id, reason })
        };
        assert_eq!(world.run(close).unwrap().lines, 1);
        assert_eq!(world.run(close).unwrap().lines, 0);
        assert_eq!(world.there(0), (0, 0, 0));
        assert!(matches!(world.arrive(made.return_id), Err(ReturnError::Empty)));
        world.authorize(&of(order, &[(1, 3)])).unwrap();
        world.assert_sound();
    });
}

#[test]
fn goods_come_back_within_the_window_unless_it_is_confirmed() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 3, 900)]);
        let order = world.sell("WEB", vec![goods(0, 3, "12")]);
        let mut later = world.on(db);
        later.ctx.today = world.ctx.today.plus(31).unwrap();
        let late = later.authorize(&of(order, &[(1, 1)])).unwrap_err();
        assert_eq!(late.problem().code, "return_too_late");
        let confirmed = quality::AuthorizeReturn { confirm_late: true, ..of(order, &[(1, 1)]) };
        later.authorize(&confirmed).unwrap();
        world.policy("return_window_days", "31");
        later.authorize(&of(order, &[(1, 1)])).unwrap();
        world.assert_sound();
    });
}

#[test]
fn a_kit_comes_back_as_its_parts() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 7, 700), (1, 4, 2_000)]);
        let kit = sales::AcceptLine { sku: Some("KIT".into()), ..goods(0, 3, "30") };
        let order = world.sell("WEB", vec![kit]);
        let first = world.back(order, &[(1, 1)]);
        assert_eq!((world.there(0).0, world.there(1).0), (1 + 2, 1 + 1));
        world.back(order, &[(1, 2)]);
        assert_eq!(world.balance(Role::Cogs), 0);
        // Of a kit the whole is refunded when all its parts are decided on.
        let part = |sku: &str| quality::DisposeLine {
            sku: Some(sku.into()),
            ..super::world::all(1, quality::Disposition::Restock)
        };
        world.dispose(first, vec![part("P0000")]).unwrap();
        assert_eq!(world.refund(first).unwrap_err().problem().code, "nothing_to_refund");
        world.dispose(first, vec![part("P0001")]).unwrap();
        assert_eq!(world.refund(first).unwrap().gross.minor, 3_000);
        world.assert_sound();
    });
}

#[test]
fn goods_of_a_sale_that_nobody_knows_come_in_at_the_cost_of_the_day() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 4, 1_000)]);
        let line = AuthorizeLine {
            sku: Some("P0000".into()),
            quantity: Some(Quantity::units(2)),
            price: Some(Price::parse("10").unwrap()),
            tax_code: Some("S20".into()),
            ..AuthorizeLine::default()
        };
        let request = quality::AuthorizeReturn {
            warehouse: Some("WH".into()),
            partner: Some("C1".into()),
            lines: Some(vec![line]),
            ..nothing()
        };
        let made = world.authorize(&request).unwrap();
        assert_eq!(world.arrive(made.return_id).unwrap().value.minor, 500);
        world
            .dispose(made.return_id, vec![super::world::all(1, quality::Disposition::Restock)])
            .unwrap();
        let refund = world.refund(made.return_id).unwrap();
        assert_eq!((refund.net.minor, refund.tax.minor, refund.payable.minor), (2_000, 400, 2_400));
        assert_eq!(world.balance(Role::SalesReturns), 2_000);
        assert!(world.pay(refund.refund_id, payments::Through::Bank, 2_400));
        assert_eq!(world.balance(Role::RefundsPayable), 0);
        let unclear = quality::AuthorizeReturn {
            warehouse: Some("WH".into()),
            lines: Some(vec![AuthorizeLine::default()]),
            ..nothing()
        };
        assert_eq!(world.authorize(&unclear).unwrap_err().problem().code, "line_unclear");
        world.assert_sound();
    });
}
