//! `receive_transfer`: what became of goods that were under way.

use crate::places::Warehouse;
use crate::post::{Counter, Move, Posted, Posting, post};
use crate::reasons::reason_accounts;
use crate::tables::{self, ArrivalRow, UnderWay};
use crate::transfer::{ArrivalOutcome, Transfer, TransferError, TransferState, lock, tell};
use accounting::{Account, Area, Role};
use base::{
    ArrivalId, ArrivalLineId, Day, Id, LotId, PlaceId, Quantity, TransferId, TransferLineId,
    check_text,
};
use identity::{Ctx, Permission};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::Tx;
use utoipa::ToSchema;
use valuation::{Cost, Kind};

/// May receive goods of a transfer at a warehouse.
pub const RECEIVE_TRANSFER: Permission = Permission("stock.receive_transfer");

/// What became of goods that were under way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ReceiveTransfer {
    /// The transfer.
    pub transfer_id: TransferId,
    /// What was found; everything under way arrived when absent.
    #[serde(default)]
    pub lines: Option<Vec<ArrivedLine>>,
    /// When; today when absent.
    #[serde(default)]
    pub happened_on: Option<Day>,
    /// What the caller calls the arrival: a second request with it is the same.
    #[serde(default)]
    pub client_ref: String,
}

/// What became of a part of a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ArrivedLine {
    /// The line, from 1.
    pub line: i64,
    /// How much, in the stock unit.
    pub quantity: Quantity,
    /// What became of it.
    #[serde(default = "accepted")]
    pub outcome: ArrivalOutcome,
    /// The lot's code; of any lot when absent, first sent first.
    #[serde(default)]
    pub lot: Option<String>,
    /// The path of the place where it lies; as planned when absent. Only for accepted goods.
    #[serde(default)]
    pub place: Option<String>,
    /// The reason's code, for missing goods.
    #[serde(default)]
    pub reason: String,
    /// What there is to say: the damage, who was asked.
    #[serde(default)]
    pub note: String,
}

fn accepted() -> ArrivalOutcome {
    ArrivalOutcome::Accepted
}

/// What was received.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct TransferReceived {
    /// The arrival.
    pub arrival_id: ArrivalId,
    /// Its spoken number.
    pub number: String,
    /// The books' day.
    pub posted_on: Day,
    /// Where the transfer stands now.
    pub state: TransferState,
    /// Whether it had been received before; nothing was written then.
    pub repeated: bool,
}

/// Receives goods of a transfer at the cost that they left with. What is missing goes to the
/// account of a reason, and what is found damaged to quarantine; what is not named stays under way.
///
/// # Errors
/// The first broken rule in the order of [`TransferError`].
pub fn receive_transfer(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ReceiveTransfer,
) -> Result<TransferReceived, TransferError> {
    ctx.require_somewhere(RECEIVE_TRANSFER)?;
    check_texts(&request)?;
    let mut transfer = lock(tx, ctx, request.transfer_id)?;
    ctx.require_in(RECEIVE_TRANSFER, transfer.to)?;
    if let Some(earlier) = tables::arrival_by_ref(tx, ctx, &transfer, &request.client_ref)? {
        return Ok(earlier);
    }
    transfer.require_open()?;
    let known = Known::load(tx, ctx, &transfer, &request)?;
    let settled = decide(&transfer, &known, request.lines.as_deref())?;
    record(tx, ctx, &mut transfer, &settled, &request, &known)
}

fn check_texts(request: &ReceiveTransfer) -> Result<(), TransferError> {
    check_text("client_ref", &request.client_ref, 200)?;
    for line in request.lines.iter().flatten() {
        check_text("reason", &line.reason, 64)?;
        check_text("note", &line.note, 500)?;
    }
    Ok(())
}

/// What the decision needs to know.
struct Known {
    from: Warehouse,
    to: Warehouse,
    under_way: Vec<UnderWay>,
    reasons: BTreeMap<String, Role>,
    places: BTreeMap<String, PlaceId>,
}

