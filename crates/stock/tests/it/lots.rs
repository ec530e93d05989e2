use super::world::{World, units};
use base::{Day, ItemId, LotId, Quantity, Rule};
use stock::{
    DateLot, DateLotError, DemandError, ItemFilter, Lot, LotDates, LotError, LotFilter, LotRow,
    Move, PostError, SCHEMA, Shortage,
};
use store::Database;
use store::testing::on_both_engines;

fn day(text: &str) -> Day {
    Day::parse(text).expect("a day")
}

fn dates(expires_on: &str, stated: bool) -> LotDates {
    let expires_on = Some(day(expires_on));
    let [best_before, remove_by, alert_on] = [expires_on; 3];
    LotDates { expires_on, best_before, remove_by, alert_on, stated }
}

/// A receipt knows these days of lots of the first item.
fn receive(
    world: &World,
    database: &Database,
    known: &[(&str, LotDates)],
) -> Result<usize, LotError> {
    let (ctx, item_id) = (world.ctx.clone(), world.items[0]);
    let lot =
        |(code, dates): &(&str, LotDates)| Lot { item_id, code: (*code).into(), dates: *dates };
    let wanted: Vec<Lot> = known.iter().map(lot).collect();
    database.write(move |tx| Ok(stock::dated_lots(tx, ctx.company_id, ctx.today, &wanted)?.len()))
}

fn list(world: &World, database: &Database, filter: LotFilter) -> Vec<LotRow> {
    let ctx = world.ctx.clone();
    let found = database.read(move |tx| stock::list_lots(tx, &ctx, filter.clone()));
    found.expect("a list").lines
}

/// When a lot expires, and whether that was stated.
fn expiry(world: &World, database: &Database, code: &str) -> (Option<Day>, bool) {
    let lot = Some(code.to_owned());
    let found = list(world, database, LotFilter { lot, ..LotFilter::default() });
    (found[0].expires_on, found[0].stated)
}

#[test]
fn a_lot_without_days_takes_them_from_the_first_receipt_that_knows() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let item_id = world.items[0];
        world.within(database, move |tx, ctx| {
            let found = [(item_id, "FOUND".to_owned()), (item_id, "FOUND".to_owned())];
            stock::lots(tx, ctx.company_id, ctx.today, &found)
        });
        assert_eq!(expiry(&world, database, "FOUND"), (None, false));
        receive(&world, database, &[("FOUND", LotDates::default())]).expect("nothing known");
        assert_eq!(expiry(&world, database, "FOUND"), (None, false));
        receive(&world, database, &[("FOUND", dates("2026-02-01", false))]).expect("days");
        assert_eq!(expiry(&world, database, "FOUND"), (Some(day("2026-02-01")), false));
        receive(&world, database, &[("FOUND", dates("2026-02-09", false))]).expect("what follows");
        assert_eq!(
            expiry(&world, database, "FOUND"),
            (Some(day("2026-02-01")), false),
            "the first"
        );
        world.assert_sound(database);
    });
}

#[test]
fn a_stated_expiry_stands_and_another_is_refused() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let follows = dates("2026-02-01", false);
        receive(&world, database, &[("A", follows)]).expect("days");
        let stated = dates("2026-03-01", true);
        receive(&world, database, &[("A", follows), ("A", stated)]).expect("the stated one");
        assert_eq!(expiry(&world, database, "A"), (Some(day("2026-03-01")), true));
        receive(&world, database, &[("A", stated), ("A", follows)]).expect("the same again");
        let other = dates("2026-03-02", true);
        let refused = receive(&world, database, &[("B", other), ("A", other)]).unwrap_err();
        let expected = LotError::OtherExpiry {
            lot: "A".into(),
            expires_on: day("2026-03-01"),
            stated: day("2026-03-02"),
        };
        assert_eq!(refused, expected);
        let refused = receive(&world, database, &[("C", stated), ("C", other)]).unwrap_err();
        assert!(matches!(refused, LotError::OtherExpiry { .. }), "one request says both");
        assert_eq!(list(&world, database, LotFilter::default()).len(), 1, "nothing half done");
        world.assert_sound(database);
    });
}

