//! What readers get: blind receipts with their scans, unknown goods with how they ended and what they
//! may be of.

use crate::tables::{self, day_at, some};
use crate::words::{BlindState, End, Fit, UnknownState, Why};
use crate::{MATCH, READ, ReadError, SCAN};
use base::{
    BatchId, BlindReceiptId, Day, Id, ItemId, Page, Paging, PartnerId, PurchaseOrderId, Quantity,
    ReceiptId, Timestamp, UnknownGoodsId, UserId, WarehouseId,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{Row, Rows, StoreError, Tx, params};
use utoipa::ToSchema;

/// After every day: where a list of the newest begins.
const AFTER_ALL: &str = "9999-12-32";

/// Which blind receipts to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BlindReceiptFilter {
    /// Only in this state: `open`, `booked` or `cancelled`.
    pub state: Option<BlindState>,
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// Only in this warehouse, by code.
    pub warehouse: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A blind receipt in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlindReceiptRow {
    /// Its id.
    pub blind_receipt_id: BlindReceiptId,
    /// Its number.
    pub number: String,
    /// The supplier's code.
    pub supplier: String,
    /// Its name.
    pub supplier_name: String,
    /// The warehouse's code.
    pub warehouse: String,
    /// Where it stands.
    pub state: BlindState,
    /// The number on the supplier's delivery note.
    pub delivery_note: String,
    /// How often it was written: what booking has to name.
    pub seq: i64,
    /// The day it was opened.
    pub opened_on: Day,
    /// Who opened it.
    pub opened_by: String,
    /// When.
    pub opened_at: Timestamp,
    /// Who booked or cancelled it; empty while it is open.
    pub closed_by: String,
    /// When; none while it is open.
    pub closed_at: Option<Timestamp>,
    /// Why it was cancelled; empty else.
    pub reason: String,
    /// How many scans count.
    pub scans: i64,
    /// How many people made them.
    pub people: i64,
}

fn blind_row(row: &Row) -> Result<BlindReceiptRow, StoreError> {
    Ok(BlindReceiptRow {
        blind_receipt_id: row.get(0)?,
        number: row.get(1)?,
        supplier: row.get(2)?,
        supplier_name: row.get(3)?,
        warehouse: row.get(4)?,
        state: row.get(5)?,
        delivery_note: row.get(6)?,
        seq: row.get(7)?,
        opened_on: row.get(8)?,
        opened_by: row.get(9)?,
        opened_at: row.get(10)?,
        closed_by: row.get(11)?,
        closed_at: row.get(12)?,
        reason: row.get(13)?,
        scans: row.get(14)?,
        people: row.get(15)?,
    })
}

/// Blind receipts, the newest first, of the warehouses in which the caller may see them or scan into
/// them. What was ordered is not in it.
///
/// # Errors
/// See [`ReadError`].
pub fn list_blind_receipts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: BlindReceiptFilter,
) -> Result<Page<BlindReceiptRow>, ReadError> {
    let scope = read_or_scan(ctx)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((AFTER_ALL.to_owned(), i64::MAX))?;
    let all = scope.is_none();
    let asked = params![
        ctx.company_id, filter.state, filter.supplier, filter.warehouse, all, day, id,
        paging.limit(); Rows::column(scope.unwrap_or_default())
    ];
    let found = tx.query(&tables::LIST_BLIND, asked)?;
    let rows = found.iter().map(blind_row).collect::<Result<Vec<_>, _>>()?;
    Ok(paging.page(rows, |row: &BlindReceiptRow| {
        (row.opened_on.to_string(), row.blind_receipt_id.raw())
    }))
}

/// Where the caller may see blind receipts or scan into them; `None` is everywhere.
fn read_or_scan(ctx: &Ctx) -> Result<Option<Vec<WarehouseId>>, Denied> {
    let (reads, scans) = (ctx.require_somewhere(READ), ctx.require_somewhere(SCAN));
    match (reads, scans) {
        (Ok(Some(reads)), Ok(Some(scans))) => Ok(Some([reads, scans].concat())),
        (Ok(None), _) | (_, Ok(None)) => Ok(None),
        (reads, Err(_)) => reads,
        (Err(_), scans) => scans,
    }
}

