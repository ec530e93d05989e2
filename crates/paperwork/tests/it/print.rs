use super::read::{pages, whole};
use super::world::{World, told};
use base::{ItemId, PackageId, PlaceId};
use paperwork::{PrintError, Printed, SCHEMA};
use picking::{PackGoods, PickGoods, PickScan, PlanPicks};
use store::StoreError;
use store::testing::on_both_engines;

fn order(world: &World<'_>, supplier: &str, lines: usize) -> Printed {
    let order_id = world.order(supplier, lines);
    let print = |world: &World<'_>| {
        world.ask(move |tx, ctx| paperwork::order_paper(tx, ctx, order_id)).unwrap()
    };
    let printed = print(world);
    assert_eq!(printed, print(world), "the same order is the same file");
    printed
}

#[test]
fn an_order_is_printed_in_the_suppliers_language() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let printed = order(&world, "ACME", 1);
        assert!(printed.name.starts_with("PO-") && printed.name.ends_with(".pdf"));
        assert!(printed.bytes.starts_with(b"%PDF-1.7"));
        let text = whole(&pages(&printed.bytes));
        let number = printed.name.trim_end_matches(".pdf").to_owned();
        let head = format!("Purchase order {number}");
        for found in [
            head.as_str(),
            "Acme",
            "Deliver to: Hall by the harbour",
            "5 Mar 2026",
            "1,000",
            "1.50",
            "1,500.00 GBP",
            "Ring \u{413}\u{435}\u{43e}\u{440}\u{433}\u{438} at the gate",
            "Page 1 of 1",
        ] {
            assert!(text.contains(found), "{found}: {text}");
        }
        let german = whole(&pages(&order(&world, "BERLIN", 1).bytes));
        for found in [
            "Bestellung PO-",
            "Gr\u{fc}\u{df}e GmbH",
            "10117 Berlin",
            "05.03.2026",
            "1.500,00 GBP",
            "Seite 1 von 1",
        ] {
            assert!(german.contains(found), "{found}: {german}");
        }
    });
}

#[test]
fn a_long_order_goes_on_under_the_same_head_and_loses_nothing() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let printed = order(&world, "ACME", 60);
        let pages = pages(&printed.bytes);
        assert!(pages.len() > 3, "{}", pages.len());
        let count = pages.len();
        for (number, page) in pages.iter().enumerate() {
            let counted = format!("Page {} of {count}", number + 1);
            assert!(page.contains(&counted), "{counted}");
            if number + 1 < count {
                assert!(page.iter().any(|text| text == "Description"), "{page:?}");
            }
        }
        let lines: Vec<usize> = (0..60)
            .filter(|number| {
                let quantity = format!("1,{number:03}");
                pages.iter().flatten().filter(|text| **text == quantity).count() == 1
            })
            .collect();
        assert_eq!(lines.len(), 60);
        let name: String = pages[0].join(" ");
        assert!(name.contains("broken over"), "a long name is broken, not cut: {name}");
    });
}

#[test]
fn a_count_sheet_keeps_from_a_blind_counter_what_the_books_expect() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.goods("P1", 4711);
        let sheet = |blind: bool| {
            let request = counting::OpenCount { blind, ..counting::OpenCount::default() };
            world
                .ask(move |tx, ctx| counting::open_count(tx, ctx, request.clone()))
                .unwrap()
                .count_id
        };
        let open = sheet(false);
        let shown = world.ask(move |tx, ctx| paperwork::count_sheet(tx, ctx, open)).unwrap();
        let shown = whole(&pages(&shown.bytes));
        assert!(shown.contains("4,711") && shown.contains("Hall by the harbour"), "{shown}");
        let cancel = counting::CancelCount { count_id: open, reason: "again".to_owned() };
        world.ask(move |tx, ctx| counting::cancel_count(tx, ctx, cancel.clone())).unwrap();
        let blind = sheet(true);
        let reads = ["counting.read"];
        let counter = identity::testing::holding(&world.ctx, world.ctx.user_id, &reads, None);
        let hidden = database.read(move |tx| paperwork::count_sheet(tx, &counter, blind)).unwrap();
        let hidden = whole(&pages(&hidden.bytes));
        assert!(hidden.contains("P1") && !hidden.contains("4,711"), "{hidden}");
    });
}

