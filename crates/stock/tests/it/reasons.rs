use super::world::{World, units};
use accounting::Role;
use base::{BatchId, DocumentId, Id, Money, Quantity, Rule, UserId};
use documents::Record;
use identity::{Ctx, Verdict};
use stock::{
    Adjust, AdjustError, Adjusted, AdjustmentState, ApproveAdjustment, ApproveAdjustmentError,
    DefineReason, Difference, Explain, ExplainError, SCHEMA, UnexplainedFilter, WeighError,
};
use store::Database;
use store::testing::on_both_engines;

/// Ten pieces at 1.00 of each of two items, and reasons with limits: 2.00 a line and 3.00 a sheet
/// for damage, evidence above 1.50.
fn world(database: &Database) -> World {
    let world = World::new(database, 2);
    let goods = vec![world.incoming(0, 10, 1_000), world.incoming(1, 10, 1_000)];
    world.post(database, goods).expect("ten of each");
    let money = |minor| Some(Money::new(minor, world.ctx.currency));
    let damaged = DefineReason {
        code: "damaged".into(),
        name: "Broken".into(),
        role: Role::Scrap,
        active: true,
        line_limit: money(200),
        sheet_limit: money(300),
        evidence_limit: money(150),
        must_explain: false,
        due_days: None,
        owner: None,
    };
    world.within(database, move |tx, ctx| stock::define_reason(tx, ctx, damaged.clone()));
    world
}

fn line(item: usize, pieces: i64, reason: &str, evidence: &[DocumentId]) -> Difference {
    Difference {
        sku: format!("P{item:04}"),
        place: "WH/Stock".into(),
        lot: None,
        quantity: Quantity::units(pieces),
        reason: reason.into(),
        evidence: evidence.to_vec(),
    }
}

fn adjust(ctx: &Ctx, database: &Database, lines: Vec<Difference>) -> Result<Adjusted, AdjustError> {
    let (ctx, request) = (ctx.clone(), Adjust { lines, ..Adjust::default() });
    database.write(move |tx| stock::adjust(tx, &ctx, request.clone()))
}

fn approve(
    ctx: &Ctx,
    database: &Database,
    adjustment_id: BatchId,
    verdict: Verdict,
) -> Result<AdjustmentState, ApproveAdjustmentError> {
    let ctx = ctx.clone();
    let reason = "seen on the shelf".to_owned();
    let request = ApproveAdjustment { adjustment_id, verdict, reason };
    database.write(move |tx| {
        stock::approve_adjustment(tx, &ctx, request.clone()).map(|decided| decided.state)
    })
}

fn other(world: &World, patterns: &[&str], limit: Option<i64>) -> Ctx {
    identity::testing::holding(&world.ctx, UserId::from_raw(4711), patterns, limit)
}

#[test]
fn beyond_a_limit_another_person_has_to_agree_before_anything_moves() {
    on_both_engines(&SCHEMA, |database| {
        let world = world(database);
        let within = adjust(&world.ctx, database, vec![line(0, -1, "damaged", &[])]);
        assert_eq!(within.expect("below every limit").state, AdjustmentState::Booked);
        // Two lines of 2.00 are within the line's limit and beyond the sheet's.
        let proof = photo(&world.ctx, database, "item", "broken.png");
        let lines = vec![line(0, -2, "damaged", &[proof]), line(1, -2, "damaged", &[proof])];
        let waiting = adjust(&world.ctx, database, lines).expect("asked");
        assert_eq!((waiting.state, waiting.posted_on), (AdjustmentState::Waiting, None));
        assert_eq!(units(world.available(database, 0).on_hand), 9);
        world.assert_sound(database);

        let id = waiting.adjustment_id;
        let own = approve(&world.ctx, database, id, Verdict::Approve);
        assert!(matches!(own, Err(ApproveAdjustmentError::OwnAdjustment { .. })), "{own:?}");
        let clerk =
            approve(&other(&world, &["stock.adjust"], None), database, id, Verdict::Approve);
        assert!(matches!(clerk, Err(ApproveAdjustmentError::Approval(_))), "{clerk:?}");
        let low = other(&world, &["stock.approve"], Some(399));
        let low = approve(&low, database, id, Verdict::Approve);
        assert!(matches!(low, Err(ApproveAdjustmentError::Approval(_))), "{low:?}");
        let lead = other(&world, &["stock.approve"], Some(400));
        assert_eq!(approve(&lead, database, id, Verdict::Approve), Ok(AdjustmentState::Booked));
        assert_eq!(units(world.available(database, 0).on_hand), 7);
        assert_eq!(units(world.available(database, 1).on_hand), 8);
        let again = approve(&lead, database, id, Verdict::Approve);
        assert!(matches!(again, Err(ApproveAdjustmentError::NotWaiting { .. })), "{again:?}");
        world.assert_sound(database);
    });
}

