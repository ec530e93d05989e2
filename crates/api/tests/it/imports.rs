use super::contract::SCHEMA;
use super::world::Client;
use serde_json::Value;
use store::testing::on_both_engines;

fn names(client: &Client) -> Vec<String> {
    let told = client.get("/imports").json();
    let lines = told["lines"].as_array().expect("lines");
    lines.iter().map(|line| line["name"].as_str().unwrap_or_default().to_owned()).collect()
}

#[test]
fn imports_are_listed_with_their_columns_to_whoever_may_do_them() {
    on_both_engines(SCHEMA, |database| {
        let all = Client::new(database);
        assert_eq!(
            names(&all),
            [
                "items",
                "suppliers",
                "customers",
                "offers",
                "sales-orders",
                "replenishment-rules",
                "tracking"
            ]
        );
        let told = all.get("/imports").json();
        let sku = &told["lines"][0]["columns"][0];
        assert_eq!((&sku["name"], &sku["required"]), (&Value::from("sku"), &Value::from(true)));
        let some = Client::with_scopes(database, &["partners.*"]);
        assert_eq!(names(&some), ["suppliers", "customers"]);
    });
}
