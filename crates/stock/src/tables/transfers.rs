//! Transfers: their statements, and the functions that write and find them, their dispatches and arrivals.

use super::*;
use crate::expect::{Expectation, Way, amend_expectations};
use crate::plan_transfer::TransferPlanned;
use crate::receive_transfer::TransferReceived;
use crate::send_transfer::{SendTransfer, TransferSent};
use crate::transfer::{ArrivalOutcome, TRANSFER_LINE, Transfer, TransferError, TransferLine};
use base::{
    ArrivalId, ArrivalLineId, Day, DemandId, DispatchId, DispatchLineId, EntryId, Id, ItemId,
    MoveId, Quantity, TransferId, TransferLineId, WarehouseId,
};
use identity::Ctx;

store::statements! {
    /// How long goods take from a warehouse to another.
    LEAD_TIME = "select days from stock_lead_time
        where company_id = $1 and from_warehouse_id = $2 and to_warehouse_id = $3";

    /// Sets how long goods take from a warehouse to another.
    SET_LEAD_TIME = "insert into stock_lead_time
        (company_id, from_warehouse_id, to_warehouse_id, days) values ($1, $2, $3, $4)
        on conflict (company_id, from_warehouse_id, to_warehouse_id)
        do update set days = excluded.days";

    /// Lead times by warehouse, with a cursor.
    LIST_LEAD_TIMES = "select f.code, t.code, r.days from stock_lead_time as r
        join stock_warehouse as f on f.company_id = r.company_id and f.id = r.from_warehouse_id
        join stock_warehouse as t on t.company_id = r.company_id and t.id = r.to_warehouse_id
        where r.company_id = $1
            and (f.code > cast($2 as {text})
                or (f.code = cast($2 as {text}) and t.code > cast($3 as {text})))
        order by f.code, t.code limit cast($4 as {i64})";

    /// Writes a transfer.
    INSERT_TRANSFER = "insert into stock_transfer
        (company_id, id, number, from_warehouse_id, to_warehouse_id, to_place_id, depart_on,
         arrive_on, state, revision, note, client_ref, user_id, recorded_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, 'planned', 1, $9, $10, $11, $12)";

    /// Writes the lines of a transfer.
    INSERT_TRANSFER_LINES = "insert into stock_transfer_line
        (company_id, id, transfer_id, line, item_id, quantity, sent, accepted, quarantined,
         missing, returned, cancelled)
        select $1, d.id, $2, d.line, d.item_id, d.quantity, 0, 0, 0, 0, 0, 0
        from {rows:d(id, line, item_id, quantity)}";

    /// The transfer that a client calls so.
    TRANSFER_BY_REF = "select id, number, depart_on, arrive_on from stock_transfer
        where company_id = $1 and client_ref = $2";

    /// Locks a transfer.
    LOCK_TRANSFER = "select id, number, from_warehouse_id, to_warehouse_id, to_place_id, depart_on,
            arrive_on, state, revision
        from stock_transfer where company_id = $1 and id = $2 {for_update}";

    /// The lines of a locked transfer.
    LINES_OF_TRANSFER = "select id, line, item_id, quantity, sent, accepted, quarantined, missing,
            returned, cancelled
        from stock_transfer_line where company_id = $1 and transfer_id = $2 order by line";

    /// Writes what a verb made of a locked transfer.
    UPDATE_TRANSFER = "update stock_transfer set depart_on = $3, arrive_on = $4, state = $5,
            revision = revision + 1
        where company_id = $1 and id = $2 and revision = $6";

    /// Writes what a verb made of lines of a locked transfer.
    UPDATE_TRANSFER_LINES = "update stock_transfer_line set quantity = d.quantity, sent = d.sent,
            accepted = d.accepted, quarantined = d.quarantined, missing = d.missing,
            returned = d.returned, cancelled = d.cancelled
        from {rows:d(id, quantity, sent, accepted, quarantined, missing, returned, cancelled)}
        where stock_transfer_line.company_id = $1 and stock_transfer_line.id = d.id";

    /// Writes a dispatch.
    INSERT_DISPATCH = "insert into stock_dispatch
        (company_id, id, number, transfer_id, happened_on, posted_on, carrier, tracking,
         client_ref, entry_id, user_id, recorded_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)";

    /// Writes the lines of a dispatch.
    INSERT_DISPATCH_LINES = "insert into stock_dispatch_line
        (company_id, id, dispatch_id, transfer_id, transfer_line_id, item_id, lot_id, quantity,
         open_quantity, value, move_id)
        select $1, d.id, $2, $3, d.transfer_line_id, d.item_id, d.lot_id, d.quantity, d.quantity,
            d.value, d.move_id
        from {rows:d(id, transfer_line_id, item_id, lot_id, quantity, value, move_id)}";

    /// The dispatch of a transfer that a client calls so.
    DISPATCH_BY_REF = "select id, number, posted_on from stock_dispatch
        where company_id = $1 and transfer_id = $2 and client_ref = $3";

    /// What is under way of a locked transfer, first sent first.
    UNDER_WAY_OF = "select l.id, l.transfer_line_id, l.item_id, l.lot_id, coalesce(t.code, '') as lot,
            l.open_quantity, l.move_id
        from stock_dispatch_line as l
        join stock_dispatch as h on h.company_id = l.company_id and h.id = l.dispatch_id
        left join stock_lot as t on t.company_id = l.company_id and t.id = l.lot_id
        where l.company_id = $1 and l.transfer_id = $2 and l.open_quantity > 0
        order by h.recorded_at, l.id";

    /// Lowers what is under way by what arrived, is missing or came back.
    LOWER_UNDER_WAY = "update stock_dispatch_line
        set open_quantity = stock_dispatch_line.open_quantity - d.quantity
        from {rows:d(id, quantity)}
        where stock_dispatch_line.company_id = $1 and stock_dispatch_line.id = d.id
            and stock_dispatch_line.open_quantity >= d.quantity";

    /// Writes an arrival.
    INSERT_ARRIVAL = "insert into stock_arrival
        (company_id, id, number, transfer_id, happened_on, posted_on, client_ref, entry_id,
         user_id, recorded_at)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";

    /// Writes the lines of an arrival.
    INSERT_ARRIVAL_LINES = "insert into stock_arrival_line
        (company_id, id, arrival_id, transfer_id, transfer_line_id, dispatch_line_id, outcome,
         quantity, place_id, value, move_id, reason, note)
        select $1, d.id, $2, $3, d.transfer_line_id, d.dispatch_line_id, d.outcome, d.quantity,
            d.place_id, d.value, d.move_id, d.reason, d.note
        from {rows:d(id, transfer_line_id, dispatch_line_id, outcome text, quantity, place_id,
            value, move_id, reason text, note text)}";

    /// The arrival of a transfer that a client calls so.
    ARRIVAL_BY_REF = "select id, number, posted_on from stock_arrival
        where company_id = $1 and transfer_id = $2 and client_ref = $3";

    /// A transfer for people.
    TRANSFER_ROW = "select x.id, x.number, f.code, t.code, p.path, x.depart_on, x.arrive_on,
            x.state, x.note, x.client_ref
        from stock_transfer as x
        join stock_warehouse as f on f.company_id = x.company_id and f.id = x.from_warehouse_id
        join stock_warehouse as t on t.company_id = x.company_id and t.id = x.to_warehouse_id
        join stock_place as p on p.company_id = x.company_id and p.id = x.to_place_id
        where x.company_id = $1 and x.id = $2";

    /// Its lines, with what is kept for each.
    TRANSFER_LINE_ROWS = "select l.line, i.sku, i.name, l.quantity,
            (select cast(coalesce(sum(m.reserved), 0) as {i64}) from stock_demand as m
             where m.company_id = l.company_id and m.owner_kind = 'transfer'
                and m.owner_id = l.transfer_id and m.line_id = l.id) as reserved,
            l.sent, l.accepted, l.quarantined, l.missing, l.returned, l.cancelled
        from stock_transfer_line as l
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        where l.company_id = $1 and l.transfer_id = $2 order by l.line";

    /// What left, arrived, is missing or came back of a transfer, as it happened.
    TRANSFER_STEPS = "select h.number, 'sent' as outcome, h.happened_on, h.posted_on, tl.line,
            i.sku, coalesce(t.code, '') as lot, l.quantity, l.value, '' as path, '' as reason,
            '' as note, h.recorded_at as recorded_at, l.id as step_id
        from stock_dispatch_line as l
        join stock_dispatch as h on h.company_id = l.company_id and h.id = l.dispatch_id
        join stock_transfer_line as tl on tl.company_id = l.company_id
            and tl.id = l.transfer_line_id
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        left join stock_lot as t on t.company_id = l.company_id and t.id = l.lot_id
        where l.company_id = $1 and l.transfer_id = $2
        union all
        select h.number, l.outcome, h.happened_on, h.posted_on, tl.line, i.sku,
            coalesce(t.code, ''), l.quantity, l.value, p.path, l.reason, l.note, h.recorded_at, l.id
        from stock_arrival_line as l
        join stock_arrival as h on h.company_id = l.company_id and h.id = l.arrival_id
        join stock_dispatch_line as s on s.company_id = l.company_id and s.id = l.dispatch_line_id
        join stock_transfer_line as tl on tl.company_id = l.company_id
            and tl.id = l.transfer_line_id
        join catalog_item as i on i.company_id = s.company_id and i.id = s.item_id
        join stock_place as p on p.company_id = l.company_id and p.id = l.place_id
        left join stock_lot as t on t.company_id = s.company_id and t.id = s.lot_id
        where l.company_id = $1 and l.transfer_id = $2
        order by recorded_at, step_id";

    /// Transfers by arrival, soonest first, with a cursor.
    LIST_TRANSFERS = "select x.id, x.number, f.code, t.code, p.path, x.depart_on, x.arrive_on,
            x.state, x.note, x.client_ref
        from stock_transfer as x
        join stock_warehouse as f on f.company_id = x.company_id and f.id = x.from_warehouse_id
        join stock_warehouse as t on t.company_id = x.company_id and t.id = x.to_warehouse_id
        join stock_place as p on p.company_id = x.company_id and p.id = x.to_place_id
        where x.company_id = $1
            and (cast($2 as {text}) is null or x.state = cast($2 as {text}))
            and (cast($3 as {text}) is null or f.code = cast($3 as {text}))
            and (cast($4 as {text}) is null or t.code = cast($4 as {text}))
            and (cast($5 as {text}) is null or exists (
                select 1 from stock_transfer_line as l
                join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
                where l.company_id = x.company_id and l.transfer_id = x.id
                    and i.sku = cast($5 as {text})))
            and (cast($6 as {text}) is null or (x.arrive_on < cast($6 as {text})
                and x.state in ('planned', 'under_way')))
            and (x.arrive_on > cast($7 as {text}) or (x.arrive_on = cast($7 as {text})
                and x.id > cast($8 as {i64})))
        order by x.arrive_on, x.id limit cast($9 as {i64})";

    /// Goods under way between warehouses, with a cursor.
    LIST_UNDER_WAY = "select l.id, i.sku, i.name, coalesce(t.code, '') as lot, l.open_quantity,
            l.quantity, l.value, x.number, f.code, w.code, h.happened_on, x.arrive_on
        from stock_dispatch_line as l
        join stock_dispatch as h on h.company_id = l.company_id and h.id = l.dispatch_id
        join stock_transfer as x on x.company_id = l.company_id and x.id = l.transfer_id
        join stock_warehouse as f on f.company_id = x.company_id and f.id = x.from_warehouse_id
        join stock_warehouse as w on w.company_id = x.company_id and w.id = x.to_warehouse_id
        join catalog_item as i on i.company_id = l.company_id and i.id = l.item_id
        left join stock_lot as t on t.company_id = l.company_id and t.id = l.lot_id
        where l.company_id = $1 and l.open_quantity > 0
            and (cast($2 as {text}) is null or i.sku = cast($2 as {text}))
            and (cast($3 as {text}) is null or f.code = cast($3 as {text}))
            and (cast($4 as {text}) is null or w.code = cast($4 as {text}))
            and (cast($5 as {text}) is null or x.arrive_on < cast($5 as {text}))
            and (x.arrive_on > cast($6 as {text}) or (x.arrive_on = cast($6 as {text})
                and l.id > cast($7 as {i64})))
        order by x.arrive_on, l.id limit cast($8 as {i64})";
}

