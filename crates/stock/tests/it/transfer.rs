use super::world::{World, units};
use base::{Day, Quantity};
use identity::Ctx;
use stock::{
    AmendTransfer, ArrivalOutcome, ArrivedLine, CancelTransfer, CreateWarehouse, PlanTransfer,
    ReceiveTransfer, SCHEMA, SendTransfer, TransferError, TransferFilter, TransferItem,
    TransferLeadTime, TransferPlanned, TransferQuantity, TransferState, UnderWayFilter,
};
use store::testing::{Fresh, on_both_engines};
use store::{Database, Engine, Tx};

/// A second warehouse, two days away.
fn second(world: &World, database: &Database) -> stock::Warehouse {
    world.within(database, |tx, ctx| {
        let made = CreateWarehouse { code: "EAST".into(), name: "East".into() };
        let made = stock::create_warehouse(tx, ctx, made)?;
        let lead = TransferLeadTime { from: "WH".into(), to: "EAST".into(), days: 2 };
        stock::set_lead_time(tx, ctx, lead).expect("a lead time");
        Ok::<_, stock::PlaceError>(made)
    })
}

fn asked(lines: &[(usize, i64)]) -> PlanTransfer {
    let line = |(item, quantity): &(usize, i64)| TransferItem {
        sku: format!("P{item:04}"),
        quantity: Quantity::units(*quantity),
    };
    PlanTransfer {
        from: "WH".into(),
        to: "EAST".into(),
        lines: lines.iter().map(line).collect(),
        ..PlanTransfer::default()
    }
}

fn plan(world: &World, database: &Database, lines: &[(usize, i64)]) -> TransferPlanned {
    let request = asked(lines);
    world.within(database, move |tx, ctx| stock::plan_transfer(tx, ctx, request.clone()))
}

fn attempt<T: Send + 'static>(
    world: &World,
    database: &Database,
    work: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, TransferError> + Send + 'static,
) -> Result<T, TransferError> {
    let ctx = world.ctx.clone();
    database.write(move |tx| work(tx, &ctx))
}

fn sending(planned: &TransferPlanned, lines: Option<&[(i64, i64)]>) -> SendTransfer {
    let line = |(line, quantity): &(i64, i64)| TransferQuantity {
        line: *line,
        quantity: Quantity::units(*quantity),
    };
    SendTransfer {
        transfer_id: planned.transfer_id,
        lines: lines.map(|lines| lines.iter().map(line).collect()),
        happened_on: None,
        carrier: String::new(),
        tracking: String::new(),
        client_ref: String::new(),
    }
}

fn arriving(planned: &TransferPlanned, lines: Option<Vec<ArrivedLine>>) -> ReceiveTransfer {
    ReceiveTransfer {
        transfer_id: planned.transfer_id,
        lines,
        happened_on: None,
        client_ref: String::new(),
    }
}

fn arrived(line: i64, quantity: i64, outcome: ArrivalOutcome, reason: &str) -> ArrivedLine {
    ArrivedLine {
        line,
        quantity: Quantity::units(quantity),
        outcome,
        lot: None,
        place: None,
        reason: reason.to_owned(),
        note: String::new(),
    }
}

/// On hand, available and incoming of an item at a warehouse, in units.
fn at(
    world: &World,
    database: &Database,
    warehouse: &stock::Warehouse,
    item: usize,
) -> (i64, i64, i64) {
    let (company, item, id) = (world.ctx.company_id, world.items[item], warehouse.warehouse_id);
    let found = database
        .read(move |tx| stock::availability(tx, company, Some(id), &[item]))
        .expect("availability");
    let found = found[&item];
    (units(found.on_hand), units(found.available), units(found.incoming))
}

fn state(world: &World, database: &Database, planned: &TransferPlanned) -> TransferState {
    let (ctx, id) = (world.ctx.clone(), planned.transfer_id);
    let found = database.read(move |tx| stock::transfer(tx, &ctx, id)).expect("the transfer");
    found.head.state
}

