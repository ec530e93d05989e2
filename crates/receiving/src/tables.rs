//! All SQL of receiving.

use crate::book_blind_receipt::NewMatch;
use crate::match_goods::Kept;
use crate::model::{BlindReceipt, Unknown};
use crate::rules::Counted;
use crate::scan_goods::NewScan;
use crate::words::{BlindState, End, UnknownState};
use crate::{BlindError, BlindReceiptOpened, UnknownError, UnknownRecorded};
use base::{
    BlindReceiptId, CompanyId, Day, Id, ItemId, PartnerId, PlaceId, Quantity, UnknownGoodsId,
    WarehouseId,
};
use identity::{Ctx, Permission};
use std::collections::HashMap;
use stock::Warehouse;
use store::{Row, Rows, StoreError, Tx, params, row};

/// A blind receipt as people see it, from `receiving_blind_receipt as r`.
macro_rules! blind_rows {
    () => {
        "select r.id, r.number, p.code as supplier, p.name as supplier_name,
            w.code as warehouse, r.state, r.delivery_note, r.seq, r.opened_on,
            coalesce(u.display_name, '') as opened_by, r.opened_at,
            coalesce(c.display_name, '') as closed_by, r.closed_at, r.reason,
            (select count(*) from receiving_scan as s
                where s.company_id = r.company_id and s.blind_receipt_id = r.id
                    and s.voided_at is null) as scans,
            (select count(distinct s.user_id) from receiving_scan as s
                where s.company_id = r.company_id and s.blind_receipt_id = r.id
                    and s.voided_at is null) as people,
            r.warehouse_id
         from receiving_blind_receipt as r
         join partners_partner as p on p.company_id = r.company_id and p.id = r.partner_id
         join stock_warehouse as w on w.company_id = r.company_id and w.id = r.warehouse_id
         left join identity_user as u on u.id = r.opened_by
         left join identity_user as c on c.id = r.closed_by "
    };
}

/// Unknown goods as people see them, from `receiving_unknown as g`.
macro_rules! unknown_rows {
    () => {
        "select g.id, g.number, g.why, g.state, coalesce(p.code, '') as supplier,
            coalesce(p.name, '') as supplier_name, w.code as warehouse, g.place,
            coalesce(i.sku, '') as sku, coalesce(i.name, '') as name, g.code, g.description,
            g.lot, g.expires_on, g.damaged, g.quantity, g.waiting, coalesce(n.code, '') as unit,
            g.owner_id, coalesce(u.display_name, '') as owner, g.due_on, g.found_on,
            g.blind_receipt_id, coalesce(r.number, '') as blind_receipt, g.warehouse_id,
            g.partner_id, g.item_id
         from receiving_unknown as g
         join stock_warehouse as w on w.company_id = g.company_id and w.id = g.warehouse_id
         left join partners_partner as p on p.company_id = g.company_id and p.id = g.partner_id
         left join catalog_item as i on i.company_id = g.company_id and i.id = g.item_id
         left join catalog_unit as n on n.company_id = i.company_id and n.id = i.stock_unit_id
         left join identity_user as u on u.id = g.owner_id
         left join receiving_blind_receipt as r on r.company_id = g.company_id
            and r.id = g.blind_receipt_id "
    };
}

