//! `inspect`: what was found of goods that a receipt took into quarantine, and what becomes of them.
//!
//! | | debit | credit |
//! | --- | --- | --- |
//! | passed, or taken all the same | stock | quarantine |
//! | failed: scrap | the reason's account | quarantine |
//! | failed: supplier claim | supplier claims | quarantine |
//!
//! Until then nothing of them is available, and nobody can put them away: see
//! [`put_away`](crate::put_away()). What is gone, as it left quarantine by a count or a return to the
//! supplier, waits no longer; only what does not lie there can be. What failed without a disposition
//! stays where it is and waits for one.

use crate::claim::{self, NewClaim};
use crate::model::{Gone, INSPECTION};
use crate::words::{Disposition, InspectionResult};
use crate::{INSPECT, tables};
use accounting::{Area, Role};
use base::{
    ClaimId, Day, Id, InspectionId, ItemId, Money, MoveId, NumberError, PlaceId, Problem, Quantity,
    ReceiptId, ReceiptLineId, Rule, TextError, check_text,
};
use catalog::Item;
use identity::{Ctx, Denied};
use purchasing::QuarantinedGoods;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use stock::{Counter, FoundPlace, Kind, Move, PostError, Posting, ShelfKey, Warehouse};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Goods of a receipt that were looked at together.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Inspect {
    /// The receipt that took them into quarantine.
    pub receipt_id: ReceiptId,
    /// The day; today when absent.
    #[serde(default)]
    pub inspected_on: Option<Day>,
    /// What was found. A line may come several times, as when a part passed.
    pub lines: Vec<InspectLine>,
    /// The client's own key: a second inspection with it is the same one.
    #[serde(default)]
    pub client_ref: String,
}

/// Goods of one line of the receipt.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct InspectLine {
    /// The receipt's line.
    pub line: i64,
    /// How much, in the stock unit; all that waits when absent.
    #[serde(default)]
    pub quantity: Option<Quantity>,
    /// What was found.
    pub result: InspectionResult,
    /// What becomes of what failed: restock (taken all the same), scrap or supplier_claim. When
    /// absent it stays in quarantine until somebody decides.
    #[serde(default)]
    pub disposition: Option<Disposition>,
    /// What is wrong, or where they went; needed for what failed or is gone.
    #[serde(default)]
    pub reason: String,
    /// For scrap, the code of the stock reason whose account takes the loss.
    #[serde(default)]
    pub scrap_reason: String,
    /// The path of the place where good goods go; where the receipt would have put them when absent.
    #[serde(default)]
    pub place: Option<String>,
    /// What proves it: where photographs lie, who saw it.
    #[serde(default)]
    pub evidence: String,
    /// What was measured or seen.
    #[serde(default)]
    pub note: String,
}

/// An inspection as booked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Inspected {
    /// The inspection.
    pub inspection_id: InspectionId,
    /// Its number.
    pub number: String,
    /// The books' day.
    pub posted_on: Day,
    /// What left quarantine was worth.
    pub value: Money,
    /// The claims that were made.
    pub claims: Vec<ClaimId>,
    /// Whether it was there before: nothing was done again.
    pub repeated: bool,
}