/// A lot that is picked until the third and expires on the fifth of February, with four pieces.
fn short_lived(world: &World, database: &Database) -> LotId {
    let dates = LotDates { remove_by: Some(day("2026-02-03")), ..dates("2026-02-05", true) };
    receive(world, database, &[("SHORT", dates)]).expect("a lot");
    let key = (world.items[0], "SHORT".to_owned());
    let wanted = [key.clone()];
    let ids =
        world.within(database, move |tx, ctx| stock::lots(tx, ctx.company_id, ctx.today, &wanted));
    let lot_id = Some(ids[&key]);
    let came = vec![Move { lot_id, ..world.incoming(0, 4, 400) }];
    world.post(database, came).expect("stock");
    ids[&key]
}

#[test]
fn a_lot_is_promised_until_the_day_it_is_last_picked() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        short_lived(&world, database);
        let available = |on: &str| {
            let ctx = world.ctx.on(day(on));
            let filter = ItemFilter { sku: "P0000".into(), warehouse: None };
            let found = database.read(move |tx| stock::list_availability(tx, &ctx, filter.clone()));
            units(found.expect("a list").lines[0].available)
        };
        assert_eq!((available("2026-02-03"), available("2026-02-04")), (4, 0));
        let want = |on: &str| {
            let (ctx, wish) = (world.ctx.on(day(on)), world.wish(Shortage::Refuse, &[(0, 1)]));
            database.write(move |tx| stock::demand(tx, &ctx, wish.clone()))
        };
        want("2026-02-03").expect("still picked");
        let refused = want("2026-02-04").unwrap_err();
        let DemandError::InsufficientStock(short) = refused else { panic!("{refused}") };
        assert_eq!(units(short[0].available), 0, "it lies there, and is not picked any more");
        world.assert_sound(database);
    });
}

#[test]
fn an_expired_lot_leaves_for_a_customer_only_when_somebody_confirms_it() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let lot_id = Some(short_lived(&world, database));
        let post = |on: &str, goods: Move| {
            let mut posting = world.posting(vec![goods]);
            posting.happened_on = day(on);
            let ctx = world.ctx.on(day(on));
            database.write(move |tx| stock::post(tx, &ctx, posting.clone()))
        };
        let sold = || Move { lot_id, ..world.outgoing(0, 1) };
        post("2026-02-05", sold()).expect("the last day it keeps");
        let refused = post("2026-02-06", sold()).unwrap_err();
        assert_eq!(refused.problem().code, "expired_lot");
        let expected = PostError::ExpiredLot {
            sku: "P0000".into(),
            lot: "SHORT".into(),
            expires_on: day("2026-02-05"),
        };
        assert_eq!(refused, expected);
        post("2026-02-06", Move { confirm_expired: true, ..sold() }).expect("confirmed");
        let lost = Move { to: world.warehouse.loss, ..sold() };
        post("2026-02-06", lost).expect("scrap needs no confirmation");
        let filter = LotFilter { in_stock: Some(true), ..LotFilter::default() };
        assert_eq!(list(&world, database, filter)[0].on_hand, Quantity::ONE);
        world.assert_sound(database);
    });
}

#[test]
fn the_days_of_a_lot_are_set_right_with_a_reason() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        receive(&world, database, &[("A", dates("2026-03-01", true))]).expect("a lot");
        let date = |lot: &str, expires_on: Option<&str>, reason: &str| {
            let ctx = world.ctx.clone();
            let request = DateLot {
                sku: "P0000".to_owned(),
                lot: lot.to_owned(),
                expires_on: expires_on.map(day),
                reason: reason.to_owned(),
            };
            database.write(move |tx| stock::date_lot(tx, &ctx, request.clone()))
        };
        let code = |error: DateLotError| error.problem().code;
        assert_eq!(code(date("A", None, " ").expect_err("no reason")), "text_empty");
        assert_eq!(code(date("B", None, "wrong").expect_err("no lot")), "lot_not_found");
        // A receipt may not say another day; this verb may.
        receive(&world, database, &[("A", dates("2026-04-01", true))]).expect_err("another day");
        let right = date("A", Some("2026-04-01"), "misread").expect("set right");
        assert_eq!((right.expires_on, right.repeated), (Some(day("2026-04-01")), false));
        assert!(date("A", Some("2026-04-01"), "misread").expect("again").repeated);
        assert_eq!(expiry(&world, database, "A"), (Some(day("2026-04-01")), true));
        receive(&world, database, &[("A", dates("2026-04-01", true))]).expect("the same day");
        // Nobody knows after all: the item keeps for ever.
        let unknown = date("A", None, "the label is of another lot").expect("unknown");
        assert_eq!((unknown.expires_on, unknown.stated), (None, false));
        world.assert_sound(database);
    });
}

