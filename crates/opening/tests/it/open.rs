use super::world::{World, day, going};
use accounting::Role;
use base::Quantity;
use opening::OpenError;
use purchasing::{OrderFilter, OrderState, Progress};
use std::sync::{Arc, Mutex};
use store::testing::on_both_engines;

#[test]
fn every_account_opens_with_its_list_and_everything_is_sound() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let opened = world.open(&going()).unwrap();
        assert_eq!((opened.errors, opened.differences), (vec![], vec![]));
        assert!(opened.applied);
        let rows: Vec<u64> = opened.files.iter().map(|file| file.rows).collect();
        assert_eq!(rows, [15, 5, 3, 3, 2, 2, 1, 2]);
        for (role, balance) in [
            (Role::StockValuation, 9_900),
            (Role::GoodsInTransit, 500),
            (Role::Grni, -3_680),
            (Role::BilledNotReceived, 1_000),
            (Role::Payable, -19_100),
            (Role::Receivable, 28_000),
            (Role::CustomerDeposits, -2_400),
            (Role::SupplierDeposits, 4_000),
            (Role::ChannelClearing, 7_550),
            (Role::Bank, 100_000),
            (Role::Capital, -73_970),
            (Role::OpeningDifference, 0),
        ] {
            assert_eq!(world.balance(role), balance, "{role}");
        }
        // On hand with what is on its way, reserved for the customers' orders, due from suppliers.
        assert_eq!(world.there("P1"), (15, 2, 8 + 5));
        assert_eq!(world.there("P2").1, 3);
        world.assert_sound();
    });
}

#[test]
fn orders_stand_where_they_stood() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        world.open(&going()).unwrap();
        let filter = OrderFilter { client_ref_prefix: Some("4711".into()), ..Default::default() };
        let orders = world.ask(move |tx, ctx| purchasing::list_orders(tx, ctx, filter.clone()));
        let orders = orders.unwrap().lines;
        assert_eq!(orders.len(), 1);
        let id = orders[0].order_id;
        let order = world.ask(move |tx, ctx| purchasing::order(tx, ctx, id)).unwrap();
        assert_eq!(order.state, OrderState::Acknowledged);
        assert_eq!((order.received, order.billed), (Progress::Partly, Progress::Partly));
        let received: Vec<_> = order.lines.iter().map(|line| line.received).collect();
        assert_eq!(received, [Quantity::units(12), Quantity::units(2)]);
    });
}

#[test]
fn a_trial_run_leaves_nothing_behind() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let before = world.digest();
        let mut tried = going();
        tried.dry_run = true;
        let opened = world.open(&tried).unwrap();
        assert_eq!((opened.applied, opened.opening_id, opened.errors.len()), (false, None, 0));
        assert_eq!(opened.files.len(), 8);
        assert_eq!(world.digest(), before);
        let locks = world.ask(accounting::locks).unwrap();
        assert!(locks.values().all(|lock| lock.hard_through.is_none()));
        // What was tried can be done.
        assert!(world.open(&going()).unwrap().applied);
        world.assert_sound();
    });
}

#[test]
fn days_before_are_locked_and_the_books_open_once() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        world.open(&going()).unwrap();
        let first = world.ask(|tx, ctx| {
            let books = accounting::open_books(tx, ctx, accounting::Area::All, day("2025-12-31"));
            books.map(|books| books.posted_on())
        });
        assert_eq!(first.unwrap(), day("2026-01-01"));
        let opened_on = going().opened_on;
        assert_eq!(world.open(&going()), Err(OpenError::AlreadyOpen { opened_on }));
    });
}

#[test]
fn books_that_are_in_use_are_not_opened() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let bill = purchasing::Bill {
            supplier: "ACME".into(),
            reference: "X".into(),
            billed_on: None,
            due_on: None,
            currency: None,
            goods: Vec::new(),
            expenses: vec![purchasing::BillExpense {
                role: Role::Expense,
                description: "rent".into(),
                quantity: Quantity::ONE,
                price: base::Price::parse("10").unwrap(),
                tax_code: String::new(),
            }],
            confirm_duplicate: false,
            note: String::new(),
            client_ref: String::new(),
        };
        world.ask(move |tx, ctx| purchasing::bill(tx, ctx, bill.clone())).unwrap();
        assert!(matches!(world.open(&going()), Err(OpenError::InUse { .. })));
    });
}

