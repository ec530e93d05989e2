use super::world::{World, from, goods, shipping, whole};
use accounting::Role;
use base::{Id, Quantity, Rule, SalesOrderId, UserId, WarehouseId};
use sales::{
    AcceptOrder, AcceptOrders, BatchResults, ElementOutcome, InvoiceOrder, InvoiceOrders,
    InvoiceResults, Progress, SCHEMA, Ship, ShipLine, ShipOrders, ShipResults, WhenShort,
};
use store::Database;
use store::testing::on_both_engines;

fn send(world: &World, db: &Database, orders: Vec<AcceptOrder>) -> BatchResults {
    let request = AcceptOrders { orders, all_or_nothing: false };
    world.run(db, move |tx, ctx| sales::accept_orders(tx, ctx, request.clone())).unwrap()
}

fn outcomes(results: &BatchResults) -> Vec<ElementOutcome> {
    results.results.iter().map(|result| result.outcome).collect()
}

use ElementOutcome::{Done, Refused, Repeated};

#[test]
fn each_order_of_a_batch_is_answered_for_itself() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 5, 500)]);
        let orders = vec![
            from("SHOP", "1", vec![goods(0, 2, "6")]),
            from("SHOP", "2", vec![goods(0, 2, "6")]),
            from("SHOP", "1", vec![goods(0, 2, "6")]),
            from("WEB", "3", vec![goods(0, 2, "6")]),
            from("WEB", "4", vec![goods(0, 1, "6")]),
            from("SHOP", "5", vec![goods(9, 1, "6")]),
            from("SHOP", "6", vec![goods(0, 1, "6")]),
            from("NOPE", "7", vec![goods(0, 1, "6")]),
        ];
        let first = send(&world, db, orders.clone());
        assert_eq!(outcomes(&first), [Done, Done, Repeated, Refused, Done, Refused, Done, Refused]);
        let code = |place: usize| first.results[place].code.clone().unwrap();
        assert_eq!(
            [code(3), code(5), code(7)],
            ["insufficient_stock", "unknown_item", "unknown_channel"]
        );
        let six = first.results[6].order.clone().unwrap();
        assert_eq!(whole(six.lines[0].back_order), 1);
        let again = send(&world, db, orders);
        assert_eq!(
            outcomes(&again),
            [Repeated, Repeated, Repeated, Refused, Repeated, Refused, Repeated, Refused]
        );
        assert_eq!(again.results[6].order.clone().unwrap().order_id, six.order_id);
        world.assert_sound(db);
    });
}

#[test]
fn one_refusal_undoes_the_batch_that_wants_all_or_nothing() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 5, 500)]);
        let request = AcceptOrders {
            orders: vec![
                from("SHOP", "1", vec![goods(0, 2, "6")]),
                from("WEB", "2", vec![goods(0, 9, "6")]),
            ],
            all_or_nothing: true,
        };
        let error = world
            .run(db, move |tx, ctx| sales::accept_orders(tx, ctx, request.clone()))
            .unwrap_err();
        let problem = error.problem();
        assert_eq!(problem.code, "insufficient_stock");
        assert_eq!(problem.place.and_then(|place| place.row), Some(2));
        assert_eq!(world.available(db, 0), 5);
        world.assert_sound(db);
    });
}

#[test]
fn a_thousand_orders_cost_the_statements_of_two() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 4);
        world.receive(db, &[(0, 900, 90_000), (1, 900, 90_000)]);
        let count = |from_: usize, orders: usize| {
            let orders: Vec<AcceptOrder> = (0..orders)
                .map(|n| {
                    let reference = format!("{}", from_ + n);
                    from("SHOP", &reference, vec![goods(n % 4, 1, "6"), goods((n + 1) % 4, 1, "6")])
                })
                .collect();
            let ctx = world.ctx.clone();
            db.write(move |tx| {
                let request = AcceptOrders { orders: orders.clone(), all_or_nothing: false };
                let results = sales::accept_orders(tx, &ctx, request)?;
                assert!(results.results.iter().all(|result| result.outcome == Done));
                Ok::<_, sales::BatchError>(tx.statements())
            })
            .unwrap()
        };
        assert_eq!(count(0, 2), count(10, 1_000));
        world.assert_sound(db);
    });
}

#[test]
fn a_batch_of_too_many_is_refused_and_each_refusing_order_stands_alone() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 3, 300)]);
        let many = vec![from("SHOP", "1", vec![goods(0, 1, "6")]); sales::MAX_BATCH + 1];
        let request = AcceptOrders { orders: many, all_or_nothing: false };
        let error = world
            .run(db, move |tx, ctx| sales::accept_orders(tx, ctx, request.clone()))
            .unwrap_err();
        assert_eq!(error.problem().code, "batch_too_large");
        let orders: Vec<AcceptOrder> = (0..60)
            .map(|n| AcceptOrder {
                when_short: Some(WhenShort::Refuse),
                ..from("SHOP", &n.to_string(), vec![goods(0, 1, "6")])
            })
            .collect();
        let done = outcomes(&send(&world, db, orders)).iter().filter(|o| **o == Done).count();
        assert_eq!(done, 3);
        world.assert_sound(db);
    });
}