/// Why nothing was decided, in order of precedence. Lines are the receipt's.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum InspectError {
    /// The receipt took nothing into quarantine.
    #[error("there is no receipt {receipt_id} that took goods into quarantine")]
    NotFound {
        /// The receipt asked for.
        receipt_id: ReceiptId,
    },
    /// The caller may not, or not in the receipt's warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text cannot be stored, or is missing.
    #[error(transparent)]
    Text(#[from] TextError),
    /// Nothing was looked at.
    #[error("the inspection has no lines; name what you looked at")]
    Empty,
    /// The line took nothing into quarantine.
    #[error("line {line} of the receipt took nothing into quarantine")]
    UnknownLine {
        /// The line asked for.
        line: i64,
    },
    /// Nothing, a broken piece, or more than waits.
    #[error("line {line}: {asked} cannot be decided on, {waiting} wait for it")]
    BadQuantity {
        /// The line.
        line: i64,
        /// What was asked.
        asked: Quantity,
        /// What waits.
        waiting: Quantity,
    },
    /// The goods are still there.
    #[error("line {line}: {asked} cannot be gone, {gone} of what waits does not lie there")]
    NotGone {
        /// The line.
        line: i64,
        /// What was asked.
        asked: Quantity,
        /// How much of what waits is not there.
        gone: Quantity,
    },
    /// Of these goods more is claimed than came, or would be.
    #[error("line {line}: {asked} cannot be claimed, {open} came and are not claimed")]
    Claimed {
        /// The line.
        line: i64,
        /// What was asked.
        asked: Quantity,
        /// What is not claimed yet.
        open: Quantity,
    },
    /// This does not become of such goods.
    #[error("line {line}: {disposition} is for what failed, as restock, scrap or supplier_claim")]
    BadDisposition {
        /// The line.
        line: i64,
        /// What was asked.
        disposition: Disposition,
    },
    /// There is no such reason.
    #[error("line {line}: there is no stock reason {reason:?} in use; scrap needs one")]
    UnknownReason {
        /// The line.
        line: i64,
        /// The code asked for.
        reason: String,
    },
    /// The place is none where goods of ours are kept in the receipt's warehouse.
    #[error("line {line}: there is no place {place:?} for good goods in the receipt's warehouse")]
    UnknownPlace {
        /// The line.
        line: i64,
        /// The path asked for.
        place: String,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The goods could not be moved.
    #[error(transparent)]
    Post(#[from] PostError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for InspectError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        let refused = |code, line: &i64| {
            Problem::refused(code, detail.clone()).with_line(u32::try_from(*line).unwrap_or(0))
        };
        match self {
            InspectError::NotFound { .. } => Problem::not_found("receipt_not_found", detail),
            InspectError::Denied(error) => error.problem(),
            InspectError::Text(error) => error.problem(),
            InspectError::Empty => Problem::invalid("inspection_empty", detail).with_field("lines"),
            InspectError::UnknownLine { line } => refused("unknown_line", line),
            InspectError::BadQuantity { line, .. } => refused("exceeds_waiting", line),
            InspectError::NotGone { line, .. } => refused("still_there", line),
            InspectError::Claimed { line, .. } => refused("exceeds_received", line),
            InspectError::BadDisposition { line, .. } => refused("bad_disposition", line),
            InspectError::UnknownReason { line, .. } => refused("reason_not_found", line),
            InspectError::UnknownPlace { line, .. } => refused("unknown_place", line),
            InspectError::Number(error) => error.problem(),
            InspectError::Post(error) => error.problem(),
            InspectError::Store(error) => error.problem(),
        }
    }
}

/// Decides on goods that a receipt took into quarantine, and moves them where they go.
///
/// # Errors
/// The first broken rule in the order of [`InspectError`]; nothing has then been written.
pub fn inspect(tx: &mut Tx<'_>, ctx: &Ctx, request: Inspect) -> Result<Inspected, InspectError> {
    let receipt_id = request.receipt_id;
    let goods = purchasing::hold_quarantined(tx, ctx, receipt_id)?;
    let warehouse_id = goods.first().ok_or(InspectError::NotFound { receipt_id })?.warehouse_id;
    ctx.require_in(INSPECT, warehouse_id)?;
    check(&request)?;
    if let Some(earlier) = tables::inspection_by_ref(tx, ctx, &request.client_ref)? {
        return Ok(earlier);
    }
    let known = load(tx, ctx, goods, &request)?;
    let decided = decide(&known, &request)?;
    record(tx, ctx, &known, decided, &request)
}

fn check(request: &Inspect) -> Result<(), InspectError> {
    check_text("client_ref", &request.client_ref, 200)?;
    for line in &request.lines {
        check_text("reason", &line.reason, 500)?;
        check_text("scrap_reason", &line.scrap_reason, 100)?;
        check_text("evidence", &line.evidence, 2_000)?;
        check_text("note", &line.note, 500)?;
        if line.result != InspectionResult::Pass && line.reason.trim().is_empty() {
            return Err(TextError::Empty { field: "reason" }.into());
        }
    }
    if request.lines.is_empty() { Err(InspectError::Empty) } else { Ok(()) }
}

