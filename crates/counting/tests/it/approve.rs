use super::world::{BIN, SHELF, World, as_counted};
use base::Money;
use counting::{
    ApplyCounts, ApplyCountsError, CountError, DefineCountPlaces, LineReason, PlaceRule, SCHEMA,
};
use identity::Ctx;
use stock::{UnexplainedFilter, WeighError};
use store::Database;
use store::testing::on_both_engines;

/// Counts in the stock may be off by ten percent.
fn world(database: &Database) -> World {
    let world = World::new(database, 2);
    let rule = PlaceRule {
        place: SHELF.into(),
        cycle_days: None,
        zero_confirmation: false,
        threshold_percent: Some(10),
        last_counted_on: None,
    };
    let request = DefineCountPlaces { places: vec![rule] };
    world.within(database, move |tx, ctx| counting::define_places(tx, ctx, request.clone()));
    world
}

#[test]
fn too_far_off_a_line_needs_a_second_person_who_finds_the_same() {
    on_both_engines(&SCHEMA, |database| {
        let world = world(database);
        let sheet = world.open(database, as_counted());
        let (first, second) = (world.clerk(50), world.clerk(51));
        let entered =
            world.count_as(&first, database, sheet, &[(0, SHELF, 8), (1, SHELF, 9)]).expect("in");
        let again: Vec<bool> = entered.lines.iter().map(|line| line.again).collect();
        assert_eq!(again, [true, false]);
        let refused = world.apply_as(&first, database, sheet);
        assert!(matches!(refused, Err(ApplyCountsError::NeedsApproval { lines: 1, line: 1, .. })));
        let same = world.count_as(&first, database, sheet, &[(0, SHELF, 10)]);
        assert!(matches!(same, Err(CountError::SameCounter { .. })), "{same:?}");
        world.count_as(&second, database, sheet, &[(0, SHELF, 8)]).expect("the same");
        world.apply_as(&first, database, sheet).expect("two persons found the same");
        assert_eq!(world.on_hand(database, 0), 8);
        world.assert_sound(database);
    });
}

#[test]
fn who_counted_does_not_approve() {
    on_both_engines(&SCHEMA, |database| {
        let world = world(database);
        let sheet = world.open(database, as_counted());
        // The rule of the stock holds for the bin inside it.
        let lead = world.person(60, &["counting.*"]);
        world.count_as(&lead, database, sheet, &[(0, BIN, 1)]).expect("something new");
        let own = world.apply_as(&lead, database, sheet);
        assert!(matches!(own, Err(ApplyCountsError::CounterApproves { line: 1, .. })), "{own:?}");
        let finance = world.person(61, &["counting.approve"]);
        let denied = world.apply_as(&finance, database, sheet);
        assert!(matches!(denied, Err(ApplyCountsError::Denied(_))), "{denied:?}");
        let request = ApplyCounts { count_id: sheet, reasons: Vec::new(), skip_uncounted: false };
        let approve = |ctx: &Ctx| {
            let request = request.clone();
            world.within_as(ctx, database, move |tx, ctx| {
                counting::approve_counts(tx, ctx, request.clone())
            })
        };
        approve(&finance).expect("another approves");
        assert_eq!(world.on_hand(database, 0), 11);
        world.assert_sound(database);
    });
}

#[test]
fn the_reasons_limits_hold_for_counts_and_the_difference_waits_for_its_owner() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 2);
        let money = |minor| Some(Money::new(minor, world.ctx.currency));
        let reason = stock::DefineReason {
            code: "damaged".into(),
            name: "Broken".into(),
            role: accounting::Role::Scrap,
            active: true,
            line_limit: money(150),
            sheet_limit: None,
            evidence_limit: money(100),
            must_explain: false,
            due_days: None,
            owner: None,
        };
        world.within(database, move |tx, ctx| stock::define_reason(tx, ctx, reason.clone()));
        let sheet = world.open(database, as_counted());
        let clerk = world.clerk(50);
        world.count_as(&clerk, database, sheet, &[(0, SHELF, 8), (1, SHELF, 9)]).expect("counted");
        let apply = |ctx: &Ctx, evidence: &str| {
            let line = LineReason { line: 1, reason: "damaged".into(), evidence: evidence.into() };
            let request =
                ApplyCounts { count_id: sheet, reasons: vec![line], skip_uncounted: false };
            world.within_as(ctx, database, move |tx, ctx| {
                counting::apply_counts(tx, ctx, request.clone())
            })
        };
        let bare = apply(&clerk, "");
        let missing = matches!(
            bare,
            Err(ApplyCountsError::Weigh(WeighError::EvidenceMissing { line: 1, .. }))
        );
        assert!(missing, "{bare:?}");
        let beyond = apply(&clerk, "photo 4");
        assert!(matches!(beyond, Err(ApplyCountsError::NeedsApproval { .. })), "{beyond:?}");
        let low = identity::testing::holding(
            &world.ctx,
            base::Id::from_raw(62),
            &["counting.*"],
            Some(299),
        );
        let low = apply(&low, "photo 4");
        assert!(matches!(low, Err(ApplyCountsError::Denied(_))), "{low:?}");
        apply(&world.person(63, &["counting.*"]), "photo 4").expect("approved");
        let open = world.within(database, |tx, ctx| {
            stock::list_unexplained(tx, ctx, UnexplainedFilter::default())
        });
        assert_eq!(open.lines.len(), 1);
        assert_eq!((open.lines[0].line, open.lines[0].source_kind.as_str()), (2, "count"));
        world.assert_sound(database);
    });
}
