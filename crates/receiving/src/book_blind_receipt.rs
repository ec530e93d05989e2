//! `book_blind_receipt`: what was counted is received for the orders that it came for by
//! `purchasing::receive_all`, a receipt for each; what fits no line waits as unknown goods. All in one
//! transaction.

use crate::match_goods::{Matched, MatchedGoods, ShortGoods};
use crate::model::{BlindReceipt, Unknown};
use crate::rules::{Counted, Match};
use crate::words::{BlindState, Fit, UnknownState, Why};
use crate::{BLIND_RECEIPT, BOOK_BLIND_RECEIPT, BlindError, MATCH, UNKNOWN_GOODS, tables};
use base::{
    BlindReceiptId, Day, DocumentId, Id, Money, PurchaseOrderId, Quantity, ReceiptId,
    UnknownGoodsId,
};
use documents::{EvidenceRow, Record};
use identity::Ctx;
use purchasing::{Outcome, Receive, ReceiveLine};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A blind receipt to be booked.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct BookBlindReceipt {
    /// The blind receipt.
    pub blind_receipt_id: BlindReceiptId,
    /// How often it had been written when its match was looked at; refused when somebody scanned
    /// since.
    pub seq: i64,
    /// The match's fingerprint as it was looked at; refused when what is due of orders changed since.
    pub fingerprint: String,
    /// The day the goods arrived; the day it was opened when left out.
    #[serde(default)]
    pub received_on: Option<Day>,
    /// Take in more than the tolerance allows, on the last line of the item.
    #[serde(default)]
    pub confirm_over: bool,
}

/// A blind receipt as booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlindBooked {
    /// The blind receipt.
    pub blind_receipt_id: BlindReceiptId,
    /// Its number.
    pub number: String,
    /// What was received, a receipt for each order.
    pub receipts: Vec<BookedReceipt>,
    /// What waits as unknown goods.
    pub unknown: Vec<UnknownMade>,
    /// The goods and what they fit.
    pub lines: Vec<MatchedGoods>,
    /// What is still due of the orders that goods came for.
    pub short: Vec<ShortGoods>,
}

/// A receipt as booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BookedReceipt {
    /// The receipt.
    pub receipt_id: ReceiptId,
    /// Its number.
    pub number: String,
    /// The order.
    pub order_id: PurchaseOrderId,
    /// Its number.
    pub order: String,
    /// What came in was worth this.
    pub value: Money,
}

/// Unknown goods as made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnknownMade {
    /// The goods.
    pub unknown_goods_id: UnknownGoodsId,
    /// Their number.
    pub number: String,
    /// Why they wait.
    pub why: Why,
    /// How much.
    pub quantity: Quantity,
}

/// What is kept of a match.
pub(crate) struct NewMatch<'m> {
    pub counted: &'m Counted,
    pub quantity: Quantity,
    pub fit: Fit,
    /// Order and number of the line, 0 for none.
    pub order: (i64, i64),
    /// Receipt and number of its line, 0 for none.
    pub receipt: (i64, i64),
    /// The unknown goods, 0 for none.
    pub unknown: i64,
}