/// A blind receipt with its scans. What was ordered is not in it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlindReceiptDetail {
    /// The blind receipt.
    pub blind_receipt: BlindReceiptRow,
    /// Its scans, in the order in which they were taken down.
    pub scans: Vec<ScanRow>,
    /// What became of what was counted, once it is booked; nothing for whoever may only scan.
    pub booked: Vec<BookedMatch>,
}

/// A scan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScanRow {
    /// Its number in the blind receipt.
    pub line: i64,
    /// What was scanned.
    pub code: String,
    /// The item; empty for one that nobody knows.
    pub sku: String,
    /// Its name; empty for an item that nobody knows.
    pub name: String,
    /// What was scanned, when it is a pack; empty else.
    pub packaging: String,
    /// How many of what was scanned.
    pub packs: Quantity,
    /// How much that is in the item's stock unit.
    pub quantity: Quantity,
    /// That unit; empty for an item that nobody knows.
    pub unit: String,
    /// The lot's or the piece's number; empty for none.
    pub lot: String,
    /// The last day the lot keeps.
    pub expires_on: Option<Day>,
    /// Whether the goods are damaged.
    pub damaged: bool,
    /// What the goods look like.
    pub description: String,
    /// Who scanned.
    pub scanned_by: String,
    /// When.
    pub scanned_at: Timestamp,
    /// When it was taken back; none when it counts.
    pub voided_at: Option<Timestamp>,
    /// Who took it back; empty when it counts.
    pub voided_by: String,
    /// Why; empty when it counts.
    pub void_reason: String,
}

/// What became of a part of what was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BookedMatch {
    /// What it fits.
    pub fit: Fit,
    /// The item; empty for one that nobody knew.
    pub sku: String,
    /// What was scanned, of an item that nobody knew; empty else.
    pub code: String,
    /// The lot's or the piece's number; empty for none.
    pub lot: String,
    /// How much.
    pub quantity: Quantity,
    /// The order that it was received for.
    pub order_id: Option<PurchaseOrderId>,
    /// Its number; empty for none.
    pub order: String,
    /// The number of its line; 0 for none.
    pub line: i64,
    /// The receipt.
    pub receipt_id: Option<ReceiptId>,
    /// Its number; empty for none.
    pub receipt: String,
    /// The unknown goods that it became.
    pub unknown_goods_id: Option<UnknownGoodsId>,
    /// Their number; empty for none.
    pub unknown_goods: String,
}

/// A blind receipt, for whoever may see it or scan into it.
///
/// # Errors
/// See [`ReadError`].
pub fn blind_receipt(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: BlindReceiptId,
) -> Result<BlindReceiptDetail, ReadError> {
    let found = tx.query_opt(&tables::SHOW_BLIND, params![ctx.company_id, id])?;
    let row = found.ok_or(ReadError::BlindReceipt(id))?;
    let warehouse_id: WarehouseId = row.get(16)?;
    let reads = ctx.require_in(READ, warehouse_id);
    if ctx.require_in(SCAN, warehouse_id).is_err() {
        reads.clone()?;
    }
    let blind_receipt = blind_row(&row)?;
    let scans = tx.query(&tables::SCANS_OF, params![ctx.company_id, id])?;
    // Which orders goods came for is what a blind receipt is blind to.
    let booked = match reads {
        Ok(()) => tx.query(&tables::MATCHES_OF, params![ctx.company_id, id])?,
        Err(_) => Vec::new(),
    };
    Ok(BlindReceiptDetail {
        blind_receipt,
        scans: scans.iter().map(scan_row).collect::<Result<_, _>>()?,
        booked: booked.iter().map(booked_match).collect::<Result<_, _>>()?,
    })
}

fn scan_row(row: &Row) -> Result<ScanRow, StoreError> {
    Ok(ScanRow {
        line: row.get(0)?,
        code: row.get(1)?,
        sku: row.get(2)?,
        name: row.get(3)?,
        packaging: row.get(4)?,
        packs: row.get(5)?,
        quantity: row.get(6)?,
        unit: row.get(7)?,
        lot: row.get(8)?,
        expires_on: day_at(row, 9)?,
        damaged: row.get(10)?,
        description: row.get(11)?,
        scanned_by: row.get(12)?,
        scanned_at: row.get(13)?,
        voided_at: row.get(14)?,
        voided_by: row.get(15)?,
        void_reason: row.get(16)?,
    })
}

