use jobs::SCHEMA;

#[test]
fn every_statement_prepares_alike_on_both_engines() {
    store::testing::assert_statements_agree(&SCHEMA);
}
