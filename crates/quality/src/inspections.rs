//! What readers get of inspections: what waits for one, and what was found.

use crate::views::{LAST_DAY, ListError};
use crate::words::{Disposition, InspectionResult};
use crate::{READ, tables};
use base::{
    ClaimId, Day, Id, InspectionId, Money, Page, Paging, PurchaseOrderId, Quantity, ReceiptId,
    ReceiptLineId,
};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// Which goods to list of those that wait for an inspection.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct WaitingFilter {
    /// Only this item.
    pub sku: Option<String>,
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// Only in this warehouse, by code.
    pub warehouse: Option<String>,
    /// Only what came on this day or before.
    pub received_by: Option<Day>,
    /// Only what failed and nobody has decided on; or only what nobody has looked at.
    pub failed: Option<bool>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Goods of a receipt's line that wait in quarantine.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct WaitingRow {
    /// The receipt.
    pub receipt_id: ReceiptId,
    /// Its number.
    pub receipt_number: String,
    /// Its line.
    pub line: i64,
    /// The line's id.
    pub receipt_line_id: ReceiptLineId,
    /// The order.
    pub order_id: PurchaseOrderId,
    /// The order's number.
    pub order_number: String,
    /// The number of the order's line.
    pub order_line: i64,
    /// The supplier's code.
    pub supplier: String,
    /// The warehouse's code.
    pub warehouse: String,
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The lot's or the piece's number.
    pub lot: String,
    /// The path of the place where they lie.
    pub place: String,
    /// How much came.
    pub quantity: Quantity,
    /// How much of it waits.
    pub waiting: Quantity,
    /// The item's stock unit.
    pub stock_unit: String,
    /// The day they came.
    pub received_on: Day,
    /// For how many days they have waited.
    pub age_days: i64,
    /// What was noted at the dock.
    pub reason: String,
    /// What is wrong, of goods that failed and wait for somebody to decide; empty when nobody has
    /// looked at them.
    pub found: String,
}

/// Goods that wait for an inspection, the oldest first.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_waiting(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: WaitingFilter,
) -> Result<Page<WaitingRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after(Default::default())?;
    let found = tx.query(
        &tables::LIST_WAITING,
        params![
            ctx.company_id,
            filter.sku,
            filter.supplier,
            filter.warehouse,
            filter.received_by,
            filter.failed,
            day,
            id,
            paging.limit()
        ],
    )?;
    let read = |row: &Row| {
        let received_on: Day = row.get(12)?;
        Ok(WaitingRow {
            receipt_id: row.get(0)?,
            receipt_number: row.get(1)?,
            line: row.get(2)?,
            order_number: row.get(3)?,
            supplier: row.get(4)?,
            warehouse: row.get(5)?,
            sku: row.get(6)?,
            name: row.get(7)?,
            lot: row.get(8)?,
            place: row.get(9)?,
            quantity: row.get(10)?,
            waiting: row.get(11)?,
            age_days: received_on.days_until(ctx.today),
            received_on,
            reason: row.get(13)?,
            found: row.get(14)?,
            receipt_line_id: row.get(15)?,
            order_id: row.get(16)?,
            order_line: row.get(17)?,
            stock_unit: row.get(18)?,
        })
    };
    let rows = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    let after = |row: &WaitingRow| (row.received_on.to_string(), row.receipt_line_id.raw());
    Ok(paging.page(rows, after))
}

/// Which inspections to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct InspectionFilter {
    /// Only of this item.
    pub sku: Option<String>,
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// Only with this result.
    pub result: Option<InspectionResult>,
    /// Only of this receipt.
    pub receipt_id: Option<ReceiptId>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// What was found of goods.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct InspectionRow {
    /// The inspection.
    pub inspection_id: InspectionId,
    /// Its number.
    pub number: String,
    /// Its line.
    pub line: i64,
    /// What the client calls it, empty for nothing.
    pub client_ref: String,
    /// The receipt's number.
    pub receipt_number: String,
    /// The receipt's line.
    pub receipt_line: i64,
    /// The supplier's code.
    pub supplier: String,
    /// The item.
    pub sku: String,
    /// The lot's or the piece's number.
    pub lot: String,
    /// How much.
    pub quantity: Quantity,
    /// What was found.
    pub result: InspectionResult,
    /// What became of what failed; absent of what passed, and as long as nobody has decided.
    pub disposition: Option<Disposition>,
    /// What left quarantine was worth.
    pub value: Money,
    /// What is wrong.
    pub reason: String,
    /// Of scrap, the code of the stock reason.
    pub scrap_reason: String,
    /// What proves it.
    pub evidence: String,
    /// What was measured or seen.
    pub note: String,
    /// The claim that was made.
    pub claim_id: Option<ClaimId>,
    /// The day.
    pub inspected_on: Day,
    /// How many days after they came.
    pub took_days: i64,
}

/// Inspections, newest first.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_inspections(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: InspectionFilter,
) -> Result<Page<InspectionRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id, line): (String, i64, i64) =
        paging.after((LAST_DAY.to_owned(), i64::MAX, i64::MAX))?;
    let found = tx.query(
        &tables::LIST_INSPECTIONS,
        params![
            ctx.company_id,
            filter.sku,
            filter.supplier,
            filter.result,
            filter.receipt_id,
            day,
            id,
            line,
            paging.limit()
        ],
    )?;
    let read = |row: &Row| {
        let decided = !row.get::<String>(11)?.is_empty();
        let (inspected_on, received_on): (Day, Day) = (row.get(18)?, row.get(19)?);
        Ok(InspectionRow {
            inspection_id: row.get(0)?,
            number: row.get(1)?,
            line: row.get(2)?,
            client_ref: row.get(3)?,
            receipt_number: row.get(4)?,
            receipt_line: row.get(5)?,
            supplier: row.get(6)?,
            sku: row.get(7)?,
            lot: row.get(8)?,
            quantity: row.get(9)?,
            result: row.get(10)?,
            disposition: if decided { Some(row.get(11)?) } else { None },
            value: Money::new(row.get(12)?, ctx.currency),
            reason: row.get(13)?,
            scrap_reason: row.get(14)?,
            evidence: row.get(15)?,
            note: row.get(16)?,
            claim_id: tables::some(row, 17)?,
            inspected_on,
            took_days: received_on.days_until(inspected_on),
        })
    };
    let rows = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    let after =
        |row: &InspectionRow| (row.inspected_on.to_string(), row.inspection_id.raw(), row.line);
    Ok(paging.page(rows, after))
}
