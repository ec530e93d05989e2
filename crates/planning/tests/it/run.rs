use super::world::{TODAY, World, day, offer, raw, rule, told, units};
use base::Quantity;
use planning::{
    DismissProposals, ProposalState, RunReplenishment, SCHEMA, SetRule, What, replay_proposal,
};
use purchasing::DefineOffer;
use store::testing::on_both_engines;

#[test]
fn what_is_projected_below_the_minimum_is_proposed_up_to_the_maximum() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.offers(vec![offer("ACME", "P1", "2"), offer("ACME", "P2", "2")]);
        world.rules(vec![rule("P1", 10, 40), rule("P2", 10, 40)]);
        world.stock("P1", 12);
        world.stock("P2", 12);
        world.want("P2", 5, "2026-03-05");
        let run = world.run();
        assert_eq!(told(&run), (1, 0, 0, 0));
        assert_eq!((run.looked_at, run.next_cursor), (2, None));
        let open = world.open();
        assert_eq!(world.proposed(), [("P2".to_owned(), 33)]);
        assert_eq!(units(open[0].forecast), 7);
        assert_eq!(open[0].supplier, "ACME");
        assert_eq!(open[0].chosen, "only_supplier");
        assert_eq!(open[0].arrives_on, day("2026-03-05"));
        world.assert_sound();
    });
}

#[test]
fn a_second_run_with_nothing_changed_writes_nothing() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.offers(vec![offer("ACME", "P1", "2")]);
        world.rules(vec![rule("P1", 10, 40)]);
        world.want("P3", 4, TODAY);
        assert_eq!(told(&world.run()), (2, 0, 0, 0));
        let before: Vec<_> = world.open().iter().map(raw).collect();
        assert_eq!(world.proposed(), [("P1".to_owned(), 40), ("P3".to_owned(), 4)]);
        assert_eq!(told(&world.run()), (0, 0, 0, 2));
        let after: Vec<_> = world.open().iter().map(raw).collect();
        assert_eq!(after, before);
        assert_eq!(told(&world.on("2026-03-04").run()), (0, 0, 0, 2), "nor on another day");
        world.assert_sound();
    });
}

#[test]
fn a_changed_need_amends_the_proposal_and_a_vanished_one_withdraws_it() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.offers(vec![offer("ACME", "P1", "2")]);
        world.rules(vec![rule("P1", 10, 40)]);
        world.run();
        let first = world.open().remove(0);
        world.want("P1", 5, TODAY);
        assert_eq!(told(&world.run()), (0, 1, 0, 0));
        let second = world.open().remove(0);
        assert_eq!((second.proposal_id, second.version), (first.proposal_id, 2));
        assert_eq!((units(first.quantity), units(second.quantity)), (40, 45));
        world.order("P1", 60, TODAY);
        assert_eq!(told(&world.run()), (0, 0, 1, 0));
        assert_eq!(world.proposed(), []);
        assert_eq!(told(&world.run()), (0, 0, 0, 0));
        let id = first.proposal_id;
        let replayed = world.ask(move |tx, ctx| replay_proposal(tx, ctx, id)).unwrap();
        assert!(replayed.agrees);
        assert_eq!(units(replayed.decision.quantity), 45);
        assert_eq!(replayed.basis.demand.len(), 1);
        let what: Vec<What> = replayed.history.iter().map(|version| version.what).collect();
        assert_eq!(what, [What::Proposed, What::Amended, What::Withdrawn]);
        world.assert_sound();
    });
}

#[test]
fn incoming_counts_when_it_arrives_in_time_and_drafts_count_too() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.offers(vec![offer("ACME", "P1", "2")]);
        world.rules(vec![rule("P1", 10, 10)]);
        // An order placed today would arrive on the fifth.
        world.order("P1", 10, "2026-03-06");
        world.run();
        assert_eq!(world.proposed(), [("P1".to_owned(), 10)], "it comes too late");
        world.policy("horizon_days", "1");
        world.run();
        assert_eq!(world.proposed(), [("P1".to_owned(), 10)], "on the fifth it is still short");
        world.order("P1", 3, "2026-03-05");
        world.run();
        assert_eq!(world.proposed(), [("P1".to_owned(), 7)]);
        let approved = world.approve(vec![super::world::as_is(&world.open()[0])]).unwrap();
        assert_eq!(told(&world.run()), (0, 0, 0, 0), "the draft counts");
        world.submit(approved.orders[0]);
        assert_eq!(told(&world.run()), (0, 0, 0, 0), "and counts once when it is approved");
        world.assert_sound();
    });
}

