use super::world::{World, ask, order_of, wanted};
use base::{Id, PurchaseOrderId, UserId};
use identity::{ApprovalError, Ctx, Denied, Verdict};
use purchasing::{
    ApproveOrder, ApproveOrderError, OrderState, SCHEMA, SubmitOrder, SubmitOrderError,
};
use store::Database;
use store::testing::on_both_engines;

fn submit(database: &Database, ctx: &Ctx, order_id: PurchaseOrderId) -> OrderState {
    ask(database, ctx, move |tx, ctx| purchasing::submit_order(tx, ctx, SubmitOrder { order_id }))
        .expect("submitted")
        .state
}

fn decide(
    database: &Database,
    ctx: &Ctx,
    order_id: PurchaseOrderId,
    verdict: Verdict,
) -> Result<OrderState, ApproveOrderError> {
    let reason = "looked at it".to_owned();
    let request = ApproveOrder { order_id, revision: 1, verdict, reason };
    ask(database, ctx, move |tx, ctx| purchasing::approve_order(tx, ctx, request.clone()))
        .map(|decided| decided.state)
}

#[test]
fn an_order_above_the_buyers_limit_waits_for_somebody_else() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let orders = |limit| {
            let patterns = ["purchasing.order", "purchasing.approve"];
            identity::testing::holding(&world.ctx, UserId::from_raw(7), &patterns, limit)
        };
        let buyer = orders(Some(200_000));
        let small = world.draft(order_of("ACME", vec![wanted("P1", 4, "500")]));
        assert_eq!(submit(database, &buyer, small), OrderState::Approved);
        let large = world.draft(order_of("ACME", vec![wanted("P1", 5, "500")]));
        assert_eq!(submit(database, &buyer, large), OrderState::ToApprove);
        assert_eq!(world.there("P1"), (0, 4));
        let refused = decide(database, &buyer, large, Verdict::Approve).unwrap_err();
        let denied = matches!(
            refused,
            ApproveOrderError::Approval(ApprovalError::Denied(Denied::Amount { .. }))
        );
        assert!(denied, "{refused}");
        let approved = decide(database, &world.ctx, large, Verdict::Approve).unwrap();
        assert_eq!(approved, OrderState::Approved);
        assert_eq!(world.there("P1"), (0, 9));
        world.assert_sound();
    });
}

#[test]
fn above_the_companys_amount_nobody_approves_alone() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.policy("approve_orders_above", "200000");
        let order = world.draft(order_of("ACME", vec![wanted("P1", 5, "500")]));
        assert_eq!(submit(database, &world.ctx, order), OrderState::ToApprove);
        let refused = decide(database, &world.ctx, order, Verdict::Approve).unwrap_err();
        assert_eq!(refused, ApproveOrderError::Approval(ApprovalError::OwnRequest));
        let boss = identity::testing::holding(
            &world.ctx,
            UserId::from_raw(8),
            &["purchasing.approve"],
            None,
        );
        assert_eq!(decide(database, &boss, order, Verdict::Refuse).unwrap(), OrderState::Draft);
        assert_eq!(submit(database, &world.ctx, order), OrderState::ToApprove);
        assert_eq!(decide(database, &boss, order, Verdict::Approve).unwrap(), OrderState::Approved);
        let refused = decide(database, &boss, order, Verdict::Approve).unwrap_err();
        assert!(matches!(refused, ApproveOrderError::NotWaiting { .. }), "{refused}");
        world.assert_sound();
    });
}

#[test]
fn without_the_permission_nothing_is_submitted() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order_id = world.draft(order_of("ACME", vec![wanted("P1", 1, "1")]));
        let clerk =
            identity::testing::holding(&world.ctx, UserId::from_raw(9), &["purchasing.read"], None);
        let refused = ask(database, &clerk, move |tx, ctx| {
            purchasing::submit_order(tx, ctx, SubmitOrder { order_id })
        });
        assert!(matches!(refused, Err(SubmitOrderError::Denied(_))));
        world.assert_sound();
    });
}

/// A rule of the company for orders.
fn define(database: &Database, world: &World, rule: serde_json::Value) {
    let rule: identity::ApprovalRule = serde_json::from_value(rule).expect("a rule");
    ask(database, &world.ctx, move |tx, ctx| {
        identity::define_approval_rule(tx, ctx, &[&purchasing::PURCHASE_ORDER], rule.clone())
    })
    .expect("defined");
}

/// Why the newest approval was asked for.
fn newest(database: &Database, ctx: &Ctx) -> identity::ApprovalRow {
    ask(database, ctx, |tx, ctx| identity::approvals(tx, ctx, identity::ApprovalFilter::default()))
        .expect("approvals")
        .lines
        .into_iter()
        .max_by_key(|row| row.approval_id)
        .expect("one was asked for")
}

