use crate::it::world::{user, write};
use base::{ApprovalId, Id, Rule};
use identity::{
    ApprovalError, ApprovalFilter, ApprovalState, Ctx, Decide, Denied, Permission, RequestApproval,
    SCHEMA, Verdict, approvals, decide, request_approval, set_policy, testing, void_approvals,
    waiting_approvals,
};
use store::testing::{assert_sound, on_both_engines};
use store::{Database, StoreError};

const APPROVE: Permission = Permission("purchasing.approve");
const ORDER: i64 = 77;

/// A buyer who asks, and a lead who may approve up to 1,000.00.
struct Office {
    admin: Ctx,
    buyer: Ctx,
    lead: Ctx,
}

fn office(db: &Database) -> Office {
    let admin = testing::ctx(db);
    let buyer = user(db, &admin, "buyer");
    let lead = user(db, &admin, "lead");
    Office {
        buyer: testing::holding(&admin, buyer, &["purchasing.*"], None),
        lead: testing::holding(&admin, lead, &["purchasing.approve"], Some(100_000)),
        admin,
    }
}

fn ask(db: &Database, ctx: &Ctx, revision: i64, amount: i64) -> Result<ApprovalId, ApprovalError> {
    let ctx = ctx.clone();
    write(db, move |tx| {
        let request = RequestApproval {
            kind: "purchase_order",
            subject_id: ORDER,
            revision,
            facts: serde_json::json!({"supplier": "Acme"}),
            permission: APPROVE,
            amount,
        };
        request_approval(tx, &ctx, request)
    })
}

fn answer(
    db: &Database,
    ctx: &Ctx,
    revision: i64,
    verdict: Verdict,
    reason: &'static str,
) -> Result<ApprovalId, ApprovalError> {
    let ctx = ctx.clone();
    write(db, move |tx| {
        let (kind, subject_id, reason) = ("purchase_order", ORDER, reason.to_owned());
        decide(tx, &ctx, Decide { kind, subject_id, revision, verdict, reason })
    })
}

fn states(db: &Database, ctx: &Ctx) -> Vec<(i64, ApprovalState)> {
    let ctx = ctx.clone();
    let subject_id = Some(ORDER.to_string());
    let filter = ApprovalFilter { kind: Some("purchase_order".to_owned()), subject_id };
    let mut rows = db.read(move |tx| approvals(tx, &ctx, filter.clone())).unwrap();
    rows.sort_by_key(|row| row.approval_id.raw());
    rows.iter().map(|row| (row.revision, row.state)).collect()
}

#[test]
fn another_person_approves_within_the_limit() {
    on_both_engines(&SCHEMA, |db| {
        let office = office(db);
        let id = ask(db, &office.buyer, 1, 100_000).unwrap();
        let asked_twice = ApprovalError::AlreadyAsked { revision: 1 };
        assert_eq!(ask(db, &office.buyer, 1, 5), Err(asked_twice));
        let own = answer(db, &office.buyer, 1, Verdict::Approve, "");
        assert_eq!(own, Err(ApprovalError::OwnRequest));
        assert_eq!(answer(db, &office.lead, 1, Verdict::Approve, ""), Ok(id));
        let again = answer(db, &office.lead, 1, Verdict::Approve, "");
        assert_eq!(again, Err(ApprovalError::NotWaiting));
        assert_eq!(states(db, &office.admin), [(1, ApprovalState::Approved)]);
        assert_sound(db, &SCHEMA, office.admin.company_id);
    });
}

#[test]
fn an_amount_above_the_limit_needs_somebody_else() {
    on_both_engines(&SCHEMA, |db| {
        let office = office(db);
        ask(db, &office.buyer, 1, -100_001).unwrap();
        let refused = answer(db, &office.lead, 1, Verdict::Approve, "").unwrap_err();
        let permission = APPROVE.0.to_owned();
        let above = Denied::Amount { permission, limit: 100_000, amount: 100_001 };
        assert_eq!(refused, ApprovalError::Denied(above));
        assert_eq!(refused.problem().code, "amount_denied");
        assert!(answer(db, &office.admin, 1, Verdict::Approve, "").is_ok());
        assert_sound(db, &SCHEMA, office.admin.company_id);
    });
}

