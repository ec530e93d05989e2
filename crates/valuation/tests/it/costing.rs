use super::world::{Failed, World, day, price, today};
use base::{CategoryId, Page};
use catalog::DefineCategory;
use store::testing::on_both_engines;
use valuation::{
    CategoryMethodFilter, CategoryMethodRow, ChangeCost, ChangeMethod, Class, Cost, CostActFilter,
    CostActKind, CostActRow, CostActSort, ItemMethodFilter, ItemMethodRow, Method, MethodBasis,
    SCHEMA, SetMethod,
};

fn categories(world: &World<'_>, filter: CategoryMethodFilter) -> Page<CategoryMethodRow> {
    let ctx = world.ctx.clone();
    world.db.read(move |tx| valuation::category_methods(tx, &ctx, filter.clone())).expect("a page")
}

fn items(world: &World<'_>, filter: ItemMethodFilter) -> Page<ItemMethodRow> {
    let ctx = world.ctx.clone();
    world.db.read(move |tx| valuation::item_methods(tx, &ctx, filter.clone())).expect("a page")
}

fn acts(world: &World<'_>, filter: CostActFilter) -> Page<CostActRow> {
    let ctx = world.ctx.clone();
    world.db.read(move |tx| valuation::cost_acts(tx, &ctx, filter.clone())).expect("a page")
}

fn category(world: &World<'_>, code: &str) -> CategoryId {
    let (ctx, code) = (world.ctx.clone(), code.to_owned());
    world
        .db
        .write(move |tx| {
            let name = code.to_lowercase();
            let request = DefineCategory { code: code.clone(), name, parent: String::new() };
            let defined = catalog::define_category(tx, &ctx, request);
            defined.map(|done| done.category_id).map_err(|e| Failed(e.to_string()))
        })
        .expect("a category")
}

fn set(world: &World<'_>, category_id: CategoryId, method: Method) {
    let ctx = world.ctx.clone();
    world
        .db
        .write(move |tx| valuation::set_method(tx, &ctx, SetMethod { category_id, method }))
        .expect("a method");
}

fn cost(world: &World<'_>, cost: &str) -> ChangeCost {
    ChangeCost {
        item_id: world.item(),
        cost: price(cost),
        happened_on: today(),
        reason: "a new price list".to_owned(),
    }
}

fn method(world: &World<'_>, method: Method) -> ChangeMethod {
    ChangeMethod {
        item_id: world.item(),
        method,
        basis: MethodBasis::Keep,
        standard: Some(price("3")),
        happened_on: today(),
        reason: "as the auditors ask".to_owned(),
        dry_run: false,
    }
}

#[test]
fn a_category_has_its_own_method_since_the_day_it_was_set_or_the_companys() {
    on_both_engines(&SCHEMA, |db| {
        let mut world = World::new(db, 1);
        let (first, _) = (category(&world, "A"), category(&world, "B"));
        set(&world, first, Method::Fifo);
        let since = world.ctx.today;
        world.ctx.today = day("2099-01-01");
        set(&world, first, Method::Fifo);
        let own = CategoryMethodFilter { own: Some(true), ..CategoryMethodFilter::default() };
        let page = categories(&world, own.clone());
        assert_eq!(page.lines.len(), 1);
        assert_eq!((page.lines[0].method, page.lines[0].since), (Method::Fifo, Some(since)));
        set(&world, first, Method::Lifo);
        assert_eq!(categories(&world, own).lines[0].since, Some(day("2099-01-01")));
        let limit = CategoryMethodFilter { limit: Some(1), ..CategoryMethodFilter::default() };
        let page = categories(&world, limit.clone());
        assert_eq!(page.lines[0].code, "A");
        let next = CategoryMethodFilter { cursor: page.next_cursor, ..limit };
        let second = &categories(&world, next).lines[0];
        assert_eq!((second.code.as_str(), second.method), ("B", Method::Average));
        assert_eq!((second.own, second.since), (false, None));
        let average = CategoryMethodFilter {
            method: Some(Method::Average),
            ..CategoryMethodFilter::default()
        };
        assert_eq!(categories(&world, average).lines.len(), 1);
    });
}

