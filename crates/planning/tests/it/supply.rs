//! Places that another warehouse supplies.

use super::world::{TODAY, World, as_is, ask, auto, day, offer, rule, told, units};
use base::Quantity;
use planning::{
    ApproveProposal, ApproveProposals, ApproveProposalsError, DismissProposals, Missing,
    ProposalFilter, ProposalRow, ProposalSort, ProposalState, ReadinessFilter, RuleError,
    RuleFilter, SCHEMA, SetRule, SetRules, SetRulesError, replay_proposal,
};
use stock::{CreatePlace, CreateWarehouse, TransferDetail, TransferFilter, TransferLeadTime};
use store::testing::on_both_engines;

impl World<'_> {
    /// A further warehouse, made after those before.
    pub fn site(&self, code: &'static str) {
        let request = CreateWarehouse { code: code.into(), name: code.into() };
        self.ask(move |tx, ctx| stock::create_warehouse(tx, ctx, request.clone()))
            .expect("a warehouse");
    }

    /// So many days from a warehouse to another.
    pub fn way(&self, from: &str, to: &str, days: i64) {
        let request = TransferLeadTime { from: from.into(), to: to.into(), days };
        self.ask(move |tx, ctx| stock::set_lead_time(tx, ctx, request.clone())).expect("a time");
    }

    /// Somebody wants pieces of an item from a warehouse on a day.
    fn want_at(&self, code: &'static str, sku: &'static str, quantity: i64, on: &str) {
        let found = self.ask(move |tx, ctx| stock::warehouse_by_code(tx, ctx.company_id, code));
        let warehouse = found.expect("a warehouse").expect("the warehouse");
        let (database, ctx) = (self.database, self.ctx.clone());
        World { database, ctx, warehouse }.want(sku, quantity, on);
    }

    /// Source, place, pieces and the day on which they are needed of what is open.
    fn drawn(&self) -> Vec<(String, String, i64, String)> {
        let needed = |row: &ProposalRow| row.needed_on.map(|day| day.to_string());
        let of = |row: ProposalRow| {
            let needed = needed(&row).unwrap_or_default();
            (format!("{}{}", row.source, row.supplier), row.place, units(row.quantity), needed)
        };
        let mut drawn: Vec<_> = self.open().into_iter().map(of).collect();
        drawn.sort();
        drawn
    }

    fn approve_all(&self) -> planning::ProposalsApproved {
        self.approve(self.open().iter().map(as_is).collect()).expect("approved")
    }

    fn transfers(&self) -> Vec<TransferDetail> {
        let listed = |tx: &mut store::Tx<'_>, ctx: &identity::Ctx| {
            stock::list_transfers(tx, ctx, TransferFilter::default())
        };
        let rows = self.ask(listed).expect("transfers").lines;
        let detail = |row: stock::TransferRow| {
            self.ask(move |tx, ctx| stock::transfer(tx, ctx, row.transfer_id)).expect("a transfer")
        };
        rows.into_iter().map(detail).collect()
    }

    fn refuses(&self, rules: Vec<SetRule>) -> (usize, RuleError) {
        let request = SetRules { rules };
        match self.ask(move |tx, ctx| planning::set_rules(tx, ctx, request.clone())) {
            Err(SetRulesError::Refused { number, error }) => (number, error),
            other => panic!("{other:?}"),
        }
    }
}

/// A rule for the stock of a warehouse that another one supplies.
pub fn from(source: &str, place: &str, sku: &str, min: i64, max: i64) -> SetRule {
    SetRule { place: place.into(), source: Some(source.into()), ..rule(sku, min, max) }
}

fn is(source: &str, place: &str, pieces: i64, needed: &str) -> (String, String, i64, String) {
    (source.into(), place.into(), pieces, needed.into())
}

#[test]
fn what_a_warehouse_lacks_comes_from_its_source_day_by_day() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.site("NORTH");
        world.way("WH", "NORTH", 1);
        world.stock("P1", 20);
        world.want_at("NORTH", "P1", 10, "2026-03-03");
        world.rules(vec![from("WH", "NORTH/Stock", "P1", 10, 15)]);
        assert_eq!(told(&world.run()), (3, 0, 0, 0));
        let expected =
            [is("WH", "NORTH/Stock", 10, "2026-03-03"), is("WH", "NORTH/Stock", 15, TODAY)];
        // What the source lacks by then is proposed to be bought in the same run.
        assert_eq!(world.drawn().into_iter().skip(1).collect::<Vec<_>>(), expected);
        assert_eq!(world.drawn()[0], is("", "WH/Stock", 5, ""));
        world.assert_sound();
    });
}

