//! On SQLite a plan follows the keys, never the data: what a report reads of large tables is found by
//! item, order, day or line, and never by walking a whole company's rows.

use reconcile::SCHEMA;
use store::Engine;
use store::testing::Fresh;

/// The steps of SQLite's plan for a statement of any crate.
fn plan(connection: &rusqlite::Connection, name: &str) -> String {
    let parts = SCHEMA.in_order().into_iter();
    let statement = parts
        .flat_map(|part| part.statements.iter().copied())
        .find(|statement| statement.name == name)
        .unwrap_or_else(|| panic!("there is no statement {name}"));
    let text = &statement.rendered(Engine::Sqlite).sql;
    let mut explain =
        connection.prepare(&format!("explain query plan {text}")).expect("a statement");
    let steps = explain.raw_query().mapped(|row| row.get::<_, String>(3));
    steps.collect::<Result<Vec<_>, _>>().expect("its steps").join("\n")
}

#[test]
fn reports_find_what_they_tell_by_key() {
    let fresh = Fresh::new(Engine::Sqlite, &SCHEMA);
    let file = fresh.database.file().expect("a file");
    let connection = rusqlite::Connection::open(file).expect("the same file again");
    for (name, keys) in [
        ("reconcile::CARD_BEFORE", &["stock_move_item (company_id=? AND item_id=?)"][..]),
        ("reconcile::CARD_MOVES", &["stock_move_item (company_id=? AND item_id=?)"]),
        ("reconcile::CARD_WORTH", &["valuation_layer_2 (company_id=? AND item_id=?)"]),
        ("reconcile::CARD_LAYERS", &["valuation_layer_2 (company_id=? AND item_id=?)"]),
        ("reconcile::AGED_ARRIVALS", &["stock_move_item (company_id=? AND item_id=?)"]),
        (
            "reconcile::CYCLE_ORDERS",
            &[
                "purchasing_order_of_day (company_id=? AND ordered_on>? AND ordered_on<?)",
                "purchasing_receipt_of_order (company_id=? AND order_id=?)",
                "payments_allocation_open (company_id=? AND open_kind=? AND open_id=?)",
            ],
        ),
        ("valuation::TURNOVER", &["valuation_layer_2 (company_id=? AND item_id=?)"]),
        ("stock::ADJUSTED", &["PRIMARY KEY (company_id=? AND adjustment_id=?)"]),
        ("purchasing::OPEN_LINES", &["stock_expectation_item (company_id=? AND item_id=?)"]),
        (
            "quality::SUPPLIED_LINES",
            &[
                "purchasing_order_of_day (company_id=? AND ordered_on<?)",
                "purchasing_receipt_line_of_line (company_id=? AND line_id=?)",
                "quality_inspection_of_line (company_id=? AND receipt_line_id=?)",
            ],
        ),
        (
            "quality::DISPOSED",
            &["quality_goods_day (company_id=? AND received_on>? AND received_on<?)"],
        ),
        (
            "sales::FILL_RATE",
            &[
                "sales_order_day (company_id=? AND ordered_on>? AND ordered_on<?)",
                "sales_shipment_line_of_order (company_id=? AND order_id=? AND line=?)",
            ],
        ),
        (
            "sales::FILL_LINES",
            &["sales_order_day (company_id=? AND ordered_on>? AND ordered_on<?)"],
        ),
        (
            "sales::OPEN_DEMANDS",
            &["stock_demand_open (company_id=? AND item_id=? AND warehouse_id=?)"],
        ),
    ] {
        let found = plan(&connection, name);
        for key in keys {
            assert!(found.contains(key), "{name} does not use {key}:\n{found}");
        }
    }
    // A page of items ends with the page: nothing is sorted first.
    assert!(!plan(&connection, "valuation::TURNOVER").contains("TEMP B-TREE"));
}