impl Known {
    fn load(
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        transfer: &Transfer,
        request: &ReceiveTransfer,
    ) -> Result<Known, TransferError> {
        let to = transfer.warehouse(tx, ctx, transfer.to)?;
        let paths = request.lines.iter().flatten().filter_map(|line| line.place.as_deref());
        let found = crate::find_places(tx, ctx.company_id, paths)?;
        let inside = found
            .into_iter()
            .filter(|(_, place)| place.warehouse_id == to.warehouse_id && place.kind.holds_stock());
        Ok(Known {
            places: inside.map(|(path, place)| (path, place.place_id)).collect(),
            from: transfer.warehouse(tx, ctx, transfer.from)?,
            under_way: tables::under_way(tx, ctx, transfer.id)?,
            reasons: reason_accounts(tx, ctx)?,
            to,
        })
    }

    /// Where goods of a line end, and the account of what is lost.
    fn end(
        &self,
        transfer: &Transfer,
        asked: &ArrivedLine,
    ) -> Result<(PlaceId, Option<Role>), TransferError> {
        Ok(match (asked.outcome, &asked.place) {
            (ArrivalOutcome::Accepted, None) => (transfer.to_place, None),
            (ArrivalOutcome::Accepted, Some(path)) => {
                let place = self.places.get(path).copied();
                let unknown = || TransferError::UnknownPlace {
                    place: path.clone(),
                    warehouse: self.to.code.clone(),
                };
                (place.ok_or_else(unknown)?, None)
            }
            (ArrivalOutcome::Quarantine, _) => (self.to.quarantine, None),
            (ArrivalOutcome::Returned, _) => (self.from.stock, None),
            (ArrivalOutcome::Missing, _) => {
                let role = self.reasons.get(&asked.reason).copied();
                let unknown = || TransferError::UnknownReason {
                    line: asked.line,
                    code: asked.reason.clone(),
                    known: self.reasons.keys().cloned().collect::<Vec<_>>().join(", "),
                };
                (self.to.loss, Some(role.ok_or_else(unknown)?))
            }
        })
    }
}

/// A part of what one move sent, and what became of it.
struct Settled {
    /// The line's position among the transfer's lines.
    at: usize,
    of: UnderWay,
    quantity: Quantity,
    outcome: ArrivalOutcome,
    place: PlaceId,
    loss: Option<Role>,
    reason: String,
    note: String,
}

/// Takes each line asked from what is under way, first sent first.
fn decide(
    transfer: &Transfer,
    known: &Known,
    asked: Option<&[ArrivedLine]>,
) -> Result<Vec<Settled>, TransferError> {
    if known.under_way.is_empty() {
        return Err(TransferError::NothingUnderWay { number: transfer.number.clone() });
    }
    let mut under_way: BTreeMap<TransferLineId, Vec<UnderWay>> = BTreeMap::new();
    for sent in known.under_way.iter().cloned() {
        under_way.entry(sent.line_id).or_default().push(sent);
    }
    let everything: Vec<ArrivedLine>;
    let asked = match asked {
        Some([]) => return Err(TransferError::Empty),
        Some(asked) => asked,
        None => {
            everything = arrived(transfer)?;
            &everything
        }
    };
    let mut settled = Vec::with_capacity(asked.len());
    for line in asked {
        let at = transfer.position(line.line)?;
        if !line.quantity.is_positive() {
            return Err(TransferError::NotPositive { line: line.line, quantity: line.quantity });
        }
        let (place, loss) = known.end(transfer, line)?;
        let mut missing = line.quantity;
        let of_line = under_way.get_mut(&transfer.lines[at].id).into_iter().flatten();
        let of_lot = |sent: &&mut UnderWay| line.lot.as_ref().is_none_or(|lot| *lot == sent.lot);
        for sent in of_line.filter(of_lot) {
            let quantity = sent.open.min(missing);
            if quantity.is_positive() {
                missing = missing.checked_sub(quantity)?;
                sent.open = sent.open.checked_sub(quantity)?;
                settled.push(Settled {
                    at,
                    of: sent.clone(),
                    quantity,
                    outcome: line.outcome,
                    place,
                    loss,
                    reason: line.reason.clone(),
                    note: line.note.clone(),
                });
            }
        }
        if missing.is_positive() {
            let under_way = line.quantity.checked_sub(missing)?;
            let (line, quantity) = (line.line, line.quantity);
            return Err(TransferError::ExceedsSent { line, under_way, quantity });
        }
    }
    Ok(settled)
}