#[test]
fn a_rule_sees_its_place_and_all_below() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.offers(vec![offer("ACME", "P1", "2")]);
        let shop = SetRule { place: "WH/Stock/Shop".into(), ..rule("P1", 2, 2) };
        world.rules(vec![rule("P1", 1, 1), shop]);
        world.run();
        let open = world.open();
        let at = |place: &str| open.iter().find(|row| row.place == place).unwrap();
        assert_eq!(units(at("WH/Stock").quantity), 1);
        assert_eq!(units(at("WH/Stock/Shop").quantity), 2);
        let approved = world.approve(open.iter().map(super::world::as_is).collect()).unwrap();
        assert_eq!(told(&world.run()), (0, 0, 0, 0), "what is drafted for the shop is on its way");
        world.submit(approved.orders[0]);
        assert_eq!(told(&world.run()), (0, 0, 0, 0));
        world.receive(approved.orders[0]);
        let lying = world.ask(|tx, ctx| stock::list_stock(tx, ctx, stock::StockFilter::default()));
        let lying: Vec<_> =
            lying.unwrap().lines.into_iter().map(|row| (row.place, units(row.on_hand))).collect();
        assert_eq!(lying, [("WH/Stock".to_owned(), 1), ("WH/Stock/Shop".to_owned(), 2)]);
        assert_eq!(told(&world.run()), (0, 0, 0, 0));
        world.assert_sound();
    });
}

#[test]
fn an_item_without_a_rule_orders_what_is_short_until_its_rule_says_otherwise() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.want("P2", 4, TODAY);
        assert_eq!(told(&world.run()), (1, 0, 0, 0));
        let open = world.open();
        assert_eq!((open[0].rule_id, open[0].supplier.as_str()), (None, ""));
        let refused = world.approve(vec![super::world::as_is(&open[0])]).unwrap_err();
        assert!(refused.to_string().contains("has no supplier"), "{refused}");
        world.offers(vec![offer("ACME", "P2", "2")]);
        assert_eq!(told(&world.run()), (0, 1, 0, 0), "somebody offers it now");
        world.rules(vec![rule("P2", 0, 10)]);
        assert_eq!(told(&world.run()), (0, 1, 0, 0));
        assert_eq!(world.proposed(), [("P2".to_owned(), 14)]);
        world.rules(vec![SetRule { retired: true, ..rule("P2", 0, 10) }]);
        assert_eq!(told(&world.run()), (0, 1, 0, 0));
        assert_eq!(world.proposed(), [("P2".to_owned(), 4)]);
        world.assert_sound();
    });
}

#[test]
fn a_rule_of_the_whole_warehouse_takes_over_what_was_proposed_without_it() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.want("P2", 4, TODAY);
        assert_eq!(told(&world.run()), (1, 0, 0, 0));
        world.rules(vec![SetRule { place: "WH".into(), ..rule("P2", 0, 10) }]);
        assert_eq!(told(&world.run()), (1, 0, 1, 0));
        assert_eq!(world.proposed(), [("P2".to_owned(), 14)]);
        assert_eq!(told(&world.run()), (0, 0, 0, 1));
        world.assert_sound();
    });
}

#[test]
fn a_dismissed_proposal_stays_so_until_its_day() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.offers(vec![offer("ACME", "P1", "2")]);
        world.rules(vec![rule("P1", 10, 40)]);
        world.run();
        let id = world.open()[0].proposal_id;
        let dismiss = |until: &str, reason: &str| {
            let (until, reason) = (day(until), reason.to_owned());
            let request = DismissProposals { proposals: vec![id], until, reason };
            world.ask(move |tx, ctx| planning::dismiss_proposals(tx, ctx, request.clone()))
        };
        assert!(dismiss("2026-03-09", " ").unwrap_err().to_string().contains("say why"));
        assert!(dismiss(TODAY, "no").unwrap_err().to_string().contains("is not after"));
        let done = dismiss("2026-03-09", "the range is being cleared").unwrap();
        assert_eq!((done.dismissed, done.repeated), (1, 0));
        let again = dismiss("2026-03-09", "the range is being cleared").unwrap();
        assert_eq!((again.dismissed, again.repeated), (0, 1));
        assert_eq!(told(&world.run()), (0, 0, 0, 1));
        assert_eq!(world.open(), []);
        assert_eq!(told(&world.on("2026-03-09").run()), (0, 1, 0, 0));
        assert_eq!(world.open()[0].proposal_id, id);
        world.assert_sound();
    });
}

