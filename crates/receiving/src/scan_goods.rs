//! `scan_goods`: somebody scans what came. What is scanned stays, whatever becomes of it; several
//! people scan into one blind receipt at once.

use crate::{BLIND_RECEIPT, BlindError, SCAN, SCAN_GOODS, tables};
use base::{
    BlindReceiptId, Day, DocumentId, Id, ItemId, NumberError, Quantity, Rounding, check_code,
    check_text, mul_div,
};
use catalog::{Item, ItemKind, Scanned, Tracking};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;
use store::Tx;
use utoipa::ToSchema;

/// How many scans one request takes.
pub const MAX_SCANS: usize = 1_000;

/// Goods that were scanned, in the order they were.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ScanGoods {
    /// The blind receipt.
    pub blind_receipt_id: BlindReceiptId,
    /// The scans, at most 1,000.
    pub scans: Vec<BlindScan>,
}

/// The kinds of records whose documents prove how goods arrived.
const EVIDENCE_OF: &[&str] = &["blind_receipt", "item", "partner", "purchase_order", "warehouse"];

/// One scan.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct BlindScan {
    /// What was scanned: a barcode of the item or of a pack, a GS1 code with its fields, or an SKU.
    pub code: String,
    /// How many of what the code stands for; what a GS1 code says, else 1, when left out.
    pub quantity: Option<Quantity>,
    /// How many stock units the pack says that it holds. When it is not what the catalogue knows, the
    /// scan is refused.
    pub pack_holds: Option<Quantity>,
    /// The lot's or the piece's number, when the code does not say it.
    pub lot: Option<String>,
    /// The last day the lot keeps, when the code does not say it.
    pub expires_on: Option<Day>,
    /// Whether the goods are damaged: they are taken into quarantine.
    pub damaged: bool,
    /// What the goods look like, or how they are damaged. Goods with a code that no item has are taken
    /// down as unknown when they are described.
    pub description: String,
    /// Documents that prove how the goods arrived, such as the photo of a damage. They become evidence
    /// of the receipt's line, or of the unknown goods.
    pub evidence: Vec<DocumentId>,
    /// The client's own key of the scan: a second one with it is the same.
    pub client_ref: String,
}

/// What was taken down.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct GoodsScanned {
    /// The blind receipt.
    pub blind_receipt_id: BlindReceiptId,
    /// How often it was written: what booking has to name.
    pub seq: i64,
    /// What each scan was.
    pub lines: Vec<ScannedLine>,
}

/// What a scan was.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ScannedLine {
    /// Its number in the blind receipt.
    pub line: i64,
    /// The item; empty for one that nobody knows.
    pub sku: String,
    /// Its name, or what the goods look like.
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
    /// Whether the scan was there before: nothing was done again.
    pub repeated: bool,
}

/// A scan as it is written.
pub(crate) struct NewScan {
    pub line: i64,
    pub code: String,
    pub item_id: Option<ItemId>,
    pub packaging: String,
    pub packs: Quantity,
    pub quantity: Quantity,
    pub lot: String,
    pub expires_on: Option<Day>,
    pub damaged: bool,
    pub description: String,
    pub client_ref: String,
}

/// Takes down scans.
///
/// # Errors
/// The first broken rule in the order of [`BlindError`]; nothing has then been written.
pub fn scan_goods(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ScanGoods,
) -> Result<GoodsScanned, BlindError> {
    check(&request)?;
    let mut receipt = tables::lock_open(tx, ctx, request.blind_receipt_id, SCAN)?;
    let refs = request.scans.iter().map(|scan| scan.client_ref.as_str());
    let earlier = tables::scans_by_ref(tx, ctx, receipt.id, refs)?;
    let proofs = request.scans.iter().flat_map(|scan| scan.evidence.iter().copied());
    documents::find_evidence(tx, ctx, proofs, EVIDENCE_OF)?;
    let codes: Vec<&str> = request.scans.iter().map(|scan| scan.code.as_str()).collect();
    let known = catalog::scanned(tx, ctx, &codes)?;
    let ids: Vec<ItemId> = known.values().map(|scanned| scanned.item_id).collect();
    let items = catalog::items_by_id(tx, ctx.company_id, &ids)?;

    let (mut lines, mut new) = (Vec::with_capacity(request.scans.len()), Vec::new());
    let mut proven: Vec<(i64, Vec<DocumentId>)> = Vec::new();
    // Keys of this request, so that a scan which is sent twice in one request counts once.
    let mut seen: HashMap<String, i64> = earlier;
    for (scan, asked) in (1..).zip(request.scans) {
        let scanned = known.get(&asked.code);
        let item = scanned.and_then(|scanned| items.get(&scanned.item_id));
        let mut taken = take(scan, &asked, scanned, item)?;
        let repeated = seen.get(&taken.client_ref).copied();
        taken.line = repeated.unwrap_or(receipt.lines + 1);
        lines.push(ScannedLine {
            line: taken.line,
            sku: item.map_or_else(String::new, |item| item.sku.clone()),
            name: item.map_or_else(|| taken.description.clone(), |item| item.name.clone()),
            packaging: taken.packaging.clone(),
            packs: taken.packs,
            quantity: taken.quantity,
            unit: item.map_or_else(String::new, |item| item.stock_unit.code.clone()),
            lot: taken.lot.clone(),
            repeated: repeated.is_some(),
        });
        if repeated.is_none() {
            receipt.lines = taken.line;
            if !taken.client_ref.is_empty() {
                seen.insert(taken.client_ref.clone(), taken.line);
            }
            proven.push((taken.line, asked.evidence));
            new.push(taken);
        }
    }
    if !new.is_empty() {
        tables::insert_scans(tx, ctx, receipt.id, &new)?;
        let record = receipt.record();
        let proofs = proven.iter().map(|(line, proofs)| (&record, *line, proofs.as_slice()));
        documents::name_evidence(tx, ctx, proofs)?;
        tables::touch_blind(tx, ctx, &mut receipt)?;
        let detail = serde_json::json!({ "number": receipt.number, "scans": new.len() });
        ctx.audit(tx, SCAN_GOODS, BLIND_RECEIPT, receipt.id.raw(), detail.clone());
        ctx.fact(tx, BLIND_RECEIPT, receipt.id.raw(), receipt.seq, "receiving.scanned", detail);
    }
    Ok(GoodsScanned { blind_receipt_id: receipt.id, seq: receipt.seq, lines })
}

