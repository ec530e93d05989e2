use super::world::{World, as_is, auto, offer, rule};
use base::Rule;
use planning::{
    DismissProposals, ProposalFilter, ProposalGroup, ProposalGroupFilter, ProposalState, SCHEMA,
    proposal_groups,
};
use store::testing::on_both_engines;

fn groups(world: &World<'_>, filter: ProposalGroupFilter) -> Vec<ProposalGroup> {
    let page = world.ask(move |tx, ctx| proposal_groups(tx, ctx, &filter)).expect("groups");
    assert_eq!(page.next_cursor, None);
    page.lines
}

/// Who supplies, how many proposals, and what they are worth in minor units.
fn told(groups: &[ProposalGroup]) -> Vec<(String, i64, i64)> {
    let told = |group: &ProposalGroup| {
        let by = format!("{}{}", group.source, group.supplier);
        (by, group.proposals, group.value.minor)
    };
    groups.iter().map(told).collect()
}

#[test]
fn proposals_are_summed_by_who_supplies_them() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.offers(vec![
            offer("ACME", "P1", "2"),
            offer("ACME", "DOZ", "24"),
            offer("BRAVO", "P2", "3"),
        ]);
        world.rules(vec![rule("P1", 10, 40), rule("P2", 5, 5), rule("DOZ", 20, 20)]);
        assert_eq!(groups(&world, ProposalGroupFilter::default()), []);
        world.run();
        let open = world.open();
        let found = groups(&world, ProposalGroupFilter::default());
        // 40 at 2.00 and two dozen at 24.00; 5 at 3.00.
        let is = |by: &str, proposals, value| (by.to_owned(), proposals, value);
        assert_eq!(told(&found), [is("ACME", 2, 12_800), is("BRAVO", 1, 1_500)]);
        // A group is what its lines are, which are listed by its supplier.
        for group in &found {
            let lines = open.iter().filter(|row| row.supplier == group.supplier);
            let by = ProposalFilter {
                state: Some(ProposalState::Open),
                supplier: Some(group.supplier.clone()),
                ..ProposalFilter::default()
            };
            let listed = world.ask(move |tx, ctx| planning::list_proposals(tx, ctx, &by));
            let listed = listed.expect("proposals").lines;
            assert!(lines.clone().eq(listed.iter()), "{listed:?}");
            assert_eq!(lines.clone().count() as i64, group.proposals);
            let days = lines.map(|row| row.arrives_on);
            assert_eq!(days.clone().min(), Some(group.arrives_from));
            assert_eq!(days.max(), Some(group.arrives_to));
        }
        // What is approved or dismissed leaves the open ones.
        let bravo = open.iter().find(|row| row.supplier == "BRAVO").expect("a proposal");
        world.approve(vec![as_is(bravo)]).expect("approved");
        assert_eq!(told(&groups(&world, ProposalGroupFilter::default())), [is("ACME", 2, 12_800)]);
        let first = open.iter().find(|row| row.sku == "P1").expect("a proposal").proposal_id;
        let dismiss = DismissProposals {
            proposals: vec![first],
            until: super::world::day("2026-04-01"),
            reason: "later".into(),
        };
        world
            .ask(move |tx, ctx| planning::dismiss_proposals(tx, ctx, dismiss.clone()))
            .expect("dismissed");
        assert_eq!(told(&groups(&world, ProposalGroupFilter::default())), [is("ACME", 1, 4_800)]);
        world.assert_sound();
    });
}

#[test]
fn what_a_warehouse_supplies_stands_beside_what_is_bought() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.site("NORTH");
        world.way("WH", "NORTH", 1);
        world.offers(vec![offer("ACME", "P1", "2")]);
        world.rules(vec![super::supply::from("WH", "NORTH/Stock", "P1", 5, 9), rule("P2", 3, 3)]);
        world.run();
        let found = groups(&world, ProposalGroupFilter::default());
        let by: Vec<_> = found
            .iter()
            .map(|group| (group.source.as_str(), group.supplier.as_str(), group.value.minor))
            .collect();
        // Nobody offers P2; P1 comes from WH, which buys as much of it itself.
        assert_eq!(by, [("", "", 0), ("", "ACME", 1_800), ("WH", "", 0)]);
        let of = |source: Option<&str>, supplier: Option<&str>| {
            let by = ProposalFilter {
                state: Some(ProposalState::Open),
                source: source.map(str::to_owned),
                supplier: supplier.map(str::to_owned),
                ..ProposalFilter::default()
            };
            let listed = world.ask(move |tx, ctx| planning::list_proposals(tx, ctx, &by));
            let rows = listed.expect("proposals").lines;
            rows.into_iter().map(|row| (row.sku, row.place)).collect::<Vec<_>>()
        };
        let is = |place: &str| vec![("P1".to_owned(), place.to_owned())];
        assert_eq!(of(Some("WH"), None), is("NORTH/Stock"));
        assert_eq!(of(None, Some("ACME")), is("WH/Stock"));
        assert_eq!(of(None, Some("NOBODY")), []);
        let north = ProposalGroupFilter { warehouse: Some("NORTH".into()), ..Default::default() };
        assert_eq!(told(&groups(&world, north)), [("WH".to_owned(), 1, 0)]);
        let nowhere =
            ProposalGroupFilter { warehouse: Some("NOWHERE".into()), ..Default::default() };
        let refused = world.ask(move |tx, ctx| proposal_groups(tx, ctx, &nowhere));
        assert_eq!(refused.expect_err("no such warehouse").problem().code, "unknown_warehouse");
    });
}

#[test]
fn groups_come_in_pages_and_tell_what_is_held_back() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.offers(vec![offer("ACME", "P1", "2"), offer("BRAVO", "P2", "3")]);
        world.rules(vec![auto(rule("P1", 10, 40)), rule("P2", 5, 5)]);
        world.run();
        let (mut all, mut cursor) = (Vec::new(), None);
        loop {
            let filter = ProposalGroupFilter { cursor, limit: Some(1), ..Default::default() };
            let page = world.ask(move |tx, ctx| proposal_groups(tx, ctx, &filter)).expect("a page");
            all.extend(page.lines);
            cursor = page.next_cursor;
            if cursor.is_none() {
                break;
            }
        }
        assert_eq!(all, groups(&world, ProposalGroupFilter::default()));
        let held: Vec<_> = all.iter().map(|one| (one.supplier.as_str(), one.held_back)).collect();
        // P1 is automatic, and its item is not ready for that.
        assert_eq!(held, [("ACME", 1), ("BRAVO", 0)]);
    });
}
