//! `amend_transfer`, `cancel_transfer`: what has not left yet can be changed or called off.

use crate::demand::{Standing, demands_of, release, reschedule};
use crate::plan_transfer::{PLAN_TRANSFER, TransferPlanned, check_quantity, want};
use crate::send_transfer::TransferQuantity;
use crate::tables;
use crate::transfer::{TRANSFER, Transfer, TransferError, TransferState, lock, tell};
use base::{Day, Id, ItemId, Quantity, TextError, TransferId, TransferLineId, check_text};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// What of a transfer changes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AmendTransfer {
    /// The transfer.
    pub transfer_id: TransferId,
    /// New quantities of lines, in all, not below what has left; zero drops a line.
    #[serde(default)]
    pub lines: Vec<TransferQuantity>,
    /// When the goods leave, as long as nothing has.
    #[serde(default)]
    pub depart_on: Option<Day>,
    /// When they arrive.
    #[serde(default)]
    pub arrive_on: Option<Day>,
}

/// What of a transfer is called off: everything that has not left.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelTransfer {
    /// The transfer.
    pub transfer_id: TransferId,
    /// Why.
    pub reason: String,
}

/// A transfer as amended or cancelled.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TransferAmended {
    /// The transfer.
    pub transfer_id: TransferId,
    /// Its spoken number.
    pub number: String,
    /// When the goods leave.
    pub depart_on: Day,
    /// When they arrive.
    pub arrive_on: Day,
    /// Where it stands now.
    pub state: TransferState,
}

/// Changes quantities and days of a transfer. Less frees goods, more keeps them; the other end
/// expects what is left of it on the new day.
///
/// # Errors
/// The first broken rule in the order of [`TransferError`].
pub fn amend_transfer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: AmendTransfer,
) -> Result<TransferAmended, TransferError> {
    ctx.require_somewhere(PLAN_TRANSFER)?;
    let mut transfer = lock(tx, ctx, request.transfer_id)?;
    ctx.require_in(PLAN_TRANSFER, transfer.from)?;
    transfer.require_open()?;
    let departed = transfer.depart_on;
    set_days(&mut transfer, &request)?;
    let changes = changes(tx, ctx, &mut transfer, &request.lines)?;

    let demands = demands_of(tx, ctx, TRANSFER, &[transfer.id.raw()])?;
    if transfer.depart_on != departed {
        let due: Vec<_> = demands.iter().map(|d| (d.demand_id, transfer.depart_on)).collect();
        reschedule(tx, ctx, &due)?;
    }
    let lowered = lowered(&demands, &changes)?;
    release(tx, ctx, &lowered, true)?;
    let raised: Vec<(TransferLineId, ItemId, Quantity)> = changes
        .iter()
        .filter(|change| change.by.is_positive())
        .map(|change| (change.line_id, change.item_id, change.by))
        .collect();
    let planned = TransferPlanned {
        transfer_id: transfer.id,
        number: transfer.number.clone(),
        depart_on: transfer.depart_on,
        arrive_on: transfer.arrive_on,
        reserved: Vec::new(),
        repeated: false,
    };
    if !raised.is_empty() {
        want(tx, ctx, transfer.from, &planned, &raised, None)?;
    }
    finish(tx, ctx, transfer, "stock.transfer_amended", "")
}

fn set_days(transfer: &mut Transfer, request: &AmendTransfer) -> Result<(), TransferError> {
    let depart_on = request.depart_on.unwrap_or(transfer.depart_on);
    if depart_on != transfer.depart_on && transfer.state != TransferState::Planned {
        let number = transfer.number.clone();
        return Err(TransferError::HasLeft { number, depart_on: transfer.depart_on });
    }
    let arrive_on = request.arrive_on.unwrap_or(transfer.arrive_on);
    if arrive_on < depart_on {
        return Err(TransferError::ArrivesBeforeDeparture { depart_on, arrive_on });
    }
    (transfer.depart_on, transfer.arrive_on) = (depart_on, arrive_on);
    Ok(())
}