#[test]
fn a_package_has_a_slip_and_a_label() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.goods("P1", 10);
        let package_id: PackageId = world
            .ask(|tx, ctx| {
                let line = sales::AcceptLine {
                    sku: Some("P1".to_owned()),
                    quantity: base::Quantity::units(3),
                    price: Some(base::Price::parse("6").unwrap()),
                    ..sales::AcceptLine::default()
                };
                let order = sales::AcceptOrder {
                    channel: "B2B".to_owned(),
                    partner: Some("C1".to_owned()),
                    lines: vec![line],
                    ..sales::AcceptOrder::default()
                };
                let order_id = sales::accept(tx, ctx, order).map_err(told)?.order_id;
                let planned = picking::plan_picks(tx, ctx, PlanPicks::default()).map_err(told)?;
                let scan = PickScan {
                    place: "WH/Stock".to_owned(),
                    code: "P1".to_owned(),
                    quantity: Some(base::Quantity::units(3)),
                    ..PickScan::default()
                };
                let (list_id, client_ref) = (planned.lists[0].list_id, String::new());
                let picked = PickGoods { list_id, lines: vec![scan], client_ref };
                picking::pick(tx, ctx, picked).map_err(told)?;
                let pack = PackGoods {
                    order_id,
                    package_id: None,
                    warehouse: None,
                    lines: Vec::new(),
                    everything: true,
                    close: true,
                    label: picking::LabelFields::default(),
                    client_ref: String::new(),
                };
                Ok::<_, StoreError>(picking::pack(tx, ctx, pack).map_err(told)?.package_id)
            })
            .unwrap();
        let slip = world.ask(move |tx, ctx| paperwork::packing_slip(tx, ctx, package_id)).unwrap();
        let text = whole(&pages(&slip.bytes));
        let number = slip.name.trim_end_matches(".pdf");
        assert!(text.contains(&format!("Packing slip {number}")), "{text}");
        assert!(text.contains("Ann") && text.contains("P1") && !text.contains("6.00"), "{text}");
        let label =
            world.ask(move |tx, ctx| paperwork::package_label(tx, ctx, package_id, Some(2)));
        let label = pages(&label.unwrap().bytes);
        assert_eq!(label.len(), 2);
        assert!(label[0].iter().any(|text| text == number) && label[0] == label[1], "{label:?}");
    });
}

#[test]
fn items_and_places_have_labels() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let (item_id, place_id): (ItemId, PlaceId) = world
            .ask(|tx, ctx| {
                let item = catalog::items_by_sku(tx, ctx.company_id, &["P1"])?["P1"].id;
                let place = stock::find_place(tx, ctx.company_id, "WH/Stock/A-1")?.unwrap();
                Ok::<_, StoreError>((item, place.place_id))
            })
            .unwrap();
        let item =
            move |copies| world.ask(move |tx, ctx| paperwork::item_label(tx, ctx, item_id, copies));
        let label = whole(&pages(&item(None).unwrap().bytes));
        assert!(label.contains("P1") && label.contains("A kettle"), "{label}");
        assert_eq!(item(Some(0)).unwrap_err(), PrintError::Copies(0));
        assert_eq!(item(Some(501)).unwrap_err(), PrintError::Copies(501));
        let world = World { ctx: identity::testing::ctx(database), ..World::new(database) };
        let other = world.ask(move |tx, ctx| paperwork::place_label(tx, ctx, place_id, None));
        assert_eq!(other.unwrap_err(), PrintError::NoPlace(place_id));
    });
}
