use identity::{Permission, SCHEMA, testing};
use store::testing::{assert_sound, assert_statements_agree, on_both_engines};

#[test]
fn every_statement_reads_the_same_on_both_engines() {
    assert_statements_agree(&SCHEMA);
}

#[test]
fn a_test_company_is_sound_and_its_caller_may_do_everything() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        assert_eq!(ctx.at.to_string(), "2026-01-05T09:00:00Z");
        assert_eq!(ctx.require_amount(Permission("purchasing.approve"), i64::MIN), Ok(()));
        assert_ne!(testing::company(db, "EUR").company_id, ctx.company_id);
        assert_sound(db, &SCHEMA, ctx.company_id);
    });
}