#[test]
fn a_proposal_tells_what_its_source_can_give_and_is_replayed() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.site("NORTH");
        world.way("WH", "NORTH", 1);
        world.stock("P1", 20);
        world.offers(vec![offer("ACME", "P1", "2")]);
        world.want_at("NORTH", "P1", 10, "2026-03-03");
        world.rules(vec![from("WH", "NORTH/Stock", "P1", 10, 15), rule("P1", 0, 0)]);
        assert_eq!(told(&world.run()), (3, 0, 0, 0));
        let open = world.open();
        let rows: Vec<_> = open.iter().filter(|row| row.source == "WH").collect();
        let figures = |row: &ProposalRow| {
            (units(row.quantity), units(row.available), row.chosen.clone(), row.unit.clone())
        };
        let pieces = || "pcs".to_owned();
        assert_eq!(figures(rows[0]), (15, 20, "from_source".to_owned(), pieces()));
        assert_eq!(figures(rows[1]), (10, 5, "source_short".to_owned(), pieces()));
        assert_eq!((rows[0].supplier.as_str(), rows[0].currency.as_str()), ("", ""));
        assert_eq!(rows[0].arrives_on, day("2026-03-03"), "a day late");
        assert_eq!(told(&world.run()), (0, 0, 0, 3));
        assert_eq!(told(&world.on("2026-03-06").run()), (0, 0, 0, 3), "nor on another day");
        for row in &open {
            let id = row.proposal_id;
            let replayed = world.ask(move |tx, ctx| replay_proposal(tx, ctx, id)).unwrap();
            assert!(replayed.agrees, "{row:?}");
            assert_eq!(replayed.decision.quantity, row.quantity);
        }
        let only = ProposalFilter { source: Some("WH".into()), ..ProposalFilter::default() };
        let only = world.ask(move |tx, ctx| planning::list_proposals(tx, ctx, &only)).unwrap();
        assert_eq!(only.lines.len(), 2);
        let mut sorted =
            ProposalFilter { sort: ProposalSort::SuppliedBy, limit: Some(1), ..Default::default() };
        let mut by = Vec::new();
        loop {
            let asked = sorted.clone();
            let page = world.ask(move |tx, ctx| planning::list_proposals(tx, ctx, &asked)).unwrap();
            by.extend(page.lines.into_iter().map(|row| format!("{}{}", row.source, row.supplier)));
            sorted.cursor = page.next_cursor;
            if sorted.cursor.is_none() {
                break;
            }
        }
        assert_eq!(by, ["ACME", "WH", "WH"], "page by page");
        world.assert_sound();
    });
}

#[test]
fn a_need_that_comes_within_the_horizon_is_proposed_although_nothing_else_changed() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.site("NORTH");
        world.way("WH", "NORTH", 3);
        world.stock("P1", 50);
        world.want_at("NORTH", "P1", 4, "2026-03-04");
        world.want_at("NORTH", "P1", 7, "2026-03-06");
        let rule = from("WH", "NORTH/Stock", "P1", 0, 0);
        world.rules(vec![SetRule { visibility_days: 1, ..rule }]);
        assert_eq!(told(&world.run()), (1, 0, 0, 0));
        let early = is("WH", "NORTH/Stock", 4, "2026-03-04");
        assert_eq!(
            world.drawn(),
            std::slice::from_ref(&early),
            "the sixth is known, and not yet needed"
        );
        let next = world.on("2026-03-03");
        assert_eq!(told(&next.run()), (1, 1, 0, 0));
        assert_eq!(next.drawn(), [early, is("WH", "NORTH/Stock", 7, "2026-03-06")]);
        assert_eq!(told(&next.run()), (0, 0, 0, 2));
        assert_eq!(told(&world.on("2026-03-04").run()), (0, 0, 0, 2), "another day alone");
        // What is late is brought with what can be seen by then.
        let late = world.on("2026-03-05");
        assert_eq!(told(&late.run()), (0, 1, 1, 0));
        assert_eq!(late.drawn(), [is("WH", "NORTH/Stock", 11, "2026-03-05")]);
        assert_eq!(told(&late.run()), (0, 0, 0, 1));
        late.assert_sound();
    });
}

