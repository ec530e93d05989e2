//! What the digest reads; what reports read is in files of its own.

mod buying;
mod duties;
mod goods;
mod ledger;

pub(crate) use buying::CYCLE_ORDERS;
pub(crate) use duties::{
    ASKED_AND_APPROVED, BANK_CHANGED_AND_PAID, BILLED_AND_PAID, COUNTED_AND_APPROVED,
    CREATED_AND_APPROVED, CREATED_AND_RECEIVED, RECEIVED_AND_BILLED, USER_NAMES,
};
pub(crate) use goods::{
    AGED_ARRIVALS, AGED_ITEMS, AGED_LAYERS, AGED_ON_HAND, AGED_STANDINGS, CARD_BEFORE, CARD_LAYERS,
    CARD_MOVES, CARD_WORTH, DOCUMENT_NUMBERS,
};
pub(crate) use ledger::{
    ITEMS_LYING, ITEMS_MOVED_SINCE, ITEMS_WORTH_ON, LYING, MOVED_SINCE, OPEN_NAMES,
    STOCK_ACCOUNT_DAYS, STOCK_ACCOUNTS, VALUED_ITEMS, WORTH_ON,
};

/// Every statement of reconcile.
pub(crate) static ALL: [&store::Statement;
    COUNT + buying::COUNT + duties::COUNT + goods::COUNT + ledger::COUNT] =
    store::statement::joined(&[
        STATEMENTS,
        buying::STATEMENTS,
        duties::STATEMENTS,
        goods::STATEMENTS,
        ledger::STATEMENTS,
    ]);

store::statements! {
    /// Stock by company, SKU, place and lot.
    DIGEST_STOCK = "select c.name, i.sku, p.path, coalesce(l.code, '-') as lot, r.on_hand, r.reserved
        from stock_row as r
        join identity_company as c on c.company_id = r.company_id
        join catalog_item as i on i.company_id = r.company_id and i.id = r.item_id
        join stock_place as p on p.company_id = r.company_id and p.id = r.place_id
        left join stock_lot as l on l.company_id = r.company_id and l.id = r.lot_id
        where r.company_id = $1 and (r.on_hand <> 0 or r.reserved <> 0)";

    /// Layers by SKU, pool (named by its first warehouse), class, day and position.
    DIGEST_LAYERS = "select i.sku, w.code, y.class, y.posted_on, y.seq, y.kind, y.quantity, y.value
        from valuation_layer as y
        join catalog_item as i on i.company_id = y.company_id and i.id = y.item_id
        left join (select company_id, pool_id, min(code) as code from stock_warehouse
            group by company_id, pool_id) as w
            on w.company_id = y.company_id and w.pool_id = y.pool_id
        where y.company_id = $1";

    /// Accounts with what was debited and credited.
    DIGEST_ACCOUNTS = "select a.code, cast(sum(l.debit) as {i64}) as debit,
            cast(sum(l.credit) as {i64}) as credit
        from accounting_entry_line as l
        join accounting_account as a on a.company_id = l.company_id and a.id = l.account_id
        where l.company_id = $1 group by a.code";

    /// Orders to suppliers by state.
    DIGEST_PURCHASE_ORDERS = "select state, count(*) as orders from purchasing_order
        where company_id = $1 group by state";

    /// Orders of customers by state.
    DIGEST_SALES_ORDERS = "select state, count(*) as orders from sales_order
        where company_id = $1 group by state";

    /// How many moves.
    DIGEST_MOVES = "select count(*) as moves from stock_move where company_id = $1";
}