#[test]
fn what_is_refused_moves_nothing() {
    on_both_engines(&SCHEMA, |database| {
        let world = world(database);
        let proof = photo(&world.ctx, database, "item", "broken.png");
        let waiting = adjust(&world.ctx, database, vec![line(0, -3, "damaged", &[proof])]);
        let id = waiting.expect("asked").adjustment_id;
        let lead = other(&world, &["stock.approve"], None);
        assert_eq!(approve(&lead, database, id, Verdict::Refuse), Ok(AdjustmentState::Refused));
        assert_eq!(units(world.available(database, 0).on_hand), 10);
        world.assert_sound(database);
    });
}

#[test]
fn above_its_limit_a_line_names_a_document_that_proves_it() {
    on_both_engines(&SCHEMA, |database| {
        let world = world(database);
        let ask = |evidence: &[DocumentId]| {
            adjust(&world.ctx, database, vec![line(0, -2, "damaged", evidence)])
        };
        let missing = WeighError::EvidenceMissing { line: 1, value: 200, limit: 150 };
        assert_eq!(ask(&[]), Err(AdjustError::Weigh(missing)));
        let code = |answer: Result<Adjusted, AdjustError>| answer.unwrap_err().problem().code;
        assert_eq!(code(ask(&[Id::from_raw(7)])), "evidence_not_found");
        let paper = photo(&world.ctx, database, "payment", "order.png");
        assert_eq!(code(ask(&[paper])), "evidence_of_other_record");
        let gone = photo(&world.ctx, database, "warehouse", "gone.png");
        detach(&world.ctx, database, gone).expect("nobody named it");
        assert_eq!(code(ask(&[gone])), "evidence_detached");

        let proof = photo(&world.ctx, database, "warehouse", "broken.png");
        let named = ask(&[proof]).expect("with evidence");
        assert_eq!(named.state, AdjustmentState::Booked);
        // It stays, and the line tells it.
        let refused = detach(&world.ctx, database, proof).unwrap_err();
        assert_eq!(refused.problem().code, "document_is_evidence");
        let filter = stock::AdjustedLineFilter::default();
        let lines =
            world.within(database, move |tx, ctx| stock::adjusted_lines(tx, ctx, filter.clone()));
        assert_eq!(lines.lines[0].evidence, "broken.png");
        let record =
            Record { kind: "adjustment".into(), id: named.adjustment_id.raw(), name: named.number };
        let told = world.within(database, move |tx, ctx| documents::evidence_of(tx, ctx, &record));
        assert_eq!((told[0].line, told[0].document_id, told.len()), (1, proof, 1));
        world.assert_sound(database);
    });
}

/// A photo that is attached to a record of a kind.
fn photo(ctx: &Ctx, database: &Database, kind: &'static str, name: &'static str) -> DocumentId {
    let ctx = ctx.clone();
    let attach = documents::Attach {
        document_type: documents::DocumentType::Photo,
        name: name.to_owned(),
        expires_on: None,
        replaces: None,
        note: String::new(),
    };
    let done = database.write(move |tx| {
        let record = Record { kind: kind.to_owned(), id: 1, name: "WH".to_owned() };
        let mut bytes = b"\x89PNG\r\n\x1a\n".to_vec();
        bytes.extend(name.as_bytes());
        let file = documents::File { content: &bytes, claimed: "" };
        documents::attach(tx, &ctx, &record, &attach, file)
    });
    done.expect("attached").document_id
}

