//! On SQLite a plan follows the keys, never the data: what a report reads of large tables is found by
//! item, order, day or line, and never by walking a whole company's rows.

use reconcile::SCHEMA;
use store::testing::{Fresh, plan};
use store::{Engine, Statement};

fn statements() -> impl Iterator<Item = &'static Statement> {
    SCHEMA.in_order().into_iter().flat_map(|part| part.statements.iter().copied())
}

#[test]
fn reports_find_what_they_tell_by_key() {
    let fresh = Fresh::new(Engine::Sqlite, &SCHEMA);
    let plan = |name: &str| {
        let found = statements().find(|statement| statement.name == name);
        plan(&fresh.database, found.unwrap_or_else(|| panic!("there is no statement {name}")))
    };
    for (name, keys) in [
        ("reconcile::CARD_BEFORE", &["stock_move_item (company_id=? AND item_id=?)"][..]),
        ("reconcile::CARD_MOVES", &["stock_move_item (company_id=? AND item_id=?)"]),
        ("reconcile::CARD_WORTH", &["valuation_layer_2 (company_id=? AND item_id=?)"]),
        ("reconcile::CARD_LAYERS", &["valuation_layer_2 (company_id=? AND item_id=?)"]),
        ("reconcile::ITEMS_WORTH_ON", &["valuation_layer_2 (company_id=? AND item_id=?)"]),
        ("reconcile::ITEMS_MOVED_SINCE", &["stock_move_item (company_id=? AND item_id=?)"]),
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
        ("stock::LIST_TO_PUT_AWAY", &["stock_row_place (company_id=? AND place_id=?)"]),
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
        let found = plan(name);
        for key in keys {
            assert!(found.contains(key), "{name} does not use {key}:\n{found}");
        }
    }
    // A page of items ends with the page: nothing is sorted first.
    assert!(!plan("valuation::TURNOVER").contains("TEMP B-TREE"));
}

#[test]
fn lists_read_a_page_and_no_more() {
    let fresh = Fresh::new(Engine::Sqlite, &SCHEMA);
    let plan = |name: &str| {
        let found = statements().find(|statement| statement.name == name);
        plan(&fresh.database, found.unwrap_or_else(|| panic!("there is no statement {name}")))
    };
    for (name, first) in [
        ("stock::LIST_MOVES", "m USING INDEX stock_move_time (company_id=? AND recorded_at<?)"),
        (
            "stock::LIST_MOVES_OF_ITEM",
            "m USING INDEX stock_move_item (company_id=? AND item_id=? AND recorded_at<?)",
        ),
        ("stock::LIST_PLACES", "p USING INDEX stock_place_path (company_id=? AND path>?)"),
        (
            "planning::LIST_OF_SUPPLY",
            "p USING INDEX planning_proposal_supplied (company_id=? AND state=? AND partner_id=? \
             AND source_warehouse_id=? AND id>?)",
        ),
    ] {
        let found = plan(name);
        assert!(found.contains(first), "{name} does not use {first}:\n{found}");
        assert!(!found.contains("TEMP B-TREE"), "{name} sorts what it read:\n{found}");
    }
    // Who searches reads what words lead to, and no table whole.
    for (name, record) in [
        ("catalog::FIND_BY_SKU", "i USING PRIMARY KEY (company_id=? AND id=?)"),
        ("catalog::FIND_BY_NAME", "i USING PRIMARY KEY (company_id=? AND id=?)"),
        ("partners::FIND_BY_CODE", "p USING PRIMARY KEY (company_id=? AND id=?)"),
        ("partners::FIND_BY_NAME", "p USING PRIMARY KEY (company_id=? AND id=?)"),
    ] {
        let found = plan(name);
        assert!(found.contains("(company_id=? AND part>? AND part<?)"), "{name}:\n{found}");
        assert!(
            found.contains("w USING PRIMARY KEY (company_id=? AND word=?)"),
            "{name}:\n{found}"
        );
        assert!(found.contains(record), "{name} does not use {record}:\n{found}");
    }
    for name in ["catalog::LIST_BY_SKU", "partners::LIST_BY_CODE"] {
        let found = plan(name);
        assert!(!found.contains("FOR ORDER BY"), "{name} sorts what it read:\n{found}");
    }
    for name in ["catalog::TAKE_WORDS", "partners::TAKE_WORDS"] {
        assert!(plan(name).contains("(company_id=? AND word=? AND"), "{name}");
    }
    // Of one item after the other, only each one's places are sorted.
    let rows = plan("stock::LIST_ROWS");
    assert!(rows.contains("(company_id=? AND sku>? AND sku<?)"), "{rows}");
    assert!(!rows.contains("FOR ORDER BY"), "{rows}");
    let orders = plan("purchasing::LIST_ORDERS");
    assert!(orders.contains("purchasing_order_of_day (company_id=? AND ordered_on<?)"), "{orders}");
    assert!(orders.contains("(company_id=? AND order_id=?)"), "{orders}");
}

#[test]
fn what_a_client_calls_something_is_looked_up_by_that_name() {
    let fresh = Fresh::new(Engine::Sqlite, &SCHEMA);
    let by_ref: Vec<_> = statements().filter(|it| it.name.ends_with("_BY_REF")).collect();
    assert!(by_ref.len() > 10, "{} statements", by_ref.len());
    // An index of the references that are not empty is used only where the statement says so, too.
    // Names within one document may be looked up by the document.
    for statement in by_ref {
        let found = plan(&fresh.database, statement);
        let by_key = found.contains("client_ref=?") || found.contains("(company_id=? AND");
        assert!(by_key, "{}:\n{found}", statement.name);
    }
}
