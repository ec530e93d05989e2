//! Two nodes at once.

use super::world::{attach, note, order, write};
use documents::{Detach, EvidenceError, SCHEMA};
use std::sync::mpsc;
use store::testing::Fresh;
use store::{Engine, Statement, StoreError, Tx, params};

/// How many wait for what this transaction holds.
static WAITING: Statement = Statement::new(
    "test::WAITING",
    "select count(*) from pg_locks as l where not l.granted
        and cast(l.transactionid as text) = cast(pg_current_xact_id() as text)",
);

/// Returns when somebody waits for what this transaction holds.
fn await_another(tx: &mut Tx<'_>) -> Result<(), StoreError> {
    for _ in 0..200_000 {
        let waiting = tx.query_opt(&WAITING, params![])?.map_or(Ok(0), |row| row.get::<i64>(0))?;
        if waiting > 0 {
            return Ok(());
        }
        std::thread::yield_now();
    }
    Err(StoreError::Unusable("nobody waits".to_owned()))
}

#[test]
fn a_document_that_is_being_detached_is_not_named_as_evidence() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let (here, there) = (&fresh.database, &fresh.open_again());
    let ctx = &identity::testing::ctx(here);
    let document_id = attach(here, ctx, &order(1), note("wet"), b"a photo").unwrap().document_id;
    let (detaching, begun) = mpsc::channel();
    let found = std::thread::scope(|scope| {
        let detached = scope.spawn(move || {
            write(here, ctx, move |tx, ctx| {
                let request = Detach { document_id, reason: "of another order".to_owned() };
                documents::detach(tx, ctx, &request)?;
                let _ = detaching.send(());
                await_another(tx)?;
                Ok::<_, documents::DetachError>(())
            })
        });
        begun.recv().unwrap();
        let found = write(there, ctx, move |tx, ctx| {
            documents::find_evidence(tx, ctx, [document_id], &["purchase_order"])
        });
        detached.join().unwrap().unwrap();
        found
    });
    assert_eq!(found, Err(EvidenceError::Detached { document_id }));
    there.close();
}
