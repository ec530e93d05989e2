//! What the bench asks of the tables of product and floor.

use store::{Statement, StoreError, Tx, params};

/// The rows of every table that an operation of product or floor writes.
static COUNT_ROWS: Statement = Statement::new(
    "bench::COUNT_ROWS",
    "select cast(sum(n) as {i64}) as n from (
        select count(*) as n from sales_order union all select count(*) from sales_line
        union all select count(*) from sales_shipment
        union all select count(*) from sales_shipment_line
        union all select count(*) from purchasing_order
        union all select count(*) from purchasing_line
        union all select count(*) from purchasing_receipt
        union all select count(*) from purchasing_receipt_line
        union all select count(*) from purchasing_bill
        union all select count(*) from purchasing_bill_line
        union all select count(*) from stock_expectation
        union all select count(*) from stock_demand
        union all select count(*) from stock_reservation union all select count(*) from stock_move
        union all select count(*) from stock_row union all select count(*) from valuation_layer
        union all select count(*) from valuation_use
        union all select count(*) from valuation_standing
        union all select count(*) from accounting_entry
        union all select count(*) from accounting_entry_line
        union all select count(*) from accounting_open_item
        union all select count(*) from store_key union all select count(*) from store_fact
        union all select count(*) from store_audit
        union all select count(*) from store_unsealed
        union all select count(*) from bench_order union all select count(*) from bench_line
        union all select count(*) from bench_reservation union all select count(*) from bench_move
        union all select count(*) from bench_layer_use union all select count(*) from bench_entry
        union all select count(*) from bench_entry_line) as t",
);

/// The rows of every table that an operation of product or floor writes.
///
/// # Errors
/// The store's own.
pub(crate) fn count_rows(tx: &mut Tx<'_>) -> Result<u64, StoreError> {
    let rows = tx.query(&COUNT_ROWS, params![])?;
    let count: i64 = rows.first().map_or(Ok(0), |row| row.get(0))?;
    Ok(u64::try_from(count).unwrap_or(0))
}