#[test]
fn an_item_tells_its_method_since_when_and_what_it_costs() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.step(4, Cost::Given(1_000), 1);
        let page = items(&world, ItemMethodFilter::default());
        let [valued, never] = &page.lines[..] else { panic!("two items: {page:?}") };
        assert_eq!((valued.method, valued.since), (Method::Average, Some(today())));
        assert_eq!((valued.value.minor, valued.unit_cost), (1_000, Some(price("2.5"))));
        assert_eq!((never.method, never.since, never.unit_cost), (Method::Average, None, None));
        let (ctx, request) = (world.ctx.clone(), method(&world, Method::Fifo));
        world.db.write(move |tx| valuation::change_method(tx, &ctx, request.clone())).unwrap();
        let fifo = ItemMethodFilter { method: Some(Method::Fifo), ..ItemMethodFilter::default() };
        assert_eq!(items(&world, fifo).lines.len(), 1);
        let limit = ItemMethodFilter { limit: Some(1), ..ItemMethodFilter::default() };
        let first = items(&world, limit.clone());
        let next = ItemMethodFilter { cursor: first.next_cursor, ..limit };
        assert_eq!(items(&world, next).lines[0].item_id, world.items[1]);
        world.assert_sound();
    });
}

#[test]
fn a_rehearsal_tells_what_would_be_booked_and_leaves_all_as_it_was() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1);
        world.step(4, Cost::Given(1_000), 1);
        let (ctx, request) = (world.ctx.clone(), cost(&world, "3"));
        let told = world.db.write(move |tx| valuation::rehearse_cost(tx, &ctx, request.clone()));
        let told = told.expect("a rehearsal");
        assert_eq!(told.change.minor, 200);
        let sides: Vec<_> =
            told.booked.iter().map(|line| (line.debit.minor, line.credit.minor)).collect();
        assert!(sides.contains(&(200, 0)) && sides.contains(&(0, 200)), "{sides:?}");
        let (ctx, request) = (world.ctx.clone(), method(&world, Method::Standard));
        let told = world.db.write(move |tx| valuation::rehearse_method(tx, &ctx, request.clone()));
        let told = told.expect("a rehearsal");
        assert_eq!((told.old_value.minor, told.new_value.minor), (1_000, 1_200));
        assert_eq!(told.booked.len(), 2);
        assert_eq!(world.standing(Class::Normal), (4, 1_000));
        assert_eq!(acts(&world, CostActFilter::default()).lines, []);
        let ctx = world.ctx.clone();
        let one = category(&world, "A");
        let request = SetMethod { category_id: one, method: Method::Fifo };
        world
            .db
            .write(move |tx| valuation::rehearse_category_method(tx, &ctx, request.clone()))
            .expect("a rehearsal");
        assert!(!categories(&world, CategoryMethodFilter::default()).lines[0].own);
        world.assert_sound();
    });
}

#[test]
fn what_changed_costs_is_listed_by_kind_day_and_item() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.step(4, Cost::Given(1_000), 1);
        let (ctx, request) = (world.ctx.clone(), cost(&world, "3"));
        world.db.write(move |tx| valuation::change_cost(tx, &ctx, request.clone())).unwrap();
        let (ctx, request) = (world.ctx.clone(), method(&world, Method::Fifo));
        world.db.write(move |tx| valuation::change_method(tx, &ctx, request.clone())).unwrap();
        let all = acts(&world, CostActFilter::default()).lines;
        assert_eq!(all.len(), 2);
        let revalued = CostActFilter {
            kind: Some(CostActKind::Revaluation),
            sku: Some("A000".to_owned()),
            ..CostActFilter::default()
        };
        let found = acts(&world, revalued.clone()).lines;
        assert_eq!((found[0].kind, found[0].value.minor), (CostActKind::Revaluation, 200));
        let other = CostActFilter { sku: Some("A001".to_owned()), ..revalued };
        assert_eq!(acts(&world, other).lines, []);
        for sort in [CostActSort::Newest, CostActSort::Oldest] {
            let limit = CostActFilter { sort, limit: Some(1), ..CostActFilter::default() };
            let first = acts(&world, limit.clone());
            let next = CostActFilter { cursor: first.next_cursor.clone(), ..limit };
            let second = acts(&world, next);
            assert_ne!(first.lines[0].layer_id, second.lines[0].layer_id);
        }
        let before = CostActFilter { through: Some(day("2026-01-04")), ..CostActFilter::default() };
        assert_eq!(acts(&world, before).lines, []);
        let stranger = identity::testing::holding(&world.ctx, world.ctx.user_id, &[], None);
        let refused =
            world.db.read(move |tx| valuation::cost_acts(tx, &stranger, CostActFilter::default()));
        assert!(refused.is_err());
        world.assert_sound();
    });
}
