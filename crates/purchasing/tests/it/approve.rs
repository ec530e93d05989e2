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
