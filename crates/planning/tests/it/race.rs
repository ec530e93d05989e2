use super::world::{World, as_is, ask, auto, offer, rule};
use planning::{ApproveProposals, ProposalState, RunReplenishment, SCHEMA};
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
