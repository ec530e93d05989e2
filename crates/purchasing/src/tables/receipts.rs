//! Writing and finding receipts and returns.

use super::{
    HOLD_QUARANTINED, HOLD_RECEIVED, INSERT_RECEIPT, INSERT_RECEIPT_LINES, INSERT_RETURN,
    INSERT_RETURN_LINES, RECEIPT_BY_REF, RECEIVED_ON, RETURN_BY_REF,
};
use crate::words::{OrderState, Outcome};
use crate::{Received, ReturnedToSupplier};
use base::{
    CompanyId, Day, Money, MoveId, PlaceId, PurchaseLineId, PurchaseOrderId, Quantity, ReceiptId,
    ReceiptLineId, ReturnId,
};
use identity::Ctx;
use std::collections::BTreeMap;
use store::{Rows, StoreError, Tx, params, row};

/// A receipt to be written.
pub(crate) struct NewReceipt {
    pub id: ReceiptId,
    pub number: String,
    pub client_ref: String,
    pub order_id: PurchaseOrderId,
    pub received_on: Day,
    pub posted_on: Day,
    pub delivery_note: String,
    pub value: i64,
}

/// A line of it.
pub(crate) struct ReceiptRow {
    pub id: ReceiptLineId,
    pub line_id: PurchaseLineId,
    pub line: i64,
    pub outcome: Outcome,
    pub quantity: Quantity,
    pub lot: String,
    pub place_id: PlaceId,
    pub move_id: i64,
    pub value: i64,
    pub over: bool,
    pub reason: String,
    /// Where quarantined goods go once they are found good.
    pub inspect_to: Option<PlaceId>,
}

/// What a line of a receipt brought, its order held; `None` for a line that brought nothing.
pub(crate) fn hold_received(
    tx: &mut Tx<'_>,
    company_id: base::CompanyId,
    id: ReceiptId,
    line: i64,
) -> Result<Option<crate::ReceivedGoods>, StoreError> {
    let found = tx.query_opt(&HOLD_RECEIVED, params![company_id, id, line])?;
    found
        .map(|row| {
            let lot: i64 = row.get(4)?;
            Ok(crate::ReceivedGoods {
                receipt_line_id: row.get(5)?,
                partner_id: row.get(0)?,
                item_id: row.get(1)?,
                quantity: row.get(2)?,
                place_id: row.get(3)?,
                lot_id: (lot != 0).then(|| base::Id::from_raw(lot)),
                direct: row.get(6)?,
            })
        })
        .transpose()
}

/// What a receipt brought into quarantine, its order held.
pub(crate) fn hold_quarantined(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: ReceiptId,
) -> Result<Vec<crate::QuarantinedGoods>, StoreError> {
    let found = tx.query(&HOLD_QUARANTINED, params![company_id, id])?;
    let read = |row: &store::Row| {
        let lot: i64 = row.get(5)?;
        Ok(crate::QuarantinedGoods {
            line: row.get(0)?,
            receipt_line_id: row.get(1)?,
            partner_id: row.get(2)?,
            warehouse_id: row.get(3)?,
            item_id: row.get(4)?,
            lot_id: (lot != 0).then(|| base::Id::from_raw(lot)),
            quantity: row.get(6)?,
            place_id: row.get(7)?,
            inspect_to: row.get(8)?,
        })
    };
    found.iter().map(read).collect()
}

/// The rules about the inspection of items of a supplier.
pub(crate) fn inspection_rules(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    partner: base::PartnerId,
    items: impl IntoIterator<Item = base::ItemId>,
) -> Result<Vec<crate::rules::InspectionRule>, StoreError> {
    let items = Rows::column(items);
    let found = tx.query(&super::INSPECTION_RULES, params![company_id, partner; items])?;
    let read = |row: &store::Row| {
        let (item, partner): (i64, i64) = (row.get(0)?, row.get(1)?);
        let inspect = row.get(2)?;
        Ok(crate::rules::InspectionRule { item, partner: partner != 0, inspect })
    };
    found.iter().map(read).collect()
}