#[test]
fn layers_keep_the_order_of_their_rows() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        world.policy("costing_method", "fifo");
        world.open(&going()).unwrap();
        // 12 pieces leave: the whole first layer (50.00) and two of five of the second (12.00).
        let cost = world.ask(|tx, ctx| {
            let item = catalog::items_by_sku(tx, ctx.company_id, &["P1"])?["P1"].id;
            let warehouse = stock::warehouses(tx, ctx.company_id)?.remove(0);
            let gone = stock::Move {
                counter: Some(stock::Counter::role(Role::Scrap)),
                ..stock::Move::plain(item, warehouse.stock, warehouse.loss, Quantity::units(12))
            };
            let posting = stock::Posting {
                area: accounting::Area::Stock,
                happened_on: ctx.today,
                source_kind: "test",
                source_id: 1,
                memo: String::new(),
                moves: vec![gone],
                lines: Vec::new(),
            };
            Ok::<_, store::StoreError>(stock::post(tx, ctx, posting).unwrap().moves[0].value)
        });
        assert_eq!(cost.unwrap(), 6_200);
    });
}

#[test]
fn statements_do_not_depend_on_the_number_of_rows() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let count = |times: usize| {
            let world = World::new(database);
            let request = many(times);
            let counted = world.ask(move |tx, ctx| {
                let before = tx.statements();
                let opened = opening::open(tx, ctx, request.clone())?;
                assert_eq!((opened.errors, opened.differences), (vec![], vec![]));
                Ok::<_, OpenError>(tx.statements() - before)
            });
            world.assert_sound();
            counted.unwrap()
        };
        assert_eq!(count(1), count(300));
    });
}

#[test]
fn it_tells_how_far_it_is_by_rows_of_its_files() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let heard = Arc::new(Mutex::new(Vec::new()));
        let hears = Arc::clone(&heard);
        let opened = world.ask(move |tx, ctx| {
            opening::open_telling(tx, ctx, going(), &|so_far| {
                hears.lock().unwrap().push((so_far.file, so_far.done, so_far.rows));
            })
        });
        assert!(opened.unwrap().applied);
        let mut told = heard.lock().unwrap().clone();
        // A command that has to lease ids first runs again, and tells anew.
        let began = told.iter().rposition(|(file, ..)| *file == Some("trial_balance")).unwrap();
        let expected = [
            (Some("trial_balance"), 0, 33),
            (Some("stock"), 15, 33),
            (Some("purchase_orders"), 20, 33),
            (Some("bills"), 23, 33),
            (Some("invoices"), 26, 33),
            (Some("sales_orders"), 28, 33),
            (Some("sales_orders"), 30, 33),
            (Some("deposits"), 30, 33),
            (Some("channel_clearing"), 32, 33),
            (None, 33, 33),
        ];
        assert_eq!(told.split_off(began), expected);
    });
}

/// The going company with its stock, bills, invoices and orders to suppliers so many times.
fn many(times: usize) -> opening::Open {
    let mut request = going();
    let files = &mut request.files;
    let sheets: [(&mut String, &str); 4] = [
        (&mut files.stock, "P2,,,,1,1.00\n"),
        (&mut files.bills, "ACME,M-#,2025-12-10,,1.00,\n"),
        (&mut files.invoices, "KUNDE,M-#,2025-12-20,,1.00\n"),
        (&mut files.purchase_orders, "M-#,ACME,WH,2025-11-03,,P1,2,,1.00,2026-01-20,1,,\n"),
    ];
    for (sheet, row) in sheets {
        for at in 0..times {
            sheet.push_str(&row.replace('#', &at.to_string()));
        }
    }
    // One more of each on both sides: stock and receivables, payables and goods not invoiced.
    let pence = |text: &str| text.replace('.', "").parse::<i64>().expect("an amount");
    let pounds = |pence: i64| format!("{}.{:02}", pence / 100, pence % 100);
    for before in ["99.00", "280.00", "191.00", "36.80"] {
        let after = pounds(pence(before) + 100 * times as i64);
        files.trial_balance =
            files.trial_balance.replacen(&format!(",{before}"), &format!(",{after}"), 1);
    }
    request
}
