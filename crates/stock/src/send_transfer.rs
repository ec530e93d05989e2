//! `send_transfer`: goods of a transfer leave; from now on they are in transit.

use crate::demand::{Pick, Standing, demands_of, pick, reserve};
use crate::model::lot_key;
use crate::places::Warehouse;
use crate::post::{Draw, Move, Posted, Posting, post};
use crate::tables::{self, SentRow};
use crate::transfer::{TRANSFER, Transfer, TransferError, TransferLine, TransferState, lock, tell};
use accounting::Area;
use base::{
    Day, DemandId, DispatchId, DispatchLineId, Id, NumberError, Quantity, TransferId, check_text,
};
use catalog::Tracking;
use identity::{Ctx, Permission};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Tx;
use utoipa::ToSchema;

/// May send goods of a transfer from a warehouse.
pub const SEND_TRANSFER: Permission = Permission("stock.send_transfer");

/// Goods of a transfer that leave.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SendTransfer {
    /// The transfer.
    pub transfer_id: TransferId,
    /// What leaves; everything that is kept for it when absent.
    #[serde(default)]
    pub lines: Option<Vec<TransferQuantity>>,
    /// When they left; today when absent.
    #[serde(default)]
    pub happened_on: Option<Day>,
    /// Who carries them.
    #[serde(default)]
    pub carrier: String,
    /// The carrier's number.
    #[serde(default)]
    pub tracking: String,
    /// What the caller calls the dispatch: a second request with it is the same.
    #[serde(default)]
    pub client_ref: String,
}

/// A quantity of a transfer's line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct TransferQuantity {
    /// The line, from 1.
    pub line: i64,
    /// How much, in the stock unit.
    pub quantity: Quantity,
}

/// Goods as sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TransferSent {
    /// The dispatch.
    pub dispatch_id: DispatchId,
    /// Its spoken number.
    pub number: String,
    /// The books' day.
    pub posted_on: Day,
    /// Where the transfer stands now.
    pub state: TransferState,
    /// Whether it had been sent before; nothing was written then.
    pub repeated: bool,
}

/// Sends goods of a transfer. They leave by what is kept for them; what is asked beyond that is
/// kept first. They stay ours, at the cost that they had, in the account of goods in transit.
///
/// # Errors
/// The first broken rule in the order of [`TransferError`].
pub fn send_transfer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: SendTransfer,
) -> Result<TransferSent, TransferError> {
    ctx.require_somewhere(SEND_TRANSFER)?;
    for (field, text) in [
        ("carrier", &request.carrier),
        ("tracking", &request.tracking),
        ("client_ref", &request.client_ref),
    ] {
        check_text(field, text, 200)?;
    }
    let mut transfer = lock(tx, ctx, request.transfer_id)?;
    ctx.require_in(SEND_TRANSFER, transfer.from)?;
    if let Some(earlier) = tables::dispatch_by_ref(tx, ctx, &transfer, &request.client_ref)? {
        return Ok(earlier);
    }
    transfer.require_open()?;
    let warehouse = transfer.warehouse(tx, ctx, transfer.from)?;
    let demands = by_line(demands_of(tx, ctx, TRANSFER, &[transfer.id.raw()])?);
    let wanted = wanted(&transfer, &demands, request.lines.as_deref())?;
    let taken = take(tx, ctx, &transfer, demands, &wanted)?;
    record(tx, ctx, &mut transfer, &taken, &request, &warehouse)
}

/// How much of each line leaves, by its position: what is asked, or what is kept.
fn wanted(
    transfer: &Transfer,
    demands: &Demands,
    asked: Option<&[TransferQuantity]>,
) -> Result<BTreeMap<usize, Quantity>, TransferError> {
    let mut wanted: BTreeMap<usize, Quantity> = BTreeMap::new();
    let Some(asked) = asked else {
        for (at, line) in transfer.lines.iter().enumerate() {
            let kept = of_line(demands, line).iter().map(|demand| demand.reserved);
            let kept = Quantity::checked_sum(kept)?;
            if kept.is_positive() {
                wanted.insert(at, kept);
            }
        }
        let number = transfer.number.clone();
        return match wanted.is_empty() {
            true => Err(TransferError::NothingToSend { number }),
            false => Ok(wanted),
        };
    };
    if asked.is_empty() {
        return Err(TransferError::Empty);
    }
    for TransferQuantity { line, quantity } in asked {
        let (line, quantity) = (*line, *quantity);
        let at = transfer.position(line)?;
        if !quantity.is_positive() {
            return Err(TransferError::NotPositive { line, quantity });
        }
        let sum = wanted.entry(at).or_default();
        *sum = sum.checked_add(quantity)?;
        let planned = transfer.lines[at].to_send()?;
        if *sum > planned {
            return Err(TransferError::ExceedsPlanned { line, planned, quantity: *sum });
        }
    }
    Ok(wanted)
}