/// The days between two warehouses; none when nobody has said.
pub(crate) fn lead_time(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    from: WarehouseId,
    to: WarehouseId,
) -> Result<i64, StoreError> {
    let found = tx.query_opt(&LEAD_TIME, params![ctx.company_id, from, to])?;
    found.map_or(Ok(0), |row| row.get(0))
}

/// Where a new transfer goes.
pub(crate) struct NewTransfer {
    pub from: WarehouseId,
    pub to: WarehouseId,
    pub to_place: PlaceId,
}

/// Writes a transfer and its lines.
pub(crate) fn insert_transfer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    new: &NewTransfer,
    planned: &TransferPlanned,
    (note, client_ref): (&str, &str),
    lines: &[(TransferLineId, ItemId, Quantity)],
) -> Result<(), StoreError> {
    tx.write(
        &INSERT_TRANSFER,
        params![
            ctx.company_id,
            planned.transfer_id,
            planned.number,
            new.from,
            new.to,
            new.to_place,
            planned.depart_on,
            planned.arrive_on,
            note,
            client_ref,
            ctx.user_id,
            ctx.at
        ],
    )?;
    let mut set = Rows::new(4);
    for (line, (id, item, quantity)) in (1_i64..).zip(lines) {
        set.push(row![id, line, item, quantity]);
    }
    tx.write(&INSERT_TRANSFER_LINES, params![ctx.company_id, planned.transfer_id; set])
}

