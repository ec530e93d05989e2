//! `void_scan`: a scan was a mistake. It stays, with who took it back and why, and counts no more.

use crate::{BLIND_RECEIPT, BlindError, SCAN, VOID_SCAN, tables};
use base::{BlindReceiptId, Id, TextError, check_text};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// A scan to be taken back.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct VoidScan {
    /// The blind receipt.
    pub blind_receipt_id: BlindReceiptId,
    /// The number of the scan in it.
    pub line: i64,
    /// Why, 1 to 500 characters.
    pub reason: String,
}

/// A scan as taken back.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScanVoided {
    /// The blind receipt.
    pub blind_receipt_id: BlindReceiptId,
    /// How often it was written.
    pub seq: i64,
}

/// Takes a scan back.
///
/// # Errors
/// The first broken rule in the order of [`BlindError`].
pub fn void_scan(tx: &mut Tx<'_>, ctx: &Ctx, request: VoidScan) -> Result<ScanVoided, BlindError> {
    check_text("reason", &request.reason, 500)?;
    let line = request.line;
    let mut receipt = tables::lock_open(tx, ctx, request.blind_receipt_id, SCAN)?;
    if request.reason.trim().is_empty() {
        return Err(TextError::Empty { field: "reason" }.into());
    }
    let number = receipt.number.clone();
    match tables::scan_voided(tx, ctx, receipt.id, line)? {
        None => return Err(BlindError::UnknownLine { number, line }),
        Some(true) => return Err(BlindError::Voided { number, line }),
        Some(false) => {}
    }
    tables::void_scan(tx, ctx, receipt.id, line, &request.reason)?;
    tables::touch_blind(tx, ctx, &mut receipt)?;
    let detail = serde_json::json!({ "number": number, "line": line, "reason": request.reason });
    ctx.audit(tx, VOID_SCAN, BLIND_RECEIPT, receipt.id.raw(), detail.clone());
    ctx.fact(tx, BLIND_RECEIPT, receipt.id.raw(), receipt.seq, "receiving.scan_voided", detail);
    Ok(ScanVoided { blind_receipt_id: receipt.id, seq: receipt.seq })
}
