use base::Rule;
use catalog::{AmendItem, CreateItems, ItemKind, ItemSort, ListItems, NewItem};
use identity::Ctx;
use store::{Database, Statement, params};

use super::world::{make, read, story, write};

#[test]
fn a_list_filters_sorts_and_goes_on_where_it_ended() {
    story(|database, ctx| {
        let mut items: Vec<NewItem> =
            (0..25).map(|n| NewItem::new(format!("S{n:02}"), format!("Name {}", 99 - n))).collect();
        items.push(NewItem::new("50%_OFF\\", "ÉCLAIR"));
        items.push(NewItem { kind: ItemKind::Service, ..NewItem::new("POST", "Name 00") });
        let request = CreateItems { items, all_or_nothing: true };
        write(database, ctx, move |tx, ctx| catalog::create_items(tx, ctx, request.clone()))
            .unwrap();
        let list = |request: ListItems| {
            read(database, ctx, move |tx, ctx| catalog::list_items(tx, ctx, &request))
        };
        let found = |text: &str| -> Vec<String> {
            let request = ListItems { text: text.to_owned(), ..ListItems::default() };
            list(request).unwrap().items.into_iter().map(|item| item.sku).collect()
        };
        assert_eq!(found("%_off\\"), ["50%_OFF\\"]);
        assert_eq!(found("éclair"), ["50%_OFF\\"]);
        assert_eq!(found("%%"), [""; 0]);
        assert_eq!(found("s_1"), [""; 0]);
        assert_eq!(found("a\0b"), [""; 0]);
        assert_eq!(found("s0").len(), 10);

        for sort in [ItemSort::Sku, ItemSort::Name] {
            let mut all = Vec::new();
            let mut after = String::new();
            loop {
                let page =
                    list(ListItems { sort, limit: 10, after, ..ListItems::default() }).unwrap();
                all.extend(page.items);
                match page.next {
                    Some(next) => after = next,
                    None => break,
                }
            }
            assert_eq!(all.len(), 27);
            let key = |sort: ItemSort| match sort {
                ItemSort::Sku => all.iter().map(|item| item.sku.clone()).collect::<Vec<_>>(),
                ItemSort::Name => all.iter().map(|item| item.name.clone()).collect(),
            };
            assert!(key(sort).is_sorted());
        }
        let services = ListItems { kind: Some(ItemKind::Service), ..ListItems::default() };
        assert_eq!(list(services).unwrap().items.len(), 1);
        let retired = ListItems { active: Some(false), ..ListItems::default() };
        assert!(list(retired).unwrap().items.is_empty());
        for (bad, code) in [
            (ListItems { limit: 0, ..ListItems::default() }, "page_limit"),
            (ListItems { limit: 201, ..ListItems::default() }, "page_limit"),
            (ListItems { text: "x".repeat(1_000_000), ..ListItems::default() }, "search_too_long"),
            (ListItems { after: "here".to_owned(), ..ListItems::default() }, "after_invalid"),
        ] {
            assert_eq!(list(bad).unwrap_err().problem().code, code);
        }
    });
}

/// The SKUs of the items that a text finds, by SKU and by name in one order.
fn find(database: &Database, ctx: &Ctx, text: &str) -> Vec<String> {
    let [by_sku, mut by_name] = [ItemSort::Sku, ItemSort::Name].map(|sort| {
        let request = ListItems { text: text.to_owned(), sort, ..ListItems::default() };
        let page = read(database, ctx, move |tx, ctx| catalog::list_items(tx, ctx, &request));
        page.unwrap().items.into_iter().map(|item| item.sku).collect::<Vec<_>>()
    });
    by_name.sort();
    assert_eq!(by_sku, by_name, "{text}");
    by_sku
}

fn words_hold(database: &Database, ctx: &Ctx) {
    let broken = read(database, ctx, |tx, ctx| catalog::verify_words(tx, ctx.company_id));
    assert_eq!(broken.unwrap(), [""; 0]);
}

#[test]
fn items_are_found_by_parts_of_their_words_in_any_order() {
    story(|database, ctx| {
        for (sku, name) in [
            ("LMP-1001", "Grüne Tischlampe, groß"),
            ("LMP-1002", "Blue table lamp"),
            ("85123A", "Crème brûlée set"),
            ("X", "X"),
        ] {
            make(database, ctx, NewItem::new(sku, name));
        }
        let found = |text: &str| find(database, ctx, text);
        let both = ["LMP-1001", "LMP-1002"];
        assert_eq!(found("lamp"), both);
        assert_eq!(found("100"), both);
        assert_eq!(found("p-10"), both);
        assert_eq!(found("lamp blue 02"), ["LMP-1002"]);
        assert_eq!(found("GROSS grun"), ["LMP-1001"]);
        assert_eq!(found("gruene lampe"), ["LMP-1001"]);
        assert_eq!(found("GRÜNE"), ["LMP-1001"]);
        assert_eq!(found("5123"), ["85123A"]);
        assert_eq!(found("brulee creme"), ["85123A"]);
        assert_eq!(found("lamp brulee"), [""; 0]);
        assert_eq!(found("nothing"), [""; 0]);
        // Single letters are looked for, not looked up.
        assert_eq!(found("x"), ["X"]);
        assert_eq!(found("x lamp"), [""; 0]);
        assert_eq!(found("b lamp"), ["LMP-1002"]);
        assert_eq!(found("   ").len(), 4);
        words_hold(database, ctx);
    });
}

