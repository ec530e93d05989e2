use super::world::{Failed, World, change, price, today, transfer};
use accounting::Role;
use catalog::DefineCategory;
use store::testing::on_both_engines;
use valuation::{
    ChangeCost, ChangeMethod, Class, Cost, Method, MethodBasis, RevalueError, SCHEMA, SetMethod,
};

fn change_cost(world: &World<'_>, cost: &str) -> Result<valuation::CostChanged, RevalueError> {
    let ctx = world.ctx.clone();
    let request = ChangeCost {
        item_id: world.item(),
        cost: price(cost),
        happened_on: today(),
        reason: "new price list".to_owned(),
    };
    world.db.write(move |tx| valuation::change_cost(tx, &ctx, request.clone()))
}

fn change_method(
    world: &World<'_>,
    method: Method,
    basis: MethodBasis,
    dry_run: bool,
) -> valuation::MethodChanged {
    let ctx = world.ctx.clone();
    let request = ChangeMethod {
        item_id: world.item(),
        method,
        basis,
        standard: None,
        happened_on: today(),
        reason: "as the auditors ask".to_owned(),
        dry_run,
    };
    world
        .db
        .write(move |tx| valuation::change_method(tx, &ctx, request.clone()))
        .expect("a new method")
}

#[test]
fn a_new_cost_revalues_every_class_and_is_booked() {
    for method in ["standard", "average", "fifo"] {
        on_both_engines(&SCHEMA, |db| {
            let world = World::new(db, 1);
            world.policy("costing_method", method);
            world.step(6, Cost::Given(600), 1);
            world.step(4, Cost::Given(800), 2);
            world.post(transfer(world.item(), 3, Class::Normal, Class::Quarantine, 3).into());
            let changed = change_cost(&world, "2.5").unwrap();
            assert_eq!(changed.standings.len(), 2);
            assert_eq!(world.standing(Class::Normal), (7, 1_750));
            assert_eq!(world.standing(Class::Quarantine), (3, 750));
            assert_eq!(world.balance(Role::Quarantine), 750);
            assert!(changed.entry_id.is_some());
            world.step(-7, Cost::Method, 4);
            world.assert_sound();
        });
    }
}

#[test]
fn a_new_cost_needs_a_permission_up_to_the_amount_and_a_reason() {
    on_both_engines(&SCHEMA, |db| {
        let mut world = World::new(db, 1);
        world.step(1, Cost::Given(100), 1);
        let all = world.ctx.clone();
        world.ctx = identity::testing::holding(&all, all.user_id, &["valuation.revalue"], Some(50));
        assert!(matches!(change_cost(&world, "2"), Err(RevalueError::Denied(_))));
        assert!(change_cost(&world, "1.5").is_ok());
        assert!(matches!(change_cost(&world, "-1"), Err(RevalueError::Rule { .. })));
        world.ctx = identity::testing::holding(&all, all.user_id, &["stock.*"], None);
        assert!(matches!(change_cost(&world, "1"), Err(RevalueError::Denied(_))));
        world.ctx = all;
        assert_eq!(world.standing(Class::Normal), (1, 150));
        world.assert_sound();
    });
}

#[test]
fn a_method_changes_with_the_stock_that_is_there() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1);
        world.step(10, Cost::Given(1_000), 1);
        world.step(10, Cost::Given(2_000), 2);
        world.step(-10, Cost::Method, 3);
        let shown = change_method(&world, Method::Fifo, MethodBasis::History, true);
        assert_eq!((shown.old_value.minor, shown.new_value.minor), (1_500, 2_000));
        assert_eq!(world.standing(Class::Normal), (10, 1_500), "a dry run changes nothing");
        let changed = change_method(&world, Method::Fifo, MethodBasis::History, false);
        assert!(changed.entry_id.is_some());
        assert_eq!(world.standing(Class::Normal), (10, 2_000));
        world.step(5, Cost::Given(100), 4);
        assert_eq!(world.step(-10, Cost::Method, 5), -2_000);
        change_method(&world, Method::Lifo, MethodBasis::Keep, false);
        world.step(5, Cost::Given(300), 6);
        assert_eq!(world.step(-6, Cost::Method, 7), -320);
        change_method(&world, Method::Standard, MethodBasis::Keep, false);
        assert_eq!(world.step(-1, Cost::Method, 8), -20);
        change_method(&world, Method::Average, MethodBasis::Keep, false);
        assert_eq!(world.standing(Class::Normal), (3, 60));
        world.assert_sound();
    });
}

#[test]
fn a_category_gives_its_method_to_items_that_were_never_in_stock() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        let ctx = world.ctx.clone();
        let category_id = db
            .write(move |tx| {
                let (code, name) = ("toys".to_owned(), "Toys".to_owned());
                let request = DefineCategory { code, name, parent: String::new() };
                let category = catalog::define_category(tx, &ctx, request)
                    .map_err(|error| Failed(error.to_string()))?;
                let mut new = catalog::NewItem::new("T1", "Toy");
                new.category = "toys".to_owned();
                catalog::create_item(tx, &ctx, new).map_err(|e| Failed(e.to_string()))?;
                Ok::<_, Failed>(category.category_id)
            })
            .unwrap();
        let ctx = world.ctx.clone();
        let set = move |tx: &mut store::Tx<'_>, method| {
            valuation::set_method(tx, &ctx, SetMethod { category_id, method })
        };
        let first = set.clone();
        db.write(move |tx| first(tx, Method::Fifo)).unwrap();
        let company = world.ctx.company_id;
        let toy = db.read(move |tx| catalog::items_by_sku(tx, company, &["T1"])).unwrap()["T1"].id;
        world.post(vec![change(toy, 1, Cost::Given(5), 1)]);
        let answer = db.write(move |tx| set(tx, Method::Lifo)).unwrap();
        assert_eq!((answer.changed, answer.kept), (vec![], vec![toy]));
        assert_eq!(world.standings()[0].method, Method::Fifo);
        world.assert_sound();
    });
}

#[test]
fn a_standard_price_is_set_freely_only_where_no_stock_hangs_on_it() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 1);
        world.policy("costing_method", "standard");
        let set = |cost: &str| {
            let ctx = world.ctx.clone();
            let prices =
                vec![valuation::StandardPrice { item_id: world.item(), price: price(cost) }];
            let request = valuation::SetStandard { prices };
            db.write(move |tx| valuation::set_standard(tx, &ctx, request.clone()))
        };
        set("3").unwrap();
        world.step(2, Cost::Method, 1);
        assert_eq!(world.standing(Class::Normal), (2, 600));
        assert!(matches!(set("4"), Err(valuation::SetError::InStock(_))));
        world.step(-2, Cost::Method, 2);
        set("4").unwrap();
        assert_eq!(world.step(1, Cost::Method, 3), 400);
        world.assert_sound();
    });
}
