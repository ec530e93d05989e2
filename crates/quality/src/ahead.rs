//! What readers get of inspections before the receipt.

use crate::views::{LAST_DAY, ListError};
use crate::words::AheadState;
use crate::{READ, tables};
use base::{Day, Id, InspectionId, Page, Paging, PurchaseOrderId, Quantity};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{Row, Rows, StoreError, Tx, params};
use utoipa::ToSchema;

/// Which inspections before the receipt to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AheadFilter {
    /// Only of this item.
    pub sku: Option<String>,
    /// Only of this supplier, by code.
    pub supplier: Option<String>,
    /// Only for this warehouse, by code.
    pub warehouse: Option<String>,
    /// Only those that hold goods back, or only those that do not.
    pub state: Option<AheadState>,
    /// Only of this order.
    pub order_id: Option<PurchaseOrderId>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// An inspection of goods before their receipt.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AheadRow {
    /// The inspection.
    pub inspection_id: InspectionId,
    /// Its number.
    pub number: String,
    /// What the client calls it, empty for nothing.
    pub client_ref: String,
    /// The order that brings the goods.
    pub order_id: PurchaseOrderId,
    /// Its number.
    pub order_number: String,
    /// Its line.
    pub line: i64,
    /// The supplier's code.
    pub supplier: String,
    /// The item.
    pub sku: String,
    /// Its name.
    pub name: String,
    /// The warehouse's code.
    pub warehouse: String,
    /// Whether the goods may be received.
    pub state: AheadState,
    /// What was outside its limits, in words.
    pub found: String,
    /// What proves it.
    pub evidence: String,
    /// What else was seen.
    pub note: String,
    /// What was measured.
    pub readings: Vec<ReadingRow>,
    /// The day.
    pub inspected_on: Day,
    /// When somebody let the goods in all the same.
    pub passed_on: Option<Day>,
    /// Who did; empty for nobody.
    pub passed_by: String,
    /// Why.
    pub passed_reason: String,
}

/// What was measured at a point, with the limits of that day.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ReadingRow {
    /// The point's name.
    pub point: String,
    /// The reading.
    pub value: Quantity,
    /// The least that passes.
    pub lower: Option<Quantity>,
    /// The greatest that passes.
    pub upper: Option<Quantity>,
    /// Whether it passed.
    pub within: bool,
}

/// Inspections before the receipt, newest first.
///
/// # Errors
/// [`ListError`], in its order.
pub fn list_ahead(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: AheadFilter,
) -> Result<Page<AheadRow>, ListError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after((LAST_DAY.to_owned(), i64::MAX))?;
    let found = tx.query(
        &tables::LIST_AHEAD,
        params![
            ctx.company_id,
            filter.sku,
            filter.supplier,
            filter.warehouse,
            filter.state,
            filter.order_id,
            day,
            id,
            paging.limit()
        ],
    )?;
    let mut readings = readings(tx, ctx, &found)?;
    let read = |row: &Row| {
        let inspection_id: InspectionId = row.get(0)?;
        let passed_on: String = row.get(15)?;
        Ok(AheadRow {
            inspection_id,
            number: row.get(1)?,
            client_ref: row.get(2)?,
            order_id: row.get(3)?,
            order_number: row.get(4)?,
            line: row.get(5)?,
            supplier: row.get(6)?,
            sku: row.get(7)?,
            name: row.get(8)?,
            warehouse: row.get(9)?,
            state: row.get(10)?,
            found: row.get(11)?,
            evidence: row.get(12)?,
            note: row.get(13)?,
            readings: readings.remove(&inspection_id).unwrap_or_default(),
            inspected_on: row.get(14)?,
            passed_on: if passed_on.is_empty() { None } else { Some(row.get(15)?) },
            passed_by: row.get(16)?,
            passed_reason: row.get(17)?,
        })
    };
    let rows = found.iter().map(read).collect::<Result<_, StoreError>>()?;
    let after = |row: &AheadRow| (row.inspected_on.to_string(), row.inspection_id.raw());
    Ok(paging.page(rows, after))
}

fn readings(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    rows: &[Row],
) -> Result<BTreeMap<InspectionId, Vec<ReadingRow>>, StoreError> {
    let ids = rows.iter().map(|row| row.get::<InspectionId>(0)).collect::<Result<Vec<_>, _>>()?;
    let mut readings: BTreeMap<InspectionId, Vec<ReadingRow>> = BTreeMap::new();
    for row in tx.query(&tables::READINGS_OF, params![ctx.company_id; Rows::column(ids)])? {
        readings.entry(row.get(0)?).or_default().push(ReadingRow {
            point: row.get(1)?,
            value: row.get(2)?,
            lower: row.get(3)?,
            upper: row.get(4)?,
            within: row.get(5)?,
        });
    }
    Ok(readings)
}
