use super::world::{Failed, World, change, day, transfer};
use accounting::Role;
use base::{Id, MoveId};
use store::testing::on_both_engines;
use valuation::{Change, Class, Cost, Kind, SCHEMA};

#[test]
fn moving_average_gives_each_unit_the_mean_and_the_last_takes_the_rest() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1);
        assert_eq!(world.step(2, Cost::Given(200), 1), 200);
        assert_eq!(world.step(1, Cost::Given(101), 2), 101);
        assert_eq!(world.step(-1, Cost::Method, 3), -100);
        assert_eq!(world.step(-1, Cost::Method, 4), -101);
        assert_eq!(world.step(-1, Cost::Method, 5), -100);
        assert_eq!(world.standing(Class::Normal), (0, 0));
        assert_eq!(world.step(1, Cost::Method, 6), 100, "found goods at the last cost");
        assert_eq!(world.balance(Role::StockValuation), 100);
        world.assert_sound();
    });
}

#[test]
fn what_comes_back_takes_the_cost_it_left_with_and_never_more_than_left() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1);
        world.step(3, Cost::Given(100), 1);
        assert_eq!(world.step(-3, Cost::Method, 2), -100);
        world.step(10, Cost::Given(9_000), 3);
        let of = Cost::FromMove(MoveId::from_raw(2));
        let back = |quantity, move_id| {
            let back = change(world.item(), quantity, of, move_id);
            Change { kind: Kind::CustomerReturn, ..back }
        };
        let both = world.post(vec![back(1, 4), back(1, 4)]);
        assert_eq!((both[0].value, both[1].value), (33, 34));
        let refused = world.try_post(vec![back(2, 5)]).unwrap_err();
        assert!(refused.0.contains("2 was asked of a document of 1"), "{}", refused.0);
        assert_eq!(world.post(vec![back(1, 6)])[0].value, 33);
        let unknown = Cost::FromMove(MoveId::from_raw(99));
        let refused = world.try_post(vec![change(world.item(), 1, unknown, 7)]).unwrap_err();
        assert!(refused.0.contains("move 99 carried no value"), "{}", refused.0);
        world.assert_sound();
    });
}

#[test]
fn first_in_first_out_uses_layers_and_a_supplier_return_takes_its_own() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1);
        world.policy("costing_method", "fifo");
        world.step(10, Cost::Given(1_000), 1);
        world.step(10, Cost::Given(2_000), 2);
        let back = change(world.item(), -4, Cost::FromMove(MoveId::from_raw(2)), 3);
        let back = Change { kind: Kind::SupplierReturn, ..back };
        assert_eq!(world.post(vec![back])[0].value, -800);
        assert_eq!(world.step(-12, Cost::Method, 4), -1_400);
        let layers = world.layers();
        assert_eq!(layers[1].left_value.minor, 800);
        assert_eq!(layers[0].left_quantity.micro(), 0);
        world.assert_sound();
    });
}

#[test]
fn a_receipt_settles_what_went_out_before_it_came() {
    for method in ["average", "fifo"] {
        on_both_engines(&SCHEMA, |db| {
            let world = World::new(db, 1);
            world.policy("costing_method", method);
            world.policy("negative_stock", "allowed");
            world.step(1, Cost::Given(1_000), 1);
            assert_eq!(world.step(-3, Cost::Method, 2), -3_000);
            assert_eq!(world.standing(Class::Normal), (-2, -2_000));
            let valued = world.post(vec![change(world.item(), 5, Cost::Given(6_000), 3)]);
            assert_eq!(valued[0].value, 6_000);
            assert_eq!(world.standing(Class::Normal), (3, 3_600));
            assert_eq!(world.balance(Role::Cogs), 400);
            assert_eq!(world.balance(Role::StockValuation), 3_600);
            world.assert_sound();
        });
    }
}

#[test]
fn more_than_there_is_does_not_leave_and_nothing_is_written() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1);
        world.step(2, Cost::Given(200), 1);
        let item = world.item();
        let changes = vec![change(item, -1, Cost::Method, 2), change(item, -2, Cost::Method, 3)];
        let Failed(text) = world.try_post(changes).unwrap_err();
        assert!(text.contains("2 was to leave but only 1 is there"), "{text}");
        assert_eq!(world.standing(Class::Normal), (2, 200));
        assert_eq!(world.layers().len(), 1);
        world.assert_sound();
    });
}

#[test]
fn standard_cost_keeps_its_price_and_names_the_variance() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1);
        world.policy("costing_method", "standard");
        let (ctx, item_id) = (world.ctx.clone(), world.item());
        let prices = vec![valuation::StandardPrice { item_id, price: super::world::price("2") }];
        let request = valuation::SetStandard { prices };
        db.write(move |tx| valuation::set_standard(tx, &ctx, request.clone())).unwrap();
        assert_eq!(world.step(10, Cost::Given(2_350), 1), 2_350);
        assert_eq!(world.balance(Role::PriceDifference), 350);
        assert_eq!(world.standing(Class::Normal), (10, 2_000));
        assert_eq!(world.step(-4, Cost::Method, 2), -800);
        world.policy("standard_variance", "at_bill");
        assert_eq!(world.step(1, Cost::Given(250), 3), 200);
        assert_eq!(world.balance(Role::PriceDifference), 350);
        assert_eq!(world.balance(Role::StockValuation), 1_400);
        world.assert_sound();
    });
}

#[test]
fn goods_carry_their_value_from_class_to_class() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1);
        world.step(3, Cost::Given(100), 1);
        let moved =
            world.post(transfer(world.item(), 2, Class::Normal, Class::Quarantine, 2).into());
        assert_eq!((moved[0].value, moved[1].value), (-67, 67));
        assert_eq!(world.balance(Role::Quarantine), 67);
        assert_eq!(world.balance(Role::StockValuation), 33);
        world.assert_sound();
        let alone = change(world.item(), 1, Cost::Carried, 3);
        let Failed(text) = world.try_post(vec![alone]).unwrap_err();
        assert!(text.contains("change 1 carries the value"), "{text}");
    });
}

#[test]
fn goods_that_leave_at_a_given_value_name_the_difference() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1);
        world.policy("costing_method", "fifo");
        world.step(4, Cost::Given(400), 1);
        assert_eq!(world.step(-1, Cost::Given(130), 2), -130);
        assert_eq!(world.standing(Class::Normal), (3, 300));
        assert_eq!(world.balance(Role::PriceDifference), -30);
        world.assert_sound();
    });
}

#[test]
fn without_changes_the_books_are_opened_all_the_same() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1);
        let ctx = world.ctx.clone();
        let on = day("2026-01-03");
        let posted_on = db
            .write(move |tx| {
                let valued = valuation::value(tx, &ctx, accounting::Area::Stock, on, Vec::new())?;
                Ok::<_, Failed>(valued.books.posted_on())
            })
            .unwrap();
        assert_eq!(posted_on, on);
        world.assert_sound();
    });
}