/// What the decision needs to know.
struct Known {
    goods: Vec<QuarantinedGoods>,
    waiting: BTreeMap<ReceiptLineId, Quantity>,
    /// What of all that waits does not lie there; read only when somebody says that goods are gone.
    gone: BTreeMap<ShelfKey, Quantity>,
    /// What is claimed of it already; read only when somebody claims.
    claimed: BTreeMap<ReceiptLineId, Gone>,
    items: HashMap<ItemId, Item>,
    places: BTreeMap<String, FoundPlace>,
    reasons: BTreeMap<String, Role>,
    warehouse: Warehouse,
}

fn load(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    goods: Vec<QuarantinedGoods>,
    request: &Inspect,
) -> Result<Known, InspectError> {
    let warehouse_id = goods[0].warehouse_id;
    let warehouse = stock::warehouse(tx, ctx.company_id, warehouse_id)?.ok_or_else(|| {
        StoreError::Unusable(format!("the warehouse {warehouse_id} of a receipt is missing"))
    })?;
    let ids: BTreeSet<ItemId> = goods.iter().map(|goods| goods.item_id).collect();
    let items = catalog::items_by_id(tx, ctx.company_id, &ids.into_iter().collect::<Vec<_>>())?;
    let paths = request.lines.iter().filter_map(|line| line.place.as_deref());
    let places: BTreeMap<String, FoundPlace> = stock::find_places(tx, ctx.company_id, paths)?
        .into_iter()
        .filter(|(_, place)| {
            place.warehouse_id == warehouse_id
                && place.kind.holds_stock()
                && place.class != stock::Class::Quarantine
        })
        .collect();
    let says_gone = request.lines.iter().any(|line| line.result == InspectionResult::Gone);
    let gone = if says_gone { gone(tx, ctx, &goods, &places, request)? } else { BTreeMap::new() };
    let claims = request.lines.iter().any(|l| l.disposition == Some(Disposition::SupplierClaim));
    let claimed = match claims {
        true => tables::claimed_of(tx, ctx, goods.iter().map(|goods| goods.receipt_line_id))?,
        false => BTreeMap::new(),
    };
    Ok(Known {
        gone,
        claimed,
        waiting: tables::waiting_of(tx, ctx, goods.iter().map(|goods| goods.receipt_line_id))?,
        reasons: stock::reason_accounts(tx, ctx)?,
        items,
        places,
        warehouse,
        goods,
    })
}

/// Where goods lie.
fn shelf(goods: &QuarantinedGoods) -> ShelfKey {
    let lot = goods.lot_id.map_or(0, Id::raw);
    ShelfKey { item_id: goods.item_id, place_id: goods.place_id, lot }
}

/// What waits at the places of the goods and does not lie there. The rows are locked first, with those
/// that goods of the request go to, so that nobody moves or decides anything there in between.
fn gone(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    goods: &[QuarantinedGoods],
    places: &BTreeMap<String, FoundPlace>,
    request: &Inspect,
) -> Result<BTreeMap<ShelfKey, Quantity>, InspectError> {
    let mut keys: BTreeSet<ShelfKey> = goods.iter().map(shelf).collect();
    for line in request.lines.iter().filter(|line| line.result != InspectionResult::Gone) {
        for goods in goods.iter().filter(|goods| goods.line == line.line) {
            let named = line.place.as_ref().and_then(|path| places.get(path));
            let place_id = named.map_or(goods.inspect_to, |place| place.place_id);
            keys.insert(ShelfKey { place_id, ..shelf(goods) });
        }
    }
    let there = stock::lock_shelf(tx, ctx, keys)?;
    let waiting = tables::waiting_at(tx, ctx, goods.iter().map(shelf))?;
    let mut gone = BTreeMap::new();
    for (key, waiting) in waiting {
        let there = there.get(&key).copied().unwrap_or_default();
        gone.insert(key, waiting.checked_sub(there.on_hand)?.max(Quantity::ZERO));
    }
    Ok(gone)
}

/// What becomes of a part of a line.
struct Decided {
    /// Its line in the request.
    asked: usize,
    /// Its goods.
    at: usize,
    quantity: Quantity,
    /// Where it goes; nowhere as long as nobody decides.
    goes: Option<Goes>,
}

enum Goes {
    Stock(PlaceId),
    Scrap(Role),
    Supplier,
}

