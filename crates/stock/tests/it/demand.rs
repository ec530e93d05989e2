use super::world::{World, units};
use base::{LotId, Quantity};
use stock::{
    DemandError, Draw, Earmark, Expectation, Lot, LotDates, Move, Removal, SCHEMA, Shortage, Way,
};
use store::Database;
use store::testing::on_both_engines;

fn stocked(database: &Database, pieces: i64) -> World {
    let world = World::new(database, 2);
    world.post(database, vec![world.incoming(0, pieces, pieces * 100)]).expect("stock");
    world
}

#[test]
fn a_request_is_promised_whole_or_refused_whole() {
    on_both_engines(&SCHEMA, |database| {
        let world = stocked(database, 5);
        world.demand(database, Shortage::Refuse, &[(0, 3)]).expect("three of five");
        let refused = world.demand(database, Shortage::Refuse, &[(0, 1), (0, 2)]);
        let Err(DemandError::InsufficientStock(short)) = refused else { panic!("{refused:?}") };
        assert_eq!((short[0].wanted, short[0].available), (Quantity::units(3), Quantity::units(2)));
        assert_eq!(units(world.available(database, 0).reserved), 3);
        world.assert_sound(database);
    });
}

#[test]
fn a_back_order_is_what_a_demand_still_lacks() {
    on_both_engines(&SCHEMA, |database| {
        let world = stocked(database, 5);
        let first = world.demand(database, Shortage::BackOrder, &[(0, 8)]).expect("five of eight");
        assert_eq!(first[0].reserved, Quantity::units(5));
        world.post(database, vec![world.incoming(0, 10, 1_000)]).expect("more");
        let (warehouse, item) = (world.warehouse.warehouse_id, world.items[0]);
        world.within(database, move |tx, ctx| {
            let lacking = stock::back_orders(tx, ctx, warehouse, &[item])?;
            assert_eq!((lacking.len(), lacking[0].missing), (1, Quantity::units(3)));
            let standing = stock::demands_of(tx, ctx, "test_order", &[77])?;
            let kept = stock::reserve(tx, ctx, &[(standing[0], Quantity::units(99))])?;
            assert_eq!(kept, [Quantity::units(3)]);
            Ok::<_, DemandError>(())
        });
        assert_eq!(units(world.available(database, 0).reserved), 8);
        world.assert_sound(database);
    });
}

#[test]
fn letting_nothing_go_asks_the_database_nothing() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let asked = world.within(database, |tx, ctx| {
            let before = tx.statements();
            assert_eq!(stock::release(tx, ctx, &[], false)?, []);
            Ok::<_, DemandError>(tx.statements() - before)
        });
        assert_eq!(asked, 0);
    });
}

#[test]
fn what_is_earmarked_is_what_of_it_is_still_expected() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 2);
        let (warehouse, item, other) =
            (world.warehouse.warehouse_id, world.items[0], world.items[1]);
        let due_on = world.ctx.today;
        let planned = move |source_id, quantity: i64| Expectation {
            source_id,
            item_id: item,
            quantity: Quantity::units(quantity),
            due_on,
        };
        let told = world.within(database, move |tx, ctx| {
            let one = |source_id, item_id, line_id| Earmark {
                source_id,
                item_id,
                owner_id: 77,
                line_id,
                quantity: Quantity::units(4),
            };
            let marks = [one(1, item, 1), one(2, item, 1), one(3, other, 2)];
            stock::earmark(tx, ctx, "test_plan", "test_order", &marks)?;
            let mut told = Vec::new();
            let look = |tx: &mut store::Tx<'_>, told: &mut Vec<_>| {
                let found = stock::earmarked(tx, ctx, "test_order", [77, 78])?;
                told.push(found.into_iter().map(|(key, q)| (key, units(q))).collect::<Vec<_>>());
                Ok::<_, store::StoreError>(())
            };
            look(tx, &mut told)?;
            let all = [planned(1, 9), planned(2, 3), planned(3, 5)];
            stock::expect(tx, ctx, warehouse, Way::Incoming, "test_plan", &all)?;
            look(tx, &mut told)?;
            stock::amend_expectations(tx, ctx, Way::Incoming, "test_plan", &[planned(1, 0)])?;
            look(tx, &mut told)?;
            Ok::<_, store::StoreError>(told)
        });
        // Nothing is expected yet; then 4 of 9 and 3 of 3; line 2 was to be another item.
        assert_eq!(told, [vec![], vec![((77, 1), 7)], vec![((77, 1), 3)]]);
    });
}