#[test]
fn a_price_over_the_offer_and_what_is_unusual_ask_by_rule() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let supplier = |category: &str| {
            let code = "ACME".to_owned();
            let category = Some(category.to_owned());
            ask(database, &world.ctx, move |tx, ctx| {
                let found = partners::partners_by_code(tx, ctx.company_id, &[&code])?;
                let partner = &found[&code];
                let change = partners::AmendPartner {
                    category: category.clone(),
                    ..partners::AmendPartner::new(partner.id, partner.revision)
                };
                partners::amend_partner(tx, ctx, change)
            })
            .expect("amended");
        };
        ask(database, &world.ctx, |tx, ctx| {
            let offer: purchasing::DefineOffer = serde_json::from_value(serde_json::json!({
                "supplier": "ACME", "sku": "P1", "price": "10", "min_quantity": "5",
            }))
            .expect("an offer");
            let request = purchasing::DefineOffers { offers: vec![offer] };
            purchasing::define_offers(tx, ctx, request)
        })
        .expect("offered");
        define(
            database,
            &world,
            serde_json::json!({
                "kind": "purchase_order", "code": "R1", "position": 1, "people": 2,
                "conditions": [{"fact": "supplier_category", "is": ["overseas"]}],
            }),
        );
        define(
            database,
            &world,
            serde_json::json!({
                "kind": "purchase_order", "code": "R2", "position": 2,
                "conditions": [{"fact": "price_over_offer_percent", "above": 10}],
            }),
        );
        define(
            database,
            &world,
            serde_json::json!({
                "kind": "purchase_order", "code": "R3", "position": 3,
                "conditions": [{"fact": "exception", "is": ["no_offer", "below_minimum"]}],
            }),
        );
        define(
            database,
            &world,
            serde_json::json!({
                "kind": "purchase_order", "code": "R4", "position": 4,
                "conditions": [{"fact": "price_over_last_percent", "above": 0}],
            }),
        );
        let buyer = identity::testing::holding(
            &world.ctx,
            UserId::from_raw(7),
            &["purchasing.*", "-purchasing.approve", "identity.read"],
            None,
        );
        let order = |quantity: i64, price: &str| {
            world.draft(order_of("ACME", vec![wanted("P1", quantity, price)]))
        };
        let plain = order(5, "10");
        assert_eq!(submit(database, &buyer, plain), OrderState::Approved, "no rule asks");
        let dear = order(5, "11.20");
        assert_eq!(submit(database, &buyer, dear), OrderState::ToApprove);
        let row = newest(database, &buyer);
        assert_eq!(row.why, "because the price of P1 is 12% over the offer, rule R2");
        assert_eq!(row.rule.as_deref(), Some("R2"));
        assert_eq!(row.facts["price_over_offer_percent"], "12");
        assert_eq!(row.facts["supplier"], "ACME");
        let edge = order(5, "11");
        assert_eq!(submit(database, &buyer, edge), OrderState::ToApprove);
        let row = newest(database, &buyer);
        assert_eq!(row.why, "because the price of P1 is 10% over what it last cost, rule R4");
        let small = order(4, "10");
        assert_eq!(submit(database, &buyer, small), OrderState::ToApprove);
        let row = newest(database, &buyer);
        assert_eq!(row.why, "because P1 is below what is offered at least, rule R3");

        supplier("overseas");
        let far = order(5, "10");
        assert_eq!(submit(database, &buyer, far), OrderState::ToApprove);
        let boss = |id| {
            let user = UserId::from_raw(id);
            identity::testing::holding(&world.ctx, user, &["purchasing.approve"], None)
        };
        let first = decide(database, &boss(8), far, Verdict::Approve).expect("the first yes");
        assert_eq!(first, OrderState::ToApprove, "two people agree");
        let twice = decide(database, &boss(8), far, Verdict::Approve).expect_err("twice");
        assert_eq!(twice, ApproveOrderError::Approval(ApprovalError::AgreedAlready));
        let second = decide(database, &boss(9), far, Verdict::Approve).expect("the second yes");
        assert_eq!(second, OrderState::Approved);
        world.assert_sound();
    });
}

#[test]
fn the_companys_amount_asks_whatever_rules_there_are() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.policy("approve_orders_above", "200000");
        define(
            database,
            &world,
            serde_json::json!({
                "kind": "purchase_order", "code": "R1",
                "conditions": [{"fact": "currency", "is": ["JPY"]}],
            }),
        );
        let large = world.draft(order_of("ACME", vec![wanted("P1", 5, "500")]));
        assert_eq!(submit(database, &world.ctx, large), OrderState::ToApprove);
        let row = newest(database, &world.ctx);
        let why = "because 2500.00 GBP is above 2000.00 GBP, up to which the company asks nobody";
        assert_eq!((row.why.as_str(), row.rule), (why, None));
        world.assert_sound();
    });
}
