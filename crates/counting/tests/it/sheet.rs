use super::world::{BIN, SHELF, World, as_counted, units};
use counting::{
    ApplyCountsError, CancelCount, CountError, CountState, LineState, OpenCount, OpenCountError,
    RefreshCount, SCHEMA,
};
use store::testing::on_both_engines;

#[test]
fn a_sheet_takes_what_lies_there_and_books_only_what_differs() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 3);
        let sheet = world.open(database, OpenCount::default());
        assert_eq!(world.lines(database, sheet).len(), 3);
        let counted = [(0, SHELF, 8), (1, SHELF, 10), (2, SHELF, 11)];
        world.count(database, sheet, &counted);
        let applied = world.apply(database, sheet);
        assert_eq!((applied.state, applied.differences), (CountState::Applied, 2));
        assert_eq!(applied.value.minor, -100);
        let on_hand = [0, 1, 2].map(|item| world.on_hand(database, item));
        assert_eq!(on_hand, [8, 10, 11]);
        let lines = world.lines(database, sheet);
        let values = lines.iter().map(|line| line.value.map(|value| value.minor));
        assert_eq!(values.collect::<Vec<_>>(), [Some(-200), Some(0), Some(100)]);
        assert_eq!(lines[0].reason, "unexplained");
        assert_eq!(lines[1].reason, "");
        let again = world.apply_as(&world.ctx, database, sheet);
        assert!(matches!(again, Err(ApplyCountsError::NotOpen { .. })), "{again:?}");
        world.assert_sound(database);
    });
}

#[test]
fn what_is_found_where_the_books_know_of_nothing_is_added() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 2);
        let sheet = world.open(database, as_counted());
        world.count(database, sheet, &[(1, BIN, 3)]);
        assert_eq!(world.apply(database, sheet).differences, 1);
        assert_eq!(world.on_hand(database, 1), 13);
        world.assert_sound(database);
    });
}

#[test]
fn a_blind_sheet_hides_what_the_books_say_while_it_is_open() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let sheet = world.open(database, OpenCount { blind: true, ..OpenCount::default() });
        world.count(database, sheet, &[(0, SHELF, 7)]);
        let (clerk, lead) = (world.clerk(50), world.person(51, &["counting.*"]));
        let seen = world.lines_as(&clerk, database, sheet).remove(0);
        assert_eq!((seen.counted, seen.expected, seen.difference), (units(7), None, None));
        assert_eq!((seen.on_hand, seen.over_threshold), (None, None));
        let seen = world.lines_as(&lead, database, sheet).remove(0);
        assert_eq!((seen.expected, seen.difference), (units(10), units(-3)));
        world.apply(database, sheet);
        let seen = world.lines_as(&clerk, database, sheet).remove(0);
        assert_eq!(seen.expected, units(10));
    });
}

#[test]
fn a_refresh_reads_the_books_anew_and_keeps_what_was_counted() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 2);
        let sheet = world.open(database, OpenCount::default());
        world.count(database, sheet, &[(0, SHELF, 13)]);
        world.post(database, vec![world.incoming(0, 2), world.incoming(1, 2)]);
        let before = world.lines(database, sheet);
        assert_eq!((before[0].expected, before[1].expected), (units(10), units(10)));
        let request = RefreshCount { count_id: sheet };
        let done = world
            .within(database, move |tx, ctx| counting::refresh_count(tx, ctx, request.clone()));
        assert_eq!(done.lines, [1, 2]);
        let after = world.lines(database, sheet);
        assert_eq!((after[0].expected, after[0].counted), (units(12), units(13)));
        world.count(database, sheet, &[(1, SHELF, 12)]);
        assert_eq!(world.apply(database, sheet).differences, 1);
        assert_eq!((world.on_hand(database, 0), world.on_hand(database, 1)), (13, 12));
        world.assert_sound(database);
    });
}

#[test]
fn what_nobody_counted_is_counted_or_left_out_by_name() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 2);
        let sheet = world.open(database, OpenCount::default());
        let nothing = world.apply_as(&world.ctx, database, sheet);
        assert!(matches!(nothing, Err(ApplyCountsError::Uncounted { left: 2, line: 1, .. })));
        world.count(database, sheet, &[(1, SHELF, 9)]);
        let request =
            counting::ApplyCounts { count_id: sheet, reasons: Vec::new(), skip_uncounted: true };
        world.within(database, move |tx, ctx| counting::apply_counts(tx, ctx, request.clone()));
        let states: Vec<_> = world.lines(database, sheet).iter().map(|l| l.state).collect();
        assert_eq!(states, [LineState::Skipped, LineState::Applied]);
        assert_eq!((world.on_hand(database, 0), world.on_hand(database, 1)), (10, 9));
        world.assert_sound(database);
    });
}

#[test]
fn a_sheet_is_opened_once_by_its_reference_and_given_up_with_a_reason() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let request = OpenCount { client_ref: "spring".into(), ..OpenCount::default() };
        let sheet = world.open(database, request.clone());
        assert_eq!(world.open(database, request), sheet);
        world.count(database, sheet, &[(0, SHELF, 2)]);
        let cancel = |reason: &str| {
            let request = CancelCount { count_id: sheet, reason: reason.into() };
            world.within_as(&world.ctx, database, move |tx, ctx| {
                counting::cancel_count(tx, ctx, request.clone())
            })
        };
        assert!(cancel(" ").is_err());
        cancel("the wrong bin").expect("given up");
        assert_eq!(world.on_hand(database, 0), 10);
        let late = world.count_as(&world.ctx, database, sheet, &[(0, SHELF, 3)]);
        assert!(matches!(late, Err(CountError::NotOpen { .. })), "{late:?}");
        world.assert_sound(database);
    });
}

#[test]
fn nonsense_is_refused_with_the_line_it_is_in() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 2);
        let sheet = world.open(database, as_counted());
        let count = |lines: &[(usize, &str, i64)]| {
            world.count_as(&world.ctx, database, sheet, lines).expect_err("refused")
        };
        assert_eq!(count(&[]), CountError::Empty);
        let line = |error: CountError| base::Rule::problem(&error);
        for (lines, code) in [
            (vec![(0, SHELF, 1), (7, SHELF, 1)], "item_not_found"),
            (vec![(0, SHELF, 1), (1, "WH/Nowhere", 1)], "place_not_found"),
            (vec![(0, SHELF, 1), (1, SHELF, -1)], "quantity_negative"),
            (vec![(0, SHELF, 1), (0, SHELF, 1)], "counted_twice"),
        ] {
            let problem = line(count(&lines));
            assert_eq!(
                (problem.code, problem.place.and_then(|place| place.line)),
                (code, Some(2)),
                "{lines:?}"
            );
        }
        let nobody = world.person(60, &["counting.read"]);
        let denied = world.count_as(&nobody, database, sheet, &[(0, SHELF, 1)]);
        assert!(matches!(denied, Err(CountError::Denied(_))), "{denied:?}");
        let nowhere = OpenCount { places: vec!["WH/Nowhere".into()], ..OpenCount::default() };
        let refused = world.within_as(&world.ctx, database, move |tx, ctx| {
            counting::open_count(tx, ctx, nowhere.clone())
        });
        assert!(matches!(refused, Err(OpenCountError::UnknownPlace { .. })), "{refused:?}");
    });
}
