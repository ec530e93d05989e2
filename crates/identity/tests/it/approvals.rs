use crate::it::world::{user, write};
use base::{ApprovalId, Id, Money, Quantity, Rule};
use identity::{
    Agreed, ApprovalError, ApprovalFilter, ApprovalKind, ApprovalRow, ApprovalRule,
    ApprovalRuleError, ApprovalRuleFilter, ApprovalState, ChangeApprovalRule, Condition,
    CreateRole, Ctx, Decide, Decision, Delegate, DelegationError, DelegationFilter, Denied,
    EndDelegation, EscalateApprovals, FactKind, GrantRole, NamedFact, Otherwise, Permission,
    RequestApproval, RetireApprovalRule, SCHEMA, Verdict, WaitingFilter, Whose, approvals,
    change_approval_rule, create_role, ctx_for_user, decide, define_approval_rule, delegate,
    end_delegation, escalate_approvals, grant, request_approval, retire_approval_rule, set_policy,
    testing, void_approvals, waiting_approvals,
};
use store::testing::{assert_sound, on_both_engines};
use store::{Database, StoreError};

const APPROVE: Permission = Permission("purchasing.approve");
const ORDER: i64 = 77;

static KIND: ApprovalKind = ApprovalKind {
    name: "purchase_order",
    permission: APPROVE,
    another: false,
    facts: &[
        FactKind { name: "supplier_category", number: false, about: "the supplier's category" },
        FactKind {
            name: "price_over_offer_percent",
            number: true,
            about: "how far over the offer",
        },
    ],
};

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
        buyer: testing::holding(&admin, buyer, &["purchasing.*", "identity.*"], None),
        lead: testing::holding(&admin, lead, &["purchasing.approve", "identity.*"], Some(100_000)),
        admin,
    }
}

fn ask(db: &Database, ctx: &Ctx, revision: i64, amount: i64) -> Result<ApprovalId, ApprovalError> {
    let always = Some("because it is above the company's amount".to_owned());
    let otherwise = Otherwise { always, without_rules: None };
    ask_with(db, ctx, (ORDER, revision), amount, (&[], otherwise))
        .map(|id| id.expect("somebody has to agree"))
}