fn ship_all(world: &World, db: &Database, shipments: Vec<Ship>) -> ShipResults {
    let request = ShipOrders { shipments, all_or_nothing: false };
    world.run(db, move |tx, ctx| sales::ship_orders(tx, ctx, request.clone())).unwrap()
}

fn invoice_all(world: &World, db: &Database, orders: &[SalesOrderId]) -> InvoiceResults {
    let request =
        InvoiceOrders { invoices: orders.iter().map(invoicing).collect(), all_or_nothing: false };
    world.run(db, move |tx, ctx| sales::invoice_orders(tx, ctx, request.clone())).unwrap()
}

fn invoicing(order_id: &SalesOrderId) -> InvoiceOrder {
    InvoiceOrder { order_id: *order_id, invoiced_on: None, due_on: None, client_ref: None }
}

#[test]
fn orders_shipped_as_a_batch_leave_as_if_each_were_shipped_alone() {
    on_both_engines(&SCHEMA, |db| {
        // The same goods at a cost that does not divide, sold in the same orders: once one by one,
        // once as a batch.
        let told = |together: bool| {
            let world = World::new(db, 2);
            world.receive(db, &[(0, 7, 1_001), (1, 3, 500)]);
            let wanted = [
                from("WEB", "1", vec![goods(0, 3, "3.3333"), goods(1, 1, "8")]),
                from("B2B", "2", vec![goods(0, 2, "6"), goods(1, 2, "7")]),
                from("WEB", "3", vec![goods(0, 2, "6")]),
            ];
            let ids: Vec<SalesOrderId> = wanted
                .iter()
                .map(|order| world.accept(db, order).expect("accepted").order_id)
                .collect();
            let costs: Vec<i64> = if together {
                let results =
                    ship_all(&world, db, ids.iter().map(|id| shipping(*id)).collect()).results;
                results.into_iter().map(|it| it.shipment.expect("shipped").cost.minor).collect()
            } else {
                ids.iter()
                    .map(|id| world.ship(db, *id, None).expect("shipped").cost.minor)
                    .collect()
            };
            let invoiced = if together {
                let results = invoice_all(&world, db, &ids[1..2]).results;
                results.into_iter().map(|it| it.invoice.expect("invoiced").gross.minor).collect()
            } else {
                vec![world.invoice(db, ids[1]).expect("invoiced").gross.minor]
            };
            world.assert_sound(db);
            let balances = [Role::Cogs, Role::StockValuation, Role::Revenue, Role::OutputTax]
                .map(|role| world.balance(db, role));
            (costs, invoiced, balances)
        };
        assert_eq!(told(true), told(false));
    });
}

#[test]
fn each_shipment_of_a_batch_is_answered_for_itself() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 9, 900)]);
        let order = |name: &str, pieces: i64| {
            let order = from("SHOP", name, vec![goods(0, pieces, "6")]);
            world.accept(db, &order).expect("accepted").order_id
        };
        let (one, two, three, nothing) =
            (order("1", 4), order("2", 2), order("3", 3), order("4", 5));
        let part = |order_id, pieces: i64| Ship {
            lines: Some(vec![ShipLine {
                line: 1,
                quantity: Quantity::units(pieces),
                confirm_expired: false,
            }]),
            ..shipping(order_id)
        };
        let results = ship_all(
            &world,
            db,
            vec![
                part(one, 1),
                part(two, 9),
                shipping(three),
                part(one, 3),
                shipping(nothing),
                shipping(SalesOrderId::from_raw(1)),
            ],
        );
        let outcomes: Vec<_> = results.results.iter().map(|result| result.outcome).collect();
        assert_eq!(outcomes, [Done, Refused, Done, Done, Refused, Refused]);
        let codes: Vec<_> =
            results.results.iter().filter_map(|result| result.code.as_deref()).collect();
        assert_eq!(codes, ["exceeds_open", "nothing_to_ship", "order_not_found"]);
        assert_eq!(results.results[1].line, Some(1));
        assert_eq!(world.order(db, one).head.shipped, Progress::Fully);
        assert_eq!(world.order(db, two).head.shipped, Progress::None);
        let again = invoice_all(&world, db, &[two, one, one]);
        let codes: Vec<_> = again.results.iter().map(|result| result.code.as_deref()).collect();
        assert_eq!(codes, [Some("nothing_to_invoice"), None, Some("nothing_to_invoice")]);
        world.assert_sound(db);
    });
}

