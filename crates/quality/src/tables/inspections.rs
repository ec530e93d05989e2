//! Inspections: their statements, and the functions that read and write them.

use super::*;
use crate::inspect::{Inspected, InspectionHead, NewInspection};
use std::collections::BTreeSet;
use stock::ShelfKey;

/// How much of a receipt's line `k` that took goods into quarantine still waits for a decision.
macro_rules! waiting {
    () => {
        "(k.quantity - (select coalesce(sum(q.quantity), 0) from quality_inspection as q
                where q.company_id = k.company_id and q.receipt_line_id = k.id
                    and (q.move_id <> 0 or q.result = 'gone')))"
    };
}

store::statements! {
    /// An inspection by the client's key, with what it moved.
    INSPECTION_BY_REF = "select id, number, posted_on, cast(sum(value) as {i64}) as value
        from quality_inspection where company_id = $1 and client_ref = $2 and client_ref <> ''
        group by id, number, posted_on order by id limit 1";

    /// The claims of an inspection.
    CLAIMS_OF_INSPECTION = "select claim_id from quality_inspection
        where company_id = $1 and id = $2 and claim_id <> 0 order by line";

    /// How much of lines of receipts waits in quarantine for somebody to decide.
    WAITING_OF = concat!("select k.id, cast(", waiting!(), " as {i64}) as waiting
        from {rows:d(receipt_line_id)}
        join purchasing_receipt_line as k on k.company_id = $1 and k.id = d.receipt_line_id
        where k.inspect_to <> 0");

    /// How much at stock rows waits for somebody to decide: of receipts, and of what customers sent
    /// back.
    WAITING_AT = concat!("select d.item_id, d.place_id, d.lot_id, cast(
            coalesce((select sum(", waiting!(), ") from purchasing_receipt_line as k
                join stock_move as m on m.company_id = k.company_id and m.id = k.move_id
                where k.company_id = $1 and k.inspect_to <> 0 and k.place_id = d.place_id
                    and m.item_id = d.item_id and m.lot_id = d.lot_id), 0)
            + coalesce((select sum(g.quantity - g.decided) from quality_goods as g
                where g.company_id = $1 and g.item_id = d.item_id and g.place_id = d.place_id
                    and g.lot_id = d.lot_id and g.decided < g.quantity), 0) as {i64}) as waiting
        from {rows:d(item_id, place_id, lot_id)}");

    /// From which stock rows goods were put away.
    PUT_AWAY_FROM = "select distinct m.item_id, m.from_place_id, m.lot_id, i.sku, p.path
        from stock_move as m
        join catalog_item as i on i.company_id = m.company_id and i.id = m.item_id
        join stock_place as p on p.company_id = m.company_id and p.id = m.from_place_id
        where m.company_id = $1 and m.source_kind = 'putaway' and m.source_id = $2
        order by i.sku, m.lot_id";

    /// Writes an inspection.
    INSERT_INSPECTIONS = "insert into quality_inspection
        (company_id, id, number, line, client_ref, receipt_id, receipt_line_id, item_id, quantity,
         result, disposition, value, place_id, reason, scrap_reason, evidence, note, claim_id,
         move_id, inspected_on, posted_on, recorded_at, user_id)
        select $1, $2, $3, d.line, $4, $5, d.receipt_line_id, d.item_id, d.quantity, d.result,
            d.disposition, d.value, d.place_id, d.reason, d.scrap_reason, d.evidence, d.note,
            d.claim_id, d.move_id, $6, $7, $8, $9
        from {rows:d(line, receipt_line_id, item_id, quantity, result text, disposition text, value,
            place_id, reason text, scrap_reason text, evidence text, note text, claim_id, move_id)}";

    /// Goods that wait for an inspection, the oldest first, with a cursor.
    LIST_WAITING = concat!("select x.receipt_id, x.number, x.line, x.order_number, x.code, x.warehouse, x.sku,
            x.name, x.lot, x.path, x.quantity, x.waiting, x.received_on, x.reason, x.found, x.id,
            x.order_id, x.order_line, x.stock_unit
        from (select h.id as receipt_id, h.number as number, k.line as line,
                o.number as order_number, p.code as code, w.code as warehouse, i.sku as sku,
                i.name as name, k.lot as lot, s.path as path, k.quantity as quantity,
                h.received_on as received_on, k.reason as reason, k.id as id,
                o.id as order_id, l.line as order_line, u.code as stock_unit,
                cast(", waiting!(), " as {i64}) as waiting,
                coalesce((select f.reason from quality_inspection as f
                    where f.company_id = k.company_id and f.receipt_line_id = k.id
                        and f.move_id = 0 and f.result = 'fail'
                        and f.id = (select n.id from quality_inspection as n
                            where n.company_id = k.company_id and n.receipt_line_id = k.id
                            order by n.recorded_at desc, n.id desc limit 1)
                    order by f.line desc limit 1), '') as found
            from purchasing_receipt_line as k
            join purchasing_receipt as h on h.company_id = k.company_id and h.id = k.receipt_id
            join purchasing_order as o on o.company_id = h.company_id and o.id = h.order_id
            join partners_partner as p on p.company_id = o.company_id and p.id = o.partner_id
            join stock_warehouse as w on w.company_id = o.company_id and w.id = o.warehouse_id
            join purchasing_line as l on l.company_id = k.company_id and l.id = k.line_id
            join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
            join catalog_unit as u on u.company_id = i.company_id and u.id = i.stock_unit_id
            join stock_place as s on s.company_id = k.company_id and s.id = k.place_id
            where k.company_id = $1 and k.inspect_to <> 0
                and (cast($2 as {text}) is null or i.sku = cast($2 as {text}))
                and (cast($3 as {text}) is null or p.code = cast($3 as {text}))
                and (cast($4 as {text}) is null or w.code = cast($4 as {text}))
                and (cast($5 as {text}) is null or h.received_on <= cast($5 as {text}))) as x
        where x.waiting > 0
            and (cast($6 as {i64}) is null or cast($6 as {i64})
                = case when x.found = '' then 0 else 1 end)
            and (x.received_on > cast($7 as {text}) or (x.received_on = cast($7 as {text})
                and x.id > cast($8 as {i64})))
        order by x.received_on, x.id limit cast($9 as {i64})");

    /// Inspections, newest first, with a cursor.
    LIST_INSPECTIONS = "select q.id, q.number, q.line, q.client_ref, h.number as receipt_number,
            k.line as receipt_line, p.code, i.sku, k.lot, q.quantity, q.result, q.disposition,
            q.value, q.reason, q.scrap_reason, q.evidence, q.note, q.claim_id, q.inspected_on,
            h.received_on
        from quality_inspection as q
        join purchasing_receipt_line as k on k.company_id = q.company_id
            and k.id = q.receipt_line_id
        join purchasing_receipt as h on h.company_id = k.company_id and h.id = k.receipt_id
        join purchasing_order as o on o.company_id = h.company_id and o.id = h.order_id
        join partners_partner as p on p.company_id = o.company_id and p.id = o.partner_id
        join catalog_item as i on i.company_id = q.company_id and i.id = q.item_id
        where q.company_id = $1
            and (cast($2 as {text}) is null or i.sku = cast($2 as {text}))
            and (cast($3 as {text}) is null or p.code = cast($3 as {text}))
            and (cast($4 as {text}) is null or q.result = cast($4 as {text}))
            and (cast($5 as {i64}) is null or q.receipt_id = cast($5 as {i64}))
            and (q.inspected_on < cast($6 as {text}) or (q.inspected_on = cast($6 as {text})
                and (q.id < cast($7 as {i64}) or (q.id = cast($7 as {i64})
                    and q.line > cast($8 as {i64})))))
        order by q.inspected_on desc, q.id desc, q.line limit cast($9 as {i64})";
}

/// The inspection that has a reference of the client, if it has one and it was used.
pub(crate) fn inspection_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    client_ref: &str,
) -> Result<Option<Inspected>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&INSPECTION_BY_REF, params![ctx.company_id, client_ref])?;
    let Some(row) = found else { return Ok(None) };
    let inspection_id: base::InspectionId = row.get(0)?;
    let claims = tx.query(&CLAIMS_OF_INSPECTION, params![ctx.company_id, inspection_id])?;
    Ok(Some(Inspected {
        inspection_id,
        number: row.get(1)?,
        posted_on: row.get(2)?,
        value: Money::new(row.get(3)?, ctx.currency),
        claims: claims.iter().map(|row| row.get(0)).collect::<Result<_, _>>()?,
        repeated: true,
    }))
}

