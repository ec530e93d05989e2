//! All SQL about the records of every domain.

use base::{CompanyId, CountId, Day, PartnerId, PlaceId, PurchaseOrderId, Timestamp, WarehouseId};
use store::{Row, Statement, StoreError, Tx, params};

/// A record by its id or by what people call it; the third column is its warehouse, 0 for none.
macro_rules! record {
    ($table:literal, $name:literal) => {
        record!($table, $name, "0")
    };
    ($table:literal, $name:literal, $warehouse:literal) => {
        concat!(
            "select r.id, r.",
            $name,
            " as name, ",
            $warehouse,
            " as warehouse_id from ",
            $table,
            " as r where r.company_id = $1 and r.id = cast($2 as {i64})
             union all
             select r.id, r.",
            $name,
            " as name, ",
            $warehouse,
            " as warehouse_id from ",
            $table,
            " as r where r.company_id = $1 and cast($3 as {text}) is not null
                and r.",
            $name,
            " = cast($3 as {text}) limit 2"
        )
    };
}

store::statements! {
    /// An order to a supplier.
    PURCHASE_ORDER = record!("purchasing_order", "number");
    /// A receipt.
    RECEIPT = record!("purchasing_receipt", "number");
    /// A supplier's bill.
    BILL = record!("purchasing_bill", "number");
    /// Goods that went back to a supplier.
    SUPPLIER_RETURN = record!("purchasing_return", "number");
    /// A customer's order.
    SALES_ORDER = record!("sales_order", "number");
    /// A shipment.
    SHIPMENT = record!("sales_shipment", "number");
    /// An invoice.
    INVOICE = record!("sales_invoice", "number");
    /// A credit note.
    CREDIT_NOTE = record!("sales_credit_note", "number");
    /// A transfer.
    TRANSFER = record!("stock_transfer", "number");
    /// An adjustment.
    ADJUSTMENT = record!("stock_adjustment", "number");
    /// A count sheet.
    COUNT_SHEET = record!("counting_count", "number");
    /// A pick list.
    PICK_LIST = record!("picking_list", "number", "r.warehouse_id");
    /// A package.
    PACKAGE = record!("picking_package", "number", "r.warehouse_id");
    /// A return of a customer.
    CUSTOMER_RETURN = record!("quality_return", "number");
    /// A claim on a supplier.
    CLAIM = record!("quality_claim", "number");
    /// A refund.
    REFUND = record!("quality_refund", "number");
    /// A payment.
    PAYMENT = record!("payments_payment", "number");
    /// A blind receipt.
    BLIND_RECEIPT = record!("receiving_blind_receipt", "number", "r.warehouse_id");
    /// Goods of which the item or the order is not known.
    UNKNOWN_GOODS = record!("receiving_unknown", "number", "r.warehouse_id");
    /// An item.
    ITEM = record!("catalog_item", "sku");
    /// A supplier or customer.
    PARTNER = record!("partners_partner", "code");
    /// A warehouse.
    WAREHOUSE = record!("stock_warehouse", "code");

    /// The addresses of a partner.
    ADDRESSES = "select a.kind, a.name, a.street, a.city, a.region, a.postcode, a.country
        from partners_address as a where a.company_id = $1 and a.partner_id = $2
        order by a.number";

    /// What stands at the head of a count sheet.
    COUNT_HEAD = "select w.name, c.opened_on from counting_count as c
        join stock_warehouse as w on w.company_id = c.company_id and w.id = c.warehouse_id
        where c.company_id = $1 and c.id = $2";

    /// Orders that were mailed before a moment, neither acknowledged nor delivered from, and not
    /// reminded of since; with the address that they went to last.
    LATE_ORDERS = "select o.id, m.recipient from purchasing_order as o
        join mail_mail as m on m.company_id = o.company_id and m.record_kind = 'purchase_order'
            and m.record_id = o.id and m.purpose = 'order' and m.state = 'sent'
        where o.company_id = $1 and o.state = 'sent' and o.acknowledged_on = ''
            and o.sent_at < cast($2 as {i64})
            and not exists (select 1 from purchasing_receipt as r
                where r.company_id = o.company_id and r.order_id = o.id)
            and not exists (select 1 from mail_mail as n
                where n.company_id = o.company_id and n.record_kind = 'purchase_order'
                    and n.record_id = o.id and (n.purpose = 'order' and n.queued_at > m.queued_at
                        or n.purpose = 'reminder' and n.queued_at >= cast($2 as {i64})))
        order by o.sent_at, o.id limit cast($3 as {i64})";

    /// A place, and the warehouse it is in.
    PLACE = "select p.path, coalesce(w.name, '') as warehouse from stock_place as p
        left join stock_warehouse as w on w.company_id = p.company_id and w.id = p.warehouse_id
        where p.company_id = $1 and p.id = $2";
}

/// An address of a partner.
#[derive(Debug, Clone)]
pub(crate) struct Address {
    pub kind: String,
    pub name: String,
    pub street: String,
    pub city: String,
    pub region: String,
    pub postcode: String,
    pub country: String,
}

/// The addresses of a partner, in their order.
pub(crate) fn addresses(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    partner_id: PartnerId,
) -> Result<Vec<Address>, StoreError> {
    let rows = tx.query(&ADDRESSES, params![company_id, partner_id])?;
    let read = |row: &Row| {
        Ok(Address {
            kind: row.get(0)?,
            name: row.get(1)?,
            street: row.get(2)?,
            city: row.get(3)?,
            region: row.get(4)?,
            postcode: row.get(5)?,
            country: row.get(6)?,
        })
    };
    rows.iter().map(read).collect()
}

/// The warehouse's name and the day of a count sheet.
pub(crate) fn count_head(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    count_id: CountId,
) -> Result<Option<(String, Day)>, StoreError> {
    let found = tx.query_opt(&COUNT_HEAD, params![company_id, count_id])?;
    found.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// A place's path, and its warehouse's name; empty for places outside.
pub(crate) fn place(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    place_id: PlaceId,
) -> Result<Option<(String, String)>, StoreError> {
    let found = tx.query_opt(&PLACE, params![company_id, place_id])?;
    found.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

/// What is known of a record: its id, what people call it, and its warehouse if that matters.
pub(crate) type Known = (i64, String, Option<WarehouseId>);

/// Records with an id or a name; two at most.
pub(crate) fn find(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    statement: &'static Statement,
    id: i64,
    name: Option<&str>,
) -> Result<Vec<Known>, StoreError> {
    let rows = tx.query(statement, params![company_id, id, name])?;
    let known = rows.iter().map(|row| {
        let warehouse: i64 = row.get(2)?;
        let warehouse = (warehouse != 0).then(|| base::Id::from_raw(warehouse));
        Ok((row.get(0)?, row.get(1)?, warehouse))
    });
    known.collect()
}

/// Orders to remind of, with the address that they went to last.
pub(crate) fn late_orders(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    before: Timestamp,
    most: i64,
) -> Result<Vec<(PurchaseOrderId, String)>, StoreError> {
    let rows = tx.query(&LATE_ORDERS, params![company_id, before, most])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}
