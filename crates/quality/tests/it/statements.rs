use super::world::{World, all, arriving, goods, refunding};
use identity::Ctx;
use quality::{Dispose, Disposition};
use store::testing::on_both_engines;
use store::{StoreError, Tx};

#[test]
fn every_statement_reads_the_same_on_both_engines() {
    store::testing::assert_statements_agree(&quality::SCHEMA);
}

/// The statements that a verb issues, and what it answers.
fn counted<T: Send + 'static, E: From<StoreError> + std::fmt::Debug + Send + 'static>(
    world: &World<'_>,
    verb: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
) -> (T, u64) {
    let issued = world.run(move |tx, ctx| {
        let before = tx.statements();
        let answer = verb(tx, ctx)?;
        Ok::<_, E>((answer, tx.statements() - before))
    });
    issued.expect("the verb does its work")
}

/// The statements of authorizing, receiving, deciding on and refunding so many lines.
fn count(world: &World<'_>, lines: usize) -> [u64; 4] {
    let order = world.sell("WEB", (0..lines).map(|item| goods(item, 1, "6")).collect());
    let request = quality::AuthorizeReturn { order_id: Some(order), ..super::world::nothing() };
    let (made, authorize) =
        counted(world, move |tx, ctx| quality::authorize_return(tx, ctx, request.clone()));
    let id = made.return_id;
    let (_, receive) =
        counted(world, move |tx, ctx| quality::receive_return(tx, ctx, arriving(id)));
    let lines: Vec<_> = (1..=lines as i64).map(|line| all(line, Disposition::Restock)).collect();
    let request = Dispose { return_id: id, decided_on: None, lines, client_ref: String::new() };
    let (_, dispose) = counted(world, move |tx, ctx| quality::dispose(tx, ctx, request.clone()));
    let (_, refund) = counted(world, move |tx, ctx| quality::decide_refund(tx, ctx, refunding(id)));
    [authorize, receive, dispose, refund]
}

#[test]
fn statements_do_not_depend_on_the_number_of_lines() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 1_000);
        let all: Vec<(usize, i64, i64)> = (0..1_000).map(|item| (item, 3, 300)).collect();
        world.receive(&all);
        assert_eq!(count(&world, 1), count(&world, 1_000));
        world.assert_sound();
    });
}
