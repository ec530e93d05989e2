//! Points and inspections before the receipt: their statements, and the functions that read and write
//! them.

use super::*;
use crate::inspect_ahead::{FailedAhead, InspectAhead, InspectedAhead, NewAhead};
use crate::rules::{Judged, Point};
use crate::words::AheadState;
use base::{HoldId, InspectionId, PurchaseLineId, WarehouseId};
use purchasing::DueGoodsLine;

store::statements! {
    /// Sets a point.
    SET_POINT = "insert into quality_point (company_id, item_id, name, lower, upper)
        values ($1, $2, $3, $4, $5)
        on conflict (company_id, item_id, name)
        do update set lower = excluded.lower, upper = excluded.upper";

    /// Takes a point away.
    REMOVE_POINT = "delete from quality_point
        where company_id = $1 and item_id = $2 and name = $3";

    /// The points of an item and those of every item, the item's own first.
    POINTS_OF = "select name, lower, upper from quality_point
        where company_id = $1 and item_id in (0, $2) order by name, item_id desc";

    /// Points by item and name, those of every item first, with a cursor.
    LIST_POINTS = "select coalesce(i.sku, '') as sku, t.name, t.lower, t.upper
        from quality_point as t
        left join catalog_item as i on i.company_id = t.company_id and i.id = t.item_id
        where t.company_id = $1
            and (cast($2 as {text}) is null or i.sku = cast($2 as {text}))
            and (coalesce(i.sku, '') > cast($3 as {text}) or (coalesce(i.sku, '') = cast($3 as {text})
                and t.name > cast($4 as {text})))
        order by coalesce(i.sku, ''), t.name limit cast($5 as {i64})";

    /// An inspection by the client's key.
    AHEAD_BY_REF = "select id, number, state, found from quality_advance
        where company_id = $1 and client_ref = $2 and client_ref <> ''";

    /// Locks an inspection.
    LOCK_AHEAD = "select a.warehouse_id, a.state, a.id, a.number, a.hold_id, a.found
        from quality_advance as a where a.company_id = $1 and a.id = $2 {for_update:a}";

    /// Locks the inspections of a line that hold its goods back.
    FAILED_OF = "select a.id, a.number, a.hold_id from quality_advance as a
        where a.company_id = $1 and a.order_line_id = $2 and a.state = 'failed'
        order by a.id {for_update:a}";

    /// Writes an inspection.
    INSERT_AHEAD = "insert into quality_advance
        (company_id, id, number, client_ref, order_id, order_line_id, warehouse_id, item_id, state,
         found, evidence, note, inspected_on, hold_id, passed_on, passed_by, passed_reason,
         recorded_at, user_id)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, '', 0, '', $15, $16)";

    /// Writes what was measured.
    INSERT_READINGS = "insert into quality_reading
        (company_id, advance_id, point, reading, lower, upper, within)
        select $1, $2, d.point, d.reading, d.lower, d.upper, d.within
        from {rows:d(point text, reading, lower, upper, within)}";

    /// Notes who let goods in, and why.
    PASS_AHEAD = "update quality_advance
        set state = 'passed', passed_on = $2, passed_by = $3, passed_reason = $4
        from {rows:d(id)}
        where quality_advance.company_id = $1 and quality_advance.id = d.id
            and quality_advance.state = 'failed'";

    /// Inspections before the receipt, newest first, with a cursor.
    LIST_AHEAD = "select a.id, a.number, a.client_ref, o.id as order_id, o.number as order_number,
            l.line, p.code, i.sku, i.name, w.code as warehouse, a.state, a.found, a.evidence, a.note,
            a.inspected_on, a.passed_on, coalesce(u.display_name, '') as passed_by, a.passed_reason
        from quality_advance as a
        join purchasing_order as o on o.company_id = a.company_id and o.id = a.order_id
        join purchasing_line as l on l.company_id = a.company_id and l.id = a.order_line_id
        join partners_partner as p on p.company_id = o.company_id and p.id = o.partner_id
        join catalog_item as i on i.company_id = a.company_id and i.id = a.item_id
        join stock_warehouse as w on w.company_id = a.company_id and w.id = a.warehouse_id
        left join identity_user as u on u.id = a.passed_by
        where a.company_id = $1
            and (cast($2 as {text}) is null or i.sku = cast($2 as {text}))
            and (cast($3 as {text}) is null or p.code = cast($3 as {text}))
            and (cast($4 as {text}) is null or w.code = cast($4 as {text}))
            and (cast($5 as {text}) is null or a.state = cast($5 as {text}))
            and (cast($6 as {i64}) is null or a.order_id = cast($6 as {i64}))
            and (a.inspected_on < cast($7 as {text}) or (a.inspected_on = cast($7 as {text})
                and a.id < cast($8 as {i64})))
        order by a.inspected_on desc, a.id desc limit cast($9 as {i64})";

    /// What was measured at inspections.
    READINGS_OF = "select r.advance_id, r.point, r.reading, r.lower, r.upper, r.within
        from {rows:d(id)}
        join quality_reading as r on r.company_id = $1 and r.advance_id = d.id
        order by r.advance_id, r.point";
}