store::statements! {
    /// The path of a place.
    PATH = "select p.path from stock_place as p where p.company_id = $1 and p.id = $2";

    /// A blind receipt that has this reference of the client.
    BLIND_BY_REF = "select id, number from receiving_blind_receipt
        where company_id = $1 and client_ref = $2 and client_ref <> ''";

    /// Adds a blind receipt.
    INSERT_BLIND = "insert into receiving_blind_receipt
            (company_id, id, number, client_ref, partner_id, warehouse_id, state, delivery_note,
             lines, seq, basis, opened_on, opened_by, opened_at, closed_by, closed_at, reason)
        values ($1, $2, $3, $4, $5, $6, 'open', $7, 0, 1, '', $8, $9, $10, null, null, '')";

    /// A blind receipt.
    BLIND = "select id, number, partner_id, warehouse_id, state, delivery_note, lines, seq, opened_on
        from receiving_blind_receipt where company_id = $1 and id = $2";

    /// Holds a blind receipt.
    LOCK_BLIND = "select id, number, partner_id, warehouse_id, state, delivery_note, lines, seq,
            opened_on
        from receiving_blind_receipt where company_id = $1 and id = $2 {for_update}";

    /// Notes that a blind receipt that is held was written.
    TOUCH_BLIND = "update receiving_blind_receipt set lines = $3, seq = cast($4 as {i64})
        where company_id = $1 and id = $2 and seq = cast($4 as {i64}) - 1 and state = 'open'";

    /// Ends a blind receipt that is held.
    CLOSE_BLIND = "update receiving_blind_receipt set state = $3, seq = cast($4 as {i64}), basis = $5, reason = $6,
            closed_by = $7, closed_at = $8
        where company_id = $1 and id = $2 and seq = cast($4 as {i64}) - 1 and state = 'open'";

    /// Scans of a blind receipt that have these references of the client.
    SCANS_BY_REF = "select s.client_ref, s.line from {rows:d(client_ref text)}
        join receiving_scan as s on s.company_id = $1 and s.blind_receipt_id = $2
            and s.client_ref = d.client_ref and s.client_ref <> ''";

    /// Adds scans.
    INSERT_SCANS = "insert into receiving_scan
            (company_id, blind_receipt_id, line, code, item_id, packaging, packs, quantity, lot,
             expires_on, damaged, description, client_ref, user_id, recorded_at, voided_by,
             voided_at, void_reason)
        select $1, $2, d.line, d.code, d.item_id, d.packaging, d.packs, d.quantity, d.lot,
            d.expires_on, d.damaged, d.description, d.client_ref, $3, $4, null, null, ''
        from {rows:d(line, code text, item_id, packaging text, packs, quantity, lot text,
            expires_on text, damaged, description text, client_ref text)}";

    /// Whether a scan was taken back.
    SCAN_VOIDED = "select case when voided_at is null then 0 else 1 end as voided
        from receiving_scan where company_id = $1 and blind_receipt_id = $2 and line = $3";

    /// Takes a scan back.
    VOID_SCAN = "update receiving_scan set voided_by = $4, voided_at = $5, void_reason = $6
        where company_id = $1 and blind_receipt_id = $2 and line = $3 and voided_at is null";

    /// What was counted, scan by scan. What an item that somebody knows looks like is told of damaged
    /// goods alone.
    COUNTED = "select s.item_id, case when s.item_id = 0 then s.code else '' end as code,
            case when s.item_id = 0 or s.damaged = 1 then s.description else '' end as description,
            s.lot, s.expires_on, s.damaged, s.quantity, s.line
        from receiving_scan as s
        where s.company_id = $1 and s.blind_receipt_id = $2 and s.voided_at is null
        order by s.line";

    /// Keeps what became of counted goods.
    INSERT_MATCHES = "insert into receiving_match
            (company_id, blind_receipt_id, number, item_id, code, lot, quantity, fit, order_id,
             order_line, receipt_id, receipt_line, unknown_id)
        select $1, $2, d.number, d.item_id, d.code, d.lot, d.quantity, d.fit, d.order_id,
            d.order_line, d.receipt_id, d.receipt_line, d.unknown_id
        from {rows:d(number, item_id, code text, lot text, quantity, fit text, order_id, order_line,
            receipt_id, receipt_line, unknown_id)}";

    /// What blind receipts after an id were decided from, those that were booked.
    BASES_AFTER = "select id, number, basis from receiving_blind_receipt
        where company_id = $1 and id > $2 and state = 'booked' order by id limit $3";

    /// What blind receipts were matched with.
    KEPT_MATCHES = "select m.blind_receipt_id, m.quantity, m.fit, m.order_id, m.order_line
        from {rows:d(blind_receipt_id)}
        join receiving_match as m on m.company_id = $1 and m.blind_receipt_id = d.blind_receipt_id
        order by m.blind_receipt_id, m.number";

    /// Unknown goods that have this reference of the client.
    UNKNOWN_BY_REF = "select id, number from receiving_unknown
        where company_id = $1 and client_ref = $2 and client_ref <> ''";

    /// Adds unknown goods.
    INSERT_UNKNOWN = "insert into receiving_unknown
            (company_id, id, number, client_ref, partner_id, warehouse_id, blind_receipt_id, why,
             item_id, code, description, lot, expires_on, damaged, place, quantity, waiting, state,
             owner_id, due_on, found_on, seq, user_id, recorded_at)
        select $1, d.id, d.number, d.client_ref, d.partner_id, d.warehouse_id, d.blind_receipt_id,
            d.why, d.item_id, d.code, d.description, d.lot, d.expires_on, d.damaged, d.place,
            d.quantity, d.quantity, 'waiting', d.owner_id, d.due_on, d.found_on, 1, $2, $3
        from {rows:d(id, number text, client_ref text, partner_id, warehouse_id, blind_receipt_id,
            why text, item_id, code text, description text, lot text, expires_on text, damaged,
            place text, quantity, owner_id, due_on text, found_on text)}";

    /// Holds unknown goods.
    LOCK_UNKNOWN = "select id, number, client_ref, partner_id, warehouse_id, blind_receipt_id, why,
            item_id, code, description, lot, expires_on, damaged, place, quantity, waiting, state,
            owner_id, due_on, found_on, seq
        from receiving_unknown where company_id = $1 and id = $2 {for_update}";

    /// Writes what was decided for unknown goods that are held.
    UPDATE_UNKNOWN = "update receiving_unknown set item_id = $3, quantity = $4, waiting = $5,
            state = $6, owner_id = $7, due_on = $8, seq = cast($9 as {i64})
        where company_id = $1 and id = $2 and seq = cast($9 as {i64}) - 1 and state = 'waiting'";

    /// Notes how a part of unknown goods ended.
    INSERT_END = "insert into receiving_end
            (company_id, unknown_id, number, how, quantity, receipt_id, receipt_line, adjustment_id,
             reason, ended_on, user_id, recorded_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

    /// A page of blind receipts, the newest first, of the warehouses in the set or of all.
    LIST_BLIND = concat!(blind_rows!(), "where r.company_id = $1
            and (cast($2 as {text}) is null or r.state = cast($2 as {text}))
            and (cast($3 as {text}) is null or p.code = cast($3 as {text}))
            and (cast($4 as {text}) is null or w.code = cast($4 as {text}))
            and (cast($5 as {i64}) = 1
                or r.warehouse_id in (select d.warehouse_id from {rows:d(warehouse_id)}))
            and (r.opened_on, r.id) < (cast($6 as {text}), cast($7 as {i64}))
        order by r.opened_on desc, r.id desc limit cast($8 as {i64})");

    /// One blind receipt.
    SHOW_BLIND = concat!(blind_rows!(), "where r.company_id = $1 and r.id = $2");

    /// The scans of a blind receipt.
    SCANS_OF = "select s.line, s.code, coalesce(i.sku, '') as sku, coalesce(i.name, '') as name,
            s.packaging, s.packs, s.quantity, coalesce(n.code, '') as unit, s.lot, s.expires_on,
            s.damaged, s.description, coalesce(u.display_name, '') as scanned_by, s.recorded_at,
            s.voided_at, coalesce(v.display_name, '') as voided_by, s.void_reason
        from receiving_scan as s
        left join catalog_item as i on i.company_id = s.company_id and i.id = s.item_id
        left join catalog_unit as n on n.company_id = i.company_id and n.id = i.stock_unit_id
        left join identity_user as u on u.id = s.user_id
        left join identity_user as v on v.id = s.voided_by
        where s.company_id = $1 and s.blind_receipt_id = $2 order by s.line";

    /// What became of what a blind receipt counted.
    MATCHES_OF = "select m.fit, coalesce(i.sku, '') as sku, m.code, m.lot, m.quantity, m.order_id,
            coalesce(o.number, '') as order_number, m.order_line, m.receipt_id,
            coalesce(r.number, '') as receipt, m.unknown_id, coalesce(g.number, '') as unknown_number
        from receiving_match as m
        left join catalog_item as i on i.company_id = m.company_id and i.id = m.item_id
        left join purchasing_order as o on o.company_id = m.company_id and o.id = m.order_id
        left join purchasing_receipt as r on r.company_id = m.company_id and r.id = m.receipt_id
        left join receiving_unknown as g on g.company_id = m.company_id and g.id = m.unknown_id
        where m.company_id = $1 and m.blind_receipt_id = $2 order by m.number";

    /// A page of unknown goods, what is due first, first, of the warehouses in the set or of all.
    LIST_UNKNOWN = concat!(unknown_rows!(), "where g.company_id = $1
            and (cast($2 as {text}) is null or g.state = cast($2 as {text}))
            and (cast($3 as {text}) is null or g.why = cast($3 as {text}))
            and (cast($4 as {text}) is null or p.code = cast($4 as {text}))
            and (cast($5 as {text}) is null or w.code = cast($5 as {text}))
            and (cast($6 as {text}) is null or i.sku = cast($6 as {text}))
            and (cast($7 as {text}) is null or u.login = cast($7 as {text}))
            and (cast($8 as {text}) is null or g.due_on <= cast($8 as {text}))
            and (cast($9 as {i64}) = 1
                or g.warehouse_id in (select d.warehouse_id from {rows:d(warehouse_id)}))
            and (g.due_on, g.id) > (cast($10 as {text}), cast($11 as {i64}))
        order by g.due_on, g.id limit cast($12 as {i64})");

    /// Unknown goods.
    SHOW_UNKNOWN = concat!(unknown_rows!(), "where g.company_id = $1 and g.id = $2");

    /// How unknown goods ended.
    ENDS_OF = "select e.number, e.how, e.quantity, e.receipt_id, coalesce(r.number, '') as receipt,
            coalesce(r.order_id, 0) as order_id, e.adjustment_id,
            coalesce(a.number, '') as adjustment, e.reason, e.ended_on,
            coalesce(u.display_name, '') as ended_by, e.recorded_at
        from receiving_end as e
        left join purchasing_receipt as r on r.company_id = e.company_id and r.id = e.receipt_id
        left join stock_adjustment as a on a.company_id = e.company_id and a.id = e.adjustment_id
        left join identity_user as u on u.id = e.user_id
        where e.company_id = $1 and e.unknown_id = $2 order by e.number";
}

/// The warehouse of a code, or the only one; else what was asked and what there is.
pub(crate) fn warehouse(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    code: Option<&str>,
) -> Result<Result<Warehouse, (String, String)>, StoreError> {
    let mut all = stock::warehouses(tx, ctx.company_id)?;
    let known = all.iter().map(|warehouse| warehouse.code.as_str()).collect::<Vec<_>>().join(", ");
    let only = all.len() == 1;
    all.retain(|warehouse| code.map_or(only, |code| warehouse.code == code));
    Ok(all.pop().ok_or_else(|| (code.unwrap_or_default().to_owned(), known)))
}

/// The supplier of a code.
pub(crate) fn supplier(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    code: &str,
) -> Result<Option<PartnerId>, StoreError> {
    let found = partners::partners_by_code(tx, ctx.company_id, &[code])?.remove(code);
    Ok(found.filter(|partner| partner.supplier).map(|partner| partner.id))
}

/// By when unknown goods have to end when nobody says a day.
pub(crate) fn due_on(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Day, StoreError> {
    let days = identity::policies(tx, ctx.company_id)?.number("unknown_goods_due_days");
    // At the end of the calendar nothing is due later than the last day.
    Ok(ctx.today.plus(days).unwrap_or(ctx.today))
}

/// The path of a place.
fn path(tx: &mut Tx<'_>, ctx: &Ctx, place_id: PlaceId) -> Result<String, StoreError> {
    let found = tx.query_opt(&PATH, params![ctx.company_id, place_id])?;
    found.map_or(Ok(String::new()), |row| row.get(0))
}

/// The path of a warehouse's quarantine.
pub(crate) fn quarantine(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    warehouse_id: WarehouseId,
) -> Result<String, StoreError> {
    let found = stock::warehouse(tx, ctx.company_id, warehouse_id)?;
    found.map_or(Ok(String::new()), |warehouse| path(tx, ctx, warehouse.quarantine))
}

/// The path of a place of a warehouse, that of its stock when none is named.
pub(crate) fn place(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    warehouse_id: WarehouseId,
    named: Option<String>,
) -> Result<String, UnknownError> {
    let found = stock::warehouse(tx, ctx.company_id, warehouse_id)?;
    let warehouse = found.ok_or_else(|| StoreError::Unusable("a warehouse is gone".to_owned()))?;
    let Some(named) = named else { return Ok(path(tx, ctx, warehouse.stock)?) };
    let here = stock::find_place(tx, ctx.company_id, &named)?
        .is_some_and(|place| place.warehouse_id == warehouse_id);
    if here {
        return Ok(named);
    }
    Err(UnknownError::UnknownPlace { place: named, warehouse: warehouse.code })
}

/// The blind receipt that has a reference of the client, if it has one and it was used.
pub(crate) fn blind_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    client_ref: &str,
) -> Result<Option<BlindReceiptOpened>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&BLIND_BY_REF, params![ctx.company_id, client_ref])?;
    let read = |row: Row| {
        let (blind_receipt_id, number) = (row.get(0)?, row.get(1)?);
        Ok(BlindReceiptOpened { blind_receipt_id, number, repeated: true })
    };
    found.map(read).transpose()
}

/// Adds a blind receipt.
pub(crate) fn insert_blind(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    receipt: &BlindReceipt,
    client_ref: &str,
) -> Result<(), StoreError> {
    let row = params![
        ctx.company_id,
        receipt.id,
        receipt.number,
        client_ref,
        receipt.partner_id,
        receipt.warehouse_id,
        receipt.delivery_note,
        receipt.opened_on,
        ctx.user_id,
        ctx.at
    ];
    tx.write_exactly(1, &INSERT_BLIND, row)
}

fn blind_of(row: &Row) -> Result<BlindReceipt, StoreError> {
    Ok(BlindReceipt {
        id: row.get(0)?,
        number: row.get(1)?,
        partner_id: row.get(2)?,
        warehouse_id: row.get(3)?,
        state: row.get(4)?,
        delivery_note: row.get(5)?,
        lines: row.get(6)?,
        seq: row.get(7)?,
        opened_on: row.get(8)?,
    })
}

/// A blind receipt.
pub(crate) fn blind(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: BlindReceiptId,
) -> Result<Option<BlindReceipt>, StoreError> {
    tx.query_opt(&BLIND, params![company_id, id])?.as_ref().map(blind_of).transpose()
}

/// An open blind receipt, held until the transaction ends, of a warehouse in which the caller has a
/// permission.
pub(crate) fn lock_open(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: BlindReceiptId,
    permission: Permission,
) -> Result<BlindReceipt, BlindError> {
    let found = tx.query_opt(&LOCK_BLIND, params![ctx.company_id, id])?;
    let receipt = found.as_ref().map(blind_of).transpose()?.ok_or(BlindError::NotFound(id))?;
    ctx.require_in(permission, receipt.warehouse_id)?;
    if receipt.state == BlindState::Open {
        return Ok(receipt);
    }
    Err(BlindError::NotOpen { number: receipt.number, state: receipt.state })
}

/// Notes that a blind receipt that is held was written.
pub(crate) fn touch_blind(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    receipt: &mut BlindReceipt,
) -> Result<(), StoreError> {
    receipt.seq += 1;
    let row = params![ctx.company_id, receipt.id, receipt.lines, receipt.seq];
    tx.write_exactly(1, &TOUCH_BLIND, row)
}

/// Ends a blind receipt that is held.
pub(crate) fn close_blind(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    receipt: &mut BlindReceipt,
    state: BlindState,
    basis: &str,
    reason: &str,
) -> Result<(), StoreError> {
    (receipt.state, receipt.seq) = (state, receipt.seq + 1);
    let row =
        params![ctx.company_id, receipt.id, state, receipt.seq, basis, reason, ctx.user_id, ctx.at];
    tx.write_exactly(1, &CLOSE_BLIND, row)
}

/// Scans of a blind receipt that were sent before, by the client's reference.
pub(crate) fn scans_by_ref<'r>(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: BlindReceiptId,
    refs: impl Iterator<Item = &'r str>,
) -> Result<HashMap<String, i64>, StoreError> {
    let refs: Vec<&str> = refs.filter(|text| !text.is_empty()).collect();
    if refs.is_empty() {
        return Ok(HashMap::new());
    }
    let found = tx.query(&SCANS_BY_REF, params![ctx.company_id, id; Rows::column(refs)])?;
    found.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// Adds scans.
pub(crate) fn insert_scans(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: BlindReceiptId,
    scans: &[NewScan],
) -> Result<(), StoreError> {
    let mut set = Rows::new(11);
    for scan in scans {
        set.push(row![
            scan.line,
            scan.code,
            scan.item_id.map_or(0, Id::raw),
            scan.packaging,
            scan.packs,
            scan.quantity,
            scan.lot,
            day_text(scan.expires_on),
            scan.damaged,
            scan.description,
            scan.client_ref
        ]);
    }
    tx.write(&INSERT_SCANS, params![ctx.company_id, id, ctx.user_id, ctx.at; set])
}

/// Whether a scan was taken back; nothing for no scan.
pub(crate) fn scan_voided(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: BlindReceiptId,
    line: i64,
) -> Result<Option<bool>, StoreError> {
    let found = tx.query_opt(&SCAN_VOIDED, params![ctx.company_id, id, line])?;
    found.map(|row| row.get(0)).transpose()
}

/// Takes a scan back.
pub(crate) fn void_scan(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: BlindReceiptId,
    line: i64,
    reason: &str,
) -> Result<(), StoreError> {
    let row = params![ctx.company_id, id, line, ctx.user_id, ctx.at, reason];
    tx.write_exactly(1, &VOID_SCAN, row)
}

/// What was counted in a blind receipt, scan by scan.
pub(crate) fn scanned(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: BlindReceiptId,
) -> Result<Vec<Counted>, StoreError> {
    let read = |row: &Row| {
        let item: i64 = row.get(0)?;
        Ok(Counted {
            item_id: (item != 0).then(|| ItemId::from_raw(item)),
            code: row.get(1)?,
            description: row.get(2)?,
            lot: row.get(3)?,
            expires_on: day_at(row, 4)?,
            damaged: row.get(5)?,
            quantity: row.get(6)?,
            scans: vec![row.get(7)?],
        })
    };
    tx.query(&COUNTED, params![company_id, id])?.iter().map(read).collect()
}

/// Keeps what became of counted goods.
pub(crate) fn insert_matches(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: BlindReceiptId,
    matches: &[NewMatch<'_>],
) -> Result<(), StoreError> {
    let mut set = Rows::new(11);
    for (number, one) in (1_i64..).zip(matches) {
        set.push(row![
            number,
            one.counted.item_id.map_or(0, Id::raw),
            one.counted.code,
            one.counted.lot,
            one.quantity,
            one.fit,
            one.order.0,
            one.order.1,
            one.receipt.0,
            one.receipt.1,
            one.unknown
        ]);
    }
    tx.write(&INSERT_MATCHES, params![ctx.company_id, id; set])
}

/// What blind receipts after an id were decided from, at most so many of those that were booked: id,
/// number, basis.
pub(crate) fn bases_after(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    after: BlindReceiptId,
    most: i64,
) -> Result<Vec<(BlindReceiptId, String, String)>, StoreError> {
    let rows = tx.query(&BASES_AFTER, params![company_id, after, most])?;
    rows.iter().map(|row| Ok((row.get(0)?, row.get(1)?, row.get(2)?))).collect()
}

/// What blind receipts were matched with.
pub(crate) fn kept_matches(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: impl Iterator<Item = BlindReceiptId>,
) -> Result<HashMap<BlindReceiptId, Vec<Kept>>, StoreError> {
    let mut kept: HashMap<BlindReceiptId, Vec<Kept>> = HashMap::new();
    for row in tx.query(&KEPT_MATCHES, params![company_id; Rows::column(ids)])? {
        let one = (row.get(1)?, row.get(2)?, row.get(3)?, row.get(4)?);
        kept.entry(row.get(0)?).or_default().push(one);
    }
    Ok(kept)
}

/// The unknown goods that have a reference of the client, if they have one and it was used.
pub(crate) fn unknown_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    client_ref: &str,
) -> Result<Option<UnknownRecorded>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&UNKNOWN_BY_REF, params![ctx.company_id, client_ref])?;
    let read = |row: Row| {
        let (unknown_goods_id, number) = (row.get(0)?, row.get(1)?);
        Ok(UnknownRecorded { unknown_goods_id, number, repeated: true })
    };
    found.map(read).transpose()
}