#[test]
fn a_company_may_let_people_approve_their_own() {
    on_both_engines(&SCHEMA, |db| {
        let office = office(db);
        let admin = office.admin.clone();
        write(db, move |tx| set_policy(tx, &admin, "separate_approver", "0")).unwrap();
        ask(db, &office.buyer, 1, 5).unwrap();
        assert!(answer(db, &office.buyer, 1, Verdict::Approve, "").is_ok());
        let admin = office.admin.clone();
        write(db, move |tx| set_policy(tx, &admin, "separate_approver", "1")).unwrap();
        assert_sound(db, &SCHEMA, office.admin.company_id);
    });
}

#[test]
fn a_refusal_has_a_reason_and_can_be_asked_again() {
    on_both_engines(&SCHEMA, |db| {
        let office = office(db);
        ask(db, &office.buyer, 1, 900_000).unwrap();
        let silent = answer(db, &office.lead, 1, Verdict::Refuse, " ");
        assert_eq!(silent, Err(ApprovalError::ReasonMissing));
        assert!(answer(db, &office.lead, 1, Verdict::Refuse, "too dear").is_ok());
        ask(db, &office.buyer, 1, 900_000).unwrap();
        assert!(answer(db, &office.buyer, 1, Verdict::Refuse, "withdrawn").is_ok());
        let refused = (1, ApprovalState::Refused);
        assert_eq!(states(db, &office.admin), [refused, refused]);
        assert_sound(db, &SCHEMA, office.admin.company_id);
    });
}

#[test]
fn a_higher_revision_voids_what_was_approved() {
    on_both_engines(&SCHEMA, |db| {
        let office = office(db);
        ask(db, &office.buyer, 1, 5).unwrap();
        answer(db, &office.lead, 1, Verdict::Approve, "").unwrap();
        let ctx = office.buyer.clone();
        write::<_, StoreError>(db, move |tx| void_approvals(tx, &ctx, "purchase_order", ORDER, 2))
            .unwrap();
        ask(db, &office.buyer, 2, 6).unwrap();
        let stale = answer(db, &office.lead, 1, Verdict::Approve, "");
        assert_eq!(stale, Err(ApprovalError::RevisionChanged { seen: 1, waiting: 2 }));
        assert!(answer(db, &office.lead, 2, Verdict::Approve, "").is_ok());
        let expected = [(1, ApprovalState::Void), (2, ApprovalState::Approved)];
        assert_eq!(states(db, &office.admin), expected);
        assert_sound(db, &SCHEMA, office.admin.company_id);
    });
}

#[test]
fn what_waits_is_shown_to_those_it_concerns() {
    on_both_engines(&SCHEMA, |db| {
        let office = office(db);
        ask(db, &office.buyer, 1, 5).unwrap();
        let list = |ctx: &Ctx| {
            let ctx = ctx.clone();
            db.read(move |tx| waiting_approvals(tx, &ctx, ApprovalFilter::default())).unwrap()
        };
        let may = |ctx: &Ctx| list(ctx).iter().map(|row| row.may_approve).collect::<Vec<_>>();
        assert_eq!(may(&office.lead), [true]);
        assert_eq!(may(&office.buyer), [false], "one's own waits for another");
        let clerk = user(db, &office.admin, "clerk");
        let clerk = testing::holding(&office.admin, clerk, &["stock.*"], None);
        assert!(list(&clerk).is_empty());
        assert_eq!(list(&office.lead)[0].facts["supplier"], "Acme");
        let ctx = clerk.clone();
        let history = db.read(move |tx| approvals(tx, &ctx, ApprovalFilter::default()));
        assert!(history.is_err());
        answer(db, &office.lead, 1, Verdict::Approve, "").unwrap();
        assert!(list(&office.lead).is_empty());
    });
}
