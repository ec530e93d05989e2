//! A transfer: goods of ours that go from one warehouse to another, by way of transit.

use crate::demand::DemandError;
use crate::places::Warehouse;
use crate::post::PostError;
use crate::tables;
use base::{
    Day, DayError, Id, ItemId, NumberError, PlaceId, Problem, Quantity, Rule, TextError,
    TransferId, TransferLineId, WarehouseId,
};
use identity::{Ctx, Denied};
use store::{StoreError, Tx};

/// The owner of a transfer's demands, the source of its dispatches' and arrivals' facts.
pub(crate) const TRANSFER: &str = "transfer";
/// The source of what is expected at the other end.
pub(crate) const TRANSFER_LINE: &str = "transfer_line";

store::words! {
    /// Where a transfer stands.
    TransferState: "planned, under_way, closed, cancelled" {
        /// Nothing has left yet.
        Planned = "planned",
        /// Something has left, and not everything has been accounted for.
        UnderWay = "under_way",
        /// Everything that left has been accounted for, and nothing more leaves.
        Closed = "closed",
        /// Called off before anything left.
        Cancelled = "cancelled",
    }

    /// What became of goods that were under way.
    ArrivalOutcome: "accepted, quarantine, missing, returned" {
        /// They arrived and can be used.
        Accepted = "accepted",
        /// They arrived and wait for a decision.
        Quarantine = "quarantine",
        /// They did not arrive and will not.
        Missing = "missing",
        /// They came back to where they left from.
        Returned = "returned",
    }
}

/// A transfer, locked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Transfer {
    pub id: TransferId,
    pub number: String,
    pub from: WarehouseId,
    pub to: WarehouseId,
    pub to_place: PlaceId,
    pub depart_on: Day,
    pub arrive_on: Day,
    pub state: TransferState,
    pub revision: i64,
    pub lines: Vec<TransferLine>,
}

/// A line of it, in the item's stock unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct TransferLine {
    pub id: TransferLineId,
    pub line: i64,
    pub item_id: ItemId,
    pub quantity: Quantity,
    pub sent: Quantity,
    pub accepted: Quantity,
    pub quarantined: Quantity,
    pub missing: Quantity,
    pub returned: Quantity,
    pub cancelled: Quantity,
}

impl TransferLine {
    /// What is still to leave.
    pub fn to_send(&self) -> Result<Quantity, NumberError> {
        self.quantity.checked_sub(self.sent)?.checked_sub(self.cancelled)
    }

    /// What has left and is not accounted for.
    pub fn under_way(&self) -> Result<Quantity, NumberError> {
        [self.accepted, self.quarantined, self.missing, self.returned]
            .into_iter()
            .try_fold(self.sent, Quantity::checked_sub)
    }

    /// What the other end can still expect.
    pub fn expected(&self) -> Result<Quantity, NumberError> {
        self.to_send()?.checked_add(self.under_way()?)
    }

    /// Takes note of what became of a part that was under way.
    pub fn settle(
        &mut self,
        outcome: ArrivalOutcome,
        quantity: Quantity,
    ) -> Result<(), NumberError> {
        let heap = match outcome {
            ArrivalOutcome::Accepted => &mut self.accepted,
            ArrivalOutcome::Quarantine => &mut self.quarantined,
            ArrivalOutcome::Missing => &mut self.missing,
            ArrivalOutcome::Returned => &mut self.returned,
        };
        *heap = heap.checked_add(quantity)?;
        Ok(())
    }
}

impl Transfer {
    /// The position of a line among the lines.
    pub fn position(&self, line: i64) -> Result<usize, TransferError> {
        self.lines
            .binary_search_by_key(&line, |line| line.line)
            .map_err(|_| TransferError::UnknownLine { number: self.number.clone(), line })
    }

    /// Where it stands by what its lines say.
    pub fn derived_state(&self) -> Result<TransferState, NumberError> {
        let mut open = false;
        let mut left = false;
        for line in &self.lines {
            open |= line.expected()?.is_positive();
            left |= line.sent.is_positive();
        }
        Ok(match (left, open) {
            (false, true) => TransferState::Planned,
            (true, true) => TransferState::UnderWay,
            (true, false) => TransferState::Closed,
            (false, false) => TransferState::Cancelled,
        })
    }

    /// Refuses what is closed or cancelled.
    pub fn require_open(&self) -> Result<(), TransferError> {
        match self.state {
            TransferState::Planned | TransferState::UnderWay => Ok(()),
            state => Err(TransferError::NotOpen { number: self.number.clone(), state }),
        }
    }

