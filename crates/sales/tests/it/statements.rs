use super::world::{World, from, goods, shipping};
use identity::Ctx;
use sales::{
    AcceptError, AllocateBackOrders, CancelOrder, CloseOrder, InvoiceError, InvoiceOrder,
    ReserveOrder, SCHEMA, ShipError,
};
use store::testing::on_both_engines;
use store::{Database, StoreError, Tx};

#[test]
fn every_statement_reads_the_same_on_both_engines() {
    store::testing::assert_statements_agree(&SCHEMA);
}

/// The statements of accept, ship and invoice of an order of so many lines.
fn count(world: &World, db: &Database, lines: usize) -> [u64; 3] {
    let order = from("B2B", &format!("of {lines}"), (0..lines).map(|i| goods(i, 1, "6")).collect());
    let ctx = world.ctx.clone();
    let (id, accept) = db
        .write(move |tx| {
            let order = sales::accept(tx, &ctx, order.clone())?;
            Ok::<_, AcceptError>((order.order_id, tx.statements()))
        })
        .unwrap();
    let (ctx, ship) = (world.ctx.clone(), shipping(id));
    let shipped = db
        .write(move |tx| {
            sales::ship(tx, &ctx, ship.clone())?;
            Ok::<_, ShipError>(tx.statements())
        })
        .unwrap();
    let ctx = world.ctx.clone();
    let request = InvoiceOrder { order_id: id, invoiced_on: None, due_on: None, client_ref: None };
    let invoiced = db
        .write(move |tx| {
            sales::invoice(tx, &ctx, request.clone())?;
            Ok::<_, InvoiceError>(tx.statements())
        })
        .unwrap();
    [accept, shipped, invoiced]
}

/// The statements that a verb issues.
fn counted<T, E: From<StoreError> + std::fmt::Debug + Send + 'static>(
    world: &World,
    db: &Database,
    verb: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
) -> u64 {
    let issued = world.run(db, move |tx, ctx| {
        let before = tx.statements();
        verb(tx, ctx)?;
        Ok::<_, E>(tx.statements() - before)
    });
    issued.expect("the verb does its work")
}

/// The statements of reserving, allocating, cancelling and closing an order of so many lines, of
/// which as many are missing.
fn count_ends(world: &World, db: &Database, lines: usize) -> [u64; 4] {
    let order = |name: &str| {
        let wanted = (0..lines).map(|i| goods(i, 50, "6")).collect();
        let order = from("B2B", &format!("{name} of {lines}"), wanted);
        world.accept(db, &order).expect("an order").order_id
    };
    let (first, second) = (order("first"), order("second"));
    let come: Vec<(usize, i64, i64)> = (0..lines).map(|item| (item, 10, 1_000)).collect();
    world.receive(db, &come);
    let item_ids: Vec<_> = world.items[..lines].to_vec();
    let warehouse_id = world.warehouse.warehouse_id;
    let reserve = counted(world, db, move |tx, ctx| {
        sales::reserve_order(tx, ctx, ReserveOrder { order_id: second })
    });
    world.receive(db, &come);
    let allocate = counted(world, db, move |tx, ctx| {
        let request = AllocateBackOrders { warehouse_id, item_ids: item_ids.clone() };
        sales::allocate_back_orders(tx, ctx, request)
    });
    world.ship(db, first, None).expect("a part leaves");
    let close = counted(world, db, move |tx, ctx| {
        sales::close(tx, ctx, CloseOrder { order_id: first, reason: "enough".into() })
    });
    let cancel = counted(world, db, move |tx, ctx| {
        let reason = "no more".into();
        sales::cancel(tx, ctx, CancelOrder { order_id: second, lines: None, reason })
    });
    [reserve, allocate, close, cancel]
}

#[test]
fn what_ends_an_order_does_not_depend_on_its_lines_either() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1_000);
        assert_eq!(count_ends(&world, db, 1), count_ends(&world, db, 1_000));
        world.assert_sound(db);
    });
}

#[test]
fn statements_do_not_depend_on_the_number_of_lines() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1_000);
        let all: Vec<(usize, i64, i64)> = (0..1_000).map(|item| (item, 3, 300)).collect();
        world.receive(db, &all);
        let one = count(&world, db, 1);
        assert_eq!(one, count(&world, db, 1_000));
        // What is measured and published: a change here is a change of cost.
        assert!(one[0] <= 7, "accept, its fact and audit row left out: {one:?}");
        world.assert_sound(db);
    });
}