/// Books a blind receipt.
///
/// # Errors
/// The first broken rule in the order of [`BlindError`]; nothing has then been written.
pub fn book_blind_receipt(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: BookBlindReceipt,
) -> Result<BlindBooked, BlindError> {
    let mut receipt = tables::lock_open(tx, ctx, request.blind_receipt_id, MATCH)?;
    if request.seq != receipt.seq {
        return Err(BlindError::Changed { number: receipt.number, seq: receipt.seq });
    }
    let before = Matched::load(tx, ctx, &receipt, request.confirm_over)?;
    if before.basis.counted.is_empty() {
        return Err(BlindError::Empty);
    }
    // What is due of an order is sure only once the order is held; one that came to be since is of
    // another delivery.
    let held: BTreeSet<_> = before.basis.open.iter().map(|line| line.order_id).collect();
    purchasing::hold_goods(tx, ctx, &held)?;
    let matched = Matched::load_of(tx, ctx, &receipt, request.confirm_over, Some(&held))?;
    if request.fingerprint != matched.fingerprint() {
        return Err(BlindError::Changed { number: receipt.number, seq: receipt.seq });
    }
    let short = matched.short(tx, ctx)?;

    let proofs = Proofs::of(tx, ctx, &receipt)?;
    let receipts = receive(tx, ctx, &receipt, &matched, (&request, &proofs))?;
    let unknown = wait(tx, ctx, &receipt, &matched, &proofs)?;
    keep(tx, ctx, &receipt, &matched, &receipts, &unknown)?;
    let basis = serde_json::to_string(&matched.basis).unwrap_or_default();
    tables::close_blind(tx, ctx, &mut receipt, BlindState::Booked, &basis, "")?;
    let detail = serde_json::json!({
        "number": receipt.number,
        "receipts": receipts.iter().map(|receipt| &receipt.number).collect::<Vec<_>>(),
        "unknown": unknown.iter().map(|unknown| &unknown.number).collect::<Vec<_>>(),
    });
    ctx.audit(tx, BOOK_BLIND_RECEIPT, BLIND_RECEIPT, receipt.id.raw(), detail.clone());
    ctx.fact(tx, BLIND_RECEIPT, receipt.id.raw(), receipt.seq, "receiving.booked", detail);
    let lines = matched.lines();
    let BlindReceipt { id: blind_receipt_id, number, .. } = receipt;
    Ok(BlindBooked { blind_receipt_id, number, receipts, unknown, lines, short })
}

/// The documents that prove something of scans.
struct Proofs(Vec<EvidenceRow>);

impl Proofs {
    fn of(tx: &mut Tx<'_>, ctx: &Ctx, receipt: &BlindReceipt) -> Result<Proofs, StoreError> {
        documents::evidence_of(tx, ctx, &receipt.record()).map(Proofs)
    }

    /// Those of counted goods.
    fn on(&self, counted: &Counted) -> Vec<DocumentId> {
        let own = self.0.iter().filter(|proof| counted.scans.contains(&proof.line));
        own.map(|proof| proof.document_id).collect::<BTreeSet<_>>().into_iter().collect()
    }
}

/// Receives what came for orders, all as one set in the order of their ids, as they are held.
fn receive(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    receipt: &BlindReceipt,
    matched: &Matched,
    (request, proofs): (&BookBlindReceipt, &Proofs),
) -> Result<Vec<BookedReceipt>, BlindError> {
    let mut numbers: BTreeMap<PurchaseOrderId, &str> = BTreeMap::new();
    let mut lines: BTreeMap<PurchaseOrderId, Vec<ReceiveLine>> = BTreeMap::new();
    for (found, open) in matched.received() {
        numbers.insert(open.order_id, &open.number);
        let line = receive_line(matched, found, open.line, proofs);
        lines.entry(open.order_id).or_default().push(line);
    }
    let asked = |(order_id, lines)| Receive {
        order_id,
        received_on: Some(request.received_on.unwrap_or(receipt.opened_on)),
        delivery_note: receipt.delivery_note.clone(),
        lines,
        confirm_over: request.confirm_over,
        // It is held and booked once: a name of the client's could be that of another receipt.
        client_ref: String::new(),
    };
    let asked: Vec<Receive> = lines.into_iter().map(asked).collect();
    let done = purchasing::receive_all(tx, ctx, &asked).map_err(|refused| {
        let all = || numbers.values().copied().collect::<Vec<_>>().join(", ");
        let order = refused.order_id.map_or_else(all, |id| numbers[&id].to_owned());
        BlindError::Receive { order, error: Box::new(refused.error) }
    })?;
    let mut receipts = Vec::with_capacity(done.len());
    for (asked, done) in asked.into_iter().zip(done) {
        receipts.push(BookedReceipt {
            receipt_id: done.receipt_id,
            number: done.number,
            order_id: asked.order_id,
            order: numbers[&asked.order_id].to_owned(),
            value: done.value,
        });
    }
    Ok(receipts)
}

fn receive_line(matched: &Matched, found: &Match, line: i64, proofs: &Proofs) -> ReceiveLine {
    let counted = &matched.basis.counted[found.counted];
    let item = counted.item_id.and_then(|id| matched.items.get(&id));
    ReceiveLine {
        line,
        quantity: found.quantity,
        unit: item.map(|item| item.stock_unit.code.clone()),
        outcome: if counted.damaged { Outcome::Quarantine } else { Outcome::Accepted },
        lot: Some(counted.lot.clone()).filter(|lot| !lot.is_empty()),
        expires_on: counted.expires_on,
        place: None,
        reason: counted.description.clone(),
        evidence: proofs.on(counted),
    }
}

