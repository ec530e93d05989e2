use super::world::{BIN, SHELF, World};
use base::{Day, Rate};
use counting::{
    AccuracyFilter, ClassFilter, ClassRow, ClassSort, Classify, CountKind, CountPlaceFilter,
    CountPlaceRow, CountRequestFilter, CountsPlanned, DefineCountPlaces, DefineProfile, DueBy,
    ItemsClassified, Level, NextCountFilter, NextCountRow, NextCountSort, PlaceRule, PlanCounts,
    ProfileError, ProfileFilter, RemoveProfile, RemoveProfileError, SCHEMA,
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
    let filter = NextCountFilter { warehouse: Some("WH".into()), ..NextCountFilter::default() };
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
        let levels: Vec<_> =
            classified.levels.iter().map(|level| (level.level.as_str(), level.items)).collect();
        assert_eq!((levels, classified.moved), (vec![("A", 1), ("B", 2)], 3));
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

fn classify(ctx: &Ctx, world: &World, database: &Database, whether: Rehearsed) -> ItemsClassified {
    let request = Classify { profile: "standard".into() };
    world
        .within_as(ctx, database, move |tx, ctx| match whether {
            Rehearsed::Yes => counting::rehearse_classify(tx, ctx, request.clone()),
            Rehearsed::No => counting::classify_items(tx, ctx, request.clone()),
        })
        .expect("classified")
}

#[derive(Clone, Copy)]
enum Rehearsed {
    Yes,
    No,
}

fn classes(world: &World, database: &Database, filter: ClassFilter) -> Vec<ClassRow> {
    let list = move |tx: &mut store::Tx<'_>, ctx: &Ctx| {
        let mut filter = ClassFilter { limit: Some(1), ..filter.clone() };
        let mut lines = Vec::new();
        loop {
            let page = counting::list_classes(tx, ctx, filter.clone())?;
            lines.extend(page.lines);
            match page.next_cursor {
                None => return Ok::<_, counting::ListError>(lines),
                cursor => filter.cursor = cursor,
            }
        }
    };
    world.within(database, list)
}

#[test]
fn a_class_is_told_before_it_is_given_and_since_when_it_is_held() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 3);
        let request = profile(&[("A", "80", Some(1)), ("B", "20", None)]);
        world.within(database, move |tx, ctx| counting::define_profile(tx, ctx, request.clone()));
        world.post(database, vec![world.outgoing(1, 5), world.outgoing(2, 1)]);
        let told = classify(&world.ctx, &world, database, Rehearsed::Yes);
        assert!(classes(&world, database, ClassFilter::default()).is_empty(), "taken back");
        assert_eq!(classify(&world.ctx, &world, database, Rehearsed::No), told);
        let (tomorrow, next_day) = later(&world, 1);
        // The item that sold little sells most from now on.
        world.post(database, vec![world.outgoing(2, 9)]);
        assert_eq!(classify(&tomorrow, &world, database, Rehearsed::No).moved, 1);
        let seen = |filter: ClassFilter| {
            let rows = classes(&world, database, filter);
            rows.into_iter().map(|row| (row.sku, row.class, row.since)).collect::<Vec<_>>()
        };
        let (first, name) = (world.ctx.today, |item: &str| item.to_owned());
        let by_rank = [("P0002", "A", next_day), ("P0001", "A", first), ("P0000", "B", first)];
        let told = by_rank.map(|(sku, class, since)| (name(sku), name(class), since));
        assert_eq!(seen(ClassFilter::default()), told);
        let by_sku = ClassFilter { sort: ClassSort::Sku, ..ClassFilter::default() };
        assert_eq!(seen(by_sku)[0].0, "P0000");
        let lately = ClassFilter { since: Some(next_day), ..ClassFilter::default() };
        assert_eq!(seen(lately), told[..1]);
        let of_b = ClassFilter { class: Some("B".into()), ..ClassFilter::default() };
        assert_eq!(seen(of_b), told[2..]);
        let profiles = world
            .within(database, |tx, ctx| counting::list_profiles(tx, ctx, ProfileFilter::default()));
        let of = &profiles.lines[0];
        assert_eq!((of.levels.len(), of.classified_on, of.items), (2, Some(next_day), 3));
        let remove = |name: &str| {
            let request = RemoveProfile { name: name.to_owned() };
            world.within_as(&world.ctx, database, move |tx, ctx| {
                counting::remove_profile(tx, ctx, request.clone())
            })
        };
        let unknown = remove("standart");
        let missing = matches!(unknown, Err(RemoveProfileError::UnknownProfile { .. }));
        assert!(missing, "{unknown:?}");
        assert_eq!(remove("standard").map(|removed| removed.items), Ok(3));
        assert!(classes(&world, database, ClassFilter::default()).is_empty());
        let profiles = world
            .within(database, |tx, ctx| counting::list_profiles(tx, ctx, ProfileFilter::default()));
        assert_eq!(profiles.lines, []);
    });
}