/// Decides each line against what those before it left.
fn decide(known: &Known, request: &Inspect) -> Result<Vec<Decided>, InspectError> {
    let (mut waiting, mut gone) = (known.waiting.clone(), known.gone.clone());
    let mut claimed = known.claimed.clone();
    let mut decided = Vec::with_capacity(request.lines.len());
    for (asked, line) in request.lines.iter().enumerate() {
        let number = line.line;
        let at = known.goods.iter().position(|goods| goods.line == number);
        let at = at.ok_or(InspectError::UnknownLine { line: number })?;
        let goods = &known.goods[at];
        let left = waiting.entry(goods.receipt_line_id).or_default();
        let quantity = line.quantity.unwrap_or(*left);
        let whole = known.items.get(&goods.item_id).is_some_and(|item| item.stock_unit.whole);
        let broken = whole && quantity.micro() % Quantity::MICRO != 0;
        if !quantity.is_positive() || quantity > *left || broken {
            let waiting = *left;
            return Err(InspectError::BadQuantity { line: number, asked: quantity, waiting });
        }
        let goes = known.goes(goods, line)?;
        if line.result == InspectionResult::Gone {
            let left = gone.entry(shelf(goods)).or_default();
            if quantity > *left {
                return Err(InspectError::NotGone { line: number, asked: quantity, gone: *left });
            }
            *left = left.checked_sub(quantity)?;
        }
        if matches!(goes, Some(Goes::Supplier)) {
            let Gone { claimed, .. } = claimed.entry(goods.receipt_line_id).or_default();
            let open = goods.quantity.checked_sub(*claimed)?.max(Quantity::ZERO);
            if quantity > open {
                return Err(InspectError::Claimed { line: number, asked: quantity, open });
            }
            *claimed = claimed.checked_add(quantity)?;
        }
        if goes.is_some() || line.result == InspectionResult::Gone {
            *left = left.checked_sub(quantity)?;
        }
        decided.push(Decided { asked, at, quantity, goes });
    }
    Ok(decided)
}

impl Known {
    fn goes(
        &self,
        goods: &QuarantinedGoods,
        line: &InspectLine,
    ) -> Result<Option<Goes>, InspectError> {
        Ok(Some(match (line.result, line.disposition) {
            (InspectionResult::Pass, None)
            | (InspectionResult::Fail, Some(Disposition::Restock)) => {
                Goes::Stock(self.place(goods, line)?)
            }
            (InspectionResult::Fail | InspectionResult::Gone, None) => return Ok(None),
            (InspectionResult::Fail, Some(Disposition::Scrap)) => {
                let role = self.reasons.get(&line.scrap_reason).copied();
                Goes::Scrap(role.ok_or_else(|| InspectError::UnknownReason {
                    line: line.line,
                    reason: line.scrap_reason.clone(),
                })?)
            }
            (InspectionResult::Fail, Some(Disposition::SupplierClaim)) => Goes::Supplier,
            (_, Some(disposition)) => {
                return Err(InspectError::BadDisposition { line: line.line, disposition });
            }
        }))
    }

    fn place(&self, goods: &QuarantinedGoods, line: &InspectLine) -> Result<PlaceId, InspectError> {
        let Some(path) = &line.place else { return Ok(goods.inspect_to) };
        let found = self.places.get(path).map(|place| place.place_id);
        found.ok_or_else(|| InspectError::UnknownPlace { line: line.line, place: path.clone() })
    }
}

