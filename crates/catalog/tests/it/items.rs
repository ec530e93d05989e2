use base::{ItemId, Price, Rule};
use catalog::{
    AmendItem, AmendItemError, CreateItems, CreateItemsError, ItemAnswer, ItemKind, NewItem,
    RetireItem, Tracking,
};

use super::world::{get, make, read, story, write};

fn batch(items: Vec<NewItem>, all_or_nothing: bool) -> CreateItems {
    CreateItems { items, all_or_nothing }
}

#[test]
fn a_batch_answers_for_each_item() {
    story(|database, ctx| {
        let mut bad = NewItem::new("C", "Cherry");
        bad.stock_unit = "bushel".to_owned();
        let mut other = NewItem::new("A", "Apple");
        other.list_price = Price::parse("2").unwrap();
        let items = vec![
            NewItem::new("A", "Apple"),
            bad,
            NewItem::new("A", "Apple"),
            other,
            NewItem::new("B\0", "x"),
        ];
        let request = batch(items, false);
        let again = request.clone();
        let answers =
            write(database, ctx, move |tx, ctx| catalog::create_items(tx, ctx, request.clone()))
                .unwrap()
                .items;
        let ItemAnswer::Done { item_id, .. } = &answers[0] else { panic!("{answers:?}") };
        let repeated = ItemAnswer::Repeated { sku: "A".to_owned(), item_id: *item_id };
        let code = |answer: &ItemAnswer| match answer {
            ItemAnswer::Refused { code, .. } => code.clone(),
            other => panic!("{other:?}"),
        };
        assert_eq!(code(&answers[1]), "unit_unknown");
        assert_eq!(answers[2], repeated);
        assert_eq!(code(&answers[3]), "sku_taken");
        assert_eq!(code(&answers[4]), "text_forbidden");
        let answers =
            write(database, ctx, move |tx, ctx| catalog::create_items(tx, ctx, again.clone()));
        assert_eq!(answers.unwrap().items[0], repeated);
    });
}

#[test]
fn all_or_nothing_leaves_nothing() {
    story(|database, ctx| {
        let items = vec![NewItem::new("A", "Apple"), NewItem::new("", "Nameless")];
        let request = batch(items, true);
        let error =
            write(database, ctx, move |tx, ctx| catalog::create_items(tx, ctx, request.clone()))
                .unwrap_err();
        assert!(matches!(&error, CreateItemsError::Refused { element: 2, .. }), "{error}");
        assert_eq!(error.problem().place.unwrap().row, Some(2));
        let found =
            read(database, ctx, |tx, ctx| catalog::items_by_sku(tx, ctx.company_id, &["A"]));
        assert!(found.unwrap().is_empty());
    });
}

#[test]
fn an_item_is_amended_at_the_revision_seen() {
    story(|database, ctx| {
        let apple = make(database, ctx, NewItem::new("A", "Apple"));
        make(database, ctx, NewItem::new("B", "Banana"));
        let amend = |change: AmendItem| {
            write(database, ctx, move |tx, ctx| catalog::amend_item(tx, ctx, change.clone()))
        };
        let seen = |revision| AmendItem::new(apple, revision);
        let mut change = seen(1);
        change.purchase_unit = Some("case".to_owned());
        let needed = amend(change.clone()).unwrap_err();
        assert_eq!(needed.problem().code, "ratio_needed");
        change.purchase_ratio = Some("24".to_owned());
        assert_eq!(amend(change.clone()).unwrap().revision, 2);
        assert!(matches!(amend(change), Err(AmendItemError::Stale { seen: 1, found: 2, .. })));
        assert_eq!(amend(seen(2)).unwrap().revision, 2);
        let taken = AmendItem { sku: Some("B".to_owned()), ..seen(2) };
        assert_eq!(amend(taken).unwrap_err().problem().code, "sku_taken");
        let unit_gone = AmendItem { purchase_unit: Some(String::new()), ..seen(2) };
        assert_eq!(amend(unit_gone).unwrap().revision, 3);
        let item = get(database, ctx, apple);
        assert_eq!((item.purchase_unit.code.as_str(), item.own_ratio()), ("pcs", None));
        let none = AmendItem::new("999999999".parse::<ItemId>().unwrap(), 1);
        assert!(matches!(amend(none), Err(AmendItemError::NotFound { .. })));
    });
}

