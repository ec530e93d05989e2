use super::world::World;
use base::Rule;
use fulfilment::{RankError, RankWarehouses, RankingFilter};
use store::testing::on_both_engines;

fn ranking(channel: &str, warehouses: &[&str]) -> RankWarehouses {
    RankWarehouses {
        channel: channel.to_owned(),
        warehouses: warehouses.iter().map(|code| (*code).to_owned()).collect(),
        split: false,
    }
}

#[test]
fn a_ranking_takes_the_place_of_the_one_before() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.rank(&["SOUTH", "WH"], false);
        world.rank(&["WH", "NORTH", "SOUTH"], true);
        let ctx = world.ctx.clone();
        let filter = RankingFilter { channel: Some("WEB".to_owned()) };
        let list =
            db.read(move |tx| fulfilment::list_rankings(tx, &ctx, filter.clone())).expect("a list");
        assert_eq!(list.lines.len(), 1);
        assert_eq!(list.lines[0].warehouses, ["WH", "NORTH", "SOUTH"]);
        assert!(list.lines[0].split);
        assert_eq!(list.lines[0].revision, 2);
        world.assert_sound();
    });
}

#[test]
fn a_ranking_names_what_is_there_and_each_once() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        let refused = |request: RankWarehouses| {
            let answer =
                world.run(move |tx, ctx| fulfilment::rank_warehouses(tx, ctx, request.clone()));
            let error: RankError = answer.expect_err("refused");
            error.problem().code
        };
        assert_eq!(refused(ranking("NOWHERE", &[])), "unknown_channel");
        assert_eq!(refused(ranking("WEB", &["WH", "WH"])), "warehouse_twice");
        assert_eq!(refused(ranking("WEB", &["WH", "EAST"])), "unknown_warehouse");
        assert_eq!(refused(ranking("WEB", &["WH"; 11])), "too_many_warehouses");
        world.assert_sound();
    });
}