fn booked_match(row: &Row) -> Result<BookedMatch, StoreError> {
    Ok(BookedMatch {
        fit: row.get(0)?,
        sku: row.get(1)?,
        code: row.get(2)?,
        lot: row.get(3)?,
        quantity: row.get(4)?,
        order_id: some(row, 5)?,
        order: row.get(6)?,
        line: row.get(7)?,
        receipt_id: some(row, 8)?,
        receipt: row.get(9)?,
        unknown_goods_id: some(row, 10)?,
        unknown_goods: row.get(11)?,
    })
}

/// Which unknown goods to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct UnknownFilter {
    /// Only in this state: `waiting` or `ended`.
    pub state: Option<UnknownState>,
    /// Only those that wait for this reason: `item_unknown`, `not_ordered`, `over`, `held` or `found`.
    pub why: Option<Why>,
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// Only in this warehouse, by code.
    pub warehouse: Option<String>,
    /// Only of this item.
    pub sku: Option<String>,
    /// Only those that this user sees to, by login.
    pub owner: Option<String>,
    /// Only those that have to end by this day.
    pub due_by: Option<Day>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Unknown goods in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnknownRow {
    /// Their id.
    pub unknown_goods_id: UnknownGoodsId,
    /// Their number.
    pub number: String,
    /// Why they wait.
    pub why: Why,
    /// Whether anything waits.
    pub state: UnknownState,
    /// The code of the supplier that brought them; empty when nobody knows.
    pub supplier: String,
    /// Its name; empty when nobody knows.
    pub supplier_name: String,
    /// The warehouse's code.
    pub warehouse: String,
    /// Where they lie.
    pub place: String,
    /// The item; empty when nobody knows.
    pub sku: String,
    /// Its name; empty when nobody knows.
    pub name: String,
    /// What was scanned.
    pub code: String,
    /// What they look like.
    pub description: String,
    /// The lot's or the piece's number; empty for none.
    pub lot: String,
    /// The last day the lot keeps.
    pub expires_on: Option<Day>,
    /// Whether they are damaged.
    pub damaged: bool,
    /// How much there was.
    pub quantity: Quantity,
    /// How much waits.
    pub waiting: Quantity,
    /// The item's stock unit; empty when nobody knows the item.
    pub unit: String,
    /// Who sees to them.
    pub owner_id: UserId,
    /// By name; empty for the machine's operator.
    pub owner: String,
    /// By when they have to end.
    pub due_on: Day,
    /// For how many days they are late; 0 when they are not.
    pub late_days: i64,
    /// The day they were found.
    pub found_on: Day,
    /// The blind receipt that counted them.
    pub blind_receipt_id: Option<BlindReceiptId>,
    /// Its number; empty for none.
    pub blind_receipt: String,
}

fn unknown_row(row: &Row, today: Day) -> Result<UnknownRow, StoreError> {
    let (state, due_on): (UnknownState, Day) = (row.get(3)?, row.get(20)?);
    let late = if state == UnknownState::Waiting { due_on.days_until(today).max(0) } else { 0 };
    Ok(UnknownRow {
        unknown_goods_id: row.get(0)?,
        number: row.get(1)?,
        why: row.get(2)?,
        state,
        supplier: row.get(4)?,
        supplier_name: row.get(5)?,
        warehouse: row.get(6)?,
        place: row.get(7)?,
        sku: row.get(8)?,
        name: row.get(9)?,
        code: row.get(10)?,
        description: row.get(11)?,
        lot: row.get(12)?,
        expires_on: day_at(row, 13)?,
        damaged: row.get(14)?,
        quantity: row.get(15)?,
        waiting: row.get(16)?,
        unit: row.get(17)?,
        owner_id: row.get(18)?,
        owner: row.get(19)?,
        due_on,
        late_days: late,
        found_on: row.get(21)?,
        blind_receipt_id: some(row, 22)?,
        blind_receipt: row.get(23)?,
    })
}

