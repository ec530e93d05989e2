use super::world::{World, auto, day, offer, rule};
use base::Quantity;
use catalog::{CreateItems, NewItem, create_items};
use identity::Ctx;
use planning::{
    ApproveProposal, ApproveProposals, DismissProposals, RunReplenishment, SCHEMA, SetRules,
};
use purchasing::DefineOffers;
use store::testing::on_both_engines;
use store::{StoreError, Tx};

impl World<'_> {
    /// The statements that a verb issues.
    fn count<E: From<StoreError> + std::fmt::Debug + Send + 'static>(
        &self,
        verb: impl Fn(&mut Tx<'_>, &Ctx) -> Result<(), E> + Send + 'static,
    ) -> u64 {
        let counted = self.ask(move |tx, ctx| {
            let before = tx.statements();
            verb(tx, ctx)?;
            Ok::<_, E>(tx.statements() - before)
        });
        counted.expect("the verb does its work")
    }

    fn run_counted(&self) -> u64 {
        self.count(|tx, ctx| {
            planning::run_replenishment(tx, ctx, RunReplenishment::default()).map(drop)
        })
    }
}

/// What each verb issues for so many items with a rule each, every second of them automatic.
fn of_rules(world: &World<'_>, count: usize) -> Vec<(&'static str, u64)> {
    let sku = |at: usize| format!("R{count}-{at:04}");
    let items: Vec<NewItem> = (0..count).map(|at| NewItem::new(sku(at), "Thing")).collect();
    world
        .ask(move |tx, ctx| {
            let request = CreateItems { items: items.clone(), all_or_nothing: true };
            create_items(tx, ctx, request)
        })
        .expect("items");
    let offers =
        DefineOffers { offers: (0..count).map(|at| offer("ACME", &sku(at), "2")).collect() };
    world.ask(move |tx, ctx| purchasing::define_offers(tx, ctx, offers.clone())).expect("offers");
    let rules: Vec<_> = (0..count)
        .map(|at| {
            let manual = rule(&sku(at), 5, 9);
            if at.is_multiple_of(2) { auto(manual) } else { manual }
        })
        .collect();
    let mut found = Vec::new();
    let set = SetRules { rules: rules.clone() };
    found.push((
        "set_rules",
        world.count(move |tx, ctx| planning::set_rules(tx, ctx, set.clone()).map(drop)),
    ));
    found.push(("a first run", world.run_counted()));
    found.push(("a second run", world.run_counted()));
    let amended = SetRules {
        rules: rules
            .into_iter()
            .map(|rule| planning::SetRule {
                max: Quantity::units(12),
                min: Quantity::units(10),
                ..rule
            })
            .collect(),
    };
    world.ask(move |tx, ctx| planning::set_rules(tx, ctx, amended.clone())).expect("rules");
    found.push(("a run that amends and orders into a draft", world.run_counted()));
    let open = world.open();
    let asked = open.iter().map(|row| ApproveProposal {
        proposal_id: row.proposal_id,
        version: row.version,
        quantity: None,
        reason: String::new(),
    });
    let dismiss = DismissProposals {
        proposals: open.iter().map(|row| row.proposal_id).collect(),
        until: day("2026-04-01"),
        reason: "later".into(),
    };
    let approve = ApproveProposals {
        proposals: asked
            .map(|asked| ApproveProposal { version: asked.version + 1, ..asked })
            .collect(),
    };
    found.push((
        "dismiss_proposals",
        world.count(move |tx, ctx| planning::dismiss_proposals(tx, ctx, dismiss.clone()).map(drop)),
    ));
    found.push((
        "approve_proposals",
        world.count(move |tx, ctx| planning::approve_proposals(tx, ctx, approve.clone()).map(drop)),
    ));
    found
}

/// The same of rules that another warehouse supplies.
fn of_sources(world: &World<'_>, count: usize) -> Vec<(&'static str, u64)> {
    world.site("NORTH");
    world.way("WH", "NORTH", 1);
    let sku = |at: usize| format!("T{count}-{at:04}");
    let items: Vec<NewItem> = (0..count).map(|at| NewItem::new(sku(at), "Thing")).collect();
    world
        .ask(move |tx, ctx| {
            let request = CreateItems { items: items.clone(), all_or_nothing: true };
            create_items(tx, ctx, request)
        })
        .expect("items");
    let rule = |at: usize| {
        let manual = super::supply::from("WH", "NORTH/Stock", &sku(at), 5, 9);
        if at.is_multiple_of(2) { auto(manual) } else { manual }
    };
    let set = SetRules { rules: (0..count).map(rule).collect() };
    let mut found = vec![(
        "set_rules",
        world.count(move |tx, ctx| planning::set_rules(tx, ctx, set.clone()).map(drop)),
    )];
    found.push(("a run of transfers", world.run_counted()));
    found.push(("a second run of transfers", world.run_counted()));
    let open = world.open();
    let manual = open.iter().filter(|row| row.source == "WH");
    let approve = ApproveProposals { proposals: manual.map(super::world::as_is).collect() };
    found.push((
        "approve_proposals",
        world.count(move |tx, ctx| planning::approve_proposals(tx, ctx, approve.clone()).map(drop)),
    ));
    found
}

#[test]
fn statements_do_not_depend_on_the_number_of_rules_with_a_source() {
    on_both_engines(&SCHEMA, |database| {
        let one = of_sources(&World::new(database), 2);
        assert_eq!(one, of_sources(&World::new(database), 400));
        let most = one.iter().map(|(_, statements)| *statements).max();
        assert!(most <= Some(60), "{one:?}");
    });
}

#[test]
fn statements_do_not_depend_on_the_number_of_rules() {
    on_both_engines(&SCHEMA, |database| {
        let few = World::new(database);
        few.policy("automation_requires", "supplier");
        let one = of_rules(&few, 2);
        let world = World::new(database);
        world.policy("automation_requires", "supplier");
        let many = of_rules(&world, 998);
        assert_eq!(one, many);
        let most = one.iter().map(|(_, statements)| *statements).max();
        assert!(most <= Some(60), "{one:?}");
    });
}

#[test]
fn every_statement_is_prepared_on_both_engines() {
    store::testing::assert_statements_agree(&SCHEMA);
}