#[test]
fn a_transfer_that_could_only_come_after_a_delivery_is_withdrawn() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.site("NORTH");
        world.way("NORTH", "WH", 2);
        world.order("P1", 5, "2026-03-06");
        world.rules(vec![SetRule { visibility_days: 2, ..from("NORTH", "WH/Stock", "P1", 5, 5) }]);
        assert_eq!(told(&world.run()), (2, 0, 0, 0), "it would be there by the fourth");
        let ours = is("NORTH", "WH/Stock", 5, TODAY);
        assert!(world.drawn().contains(&ours), "{:?}", world.drawn());
        assert_eq!(told(&world.on("2026-03-03").run()), (0, 0, 0, 2));
        let next = world.on("2026-03-04");
        assert_eq!(told(&next.run()), (0, 0, 2, 0), "the delivery is there as soon");
        assert_eq!(told(&next.run()), (0, 0, 0, 0));
        next.assert_sound();
    });
}

#[test]
fn approved_proposals_are_lines_of_one_transfer_a_day_and_count_as_coming() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.site("NORTH");
        world.way("WH", "NORTH", 1);
        world.stock("P1", 50);
        world.stock("P2", 50);
        world.policy("horizon_days", "5");
        world.want_at("NORTH", "P1", 10, "2026-03-03");
        world.want_at("NORTH", "P2", 3, "2026-03-06");
        world.rules(vec![
            from("WH", "NORTH/Stock", "P1", 10, 15),
            from("WH", "NORTH/Stock", "P2", 0, 4),
        ]);
        assert_eq!(told(&world.run()), (3, 0, 0, 0));
        let asked: Vec<ApproveProposal> = world.open().iter().map(as_is).collect();
        let done = world.approve(asked.clone()).unwrap();
        assert_eq!((done.approved, done.orders.len(), done.transfers.len()), (3, 0, 2));
        let again = world.approve(asked).unwrap();
        assert_eq!((again.approved, again.repeated, &again.transfers), (0, 3, &done.transfers));
        let transfers = world.transfers();
        let head = |at: usize| {
            let head = &transfers[at].head;
            (head.from.as_str(), head.to.as_str(), head.depart_on, head.arrive_on)
        };
        assert_eq!(head(0), ("WH", "NORTH", day(TODAY), day("2026-03-03")));
        assert_eq!(head(1), ("WH", "NORTH", day("2026-03-05"), day("2026-03-06")));
        let lines: Vec<_> = transfers[0].lines.iter().map(|line| units(line.quantity)).collect();
        assert_eq!(lines, [15, 10]);
        let kept =
            |at: usize| transfers[at].lines.iter().map(|line| units(line.reserved)).sum::<i64>();
        assert_eq!((kept(0), kept(1)), (25, 0), "only what leaves today is kept at once");
        for row in world.proposals(ProposalState::Approved) {
            let became = transfers.iter().find(|it| Some(it.head.transfer_id) == row.transfer_id);
            let became = became.unwrap();
            assert_eq!((&row.transfer, row.order_id), (&became.head.number, None));
            let line = became.lines.iter().find(|line| line.line == row.transfer_line).unwrap();
            assert_eq!((&line.sku, line.quantity), (&row.sku, row.approved_quantity));
        }
        assert_eq!(told(&world.run()), (0, 0, 0, 0), "what is planned is on its way");
        let cancel = stock::CancelTransfer { transfer_id: done.transfers[1], reason: "no".into() };
        world.ask(move |tx, ctx| stock::cancel_transfer(tx, ctx, cancel.clone())).unwrap();
        assert_eq!(told(&world.run()), (1, 0, 0, 0), "what is not is needed again");
        assert_eq!(world.drawn(), [is("WH", "NORTH/Stock", 7, "2026-03-06")]);
        world.assert_sound();
    });
}