#[test]
fn one_refused_shipment_undoes_the_batch_that_wants_all_or_nothing() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 4, 400)]);
        let order = from("SHOP", "1", vec![goods(0, 4, "6")]);
        let order_id = world.accept(db, &order).expect("accepted").order_id;
        let unknown = SalesOrderId::from_raw(1);
        let shipments = vec![shipping(order_id), shipping(unknown)];
        let request = ShipOrders { shipments, all_or_nothing: true };
        let error =
            world.run(db, move |tx, ctx| sales::ship_orders(tx, ctx, request.clone())).unwrap_err();
        let problem = error.problem();
        assert_eq!(problem.code, "order_not_found");
        assert_eq!(problem.place.and_then(|place| place.row), Some(2));
        assert_eq!(world.order(db, order_id).head.shipped, Progress::None);
        let many = ShipOrders { shipments: vec![shipping(order_id); 1_001], all_or_nothing: false };
        let error =
            world.run(db, move |tx, ctx| sales::ship_orders(tx, ctx, many.clone())).unwrap_err();
        assert_eq!(error.problem().code, "batch_too_large");
        world.assert_sound(db);
    });
}

#[test]
fn shipping_and_invoicing_three_hundred_orders_cost_the_statements_of_two() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 900, 90_000), (1, 900, 90_000)]);
        let count = |first: usize, orders: usize| {
            let wanted = (first..first + orders)
                .map(|n| from("B2B", &n.to_string(), vec![goods(0, 1, "6"), goods(1, 1, "6")]))
                .collect();
            let ids: Vec<SalesOrderId> = send(&world, db, wanted)
                .results
                .into_iter()
                .map(|result| result.order.expect("accepted").order_id)
                .collect();
            let ctx = world.ctx.clone();
            db.write(move |tx| {
                let shipments = ids.iter().map(|id| shipping(*id)).collect();
                sales::ship_orders(tx, &ctx, ShipOrders { shipments, all_or_nothing: true })?;
                let shipped = tx.statements();
                let invoices = ids.iter().map(invoicing).collect();
                sales::invoice_orders(tx, &ctx, InvoiceOrders { invoices, all_or_nothing: true })?;
                Ok::<_, sales::BatchError>((shipped, tx.statements()))
            })
            .unwrap()
        };
        assert_eq!(count(0, 2), count(10, 300));
        world.assert_sound(db);
    });
}

#[test]
fn one_refused_order_among_many_leaves_the_others_as_a_batch() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 400, 40_000)]);
        let wanted = (0..64).map(|n| from("SHOP", &n.to_string(), vec![goods(0, 1, "6")]));
        let made = send(&world, db, wanted.collect()).results.into_iter();
        let mut ids: Vec<SalesOrderId> =
            made.map(|result| result.order.expect("accepted").order_id).collect();
        ids[40] = SalesOrderId::from_raw(1);
        let ctx = world.ctx.clone();
        let (results, statements) = db
            .write(move |tx| {
                let shipments = ids.iter().map(|id| shipping(*id)).collect();
                let request = ShipOrders { shipments, all_or_nothing: false };
                let made = sales::ship_orders(tx, &ctx, request)?;
                Ok::<_, sales::BatchError>((made.results, tx.statements()))
            })
            .expect("a batch");
        let refused: Vec<u64> = results
            .iter()
            .filter(|result| result.outcome == Refused)
            .map(|result| result.element)
            .collect();
        assert_eq!(refused, [41]);
        // Halves are tried: six sets that are refused, six that are not, and not 64 single orders of
        // some twenty statements each.
        assert!(statements < 400, "{statements} statements");
        world.assert_sound(db);
    });
}

#[test]
fn who_ships_in_one_warehouse_ships_its_orders_in_a_batch() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 4, 400)]);
        let order = from("SHOP", "1", vec![goods(0, 4, "6")]);
        let order_id = world.accept(db, &order).expect("accepted").order_id;
        let ship_as = |warehouse_id: WarehouseId| {
            let user = UserId::from_raw(77);
            let rights = &["sales.ship"];
            let ctx = identity::testing::holding_in(&world.ctx, user, rights, warehouse_id);
            let request = ShipOrders { shipments: vec![shipping(order_id)], all_or_nothing: false };
            let made = db.write(move |tx| sales::ship_orders(tx, &ctx, request.clone()));
            made.expect("a batch").results.remove(0)
        };
        let elsewhere = ship_as(WarehouseId::from_raw(5));
        assert_eq!(elsewhere.code.as_deref(), Some("warehouse_denied"));
        assert_eq!(ship_as(world.warehouse.warehouse_id).outcome, Done);
        world.assert_sound(db);
    });
}