/// A transfer's demands by its line's id. A line that was raised has several.
type Demands = BTreeMap<i64, Vec<Standing>>;

fn by_line(demands: Vec<Standing>) -> Demands {
    let mut lines = Demands::new();
    for demand in demands {
        lines.entry(demand.line_id).or_default().push(demand);
    }
    lines
}

fn of_line<'d>(demands: &'d Demands, line: &TransferLine) -> &'d [Standing] {
    demands.get(&line.id.raw()).map_or(&[], Vec::as_slice)
}

/// What one move takes.
struct Taken {
    /// The line's position among the transfer's lines.
    at: usize,
    quantity: Quantity,
    demand_id: DemandId,
    /// Where it is kept; none for what may leave below zero.
    from: Option<Pick>,
}

/// Keeps what is asked beyond what is kept already, and takes each line from where it is kept.
fn take(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer: &Transfer,
    mut demands: Demands,
    wanted: &BTreeMap<usize, Quantity>,
) -> Result<Vec<Taken>, TransferError> {
    let lacking = lacking(transfer, &demands, wanted)?;
    if !lacking.is_empty() {
        let kept = reserve(tx, ctx, &lacking)?;
        let kept = lacking.iter().map(|(demand, _)| demand.demand_id).zip(kept);
        let kept: BTreeMap<DemandId, Quantity> = kept.collect();
        for demand in demands.values_mut().flatten() {
            let more = kept.get(&demand.demand_id).copied().unwrap_or_default();
            demand.reserved = demand.reserved.checked_add(more)?;
        }
    }
    let ids: Vec<DemandId> = demands.values().flatten().map(|d| d.demand_id).collect();
    let mut picks: BTreeMap<DemandId, Vec<Pick>> = BTreeMap::new();
    for pick in pick(tx, ctx, &ids)? {
        picks.entry(pick.demand_id).or_default().push(pick);
    }
    let mut taken = Vec::new();
    let mut short = Vec::new();
    for (&at, &quantity) in wanted {
        let mut missing = quantity;
        for demand in of_line(&demands, &transfer.lines[at]) {
            for pick in picks.get(&demand.demand_id).into_iter().flatten() {
                let quantity = pick.quantity.min(missing);
                if quantity.is_positive() {
                    missing = missing.checked_sub(quantity)?;
                    let demand_id = demand.demand_id;
                    taken.push(Taken { at, quantity, demand_id, from: Some(*pick) });
                }
            }
        }
        if missing.is_positive() {
            short.push((at, missing));
        }
    }
    taken.extend(below_zero(tx, ctx, transfer, &demands, wanted, short)?);
    Ok(taken)
}

/// Which demands have to be raised by how much, for a line to leave as asked.
fn lacking(
    transfer: &Transfer,
    demands: &Demands,
    wanted: &BTreeMap<usize, Quantity>,
) -> Result<Vec<(Standing, Quantity)>, NumberError> {
    let mut lacking = Vec::new();
    for (&at, &quantity) in wanted {
        let of_line = of_line(demands, &transfer.lines[at]);
        let kept = Quantity::checked_sum(of_line.iter().map(|demand| demand.reserved))?;
        let mut lack = quantity.checked_sub(kept)?;
        for demand in of_line {
            let part = demand.missing()?.min(lack);
            if part.is_positive() {
                lack = lack.checked_sub(part)?;
                lacking.push((*demand, part));
            }
        }
    }
    Ok(lacking)
}

