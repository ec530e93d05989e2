//! `cancel_blind_receipt`: nothing of it is booked. The scans stay.

use crate::words::BlindState;
use crate::{BLIND_RECEIPT, BlindError, CANCEL_BLIND_RECEIPT, MATCH, tables};
use base::{BlindReceiptId, Id, TextError, check_text};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// A blind receipt to be given up.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct CancelBlindReceipt {
    /// The blind receipt.
    pub blind_receipt_id: BlindReceiptId,
    /// Why, 1 to 500 characters.
    pub reason: String,
}

/// A blind receipt as cancelled.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct BlindReceiptCancelled {
    /// The blind receipt.
    pub blind_receipt_id: BlindReceiptId,
}

/// Gives a blind receipt up.
///
/// # Errors
/// The first broken rule in the order of [`BlindError`].
pub fn cancel_blind_receipt(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: CancelBlindReceipt,
) -> Result<BlindReceiptCancelled, BlindError> {
    check_text("reason", &request.reason, 500)?;
    let mut receipt = tables::lock_open(tx, ctx, request.blind_receipt_id, MATCH)?;
    if request.reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" }.into());
    }
    tables::close_blind(tx, ctx, &mut receipt, BlindState::Cancelled, "", &request.reason)?;
    let detail = serde_json::json!({ "number": receipt.number, "reason": request.reason });
    ctx.audit(tx, CANCEL_BLIND_RECEIPT, BLIND_RECEIPT, receipt.id.raw(), detail.clone());
    ctx.fact(tx, BLIND_RECEIPT, receipt.id.raw(), receipt.seq, "receiving.cancelled", detail);
    Ok(BlindReceiptCancelled { blind_receipt_id: receipt.id })
}
