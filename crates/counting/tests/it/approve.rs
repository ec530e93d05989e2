use super::world::{BIN, SHELF, World, as_counted};
use base::{Money, Rule};
use counting::{
    ApplyCounts, ApplyCountsError, CountError, DecideCount, DefineCountPlaces, LineReason,
    PlaceRule, SCHEMA,
};
use identity::{ApprovalRow, ApprovalState, Ctx, Verdict};
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

fn inbox(ctx: &Ctx, database: &Database) -> Vec<ApprovalRow> {
    let ctx = ctx.clone();
    database
        .read(move |tx| identity::waiting_approvals(tx, &ctx, identity::WaitingFilter::default()))
        .expect("an inbox")
        .lines
}

fn states(world: &World, database: &Database) -> Vec<(String, ApprovalState)> {
    let ctx = world.ctx.clone();
    let page = database
        .read(move |tx| identity::approvals(tx, &ctx, identity::ApprovalFilter::default()))
        .expect("approvals");
    page.lines.into_iter().map(|row| (row.kind, row.state)).collect()
}

fn sheet_number(world: &World, database: &Database, sheet: base::CountId) -> String {
    let rows = world.within(database, |tx, ctx| {
        counting::list_counts(tx, ctx, counting::CountFilter::default())
    });
    rows.lines.into_iter().find(|row| row.count_id == sheet).expect("the sheet").number
}

