use super::world::{TODAY, World, as_is, auto, day, offer, rule, told, units};
use base::Quantity;
use planning::{ApproveProposal, ApproveProposalsError, ProposalState, SCHEMA};
use purchasing::{AmendOrder, CancelOrder, LineChange, OrderState};
use store::testing::on_both_engines;

#[test]
fn approved_proposals_are_lines_of_one_draft_per_supplier_and_tell_each_other() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.offers(vec![
            offer("ACME", "P1", "2"),
            offer("ACME", "DOZ", "24"),
            offer("BRAVO", "P2", "3"),
        ]);
        world.rules(vec![rule("P1", 10, 40), rule("P2", 5, 5), rule("DOZ", 20, 20)]);
        world.run();
        let open = world.open();
        let all: Vec<ApproveProposal> = open.iter().map(as_is).collect();
        let done = world.approve(all.clone()).unwrap();
        assert_eq!((done.approved, done.repeated, done.orders.len()), (3, 0, 2));
        let again = world.approve(all).unwrap();
        assert_eq!((again.approved, again.repeated, &again.orders), (0, 3, &done.orders));
        for row in world.proposals(ProposalState::Approved) {
            let order = world.detail(row.order_id.unwrap());
            let line = order.lines.iter().find(|line| line.line == row.order_line).unwrap();
            assert_eq!((&line.sku, &order.supplier), (&row.sku, &row.supplier));
            assert_eq!(line.stock_quantity, row.approved_quantity);
            assert_eq!((line.tax_code.as_str(), line.due_on), ("VAT", day("2026-03-05")));
            assert_eq!(order.state, OrderState::Draft);
        }
        let dozen = world.proposals(ProposalState::Approved);
        let dozen = dozen.iter().find(|row| row.sku == "DOZ").unwrap();
        assert_eq!((units(dozen.quantity), units(dozen.order_quantity)), (24, 2));
        assert_eq!(told(&world.run()), (0, 0, 0, 0));
        world.assert_sound();
    });
}

#[test]
fn another_quantity_needs_a_reason_and_a_stale_look_is_refused() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.offers(vec![offer("ACME", "DOZ", "24")]);
        world.rules(vec![rule("DOZ", 20, 20)]);
        world.run();
        let stale = as_is(&world.open()[0]);
        world.want("DOZ", 12, TODAY);
        world.run();
        let error = world.approve(vec![stale]).unwrap_err();
        assert!(matches!(error, ApproveProposalsError::Changed { found: 2, asked: 1, .. }));
        let row = world.open().remove(0);
        let with = |quantity: &str, reason: &str| ApproveProposal {
            quantity: Some(Quantity::parse(quantity).unwrap()),
            reason: reason.to_owned(),
            ..as_is(&row)
        };
        let error = world.approve(vec![with("5", "")]).unwrap_err();
        assert!(matches!(error, ApproveProposalsError::ReasonMissing { .. }));
        let error = world.approve(vec![with("0.01", "a sample")]).unwrap_err();
        assert!(matches!(error, ApproveProposalsError::Quantity { .. }));
        let done = world.approve(vec![with("5", "a promotion")]).unwrap();
        let line = &world.detail(done.orders[0]).lines[0];
        assert_eq!((units(line.quantity), units(line.stock_quantity)), (5, 60));
        let row = world.proposals(ProposalState::Approved).remove(0);
        assert_eq!((units(row.quantity), units(row.approved_quantity)), (36, 60));
        assert_eq!(row.reason, "a promotion");
        world.assert_sound();
    });
}

#[test]
fn drafts_of_the_same_day_take_further_lines_and_sent_orders_do_not() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.offers(vec![offer("ACME", "P1", "2"), offer("ACME", "P2", "2")]);
        world.rules(vec![rule("P1", 10, 10)]);
        world.run();
        let first = world.approve(vec![as_is(&world.open()[0])]).unwrap().orders[0];
        world.rules(vec![rule("P2", 10, 10)]);
        world.run();
        let second = world.approve(vec![as_is(&world.open()[0])]).unwrap().orders[0];
        assert_eq!(first, second);
        let order = world.detail(first);
        assert_eq!((order.lines.len(), order.revision), (2, 2));
        world.submit(first);
        world.want("P1", 5, TODAY);
        world.run();
        let third = world.approve(vec![as_is(&world.open()[0])]).unwrap().orders[0];
        assert_ne!(first, third);
        world.assert_sound();
    });
}

#[test]
fn a_draft_takes_lines_while_its_day_is_near_enough() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.policy("days_to_purchase", "10");
        world.policy("merge_window_days", "2");
        world.policy("automation_requires", "supplier");
        world.offers(vec![offer("ACME", "P1", "2"), offer("ACME", "P2", "2")]);
        world.rules(vec![auto(rule("P1", 1, 1))]);
        let first = world.run().orders[0];
        world.rules(vec![auto(rule("P2", 1, 1))]);
        assert_eq!(world.on("2026-03-04").run().orders, [first]);
        let order = world.detail(first);
        assert_eq!(order.ordered_on, day("2026-03-12"), "it keeps its own day");
        let due: Vec<_> = order.lines.iter().map(|line| line.due_on).collect();
        assert_eq!(due, [day("2026-03-15"), day("2026-03-17")]);
        world.want("P1", 1, TODAY);
        assert_ne!(world.on("2026-03-05").run().orders, [first]);
        world.assert_sound();
    });
}

#[test]
fn a_cancelled_or_lowered_order_leaves_the_need_to_the_next_run() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.policy("automation_requires", "supplier");
        world.offers(vec![offer("ACME", "P1", "2")]);
        world.rules(vec![auto(rule("P1", 10, 10))]);
        let order_id = world.run().orders[0];
        assert_eq!(world.run().orders, []);
        let change = LineChange {
            line: 1,
            quantity: Some(Quantity::units(4)),
            price: None,
            discount: None,
            due_on: None,
        };
        let amend = AmendOrder {
            order_id,
            revision: None,
            supplier: None,
            currency: None,
            note: None,
            lines: vec![change],
            add: Vec::new(),
        };
        world.ask(move |tx, ctx| purchasing::amend_order(tx, ctx, amend.clone())).unwrap();
        let run = world.run();
        assert_eq!((run.approved, &run.orders), (1, &vec![order_id]), "the same draft");
        let quantities: Vec<_> =
            world.detail(order_id).lines.iter().map(|line| units(line.quantity)).collect();
        assert_eq!(quantities, [4, 6]);
        let cancel = CancelOrder { order_id, reason: "wrong".into() };
        world.ask(move |tx, ctx| purchasing::cancel_order(tx, ctx, cancel.clone())).unwrap();
        let run = world.run();
        assert_eq!((run.proposed, run.approved), (1, 1));
        assert_ne!(run.orders, [order_id]);
        world.assert_sound();
    });
}