/// Everything under way, as arrived where it was meant to.
fn arrived(transfer: &Transfer) -> Result<Vec<ArrivedLine>, TransferError> {
    let mut lines = Vec::new();
    for line in &transfer.lines {
        let quantity = line.under_way()?;
        if quantity.is_positive() {
            lines.push(ArrivedLine {
                line: line.line,
                quantity,
                outcome: ArrivalOutcome::Accepted,
                lot: None,
                place: None,
                reason: String::new(),
                note: String::new(),
            });
        }
    }
    Ok(lines)
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer: &mut Transfer,
    settled: &[Settled],
    request: &ReceiveTransfer,
    known: &Known,
) -> Result<TransferReceived, TransferError> {
    let arrival_id: ArrivalId = tx.id()?;
    let number = tx.number(ctx.company_id, "AR")?;
    let mut ids: Vec<ArrivalLineId> = Vec::with_capacity(settled.len());
    for _ in settled {
        ids.push(tx.id()?);
    }
    let happened_on = request.happened_on.unwrap_or(ctx.today);
    let transit = known.from.transit;
    let posting = Posting {
        area: Area::Stock,
        happened_on,
        source_kind: "arrival",
        source_id: arrival_id.raw(),
        memo: format!("{number} of {}", transfer.number),
        moves: ids.iter().zip(settled).map(|(id, part)| part.arriving(*id, transit)).collect(),
        lines: Vec::new(),
    };
    let posted = post(tx, ctx, posting)?;

    for part in settled {
        transfer.lines[part.at].settle(part.outcome, part.quantity)?;
    }
    transfer.record(tx, ctx, settled.iter().map(|part| part.at))?;
    tables::expect_what_is_left(tx, ctx, transfer, settled.iter().map(|part| part.at))?;
    tables::lower_under_way(tx, ctx, settled.iter().map(|part| (part.of.id, part.quantity)))?;
    let received = TransferReceived {
        arrival_id,
        number,
        posted_on: posted.posted_on,
        state: transfer.state,
        repeated: false,
    };
    let rows = arrival_rows(&ids, settled, &posted);
    let client_ref = &request.client_ref;
    let entry_id = posted.entry_id;
    tables::insert_arrival(tx, ctx, transfer, &received, happened_on, (client_ref, entry_id))?;
    tables::insert_arrival_lines(tx, ctx, transfer, arrival_id, &rows)?;
    let detail = serde_json::json!({
        "number": transfer.number, "arrival": received.number, "state": received.state,
        "lines": rows.len(),
    });
    tell(tx, ctx, transfer, RECEIVE_TRANSFER, "stock.transfer_received", detail);
    Ok(received)
}

impl Settled {
    /// The move out of transit, at the cost of the move that brought the goods there.
    fn arriving(&self, id: ArrivalLineId, transit: PlaceId) -> Move {
        let counter = |role| Counter { account: Account::Role(role), open: None };
        Move {
            lot_id: (self.of.lot_id != 0).then(|| LotId::from_raw(self.of.lot_id)),
            cost: Cost::FromMove(self.of.move_id),
            kind: Kind::Loss,
            counter: self.loss.map(counter),
            line_id: id.raw(),
            ..Move::plain(self.of.item_id, transit, self.place, self.quantity)
        }
    }
}

fn arrival_rows(ids: &[ArrivalLineId], settled: &[Settled], posted: &Posted) -> Vec<ArrivalRow> {
    let rows = ids.iter().zip(settled).zip(&posted.moves).map(|((id, part), moved)| ArrivalRow {
        id: *id,
        line_id: part.of.line_id,
        dispatch_line_id: part.of.id,
        outcome: part.outcome,
        quantity: part.quantity,
        place_id: part.place,
        value: moved.value,
        move_id: moved.move_id,
        reason: part.reason.clone(),
        note: part.note.clone(),
    });
    rows.collect()
}
