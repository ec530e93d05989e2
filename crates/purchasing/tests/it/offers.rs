use super::world::{World, day, order_of, price, wanted};
use base::Quantity;
use purchasing::{
    DefineOffer, DefineOffers, OfferFilter, OrderLine, PriceOf, PriceOfError, SCHEMA,
};
use store::testing::on_both_engines;

fn offer(sku: &str, least: i64, each: &str) -> DefineOffer {
    DefineOffer {
        supplier: "ACME".into(),
        sku: sku.into(),
        currency: None,
        unit: None,
        min_quantity: Quantity::units(least),
        multiple: Quantity::ZERO,
        lead_days: 7,
        from_on: Some(day("2026-01-01")),
        to_on: None,
        price: price(each),
        discount: base::Rate::ZERO,
        supplier_sku: String::new(),
    }
}

#[test]
fn a_price_break_counts_for_the_quantity() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let offers = vec![offer("P1", 1, "790"), offer("P1", 3, "785"), offer("DOZ", 1, "120")];
        let define = |offers: Vec<DefineOffer>| {
            let request = DefineOffers { offers };
            world.ask(move |tx, ctx| purchasing::define_offers(tx, ctx, request.clone())).unwrap()
        };
        assert_eq!(define(offers.clone()).created, 3);
        assert_eq!(define(offers).unchanged, 3);
        assert_eq!(define(vec![offer("P1", 3, "780")]).changed, 1);
        let ask = |sku: &str, quantity, unit: Option<&str>| {
            let request = PriceOf {
                supplier: "ACME".into(),
                sku: sku.into(),
                quantity: Quantity::units(quantity),
                unit: unit.map(str::to_owned),
                currency: None,
                day: None,
            };
            world.ask(move |tx, ctx| purchasing::price_of(tx, ctx, request.clone()))
        };
        assert_eq!(ask("P1", 1, None).unwrap().price, price("790"));
        assert_eq!(ask("P1", 3, None).unwrap().price, price("780"));
        assert_eq!(ask("DOZ", 24, Some("pcs")).unwrap().price, price("10"));
        assert!(matches!(ask("P2", 1, None), Err(PriceOfError::NoOffer { .. })));
        let lines = vec![OrderLine { price: None, ..wanted("P1", 3, "0") }];
        let order = world.draft(order_of("ACME", lines));
        let line = &world.detail(order).lines[0];
        assert_eq!((line.price, line.due_on), (price("780"), day("2026-01-12")));
        world.assert_sound();
    });
}

#[test]
fn a_file_is_taken_over_as_a_whole_or_not_at_all() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let import = |file: &'static str, dry_run| {
            world
                .ask(move |tx, ctx| purchasing::import_offers(tx, ctx, file.as_bytes(), dry_run))
                .unwrap()
        };
        let good = "supplier,sku,min_quantity,from_on,price\n\
                    ACME,P1,1,2026-01-01,5\nACME,P2,1,2026-01-01,6.5\n";
        let bad = "supplier,sku,from_on,price\nACME,P1,2026-01-01,5\nACME,NONE,2026-01-01,x\n";
        let report = import(bad, false);
        assert_eq!((report.applied, report.errors[0].row), (false, 3));
        assert_eq!(report.errors[0].column, "price");
        let unknown = "supplier,sku,from_on,price\nACME,P1,2026-01-01,5\nACME,NONE,2026-01-01,1\n";
        let report = import(unknown, false);
        assert_eq!((report.errors[0].row, report.errors[0].column.as_str()), (3, "sku"));
        let trial = import(good, true);
        assert_eq!((trial.applied, trial.created), (false, 2));
        let count = || {
            let filter = OfferFilter::default();
            world
                .ask(move |tx, ctx| purchasing::list_offers(tx, ctx, filter.clone()))
                .unwrap()
                .lines
                .len()
        };
        assert_eq!(count(), 0);
        assert_eq!(import(good, false).created, 2);
        assert_eq!(import(good, false).unchanged, 2);
        assert_eq!(count(), 2);
        world.assert_sound();
    });
}