fn detach(
    ctx: &Ctx,
    database: &Database,
    document_id: DocumentId,
) -> Result<documents::Detached, documents::DetachError> {
    let ctx = ctx.clone();
    let request = documents::Detach { document_id, reason: "wrong".into() };
    database.write(move |tx| documents::detach(tx, &ctx, &request))
}

#[test]
fn a_reason_no_longer_in_use_is_not_given() {
    on_both_engines(&SCHEMA, |database| {
        let world = world(database);
        let off = DefineReason {
            code: "sample".into(),
            name: "Samples".into(),
            role: Role::Samples,
            active: false,
            line_limit: None,
            sheet_limit: None,
            evidence_limit: None,
            must_explain: false,
            due_days: None,
            owner: None,
        };
        world.within(database, move |tx, ctx| stock::define_reason(tx, ctx, off.clone()));
        let refused = adjust(&world.ctx, database, vec![line(0, -1, "sample", &[])]);
        let unknown = matches!(refused, Err(AdjustError::Weigh(WeighError::UnknownReason { .. })));
        assert!(unknown, "{refused:?}");
        let page = world.within(database, |tx, ctx| {
            stock::list_reasons(tx, ctx, stock::ReasonFilter::default())
        });
        let sample = page.lines.iter().find(|reason| reason.code == "sample").expect("listed");
        assert!(!sample.active && page.lines.len() == 7);
    });
}

/// The balance of the account of a role, debit less credit.
fn balance(world: &World, database: &Database, role: Role) -> i64 {
    let books = world.within(database, |tx, ctx| accounting::trial_balance(tx, ctx, None));
    let lines = books.lines.iter().filter(|line| line.role == Some(role));
    lines.map(|line| line.balance.minor).sum()
}

#[test]
fn what_is_unexplained_waits_for_its_owner_and_moves_to_the_reason_that_it_was() {
    on_both_engines(&SCHEMA, |database| {
        let world = world(database);
        let lines = vec![line(0, -2, "unexplained", &[]), line(1, 1, "unexplained", &[])];
        let booked = adjust(&world.ctx, database, lines).expect("booked");
        let open = || {
            world.within(database, |tx, ctx| {
                stock::list_unexplained(tx, ctx, UnexplainedFilter::default())
            })
        };
        let waiting = open().lines;
        assert_eq!(waiting.len(), 2);
        assert_eq!(waiting[0].owner, world.ctx.user_id);
        assert_eq!(world.ctx.today.days_until(waiting[0].due_on), 30);
        assert_eq!(balance(&world, database, Role::Unexplained), 100);

        let explain = |lines: &[i64], reason: &str| {
            let (ctx, request) = (
                world.ctx.clone(),
                Explain {
                    adjustment_id: booked.adjustment_id,
                    lines: lines.to_vec(),
                    reason: reason.into(),
                    note: "a box fell down".into(),
                },
            );
            database.write(move |tx| stock::explain(tx, &ctx, request.clone()))
        };
        let circular = explain(&[1], "unexplained");
        assert!(matches!(circular, Err(ExplainError::NoExplanation { .. })), "{circular:?}");
        let first = explain(&[1], "damaged").expect("explained");
        assert_eq!((first.lines, first.value.minor), (vec![1], 200));
        assert_eq!(balance(&world, database, Role::Unexplained), -100);
        assert_eq!(balance(&world, database, Role::Scrap), 200);
        assert_eq!(explain(&[1], "damaged"), Err(ExplainError::LineNotWaiting { line: 1 }));
        explain(&[], "found").expect("the rest");
        assert_eq!(balance(&world, database, Role::Unexplained), 0);
        assert!(open().lines.is_empty());
        assert!(matches!(explain(&[], "found"), Err(ExplainError::NotWaiting { .. })));
        world.assert_sound(database);
    });
}
