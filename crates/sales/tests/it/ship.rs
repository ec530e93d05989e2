use super::world::{World, from, goods, nobody, shipping, whole, without_goods};
use accounting::Role;
use base::{Price, Quantity, Rule};
use sales::{AcceptLine, LineKind, OrderState, Progress, SCHEMA, Ship, ShipLine};
use store::testing::on_both_engines;

#[test]
fn a_prepaid_order_ships_in_parts_without_losing_a_cent() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 7, 1_001)]);
        let lines = vec![
            goods(0, 3, "3.3333"),
            without_goods(LineKind::Charge, "4.99"),
            without_goods(LineKind::Discount, "-0.50"),
        ];
        let order = world.accept(db, &from("WEB", "1", lines)).unwrap();
        assert_eq!(order.gross.minor, 1_000 + 499 - 50);
        let first = world.ship(db, order.order_id, Some(&[(1, 1)])).unwrap();
        assert_eq!((first.state, first.revision), (OrderState::Accepted, 2));
        assert_eq!(first.cost.minor, 143);
        // The charge and the discount went with the first shipment.
        assert_eq!(first.net.minor + first.tax.minor, 333 + 499 - 50);
        assert_eq!(world.balance(db, Role::ShippingIncome), -416);
        assert_eq!(world.order(db, order.order_id).head.shipped, Progress::Partly);
        world.assert_sound(db);
        let second = world.ship(db, order.order_id, None).unwrap();
        assert_eq!(second.state, OrderState::Closed);
        assert_eq!(world.balance(db, Role::CustomerDeposits), order.gross.minor);
        assert_eq!(world.balance(db, Role::OutputTax), -order.tax.minor);
        let sold = [Role::Revenue, Role::ShippingIncome, Role::Discounts]
            .map(|role| world.balance(db, role));
        assert_eq!(sold.iter().sum::<i64>(), -order.net.minor);
        assert_eq!(world.balance(db, Role::Cogs), 429);
        assert_eq!(world.order(db, order.order_id).head.shipped, Progress::Fully);
        let error = world.ship(db, order.order_id, None).unwrap_err();
        assert_eq!(error.problem().code, "order_not_open");
        world.assert_sound(db);
    });
}

#[test]
fn free_goods_leave_at_cost_to_marketing() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 4, 400)]);
        let free = AcceptLine { kind: Some(LineKind::Free), price: None, ..goods(0, 1, "0") };
        let order = world.accept(db, &from("WEB", "1", vec![goods(0, 2, "6"), free])).unwrap();
        let shipped = world.ship(db, order.order_id, None).unwrap();
        assert_eq!((shipped.cost.minor, shipped.net.minor), (300, 1_000));
        assert_eq!(world.balance(db, Role::Marketing), 100);
        assert_eq!(world.balance(db, Role::Cogs), 200);
        world.assert_sound(db);
    });
}

#[test]
fn a_kit_leaves_as_its_components() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 6, 600), (1, 3, 900)]);
        let kit = AcceptLine {
            sku: Some("KIT".into()),
            quantity: Quantity::units(3),
            price: Some(Price::parse("12").unwrap()),
            ..AcceptLine::default()
        };
        let order = world.accept(db, &from("WEB", "1", vec![kit])).unwrap();
        let one = world.ship(db, order.order_id, Some(&[(1, 1)])).unwrap();
        assert_eq!((one.cost.minor, one.net.minor), (500, 1_000));
        let rest = world.ship(db, order.order_id, None).unwrap();
        assert_eq!((rest.cost.minor, rest.state), (1_000, OrderState::Closed));
        world.assert_sound(db);
    });
}

#[test]
fn services_alone_are_income_when_the_order_is_shipped() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        let service = AcceptLine {
            sku: Some("ENGRAVE".into()),
            quantity: Quantity::units(2),
            price: Some(Price::parse("6").unwrap()),
            ..AcceptLine::default()
        };
        let fee = AcceptLine {
            role: Some(Role::ChannelFees),
            tax_code: Some("Z".into()),
            ..without_goods(LineKind::Charge, "-2.50")
        };
        let order = world.accept(db, &from("WEB", "1", vec![service, fee])).unwrap();
        let shipped = world.ship(db, order.order_id, None).unwrap();
        assert_eq!((shipped.state, shipped.net.minor), (OrderState::Closed, 750));
        assert_eq!(world.balance(db, Role::Revenue), -1_000);
        assert_eq!(world.balance(db, Role::ChannelFees), 250);
        assert_eq!(world.balance(db, Role::CustomerDeposits), 950);
        world.assert_sound(db);
    });
}