/// Adds unknown goods.
pub(crate) fn insert_unknown(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    goods: &[Unknown],
) -> Result<(), StoreError> {
    let mut set = Rows::new(18);
    for one in goods {
        set.push(row![
            one.id,
            one.number,
            one.client_ref,
            one.partner_id.map_or(0, Id::raw),
            one.warehouse_id,
            one.blind_receipt_id.map_or(0, Id::raw),
            one.why,
            one.item_id.map_or(0, Id::raw),
            one.code,
            one.description,
            one.lot,
            day_text(one.expires_on),
            one.damaged,
            one.place,
            one.quantity,
            one.owner_id,
            one.due_on,
            one.found_on
        ]);
    }
    tx.write(&INSERT_UNKNOWN, params![ctx.company_id, ctx.user_id, ctx.at; set])
}

/// Unknown goods of which something waits, held until the transaction ends, of a warehouse in which
/// the caller has a permission.
pub(crate) fn lock_waiting(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: UnknownGoodsId,
    permission: Permission,
) -> Result<Unknown, UnknownError> {
    let found = tx.query_opt(&LOCK_UNKNOWN, params![ctx.company_id, id])?;
    let goods = found.as_ref().map(unknown_of).transpose()?.ok_or(UnknownError::NotFound(id))?;
    ctx.require_in(permission, goods.warehouse_id)?;
    if goods.state == UnknownState::Waiting {
        return Ok(goods);
    }
    Err(UnknownError::Ended { number: goods.number, quantity: goods.quantity })
}