    /// A warehouse of it.
    pub fn warehouse(
        &self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        id: WarehouseId,
    ) -> Result<Warehouse, StoreError> {
        crate::warehouse(tx, ctx.company_id, id)?.ok_or_else(|| {
            StoreError::Unusable(format!("transfer {} names no warehouse", self.number))
        })
    }

    /// Writes what a verb made of it and of the lines at `changed`: its state follows from them.
    pub fn record(
        &mut self,
        tx: &mut Tx<'_>,
        ctx: &Ctx,
        changed: impl IntoIterator<Item = usize>,
    ) -> Result<(), TransferError> {
        self.state = self.derived_state()?;
        let lines: Vec<&TransferLine> = changed.into_iter().map(|at| &self.lines[at]).collect();
        tables::update_transfer(tx, ctx, self, &lines)?;
        self.revision += 1;
        Ok(())
    }
}

/// Loads a transfer and locks it.
pub(crate) fn lock(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer_id: TransferId,
) -> Result<Transfer, TransferError> {
    tables::lock_transfer(tx, ctx, transfer_id)?.ok_or(TransferError::NotFound { transfer_id })
}

/// Why a transfer could not be made, changed, sent or received, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum TransferError {
    /// No permission in the warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text that cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// No such transfer.
    #[error("there is no transfer {transfer_id}")]
    NotFound {
        /// What was asked.
        transfer_id: TransferId,
    },
    /// No such warehouse.
    #[error("there is no warehouse {code:?}; write its code")]
    UnknownWarehouse {
        /// What was given.
        code: String,
    },
    /// Both ends are the same.
    #[error("{code} is both ends of the transfer; goods within a warehouse are relocated instead")]
    SameWarehouse {
        /// The warehouse.
        code: String,
    },
    /// A number of days below zero or beyond a year.
    #[error("{days} days is no time between warehouses; write 0 to 366")]
    BadLeadTime {
        /// What was given.
        days: i64,
    },
    /// No such place in the warehouse.
    #[error(
        "there is no place {place:?} in warehouse {warehouse}; write its path, such as WH/Stock"
    )]
    UnknownPlace {
        /// What was given.
        place: String,
        /// The warehouse's code.
        warehouse: String,
    },
    /// Goods would arrive before they leave.
    #[error("the goods would arrive on {arrive_on}, before they leave on {depart_on}")]
    ArrivesBeforeDeparture {
        /// When they leave.
        depart_on: Day,
        /// When they arrive.
        arrive_on: Day,
    },
    /// A day beyond the calendar.
    #[error(transparent)]
    Day(#[from] DayError),
    /// No lines.
    #[error("the request has no lines; name items and quantities")]
    Empty,
    /// It is over.
    #[error("transfer {number} is {state}; nothing of it can be changed any more")]
    NotOpen {
        /// The transfer.
        number: String,
        /// Where it stands.
        state: TransferState,
    },
    /// Its departure is over.
    #[error("goods of transfer {number} have left; its departure stays {depart_on}")]
    HasLeft {
        /// The transfer.
        number: String,
        /// When they left by the plan.
        depart_on: Day,
    },
    /// No such line.
    #[error("transfer {number} has no line {line}")]
    UnknownLine {
        /// The transfer.
        number: String,
        /// What was given.
        line: i64,
    },
    /// No such item.
    #[error("line {line}: there is no item {sku:?}")]
    UnknownItem {
        /// The line, from 1.
        line: i64,
        /// What was given.
        sku: String,
    },
    /// A service or a kit.
    #[error("line {line}: {sku} is never on a shelf; transfer goods, of a kit its components")]
    NotGoods {
        /// The line.
        line: i64,
        /// The item.
        sku: String,
    },
    /// A quantity of nothing or less.
    #[error("line {line}: a quantity of {quantity} cannot go; it must be above zero")]
    NotPositive {
        /// The line.
        line: i64,
        /// What was given.
        quantity: Quantity,
    },
    /// A part of a whole unit.
    #[error("line {line}: {quantity} is not a whole number of {unit}")]
    NotWhole {
        /// The line.
        line: i64,
        /// What was given.
        quantity: Quantity,
        /// The stock unit.
        unit: String,
    },
    /// Less than has left already.
    #[error("line {line}: {sent} has left already; the line cannot become {quantity}")]
    BelowSent {
        /// The line.
        line: i64,
        /// What has left.
        sent: Quantity,
        /// What was given.
        quantity: Quantity,
    },
    /// More than is planned.
    #[error("line {line}: {quantity} asked, {planned} still to leave; amend the transfer first")]
    ExceedsPlanned {
        /// The line.
        line: i64,
        /// What is still to leave.
        planned: Quantity,
        /// What was asked.
        quantity: Quantity,
    },
    /// Less is there than was asked.
    #[error("line {line}: {quantity} asked, {kept} there; send what is there")]
    Short {
        /// The line.
        line: i64,
        /// What can leave.
        kept: Quantity,
        /// What was asked.
        quantity: Quantity,
    },
    /// Nothing is kept for it.
    #[error("nothing is kept for transfer {number}; name the lines, or wait for goods")]
    NothingToSend {
        /// The transfer.
        number: String,
    },
    /// Everything has left.
    #[error("everything of transfer {number} has left; record what arrives, is missing or returns")]
    NothingToCancel {
        /// The transfer.
        number: String,
    },
    /// Nothing is under way.
    #[error("nothing of transfer {number} is under way; send it first")]
    NothingUnderWay {
        /// The transfer.
        number: String,
    },
    /// More than is under way.
    #[error(
        "line {line}: {quantity} given, {under_way} under way; adjust the warehouse if more came"
    )]
    ExceedsSent {
        /// The line.
        line: i64,
        /// What is under way, of the lot if one is named.
        under_way: Quantity,
        /// What was given.
        quantity: Quantity,
    },
    /// Missing goods need a reason.
    #[error("line {line}: there is no reason {code:?} for what is missing; use one of: {known}")]
    UnknownReason {
        /// The line.
        line: i64,
        /// What was given.
        code: String,
        /// What there is.
        known: String,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The goods could not be kept or let go.
    #[error(transparent)]
    Demand(#[from] DemandError),
    /// The goods could not be moved.
    #[error(transparent)]
    Post(#[from] PostError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for TransferError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        let on = |code, line: &i64| {
            Problem::refused(code, detail.clone()).with_line(u32::try_from(*line).unwrap_or(0))
        };
        match self {
            TransferError::Denied(error) => error.problem(),
            TransferError::Text(error) => error.problem(),
            TransferError::Day(error) => error.problem(),
            TransferError::Number(error) => error.problem(),
            TransferError::Demand(error) => error.problem(),
            TransferError::Post(error) => error.problem(),
            TransferError::Store(error) => error.problem(),
            TransferError::NotFound { .. } => Problem::not_found("transfer_not_found", detail),
            TransferError::UnknownWarehouse { .. } => {
                Problem::not_found("warehouse_not_found", detail)
            }
            TransferError::SameWarehouse { .. } => Problem::refused("same_warehouse", detail),
            TransferError::BadLeadTime { .. } => {
                Problem::invalid("lead_time_out_of_range", detail).with_field("days")
            }
            TransferError::UnknownPlace { .. } => Problem::refused("unknown_place", detail),
            TransferError::ArrivesBeforeDeparture { .. } => {
                Problem::refused("arrives_before_departure", detail)
            }
            TransferError::Empty => Problem::invalid("transfer_empty", detail).with_field("lines"),
            TransferError::NotOpen { .. } => Problem::refused("transfer_not_open", detail),
            TransferError::HasLeft { .. } => Problem::refused("transfer_has_left", detail),
            TransferError::NothingToSend { .. } => Problem::refused("nothing_to_send", detail),
            TransferError::NothingToCancel { .. } => Problem::refused("nothing_to_cancel", detail),
            TransferError::NothingUnderWay { .. } => Problem::refused("nothing_under_way", detail),
            TransferError::UnknownLine { line, .. } => on("unknown_line", line),
            TransferError::UnknownItem { line, .. } => on("item_not_found", line),
            TransferError::NotGoods { line, .. } => on("not_goods", line),
            TransferError::NotPositive { line, .. } => on("quantity_not_positive", line),
            TransferError::NotWhole { line, .. } => on("quantity_not_whole", line),
            TransferError::BelowSent { line, .. } => on("below_sent", line),
            TransferError::ExceedsPlanned { line, .. } => on("exceeds_planned", line),
            TransferError::Short { line, .. } => on("insufficient_stock", line),
            TransferError::ExceedsSent { line, .. } => on("exceeds_sent", line),
            TransferError::UnknownReason { line, .. } => on("unknown_reason", line),
        }
    }
}

/// What a document's owner is told in facts and audit rows.
pub(crate) fn tell(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    transfer: &Transfer,
    permission: identity::Permission,
    fact: &'static str,
    detail: serde_json::Value,
) {
    ctx.audit(tx, permission, TRANSFER, transfer.id.raw(), detail.clone());
    ctx.fact(tx, TRANSFER, transfer.id.raw(), transfer.revision, fact, detail);
}
