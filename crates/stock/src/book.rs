//! Differences between shelf and books: what they are worth, whether somebody else has to agree, and
//! booking them. `adjust` and whoever counts come here.

use crate::demand::give_way;
use crate::model::{RowKey, lot_key};
use crate::post::{Counter, Move, PostError, Posting, post};
use crate::reasons::{Reason, reasons};
use crate::{rules, tables};
use accounting::{Account, Area};
use base::{
    BatchId, Day, DocumentId, Id, ItemId, LotId, NumberError, PlaceId, Problem, Quantity, Rounding,
    Rule,
};
use documents::EvidenceError;
use identity::Ctx;
use std::collections::{BTreeMap, BTreeSet};
use store::{Rows, StoreError, Tx, params, row};
use valuation::{Cost, Kind};

/// The kinds of records whose documents prove a difference.
const EVIDENCE_OF: &[&str] = &[
    "adjustment",
    "blind_receipt",
    "count",
    "customer_return",
    "item",
    "pick_list",
    "purchase_order",
    "receipt",
    "transfer",
    "unknown_goods",
    "warehouse",
];

/// A difference at one stock row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShelfDifference {
    /// The line of the caller's document.
    pub line: u32,
    /// What.
    pub item_id: ItemId,
    /// Where.
    pub place_id: PlaceId,
    /// Which lot.
    pub lot_id: Option<LotId>,
    /// What is found more (above zero) or missing (below), never zero.
    pub quantity: Quantity,
    /// The reason's code.
    pub reason: String,
    /// Documents that prove it.
    pub evidence: Vec<DocumentId>,
}

impl ShelfDifference {
    fn key(&self) -> RowKey {
        RowKey { item: self.item_id, place: self.place_id, lot: lot_key(self.lot_id) }
    }
}

/// Differences with their reasons and what they are worth at current cost.
#[derive(Clone, Debug)]
pub struct Weighed {
    pub(crate) lines: Vec<(ShelfDifference, Reason, i64)>,
    /// What the documents are called that prove them.
    pub(crate) documents: BTreeMap<DocumentId, String>,
    /// The absolute value of all lines, in minor units.
    pub amount: i64,
    /// Whether a limit of a reason or of the company is exceeded: another person has to agree.
    pub beyond: bool,
}

impl Weighed {
    /// The code of each line's reason.
    #[must_use]
    pub fn codes(&self) -> Vec<String> {
        self.lines.iter().map(|(line, ..)| line.reason.clone()).collect()
    }

    /// What the documents are called that prove a line of the caller's document.
    #[must_use]
    pub fn evidence(&self, line: u32) -> String {
        let found = self.lines.iter().find(|(difference, ..)| difference.line == line);
        found.map_or_else(String::new, |(difference, ..)| self.names(difference))
    }

    fn names(&self, difference: &ShelfDifference) -> String {
        let names = difference.evidence.iter().filter_map(|id| self.documents.get(id));
        names.map(String::as_str).collect::<Vec<_>>().join(", ")
    }
}

/// Why differences cannot be booked as asked, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum WeighError {
    /// The reason is not defined or no longer in use.
    #[error("line {line}: there is no reason {code:?}; use one of: {known}")]
    UnknownReason {
        /// The line.
        line: u32,
        /// What was given.
        code: String,
        /// What there is.
        known: String,
    },
    /// A document is no evidence.
    #[error(transparent)]
    Evidence(#[from] EvidenceError),
    /// So much needs evidence.
    #[error(
        "line {line}: a difference worth {value} needs evidence above {limit} (minor units); attach a \
         photo or paper to the item, the warehouse or the count, and name the document on the line"
    )]
    EvidenceMissing {
        /// The line.
        line: u32,
        /// Its absolute value.
        value: i64,
        /// What goes without evidence.
        limit: i64,
    },
    /// A number beyond what the books can hold.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for WeighError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            WeighError::UnknownReason { line, .. } => {
                Problem::refused("unknown_reason", detail).with_line(*line)
            }
            WeighError::Evidence(error) => error.problem(),
            WeighError::EvidenceMissing { line, .. } => {
                Problem::refused("evidence_missing", detail).with_line(*line)
            }
            WeighError::Number(error) => error.problem(),
            WeighError::Store(error) => error.problem(),
        }
    }
}

