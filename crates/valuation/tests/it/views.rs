use super::world::{World, change, day, price};
use base::Id;
use store::testing::on_both_engines;
use valuation::{Cost, LayerCursor, LayersOf, SCHEMA, StandingCursor, StandingFilter, ValueFilter};

#[test]
fn lists_are_read_page_by_page() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 3);
        let receive = |(n, &item): (usize, _)| change(item, 4, Cost::Given(100), 1 + n as i64);
        world.post(world.items.iter().enumerate().map(receive).collect());
        for move_id in 10..14 {
            world.step(-1, Cost::Method, move_id);
        }
        let ctx = world.ctx.clone();
        let rows = world.standings();
        assert_eq!(rows[1].unit_cost, price("0.25"));
        assert_eq!(rows[0].unit_cost, price("0.25"), "the last known cost");
        let after = StandingCursor {
            sku: rows[0].sku.clone(),
            pool_id: rows[0].pool_id,
            class: rows[0].class,
        };
        let filter =
            StandingFilter { after: Some(after), limit: Some(1), ..StandingFilter::default() };
        let reader = ctx.clone();
        let next = db.read(move |tx| valuation::standings(tx, &reader, &filter)).unwrap();
        assert_eq!(next, rows[1..2]);
        let all = world.layers();
        assert_eq!(all.len(), 5);
        let after = LayerCursor { pool_id: all[1].pool_id, class: all[1].class, seq: all[1].seq };
        let page = LayersOf { item_id: world.item(), after: Some(after), limit: Some(2) };
        let next = db.read(move |tx| valuation::layers_of(tx, &ctx, &page)).unwrap();
        assert_eq!(next, all[2..4]);
        world.assert_sound();
    });
}

#[test]
fn the_value_of_a_day_is_that_of_the_books() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1);
        let step = |on: &str, quantity, cost, move_id| {
            let change = change(world.item(), quantity, cost, move_id);
            world.try_post_on(day(on), vec![change]).unwrap();
        };
        step("2026-01-05", 2, Cost::Given(100), 1);
        step("2026-01-07", -1, Cost::Method, 2);
        let value = |on: &str| {
            let (ctx, on) = (world.ctx.clone(), day(on));
            let filter = ValueFilter { on: Some(on), ..ValueFilter::default() };
            let page = db.read(move |tx| valuation::stock_value(tx, &ctx, filter.clone())).unwrap();
            page.lines.iter().map(|row| row.value.minor).sum::<i64>()
        };
        assert_eq!([value("2026-01-04"), value("2026-01-06"), value("2026-01-07")], [0, 100, 50]);
        let (ctx, items) = (world.ctx.clone(), world.items.clone());
        let costs = db.read(move |tx| valuation::unit_cost(tx, &ctx, &items)).unwrap();
        assert_eq!(costs[&world.item()], price("0.5"));
        let stranger = identity::testing::holding(&world.ctx, world.ctx.user_id, &[], None);
        let rows = |filter: ValueFilter| {
            let ctx = world.ctx.clone();
            let page = db.read(move |tx| valuation::stock_value(tx, &ctx, filter.clone())).unwrap();
            page.lines.len()
        };
        let of = |sku: &str| ValueFilter { sku: Some(sku.to_owned()), ..ValueFilter::default() };
        let class = Some(valuation::Class::Quarantine);
        let asked = [of("none"), ValueFilter { class, ..ValueFilter::default() }];
        assert_eq!(asked.map(rows), [0, 0]);
        assert_eq!(rows(ValueFilter::default()), 1, "on the day of who asks");
        let denied =
            db.read(move |tx| valuation::stock_value(tx, &stranger, ValueFilter::default()));
        assert!(denied.is_err());
        assert_eq!(world.layers()[0].move_id.map(Id::raw), Some(1));
        world.assert_sound();
    });
}
