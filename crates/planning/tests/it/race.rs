use super::supply::from;
use super::world::{World, as_is, ask, auto, offer, rule};
use planning::{
    ApproveProposals, ProposalFilter, ProposalState, RunReplenishment, SCHEMA, SetRules,
};
use store::Engine;
use store::testing::Fresh;

#[test]
fn two_nodes_that_run_at_once_propose_and_order_once() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0]);
    world.policy("automation_requires", "supplier");
    world.offers(vec![offer("ACME", "P1", "2"), offer("ACME", "P2", "2")]);
    world.rules(vec![auto(rule("P1", 10, 10)), rule("P2", 5, 5)]);
    world.want("P3", 3, super::world::TODAY);
    let proposed: u64 = std::thread::scope(|scope| {
        let runs: Vec<_> = (0..12)
            .map(|run| {
                let (node, ctx) = (&nodes[run % 2], &world.ctx);
                scope.spawn(move || {
                    ask(node, ctx, |tx, ctx| {
                        planning::run_replenishment(tx, ctx, RunReplenishment::default())
                    })
                    .expect("a run")
                    .proposed
                })
            })
            .collect();
        runs.into_iter().map(|run| run.join().expect("a run")).sum()
    });
    assert_eq!(proposed, 3);
    assert_eq!(world.open().len(), 2);
    assert_eq!(world.proposals(ProposalState::Approved).len(), 1);
    world.assert_sound();
    nodes[1].close();
}

#[test]
fn an_approval_and_a_run_at_once_never_order_twice() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0]);
    world.offers(vec![offer("ACME", "P1", "2")]);
    world.rules(vec![rule("P1", 10, 10)]);
    world.run();
    let proposals = vec![as_is(&world.open()[0])];
    std::thread::scope(|scope| {
        for client in 0..12 {
            let (node, ctx) = (&nodes[client % 2], &world.ctx);
            let request = ApproveProposals { proposals: proposals.clone() };
            scope.spawn(move || {
                if client % 3 == 0 {
                    ask(node, ctx, move |tx, ctx| {
                        planning::approve_proposals(tx, ctx, request.clone()).map(drop)
                    })
                    .expect("approved, or so before");
                } else {
                    ask(node, ctx, |tx, ctx| {
                        planning::run_replenishment(tx, ctx, RunReplenishment::default()).map(drop)
                    })
                    .expect("a run");
                }
            });
        }
    });
    assert_eq!(world.open().len(), 0);
    assert_eq!(world.proposals(ProposalState::Approved).len(), 1);
    world.assert_sound();
    nodes[1].close();
}

#[test]
fn two_nodes_that_supply_warehouses_at_once_plan_and_order_once() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0]);
    world.site("NORTH");
    world.site("SOUTH");
    world.way("WH", "NORTH", 1);
    world.policy("automation_requires", "supplier");
    world.offers(vec![offer("ACME", "P1", "2"), offer("ACME", "P2", "2")]);
    world.rules(vec![
        auto(from("WH", "NORTH/Stock", "P1", 10, 10)),
        auto(from("NORTH", "SOUTH/Stock", "P1", 5, 5)),
        auto(rule("P1", 3, 3)),
        from("WH", "NORTH/Stock", "P2", 4, 4),
        rule("P2", 0, 0),
    ]);
    // Runs of everything, of one end, and approvals of what waits for somebody.
    std::thread::scope(|scope| {
        for client in 0..18 {
            let (node, ctx) = (&nodes[client % 2], &world.ctx);
            let warehouse = [None, Some("NORTH"), Some("WH")][client % 3].map(str::to_owned);
            scope.spawn(move || {
                let request = RunReplenishment { warehouse, ..RunReplenishment::default() };
                ask(node, ctx, move |tx, ctx| {
                    planning::run_replenishment(tx, ctx, request.clone()).map(drop)
                })
                .expect("a run");
                let open = ask(node, ctx, |tx, ctx| {
                    let state = Some(ProposalState::Open);
                    let filter = ProposalFilter { state, ..ProposalFilter::default() };
                    planning::list_proposals(tx, ctx, &filter)
                });
                let proposals: Vec<_> = open.expect("proposals").lines.iter().map(as_is).collect();
                let request = ApproveProposals { proposals };
                // Another may have approved or amended them in between; nothing is ordered then.
                let _ = ask(node, ctx, move |tx, ctx| {
                    planning::approve_proposals(tx, ctx, request.clone())
                });
            });
        }
    });
    world.run();
    let rest: Vec<_> = world.open().iter().map(as_is).collect();
    world.approve(rest).expect("approved");
    let mut total = std::collections::BTreeMap::<_, i64>::new();
    for row in world.proposals(ProposalState::Approved) {
        *total.entry((row.sku, row.place)).or_default() +=
            super::world::units(row.approved_quantity);
    }
    let total: Vec<_> = total
        .iter()
        .map(|((sku, place), pieces)| (sku.as_str(), place.as_str(), *pieces))
        .collect();
    let expected = [
        ("P1", "NORTH/Stock", 15),
        ("P1", "SOUTH/Stock", 5),
        ("P1", "WH/Stock", 18),
        ("P2", "NORTH/Stock", 4),
        ("P2", "WH/Stock", 4),
    ];
    assert_eq!(total, expected);
    assert_eq!(super::world::told(&world.run()), (0, 0, 0, 0));
    world.assert_sound();
    nodes[1].close();
}

#[test]
fn two_rules_set_at_once_never_make_a_circle() {
    let fresh = Fresh::new(Engine::Postgres, &SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0]);
    world.site("NORTH");
    let rules = [from("WH", "NORTH/Stock", "P1", 1, 1), from("NORTH", "WH/Stock", "P1", 1, 1)];
    let set: usize = std::thread::scope(|scope| {
        let requests: Vec<_> = (0..8)
            .map(|client| {
                let (node, ctx) = (&nodes[client % 2], &world.ctx);
                let request = SetRules { rules: vec![rules[client % 2].clone()] };
                scope.spawn(move || {
                    let set = ask(node, ctx, move |tx, ctx| {
                        planning::set_rules(tx, ctx, request.clone())
                    });
                    usize::from(set.is_ok())
                })
            })
            .collect();
        requests.into_iter().map(|request| request.join().expect("an answer")).sum()
    });
    assert_eq!(set, 4, "the other one is refused each time");
    world.assert_sound();
    nodes[1].close();
}