fn check(request: &ScanGoods) -> Result<(), BlindError> {
    if request.scans.is_empty() {
        return Err(BlindError::Empty);
    }
    let found = request.scans.len();
    if found > MAX_SCANS {
        return Err(BlindError::TooMany { found, most: MAX_SCANS });
    }
    for scan in &request.scans {
        check_text("code", &scan.code, 200)?;
        check_text("description", &scan.description, 500)?;
        check_text("client_ref", &scan.client_ref, 200)?;
        scan.lot.as_ref().map_or(Ok(()), |lot| check_code("lot", lot))?;
    }
    Ok(())
}

/// What a scan is, by the catalogue; its number is given later.
fn take(
    scan: usize,
    asked: &BlindScan,
    scanned: Option<&Scanned>,
    item: Option<&Item>,
) -> Result<NewScan, BlindError> {
    let told = scanned.and_then(|scanned| scanned.count);
    let packs = asked.quantity.or(told).unwrap_or(Quantity::ONE);
    let mut taken = NewScan {
        line: 0,
        code: asked.code.trim().to_owned(),
        item_id: None,
        packaging: String::new(),
        packs,
        quantity: packs,
        lot: asked.lot.clone().unwrap_or_default(),
        expires_on: asked.expires_on,
        damaged: asked.damaged,
        description: asked.description.trim().to_owned(),
        client_ref: asked.client_ref.clone(),
    };
    if !packs.is_positive() {
        return Err(BlindError::NotPositive { scan, quantity: packs });
    }
    let (Some(scanned), Some(item)) = (scanned, item) else {
        if taken.description.is_empty() {
            return Err(BlindError::UnknownCode { scan, code: taken.code });
        }
        return Ok(taken);
    };
    let sku = item.sku.clone();
    if item.kind != ItemKind::Goods {
        return Err(BlindError::NotGoods { scan, sku });
    }
    if let Some(holds) = asked.pack_holds.filter(|&holds| holds != scanned.quantity) {
        return Err(BlindError::PackDiffers { scan, sku, holds, known: scanned.quantity });
    }
    taken.item_id = Some(item.id);
    taken.packaging.clone_from(&scanned.packaging);
    taken.quantity = times(packs, scanned.quantity)?;
    let kept = &item.stock_unit;
    if kept.whole && taken.quantity.micro() % Quantity::MICRO != 0 {
        let quantity = taken.quantity;
        return Err(BlindError::NotWhole { scan, quantity, kept: kept.code.clone() });
    }
    let told = match item.tracking {
        Tracking::None => None,
        Tracking::Lot => scanned.lot.clone(),
        Tracking::Serial => scanned.serial.clone(),
    };
    taken.expires_on = taken.expires_on.or(scanned.expires_on);
    if item.tracking == Tracking::None {
        (taken.lot, taken.expires_on) = (String::new(), None);
        return Ok(taken);
    }
    let lot = asked.lot.clone().or(told);
    taken.lot = lot.ok_or(BlindError::LotMissing { scan, sku, tracking: item.tracking })?;
    if item.tracking == Tracking::Serial && taken.quantity != Quantity::ONE {
        return Err(BlindError::SharedSerial { scan, lot: taken.lot, quantity: taken.quantity });
    }
    Ok(taken)
}

/// So many packs of so many stock units.
fn times(packs: Quantity, each: Quantity) -> Result<Quantity, NumberError> {
    mul_div(packs.micro(), each.micro(), Quantity::MICRO, Rounding::HalfUp)
        .map(Quantity::from_micro)
}