#[test]
fn goods_leave_one_warehouse_and_arrive_at_the_other_at_the_same_cost() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let east = second(&world, database);
        world.post(database, vec![world.incoming(0, 10, 1_001)]).expect("stock");
        let planned = plan(&world, database, &[(0, 4)]);
        assert_eq!(planned.arrive_on, world.ctx.today.plus(2).expect("a day"));
        assert_eq!(at(&world, database, &world.warehouse, 0), (10, 6, 0));
        assert_eq!(at(&world, database, &east, 0), (0, 0, 4));

        let request = sending(&planned, None);
        world.within(database, move |tx, ctx| stock::send_transfer(tx, ctx, request.clone()));
        assert_eq!(at(&world, database, &world.warehouse, 0), (6, 6, 0));
        assert_eq!(at(&world, database, &east, 0), (0, 0, 4));
        let ctx = world.ctx.clone();
        let moving = database
            .read(move |tx| stock::list_under_way(tx, &ctx, UnderWayFilter::default()))
            .expect("a list");
        assert_eq!(moving.lines.len(), 1);
        assert_eq!(units(moving.lines[0].quantity), 4);
        assert_eq!(moving.lines[0].sent_value.minor, 400);
        world.assert_sound(database);

        let request = arriving(&planned, None);
        world.within(database, move |tx, ctx| stock::receive_transfer(tx, ctx, request.clone()));
        assert_eq!(at(&world, database, &east, 0), (4, 4, 0));
        assert_eq!(state(&world, database, &planned), TransferState::Closed);
        let out = vec![world.plain(0, east.stock, east.customer, 4)];
        let out = out.into_iter().map(|goods| stock::Move {
            counter: Some(stock::Counter::role(accounting::Role::Cogs)),
            ..goods
        });
        let posted = world.post(database, out.collect()).expect("a sale");
        assert_eq!(posted.moves[0].value, 400);
        world.assert_sound(database);
    });
}

#[test]
fn what_is_short_stays_planned_and_leaves_when_goods_have_come() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 2);
        let east = second(&world, database);
        let stock = vec![world.incoming(0, 3, 300), world.incoming(1, 5, 500)];
        world.post(database, stock).expect("stock");
        let planned = plan(&world, database, &[(0, 5), (1, 5)]);
        assert_eq!(planned.reserved.iter().map(|q| units(*q)).collect::<Vec<_>>(), [3, 5]);

        let more = sending(&planned, Some(&[(1, 4)]));
        let refused =
            attempt(&world, database, move |tx, ctx| stock::send_transfer(tx, ctx, more.clone()));
        let expected = TransferError::Short {
            line: 1,
            kept: Quantity::units(3),
            quantity: Quantity::units(4),
        };
        assert_eq!(refused, Err(expected));

        let request = sending(&planned, None);
        world.within(database, move |tx, ctx| stock::send_transfer(tx, ctx, request.clone()));
        assert_eq!(state(&world, database, &planned), TransferState::UnderWay);
        assert_eq!(at(&world, database, &east, 0), (0, 0, 5));
        world.post(database, vec![world.incoming(0, 9, 900)]).expect("stock");
        let request = sending(&planned, Some(&[(1, 2)]));
        world.within(database, move |tx, ctx| stock::send_transfer(tx, ctx, request.clone()));
        assert_eq!(at(&world, database, &world.warehouse, 0), (7, 7, 0));
        let request = arriving(&planned, None);
        world.within(database, move |tx, ctx| stock::receive_transfer(tx, ctx, request.clone()));
        assert_eq!(at(&world, database, &east, 0), (5, 5, 0));
        assert_eq!(state(&world, database, &planned), TransferState::Closed);
        world.assert_sound(database);
    });
}