fn ship(world: &World, database: &Database, most: i64) {
    let (stock_place, customer) = (world.warehouse.stock, world.warehouse.customer);
    let posting = world.posting(Vec::new());
    let counter = world.outgoing(0, 1).counter;
    world.within(database, move |tx, ctx| {
        let standing = stock::demands_of(tx, ctx, "test_order", &[77])?;
        let ids: Vec<_> = standing.iter().map(|s| s.demand_id).collect();
        let picks = stock::pick(tx, ctx, &ids)?;
        let moves = picks.iter().map(|pick| Move {
            counter: counter.clone(),
            draw: Some(Draw { demand_id: pick.demand_id, reserved: pick.quantity }),
            ..Move::plain(
                pick.item_id,
                stock_place,
                customer,
                pick.quantity.min(Quantity::units(most)),
            )
        });
        let posting = stock::Posting { moves: moves.collect(), ..posting.clone() };
        stock::post(tx, ctx, posting)
    });
}

#[test]
fn goods_leave_by_their_reservation_in_parts() {
    on_both_engines(&SCHEMA, |database| {
        let world = stocked(database, 5);
        world.demand(database, Shortage::Refuse, &[(0, 5)]).expect("all five");
        ship(&world, database, 2);
        let quantities = world.available(database, 0);
        assert_eq!((units(quantities.on_hand), units(quantities.reserved)), (3, 3));
        ship(&world, database, 99);
        let quantities = world.available(database, 0);
        assert_eq!((units(quantities.on_hand), units(quantities.outgoing)), (0, 0));
        world.assert_sound(database);
    });
}

#[test]
fn cancelling_takes_what_is_not_reserved_first() {
    on_both_engines(&SCHEMA, |database| {
        let world = stocked(database, 5);
        world.demand(database, Shortage::BackOrder, &[(0, 8)]).expect("five of eight");
        let freed = world.within(database, |tx, ctx| {
            let standing = stock::demands_of(tx, ctx, "test_order", &[77])?;
            stock::release(tx, ctx, &[(standing[0], Quantity::units(4))], true)
        });
        assert_eq!(freed, [Quantity::units(1)]);
        assert_eq!(units(world.available(database, 0).reserved), 4);
        world.assert_sound(database);
    });
}

/// Reserves four units for an owner and tells from which lots they are kept.
fn kept(world: &World, database: &Database, owner_id: i64) -> Vec<(Option<LotId>, i64)> {
    let mut wish = world.wish(Shortage::Refuse, &[(0, 4)]);
    wish.lines[0].owner_id = owner_id;
    let picks = world.within(database, move |tx, ctx| {
        let demanded = stock::demand(tx, ctx, wish.clone())?;
        Ok::<_, DemandError>(stock::pick(tx, ctx, &[demanded[0].demand_id])?)
    });
    let mut kept: Vec<_> = picks.iter().map(|pick| (pick.lot_id, units(pick.quantity))).collect();
    kept.sort();
    kept
}