/// A decision about to be written.
pub(crate) struct NewInspection {
    pub receipt_line_id: ReceiptLineId,
    pub item_id: ItemId,
    pub quantity: Quantity,
    pub result: InspectionResult,
    pub disposition: Option<Disposition>,
    pub value: i64,
    pub place: PlaceId,
    pub reason: String,
    pub scrap_reason: String,
    pub evidence: String,
    pub note: String,
    pub claim: Option<ClaimId>,
    pub move_id: Option<MoveId>,
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    known: &Known,
    decided: Vec<Decided>,
    request: &Inspect,
) -> Result<Inspected, InspectError> {
    let inspection_id: InspectionId = tx.id()?;
    let number = tx.number(ctx.company_id, "QI")?;
    let day = request.inspected_on.unwrap_or(ctx.today);
    let (mut rows, mut moves, mut claims) = (Vec::new(), Vec::new(), Vec::new());
    for (part, n) in decided.iter().zip(1_i64..) {
        let (goods, line) = (&known.goods[part.at], &request.lines[part.asked]);
        let claim = match part.goes {
            Some(Goes::Supplier) => Some(tx.id::<ClaimId>()?),
            _ => None,
        };
        let (to, kind, counter) = match part.goes {
            None => (goods.place_id, Kind::TransferOut, None),
            Some(Goes::Stock(place)) => (place, Kind::TransferOut, None),
            Some(Goes::Scrap(role)) => {
                (known.warehouse.loss, Kind::Loss, Some(Counter::role(role)))
            }
            Some(Goes::Supplier) => {
                let counter = claim.map(|id| claim::counter(id, Some(goods.partner_id)));
                (known.warehouse.supplier, Kind::SupplierReturn, counter)
            }
        };
        if part.goes.is_some() {
            moves.push(Move {
                lot_id: goods.lot_id,
                kind,
                counter,
                line_id: n,
                ..Move::plain(goods.item_id, goods.place_id, to, part.quantity)
            });
        }
        rows.push(NewInspection {
            receipt_line_id: goods.receipt_line_id,
            item_id: goods.item_id,
            quantity: part.quantity,
            result: line.result,
            disposition: line.disposition,
            value: 0,
            place: to,
            reason: line.reason.clone(),
            scrap_reason: line.scrap_reason.clone(),
            evidence: line.evidence.clone(),
            note: line.note.clone(),
            claim,
            move_id: None,
        });
    }
    let mut posted_on = day;
    if !moves.is_empty() {
        let posting = Posting {
            area: Area::Stock,
            happened_on: day,
            source_kind: INSPECTION,
            source_id: inspection_id.raw(),
            memo: number.clone(),
            moves,
            lines: Vec::new(),
        };
        let posted = stock::post(tx, ctx, posting)?;
        posted_on = posted.posted_on;
        let mut moved = posted.moves.into_iter();
        for (row, part) in rows.iter_mut().zip(&decided) {
            if let Some(moved) = part.goes.as_ref().and_then(|_| moved.next()) {
                (row.value, row.move_id) = (moved.value, Some(moved.move_id));
            }
        }
    }
    for (row, part) in rows.iter().zip(&decided) {
        if let Some(id) = row.claim {
            claims.push(NewClaim {
                id,
                partner_id: Some(known.goods[part.at].partner_id),
                item_id: row.item_id,
                quantity: row.quantity,
                amount: row.value,
                cause: row.reason.clone(),
                evidence: row.evidence.clone(),
                receipt_line_id: Some(row.receipt_line_id),
                opened_on: day,
                client_ref: String::new(),
            });
        }
    }
    claim::open_all(tx, ctx, &claims)?;
    let head = InspectionHead {
        id: inspection_id,
        number: &number,
        client_ref: &request.client_ref,
        receipt_id: request.receipt_id,
        inspected_on: day,
        posted_on,
    };
    let value = write(tx, ctx, &head, &rows)?;
    Ok(Inspected {
        inspection_id,
        number,
        posted_on,
        value,
        claims: claims.iter().map(|claim| claim.id).collect(),
        repeated: false,
    })
}

/// Which inspection it is, and of which receipt and days.
pub(crate) struct InspectionHead<'a> {
    pub id: InspectionId,
    pub number: &'a str,
    pub client_ref: &'a str,
    pub receipt_id: ReceiptId,
    pub inspected_on: Day,
    pub posted_on: Day,
}

/// Writes an inspection and tells of it: what left quarantine.
pub(crate) fn write(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    head: &InspectionHead<'_>,
    rows: &[NewInspection],
) -> Result<Money, StoreError> {
    tables::insert_inspections(tx, ctx, head, rows)?;
    let value = rows.iter().try_fold(0_i64, |sum, row| sum.checked_add(row.value));
    let value =
        value.ok_or_else(|| StoreError::Unusable("an inspection beyond all numbers".into()))?;
    let value = Money::new(value, ctx.currency);
    let told = serde_json::json!({
        "number": head.number, "receipt_id": head.receipt_id, "lines": rows.len(), "value": value,
    });
    ctx.fact(tx, INSPECTION, head.id.raw(), 1, "quality.inspected", told.clone());
    ctx.audit(tx, INSPECT, INSPECTION, head.id.raw(), told);
    Ok(value)
}