/// Asks for an order of some facts.
fn ask_with(
    db: &Database,
    ctx: &Ctx,
    (subject_id, revision): (i64, i64),
    amount: i64,
    (named, otherwise): (&[NamedFact], Otherwise),
) -> Result<Option<ApprovalId>, ApprovalError> {
    let (ctx, named) = (ctx.clone(), named.to_vec());
    write(db, move |tx| {
        let request = RequestApproval {
            kind: &KIND,
            subject_id,
            number: format!("PO-{subject_id}"),
            revision,
            facts: serde_json::json!({"supplier": "Acme"}),
            named: named.clone(),
            amount,
            otherwise: otherwise.clone(),
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
    answer_to(db, ctx, (ORDER, revision), verdict, reason).map(|decision| decision.approval_id)
}

fn answer_to(
    db: &Database,
    ctx: &Ctx,
    (subject_id, revision): (i64, i64),
    verdict: Verdict,
    reason: &'static str,
) -> Result<Decision, ApprovalError> {
    let ctx = ctx.clone();
    write(db, move |tx| {
        let reason = reason.to_owned();
        decide(tx, &ctx, Decide { kind: &KIND, subject_id, revision, verdict, reason })
    })
}

fn yes(db: &Database, ctx: &Ctx, order: i64) -> Result<Decision, ApprovalError> {
    answer_to(db, ctx, (order, 1), Verdict::Approve, "")
}

fn define(db: &Database, ctx: &Ctx, rule: ApprovalRule) -> Result<(), ApprovalRuleError> {
    let ctx = ctx.clone();
    write(db, move |tx| define_approval_rule(tx, &ctx, &[&KIND], rule.clone())).map(|_| ())
}

/// A rule without conditions.
fn rule(code: &str, position: i64) -> ApprovalRule {
    ApprovalRule {
        kind: "purchase_order".to_owned(),
        code: code.to_owned(),
        name: String::new(),
        position,
        from_amount: None,
        conditions: Vec::new(),
        permission: None,
        role: None,
        people: 1,
        escalate_after_days: None,
        escalate_permission: None,
        escalate_role: None,
    }
}

fn condition(fact: &str, is: &[&str], above: Option<i64>) -> Condition {
    let is = is.iter().map(|word| (*word).to_owned()).collect();
    Condition { fact: fact.to_owned(), is, above }
}

fn inbox(db: &Database, ctx: &Ctx, which: Whose) -> Vec<ApprovalRow> {
    let ctx = ctx.clone();
    let filter = WaitingFilter { which, ..WaitingFilter::default() };
    db.read(move |tx| waiting_approvals(tx, &ctx, filter.clone())).unwrap().lines
}

/// A person of the company who holds a role of these permissions, up to a limit.
fn person(db: &Database, admin: &Ctx, login: &'static str, limit: Option<i64>) -> Ctx {
    let user_id = user(db, admin, login);
    let admin = admin.clone();
    let company_id = admin.company_id;
    write(db, move |tx| {
        let permissions = vec![
            "purchasing.*".to_owned(),
            "identity.decide".to_owned(),
            "identity.delegate".to_owned(),
        ];
        create_role(tx, &admin, CreateRole { name: format!("role of {login}"), permissions })?;
        let amount_limit = limit.map(|minor| Money::new(minor, admin.currency));
        let (login, role) = (login.to_owned(), format!("role of {login}"));
        grant(tx, &admin, GrantRole { login, role, warehouse_id: None, amount_limit })
    })
    .unwrap();
    db.read(move |tx| ctx_for_user(tx, company_id, user_id, testing::START, "test")).unwrap()
}

fn states(db: &Database, ctx: &Ctx) -> Vec<(i64, ApprovalState)> {
    let ctx = ctx.clone();
    let subject_id = Some(ORDER.to_string());
    let kind = Some("purchase_order".to_owned());
    let filter = ApprovalFilter { kind, subject_id, ..ApprovalFilter::default() };
    let mut rows = db.read(move |tx| approvals(tx, &ctx, filter.clone())).unwrap().lines;
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
        write::<_, StoreError>(db, move |tx| void_approvals(tx, &ctx, &KIND, ORDER, 2)).unwrap();
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
        let list = |ctx: &Ctx| inbox(db, ctx, Whose::ForMe);
        assert_eq!(list(&office.lead).len(), 1);
        assert!(list(&office.buyer).is_empty(), "one's own waits for another");
        let own = inbox(db, &office.buyer, Whose::AskedByMe);
        assert_eq!((own.len(), own[0].may_approve, own[0].may_refuse), (1, false, true));
        let clerk = user(db, &office.admin, "clerk");
        let clerk = testing::holding(&office.admin, clerk, &["stock.*", "identity.decide"], None);
        assert!(list(&clerk).is_empty());
        assert_eq!(list(&office.lead)[0].facts["supplier"], "Acme");
        let ctx = clerk.clone();
        let history = db.read(move |tx| approvals(tx, &ctx, ApprovalFilter::default()));
        assert!(history.is_err());
        answer(db, &office.lead, 1, Verdict::Approve, "").unwrap();
        assert!(list(&office.lead).is_empty());
    });
}

#[test]
fn the_first_rule_that_applies_asks_and_says_why() {
    on_both_engines(&SCHEMA, |db| {
        let office = office(db);
        let over = |percent: &str| {
            let told = format!("the price of TEA is {percent}% over the offer");
            NamedFact::number("price_over_offer_percent", Quantity::parse(percent).unwrap(), told)
        };
        let overseas = NamedFact::word("supplier_category", "overseas", "the supplier is overseas");
        let by_limit = || Otherwise {
            always: None,
            without_rules: Some("because it is above your limit".to_owned()),
        };
        let ask = |order: i64, amount: i64, facts: &[NamedFact]| {
            ask_with(db, &office.buyer, (order, 1), amount, (facts, by_limit())).unwrap().is_some()
        };
        assert!(ask(1, 5, &[]), "without a rule one's own limit asks");
        let amount = Some(Money::new(100_000, office.admin.currency));
        define(db, &office.admin, ApprovalRule { from_amount: amount, ..rule("R1", 10) }).unwrap();
        let price = condition("price_over_offer_percent", &[], Some(10));
        let two = ApprovalRule { conditions: vec![price], people: 2, ..rule("R2", 20) };
        define(db, &office.admin, two).unwrap();
        let words = condition("supplier_category", &["overseas", "new"], None);
        let third = ApprovalRule { conditions: vec![words], ..rule("R3", 5) };
        define(db, &office.admin, third).unwrap();

        assert!(!ask(2, 99_999, &[over("10")]), "what no rule asks for needs nobody");
        assert!(ask(3, 99_999, &[over("10.1")]));
        assert!(ask(4, 100_000, &[over("10.1")]));
        assert!(ask(5, 100_000, &[over("10.1"), overseas]));
        let ctx = office.admin.clone();
        let all = db.read(move |tx| approvals(tx, &ctx, ApprovalFilter::default())).unwrap().lines;
        let told = |order: &str| {
            let row = all.iter().find(|row| row.subject_id == order).unwrap();
            (row.rule.clone().unwrap_or_default(), row.why.clone(), row.people)
        };
        let because = |why: &str| format!("because {why}");
        assert_eq!(told("1"), (String::new(), because("it is above your limit"), 1));
        let price = because("the price of TEA is 10.1% over the offer, rule R2");
        assert_eq!(told("3"), ("R2".to_owned(), price, 2));
        let amount = because("the amount is 1000.00 GBP, from 1000.00 GBP on, rule R1");
        assert_eq!(told("4"), ("R1".to_owned(), amount, 1));
        assert_eq!(told("5"), ("R3".to_owned(), because("the supplier is overseas, rule R3"), 1));
        let row = all.iter().find(|row| row.subject_id == "5").unwrap();
        assert_eq!(row.facts["price_over_offer_percent"], "10.1");
        assert_eq!(row.number, "PO-5");
    });
}

#[test]
fn rules_are_changed_retired_and_refused_when_they_mean_nothing() {
    on_both_engines(&SCHEMA, |db| {
        let office = office(db);
        #[track_caller]
        fn refused(db: &Database, ctx: &Ctx, wrong: ApprovalRule, code: &str) {
            let error = define(db, ctx, wrong).expect_err(code);
            assert_eq!(error.problem().code, code, "{error}");
        }
        let admin = &office.admin;
        let with = |one: Condition| ApprovalRule { conditions: vec![one], ..rule("R9", 0) };
        refused(
            db,
            admin,
            ApprovalRule { kind: "sandwich".into(), ..rule("R", 0) },
            "unknown_kind",
        );
        refused(db, admin, with(condition("weather", &["wet"], None)), "unknown_fact");
        refused(db, admin, with(condition("supplier_category", &[], Some(1))), "wrong_condition");
        let words = condition("price_over_offer_percent", &["x"], Some(1));
        refused(db, admin, with(words), "wrong_condition");
        refused(db, admin, ApprovalRule { people: 3, ..rule("R", 0) }, "people_out_of_range");
        let role = Some("nobody".to_owned());
        refused(db, admin, ApprovalRule { role, ..rule("R", 0) }, "unknown_role");
        let permission = Some("purchasing.*".to_owned());
        refused(db, admin, ApprovalRule { permission, ..rule("R", 0) }, "not_a_permission");
        let days = Some(3);
        let up = ApprovalRule { escalate_after_days: days, ..rule("R", 0) };
        refused(db, admin, up, "wrong_escalation");
        let clerk = testing::holding(admin, admin.user_id, &["identity.decide"], None);
        refused(db, &clerk, rule("R", 0), "permission_denied");

        define(db, admin, rule("R1", 1)).unwrap();
        refused(db, admin, rule("R1", 1), "rule_code_taken");
        let change = |revision: i64, changed: ApprovalRule| {
            let ctx = office.admin.clone();
            let request = ChangeApprovalRule { revision, rule: changed };
            write(db, move |tx| change_approval_rule(tx, &ctx, &[&KIND], request.clone()))
        };
        let above = Some(Money::new(10, admin.currency));
        let changed = ApprovalRule { from_amount: above, ..rule("R1", 1) };
        assert_eq!(change(1, changed.clone()).map(|done| done.revision), Ok(2));
        let stale = change(1, changed);
        assert!(matches!(stale, Err(ApprovalRuleError::Stale { found: 2, .. })), "{stale:?}");
        let none = || (&[][..], Otherwise::default());
        assert_eq!(ask_with(db, &office.buyer, (1, 1), 9, none()), Ok(None));
        assert!(ask_with(db, &office.buyer, (2, 1), 10, none()).unwrap().is_some());
        let ctx = admin.clone();
        let gone =
            RetireApprovalRule { kind: "purchase_order".into(), code: "R1".into(), revision: 2 };
        write(db, move |tx| retire_approval_rule(tx, &ctx, gone.clone())).unwrap();
        assert_eq!(ask_with(db, &office.buyer, (3, 1), 10, none()), Ok(None));
        let ctx = admin.clone();
        let rows = db
            .read(move |tx| identity::approval_rules(tx, &ctx, ApprovalRuleFilter::default()))
            .unwrap();
        let rows: Vec<_> = rows.lines.iter().map(|row| (row.code.as_str(), row.active)).collect();
        assert_eq!(rows, [("R1", false)]);
        assert!(yes(db, &office.lead, 2).is_ok(), "what was asked still waits");
    });
}

#[test]
fn two_people_agree_and_nobody_twice() {
    on_both_engines(&SCHEMA, |db| {
        let office = office(db);
        define(db, &office.admin, ApprovalRule { people: 2, ..rule("R1", 1) }).unwrap();
        ask(db, &office.buyer, 1, 5).unwrap();
        assert_eq!(yes(db, &office.lead, ORDER).map(|done| done.agreed), Ok(Agreed::NotYet));
        assert_eq!(yes(db, &office.lead, ORDER), Err(ApprovalError::AgreedAlready));
        assert!(inbox(db, &office.lead, Whose::ForMe).is_empty());
        let waiting = inbox(db, &office.admin, Whose::ForMe);
        assert_eq!((waiting[0].people, waiting[0].given), (2, 1));
        assert_eq!(states(db, &office.admin), [(1, ApprovalState::Waiting)]);
        assert_eq!(yes(db, &office.admin, ORDER).map(|done| done.agreed), Ok(Agreed::Yes));
        assert_eq!(states(db, &office.admin), [(1, ApprovalState::Approved)]);
        assert_sound(db, &SCHEMA, office.admin.company_id);
    });
}

#[test]
fn a_rule_may_ask_for_a_role() {
    on_both_engines(&SCHEMA, |db| {
        let office = office(db);
        let cfo = person(db, &office.admin, "cfo", Some(1_000));
        let other = person(db, &office.admin, "other", None);
        let role = Some("role of cfo".to_owned());
        define(db, &office.admin, ApprovalRule { role, ..rule("R1", 1) }).unwrap();
        let none = || (&[][..], Otherwise::default());
        ask_with(db, &office.buyer, (1, 1), 1_000, none()).unwrap();
        ask_with(db, &office.buyer, (2, 1), 1_001, none()).unwrap();
        let missing = ApprovalError::RoleMissing { role: "role of cfo".to_owned() };
        assert_eq!(yes(db, &other, 1), Err(missing));
        assert!(inbox(db, &other, Whose::ForMe).is_empty());
        let rows = inbox(db, &cfo, Whose::ForMe);
        assert_eq!(rows.iter().map(|row| row.subject_id.as_str()).collect::<Vec<_>>(), ["1"]);
        assert!(yes(db, &cfo, 1).is_ok());
        assert_eq!(yes(db, &cfo, 2).unwrap_err().problem().code, "amount_denied");
        assert_sound(db, &SCHEMA, office.admin.company_id);
    });
}

#[test]
fn a_delegate_decides_in_anothers_name_and_never_beyond_it() {
    on_both_engines(&SCHEMA, |db| {
        let office = office(db);
        let boss = person(db, &office.admin, "boss", Some(1_000));
        let clerk = user(db, &office.admin, "clerk");
        let clerk =
            testing::holding(&office.admin, clerk, &["identity.decide", "identity.delegate"], None);
        // Only who holds a role of the company is one of it.
        person(db, &office.admin, "deputy", Some(0));
        let deputy = db
            .read({
                let (company, boss) = (boss.company_id, boss.clone());
                move |tx| {
                    let id = identity::find_member(tx, company, "deputy")?;
                    let id = id.expect("the deputy");
                    ctx_for_user(tx, company, id, boss.at, "test")
                }
            })
            .unwrap();
        let delegates = |ctx: &Ctx, to: &str, from: Option<&str>, kinds: &[&str]| {
            let ctx = ctx.clone();
            let request = Delegate {
                to: to.to_owned(),
                from: from.map(str::to_owned),
                from_day: None,
                to_day: ctx.today.plus(7).unwrap(),
                kinds: kinds.iter().map(|kind| (*kind).to_owned()).collect(),
                reason: "holiday".to_owned(),
            };
            write(db, move |tx| delegate(tx, &ctx, &[&KIND], request.clone()))
        };
        let code = |answer: Result<identity::Delegated, DelegationError>| {
            answer.expect_err("refused").problem().code
        };
        assert_eq!(code(delegates(&boss, "boss", None, &[])), "delegates_to_self");
        assert_eq!(code(delegates(&boss, "nobody", None, &[])), "unknown_user");
        assert_eq!(code(delegates(&boss, "deputy", None, &["sandwich"])), "unknown_kind");
        assert_eq!(code(delegates(&clerk, "deputy", Some("boss"), &[])), "permission_denied");

        let none = || (&[][..], Otherwise::default());
        define(db, &office.admin, rule("R1", 1)).unwrap();
        ask_with(db, &office.buyer, (1, 1), 1_000, none()).unwrap();
        ask_with(db, &office.buyer, (2, 1), 1_001, none()).unwrap();
        ask_with(db, &boss, (3, 1), 5, none()).unwrap();
        ask_with(db, &deputy, (4, 1), 5, none()).unwrap();
        assert_eq!(yes(db, &deputy, 1).unwrap_err().problem().code, "amount_denied");
        let made = delegates(&boss, "deputy", None, &["purchase_order"]).unwrap();
        let rows = inbox(db, &deputy, Whose::ForMe);
        let seen: Vec<_> =
            rows.iter().map(|row| (row.subject_id.as_str(), row.decides_for)).collect();
        assert_eq!(seen, [("1", Some(boss.user_id))], "not beyond the limit, not their own");
        assert_eq!(yes(db, &deputy, 1).map(|done| done.in_name_of), Ok(Some(boss.user_id)));
        assert_eq!(yes(db, &deputy, 2).unwrap_err().problem().code, "amount_denied");
        assert_eq!(yes(db, &deputy, 3), Err(ApprovalError::OwnRequest));
        assert_eq!(yes(db, &deputy, 4), Err(ApprovalError::OwnRequest));
        let ctx = office.admin.clone();
        let subject_id = Some("1".to_owned());
        let filter = ApprovalFilter { subject_id, ..ApprovalFilter::default() };
        let rows = db.read(move |tx| approvals(tx, &ctx, filter.clone())).unwrap().lines;
        let named = (rows[0].decided_by_name.as_str(), rows[0].in_name_of_name.as_str());
        assert_eq!(named, ("deputy", "boss"), "both names are kept");

        ask_with(db, &office.buyer, (5, 1), 7, none()).unwrap();
        let later = deputy.at_moment(deputy.at.plus_micros(8 * 86_400_000_000).unwrap());
        assert_eq!(yes(db, &later, 5).unwrap_err().problem().code, "amount_denied", "it is over");
        let ctx = deputy.clone();
        let list = db
            .read(move |tx| identity::delegations(tx, &ctx, DelegationFilter::default()))
            .unwrap()
            .lines;
        assert_eq!((list[0].from_login.as_str(), list[0].to_login.as_str()), ("boss", "deputy"));
        let ctx = boss.clone();
        let end = EndDelegation { delegation_id: made.delegation_id };
        write(db, move |tx| end_delegation(tx, &ctx, end.clone())).unwrap();
        assert_eq!(yes(db, &deputy, 5).unwrap_err().problem().code, "amount_denied", "ended");
        assert_sound(db, &SCHEMA, office.admin.company_id);
    });
}

#[test]
fn two_people_are_not_one_person_in_two_names() {
    on_both_engines(&SCHEMA, |db| {
        let office = office(db);
        let boss = person(db, &office.admin, "boss", None);
        let deputy = person(db, &office.admin, "deputy", None);
        define(db, &office.admin, ApprovalRule { people: 2, ..rule("R1", 1) }).unwrap();
        ask(db, &office.buyer, 1, 5).unwrap();
        let ctx = boss.clone();
        let request = Delegate {
            to: "deputy".to_owned(),
            from: None,
            from_day: None,
            to_day: boss.today,
            kinds: Vec::new(),
            reason: String::new(),
        };
        write(db, move |tx| delegate(tx, &ctx, &[&KIND], request.clone())).unwrap();
        assert_eq!(yes(db, &deputy, ORDER).map(|done| done.agreed), Ok(Agreed::NotYet));
        assert_eq!(yes(db, &deputy, ORDER), Err(ApprovalError::AgreedAlready));
        assert_eq!(yes(db, &boss, ORDER).map(|done| done.agreed), Ok(Agreed::Yes));
        assert_sound(db, &SCHEMA, office.admin.company_id);
    });
}

#[test]
fn what_waits_too_long_goes_up_once() {
    on_both_engines(&SCHEMA, |db| {
        let office = office(db);
        let board = user(db, &office.admin, "board");
        let board =
            testing::holding(&office.admin, board, &["board.decide", "identity.decide"], None);
        let up = ApprovalRule {
            escalate_after_days: Some(3),
            escalate_permission: Some("board.decide".to_owned()),
            ..rule("R1", 1)
        };
        define(db, &office.admin, up).unwrap();
        ask(db, &office.buyer, 1, 900_000).unwrap();
        let escalate = |day: i64| {
            let at = office.admin.at.plus_micros(day * 86_400_000_000).unwrap();
            let ctx = office.admin.at_moment(at);
            let done =
                write(db, move |tx| escalate_approvals(tx, &ctx, EscalateApprovals::default()));
            done.unwrap().approvals.len()
        };
        assert_eq!(escalate(2), 0, "it is not due");
        assert!(yes(db, &board, ORDER).is_err());
        assert!(inbox(db, &board, Whose::ForMe).is_empty());
        let row = inbox(db, &office.admin, Whose::ForMe).remove(0);
        assert_eq!(row.escalates_on, office.admin.today.plus(3).ok());
        assert_eq!((row.escalated_at, row.age_days), (None, 0));
        assert_eq!(escalate(3), 1);
        assert_eq!(escalate(3), 0, "a second time changes nothing");
        let row = inbox(db, &board, Whose::ForMe).remove(0);
        assert!(row.escalated_at.is_some());
        assert_eq!(inbox(db, &office.admin, Whose::ForMe).len(), 1, "those before still may");
        assert!(yes(db, &board, ORDER).is_ok());
        assert_sound(db, &SCHEMA, office.admin.company_id);
    });
}

#[test]
fn the_inbox_goes_on_page_by_page() {
    on_both_engines(&SCHEMA, |db| {
        let office = office(db);
        for order in 1..=5 {
            let always = Some("because".to_owned());
            let otherwise = Otherwise { always, without_rules: None };
            let amount = if order == 3 { 200_000 } else { 5 };
            ask_with(db, &office.buyer, (order, 1), amount, (&[], otherwise)).unwrap();
        }
        let (mut cursor, mut seen) = (None, Vec::new());
        loop {
            let ctx = office.lead.clone();
            let filter = WaitingFilter { cursor, limit: Some(2), ..WaitingFilter::default() };
            let page = db.read(move |tx| waiting_approvals(tx, &ctx, filter.clone())).unwrap();
            seen.extend(page.lines.iter().map(|row| row.subject_id.clone()));
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        seen.sort();
        assert_eq!(seen, ["1", "2", "4", "5"], "3 is beyond the limit");
    });
}
