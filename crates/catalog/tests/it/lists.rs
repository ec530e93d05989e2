use base::Rule;
use catalog::{CreateItems, ItemKind, ItemSort, ListItems, NewItem};

use super::world::{read, story, write};

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