/// What leaves though the books do not have it: only where policy allows, and only goods that no
/// lot tells apart.
fn below_zero(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer: &Transfer,
    demands: &Demands,
    wanted: &BTreeMap<usize, Quantity>,
    short: Vec<(usize, Quantity)>,
) -> Result<Vec<Taken>, TransferError> {
    if short.is_empty() {
        return Ok(Vec::new());
    }
    let allowed = identity::policies(tx, ctx.company_id)?.is("negative_stock", "allowed");
    let ids: Vec<_> = short.iter().map(|(at, _)| transfer.lines[*at].item_id).collect();
    let items = catalog::items_by_id(tx, ctx.company_id, &ids)?;
    let mut taken = Vec::new();
    for (at, mut missing) in short {
        let line = &transfer.lines[at];
        let untracked = items.get(&line.item_id).is_some_and(|i| i.tracking == Tracking::None);
        if !allowed || !untracked {
            let quantity = wanted[&at];
            let kept = quantity.checked_sub(missing)?;
            return Err(TransferError::Short { line: line.line, kept, quantity });
        }
        for demand in of_line(demands, line) {
            let quantity = demand.missing()?.min(missing);
            if quantity.is_positive() {
                missing = missing.checked_sub(quantity)?;
                taken.push(Taken { at, quantity, demand_id: demand.demand_id, from: None });
            }
        }
    }
    Ok(taken)
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer: &mut Transfer,
    taken: &[Taken],
    request: &SendTransfer,
    warehouse: &Warehouse,
) -> Result<TransferSent, TransferError> {
    let dispatch_id: DispatchId = tx.id()?;
    let number = tx.number(ctx.company_id, "DI")?;
    let mut ids: Vec<DispatchLineId> = Vec::with_capacity(taken.len());
    for _ in taken {
        ids.push(tx.id()?);
    }
    let happened_on = request.happened_on.unwrap_or(ctx.today);
    let moves = ids.iter().zip(taken).map(|(id, taken)| leaving(transfer, taken, *id, warehouse));
    let posting = Posting {
        area: Area::Stock,
        happened_on,
        source_kind: "dispatch",
        source_id: dispatch_id.raw(),
        memo: format!("{number} of {}", transfer.number),
        moves: moves.collect(),
        lines: Vec::new(),
    };
    let posted = post(tx, ctx, posting)?;
    tables::ship_unreserved(tx, ctx, taken.iter().filter_map(Taken::unreserved))?;

    for taken in taken {
        let line = &mut transfer.lines[taken.at];
        line.sent = line.sent.checked_add(taken.quantity)?;
    }
    transfer.record(tx, ctx, taken.iter().map(|taken| taken.at))?;
    let sent = TransferSent {
        dispatch_id,
        number,
        posted_on: posted.posted_on,
        state: transfer.state,
        repeated: false,
    };
    let rows = sent_rows(transfer, &ids, taken, &posted);
    tables::insert_dispatch(tx, ctx, transfer, &sent, happened_on, request, posted.entry_id)?;
    tables::insert_dispatch_lines(tx, ctx, transfer, dispatch_id, &rows)?;
    let detail = serde_json::json!({
        "number": transfer.number, "dispatch": sent.number, "state": sent.state,
        "lines": rows.len(),
    });
    tell(tx, ctx, transfer, SEND_TRANSFER, "stock.transfer_sent", detail);
    Ok(sent)
}

impl Taken {
    /// What leaves without having been kept, of which demand.
    fn unreserved(&self) -> Option<(DemandId, Quantity)> {
        self.from.is_none().then_some((self.demand_id, self.quantity))
    }
}

fn leaving(transfer: &Transfer, taken: &Taken, id: DispatchLineId, warehouse: &Warehouse) -> Move {
    let item_id = transfer.lines[taken.at].item_id;
    let draw = |pick: Pick| Draw { demand_id: taken.demand_id, reserved: pick.quantity };
    let from = taken.from.map_or(warehouse.stock, |pick| pick.place_id);
    Move {
        lot_id: taken.from.and_then(|pick| pick.lot_id),
        draw: taken.from.map(draw),
        line_id: id.raw(),
        ..Move::plain(item_id, from, warehouse.transit, taken.quantity)
    }
}

fn sent_rows(
    transfer: &Transfer,
    ids: &[DispatchLineId],
    taken: &[Taken],
    posted: &Posted,
) -> Vec<SentRow> {
    let rows = ids.iter().zip(taken).zip(&posted.moves).map(|((id, taken), moved)| SentRow {
        id: *id,
        line_id: transfer.lines[taken.at].id,
        item_id: transfer.lines[taken.at].item_id,
        lot: lot_key(taken.from.and_then(|pick| pick.lot_id)),
        quantity: taken.quantity,
        value: moved.value,
        move_id: moved.move_id,
    });
    rows.collect()
}