/// Writes down what fits no line.
fn wait(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    receipt: &BlindReceipt,
    matched: &Matched,
    proofs: &Proofs,
) -> Result<Vec<UnknownMade>, BlindError> {
    let waiting = matched.matches.iter().filter_map(|found| Some((found, found.fit.waits()?)));
    let waiting: Vec<(&Match, Why)> = waiting.collect();
    if waiting.is_empty() {
        return Ok(Vec::new());
    }
    let place = tables::quarantine(tx, ctx, receipt.warehouse_id)?;
    let due_on = tables::due_on(tx, ctx)?;
    let mut unknown = Vec::with_capacity(waiting.len());
    let mut proven = Vec::new();
    for (found, why) in waiting {
        let counted = &matched.basis.counted[found.counted];
        proven.push(proofs.on(counted));
        unknown.push(Unknown {
            id: tx.id()?,
            number: tx.number(ctx.company_id, "UG")?,
            client_ref: String::new(),
            partner_id: Some(receipt.partner_id),
            warehouse_id: receipt.warehouse_id,
            blind_receipt_id: Some(receipt.id),
            why,
            item_id: counted.item_id,
            code: counted.code.clone(),
            description: counted.description.clone(),
            lot: counted.lot.clone(),
            expires_on: counted.expires_on,
            damaged: counted.damaged,
            place: place.clone(),
            quantity: found.quantity,
            waiting: found.quantity,
            state: UnknownState::Waiting,
            owner_id: ctx.user_id,
            due_on,
            found_on: receipt.opened_on,
            seq: 1,
        });
    }
    tables::insert_unknown(tx, ctx, &unknown)?;
    let records: Vec<Record> = unknown.iter().map(Unknown::record).collect();
    let lines = records.iter().zip(&proven);
    documents::name_evidence(
        tx,
        ctx,
        lines.map(|(record, proofs)| (record, 0, proofs.as_slice())),
    )?;
    for goods in &unknown {
        let detail = serde_json::json!({
            "number": goods.number, "why": goods.why, "quantity": goods.quantity,
            "blind_receipt": receipt.number,
        });
        ctx.audit(tx, BOOK_BLIND_RECEIPT, UNKNOWN_GOODS, goods.id.raw(), detail.clone());
        ctx.fact(tx, UNKNOWN_GOODS, goods.id.raw(), 1, "receiving.unknown_recorded", detail);
    }
    let made = |goods: Unknown| UnknownMade {
        unknown_goods_id: goods.id,
        number: goods.number,
        why: goods.why,
        quantity: goods.quantity,
    };
    Ok(unknown.into_iter().map(made).collect())
}

/// Keeps which line of a receipt, or which unknown goods, each match became.
fn keep(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    receipt: &BlindReceipt,
    matched: &Matched,
    receipts: &[BookedReceipt],
    unknown: &[UnknownMade],
) -> Result<(), StoreError> {
    let receipts: BTreeMap<PurchaseOrderId, ReceiptId> =
        receipts.iter().map(|receipt| (receipt.order_id, receipt.receipt_id)).collect();
    let mut lines: BTreeMap<PurchaseOrderId, i64> = BTreeMap::new();
    let mut unknown = unknown.iter();
    let mut rows = Vec::with_capacity(matched.matches.len());
    for found in &matched.matches {
        let (counted, quantity) = (&matched.basis.counted[found.counted], found.quantity);
        let mut row = NewMatch {
            counted,
            quantity,
            fit: found.fit,
            order: (0, 0),
            receipt: (0, 0),
            unknown: 0,
        };
        if let Some(open) = found.open.map(|at| &matched.basis.open[at]) {
            // The lines of a receipt are numbered as they are asked for.
            let line = lines.entry(open.order_id).or_default();
            *line += 1;
            row.order = (open.order_id.raw(), open.line);
            row.receipt = (receipts.get(&open.order_id).map_or(0, |id| id.raw()), *line);
        } else {
            row.unknown = unknown.next().map_or(0, |made| made.unknown_goods_id.raw());
        }
        rows.push(row);
    }
    tables::insert_matches(tx, ctx, receipt.id, &rows)
}