/// The transfer that a client calls so.
pub(crate) fn transfer_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    client_ref: &str,
) -> Result<Option<TransferPlanned>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&TRANSFER_BY_REF, params![ctx.company_id, client_ref])?;
    found
        .map(|row| {
            Ok(TransferPlanned {
                transfer_id: row.get(0)?,
                number: row.get(1)?,
                depart_on: row.get(2)?,
                arrive_on: row.get(3)?,
                reserved: Vec::new(),
                repeated: true,
            })
        })
        .transpose()
}

/// A transfer with its lines, locked.
pub(crate) fn lock_transfer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: TransferId,
) -> Result<Option<Transfer>, StoreError> {
    let Some(row) = tx.query_opt(&LOCK_TRANSFER, params![ctx.company_id, id])? else {
        return Ok(None);
    };
    let lines = tx.query(&LINES_OF_TRANSFER, params![ctx.company_id, id])?;
    Ok(Some(Transfer {
        id: row.get(0)?,
        number: row.get(1)?,
        from: row.get(2)?,
        to: row.get(3)?,
        to_place: row.get(4)?,
        depart_on: row.get(5)?,
        arrive_on: row.get(6)?,
        state: row.get(7)?,
        revision: row.get(8)?,
        lines: lines.iter().map(transfer_line).collect::<Result<_, _>>()?,
    }))
}