/// Weighs differences: their reasons, their value at current cost, evidence and limits.
///
/// # Errors
/// The first broken rule in the order of [`WeighError`].
pub fn weigh(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    differences: Vec<ShelfDifference>,
) -> Result<Weighed, WeighError> {
    let mut known = reasons(tx, ctx)?;
    known.retain(|_, reason| reason.active);
    let proofs = differences.iter().flat_map(|difference| difference.evidence.iter().copied());
    let documents = documents::find_evidence(tx, ctx, proofs.collect::<Vec<_>>(), EVIDENCE_OF)?;
    let policies = identity::policies(tx, ctx.company_id)?;
    let items: BTreeSet<ItemId> = differences.iter().map(|d| d.item_id).collect();
    let costs = valuation::unit_cost(tx, ctx, &items.into_iter().collect::<Vec<_>>())?;
    let mut lines = Vec::with_capacity(differences.len());
    for difference in differences {
        let reason = known.get(&difference.reason).cloned();
        let reason = reason.ok_or_else(|| WeighError::UnknownReason {
            line: difference.line,
            code: difference.reason.clone(),
            known: known.keys().cloned().collect::<Vec<_>>().join(", "),
        })?;
        let cost = costs.get(&difference.item_id).copied().unwrap_or_default();
        let value = cost.extend(difference.quantity, ctx.currency, Rounding::HalfUp)?;
        lines.push((difference, reason, value));
    }
    let evidence_above = policies.number("evidence_above");
    for (difference, reason, value) in &lines {
        let (value, limit) = (value.abs(), reason.evidence_limit.unwrap_or(evidence_above));
        if value > limit && difference.evidence.is_empty() {
            return Err(WeighError::EvidenceMissing { line: difference.line, value, limit });
        }
    }
    let approve_above = policies.number("approve_adjustments_above");
    let told = lines.iter().map(|(_, reason, value)| rules::Told {
        reason: reason.id.raw(),
        value: *value,
        line_limit: reason.line_limit,
        sheet_limit: reason.sheet_limit,
    });
    let (amount, beyond) = rules::beyond(told, approve_above)?;
    Ok(Weighed { lines, documents, amount, beyond })
}

/// The adjustment under which differences are booked.
#[derive(Clone, Debug)]
pub struct Booking {
    /// When the shelf was found to differ.
    pub happened_on: Day,
    /// What for, in words.
    pub memo: String,
    /// What the caller calls it.
    pub client_ref: String,
    /// The kind of document that it comes from, empty for none.
    pub source_kind: &'static str,
    /// That document.
    pub source_id: i64,
    /// Who agreed, when somebody had to.
    pub approved_by: Option<base::UserId>,
}

/// Differences as booked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Booked {
    /// The adjustment.
    pub adjustment_id: BatchId,
    /// Its spoken number.
    pub number: String,
    /// The books' day.
    pub posted_on: Day,
    /// The value of each line with the sign of its quantity, in minor units.
    pub values: Vec<i64>,
}