#[test]
fn a_retired_item_stays_and_can_come_back() {
    story(|database, ctx| {
        let item_id = make(database, ctx, NewItem::new("A", "Apple"));
        write(database, ctx, move |tx, ctx| {
            catalog::retire_item(tx, ctx, RetireItem { item_id, revision: 1 })
        })
        .unwrap();
        assert!(!get(database, ctx, item_id).active);
        write(database, ctx, move |tx, ctx| {
            catalog::restore_item(tx, ctx, RetireItem { item_id, revision: 2 })
        })
        .unwrap();
        let item = get(database, ctx, item_id);
        assert_eq!((item.active, item.revision), (true, 3));
    });
}

#[test]
fn an_item_reads_back_as_it_was_made() {
    story(|database, ctx| {
        let mut serial = NewItem::new("S", "Scanner");
        serial.tracking = Tracking::Serial;
        serial.purchase_unit = "dozen".to_owned();
        serial.list_price = Price::parse("129.99").unwrap();
        let item_id = make(database, ctx, serial);
        let item = get(database, ctx, item_id);
        assert_eq!((item.kind, item.tracking), (ItemKind::Goods, Tracking::Serial));
        assert_eq!(item.purchase_ratio.numerator(), 12);
        assert_eq!(item.list_price.to_string(), "129.99");
        let by_sku =
            read(database, ctx, |tx, ctx| catalog::items_by_sku(tx, ctx.company_id, &["S", "T"]));
        assert_eq!(by_sku.unwrap()["S"], item);
    });
}

#[test]
fn who_may_not_edit_changes_nothing() {
    story(|database, ctx| {
        let reader = identity::testing::holding(ctx, ctx.user_id, &["catalog.read"], None);
        let refused = write(database, &reader, |tx, ctx| {
            catalog::create_item(tx, ctx, NewItem::new("A", "Apple"))
        });
        assert_eq!(refused.unwrap_err().problem().code, "permission_denied");
        let refused = write(database, &reader, |tx, ctx| {
            catalog::import_items(tx, ctx, b"sku,name\nA,Apple\n", false)
        });
        assert_eq!(refused.unwrap_err().problem().code, "permission_denied");
    });
}

#[test]
fn companies_do_not_see_each_others_items() {
    story(|database, ctx| {
        let item_id = make(database, ctx, NewItem::new("A", "Apple"));
        let other = identity::testing::ctx(database);
        let found = read(database, &other, move |tx, ctx| {
            catalog::items_by_id(tx, ctx.company_id, &[item_id])
        });
        assert!(found.unwrap().is_empty());
        let error = read(database, &other, move |tx, ctx| catalog::item(tx, ctx, item_id));
        assert_eq!(error.unwrap_err().problem().code, "item_not_found");
    });
}

#[test]
fn a_thousand_items_take_as_many_statements_as_one() {
    story(|database, ctx| {
        let statements = |count: usize, prefix: &'static str| {
            write(database, ctx, move |tx, ctx| {
                let before = tx.statements();
                let named = |n| NewItem::new(format!("{prefix}{n}"), "Thing");
                catalog::create_items(tx, ctx, batch((0..count).map(named).collect(), true))?;
                Ok::<_, CreateItemsError>(tx.statements() - before)
            })
            .unwrap()
        };
        assert_eq!(statements(1, "a"), statements(1_000, "b"));
        let too_many = write(database, ctx, move |tx, ctx| {
            let items = vec![NewItem::new("x", "x"); 1_001];
            catalog::create_items(tx, ctx, batch(items, false))
        });
        assert_eq!(too_many.unwrap_err().problem().code, "too_many_items");
    });
}