#[test]
fn what_cannot_leave_is_told() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 2, 200)]);
        let lines = vec![goods(0, 3, "1"), without_goods(LineKind::Charge, "1")];
        let order = world.accept(db, &from("SHOP", "1", lines)).unwrap().order_id;
        let code =
            |lines: &[(i64, i64)]| world.ship(db, order, Some(lines)).unwrap_err().problem().code;
        assert_eq!(code(&[(9, 1)]), "unknown_line");
        assert_eq!(code(&[(1, 1), (1, 1)]), "line_twice");
        assert_eq!(code(&[(2, 1)]), "line_without_goods");
        assert_eq!(code(&[(1, 0)]), "quantity_not_positive");
        assert_eq!(code(&[(1, 4)]), "exceeds_open");
        assert_eq!(code(&[(1, 3)]), "not_reserved");
        assert_eq!(code(&[]), "nothing_to_ship");
        let unknown = world.ship(db, nobody(), None).unwrap_err();
        assert_eq!(unknown.problem().code, "order_not_found");
        assert_eq!(whole(world.order(db, order).lines[0].reserved), 2);
        world.ship(db, order, None).unwrap();
        assert_eq!(world.ship(db, order, None).unwrap_err().problem().code, "nothing_to_ship");
        world.assert_sound(db);
    });
}

#[test]
fn shipping_needs_the_permission_of_the_warehouse() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 2, 200)]);
        let order = world.accept(db, &from("WEB", "1", vec![goods(0, 1, "1")])).unwrap();
        let clerk =
            identity::testing::holding(&world.ctx, world.ctx.user_id, &["sales.read"], None);
        let ship = super::world::shipping(order.order_id);
        let error = db.write(move |tx| sales::ship(tx, &clerk, ship.clone())).unwrap_err();
        assert_eq!(error.problem().code, "permission_denied");
        world.assert_sound(db);
    });
}

#[test]
fn a_lot_that_has_expired_since_it_was_kept_ships_only_when_its_line_confirms_it() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        let (item_id, warehouse) = (world.items[0], world.warehouse.clone());
        let kept = world.run(db, move |tx, ctx| {
            let expires_on = ctx.today.plus(3).ok();
            let dates = stock::LotDates {
                expires_on,
                best_before: expires_on,
                remove_by: expires_on,
                alert_on: expires_on,
                stated: true,
            };
            let lot = stock::Lot { item_id, code: "L1".into(), dates };
            let lots = stock::dated_lots(tx, ctx.company_id, ctx.today, &[lot]).unwrap();
            let open = accounting::OpenKey::new("purchase_line", 1);
            let come = stock::Move {
                lot_id: lots.values().next().copied(),
                cost: stock::Cost::Given(500),
                kind: stock::Kind::Receipt,
                counter: Some(stock::Counter::open(Role::Grni, open)),
                ..stock::Move::plain(
                    item_id,
                    warehouse.supplier,
                    warehouse.stock,
                    Quantity::units(5),
                )
            };
            let posting = stock::Posting {
                area: accounting::Area::Purchasing,
                happened_on: ctx.today,
                source_kind: "receipt",
                source_id: 1,
                memo: String::new(),
                moves: vec![come],
                lines: Vec::new(),
            };
            stock::post(tx, ctx, posting).map(drop)
        });
        kept.unwrap();
        let order = world.accept(db, &from("WEB", "1", vec![goods(0, 2, "6")])).unwrap();
        let later = World { ctx: world.ctx.on(world.ctx.today.plus(4).unwrap()), ..world };
        let refused = later.ship(db, order.order_id, None).unwrap_err();
        assert_eq!(refused.problem().code, "expired_lot");
        assert!(refused.to_string().starts_with("lot L1 of P0000 expired on "), "{refused}");
        let line = ShipLine { line: 1, quantity: Quantity::units(2), confirm_expired: true };
        let ship = Ship { lines: Some(vec![line]), ..shipping(order.order_id) };
        let shipped = later.run(db, move |tx, ctx| sales::ship(tx, ctx, ship.clone())).unwrap();
        assert_eq!((shipped.state, shipped.cost.minor), (OrderState::Closed, 200));
        later.assert_sound(db);
    });
}

#[test]
fn goods_leave_from_exactly_where_they_were_taken() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 7, 700)]);
        let order = world.accept(db, &from("WEB", "1", vec![goods(0, 5, "6")])).unwrap();
        let id = order.order_id;
        let ship = move |tx: &mut store::Tx<'_>, ctx: &identity::Ctx, line: i64, taken: i64| {
            let demands = stock::demands_of(tx, ctx, sales::ORDER, &[base::Id::raw(id)])?;
            let kept = stock::pick(tx, ctx, &[demands[0].demand_id])?;
            let from = stock::Pick { quantity: Quantity::units(taken), ..kept[0] };
            let quantity = Quantity::units(line);
            let lines = Some(vec![ShipLine { line: 1, quantity, confirm_expired: false }]);
            let request = Ship { lines, ..shipping(id) };
            sales::ship_picked(tx, ctx, &[request], &[vec![from]])
        };
        let refused = |line: i64, taken: i64| {
            let done = world.run(db, move |tx, ctx| ship(tx, ctx, line, taken));
            done.unwrap_err().problem().code
        };
        assert_eq!(refused(3, 6), "not_reserved");
        assert_eq!(refused(3, 2), "uneven_line");
        let shipped = world.run(db, move |tx, ctx| ship(tx, ctx, 3, 3)).unwrap();
        assert_eq!(shipped[0].cost.minor, 300);
        assert_eq!(world.available(db, 0), 2);
        world.assert_sound(db);
    });
}