#[test]
fn one_run_goes_down_a_chain_of_warehouses_to_the_supplier() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        // Made in another order than goods go.
        for code in ["SOUTH", "NORTH"] {
            world.site(code);
        }
        world.offers(vec![offer("ACME", "P1", "2"), offer("ACME", "P2", "2")]);
        world.rules(vec![
            from("WH", "NORTH/Stock", "P1", 0, 0),
            from("NORTH", "SOUTH/Stock", "P1", 5, 5),
            rule("P1", 0, 0),
            // The same without rules of those that supply: what is short there is bought.
            from("WH", "NORTH/Stock", "P2", 7, 7),
        ]);
        let run = world.run();
        assert_eq!((told(&run), run.looked_at), ((5, 0, 0, 0), 5));
        let expected = [
            is("ACME", "WH/Stock", 5, ""),
            is("ACME", "WH/Stock", 7, ""),
            is("NORTH", "SOUTH/Stock", 5, TODAY),
            is("WH", "NORTH/Stock", 5, TODAY),
            is("WH", "NORTH/Stock", 7, TODAY),
        ];
        assert_eq!(world.drawn(), expected);
        assert_eq!(told(&world.run()), (0, 0, 0, 5));
        let mut part = planning::RunReplenishment { limit: Some(1), ..Default::default() };
        loop {
            let found = world.run_of(part.clone());
            assert_eq!((found.proposed, found.amended, found.withdrawn), (0, 0, 0));
            part.cursor = found.next_cursor;
            if part.cursor.is_none() {
                break;
            }
        }
        let done = world.approve_all();
        assert_eq!((done.orders.len(), done.transfers.len()), (1, 2));
        assert_eq!(told(&world.run()), (0, 0, 0, 0));
        // Less is needed at the end of the chain: all above follow at once.
        world.rules(vec![from("NORTH", "SOUTH/Stock", "P1", 8, 8)]);
        assert_eq!(told(&world.run()), (3, 0, 0, 0));
        world.rules(vec![from("NORTH", "SOUTH/Stock", "P1", 7, 7)]);
        assert_eq!(told(&world.run()), (0, 3, 0, 0));
        world.rules(vec![SetRule { retired: true, ..from("NORTH", "SOUTH/Stock", "P1", 7, 7) }]);
        assert_eq!(told(&world.run()), (0, 0, 3, 0));
        assert_eq!(told(&world.run()), (0, 0, 0, 0));
        world.assert_sound();
    });
}

#[test]
fn of_two_warehouses_with_one_source_the_second_sees_what_the_first_takes() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.site("NORTH");
        world.site("SOUTH");
        world.stock("P1", 8);
        world.rules(vec![
            from("WH", "SOUTH/Stock", "P1", 5, 5),
            from("WH", "NORTH/Stock", "P1", 6, 6),
        ]);
        world.run();
        let open = world.open();
        let given: Vec<_> = open
            .iter()
            .filter(|row| row.source == "WH")
            .map(|row| (row.place.as_str(), units(row.quantity), units(row.available)))
            .collect();
        assert_eq!(given, [("NORTH/Stock", 6, 8), ("SOUTH/Stock", 5, 2)]);
        assert_eq!(told(&world.run()), (0, 0, 0, 3));
        world.assert_sound();
    });
}

#[test]
fn a_place_inside_a_warehouse_is_supplied_there() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.site("NORTH");
        let shop = CreatePlace { parent: "NORTH/Stock".into(), code: "Shop".into() };
        world.ask(move |tx, ctx| stock::create_place(tx, ctx, shop.clone())).unwrap();
        world.stock("P1", 9);
        world.rules(vec![
            from("WH", "NORTH/Stock/Shop", "P1", 4, 4),
            from("WH", "NORTH/Stock", "P1", 1, 1),
        ]);
        assert_eq!(told(&world.run()), (2, 0, 0, 0));
        let done = world.approve_all();
        let mut places: Vec<_> = world.transfers().into_iter().map(|it| it.head.to_place).collect();
        places.sort();
        assert_eq!(
            (done.transfers.len(), places),
            (2, vec!["NORTH/Stock".into(), "NORTH/Stock/Shop".into()])
        );
        assert_eq!(told(&world.run()), (0, 0, 0, 0), "each is on its way to its place");
        world.assert_sound();
    });
}

