use identity::{PolicyError, SCHEMA, policies, set_policy, testing};
use store::testing::{assert_sound, on_both_engines};

#[test]
fn a_policy_has_its_default_until_the_company_chooses() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let other = testing::company(db, "EUR").company_id;
        for value in ["fifo", "standard"] {
            let ctx = ctx.clone();
            db.write(move |tx| set_policy(tx, &ctx, "costing_method", value)).unwrap();
        }
        let company_id = ctx.company_id;
        let chosen = db.read(move |tx| policies(tx, company_id)).unwrap();
        assert_eq!(chosen.text("costing_method"), "standard");
        assert!(chosen.is("negative_stock", "refused"));
        assert_eq!(chosen.number("receipt_tolerance_percent"), 0);
        let others = db.read(move |tx| policies(tx, other)).unwrap();
        assert_eq!(others.text("costing_method"), "average");
        assert_sound(db, &SCHEMA, company_id);
    });
}

#[test]
fn a_policy_takes_only_what_is_declared() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let set = |ctx: &identity::Ctx, name: &'static str, value: &'static str| {
            let ctx = ctx.clone();
            db.write(move |tx| set_policy(tx, &ctx, name, value)).unwrap_err()
        };
        let unknown = set(&ctx, "costing", "fifo");
        assert!(matches!(&unknown, PolicyError::UnknownPolicy { name, .. } if name == "costing"));
        assert!(unknown.to_string().contains("costing_method"), "{unknown}");
        let value = set(&ctx, "negative_stock", "maybe");
        assert!(value.to_string().contains("it takes refused, allowed"), "{value}");
        let clerk = testing::holding(&ctx, ctx.user_id, &["stock.*"], None);
        assert!(matches!(set(&clerk, "negative_stock", "allowed"), PolicyError::Denied(_)));
    });
}