#[test]
fn at_arrival_goods_are_accepted_quarantined_missing_or_brought_back() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let east = second(&world, database);
        world.post(database, vec![world.incoming(0, 10, 1_000)]).expect("stock");
        let planned = plan(&world, database, &[(0, 10)]);
        let request = sending(&planned, None);
        world.within(database, move |tx, ctx| stock::send_transfer(tx, ctx, request.clone()));

        let unexplained = arrived(1, 1, ArrivalOutcome::Missing, "moths");
        let request = arriving(&planned, Some(vec![unexplained]));
        let refused = attempt(&world, database, move |tx, ctx| {
            stock::receive_transfer(tx, ctx, request.clone())
        });
        assert!(matches!(refused, Err(TransferError::UnknownReason { line: 1, .. })));

        let lines = vec![
            arrived(1, 5, ArrivalOutcome::Accepted, ""),
            arrived(1, 2, ArrivalOutcome::Quarantine, ""),
            arrived(1, 1, ArrivalOutcome::Missing, "unexplained"),
            arrived(1, 1, ArrivalOutcome::Returned, ""),
        ];
        let request = arriving(&planned, Some(lines));
        world.within(database, move |tx, ctx| stock::receive_transfer(tx, ctx, request.clone()));
        assert_eq!(at(&world, database, &east, 0), (7, 5, 1));
        assert_eq!(at(&world, database, &world.warehouse, 0), (1, 1, 0));
        assert_eq!(state(&world, database, &planned), TransferState::UnderWay);
        world.assert_sound(database);

        let more = arriving(&planned, Some(vec![arrived(1, 2, ArrivalOutcome::Accepted, "")]));
        let refused = attempt(&world, database, move |tx, ctx| {
            stock::receive_transfer(tx, ctx, more.clone())
        });
        let expected = TransferError::ExceedsSent {
            line: 1,
            under_way: Quantity::ONE,
            quantity: Quantity::units(2),
        };
        assert_eq!(refused, Err(expected));

        let request = arriving(&planned, None);
        world.within(database, move |tx, ctx| stock::receive_transfer(tx, ctx, request.clone()));
        assert_eq!(at(&world, database, &east, 0), (8, 6, 0));
        assert_eq!(state(&world, database, &planned), TransferState::Closed);
        world.assert_sound(database);
    });
}

#[test]
fn a_plan_can_be_amended_and_called_off_until_goods_have_left() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let east = second(&world, database);
        world.post(database, vec![world.incoming(0, 10, 1_000)]).expect("stock");
        let planned = plan(&world, database, &[(0, 4)]);
        let change = |quantity, depart_on: Option<Day>, arrive_on: Option<Day>| {
            let transfer_id = planned.transfer_id;
            let lines = vec![TransferQuantity { line: 1, quantity: Quantity::units(quantity) }];
            let request = AmendTransfer { transfer_id, lines, depart_on, arrive_on };
            attempt(&world, database, move |tx, ctx| {
                stock::amend_transfer(tx, ctx, request.clone())
            })
        };
        change(7, None, None).expect("raised");
        assert_eq!(at(&world, database, &world.warehouse, 0), (10, 3, 0));
        assert_eq!(at(&world, database, &east, 0), (0, 0, 7));
        change(2, None, None).expect("lowered");
        assert_eq!(at(&world, database, &world.warehouse, 0), (10, 8, 0));
        let later = world.ctx.today.plus(9).expect("a day");
        let moved = change(2, Some(later), None);
        assert!(matches!(moved, Err(TransferError::ArrivesBeforeDeparture { .. })));
        assert_eq!(change(2, Some(later), Some(later)).expect("later").arrive_on, later);
        world.assert_sound(database);

        let request = sending(&planned, Some(&[(1, 1)]));
        world.within(database, move |tx, ctx| stock::send_transfer(tx, ctx, request.clone()));
        let below = change(0, None, None);
        assert!(matches!(below, Err(TransferError::BelowSent { line: 1, .. })));
        let earlier = change(2, Some(world.ctx.today), None);
        assert!(matches!(earlier, Err(TransferError::HasLeft { .. })));

        let cancel = CancelTransfer {
            transfer_id: planned.transfer_id,
            reason: "sold here after all".into(),
        };
        let again = cancel.clone();
        let ended =
            world.within(database, move |tx, ctx| stock::cancel_transfer(tx, ctx, cancel.clone()));
        assert_eq!(ended.state, TransferState::UnderWay);
        assert_eq!(at(&world, database, &world.warehouse, 0), (9, 9, 0));
        assert_eq!(at(&world, database, &east, 0), (0, 0, 1));
        let twice = attempt(&world, database, move |tx, ctx| {
            stock::cancel_transfer(tx, ctx, again.clone())
        });
        assert!(matches!(twice, Err(TransferError::NothingToCancel { .. })));
        let request = arriving(&planned, None);
        world.within(database, move |tx, ctx| stock::receive_transfer(tx, ctx, request.clone()));
        assert_eq!(state(&world, database, &planned), TransferState::Closed);
        world.assert_sound(database);
    });
}