/// Unknown goods, what has to end first, first, of the warehouses that the caller may see.
///
/// # Errors
/// See [`ReadError`].
pub fn list_unknown(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: UnknownFilter,
) -> Result<Page<UnknownRow>, ReadError> {
    let scope = ctx.require_somewhere(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((String::new(), 0))?;
    let all = scope.is_none();
    let asked = params![
        ctx.company_id, filter.state, filter.why, filter.supplier, filter.warehouse, filter.sku,
        filter.owner, filter.due_by, all, day, id, paging.limit();
        Rows::column(scope.unwrap_or_default())
    ];
    let found = tx.query(&tables::LIST_UNKNOWN, asked)?;
    let rows = found.iter().map(|row| unknown_row(row, ctx.today));
    let rows = rows.collect::<Result<Vec<_>, _>>()?;
    Ok(paging.page(rows, |row: &UnknownRow| (row.due_on.to_string(), row.unknown_goods_id.raw())))
}

/// Unknown goods with what is known of them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnknownDetail {
    /// The goods.
    pub unknown_goods: UnknownRow,
    /// How parts of them ended.
    pub ends: Vec<EndRow>,
    /// The lines of orders that they may have come for, the one expected first, first; then those of
    /// which all came, as what is over may be kept for the line that it came with. None of goods that
    /// ended or that nobody has identified, and for whoever may not match them.
    pub candidates: Vec<UnknownCandidate>,
}

/// How a part of unknown goods ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct EndRow {
    /// Its number among the writes of the goods.
    pub number: i64,
    /// How.
    pub how: End,
    /// How much.
    pub quantity: Quantity,
    /// The receipt.
    pub receipt_id: Option<ReceiptId>,
    /// Its number; empty for none.
    pub receipt: String,
    /// The order that it is of.
    pub order_id: Option<PurchaseOrderId>,
    /// The adjustment.
    pub adjustment_id: Option<BatchId>,
    /// Its number; empty for none.
    pub adjustment: String,
    /// Why; empty for what was received.
    pub reason: String,
    /// The day.
    pub ended_on: Day,
    /// Who ended it.
    pub ended_by: String,
    /// When.
    pub ended_at: Timestamp,
}

/// A line of an order that unknown goods may have come for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct UnknownCandidate {
    /// The order.
    pub order_id: PurchaseOrderId,
    /// Its number.
    pub order: String,
    /// The number of the line.
    pub line: i64,
    /// How much is due, in the stock unit; zero when all came.
    pub due: Quantity,
    /// How much more the tolerance lets in; beyond that it is confirmed.
    pub room: Quantity,
    /// The day that it is expected on.
    pub expected_on: Day,
    /// Whether its goods are held back.
    pub held: bool,
}

/// Unknown goods, for whoever may see them.
///
/// # Errors
/// See [`ReadError`].
pub fn unknown(tx: &mut Tx<'_>, ctx: &Ctx, id: UnknownGoodsId) -> Result<UnknownDetail, ReadError> {
    let found = tx.query_opt(&tables::SHOW_UNKNOWN, params![ctx.company_id, id])?;
    let row = found.ok_or(ReadError::UnknownGoods(id))?;
    let warehouse_id: WarehouseId = row.get(24)?;
    ctx.require_in(READ, warehouse_id)?;
    let unknown_goods = unknown_row(&row, ctx.today)?;
    let (partner, item): (Option<PartnerId>, Option<ItemId>) = (some(&row, 25)?, some(&row, 26)?);
    let mut candidates = Vec::new();
    if let Some(item) = item
        && unknown_goods.state == UnknownState::Waiting
        && ctx.require_in(MATCH, warehouse_id).is_ok()
    {
        let of = (partner, warehouse_id);
        for line in purchasing::receivable_goods(tx, ctx, of, &BTreeSet::from([item]))? {
            candidates.push(UnknownCandidate {
                order_id: line.order_id,
                order: line.number,
                line: line.line,
                due: line.due,
                room: line.room,
                expected_on: line.expected_on,
                held: line.held,
            });
        }
    }
    let ends = tx.query(&tables::ENDS_OF, params![ctx.company_id, id])?;
    let ends = ends.iter().map(end_row).collect::<Result<_, _>>()?;
    Ok(UnknownDetail { unknown_goods, ends, candidates })
}

fn end_row(row: &Row) -> Result<EndRow, StoreError> {
    Ok(EndRow {
        number: row.get(0)?,
        how: row.get(1)?,
        quantity: row.get(2)?,
        receipt_id: some(row, 3)?,
        receipt: row.get(4)?,
        order_id: some(row, 5)?,
        adjustment_id: some(row, 6)?,
        adjustment: row.get(7)?,
        reason: row.get(8)?,
        ended_on: row.get(9)?,
        ended_by: row.get(10)?,
        ended_at: row.get(11)?,
    })
}
