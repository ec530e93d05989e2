use super::world::{World, goods, packed, scan};
use base::Rule;
use picking::{PickGoods, PlanPicks};
use std::collections::BTreeMap;
use store::testing::Fresh;
use store::{Database, Engine};

const CLIENTS: usize = 8;

/// What each of the clients, over two nodes, was answered.
fn at_once(
    nodes: &[Database; 2],
    act: impl Fn(&Database) -> &'static str + Sync,
) -> BTreeMap<&'static str, usize> {
    let answers: Vec<&'static str> = std::thread::scope(|scope| {
        let act = &act;
        let clients: Vec<_> = (0..CLIENTS)
            .map(|client| {
                let node = &nodes[client % 2];
                scope.spawn(move || act(node))
            })
            .collect();
        clients.into_iter().map(|client| client.join().expect("a client")).collect()
    });
    let mut counts = BTreeMap::new();
    answers.into_iter().for_each(|code| *counts.entry(code).or_insert(0) += 1);
    counts
}

#[test]
fn pickers_of_one_line_take_its_goods_once() {
    let fresh = Fresh::new(Engine::Postgres, &reconcile::SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0], 2);
    world.receive(&[(0, 0, 9), (1, 1, 9)]);
    let order = world.order(vec![goods(0, 3), goods(1, 1)]);

    // Many plan at once: what is kept is on one list.
    let planned = at_once(&nodes, |node| {
        let ctx = world.ctx.clone();
        let made = node.write(move |tx| picking::plan_picks(tx, &ctx, PlanPicks::default()));
        if made.expect("a plan").lists.is_empty() { "nothing" } else { "a list" }
    });
    assert_eq!(planned, BTreeMap::from([("a list", 1), ("nothing", CLIENTS - 1)]));

    let list_id = world.find_lines(picking::PickLineFilter::default())[0].list_id;
    let picked = at_once(&nodes, |node| {
        let ctx = world.ctx.clone();
        let client_ref = String::new();
        let request = PickGoods { list_id, lines: vec![scan(0, 0, 2)], client_ref };
        match node.write(move |tx| picking::pick(tx, &ctx, request.clone())) {
            Ok(_) => "picked",
            Err(error) => error.problem().code,
        }
    });
    assert_eq!(picked, BTreeMap::from([("picked", 1), ("exceeds_to_pick", CLIENTS - 1)]));

    // A package leaves once, and neither does the order by hand meanwhile.
    world.pick(list_id, vec![scan(0, 0, 1), scan(1, 1, 1)]).expect("picked");
    let package = world.pack(order.order_id, vec![packed(0, 3), packed(1, 1)]).expect("packed");
    let shipped = at_once(&nodes, |node| {
        let ctx = world.ctx.clone();
        let package_ids = vec![package.package_id];
        let request = picking::ShipPackages { package_ids, ..Default::default() };
        match node.write(move |tx| picking::ship_packages(tx, &ctx, request.clone())) {
            Ok(done) if done.shipments.is_empty() => "repeated",
            Ok(_) => "shipped",
            Err(error) => error.problem().code,
        }
    });
    assert_eq!(shipped, BTreeMap::from([("repeated", CLIENTS - 1), ("shipped", 1)]));
    world.assert_sound();
    assert_eq!(nodes.iter().map(|node| node.counts().deadlocks).sum::<u64>(), 0);
    nodes[1].close();
}

#[test]
fn pickers_and_cancellations_do_not_wait_for_each_other() {
    let fresh = Fresh::new(Engine::Postgres, &reconcile::SCHEMA);
    let nodes = [fresh.database.clone(), fresh.open_again()];
    let world = World::new(&nodes[0], 2);
    world.receive(&[(0, 0, 99)]);
    for _ in 0..6 {
        let order_id = world.order(vec![goods(0, 2)]).order_id;
        let list_id = world.list();
        std::thread::scope(|scope| {
            scope.spawn(|| {
                let ctx = world.ctx.clone();
                let client_ref = String::new();
                let request = PickGoods { list_id, lines: vec![scan(0, 0, 1)], client_ref };
                let done = nodes[0].write(move |tx| picking::pick(tx, &ctx, request.clone()));
                let refused = done.err().map(|error| error.problem().code);
                assert!(matches!(refused, None | Some("pick_list_not_open")), "{refused:?}");
            });
            scope.spawn(|| {
                let ctx = world.ctx.clone();
                let reason = "changed mind".to_owned();
                let request = sales::CancelOrder { order_id, lines: None, reason };
                let done = nodes[1].write(move |tx| {
                    picking::tell_lists(tx, &ctx, &[order_id], |tx, ctx| {
                        sales::cancel(tx, ctx, request.clone())
                    })
                });
                done.expect("cancelled");
            });
        });
        let line = &world.lines(list_id)[0];
        assert!(line.to_pick.is_zero());
        assert_eq!(line.to_put_back, line.picked);
        world.assert_sound();
    }
    assert_eq!(nodes.iter().map(|node| node.counts().deadlocks).sum::<u64>(), 0);
    nodes[1].close();
}