#[test]
fn what_is_due_next_is_told_by_place_and_by_class_and_planned_only_when_it_is_meant() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 2);
        world.post(database, vec![world.plain(1, world.warehouse.stock, world.bin, 2)]);
        rule(&world, database, BIN, Some(5), false);
        let request = profile(&[("A", "100", Some(9))]);
        world.within(database, move |tx, ctx| counting::define_profile(tx, ctx, request.clone()));
        classify(&world.ctx, &world, database, Rehearsed::No);
        let list = |profile: Option<&str>, sort: NextCountSort| {
            let profile = profile.map(str::to_owned);
            let filter = NextCountFilter { profile, sort, ..NextCountFilter::default() };
            let page = world.within_as(&world.ctx, database, move |tx, ctx| {
                counting::list_next_counts(tx, ctx, filter.clone())
            });
            let row = |row: NextCountRow| (row.place, row.due_by, row.rows, row.on_sheets);
            page.map(|page| page.lines.into_iter().map(row).collect::<Vec<_>>())
        };
        let bin = (BIN.to_owned(), DueBy::Place, 1, 0);
        let shelf = (SHELF.to_owned(), DueBy::Class, 2, 0);
        assert_eq!(list(None, NextCountSort::DueOn), Ok(vec![bin.clone()]));
        let both = list(Some("standard"), NextCountSort::DueOn);
        assert_eq!(both, Ok(vec![bin.clone(), shelf.clone()]), "the bin is due first");
        assert_eq!(list(Some("standard"), NextCountSort::Place), Ok(vec![shelf, bin]));
        let unknown = list(Some("standart"), NextCountSort::DueOn);
        assert!(matches!(unknown, Err(counting::ListError::UnknownProfile { .. })), "{unknown:?}");
        let (on_day, _) = later(&world, 5);
        let request = PlanCounts { warehouse: "WH".into(), ..PlanCounts::default() };
        let told = world
            .within_as(&on_day, database, move |tx, ctx| {
                counting::rehearse_plan(tx, ctx, request.clone())
            })
            .expect("told");
        let planned = plan(&on_day, &world, database, None);
        assert_eq!((told.sheets.len(), told.sheets[0].lines), (1, planned.sheets[0].lines));
        let counts = world.within(database, |tx, ctx| {
            counting::list_counts(tx, ctx, counting::CountFilter::default())
        });
        assert_eq!(counts.lines.len(), 1, "what was only told is on no sheet");
        assert_eq!(list(None, NextCountSort::DueOn).expect("a list")[0].3, 1, "and now it is");
    });
}

#[test]
fn a_rule_of_a_place_is_listed_until_it_rules_nothing() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let list = |filter: CountPlaceFilter| {
            let page = world
                .within(database, move |tx, ctx| counting::list_places(tx, ctx, filter.clone()));
            let row = |row: CountPlaceRow| (row.place, row.cycle_days, row.zero_confirmation);
            page.lines.into_iter().map(row).collect::<Vec<_>>()
        };
        rule(&world, database, SHELF, Some(30), true);
        // The bin in it only notes what was empty before.
        let shelf = (SHELF.to_owned(), Some(30), true);
        assert_eq!(list(CountPlaceFilter::default()), std::slice::from_ref(&shelf));
        rule(&world, database, BIN, Some(7), false);
        let bin = (BIN.to_owned(), Some(7), false);
        assert_eq!(list(CountPlaceFilter::default()), [shelf, bin.clone()]);
        let within = CountPlaceFilter { place: Some(BIN.into()), ..CountPlaceFilter::default() };
        assert_eq!(list(within), std::slice::from_ref(&bin));
        let elsewhere =
            CountPlaceFilter { warehouse: Some("NO".into()), ..CountPlaceFilter::default() };
        assert_eq!(list(elsewhere), []);
        rule(&world, database, SHELF, None, false);
        assert_eq!(list(CountPlaceFilter::default()), [bin]);
    });
}