#[test]
fn setting_a_lot_right_tells_what_is_kept_of_it_and_picked_no_more() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        short_lived(&world, database);
        let (ctx, wish) = (world.ctx.clone(), world.wish(Shortage::Refuse, &[(0, 3)]));
        database.write(move |tx| stock::demand(tx, &ctx, wish.clone())).expect("kept");
        let date = |expires_on: Day| {
            let ctx = world.ctx.clone();
            let request = DateLot {
                sku: "P0000".to_owned(),
                lot: "SHORT".to_owned(),
                expires_on: Some(expires_on),
                reason: "misread".to_owned(),
            };
            let dated = database.write(move |tx| stock::date_lot(tx, &ctx, request.clone()));
            units(dated.expect("set right").kept_past)
        };
        let today = world.ctx.today;
        assert_eq!(date(today), 0, "it is picked until today");
        assert_eq!(date(today.plus(-1).expect("a day")), 3);
        world.assert_sound(database);
    });
}

#[test]
fn lots_are_listed_by_expiry_with_what_there_is_of_them() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let item_id: ItemId = world.items[0];
        let known = [
            ("LATE", dates("2026-05-01", true)),
            ("NEVER", LotDates::default()),
            ("SOON", LotDates { alert_on: Some(day("2026-02-01")), ..dates("2026-02-10", true) }),
        ];
        receive(&world, database, &known).expect("lots");
        let ids = world.within(database, move |tx, ctx| {
            let soon = [(item_id, "SOON".to_owned())];
            stock::lots(tx, ctx.company_id, ctx.today, &soon)
        });
        let lot_id = Some(ids[&(item_id, "SOON".to_owned())]);
        let came = vec![Move { lot_id, ..world.incoming(0, 4, 400) }];
        world.post(database, came).expect("stock");
        let codes = |filter: LotFilter| -> Vec<String> {
            list(&world, database, filter).into_iter().map(|lot| lot.lot).collect()
        };
        let any = LotFilter::default;
        assert_eq!(codes(any()), ["SOON", "LATE", "NEVER"]);
        assert_eq!(codes(LotFilter { alert_by: Some(day("2026-01-31")), ..any() }), [""; 0]);
        assert_eq!(codes(LotFilter { alert_by: Some(day("2026-02-01")), ..any() }), ["SOON"]);
        assert_eq!(codes(LotFilter { in_stock: Some(true), ..any() }), ["SOON"]);
        assert_eq!(codes(LotFilter { sku: Some("P0001".into()), ..any() }), [""; 0]);
        let soon = &list(&world, database, any())[0];
        assert_eq!((units(soon.on_hand), units(soon.reserved), soon.stated), (4, 0, true));
        let (mut cursor, mut walked) = (None, Vec::new());
        loop {
            let (ctx, filter) = (world.ctx.clone(), LotFilter { cursor, limit: Some(1), ..any() });
            let page = database.read(move |tx| stock::list_lots(tx, &ctx, filter.clone()));
            let page = page.expect("a page");
            walked.extend(page.lines.into_iter().map(|lot| lot.lot));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(walked, ["SOON", "LATE", "NEVER"]);
        world.assert_sound(database);
    });
}

#[test]
fn statements_do_not_depend_on_the_number_of_lots() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let item_id = world.items[0];
        let count = |lots: usize| {
            world.within(database, move |tx, ctx| {
                let lot = |number| Lot {
                    item_id,
                    code: format!("{lots}-{number}"),
                    dates: dates("2026-02-01", true),
                };
                let wanted: Vec<Lot> = (0..lots).map(lot).collect();
                let before = tx.statements();
                stock::dated_lots(tx, ctx.company_id, ctx.today, &wanted)?;
                Ok::<_, LotError>(tx.statements() - before)
            })
        };
        assert_eq!(count(1), count(1_000));
    });
}