#[test]
fn first_expired_first_out_keeps_dated_lots_before_stock_without_a_lot() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let item_id = world.items[0];
        let [late, early] = world.within(database, move |tx, ctx| {
            let dated = |code: &str, days| {
                let expires_on = Some(ctx.today.plus(days).expect("a day"));
                let [best_before, remove_by, alert_on] = [expires_on; 3];
                let dates = LotDates { expires_on, best_before, remove_by, alert_on, stated: true };
                Lot { item_id, code: code.to_owned(), dates }
            };
            let wanted = [dated("LATE", 30), dated("SOON", 8)];
            let made = stock::dated_lots(tx, ctx.company_id, ctx.today, &wanted)?;
            Ok::<_, stock::LotError>(wanted.map(|lot| made[&(item_id, lot.code)]))
        });
        let bring = |lot_id, units| Move { lot_id, ..world.incoming(0, units, units * 100) };
        let brought = vec![bring(None, 10), bring(Some(late), 2), bring(Some(early), 3)];
        world.post(database, brought).expect("stock");
        assert_eq!(kept(&world, database, 1), [(None, 4)], "first in, first out by default");

        world.within(database, |tx, ctx| stock::set_removal(tx, ctx, None, Removal::Fefo));
        let mut expected = [(Some(early), 3), (Some(late), 1)];
        expected.sort();
        assert_eq!(kept(&world, database, 2), expected);
        let mut expected = [(Some(late), 1), (None, 3)];
        expected.sort();
        assert_eq!(kept(&world, database, 3), expected, "what has no date comes last");
        world.assert_sound(database);
    });
}

#[test]
fn statements_do_not_depend_on_the_number_of_lines() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1_000);
        let moves = (0..1_000).map(|item| world.incoming(item, 5, 500)).collect();
        world.post(database, moves).expect("stock");
        let count = |lines: usize| {
            let lines: Vec<(usize, i64)> = (0..lines).map(|item| (item, 1)).collect();
            let wish = world.wish(Shortage::Refuse, &lines);
            world.within(database, move |tx, ctx| {
                let before = tx.statements();
                stock::demand(tx, ctx, wish.clone())?;
                Ok::<_, DemandError>(tx.statements() - before)
            })
        };
        assert_eq!(count(1), count(1_000));
        world.assert_sound(database);
    });
}

#[test]
fn what_is_not_found_is_kept_elsewhere_or_lacking() {
    on_both_engines(&SCHEMA, |database| {
        let world = stocked(database, 5);
        let first = world.demand(database, Shortage::BackOrder, &[(0, 5)]).expect("all of five");
        assert_eq!(first[0].reserved, Quantity::units(5));
        // Three more lie in another place, and four where the first ones are.
        let bin = world.within(database, |tx, ctx| {
            let wanted = stock::CreatePlace { parent: "WH/Stock".into(), code: "BIN".into() };
            stock::create_place(tx, ctx, wanted)
        });
        let to_bin = Move { to: bin.place_id, ..world.incoming(0, 3, 300) };
        world.post(database, vec![to_bin, world.incoming(0, 4, 400)]).expect("more");
        let shelf = world.warehouse.stock;
        let miss = move |tx: &mut store::Tx<'_>, ctx: &identity::Ctx, quantity, elsewhere| {
            let demand = stock::demands_of(tx, ctx, "test_order", &[77])?[0];
            let kept = stock::pick(tx, ctx, &[demand.demand_id])?;
            let at = *kept.iter().find(|pick| pick.place_id == shelf).expect("kept on the shelf");
            let missing = stock::Missing { demand, at, quantity, elsewhere };
            let kept = stock::miss(tx, ctx, &[missing])?.remove(0);
            let now = stock::demands_of(tx, ctx, "test_order", &[77])?[0];
            Ok::<_, DemandError>((kept, now.missing()?))
        };
        let (kept, missing) =
            world.within(database, move |tx, ctx| miss(tx, ctx, Quantity::units(4), true));
        let kept: Vec<_> = kept.iter().map(|pick| (pick.place_id, units(pick.quantity))).collect();
        assert_eq!((kept, units(missing)), (vec![(bin.place_id, 3)], 1));
        world.assert_sound(database);
        let (kept, missing) =
            world.within(database, move |tx, ctx| miss(tx, ctx, Quantity::units(1), false));
        assert_eq!((kept, units(missing)), (Vec::new(), 2));
        assert_eq!(units(world.available(database, 0).reserved), 3);
        world.assert_sound(database);
    });
}