/// Why differences were not booked.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum BookError {
    /// The company has no places yet.
    #[error("the company has no warehouse yet; create one first")]
    NoWarehouse,
    /// The goods could not be moved.
    #[error(transparent)]
    Post(#[from] PostError),
    /// Reserved goods could not be freed.
    #[error(transparent)]
    Free(#[from] crate::DemandError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for BookError {
    fn problem(&self) -> Problem {
        match self {
            BookError::NoWarehouse => Problem::refused("no_warehouse", self.to_string()),
            BookError::Post(error) => error.problem(),
            BookError::Free(error) => error.problem(),
            BookError::Store(error) => error.problem(),
        }
    }
}

/// Books weighed differences in one posting: goods missing go to the loss place and the reason's
/// account, goods found come from there at current cost. Goods that go missing are freed from the
/// latest demands first, which lack them from then on. What must be explained gets an owner and a
/// day.
///
/// Allowed to every verb that has its own permission and has seen to the approval.
///
/// # Errors
/// [`BookError`]; nothing has then been written.
pub fn book(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    booking: Booking,
    weighed: &Weighed,
) -> Result<Booked, BookError> {
    let adjustment_id: BatchId = tx.id()?;
    let number = tx.number(ctx.company_id, "AD")?;
    let done = move_goods(tx, ctx, adjustment_id, &number, &booking, weighed)?;
    insert(tx, ctx, (adjustment_id, &number), &booking, weighed, Some(&done))?;
    must_explain(tx, ctx, adjustment_id, weighed, ctx.user_id.raw())?;
    let Done { posted_on, values, .. } = done;
    Ok(Booked { adjustment_id, number, posted_on, values })
}

/// What a posting of differences did.
pub(crate) struct Done {
    pub posted_on: Day,
    pub values: Vec<i64>,
    pub moves: Vec<base::MoveId>,
}

/// Frees what leaves and moves the goods.
pub(crate) fn move_goods(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    adjustment_id: BatchId,
    number: &str,
    booking: &Booking,
    weighed: &Weighed,
) -> Result<Done, BookError> {
    let loss = crate::warehouses(tx, ctx.company_id)?.first().map(|warehouse| warehouse.loss);
    let loss = loss.ok_or(BookError::NoWarehouse)?;
    free_what_leaves(tx, ctx, weighed)?;
    let posting = Posting {
        area: Area::Stock,
        happened_on: booking.happened_on,
        source_kind: "adjustment",
        source_id: adjustment_id.raw(),
        memo: format!("{number} {}", booking.memo),
        moves: weighed
            .lines
            .iter()
            .map(|(line, reason, _)| goods_move(line, reason, loss))
            .collect(),
        lines: Vec::new(),
    };
    let posted = post(tx, ctx, posting)?;
    let signed = |(line, value): (&(ShelfDifference, Reason, i64), i64)| {
        if line.0.quantity.is_negative() { -value } else { value }
    };
    let values = posted.moves.iter().map(|moved| moved.value);
    Ok(Done {
        posted_on: posted.posted_on,
        values: weighed.lines.iter().zip(values).map(signed).collect(),
        moves: posted.moves.iter().map(|moved| moved.move_id).collect(),
    })
}

fn goods_move(line: &ShelfDifference, reason: &Reason, loss: PlaceId) -> Move {
    let missing = line.quantity.is_negative();
    let (from, to) = if missing { (line.place_id, loss) } else { (loss, line.place_id) };
    Move {
        lot_id: line.lot_id,
        cost: Cost::Method,
        kind: if missing { Kind::Loss } else { Kind::Found },
        counter: Some(Counter { account: Account::Role(reason.role), open: None }),
        line_id: i64::from(line.line),
        ..Move::plain(line.item_id, from, to, line.quantity.abs())
    }
}

/// Frees reserved goods at rows where less is free than goes missing.
fn free_what_leaves(tx: &mut Tx<'_>, ctx: &Ctx, weighed: &Weighed) -> Result<(), BookError> {
    let mut leaving: BTreeMap<RowKey, Quantity> = BTreeMap::new();
    for (line, _, _) in weighed.lines.iter().filter(|(line, _, _)| line.quantity.is_negative()) {
        let sum = leaving.entry(line.key()).or_default();
        *sum = sum.checked_sub(line.quantity).map_err(PostError::Number)?;
    }
    if leaving.is_empty() {
        return Ok(());
    }
    let keys: BTreeSet<RowKey> = leaving.keys().copied().collect();
    let rows = tables::look_rows(tx, ctx.company_id, &keys)?;
    let mut short = BTreeMap::new();
    for (key, wanted) in leaving {
        let Some(row) = rows.get(&key) else { continue };
        let free = row.on_hand.checked_sub(row.reserved).map_err(PostError::Number)?;
        let missing = wanted.checked_sub(free).map_err(PostError::Number)?.min(row.reserved);
        if missing.is_positive() {
            short.insert(key, missing);
        }
    }
    if !short.is_empty() {
        give_way(tx, ctx, &short)?;
    }
    Ok(())
}

/// Writes an adjustment with its lines: booked when something was done, else waiting.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (id, number): (BatchId, &str),
    booking: &Booking,
    weighed: &Weighed,
    done: Option<&Done>,
) -> Result<(), StoreError> {
    let value = done.map_or(weighed.amount, |done| total(&done.values));
    tx.write(
        &tables::INSERT_ADJUSTMENT,
        params![
            ctx.company_id,
            id,
            number,
            booking.memo,
            booking.happened_on,
            tables::day_text(done.map(|done| done.posted_on)),
            booking.client_ref,
            ctx.user_id,
            ctx.at,
            if done.is_some() { "booked" } else { "waiting" },
            value,
            weighed.beyond,
            booking.approved_by.map_or(0, base::Id::raw),
            booking.source_kind,
            booking.source_id
        ],
    )?;
    let mut set = Rows::new(9);
    for (index, (line, reason, worth)) in weighed.lines.iter().enumerate() {
        set.push(row![
            i64::from(line.line),
            line.item_id,
            line.place_id,
            lot_key(line.lot_id),
            line.quantity,
            reason.id,
            weighed.names(line),
            done.map_or(*worth, |done| done.values[index]),
            done.map_or(0, |done| done.moves[index].raw())
        ]);
    }
    tx.write(&tables::INSERT_ADJUSTMENT_LINES, params![ctx.company_id, id; set])?;
    let record =
        documents::Record { kind: "adjustment".to_owned(), id: id.raw(), name: number.to_owned() };
    let lines = weighed.lines.iter();
    let named = lines.map(|(line, ..)| (&record, i64::from(line.line), line.evidence.as_slice()));
    documents::name_evidence(tx, ctx, named)?;
    let detail = serde_json::json!({
        "number": number, "lines": weighed.lines.len(), "value": value,
        "booked": done.is_some(),
    });
    ctx.audit(tx, crate::ADJUST, "adjustment", id.raw(), detail.clone());
    let name = if done.is_some() { "stock.adjusted" } else { "stock.adjustment_asked" };
    ctx.fact(tx, "adjustment", id.raw(), 1, name, detail);
    Ok(())
}

/// The absolute value of lines.
pub(crate) fn total(values: &[i64]) -> i64 {
    values.iter().fold(0_i64, |sum, value| sum.saturating_add(value.saturating_abs()))
}

/// Notes which booked lines somebody has to explain, and by when.
pub(crate) fn must_explain(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    adjustment_id: BatchId,
    weighed: &Weighed,
    booked_by: i64,
) -> Result<(), StoreError> {
    let days = identity::policies(tx, ctx.company_id)?.number("unexplained_due_days");
    let mut set = Rows::new(3);
    for (line, reason, _) in weighed.lines.iter().filter(|(_, reason, _)| reason.must_explain) {
        let owner = if reason.owner_id == 0 { booked_by } else { reason.owner_id };
        // At the end of the calendar nothing is due later than the last day.
        let due = ctx.today.plus(reason.due_days.unwrap_or(days)).unwrap_or(ctx.today);
        set.push(row![i64::from(line.line), owner, due]);
    }
    tx.write(&tables::INSERT_UNEXPLAINED, params![ctx.company_id, adjustment_id; set])
}