#[test]
fn a_refused_count_stays_open_and_a_rule_may_ask_for_every_count() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database, 1);
        let rule: identity::ApprovalRule = serde_json::from_value(serde_json::json!({
            "kind": "count", "code": "C1", "people": 2,
            "conditions": [{"fact": "lines", "above": 0}],
        }))
        .expect("a rule");
        world.within(database, move |tx, ctx| {
            identity::define_approval_rule(tx, ctx, &[&counting::COUNTS], rule.clone())
        });
        let sheet = world.open(database, as_counted());
        let clerk = world.clerk(50);
        world.count_as(&clerk, database, sheet, &[(0, SHELF, 9)]).expect("counted");
        assert!(world.apply_as(&clerk, database, sheet).expect("asked").waits);
        let decide = |ctx: &Ctx, verdict, reason: &str| {
            let row = inbox(ctx, database).remove(0);
            let (revision, reason) = (row.revision, reason.to_owned());
            let request = DecideCount { count_id: sheet, revision, verdict, reason };
            world
                .within_as(ctx, database, move |tx, ctx| {
                    counting::decide_count(tx, ctx, request.clone())
                })
                .expect("decided")
        };
        let first = world.person(61, &["counting.approve", "identity.decide"]);
        let second = world.person(62, &["counting.approve", "identity.decide"]);
        let no = decide(&first, Verdict::Refuse, "count again");
        assert!(!no.waits && no.adjustment.is_none());
        assert!(world.apply_as(&clerk, database, sheet).expect("asked again").waits);
        assert!(decide(&first, Verdict::Approve, "").waits, "two have to agree");
        assert_eq!(decide(&second, Verdict::Approve, "").differences, 1);
        assert_eq!(world.on_hand(database, 0), 9);
        world.assert_sound(database);
    });
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
        let waiting = world.apply_as(&first, database, sheet).expect("somebody is asked");
        assert!(waiting.waits && waiting.adjustment.is_none());
        assert_eq!(world.on_hand(database, 0), 10, "nothing is booked");
        assert_eq!(states(&world, database), [("count".to_owned(), ApprovalState::Waiting)]);
        let same = world.count_as(&first, database, sheet, &[(0, SHELF, 10)]);
        assert!(matches!(same, Err(CountError::SameCounter { .. })), "{same:?}");
        world.count_as(&second, database, sheet, &[(0, SHELF, 8)]).expect("the same");
        let voided = [("count".to_owned(), ApprovalState::Void)];
        assert_eq!(states(&world, database), voided, "the sheet is another now");
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
        let approve_own =
            ApplyCounts { count_id: sheet, reasons: Vec::new(), skip_uncounted: false };
        let own = world.within_as(&lead, database, move |tx, ctx| {
            counting::approve_counts(tx, ctx, approve_own.clone())
        });
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
        let proof = photo(&clerk, database, sheet);
        let apply = |ctx: &Ctx, evidence: &[base::DocumentId]| {
            let evidence = evidence.to_vec();
            let line = LineReason { line: 1, reason: "damaged".into(), evidence };
            let request =
                ApplyCounts { count_id: sheet, reasons: vec![line], skip_uncounted: false };
            world.within_as(ctx, database, move |tx, ctx| {
                counting::apply_counts(tx, ctx, request.clone())
            })
        };
        let bare = apply(&clerk, &[]);
        let missing = matches!(
            bare,
            Err(ApplyCountsError::Weigh(WeighError::EvidenceMissing { line: 1, .. }))
        );
        assert!(missing, "{bare:?}");
        let low = identity::testing::holding(
            &world.ctx,
            base::Id::from_raw(62),
            &["counting.*", "documents.read"],
            Some(299),
        );
        let line = LineReason { line: 1, reason: "damaged".into(), evidence: vec![proof] };
        let request = ApplyCounts { count_id: sheet, reasons: vec![line], skip_uncounted: false };
        let low = world.within_as(&low, database, move |tx, ctx| {
            counting::approve_counts(tx, ctx, request.clone())
        });
        assert!(matches!(low, Err(ApplyCountsError::Denied(_))), "{low:?}");
        let beyond = apply(&clerk, &[proof]).expect("somebody is asked");
        assert!(beyond.waits);
        let again = apply(&clerk, &[proof]).expect_err("it waits already");
        assert_eq!(again.problem().code, "already_asked");
        let finance = world.person(63, &["counting.approve", "identity.decide", "documents.read"]);
        let row = inbox(&finance, database).remove(0);
        assert_eq!(row.number, sheet_number(&world, database, sheet));
        assert_eq!(row.facts["reason"], "damaged, unexplained");
        assert!(row.why.starts_with("because 2 lines are beyond a limit"), "{}", row.why);
        let decide = |ctx: &Ctx, verdict, reason: &str| {
            let (revision, reason) = (row.revision, reason.to_owned());
            let request = DecideCount { count_id: sheet, revision, verdict, reason };
            world.within_as(ctx, database, move |tx, ctx| {
                counting::decide_count(tx, ctx, request.clone())
            })
        };
        let own = decide(&clerk, Verdict::Approve, "").expect_err("one's own");
        assert_eq!(own.problem().code, "permission_denied");
        let counter = world.person(50, &["counting.approve", "identity.decide"]);
        let own = decide(&counter, Verdict::Approve, "").expect_err("one's own");
        assert_eq!(own.problem().code, "own_request");
        let blind = world.person(64, &["counting.approve", "identity.decide"]);
        let blind = decide(&blind, Verdict::Approve, "").expect_err("who cannot read the proof");
        assert_eq!(blind.problem().code, "permission_denied");
        assert!(blind.to_string().contains("documents.read"), "{blind}");
        let done = decide(&finance, Verdict::Approve, "").expect("agreed");
        assert!(!done.waits && done.differences == 2);
        let open = world.within(database, |tx, ctx| {
            stock::list_unexplained(tx, ctx, UnexplainedFilter::default())
        });
        assert_eq!(open.lines.len(), 1);
        assert_eq!((open.lines[0].line, open.lines[0].source_kind.as_str()), (2, "count"));
        world.assert_sound(database);
    });
}

/// A photo that is attached to a sheet.
fn photo(ctx: &Ctx, database: &Database, sheet: base::CountId) -> base::DocumentId {
    let ctx = ctx.clone();
    let attach = documents::Attach {
        document_type: documents::DocumentType::PhotoOfDamage,
        name: "broken.png".to_owned(),
        expires_on: None,
        replaces: None,
        note: String::new(),
    };
    let (kind, name) = ("count".to_owned(), "CN".to_owned());
    let record = documents::Record { kind, id: base::Id::raw(sheet), name };
    let done = database.write(move |tx| {
        let file = documents::File { content: b"\x89PNG\r\n\x1a\n", claimed: "" };
        documents::attach(tx, &ctx, &record, &attach, file)
    });
    done.expect("attached").document_id
}
