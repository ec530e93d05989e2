use super::world::{World, auto, rule, units};
use base::Quantity;
use planning::{
    RuleError, RuleFilter, RuleRow, RulesSet, SCHEMA, SetRule, SetRules, SetRulesError,
};
use store::testing::on_both_engines;

impl World<'_> {
    fn listed(&self, retired: bool) -> Vec<RuleRow> {
        let filter = RuleFilter { retired, ..RuleFilter::default() };
        self.ask(move |tx, ctx| planning::list_rules(tx, ctx, &filter)).expect("rules").lines
    }

    fn refused(&self, rule: SetRule) -> RuleError {
        let request = SetRules { rules: vec![rule] };
        match self.ask(move |tx, ctx| planning::set_rules(tx, ctx, request.clone())) {
            Err(SetRulesError::Refused { number: 1, error }) => error,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_rule_is_set_amended_and_retired_with_a_version_for_each_change() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let set = |rule: SetRule| {
            let request = SetRules { rules: vec![rule] };
            let set = world.ask(move |tx, ctx| planning::set_rules(tx, ctx, request.clone()));
            let RulesSet { created, changed, unchanged } = set.unwrap();
            (created, changed, unchanged)
        };
        assert_eq!(set(rule("P1", 1, 2)), (1, 0, 0));
        assert_eq!(set(rule("P1", 1, 2)), (0, 0, 1));
        assert_eq!(set(SetRule { supplier: Some("ACME".into()), ..rule("P1", 1, 3) }), (0, 1, 0));
        let row = world.listed(false).remove(0);
        assert_eq!((row.version, units(row.max), row.supplier.as_str()), (2, 3, "ACME"));
        assert_eq!(set(SetRule { retired: true, ..rule("P1", 1, 3) }), (0, 1, 0));
        assert_eq!(world.listed(false), []);
        assert_eq!(world.listed(true).len(), 1);
        world.assert_sound();
    });
}

#[test]
fn a_rule_is_retired_although_its_item_and_supplier_went_out_of_use_before() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let preferred = SetRule { supplier: Some("ACME".into()), ..rule("P1", 1, 2) };
        world.rules(vec![preferred.clone()]);
        let partner = world
            .ask(|tx, ctx| partners::partners_by_code(tx, ctx.company_id, &["ACME"]))
            .expect("partners")["ACME"]
            .clone();
        let request =
            partners::RetirePartner { partner_id: partner.id, revision: partner.revision };
        world.ask(move |tx, ctx| partners::retire_partner(tx, ctx, request.clone())).unwrap();
        let error = world.refused(preferred.clone());
        assert_eq!(error, RuleError::UnknownSupplier("ACME".into()));
        assert_eq!(
            error.to_string(),
            "there is no supplier \"ACME\" in use; name one that is, or none to prefer nobody"
        );
        let retire = catalog::RetireItem { item_id: world.item("P1"), revision: 1 };
        world.ask(move |tx, ctx| catalog::retire_item(tx, ctx, retire.clone())).unwrap();
        assert_eq!(world.refused(rule("P1", 1, 2)), RuleError::UnknownItem("P1".into()));
        world.rules(vec![SetRule { retired: true, ..preferred }]);
        assert_eq!((world.listed(false).len(), world.listed(true).len()), (0, 1));
        world.assert_sound();
    });
}

#[test]
fn a_rule_that_makes_no_sense_is_refused_in_the_order_of_its_errors() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let q = Quantity::units;
        let unknown = |error| matches!(error, RuleError::UnknownItem(_));
        assert!(unknown(world.refused(rule("NONE", 1, 2))));
        assert!(unknown(world.refused(rule("HELP", 1, 2))));
        for place in ["Shelf", "Supplier", "WH/Quarantine", "a\0b"] {
            let error = world.refused(SetRule { place: place.into(), ..rule("P1", 1, 2) });
            assert_eq!(error, RuleError::UnknownPlace(place.into()));
        }
        let error = world.refused(SetRule { supplier: Some("X".into()), ..rule("P1", 1, 2) });
        assert_eq!(error, RuleError::UnknownSupplier("X".into()));
        let error = world.refused(SetRule { lead_days: Some(-1), ..rule("P1", 1, 2) });
        assert_eq!(error, RuleError::OutOfRange { field: "lead_days" });
        assert_eq!(
            world.refused(rule("P1", 3, 2)),
            RuleError::MaxBelowMin { min: q(3), max: q(2) }
        );
        let error = world.refused(SetRule { reorder_point: Some(q(2)), ..rule("P1", 1, 2) });
        assert_eq!(error, RuleError::PointNotBelowMax { point: q(2), max: q(2) });
    });
}

#[test]
fn who_may_not_approve_may_not_let_a_rule_order_by_itself() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let user = world.ctx.user_id;
        let planner = identity::testing::holding(&world.ctx, user, &["planning.rule"], None);
        let set = |rule: SetRule| {
            let request = SetRules { rules: vec![rule] };
            super::world::ask(database, &planner, move |tx, ctx| {
                planning::set_rules(tx, ctx, request.clone())
            })
        };
        assert!(set(rule("P1", 1, 2)).is_ok());
        assert!(matches!(set(auto(rule("P1", 1, 2))), Err(SetRulesError::Denied(_))));
    });
}

#[test]
fn rules_come_from_a_file_once_and_every_bad_cell_is_told() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let import = |file: &'static str, dry_run| {
            world
                .ask(move |tx, ctx| planning::import_rules(tx, ctx, file.as_bytes(), dry_run))
                .unwrap()
        };
        let file = "sku,place,min,max,multiple,trigger,supplier\n\
                    P1,WH/Stock,5,20,5,auto,ACME\nP2,WH/Stock/Shop,1,2,,,\n";
        let report = import(file, true);
        assert_eq!((report.applied, report.created), (false, 2));
        assert_eq!(world.listed(true), []);
        assert_eq!(import(file, false).created, 2);
        assert_eq!(import(file, false).unchanged, 2);
        let exported = world.ask(planning::export_rules).unwrap();
        let again = world.ask(move |tx, ctx| planning::import_rules(tx, ctx, &exported, false));
        assert_eq!(again.unwrap().unchanged, 2);
        let bad = "sku,place,min,max\nP1,WH/Stock,5,4\nNONE,WH/Stock,1,2\n";
        let report = import(bad, false);
        let told: Vec<_> =
            report.errors.iter().map(|error| (error.row, error.column.clone())).collect();
        assert_eq!(told, [(2, "max".to_owned()), (3, "sku".to_owned())]);
        assert_eq!(units(world.listed(false)[0].max), 20);
    });
}
