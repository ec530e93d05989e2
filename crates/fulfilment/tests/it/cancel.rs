use super::world::{SOUTH, WH, World, goods, whole};
use base::{Quantity, Rule, SalesOrderId};
use fulfilment::{CancelOrder, CancelOrderError};
use identity::AuditFilter;
use sales::{CancelLine, Cancelled};
use store::testing::on_both_engines;

fn cancel(
    world: &World<'_>,
    order_id: SalesOrderId,
    lines: Option<&[(i64, i64)]>,
    over: Option<&str>,
) -> Result<Cancelled, CancelOrderError> {
    let line =
        |&(line, pieces): &(i64, i64)| CancelLine { line, quantity: Some(Quantity::units(pieces)) };
    let request = CancelOrder {
        order_id,
        lines: lines.map(|lines| lines.iter().map(line).collect()),
        reason: "waited too long".to_owned(),
        override_reason: over.map(str::to_owned),
    };
    world.run(move |tx, ctx| fulfilment::cancel_order(tx, ctx, request.clone()))
}

#[test]
fn what_another_warehouse_can_fill_is_offered_before_it_is_cancelled() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.rank(&["WH", "SOUTH"], true);
        world.receive(WH, &[(0, 6)]);
        let order = world.order(vec![goods(0, 10)]).order_id;
        world.receive(SOUTH, &[(0, 4)]);
        let refused = cancel(&world, order, None, None).expect_err("offered");
        let problem = refused.problem();
        assert_eq!(problem.code, "could_be_filled_elsewhere");
        let says = "line 1: 4 of P0000 can be filled from warehouse SOUTH; route the order, or say in override_reason why not";
        assert_eq!(problem.detail, says);
        assert!(cancel(&world, order, Some(&[(1, 4)]), Some("  ")).is_err(), "blank is no reason");

        let done = cancel(&world, order, Some(&[(1, 4)]), Some("the customer moved away"));
        assert_eq!(done.expect("cancelled").to_refund.minor, 2_400);
        let detail = world.detail(order);
        assert_eq!(whole(detail.lines[0].cancelled), 4);
        let ctx = world.ctx.clone();
        let filter = AuditFilter {
            verb: Some("fulfilment.cancel_unfilled".to_owned()),
            ..AuditFilter::default()
        };
        let trail = db.read(move |tx| identity::audit_trail(tx, &ctx, filter.clone()));
        let trail = trail.expect("the audit trail").lines;
        assert_eq!(trail.len(), 1);
        assert_eq!(trail[0].detail["override_reason"], "the customer moved away");
        assert_eq!(trail[0].detail["could_be_filled"][0]["warehouse"], "SOUTH");
        // What is left is all reserved: nothing of it lacks, so nothing is offered.
        cancel(&world, order, None, None).expect("cancelled");
        world.assert_sound();
    });
}

#[test]
fn what_a_route_would_not_fill_is_cancelled_at_once() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.rank(&["WH", "SOUTH"], false);
        world.receive(WH, &[(0, 6)]);
        let order = world.order(vec![goods(0, 10)]).order_id;
        world.receive(SOUTH, &[(0, 4)]);
        // The channel does not split: SOUTH alone cannot fill the order.
        cancel(&world, order, None, None).expect("cancelled");
        let other = world.order(vec![goods(1, 3)]).order_id;
        world.quarantine(SOUTH, &[(1, 3)]);
        cancel(&world, other, None, None).expect("goods in quarantine fill nothing");
        world.assert_sound();
    });
}

#[test]
fn an_order_is_closed_short_only_after_the_same_offer() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.rank(&["WH", "SOUTH"], true);
        world.receive(WH, &[(0, 6)]);
        let order_id = world.order(vec![goods(0, 10)]).order_id;
        world.ship(order_id, WH).expect("a part");
        world.receive(SOUTH, &[(0, 9)]);
        let close = |over: Option<&str>| {
            let override_reason = over.map(str::to_owned);
            let request =
                fulfilment::CloseOrder { order_id, reason: "no more".to_owned(), override_reason };
            world.run(move |tx, ctx| fulfilment::close_order(tx, ctx, request.clone()))
        };
        assert_eq!(close(None).expect_err("offered").problem().code, "could_be_filled_elsewhere");
        assert_eq!(close(Some("they said so")).expect("closed").state, sales::OrderState::Closed);
        world.assert_sound();
    });
}

#[test]
fn what_is_wrong_with_an_order_is_said_as_before() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(WH, &[(0, 1)]);
        let unknown = base::Id::from_raw(1);
        let code = |answer: Result<Cancelled, CancelOrderError>| {
            answer.expect_err("refused").problem().code
        };
        assert_eq!(code(cancel(&world, unknown, None, None)), "order_not_found");
        let order = world.order(vec![goods(0, 1)]).order_id;
        assert_eq!(code(cancel(&world, order, Some(&[(7, 1)]), None)), "unknown_line");
        world.ship(order, WH).expect("shipped");
        assert_eq!(code(cancel(&world, order, None, None)), "order_not_open");
    });
}
