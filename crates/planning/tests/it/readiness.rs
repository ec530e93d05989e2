use super::world::{World, auto, offer, rule};
use planning::{LeadTimeFilter, Missing, ReadinessFilter, SCHEMA};
use purchasing::DefineOffer;
use store::testing::on_both_engines;

impl World<'_> {
    /// What an item lacks.
    fn missing(&self, sku: &str) -> Vec<Missing> {
        let filter = ReadinessFilter { sku: Some(sku.into()), ..ReadinessFilter::default() };
        let page = self.ask(move |tx, ctx| planning::readiness(tx, ctx, &filter));
        let page = page.expect("readiness");
        page.lines[0].missing.iter().map(|gap| gap.what).collect()
    }
}

#[test]
fn an_item_is_ready_when_nothing_is_missing() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        use Missing::{Cost, LeadTime, Rule, Supplier};
        assert_eq!(world.missing("P1"), [Rule, Supplier, LeadTime, Cost]);
        world.offers(vec![DefineOffer { lead_days: 0, ..offer("ACME", "P1", "2") }]);
        assert_eq!(world.missing("P1"), [Rule, LeadTime, Cost]);
        world.rules(vec![auto(rule("P1", 10, 10))]);
        world.stock("P1", 1);
        assert_eq!(world.missing("P1"), [LeadTime]);
        let run = world.run();
        assert_eq!((run.proposed, run.held_back, run.approved), (1, 1, 0));
        assert_eq!(world.open()[0].held_back, "lead_time");
        assert_eq!(world.run().unchanged, 1);
        world.offers(vec![offer("ACME", "P1", "2")]);
        assert_eq!(world.missing("P1"), []);
        let run = world.run();
        assert_eq!((run.amended, run.held_back, run.approved), (1, 0, 1));
        let all = world.ask(|tx, ctx| planning::readiness(tx, ctx, &ReadinessFilter::default()));
        let all = all.unwrap().lines;
        assert_eq!(all.len(), 4, "the service is not replenished");
        assert_eq!(all.iter().filter(|line| line.ready).count(), 1);
        let gap = all.iter().find(|line| line.sku == "P2").unwrap().missing[0];
        assert_eq!((gap.what, gap.owner), (Rule, "planning.rule"));
        world.assert_sound();
    });
}

#[test]
fn lead_times_are_measured_from_receipts_and_from_what_is_late() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let came = world.on("2026-02-20").order("P1", 5, "2026-02-24");
        world.on("2026-02-24").receive(came);
        world.on("2026-02-22").order("P1", 5, "2026-02-24");
        world.on("2024-02-22").order("P1", 5, "2024-02-24");
        let found =
            world.ask(|tx, ctx| planning::lead_times(tx, ctx, &LeadTimeFilter::default())).unwrap();
        assert_eq!(found.len(), 2, "the supplier, and its one item");
        assert_eq!((found[0].supplier.as_str(), found[0].sku.as_str()), ("BRAVO", ""));
        assert_eq!((found[0].measured, found[0].open), (2, 1));
        assert_eq!(found[0].average_days, base::Quantity::units(6), "(4 + 8) / 2");
        assert_eq!((found[0].least_days, found[0].most_days), (4, 8));
        assert_eq!(found[1].sku, "P1");
    });
}
