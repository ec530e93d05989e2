use super::world::{World, from, goods, shipping};
use sales::{AcceptError, InvoiceError, InvoiceOrder, SCHEMA, ShipError};
use store::Database;
use store::testing::on_both_engines;

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
