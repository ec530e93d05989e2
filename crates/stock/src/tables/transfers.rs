//! Writing and finding transfers, their dispatches and arrivals.

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
