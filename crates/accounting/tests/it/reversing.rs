use super::world::{balances, day, invoice, lock, post_one, story};
use accounting::{Area, ReverseError, reverse};
use base::{EntryId, Id};

#[test]
fn a_reversal_takes_back_everything_once() {
    story(|database, ctx| {
        let id = post_one(database, ctx, invoice(4, "2026-03-10", 1200)).expect("an invoice");
        let undo = |entry: EntryId, on: &str| {
            let (ctx, on) = (ctx.clone(), day(on));
            database.write(move |tx| reverse(tx, &ctx, entry, on))
        };
        let missing = EntryId::from_raw(1);
        assert_eq!(undo(missing, "2026-03-11"), Err(ReverseError::NotFound { entry_id: missing }));
        let early = ReverseError::BeforeOriginal {
            entry_id: id,
            on: day("2026-03-09"),
            posted_on: day("2026-03-10"),
        };
        assert_eq!(undo(id, "2026-03-09"), Err(early));
        let reversed = undo(id, "2026-03-11").expect("the reversal");
        assert!(balances(database, ctx).is_empty());
        let by = reversed.entry_id;
        assert_eq!(undo(id, "2026-03-12"), Err(ReverseError::Reversed { entry_id: id, by }));
        let again = ReverseError::IsReversal { entry_id: by, original: id };
        assert_eq!(undo(by, "2026-03-12"), Err(again));
        let reader = ctx.clone();
        let detail = database.read(move |tx| accounting::entry(tx, &reader, id)).expect("a read");
        assert_eq!(detail.expect("the entry").reversed_by, Some(by));
    });
}

#[test]
fn a_reversal_goes_to_an_open_day() {
    story(|database, ctx| {
        let id = post_one(database, ctx, invoice(4, "2026-02-10", 1200)).expect("an invoice");
        lock(database, ctx, Area::All, "2026-02-28", true).expect("the lock");
        let writer = ctx.clone();
        let reversed = database
            .write(move |tx| reverse(tx, &writer, id, day("2026-02-11")))
            .expect("the reversal");
        assert_eq!(reversed.posted_on, day("2026-03-01"));
    });
}
