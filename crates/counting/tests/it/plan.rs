use super::world::{BIN, SHELF, World};
use base::{Day, Rate};
use counting::{
    AccuracyFilter, Classify, CountKind, CountRequestFilter, CountsPlanned, DefineCountPlaces,
    DefineProfile, Level, NextCountFilter, NextCountRow, PlaceRule, PlanCounts, ProfileError,
    SCHEMA,
};
use identity::Ctx;
use store::Database;
use store::testing::on_both_engines;

fn rule(world: &World, database: &Database, place: &str, cycle: Option<i64>, zero: bool) {
    let rule = PlaceRule {
        place: place.into(),
        cycle_days: cycle,
        zero_confirmation: zero,
        threshold_percent: None,
        last_counted_on: None,
    };
    let request = DefineCountPlaces { places: vec![rule] };
    world.within(database, move |tx, ctx| counting::define_places(tx, ctx, request.clone()));
}

fn plan(ctx: &Ctx, world: &World, database: &Database, profile: Option<&str>) -> CountsPlanned {
    let request = PlanCounts {
        warehouse: "WH".into(),
        profile: profile.map(str::to_owned),
        ..PlanCounts::default()
    };
    world
        .within_as(ctx, database, move |tx, ctx| counting::plan_counts(tx, ctx, request.clone()))
        .expect("planned")
}

fn next(ctx: &Ctx, world: &World, database: &Database) -> Vec<NextCountRow> {
    let filter = NextCountFilter { warehouse: "WH".into(), due_by: None };
    world
        .within_as(ctx, database, move |tx, ctx| {
            counting::list_next_counts(tx, ctx, filter.clone())
        })
        .expect("a list")
        .lines
}

fn later(world: &World, days: i64) -> (Ctx, Day) {
    let day = world.ctx.today.plus(days).expect("a day");
    (world.ctx.on(day), day)
}

#[test]
fn a_place_is_planned_when_its_cycle_ends_and_not_twice() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 2);
        rule(&world, database, SHELF, Some(5), false);
        assert!(plan(&world.ctx, &world, database, None).sheets.is_empty());
        let (on_day, due) = later(&world, 5);
        assert_eq!(next(&world.ctx, &world, database)[0].due_on, due);
        let planned = plan(&on_day, &world, database, None);
        assert_eq!((planned.sheets[0].kind, planned.sheets[0].lines), (CountKind::Cycle, 2));
        assert!(plan(&on_day, &world, database, None).sheets.is_empty(), "on a sheet already");
        let sheet = planned.sheets[0].count_id;
        world.count_as(&on_day, database, sheet, &[(0, SHELF, 10), (1, SHELF, 9)]).expect("in");
        world.apply_as(&on_day, database, sheet).expect("applied");
        let (_, again) = later(&world, 10);
        assert_eq!(next(&on_day, &world, database)[0].due_on, again);
        let filter = AccuracyFilter { by: "place".into(), ..AccuracyFilter::default() };
        let figures =
            world.within(database, move |tx, ctx| counting::list_accuracy(tx, ctx, filter.clone()));
        let figure = &figures.lines[0];
        assert_eq!((figure.name.as_str(), figure.lines, figure.right), (SHELF, 2, 1));
        assert_eq!(figure.right_percent.to_string(), "50");
        world.assert_sound(database);
    });
}

#[test]
fn a_place_that_runs_empty_asks_to_be_looked_at_until_somebody_has() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let requests = || {
            let filter = CountRequestFilter::default();
            let page = world.within(database, move |tx, ctx| {
                counting::list_count_requests(tx, ctx, filter.clone())
            });
            page.lines.into_iter().map(|line| (line.place, line.on_sheet)).collect::<Vec<_>>()
        };
        let (shelf, bin) = (world.warehouse.stock, world.bin);
        // What ran empty before the rule asks for nothing.
        world.post(database, vec![world.plain(0, shelf, bin, 1), world.plain(0, bin, shelf, 1)]);
        rule(&world, database, BIN, None, true);
        assert!(requests().is_empty());
        world.post(database, vec![world.plain(0, shelf, bin, 2)]);
        assert!(requests().is_empty());
        world.post(database, vec![world.plain(0, bin, shelf, 2)]);
        assert_eq!(requests(), [(BIN.to_owned(), false)]);
        let planned = plan(&world.ctx, &world, database, None);
        assert_eq!((planned.sheets[0].kind, planned.sheets[0].lines), (CountKind::Zero, 1));
        assert_eq!(requests(), [(BIN.to_owned(), true)]);
        assert!(plan(&world.ctx, &world, database, None).sheets.is_empty());
        let sheet = planned.sheets[0].count_id;
        world.count(database, sheet, &[(0, BIN, 0)]);
        world.apply(database, sheet);
        assert!(requests().is_empty());
        world.assert_sound(database);
    });
}

fn profile(levels: &[(&str, &str, Option<i64>)]) -> DefineProfile {
    let level = |(name, percent, cycle_days): &(&str, &str, Option<i64>)| Level {
        name: (*name).to_owned(),
        percent: Rate::parse(percent).expect("a number"),
        cycle_days: *cycle_days,
    };
    DefineProfile {
        name: "standard".into(),
        window_days: 30,
        levels: levels.iter().map(level).collect(),
    }
}

#[test]
fn levels_lie_between_nothing_and_all_and_make_one_hundred() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let define = |levels: &[(&str, &str, Option<i64>)]| {
            let request = profile(levels);
            world.within_as(&world.ctx, database, move |tx, ctx| {
                counting::define_profile(tx, ctx, request.clone())
            })
        };
        assert!(define(&[("A", "60", None), ("B", "40", None)]).is_ok());
        for (a, b) in [("60", "30"), ("60", "50")] {
            let refused = define(&[("A", a, None), ("B", b, None)]);
            assert!(matches!(refused, Err(ProfileError::NotHundred { .. })), "{refused:?}");
        }
        let refused = define(&[("A", "150", None), ("B", "-50", None)]);
        assert!(matches!(refused, Err(ProfileError::OutOfRange { .. })), "{refused:?}");
    });
}

#[test]
fn what_sells_most_is_classed_first_and_counted_most_often() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 3);
        world.post(database, vec![world.outgoing(1, 8), world.outgoing(2, 1)]);
        let request = profile(&[("A", "80", Some(1)), ("B", "20", None)]);
        world.within(database, move |tx, ctx| counting::define_profile(tx, ctx, request.clone()));
        let classified = world.within(database, |tx, ctx| {
            counting::classify_items(tx, ctx, Classify { profile: "standard".into() })
        });
        assert_eq!(classified.levels, [("A".to_owned(), 1), ("B".to_owned(), 2)]);
        let nameless = PlanCounts {
            warehouse: "WH".into(),
            profile: Some("standart".into()),
            ..PlanCounts::default()
        };
        let refused = world.within_as(&world.ctx, database, move |tx, ctx| {
            counting::plan_counts(tx, ctx, nameless.clone())
        });
        assert!(matches!(refused, Err(counting::PlanError::UnknownProfile { .. })), "{refused:?}");
        let (tomorrow, _) = later(&world, 1);
        assert!(plan(&tomorrow, &world, database, None).sheets.is_empty());
        let planned = plan(&tomorrow, &world, database, Some("standard"));
        assert_eq!(planned.sheets[0].lines, 1);
        assert_eq!(world.lines(database, planned.sheets[0].count_id)[0].sku, "P0001");
        world.assert_sound(database);
    });
}