/// By how much the plan of a line changes.
struct Change {
    line_id: TransferLineId,
    item_id: ItemId,
    by: Quantity,
}

/// Sets the lines' quantities, what was cancelled before left out.
fn changes(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer: &mut Transfer,
    asked: &[TransferQuantity],
) -> Result<Vec<Change>, TransferError> {
    let ids: Vec<ItemId> = transfer.lines.iter().map(|line| line.item_id).collect();
    let items = catalog::items_by_id(tx, ctx.company_id, &ids)?;
    let mut changes = Vec::with_capacity(asked.len());
    for TransferQuantity { line, quantity } in asked {
        let (number, quantity) = (*line, *quantity);
        let at = transfer.position(number)?;
        let line = &mut transfer.lines[at];
        if !quantity.is_zero()
            && let Some(item) = items.get(&line.item_id)
        {
            check_quantity(number, item, quantity)?;
        }
        if quantity < line.sent {
            return Err(TransferError::BelowSent { line: number, sent: line.sent, quantity });
        }
        let before = line.quantity.checked_sub(line.cancelled)?;
        line.quantity = quantity.checked_add(line.cancelled)?;
        let by = quantity.checked_sub(before)?;
        changes.push(Change { line_id: line.id, item_id: line.item_id, by });
    }
    Ok(changes)
}

/// Which demands give up how much, the latest first.
fn lowered(
    demands: &[Standing],
    changes: &[Change],
) -> Result<Vec<(Standing, Quantity)>, TransferError> {
    let mut lowered = Vec::new();
    for change in changes.iter().filter(|change| change.by.is_negative()) {
        let mut surplus = change.by.negate();
        let of_line = demands.iter().filter(|demand| demand.line_id == change.line_id.raw());
        for demand in of_line.rev() {
            let part = demand.open()?.min(surplus);
            if part.is_positive() {
                surplus = surplus.checked_sub(part)?;
                lowered.push((*demand, part));
            }
        }
    }
    Ok(lowered)
}

/// Calls off what has not left: what was kept for it is free again, the other end does not expect it
/// any more. What is under way stays so.
///
/// # Errors
/// The first broken rule in the order of [`TransferError`].
pub fn cancel_transfer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CancelTransfer,
) -> Result<TransferAmended, TransferError> {
    ctx.require_somewhere(PLAN_TRANSFER)?;
    if request.reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" }.into());
    }
    check_text("reason", &request.reason, 500)?;
    let mut transfer = lock(tx, ctx, request.transfer_id)?;
    ctx.require_in(PLAN_TRANSFER, transfer.from)?;
    transfer.require_open()?;
    let mut left = false;
    for line in &mut transfer.lines {
        let open = line.to_send()?;
        left |= open.is_positive();
        line.cancelled = line.cancelled.checked_add(open)?;
    }
    if !left {
        return Err(TransferError::NothingToCancel { number: transfer.number });
    }
    let mut given_up = Vec::new();
    for demand in demands_of(tx, ctx, TRANSFER, &[transfer.id.raw()])? {
        let open = demand.open()?;
        if open.is_positive() {
            given_up.push((demand, open));
        }
    }
    release(tx, ctx, &given_up, true)?;
    finish(tx, ctx, transfer, "stock.transfer_cancelled", &request.reason)
}

fn finish(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut transfer: Transfer,
    fact: &'static str,
    reason: &str,
) -> Result<TransferAmended, TransferError> {
    let all = 0..transfer.lines.len();
    transfer.record(tx, ctx, all.clone())?;
    tables::expect_what_is_left(tx, ctx, &transfer, all)?;
    let amended = TransferAmended {
        transfer_id: transfer.id,
        number: transfer.number.clone(),
        depart_on: transfer.depart_on,
        arrive_on: transfer.arrive_on,
        state: transfer.state,
    };
    let mut detail = serde_json::json!(amended);
    if !reason.is_empty() {
        detail["reason"] = reason.into();
    }
    tell(tx, ctx, &transfer, PLAN_TRANSFER, fact, detail);
    Ok(amended)
}
