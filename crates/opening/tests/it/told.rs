//! What is told of an opening: every account beside the trial balance, and what it made.

use super::world::{World, day, going};
use base::{Id, OpeningId};
use opening::{FindOpeningError, OpenedDocument, OpenedDocumentFilter, OpenedFrom, Undo};
use store::testing::on_both_engines;

#[test]
fn every_account_is_told_beside_the_trial_balance() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let mut off = going();
        off.dry_run = true;
        off.files.stock = off.files.stock.replace("5,30.00", "5,29.99");
        let opened = world.open(&off).unwrap();
        let told: Vec<_> = opened
            .accounts
            .iter()
            .map(|one| (one.account.as_str(), one.trial_balance.minor, one.opened.minor))
            .collect();
        assert_eq!(told.len(), 14, "one of the fifteen has no balance: {told:?}");
        assert!(told.contains(&("1000", 9_900, 9_899)));
        assert!(told.contains(&("1300", 100_000, 100_000)));
        let of = |account: &str| {
            let found = opened.accounts.iter().find(|one| one.account == account);
            found.map(|one| one.opened_from)
        };
        assert_eq!(
            (of("1000"), of("1300")),
            (Some(OpenedFrom::Stock), Some(OpenedFrom::TrialBalance))
        );
        let off: Vec<_> = opened.accounts.iter().filter(|one| !one.agrees()).cloned().collect();
        assert_eq!(off, opened.differences);
        assert_eq!(opened.differences.len(), 1);
    });
}

fn documents(world: &World<'_>, filter: OpenedDocumentFilter) -> Vec<OpenedDocument> {
    let (mut all, mut cursor) = (Vec::new(), None);
    loop {
        let filter = OpenedDocumentFilter { cursor, ..filter.clone() };
        let page =
            world.ask(move |tx, ctx| opening::list_documents(tx, ctx, filter.clone())).unwrap();
        all.extend(page.lines);
        cursor = page.next_cursor;
        if cursor.is_none() {
            return all;
        }
    }
}

#[test]
fn what_an_opening_made_is_listed_by_kind_in_pages() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let id = world.open(&going()).unwrap().opening_id.unwrap();
        let detail = world.ask(move |tx, ctx| opening::find_opening(tx, ctx, id)).unwrap();
        assert_eq!((detail.head.opened_on, detail.head.documents), (day("2026-01-01"), 9));
        let kinds: Vec<_> =
            detail.kinds.iter().map(|kind| (kind.kind.as_str(), kind.documents)).collect();
        assert_eq!(kinds, [("bill", 3), ("invoice", 2), ("purchase_order", 2), ("sales_order", 2)]);
        let whole = OpenedDocumentFilter { limit: Some(2), ..OpenedDocumentFilter::default() };
        let all = documents(&world, whole);
        let mut seen: Vec<_> =
            all.iter().map(|one| (one.kind.clone(), one.record_id.clone())).collect();
        seen.dedup();
        assert_eq!(seen.len(), 9, "each once: {all:?}");
        assert!(all.iter().all(|one| !one.number.is_empty() && one.happened_on.is_some()));
        let invoices = OpenedDocumentFilter {
            opening_id: Some(id),
            kind: Some("invoice".to_owned()),
            ..OpenedDocumentFilter::default()
        };
        let open: Vec<_> = documents(&world, invoices)
            .into_iter()
            .map(|one| (one.number, one.partner, one.amount.to_string()))
            .collect();
        assert_eq!(
            open,
            [
                ("R-1".to_owned(), "KUNDE".to_owned(), "300.00 GBP".to_owned()),
                ("R-2".to_owned(), "KUNDE".to_owned(), "-20.00 GBP".to_owned())
            ]
        );
        let berlin = documents(&world, OpenedDocumentFilter::default());
        let berlin = berlin.iter().find(|one| one.kind == "bill" && one.partner == "BERLIN");
        assert_eq!(berlin.unwrap().amount.to_string(), "100.00 EUR");
    });
}

#[test]
fn an_opening_that_was_taken_back_is_still_told() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let world = World::new(database);
        let id = world.open(&going()).unwrap().opening_id.unwrap();
        let reason = "the stock list was of the day before";
        world
            .ask(move |tx, ctx| opening::undo(tx, ctx, Undo { reason: reason.to_owned() }))
            .unwrap();
        let detail = world.ask(move |tx, ctx| opening::find_opening(tx, ctx, id)).unwrap();
        assert!(detail.head.undone_at.is_some());
        assert_eq!((detail.head.reason.as_str(), detail.head.documents), (reason, 9));
        let nobodys = OpeningId::from_raw(id.raw() + 1);
        let unknown = world.ask(move |tx, ctx| opening::find_opening(tx, ctx, nobodys));
        assert_eq!(unknown, Err(FindOpeningError::Unknown));
    });
}

#[test]
fn who_opened_the_books_is_told_also_of_a_user_whom_another_company_administers() {
    on_both_engines(&reconcile::SCHEMA, |database| {
        let mut world = World::new(database);
        let other = identity::testing::ctx(database);
        world.ctx = identity::testing::holding(&world.ctx, other.user_id, &["*"], None);
        let id = world.open(&going()).unwrap().opening_id.unwrap();
        let detail = world.ask(move |tx, ctx| opening::find_opening(tx, ctx, id)).unwrap();
        assert_eq!(detail.head.opened_by, format!("tester-{}", other.user_id));
    });
}