#[test]
fn what_a_client_calls_the_same_is_done_once() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        second(&world, database);
        world.post(database, vec![world.incoming(0, 10, 1_000)]).expect("stock");
        let request = PlanTransfer { client_ref: "week 7".into(), ..asked(&[(0, 4)]) };
        let again = request.clone();
        let first =
            world.within(database, move |tx, ctx| stock::plan_transfer(tx, ctx, request.clone()));
        let second =
            world.within(database, move |tx, ctx| stock::plan_transfer(tx, ctx, again.clone()));
        assert!(second.repeated);
        assert_eq!(first.transfer_id, second.transfer_id);
        let send = SendTransfer { client_ref: "lorry".into(), ..sending(&first, Some(&[(1, 1)])) };
        for repeated in [false, true] {
            let send = send.clone();
            let sent =
                world.within(database, move |tx, ctx| stock::send_transfer(tx, ctx, send.clone()));
            assert_eq!(sent.repeated, repeated);
        }
        let receive = ReceiveTransfer { client_ref: "dock".into(), ..arriving(&first, None) };
        for repeated in [false, true] {
            let receive = receive.clone();
            let received = world
                .within(database, move |tx, ctx| stock::receive_transfer(tx, ctx, receive.clone()));
            assert_eq!(received.repeated, repeated);
        }
        let ctx = world.ctx.clone();
        let filter = TransferFilter {
            state: Some(TransferState::UnderWay),
            from: Some("WH".into()),
            sku: Some("P0000".into()),
            ..TransferFilter::default()
        };
        let listed = database
            .read(move |tx| stock::list_transfers(tx, &ctx, filter.clone()))
            .expect("a list");
        assert_eq!(listed.lines.len(), 1);
        world.assert_sound(database);
    });
}

#[test]
fn what_cannot_be_transferred_is_told_by_line() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        second(&world, database);
        let refused = |request: PlanTransfer| {
            attempt(&world, database, move |tx, ctx| stock::plan_transfer(tx, ctx, request.clone()))
                .expect_err("refused")
        };
        let to = |to: &str| PlanTransfer { to: to.into(), ..asked(&[(0, 1)]) };
        assert!(matches!(refused(to("WH")), TransferError::SameWarehouse { .. }));
        assert!(matches!(refused(to("MOON")), TransferError::UnknownWarehouse { .. }));
        assert_eq!(refused(asked(&[])), TransferError::Empty);
        assert!(matches!(
            refused(asked(&[(0, 1), (9, 1)])),
            TransferError::UnknownItem { line: 2, .. }
        ));
        assert!(matches!(refused(asked(&[(0, 0)])), TransferError::NotPositive { line: 1, .. }));
        let mut half = asked(&[(0, 1)]);
        half.lines[0].quantity = Quantity::from_micro(500_000);
        assert!(matches!(refused(half), TransferError::NotWhole { line: 1, .. }));
        let elsewhere = PlanTransfer { to_place: Some("WH/Stock".into()), ..asked(&[(0, 1)]) };
        assert!(matches!(refused(elsewhere), TransferError::UnknownPlace { .. }));
        world.assert_sound(database);
    });
}

