//! All SQL of the bench: what the floor does, and what is asked of the tables of product and floor.

use store::{Statement, StoreError, Tx, params};

store::statements! {
    /// Items.
    ADD_ITEMS = "insert into bench_item (company_id, id)
        select $1, d.id from {rows:d(id)}";
    /// Stock.
    ADD_ROWS = "insert into bench_row (company_id, item_id, on_hand, reserved)
        select $1, d.id, 1000000000, 0 from {rows:d(id)}";
    /// An order.
    ADD_ORDER = "insert into bench_order (company_id, id, reference, placed_at)
        values ($1, $2, $3, $4)";
    /// Its lines.
    ADD_LINES = "insert into bench_line (company_id, id, order_id, item_id, quantity, price)
        select $1, d.id, $2, d.item_id, d.quantity, d.price
        from {rows:d(id, item_id, quantity, price)}";
    /// Locks the rows.
    LOCK_ROWS = "select r.item_id, r.on_hand, r.reserved from {rows:d(item_id)}
        join bench_row as r on r.company_id = $1 and r.item_id = d.item_id
        order by r.item_id {for_update:r}";
    /// Keeps goods.
    RESERVE = "update bench_row set reserved = bench_row.reserved + d.quantity
        from {rows:d(item_id, quantity)}
        where bench_row.company_id = $1 and bench_row.item_id = d.item_id
            and bench_row.on_hand - bench_row.reserved >= d.quantity";
    /// For which line.
    ADD_RESERVATIONS = "insert into bench_reservation (company_id, line_id, item_id, quantity)
        select $1, d.line_id, d.item_id, d.quantity from {rows:d(line_id, item_id, quantity)}";
    /// Lets them go out.
    TAKE = "update bench_row set reserved = bench_row.reserved - d.quantity,
            on_hand = bench_row.on_hand - d.quantity
        from {rows:d(item_id, quantity)}
        where bench_row.company_id = $1 and bench_row.item_id = d.item_id
            and bench_row.reserved >= d.quantity";
    /// Moves.
    ADD_MOVES = "insert into bench_move
        (company_id, id, item_id, line_id, quantity, value, moved_at)
        select $1, d.id, d.item_id, d.line_id, d.quantity, d.value, $2
        from {rows:d(id, item_id, line_id, quantity, value)}";
    /// Layer uses.
    ADD_USES = "insert into bench_layer_use (company_id, id, item_id, move_id, quantity, value)
        select $1, d.id, d.item_id, d.move_id, d.quantity, d.value
        from {rows:d(id, item_id, move_id, quantity, value)}";
    /// An entry.
    ADD_ENTRY = "insert into bench_entry (company_id, id, posted_on) values ($1, $2, $3)";
    /// The rules that are looked at next.
    NEXT_RULES = "select r.item_id, r.min, r.max from planning_rule as r
        where r.company_id = $1 and r.item_id > $2 order by r.item_id limit $3";
    /// What lies of their items.
    LYING = "select s.item_id, cast(sum(s.on_hand) as {i64}) as on_hand from {rows:d(item_id)}
        join stock_row as s on s.company_id = $1 and s.item_id = d.item_id group by s.item_id";
    /// What is wanted of them.
    WANTED = "select w.item_id, cast(sum(w.quantity - w.shipped - w.cancelled) as {i64}) as quantity
        from {rows:d(item_id)}
        join stock_demand as w on w.company_id = $1 and w.item_id = d.item_id
            and w.quantity > w.shipped + w.cancelled
        group by w.item_id";
    /// Who offers them.
    OFFERED = "select f.item_id, f.partner_id, f.price, f.lead_days from {rows:d(item_id)}
        join purchasing_offer as f on f.company_id = $1 and f.item_id = d.item_id";
    /// What is then proposed.
    ADD_PROPOSALS = "insert into bench_proposal (company_id, id, item_id, quantity, basis)
        select $1, d.id, d.item_id, d.quantity, d.basis
        from {rows:d(id, item_id, quantity, basis text)}";
    /// What was seen of counted items.
    ADD_SEEN = "insert into bench_seen (company_id, item_id, expected, seen)
        select $1, d.item_id, d.expected, d.seen from {rows:d(item_id, expected, seen)}";
    /// Takes off what was not seen.
    CORRECT = "update bench_row set on_hand = bench_row.on_hand - d.quantity
        from {rows:d(item_id, quantity)}
        where bench_row.company_id = $1 and bench_row.item_id = d.item_id";
    /// What stock was worth on a day.
    WORTH = "select l.item_id, l.class, cast(sum(l.quantity) as {i64}) as quantity,
            cast(sum(l.value) as {i64}) as value
        from valuation_layer as l where l.company_id = $1 and l.posted_on <= $2
        group by l.item_id, l.class";
    /// What of an item is free.
    FREE = "select on_hand - reserved as free from bench_row where company_id = $1 and item_id = $2";
    /// Its lines.
    ADD_ENTRY_LINES = "insert into bench_entry_line
        (company_id, entry_id, line, account, debit, credit)
        select $1, $2, d.line, d.account, d.debit, d.credit
        from {rows:d(line, account, debit, credit)}";
}

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