fn unknown_of(row: &Row) -> Result<Unknown, StoreError> {
    Ok(Unknown {
        id: row.get(0)?,
        number: row.get(1)?,
        client_ref: row.get(2)?,
        partner_id: some(row, 3)?,
        warehouse_id: row.get(4)?,
        blind_receipt_id: some(row, 5)?,
        why: row.get(6)?,
        item_id: some(row, 7)?,
        code: row.get(8)?,
        description: row.get(9)?,
        lot: row.get(10)?,
        expires_on: day_at(row, 11)?,
        damaged: row.get(12)?,
        place: row.get(13)?,
        quantity: row.get(14)?,
        waiting: row.get(15)?,
        state: row.get(16)?,
        owner_id: row.get(17)?,
        due_on: row.get(18)?,
        found_on: row.get(19)?,
        seq: row.get(20)?,
    })
}

/// Writes what was decided for unknown goods that are held.
pub(crate) fn update_unknown(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    goods: &mut Unknown,
) -> Result<(), StoreError> {
    goods.seq += 1;
    let row = params![
        ctx.company_id,
        goods.id,
        goods.item_id.map_or(0, Id::raw),
        goods.quantity,
        goods.waiting,
        goods.state,
        goods.owner_id,
        goods.due_on,
        goods.seq
    ];
    tx.write_exactly(1, &UPDATE_UNKNOWN, row)
}