#[test]
fn a_circle_of_sources_is_refused_when_the_rule_is_set() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.site("NORTH");
        world.site("SOUTH");
        let codes = |list: &[&str]| list.iter().map(|code| (*code).to_owned()).collect();
        world.rules(vec![
            from("WH", "NORTH/Stock", "P1", 1, 1),
            from("NORTH", "SOUTH/Stock", "P1", 1, 1),
        ]);
        let (number, error) =
            world.refuses(vec![rule("P2", 1, 1), from("SOUTH", "WH/Stock", "P1", 1, 1)]);
        assert_eq!(
            (number, &error),
            (2, &RuleError::Circle(codes(&["WH", "SOUTH", "NORTH", "WH"])))
        );
        assert_eq!(
            error.to_string(),
            "the item would go in a circle: WH from SOUTH from NORTH from WH; let one of these \
             warehouses buy it from suppliers"
        );
        world.rules(vec![from("SOUTH", "WH/Stock", "P2", 1, 1)]);
        let both =
            vec![from("WH", "NORTH/Stock", "P3", 1, 1), from("NORTH", "WH/Stock", "P3", 1, 1)];
        assert_eq!(world.refuses(both).0, 1, "neither was there before");
        // Turned around in one request it is none.
        world.rules(vec![
            from("SOUTH", "WH/Stock", "P1", 1, 1),
            SetRule { retired: true, ..from("WH", "NORTH/Stock", "P1", 1, 1) },
        ]);
        let (_, error) = world.refuses(vec![from("WH", "WH/Stock/Shop", "P1", 1, 1)]);
        assert_eq!(error, RuleError::OwnWarehouse("WH".into()));
        let (_, error) = world.refuses(vec![from("EAST", "WH/Stock", "P1", 1, 1)]);
        assert_eq!(error, RuleError::UnknownSource("EAST".into()));
        let supplier = Some("ACME".to_owned());
        let both = SetRule { supplier, ..from("WH", "NORTH/Stock", "P1", 1, 1) };
        let (_, error) = world.refuses(vec![both]);
        assert!(matches!(error, RuleError::TwoSources { .. }), "{error}");
        world.assert_sound();
    });
}

#[test]
fn what_somebody_said_no_to_is_not_wanted_of_the_source_and_stays_so_on_other_days() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.site("NORTH");
        world.rules(vec![from("WH", "NORTH/Stock", "P1", 5, 5), rule("P1", 2, 2)]);
        world.run();
        assert_eq!(world.drawn(), [is("", "WH/Stock", 7, ""), is("WH", "NORTH/Stock", 5, TODAY)]);
        let id = world.open().iter().find(|row| row.source == "WH").unwrap().proposal_id;
        let dismiss = DismissProposals {
            proposals: vec![id],
            until: day("2026-03-09"),
            reason: "north is being moved".into(),
        };
        world.ask(move |tx, ctx| planning::dismiss_proposals(tx, ctx, dismiss.clone())).unwrap();
        assert_eq!(told(&world.run()), (0, 1, 0, 1));
        assert_eq!(world.drawn(), [is("", "WH/Stock", 2, "")]);
        // Another need on another day is the same proposal, and still not wanted.
        world.want_at("NORTH", "P1", 3, "2026-03-04");
        assert_eq!(told(&world.on("2026-03-05").run()), (0, 1, 0, 1));
        let row = world.proposals(ProposalState::Dismissed).remove(0);
        assert_eq!((row.proposal_id, units(row.quantity)), (id, 8));
        assert_eq!(row.needed_on, Some(day("2026-03-05")));
        assert_eq!(told(&world.on("2026-03-09").run()), (0, 2, 0, 0), "it is wanted again");
        assert_eq!(world.drawn().iter().map(|row| row.2).collect::<Vec<_>>(), [10, 8]);
        world.assert_sound();
    });
}

#[test]
fn everything_is_approved_or_nothing() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.site("NORTH");
        world.stock("P1", 5);
        world.offers(vec![offer("ACME", "P2", "2")]);
        world.rules(vec![from("WH", "NORTH/Stock", "P1", 5, 5), rule("P2", 3, 3)]);
        world.run();
        let all: Vec<ApproveProposal> = world.open().iter().map(as_is).collect();
        let mut stale = all.clone();
        stale[1].version += 1;
        let refused = world.approve(stale).unwrap_err();
        assert!(matches!(refused, ApproveProposalsError::Changed { .. }), "{refused}");
        // Who plans no transfers out of the source approves none.
        let held = ["planning.approve", "purchasing.order"];
        let buyer = identity::testing::holding(&world.ctx, world.ctx.user_id, &held, None);
        let request = ApproveProposals { proposals: all.clone() };
        let refused = ask(database, &buyer, move |tx, ctx| {
            planning::approve_proposals(tx, ctx, request.clone())
        });
        assert!(matches!(refused, Err(ApproveProposalsError::Denied(_))));
        assert_eq!((world.open().len(), world.transfers().len()), (2, 0));
        let other = |row: ApproveProposal, quantity: i64, reason: &str| ApproveProposal {
            quantity: Some(Quantity::units(quantity)),
            reason: reason.into(),
            ..row
        };
        let refused = world.approve(vec![other(all[0].clone(), 3, "")]).unwrap_err();
        assert!(matches!(refused, ApproveProposalsError::ReasonMissing { .. }), "{refused}");
        let done = world.approve(vec![other(all[0].clone(), 3, "half a pallet"), all[1].clone()]);
        assert_eq!(done.unwrap().transfers.len(), 1);
        let line = &world.transfers()[0].lines[0];
        assert_eq!((units(line.quantity), units(line.reserved)), (3, 3));
        world.assert_sound();
    });
}