#[test]
fn a_snoozing_rule_proposes_nothing() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let snoozed = SetRule { snoozed_until: Some(day("2026-03-09")), ..rule("P1", 10, 40) };
        world.rules(vec![rule("P1", 10, 40)]);
        world.run();
        world.rules(vec![snoozed]);
        assert_eq!(told(&world.run()), (0, 0, 1, 0));
        assert_eq!(told(&world.on("2026-03-09").run()), (1, 0, 0, 0));
        world.assert_sound();
    });
}

#[test]
fn a_run_goes_on_where_its_part_ended() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.rules(vec![rule("P1", 1, 1), rule("P2", 2, 2)]);
        world.want("P3", 3, TODAY);
        world.want("DOZ", 4, TODAY);
        let mut request = RunReplenishment { limit: Some(1), ..Default::default() };
        let mut parts = Vec::new();
        loop {
            let part = world.run_of(request.clone());
            parts.push(part.proposed);
            request.cursor = part.next_cursor;
            if request.cursor.is_none() {
                break;
            }
        }
        assert_eq!(parts.iter().sum::<u64>(), 4);
        assert!(parts.iter().all(|proposed| *proposed <= 1));
        assert_eq!(world.proposed().len(), 4);
        let only = RunReplenishment { sku: Some("P1".into()), ..Default::default() };
        assert_eq!(told(&world.run_of(only)), (0, 0, 0, 1));
        let of_rule = RunReplenishment { rule_id: world.open()[0].rule_id, ..Default::default() };
        assert_eq!(world.run_of(of_rule).looked_at, 1);
        let unknown = RunReplenishment { warehouse: Some("X".into()), ..Default::default() };
        let refused =
            world.ask(move |tx, ctx| planning::run_replenishment(tx, ctx, unknown.clone()));
        assert!(refused.unwrap_err().to_string().contains("no warehouse"));
        world.assert_sound();
    });
}

#[test]
fn offers_are_compared_in_the_companys_currency_and_ordered_in_their_unit() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.offers(vec![offer("ACME", "DOZ", "24"), offer("BERLIN", "DOZ", "12")]);
        world.rules(vec![rule("DOZ", 15, 15)]);
        world.run();
        let row = world.open().remove(0);
        assert_eq!((row.supplier.as_str(), row.unit.as_str()), ("ACME", "dozen"), "no rate yet");
        let rate = accounting::SetRate {
            currency: base::Currency::EUR,
            from: day("2026-01-01"),
            rate: base::Rate::parse("0.8").unwrap(),
            source: String::new(),
        };
        world.ask(move |tx, ctx| accounting::set_rate(tx, ctx, rate.clone())).unwrap();
        world.run();
        let row = world.open().remove(0);
        assert_eq!((row.supplier.as_str(), row.chosen.as_str()), ("BERLIN", "lowest_price"));
        assert_eq!((units(row.quantity), units(row.order_quantity)), (24, 2));
        assert_eq!(row.unit_cost, super::world::price("0.8"));
        world.policy("choose_supplier", "lead_time");
        world.offers(vec![DefineOffer { lead_days: 1, ..offer("ACME", "DOZ", "24") }]);
        world.run();
        assert_eq!(world.open()[0].chosen, "shortest_lead_time");
        world.rules(vec![SetRule { supplier: Some("BERLIN".into()), ..rule("DOZ", 15, 15) }]);
        world.run();
        assert_eq!(world.open()[0].chosen, "preferred");
        world.assert_sound();
    });
}

#[test]
fn a_changed_proposal_is_told_by_the_replay_check() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.rules(vec![rule("P1", 10, 40)]);
        world.run();
        assert_eq!(world.proposals(ProposalState::Open)[0].quantity, Quantity::units(40));
        let company = world.ctx.company_id;
        world.policy("horizon_days", "5");
        let breaches = world.ask(move |tx, _| planning::verify_proposals(tx, company)).unwrap();
        assert_eq!(breaches, [] as [String; 0], "settings are part of what is kept");
    });
}

#[test]
fn goods_that_wait_to_be_put_away_are_not_ordered_again() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let steps = || stock::ReceiptSteps { warehouse: "WH".into(), steps: 2 };
        world.ask(move |tx, ctx| stock::set_receipt_steps(tx, ctx, steps())).expect("two steps");
        world.stock("P1", 5);
        let shop = SetRule { place: "WH/Stock/Shop".into(), ..rule("P1", 2, 2) };
        world.rules(vec![rule("P1", 5, 5), shop]);
        assert_eq!(told(&world.run()), (1, 0, 0, 0), "the shop has none, the warehouse has five");
        assert_eq!(world.open()[0].place, "WH/Stock/Shop");
        world.assert_sound();
    });
}
