//! `open_blind_receipt`: people begin to scan what came of a supplier.

use crate::model::BlindReceipt;
use crate::words::BlindState;
use crate::{BLIND_RECEIPT, BlindError, OPEN_BLIND_RECEIPT, SCAN, tables};
use base::{BlindReceiptId, Id, check_text};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// A delivery whose goods are scanned without seeing what was ordered.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenBlindReceipt {
    /// The supplier's code.
    pub supplier: String,
    /// The code of the warehouse that they came to; the only one when left out.
    #[serde(default)]
    pub warehouse: Option<String>,
    /// The number on the supplier's delivery note.
    #[serde(default)]
    pub delivery_note: String,
    /// The client's own key: a second one with it is the same blind receipt.
    #[serde(default)]
    pub client_ref: String,
}

/// A blind receipt as opened.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlindReceiptOpened {
    /// The blind receipt.
    pub blind_receipt_id: BlindReceiptId,
    /// Its number.
    pub number: String,
    /// Whether it was there before: nothing was done again.
    pub repeated: bool,
}

/// Opens a blind receipt, in which several people can scan.
///
/// # Errors
/// The first broken rule in the order of [`BlindError`].
pub fn open_blind_receipt(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: OpenBlindReceipt,
) -> Result<BlindReceiptOpened, BlindError> {
    check_text("delivery_note", &request.delivery_note, 200)?;
    check_text("client_ref", &request.client_ref, 200)?;
    let found = tables::warehouse(tx, ctx, request.warehouse.as_deref())?;
    let warehouse = found.map_err(|(code, known)| BlindError::UnknownWarehouse { code, known })?;
    ctx.require_in(SCAN, warehouse.warehouse_id)?;
    let code = request.supplier;
    let partner_id = tables::supplier(tx, ctx, &code)?;
    let partner_id = partner_id.ok_or(BlindError::UnknownSupplier { code })?;
    if let Some(earlier) = tables::blind_by_ref(tx, ctx, &request.client_ref)? {
        return Ok(earlier);
    }
    let receipt = BlindReceipt {
        id: tx.id()?,
        number: tx.number(ctx.company_id, "BR")?,
        partner_id,
        warehouse_id: warehouse.warehouse_id,
        state: BlindState::Open,
        delivery_note: request.delivery_note,
        lines: 0,
        seq: 1,
        opened_on: ctx.today,
    };
    tables::insert_blind(tx, ctx, &receipt, &request.client_ref)?;
    let BlindReceipt { id: blind_receipt_id, number, .. } = receipt;
    let detail = serde_json::json!({ "number": number, "warehouse": warehouse.code });
    ctx.audit(tx, OPEN_BLIND_RECEIPT, BLIND_RECEIPT, blind_receipt_id.raw(), detail.clone());
    ctx.fact(tx, BLIND_RECEIPT, blind_receipt_id.raw(), 1, "receiving.opened", detail);
    Ok(BlindReceiptOpened { blind_receipt_id, number, repeated: false })
}