#[test]
fn an_automatic_rule_plans_transfers_once_the_lead_time_is_known() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.site("NORTH");
        world.stock("P1", 5);
        world.rules(vec![auto(from("WH", "NORTH/Stock", "P1", 5, 5))]);
        let missing = || {
            let filter = ReadinessFilter { sku: Some("P1".into()), ..Default::default() };
            let page = world.ask(move |tx, ctx| planning::readiness(tx, ctx, &filter));
            page.unwrap().lines[0]
                .missing
                .iter()
                .map(|gap| (gap.what, gap.owner))
                .collect::<Vec<_>>()
        };
        assert_eq!(missing(), [(Missing::TransferLeadTime, "stock.edit_places")]);
        let run = world.run();
        assert_eq!((run.proposed, run.held_back, run.approved), (1, 1, 0));
        assert_eq!(world.open()[0].held_back, "transfer_lead_time");
        world.way("WH", "NORTH", 0);
        assert_eq!(missing(), [], "neither supplier nor tax code is asked for");
        let run = world.run();
        assert_eq!((run.amended, run.approved, run.transfers.len()), (1, 1, 1));
        assert_eq!(told(&world.run()), (0, 0, 0, 0));
        world.rules(vec![rule("P1", 0, 0)]);
        let of = |list: Vec<(Missing, _)>| list.into_iter().map(|it| it.0).collect::<Vec<_>>();
        assert_eq!(of(missing()), [Missing::Supplier, Missing::LeadTime], "WH buys it");
        world.assert_sound();
    });
}

#[test]
fn a_rule_that_changes_its_source_changes_its_proposal() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.site("NORTH");
        world.offers(vec![offer("ACME", "P1", "2")]);
        world.stock("P1", 9);
        let bought = SetRule { place: "NORTH/Stock".into(), ..rule("P1", 5, 5) };
        world.rules(vec![bought.clone()]);
        world.run();
        assert_eq!(world.drawn(), [is("ACME", "NORTH/Stock", 5, "")]);
        world.rules(vec![SetRule { lead_days: Some(2), ..from("WH", "NORTH/Stock", "P1", 5, 5) }]);
        assert_eq!(told(&world.run()), (1, 0, 1, 0));
        assert_eq!(world.drawn(), [is("WH", "NORTH/Stock", 5, TODAY)]);
        assert_eq!(world.open()[0].arrives_on, day("2026-03-04"), "by the rule's lead time");
        let filter = RuleFilter { source: Some("WH".into()), ..RuleFilter::default() };
        let listed = world.ask(move |tx, ctx| planning::list_rules(tx, ctx, &filter)).unwrap();
        assert_eq!(listed.lines[0].source, "WH");
        world.rules(vec![bought]);
        assert_eq!(told(&world.run()), (1, 0, 1, 0));
        world.assert_sound();
    });
}

#[test]
fn rules_with_a_source_are_imported_and_exported() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.site("NORTH");
        let import = |file: &'static str| {
            world
                .ask(move |tx, ctx| planning::import_rules(tx, ctx, file.as_bytes(), false))
                .expect("a report")
        };
        let file = "sku,place,min,max,source\nP1,NORTH/Stock,1,2,WH\nP2,WH/Stock,1,2,\n";
        assert_eq!(import(file).created, 2);
        let circle = import("sku,place,min,max,source\nP1,WH/Stock,1,2,NORTH\n");
        assert!(!circle.applied);
        assert!(circle.errors[0].message.contains("WH from NORTH from WH"), "{circle:?}");
        let unknown = import("sku,place,min,max,source\nP1,WH/Stock,1,2,EAST\n");
        assert!(unknown.errors[0].message.contains("no warehouse"), "{unknown:?}");
        let exported = world.ask(planning::export_rules).unwrap();
        let again = world
            .ask(move |tx, ctx| planning::import_rules(tx, ctx, &exported, false))
            .expect("a report");
        assert_eq!((again.unchanged, again.errors.len()), (2, 0));
        world.assert_sound();
    });
}