fn transfer_line(row: &Row) -> Result<TransferLine, StoreError> {
    Ok(TransferLine {
        id: row.get(0)?,
        line: row.get(1)?,
        item_id: row.get(2)?,
        quantity: row.get(3)?,
        sent: row.get(4)?,
        accepted: row.get(5)?,
        quarantined: row.get(6)?,
        missing: row.get(7)?,
        returned: row.get(8)?,
        cancelled: row.get(9)?,
    })
}

/// Writes what a verb made of a transfer and of some of its lines.
pub(crate) fn update_transfer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer: &Transfer,
    lines: &[&TransferLine],
) -> Result<(), StoreError> {
    let company = ctx.company_id;
    let Transfer { id, depart_on, arrive_on, state, revision, .. } = transfer;
    tx.write_exactly(
        1,
        &UPDATE_TRANSFER,
        params![company, id, depart_on, arrive_on, state, revision],
    )?;
    let by_id: BTreeMap<TransferLineId, &TransferLine> =
        lines.iter().map(|line| (line.id, *line)).collect();
    let mut set = Rows::new(8);
    for line in by_id.values() {
        set.push(row![
            line.id,
            line.quantity,
            line.sent,
            line.accepted,
            line.quarantined,
            line.missing,
            line.returned,
            line.cancelled
        ]);
    }
    tx.write_exactly(by_id.len(), &UPDATE_TRANSFER_LINES, params![company; set])
}

