use super::world::{World, change, transfer};
use accounting::Role;
use store::testing::on_both_engines;
use valuation::{Class, Cost, SCHEMA};

#[test]
fn a_late_cost_goes_to_what_is_left_and_the_rest_to_cost_of_sales() {
    for method in ["average", "fifo"] {
        on_both_engines(&SCHEMA, |db| {
            let world = World::new(db, 1);
            world.policy("costing_method", method);
            world.step(10, Cost::Given(1_000), 1);
            world.step(-4, Cost::Method, 2);
            let done = world.correct(1, 101);
            assert_eq!((done.into_stock, done.sold, done.variance), (61, 40, 0));
            assert_eq!(world.standing(Class::Normal), (6, 661));
            assert_eq!(world.balance(Role::Cogs), 40);
            let back = world.correct(1, -101);
            assert_eq!((back.into_stock, back.sold), (-61, -40));
            assert_eq!(world.standing(Class::Normal), (6, 600));
            world.step(-6, Cost::Method, 3);
            let late = world.correct(1, 50);
            assert_eq!((late.into_stock, late.sold), (0, 50));
            world.assert_sound();
        });
    }
}

#[test]
fn a_late_cost_follows_goods_that_were_transferred() {
    for method in ["average", "fifo"] {
        on_both_engines(&SCHEMA, |db| {
            let world = World::new(db, 1);
            world.policy("costing_method", method);
            let item = world.item();
            world.step(10, Cost::Given(1_000), 1);
            world.post(transfer(item, 8, Class::Normal, Class::Transit, 2).into());
            world.post(transfer(item, 6, Class::Transit, Class::Quarantine, 3).into());
            world.post(vec![change(item, -1, Cost::Method, 4)]);
            let done = world.correct(1, 100);
            assert_eq!((done.into_stock, done.sold), (90, 10));
            assert_eq!(world.standing(Class::Normal).1, 110);
            assert_eq!(world.standing(Class::Transit).1 + world.standing(Class::Quarantine).1, 880);
            world.assert_sound();
        });
    }
}

#[test]
fn a_late_cost_of_a_standard_item_is_a_variance() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1);
        world.policy("costing_method", "standard");
        world.step(10, Cost::Given(0), 1);
        let done = world.correct(1, 30);
        assert_eq!((done.into_stock, done.sold, done.variance), (0, 0, 30));
        assert_eq!(world.balance(Role::PriceDifference), 30);
        world.assert_sound();
    });
}

#[test]
fn only_a_move_that_brought_goods_can_be_corrected() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1);
        world.step(1, Cost::Given(5), 1);
        world.step(-1, Cost::Method, 2);
        let ctx = world.ctx.clone();
        let change = valuation::CostChange {
            move_id: base::Id::from_raw(2),
            change: 1,
            kind: valuation::Kind::CostCorrection,
            source_kind: "bill",
            source_id: 1,
        };
        let area = accounting::Area::Purchasing;
        let refused = db
            .write(move |tx| {
                let today = super::world::today();
                valuation::correct_costs(tx, &ctx, area, today, vec![change])
            })
            .unwrap_err();
        assert!(refused.to_string().contains("move 2 brought no goods"), "{refused}");
        world.assert_sound();
    });
}

#[test]
fn statements_do_not_depend_on_how_many_costs_are_corrected() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 500);
        let receive = |(n, &item)| change(item, 2, Cost::Given(100), 1 + n as i64);
        world.post(world.items.iter().enumerate().map(receive).collect());
        let count = |many: i64| {
            let ctx = world.ctx.clone();
            let changes: Vec<_> = (1..=many)
                .map(|move_id| valuation::CostChange {
                    move_id: base::Id::from_raw(move_id),
                    change: 0,
                    kind: valuation::Kind::LandedCost,
                    source_kind: "landed_cost",
                    source_id: 1,
                })
                .collect();
            let area = accounting::Area::Purchasing;
            db.write(move |tx| {
                let before = tx.statements();
                let today = super::world::today();
                valuation::correct_costs(tx, &ctx, area, today, changes.clone())?;
                Ok::<_, super::world::Failed>(tx.statements() - before)
            })
            .unwrap()
        };
        assert_eq!(count(1), count(500));
        world.assert_sound();
    });
}
