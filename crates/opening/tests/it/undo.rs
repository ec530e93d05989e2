use super::world::{World, going};
use accounting::Role;
use opening::{Undo, UndoError};
use store::testing::on_both_engines;

fn undo(world: &World<'_>) -> Result<opening::Undone, UndoError> {
    let request = Undo { reason: "the stock list was last week's".into() };
    world.ask(move |tx, ctx| opening::undo(tx, ctx, request.clone()))
}

#[test]
fn an_opening_is_taken_back_and_the_books_open_anew() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        world.open(&going()).unwrap();
        let undone = undo(&world).unwrap();
        assert_eq!((undone.documents, undone.moves), (2 + 3 + 2 + 2, 5));
        for role in Role::ALL {
            assert_eq!(world.balance(*role), 0, "{role}");
        }
        assert_eq!(world.there("P1"), (0, 0, 0));
        world.assert_sound();
        assert_eq!(undo(&world), Err(UndoError::NotOpen));

        let mut mended = going();
        mended.files.stock = mended.files.stock.replace("5,30.00", "5,29.00");
        mended.files.trial_balance =
            mended.files.trial_balance.replace("99.00", "98.00").replace("739.70", "738.70");
        let opened = world.open(&mended).unwrap();
        assert_eq!((opened.errors, opened.differences), (vec![], vec![]));
        assert_eq!(world.balance(Role::StockValuation), 9_800);
        assert_eq!(world.balance(Role::Payable), -19_100);
        assert_eq!(world.there("P1"), (15, 2, 13));
        world.assert_sound();
        let list =
            world.ask(|tx, ctx| opening::list_openings(tx, ctx, opening::OpeningFilter::default()));
        let list = list.unwrap().lines;
        let undone: Vec<_> = list.iter().map(|row| row.undone_at.is_some()).collect();
        assert_eq!(undone.iter().filter(|undone| **undone).count(), 1);
        assert_eq!(list.len(), 2);
    });
}

#[test]
fn goods_at_a_standard_cost_leave_nothing_behind_either() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        world.policy("costing_method", "standard");
        let mut request = going();
        request.dry_run = true;
        request.book_difference = Some(world.open(&request).unwrap().difference);
        request.dry_run = false;
        let opened = world.open(&request).unwrap();
        assert!(opened.applied, "{opened:?}");
        world.assert_sound();
        undo(&world).unwrap();
        for role in Role::ALL {
            assert_eq!(world.balance(*role), 0, "{role}");
        }
        world.assert_sound();
    });
}

#[test]
fn once_something_else_is_booked_an_opening_stays() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        world.open(&going()).unwrap();
        let web = world.ask(|tx, ctx| sales::find_order(tx, ctx, "WEB", "W-1")).unwrap();
        let ship = sales::Ship {
            order_id: web.expect("the order"),
            warehouse_id: None,
            lines: None,
            happened_on: None,
            carrier: None,
            tracking: None,
            client_ref: None,
        };
        world.ask(move |tx, ctx| sales::ship(tx, ctx, ship.clone())).unwrap();
        assert!(matches!(undo(&world), Err(UndoError::InUse { .. })));
        world.assert_sound();
    });
}

#[test]
fn goods_kept_for_a_later_order_hold_the_opening() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        world.open(&going()).unwrap();
        let order = sales::AcceptOrder {
            channel: "WEB".into(),
            external_ref: Some("W-2".into()),
            lines: vec![sales::AcceptLine {
                sku: Some("P1".into()),
                quantity: base::Quantity::units(3),
                price: Some(base::Price::parse("12").unwrap()),
                ..Default::default()
            }],
            ..Default::default()
        };
        world.ask(move |tx, ctx| sales::accept(tx, ctx, order.clone())).unwrap();
        let refused = undo(&world);
        assert!(
            matches!(refused, Err(UndoError::Goods(stock::PostError::InsufficientStock { .. }))),
            "{refused:?}"
        );
        world.assert_sound();
    });
}