/// Tells the other end what it can still expect of some lines, and when.
pub(crate) fn expect_what_is_left(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer: &Transfer,
    lines: impl IntoIterator<Item = usize>,
) -> Result<(), TransferError> {
    let lines: BTreeSet<usize> = lines.into_iter().collect();
    let mut expected = Vec::with_capacity(lines.len());
    for line in lines.into_iter().map(|at| &transfer.lines[at]) {
        expected.push(Expectation {
            source_id: line.id.raw(),
            item_id: line.item_id,
            quantity: line.expected()?,
            due_on: transfer.arrive_on,
        });
    }
    amend_expectations(tx, ctx, Way::Incoming, TRANSFER_LINE, &expected)?;
    Ok(())
}

/// Counts goods as shipped that left without having been kept.
pub(crate) fn ship_unreserved(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    left: impl Iterator<Item = (DemandId, Quantity)>,
) -> Result<(), StoreError> {
    let mut set = Rows::new(5);
    let mut demands = 0;
    for (demand, quantity) in left {
        set.push(row![demand, 0_i64, quantity, 0_i64, false]);
        demands += 1;
    }
    tx.write_exactly(demands, &UPDATE_DEMANDS, params![ctx.company_id; set])
}

/// What one move sent of a line.
pub(crate) struct SentRow {
    pub id: DispatchLineId,
    pub line_id: TransferLineId,
    pub item_id: ItemId,
    pub lot: i64,
    pub quantity: Quantity,
    pub value: i64,
    pub move_id: MoveId,
}

/// Writes a dispatch.
pub(crate) fn insert_dispatch(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer: &Transfer,
    sent: &TransferSent,
    happened_on: Day,
    request: &SendTransfer,
    entry_id: Option<EntryId>,
) -> Result<(), StoreError> {
    tx.write(
        &INSERT_DISPATCH,
        params![
            ctx.company_id,
            sent.dispatch_id,
            sent.number,
            transfer.id,
            happened_on,
            sent.posted_on,
            request.carrier,
            request.tracking,
            request.client_ref,
            entry_id.map_or(0, Id::raw),
            ctx.user_id,
            ctx.at
        ],
    )
}

/// Writes the lines of a dispatch.
pub(crate) fn insert_dispatch_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer: &Transfer,
    dispatch_id: DispatchId,
    rows: &[SentRow],
) -> Result<(), StoreError> {
    let mut set = Rows::new(7);
    for r in rows {
        set.push(row![r.id, r.line_id, r.item_id, r.lot, r.quantity, r.value, r.move_id]);
    }
    tx.write(&INSERT_DISPATCH_LINES, params![ctx.company_id, dispatch_id, transfer.id; set])
}

/// The dispatch of a transfer that a client calls so.
pub(crate) fn dispatch_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer: &Transfer,
    client_ref: &str,
) -> Result<Option<TransferSent>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&DISPATCH_BY_REF, params![ctx.company_id, transfer.id, client_ref])?;
    found
        .map(|row| {
            Ok(TransferSent {
                dispatch_id: row.get(0)?,
                number: row.get(1)?,
                posted_on: row.get(2)?,
                state: transfer.state,
                repeated: true,
            })
        })
        .transpose()
}