/// How a part of unknown goods ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NewEnd<'r> {
    pub how: End,
    pub quantity: Quantity,
    /// The receipt, of which they are the first line; 0 for none.
    pub receipt_id: i64,
    /// The adjustment; 0 for none.
    pub adjustment_id: i64,
    pub reason: &'r str,
}

impl NewEnd<'_> {
    pub(crate) const fn new(how: End, quantity: Quantity) -> NewEnd<'static> {
        NewEnd { how, quantity, receipt_id: 0, adjustment_id: 0, reason: "" }
    }
}

/// Notes how a part of unknown goods ended, numbered by the revision of the goods that it made.
pub(crate) fn insert_end(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    goods: &Unknown,
    end: &NewEnd<'_>,
) -> Result<(), StoreError> {
    let row = params![
        ctx.company_id,
        goods.id,
        goods.seq,
        end.how,
        end.quantity,
        end.receipt_id,
        i64::from(end.receipt_id != 0),
        end.adjustment_id,
        end.reason,
        ctx.today,
        ctx.user_id,
        ctx.at
    ];
    tx.write_exactly(1, &INSERT_END, row)
}

/// An id of which 0 is none.
pub(crate) fn some<I: Id>(row: &Row, index: usize) -> Result<Option<I>, StoreError> {
    let raw: i64 = row.get(index)?;
    Ok((raw != 0).then(|| I::from_raw(raw)))
}

/// An optional day as its column holds it.
pub(crate) fn day_text(day: Option<Day>) -> String {
    day.map_or_else(String::new, |day| day.to_string())
}

/// Reads an optional day, '' as none.
pub(crate) fn day_at(row: &Row, index: usize) -> Result<Option<Day>, StoreError> {
    let text: String = row.get(index)?;
    if text.is_empty() { Ok(None) } else { row.get(index).map(Some) }
}