/// How much of lines of receipts waits in quarantine; lines that took nothing there are left out.
pub(crate) fn waiting_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    lines: impl IntoIterator<Item = ReceiptLineId>,
) -> Result<BTreeMap<ReceiptLineId, Quantity>, StoreError> {
    let found = tx.query(&WAITING_OF, params![ctx.company_id; Rows::column(lines)])?;
    found.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// How much at stock rows waits for somebody to decide. What is read is true for as long as the rows
/// are locked: nothing comes to wait there, and nobody decides on it, without moving goods.
pub(crate) fn waiting_at(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    shelves: impl IntoIterator<Item = ShelfKey>,
) -> Result<BTreeMap<ShelfKey, Quantity>, StoreError> {
    let shelves: BTreeSet<ShelfKey> = shelves.into_iter().collect();
    let mut set = Rows::new(3);
    for key in &shelves {
        set.push(row![key.item_id, key.place_id, key.lot]);
    }
    let found = tx.query(&WAITING_AT, params![ctx.company_id; set])?;
    let read = |row: &Row| {
        let key = ShelfKey { item_id: row.get(0)?, place_id: row.get(1)?, lot: row.get(2)? };
        Ok((key, row.get(3)?))
    };
    found.iter().map(read).collect()
}

/// From which stock rows goods were put away, with the item's SKU and the place's path.
pub(crate) fn put_away_from(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    putaway_id: base::BatchId,
) -> Result<BTreeMap<ShelfKey, (String, String)>, StoreError> {
    let found = tx.query(&PUT_AWAY_FROM, params![ctx.company_id, putaway_id])?;
    let read = |row: &Row| {
        let key = ShelfKey { item_id: row.get(0)?, place_id: row.get(1)?, lot: row.get(2)? };
        Ok((key, (row.get(3)?, row.get(4)?)))
    };
    found.iter().map(read).collect()
}

/// Writes an inspection.
pub(crate) fn insert_inspections(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    head: &InspectionHead<'_>,
    rows: &[NewInspection],
) -> Result<(), StoreError> {
    let mut set = Rows::new(14);
    for (row, line) in rows.iter().zip(1_i64..) {
        set.push(row![
            line,
            row.receipt_line_id,
            row.item_id,
            row.quantity,
            row.result,
            row.disposition.map_or_else(String::new, |disposition| disposition.to_string()),
            row.value,
            row.place,
            row.reason,
            row.scrap_reason,
            row.evidence,
            row.note,
            zero(row.claim),
            zero(row.move_id)
        ]);
    }
    tx.write(
        &INSERT_INSPECTIONS,
        params![
            ctx.company_id,
            head.id,
            head.number,
            head.client_ref,
            head.receipt_id,
            head.inspected_on,
            head.posted_on,
            ctx.at,
            ctx.user_id;
            set
        ],
    )
}