/// What one move sent and is still under way.
#[derive(Clone, Debug)]
pub(crate) struct UnderWay {
    pub id: DispatchLineId,
    pub line_id: TransferLineId,
    pub item_id: ItemId,
    pub lot_id: i64,
    pub lot: String,
    pub open: Quantity,
    pub move_id: MoveId,
}

/// What is under way of a locked transfer, first sent first.
pub(crate) fn under_way(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer_id: TransferId,
) -> Result<Vec<UnderWay>, StoreError> {
    let found = tx.query(&UNDER_WAY_OF, params![ctx.company_id, transfer_id])?;
    let read = |row: &Row| {
        Ok(UnderWay {
            id: row.get(0)?,
            line_id: row.get(1)?,
            item_id: row.get(2)?,
            lot_id: row.get(3)?,
            lot: row.get(4)?,
            open: row.get(5)?,
            move_id: row.get(6)?,
        })
    };
    found.iter().map(read).collect()
}

/// Lowers what is under way.
pub(crate) fn lower_under_way(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    settled: impl Iterator<Item = (DispatchLineId, Quantity)>,
) -> Result<(), TransferError> {
    let mut by_id: BTreeMap<DispatchLineId, Quantity> = BTreeMap::new();
    for (id, quantity) in settled {
        let sum = by_id.entry(id).or_default();
        *sum = sum.checked_add(quantity)?;
    }
    let mut set = Rows::new(2);
    by_id.iter().for_each(|(id, quantity)| set.push(row![id, quantity]));
    tx.write_exactly(by_id.len(), &LOWER_UNDER_WAY, params![ctx.company_id; set])?;
    Ok(())
}

/// What became of a part.
pub(crate) struct ArrivalRow {
    pub id: ArrivalLineId,
    pub line_id: TransferLineId,
    pub dispatch_line_id: DispatchLineId,
    pub outcome: ArrivalOutcome,
    pub quantity: Quantity,
    pub place_id: PlaceId,
    pub value: i64,
    pub move_id: MoveId,
    pub reason: String,
    pub note: String,
}

/// Writes an arrival.
pub(crate) fn insert_arrival(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer: &Transfer,
    received: &TransferReceived,
    happened_on: Day,
    (client_ref, entry_id): (&str, Option<EntryId>),
) -> Result<(), StoreError> {
    tx.write(
        &INSERT_ARRIVAL,
        params![
            ctx.company_id,
            received.arrival_id,
            received.number,
            transfer.id,
            happened_on,
            received.posted_on,
            client_ref,
            entry_id.map_or(0, Id::raw),
            ctx.user_id,
            ctx.at
        ],
    )
}

/// Writes the lines of an arrival.
pub(crate) fn insert_arrival_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer: &Transfer,
    arrival_id: ArrivalId,
    rows: &[ArrivalRow],
) -> Result<(), StoreError> {
    let mut set = Rows::new(10);
    for r in rows {
        set.push(row![
            r.id,
            r.line_id,
            r.dispatch_line_id,
            r.outcome,
            r.quantity,
            r.place_id,
            r.value,
            r.move_id,
            r.reason,
            r.note
        ]);
    }
    tx.write(&INSERT_ARRIVAL_LINES, params![ctx.company_id, arrival_id, transfer.id; set])
}

/// The arrival of a transfer that a client calls so.
pub(crate) fn arrival_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer: &Transfer,
    client_ref: &str,
) -> Result<Option<TransferReceived>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&ARRIVAL_BY_REF, params![ctx.company_id, transfer.id, client_ref])?;
    found
        .map(|row| {
            Ok(TransferReceived {
                arrival_id: row.get(0)?,
                number: row.get(1)?,
                posted_on: row.get(2)?,
                state: transfer.state,
                repeated: true,
            })
        })
        .transpose()
}