/// The receipt that has a reference of the client, if it has one and it was used.
pub(crate) fn receipt_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    client_ref: &str,
) -> Result<Option<Received>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&RECEIPT_BY_REF, params![ctx.company_id, client_ref])?;
    found
        .map(|row| {
            Ok(Received {
                receipt_id: row.get(0)?,
                number: row.get(1)?,
                posted_on: row.get(2)?,
                value: Money::new(row.get(3)?, ctx.currency),
                order_state: OrderState::Approved,
                repeated: true,
            })
        })
        .transpose()
}

/// Writes a receipt.
pub(crate) fn insert_receipt(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    receipt: &NewReceipt,
    lines: &[ReceiptRow],
) -> Result<(), StoreError> {
    tx.write(
        &INSERT_RECEIPT,
        params![
            ctx.company_id,
            receipt.id,
            receipt.number,
            receipt.client_ref,
            receipt.order_id,
            receipt.received_on,
            receipt.posted_on,
            receipt.delivery_note,
            receipt.value,
            ctx.user_id,
            ctx.at
        ],
    )?;
    let mut set = Rows::new(12);
    for line in lines {
        set.push(row![
            line.id,
            line.line_id,
            line.line,
            line.outcome,
            line.quantity,
            line.lot,
            line.place_id,
            line.move_id,
            line.value,
            line.over,
            line.reason,
            line.inspect_to.map_or(0, base::Id::raw)
        ]);
    }
    tx.write(&INSERT_RECEIPT_LINES, params![ctx.company_id, receipt.id; set])
}

/// Goods that came on a line.
pub(crate) struct Came {
    pub move_id: MoveId,
    pub quantity: Quantity,
    /// Whether they went straight to a customer: no stock ever took on their cost.
    pub direct: bool,
}

/// The goods received on lines, in the order they came.
pub(crate) fn received_on(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    lines: &[PurchaseLineId],
) -> Result<BTreeMap<PurchaseLineId, Vec<Came>>, StoreError> {
    let mut found: BTreeMap<PurchaseLineId, Vec<Came>> = BTreeMap::new();
    for row in tx.query(&RECEIVED_ON, params![company_id; Rows::column(lines)])? {
        let came = Came { move_id: row.get(1)?, quantity: row.get(2)?, direct: row.get(4)? };
        found.entry(row.get(0)?).or_default().push(came);
    }
    Ok(found)
}

/// A return to be written.
pub(crate) struct NewReturn {
    pub id: ReturnId,
    pub number: String,
    pub client_ref: String,
    pub order_id: PurchaseOrderId,
    pub returned_on: Day,
    pub posted_on: Day,
    pub reason: String,
    pub value: i64,
}

/// A line of it.
pub(crate) struct ReturnRow {
    pub id: ReceiptLineId,
    pub line_id: PurchaseLineId,
    pub line: i64,
    pub quantity: Quantity,
    pub lot: String,
    pub place_id: PlaceId,
    pub move_id: MoveId,
    pub value: i64,
    pub grni_quantity: Quantity,
    pub grni_value: i64,
    pub replaced: bool,
}

/// The return that has a reference of the client, if it has one and it was used.
pub(crate) fn return_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    client_ref: &str,
) -> Result<Option<ReturnedToSupplier>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&RETURN_BY_REF, params![ctx.company_id, client_ref])?;
    found
        .map(|row| {
            Ok(ReturnedToSupplier {
                return_id: row.get(0)?,
                number: row.get(1)?,
                posted_on: row.get(2)?,
                value: Money::new(row.get(3)?, ctx.currency),
                repeated: true,
            })
        })
        .transpose()
}

/// Writes a return.
pub(crate) fn insert_return(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    back: &NewReturn,
    lines: &[ReturnRow],
) -> Result<(), StoreError> {
    tx.write(
        &INSERT_RETURN,
        params![
            ctx.company_id,
            back.id,
            back.number,
            back.client_ref,
            back.order_id,
            back.returned_on,
            back.posted_on,
            back.reason,
            back.value,
            ctx.user_id,
            ctx.at
        ],
    )?;
    let mut set = Rows::new(11);
    for line in lines {
        set.push(row![
            line.id,
            line.line_id,
            line.line,
            line.quantity,
            line.lot,
            line.place_id,
            line.move_id,
            line.value,
            line.grni_quantity,
            line.grni_value,
            line.replaced
        ]);
    }
    tx.write(&INSERT_RETURN_LINES, params![ctx.company_id, back.id; set])
}