#[test]
fn an_item_is_found_by_what_it_is_called_now() {
    story(|database, ctx| {
        let item_id = make(database, ctx, NewItem::new("CUP", "Red cup"));
        let amend = move |revision, name: &str| {
            let mut request = AmendItem::new(item_id, revision);
            request.name = Some(name.to_owned());
            request
        };
        let found = |text: &str| find(database, ctx, text).len();
        let first = amend(1, "Red mug");
        write(database, ctx, move |tx, ctx| catalog::amend_item(tx, ctx, first.clone())).unwrap();
        assert_eq!((found("mug"), found("red"), found("red cup")), (1, 1, 1));
        // The number still has the word; the name has not.
        let mut second = AmendItem::new(item_id, 2);
        second.sku = Some("MUG".to_owned());
        write(database, ctx, move |tx, ctx| catalog::amend_item(tx, ctx, second.clone())).unwrap();
        assert_eq!((found("mug"), found("cup"), found("up")), (1, 0, 0));
        let file = b"sku,name\nMUG,Blue mug\nJUG,Blue jug\n";
        let import =
            |tx: &mut store::Tx<'_>, ctx: &Ctx| catalog::import_items(tx, ctx, file, false);
        assert!(write(database, ctx, import).unwrap().errors.is_empty());
        assert_eq!((found("blue"), found("red"), found("ug")), (2, 0, 2));
        words_hold(database, ctx);
    });
}

/// As the items were before they had words.
static FORGET: [Statement; 3] = [
    Statement::new("test::FORGET_WORDS", "delete from catalog_item_word where company_id = $1"),
    Statement::new(
        "test::FORGET_SEARCH",
        "update catalog_item set search = lower(sku) where company_id = $1",
    ),
    Statement::new(
        "test::WORDLESS",
        "insert into catalog_wordless (company_id, item_id)
         select company_id, id from catalog_item where company_id = $1",
    ),
];

#[test]
fn items_that_were_made_before_get_their_words_once() {
    story(|database, ctx| {
        let file: String = (0..1_001).map(|at| format!("OLD-{at},Lamp\n")).collect();
        let file = format!("sku,name\n{file}LAST,Lämpchen\n");
        write(database, ctx, move |tx, ctx| catalog::import_items(tx, ctx, file.as_bytes(), false))
            .unwrap();
        write(database, ctx, |tx, ctx| {
            FORGET.iter().try_for_each(|forget| tx.write(forget, params![ctx.company_id]))
        })
        .unwrap();
        assert_eq!(find(database, ctx, "lampchen"), [""; 0]);
        let broken = read(database, ctx, |tx, ctx| catalog::verify_words(tx, ctx.company_id));
        assert_eq!(broken.unwrap().len(), 1_002);
        let give = |tx: &mut store::Tx<'_>, ctx: &Ctx| catalog::word_items(tx, ctx.company_id);
        assert_eq!(
            [(); 4].map(|()| write(database, ctx, give).unwrap()),
            [true, true, false, false]
        );
        assert_eq!(find(database, ctx, "lampchen"), ["LAST"]);
        words_hold(database, ctx);
    });
}

#[test]
fn what_many_items_have_is_found_in_the_order_of_the_list() {
    story(|database, ctx| {
        // More than are read from the index; half of them are blue, and one of those is a jug.
        let names = |at: usize| match at {
            4_001 => "Blue jug",
            at if at % 2 == 1 => "Blue cup",
            _ => "Red cup",
        };
        let mut file = String::from("sku,name\n");
        for at in 0..10_200 {
            file.push_str(&format!("S{at:05},{}\n", names(at)));
        }
        write(database, ctx, move |tx, ctx| catalog::import_items(tx, ctx, file.as_bytes(), false))
            .unwrap();
        let first = |text: &str| find(database, ctx, text).first().cloned();
        assert_eq!(first("cup blue").as_deref(), Some("S00001"));
        assert_eq!(first("blue jug").as_deref(), Some("S04001"));
        assert_eq!(first("s1019 cup").as_deref(), Some("S10190"));
        assert_eq!(first("c b").as_deref(), Some("S00001"));
        assert_eq!(first("red blue"), None);
    });
}