/// What is measured of an item: its own point before that of every item with the same name.
pub(crate) fn points_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    item_id: ItemId,
) -> Result<Vec<Point>, StoreError> {
    let mut points: Vec<Point> = Vec::new();
    for row in tx.query(&POINTS_OF, params![ctx.company_id, item_id])? {
        let name: String = row.get(0)?;
        if points.last().is_none_or(|before| before.name != name) {
            points.push(Point { name, lower: row.get(1)?, upper: row.get(2)? });
        }
    }
    Ok(points)
}

/// The inspection that has a reference of the client, if it has one and it was used.
pub(crate) fn ahead_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    client_ref: &str,
) -> Result<Option<InspectedAhead>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&AHEAD_BY_REF, params![ctx.company_id, client_ref])?;
    let read = |row: &Row| {
        Ok(InspectedAhead {
            inspection_id: row.get(0)?,
            number: row.get(1)?,
            state: row.get(2)?,
            found: row.get(3)?,
            repeated: true,
        })
    };
    found.as_ref().map(read).transpose()
}

/// An inspection held until the transaction ends: its warehouse, its state, what it holds back, and
/// what it found.
pub(crate) fn lock_ahead(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: InspectionId,
) -> Result<Option<(WarehouseId, AheadState, FailedAhead, String)>, StoreError> {
    let found = tx.query_opt(&LOCK_AHEAD, params![ctx.company_id, id])?;
    let read = |row: &Row| {
        let failed = FailedAhead { id: row.get(2)?, number: row.get(3)?, hold: row.get(4)? };
        Ok((row.get(0)?, row.get(1)?, failed, row.get(5)?))
    };
    found.as_ref().map(read).transpose()
}

/// The inspections that hold goods of a line back, held until the transaction ends.
pub(crate) fn failed_of(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    line_id: PurchaseLineId,
) -> Result<Vec<FailedAhead>, StoreError> {
    let found = tx.query(&FAILED_OF, params![ctx.company_id, line_id])?;
    let read =
        |row: &Row| Ok(FailedAhead { id: row.get(0)?, number: row.get(1)?, hold: row.get(2)? });
    found.iter().map(read).collect()
}

pub(crate) fn insert_ahead(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    new: &NewAhead<'_>,
    (warehouse_id, line): (WarehouseId, &DueGoodsLine),
    request: &InspectAhead,
) -> Result<(), StoreError> {
    tx.write(
        &INSERT_AHEAD,
        params![
            ctx.company_id,
            new.id,
            new.number,
            request.client_ref,
            request.order_id,
            line.line_id,
            warehouse_id,
            line.item_id,
            new.state,
            new.found,
            request.evidence,
            request.note,
            new.inspected_on,
            new.hold.map_or(0, HoldId::raw),
            ctx.at,
            ctx.user_id
        ],
    )
}

pub(crate) fn insert_readings(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: InspectionId,
    judged: &[Judged],
) -> Result<(), StoreError> {
    let mut rows = Rows::new(5);
    for of in judged {
        let Point { name, lower, upper } = &of.point;
        rows.push(row![name, of.reading, lower, upper, of.within()]);
    }
    tx.write(&INSERT_READINGS, params![ctx.company_id, id; rows])
}

pub(crate) fn pass_ahead(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    ids: impl IntoIterator<Item = InspectionId>,
    reason: &str,
) -> Result<(), StoreError> {
    let rows = Rows::column(ids);
    tx.write_exactly(
        rows.len(),
        &PASS_AHEAD,
        params![ctx.company_id, ctx.today, ctx.user_id, reason; rows],
    )
}