#[test]
fn a_warehouse_with_a_pool_of_its_own_takes_goods_over_at_their_cost() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        world.within(database, |tx, ctx| {
            identity::set_policy(tx, ctx, "valuation_pool", "warehouse")
        });
        let east = second(&world, database);
        assert_ne!(east.pool_id, world.warehouse.pool_id);
        world.post(database, vec![world.incoming(0, 2, 180)]).expect("stock");
        let here = stock::Move { to: east.stock, ..world.incoming(0, 1, 80) };
        world.post(database, vec![here]).expect("stock");
        let planned = plan(&world, database, &[(0, 1)]);
        let request = sending(&planned, None);
        world.within(database, move |tx, ctx| stock::send_transfer(tx, ctx, request.clone()));
        let request = arriving(&planned, None);
        world.within(database, move |tx, ctx| stock::receive_transfer(tx, ctx, request.clone()));
        let sold = stock::Move { from: east.stock, ..world.outgoing(0, 1) };
        assert_eq!(world.post(database, vec![sold]).expect("a sale").moves[0].value, 85);
        world.assert_sound(database);
    });
}

/// The statements of planning, sending and receiving a transfer of so many lines.
fn statements(lines: usize) -> [u64; 3] {
    let fresh = Fresh::new(Engine::Sqlite, &SCHEMA);
    let world = World::new(&fresh.database, lines);
    second(&world, &fresh.database);
    let stock = (0..lines).map(|item| world.incoming(item, 5, 500)).collect();
    world.post(&fresh.database, stock).expect("stock");
    let request = asked(&(0..lines).map(|item| (item, 5)).collect::<Vec<_>>());
    let (planned, a) = world.within(&fresh.database, move |tx, ctx| {
        let before = tx.statements();
        let planned = stock::plan_transfer(tx, ctx, request.clone())?;
        Ok::<_, TransferError>((planned, tx.statements() - before))
    });
    let send = sending(&planned, None);
    let b = world.within(&fresh.database, move |tx, ctx| {
        let before = tx.statements();
        stock::send_transfer(tx, ctx, send.clone())?;
        Ok::<_, TransferError>(tx.statements() - before)
    });
    let receive = arriving(&planned, None);
    let c = world.within(&fresh.database, move |tx, ctx| {
        let before = tx.statements();
        stock::receive_transfer(tx, ctx, receive.clone())?;
        Ok::<_, TransferError>(tx.statements() - before)
    });
    [a, b, c]
}

#[test]
fn a_thousand_lines_take_the_statements_of_one() {
    assert_eq!(statements(1), statements(1_000));
}

#[test]
fn two_nodes_send_and_receive_a_transfer_once() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0], 1);
    let east = second(&world, &nodes[0]);
    world.post(&nodes[0], vec![world.incoming(0, 40, 4_001)]).expect("stock");
    let planned = plan(&world, &nodes[0], &[(0, 20)]);
    let done = |work: &(dyn Fn(&Database) -> bool + Sync)| {
        std::thread::scope(|scope| {
            let clients: Vec<_> = (0..32)
                .map(|client| {
                    let node = &nodes[client % 2];
                    scope.spawn(move || work(node))
                })
                .collect();
            clients.into_iter().filter_map(|client| client.join().ok()).filter(|won| *won).count()
        })
    };
    let sold = world.outgoing(0, 1);
    let sent = done(&|node| {
        let request = sending(&planned, Some(&[(1, 1)]));
        let sale = world.post(node, vec![sold.clone()]);
        let sent =
            attempt(&world, node, move |tx, ctx| stock::send_transfer(tx, ctx, request.clone()));
        drop(sale);
        sent.is_ok()
    });
    assert_eq!(sent, 20);
    let received = done(&|node| {
        let one = arrived(1, 1, ArrivalOutcome::Accepted, "");
        let request = arriving(&planned, Some(vec![one]));
        attempt(&world, node, move |tx, ctx| stock::receive_transfer(tx, ctx, request.clone()))
            .is_ok()
    });
    assert_eq!(received, 20);
    assert_eq!(at(&world, &nodes[0], &east, 0).0, 20);
    assert_eq!(at(&world, &nodes[0], &world.warehouse, 0).0, 0);
    assert_eq!(nodes.iter().map(|node| node.counts().deadlocks).sum::<u64>(), 0);
    world.assert_sound(&nodes[0]);
    nodes[1].close();
}
