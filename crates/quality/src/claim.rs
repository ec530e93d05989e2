//! `open_claim`, `settle_claim`: what a supplier owes for what was wrong with its goods.
//!
//! | | debit | credit |
//! | --- | --- | --- |
//! | opened | supplier claims | quarantine or stock |
//! | credited | payable, the difference to price difference | supplier claims |
//! | replaced | quarantine or stock | supplier claims |
//! | written off | the reason's account | supplier claims |

use crate::model::CLAIM;
use crate::{CLAIM_PERMISSION, rules, tables};
use accounting::{Area, BookedLine, Entry, Line, OpenKey, Role};
use base::{
    ClaimId, Day, Id, ItemId, Money, NumberError, PartnerId, Problem, ProblemKind, Quantity,
    ReceiptId, ReceiptLineId, Rule, TextError, check_text,
};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use stock::{Cost, Counter, Kind, Move, PostError, Posting};
use store::{StoreError, Tx};
use utoipa::ToSchema;

use crate::inspect::{self, InspectionHead, NewInspection};
use crate::words::{ClaimOutcome, ClaimState, Disposition, InspectionResult};

/// What is wrong with goods of a receipt, found after they came in.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct OpenClaim {
    /// The receipt that brought them.
    pub receipt_id: ReceiptId,
    /// Its line.
    pub line: i64,
    /// How much, in the stock unit, above zero.
    pub quantity: Quantity,
    /// What is wrong with them.
    pub cause: String,
    /// What proves it: where photographs lie, who saw it.
    #[serde(default)]
    pub evidence: String,
    /// The path of the place they leave from; the one they were received to when absent.
    #[serde(default)]
    pub place: Option<String>,
    /// The day; today when absent.
    #[serde(default)]
    pub opened_on: Option<Day>,
    /// The client's own key of the claim: a second one with it is the same claim.
    #[serde(default)]
    pub client_ref: String,
}

/// A claim as made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClaimOpened {
    /// The claim.
    pub claim_id: ClaimId,
    /// Its number.
    pub number: String,
    /// What the supplier owes.
    pub amount: Money,
    /// Whether it was there before: nothing was done again.
    pub repeated: bool,
}

/// What a claim would do, as it was rehearsed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClaimRehearsed {
    /// What the supplier would owe.
    pub amount: Money,
    /// What it would book, by account.
    pub booked: Vec<BookedLine>,
}

/// How a claim ends.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct SettleClaim {
    /// The claim.
    pub claim_id: ClaimId,
    /// How it ends.
    pub outcome: ClaimOutcome,
    /// For a credit, what the supplier credits; all that is claimed when absent.
    #[serde(default)]
    pub amount: Option<Money>,
    /// For a credit, the number of the supplier's credit note.
    #[serde(default)]
    pub reference: String,
    /// For a replacement, the path of the place it comes to; the stock of the company's first
    /// warehouse when absent.
    #[serde(default)]
    pub place: Option<String>,
    /// For a write-off, the code of the stock reason whose account takes the loss.
    #[serde(default)]
    pub reason: String,
    /// The day; today when absent.
    #[serde(default)]
    pub settled_on: Option<Day>,
}

/// A claim as ended.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ClaimSettled {
    /// The claim.
    pub claim_id: ClaimId,
    /// Its number.
    pub number: String,
    /// How it ended.
    pub outcome: ClaimOutcome,
    /// The books' day.
    pub posted_on: Day,
}

/// Why no claim was made or ended, in order of precedence.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ClaimError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A text cannot be stored, or is missing.
    #[error(transparent)]
    Text(#[from] TextError),
    /// There is no such line of a receipt that brought goods.
    #[error("there is no receipt {receipt_id} with a line {line} that brought goods")]
    NoReceiptLine {
        /// The receipt asked for.
        receipt_id: ReceiptId,
        /// The line asked for.
        line: i64,
    },
    /// There is no such claim.
    #[error("there is no claim {claim_id}")]
    NotFound {
        /// The id asked for.
        claim_id: ClaimId,
    },
    /// The claim has ended.
    #[error("claim {number} is settled; open another")]
    NotOpen {
        /// The claim.
        number: String,
    },
    /// The place is none of ours.
    #[error("there is no place {place:?} of ours; write its path, such as WH/Stock")]
    NoPlace {
        /// The path asked for.
        place: String,
    },
    /// The goods never lay with us.
    #[error(
        "line {line} of the receipt went from the supplier straight to the customer and never lay with us; \
         enter the supplier's credit note for it, or take the goods back from the customer and claim \
         those"
    )]
    WentStraight {
        /// The line.
        line: i64,
    },
    /// Nothing, or more than came, is there and was not claimed.
    #[error("{asked} cannot be claimed from there; {open} of what came on this line can")]
    BadQuantity {
        /// What was asked.
        asked: Quantity,
        /// What may be claimed.
        open: Quantity,
    },
    /// What the outcome needs is missing.
    #[error("{outcome} needs {needs}")]
    Needs {
        /// The outcome.
        outcome: ClaimOutcome,
        /// What it needs.
        needs: &'static str,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The goods could not be moved.
    #[error(transparent)]
    Post(#[from] PostError),
    /// The books are not open.
    #[error(transparent)]
    Books(#[from] accounting::BooksError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ClaimError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            ClaimError::Denied(error) => error.problem(),
            ClaimError::Text(error) => error.problem(),
            ClaimError::NoReceiptLine { .. } => {
                Problem::not_found("receipt_line_not_found", detail)
            }
            ClaimError::NotFound { .. } => Problem::not_found("claim_not_found", detail),
            ClaimError::NotOpen { .. } => {
                Problem::new(ProblemKind::Conflict, "claim_not_open", detail)
            }
            ClaimError::WentStraight { line } => {
                let line = u32::try_from(*line).unwrap_or(0);
                Problem::refused("went_straight", detail).with_line(line)
            }
            ClaimError::BadQuantity { .. } => Problem::refused("exceeds_received", detail),
            ClaimError::NoPlace { .. } => Problem::not_found("place_not_found", detail),
            ClaimError::Needs { .. } => Problem::refused("settlement_incomplete", detail),
            ClaimError::Number(error) => error.problem(),
            ClaimError::Post(error) => error.problem(),
            ClaimError::Books(error) => error.problem(),
            ClaimError::Store(error) => error.problem(),
        }
    }
}

/// A claim about to be written.
pub(crate) struct NewClaim {
    pub id: ClaimId,
    pub partner_id: Option<PartnerId>,
    pub item_id: ItemId,
    pub quantity: Quantity,
    pub amount: i64,
    pub cause: String,
    pub evidence: String,
    pub receipt_line_id: Option<ReceiptLineId>,
    pub opened_on: Day,
    pub client_ref: String,
}

/// A claim as it is held.
pub(crate) struct Claim {
    pub number: String,
    pub partner_id: Option<PartnerId>,
    pub item_id: ItemId,
    pub quantity: Quantity,
    pub amount: i64,
    pub state: ClaimState,
}

fn key(id: ClaimId, partner_id: Option<PartnerId>) -> OpenKey {
    OpenKey { kind: CLAIM, id: id.raw(), partner_id }
}

/// The open line on which a claim waits.
pub(crate) fn counter(id: ClaimId, partner_id: Option<PartnerId>) -> Counter {
    Counter::open(Role::SupplierClaims, key(id, partner_id))
}

/// Writes a claim whose goods have left.
pub(crate) fn open(tx: &mut Tx<'_>, ctx: &Ctx, new: &NewClaim) -> Result<String, StoreError> {
    let mut numbers = open_all(tx, ctx, std::slice::from_ref(new))?;
    Ok(numbers.pop().unwrap_or_default())
}

/// Writes claims whose goods have left; answers their numbers.
pub(crate) fn open_all(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    claims: &[NewClaim],
) -> Result<Vec<String>, StoreError> {
    let mut numbered = Vec::with_capacity(claims.len());
    for new in claims {
        let number = tx.number(ctx.company_id, "CL")?;
        let told = serde_json::json!({
            "number": number, "quantity": new.quantity, "cause": new.cause,
            "amount": Money::new(new.amount, ctx.currency),
        });
        ctx.fact(tx, CLAIM, new.id.raw(), 1, "quality.claim_opened", told.clone());
        ctx.audit(tx, CLAIM_PERMISSION, CLAIM, new.id.raw(), told);
        numbered.push((new, number));
    }
    if !numbered.is_empty() {
        tables::insert_claims(tx, ctx, &numbered)?;
    }
    Ok(numbered.into_iter().map(|(_, number)| number).collect())
}

/// Claims goods of a receipt from the supplier: they leave to it at what they cost, and it owes that.
///
/// # Errors
/// The first broken rule in the order of [`ClaimError`].
pub fn open_claim(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: OpenClaim,
) -> Result<ClaimOpened, ClaimError> {
    ctx.require(CLAIM_PERMISSION)?;
    if request.cause.trim().is_empty() {
        return Err(TextError::Empty { field: "cause" }.into());
    }
    check_text("cause", &request.cause, 500)?;
    check_text("evidence", &request.evidence, 2_000)?;
    check_text("client_ref", &request.client_ref, 200)?;
    let (receipt_id, line) = (request.receipt_id, request.line);
    let received = purchasing::hold_received(tx, ctx, receipt_id, line)?
        .ok_or(ClaimError::NoReceiptLine { receipt_id, line })?;
    let receipt_line_id = received.receipt_line_id;
    if let Some(earlier) = tables::claim_by_ref(tx, ctx, &request.client_ref)? {
        return Ok(earlier);
    }
    if received.direct {
        return Err(ClaimError::WentStraight { line });
    }
    let from = match &request.place {
        Some(path) => place(tx, ctx, path)?,
        None => received.place_id,
    };
    let gone = tables::claimed_of(tx, ctx, [receipt_line_id])?;
    let gone = gone.get(&receipt_line_id).copied().unwrap_or_default();
    let waiting = tables::waiting_of(tx, ctx, [receipt_line_id])?.remove(&receipt_line_id);
    let from_there = from == received.place_id;
    let open_quantity = rules::claimable(received.quantity, gone, waiting, from_there)?;
    let asked = request.quantity;
    if !asked.is_positive() || asked > open_quantity {
        return Err(ClaimError::BadQuantity { asked, open: open_quantity });
    }
    let outside = stock::warehouses(tx, ctx.company_id)?;
    let outside = outside.first().ok_or(ClaimError::NoPlace { place: String::new() })?.supplier;
    let id: ClaimId = tx.id()?;
    let opened_on = request.opened_on.unwrap_or(ctx.today);
    let goods = Move {
        lot_id: received.lot_id,
        kind: Kind::SupplierReturn,
        counter: Some(counter(id, Some(received.partner_id))),
        line_id: receipt_line_id.raw(),
        ..Move::plain(received.item_id, from, outside, asked)
    };
    let posting = Posting {
        area: Area::Purchasing,
        happened_on: opened_on,
        source_kind: CLAIM,
        source_id: id.raw(),
        memo: request.cause.clone(),
        moves: vec![goods],
        lines: Vec::new(),
    };
    let posted = stock::post(tx, ctx, posting)?;
    let moved = posted.moves.first().copied();
    let amount = moved.map_or(0, |moved| moved.value);
    let new = NewClaim {
        id,
        partner_id: Some(received.partner_id),
        item_id: received.item_id,
        quantity: asked,
        amount,
        cause: request.cause,
        evidence: request.evidence,
        receipt_line_id: Some(receipt_line_id),
        opened_on,
        client_ref: request.client_ref,
    };
    let number = open(tx, ctx, &new)?;
    if waiting.is_some() && from_there {
        failed(tx, ctx, &new, (receipt_id, outside, posted.posted_on), moved)?;
    }
    let amount = Money::new(amount, ctx.currency);
    Ok(ClaimOpened { claim_id: id, number, amount, repeated: false })
}

/// What a claim would come to and book: it is made and taken back at once.
///
/// # Errors
/// As [`open_claim`].
pub fn rehearse_claim(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: OpenClaim,
) -> Result<ClaimRehearsed, ClaimError> {
    tx.rehearse(|tx| {
        // What has the client's key was done before; a rehearsal has none.
        let done = open_claim(tx, ctx, OpenClaim { client_ref: String::new(), ..request })?;
        let booked = accounting::booked_by(tx, ctx, CLAIM, done.claim_id.raw())?;
        Ok(ClaimRehearsed { amount: done.amount, booked })
    })
}

/// Goods that are claimed while they wait in quarantine have failed their inspection.
fn failed(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    claim: &NewClaim,
    (receipt_id, place, posted_on): (ReceiptId, base::PlaceId, Day),
    moved: Option<stock::PostedMove>,
) -> Result<(), StoreError> {
    let (Some(receipt_line_id), Some(moved)) = (claim.receipt_line_id, moved) else {
        return Ok(());
    };
    let row = NewInspection {
        receipt_line_id,
        item_id: claim.item_id,
        quantity: claim.quantity,
        result: InspectionResult::Fail,
        disposition: Some(Disposition::SupplierClaim),
        value: moved.value,
        place,
        reason: claim.cause.clone(),
        scrap_reason: String::new(),
        evidence: claim.evidence.clone(),
        note: String::new(),
        claim: Some(claim.id),
        move_id: Some(moved.move_id),
    };
    let number = tx.number(ctx.company_id, "QI")?;
    let head = InspectionHead {
        id: tx.id()?,
        number: &number,
        client_ref: "",
        receipt_id,
        inspected_on: claim.opened_on,
        posted_on,
    };
    inspect::write(tx, ctx, &head, &[row]).map(drop)
}

fn place(tx: &mut Tx<'_>, ctx: &Ctx, path: &str) -> Result<base::PlaceId, ClaimError> {
    let found = stock::find_places(tx, ctx.company_id, [path])?;
    let ours = found.get(path).filter(|place| place.kind.holds_stock());
    ours.map(|place| place.place_id).ok_or_else(|| ClaimError::NoPlace { place: path.to_owned() })
}

/// Ends a claim: by the supplier's credit, by other goods, or by writing it off.
///
/// # Errors
/// The first broken rule in the order of [`ClaimError`].
pub fn settle_claim(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: SettleClaim,
) -> Result<ClaimSettled, ClaimError> {
    ctx.require(crate::SETTLE_CLAIM)?;
    check_text("reference", &request.reference, 200)?;
    let SettleClaim { claim_id, outcome, .. } = request;
    let claim = tables::lock_claim(tx, ctx, claim_id)?.ok_or(ClaimError::NotFound { claim_id })?;
    if claim.state != ClaimState::Open {
        return Err(ClaimError::NotOpen { number: claim.number });
    }
    let settled_on = request.settled_on.unwrap_or(ctx.today);
    let posted_on = match outcome {
        ClaimOutcome::Replacement => replace(tx, ctx, &request, &claim, settled_on)?,
        ClaimOutcome::Credit | ClaimOutcome::WriteOff => {
            let lines = settled_lines(tx, ctx, &request, &claim)?;
            let books = accounting::open_books(tx, ctx, Area::Purchasing, settled_on)?;
            let entry = Entry {
                kind: CLAIM,
                source_kind: CLAIM,
                source_id: claim_id.raw(),
                happened_on: settled_on,
                memo: format!("{} {outcome} {}", claim.number, request.reference),
                lines,
            };
            accounting::post(tx, ctx, &books, vec![entry]).map_err(PostError::Entry)?;
            books.posted_on()
        }
    };
    tables::settle_claim(tx, ctx, claim_id, outcome, &request.reference, settled_on)?;
    let told = serde_json::json!({
        "number": claim.number, "outcome": outcome, "reference": request.reference,
    });
    ctx.fact(tx, CLAIM, claim_id.raw(), 2, "quality.claim_settled", told.clone());
    ctx.audit(tx, crate::SETTLE_CLAIM, CLAIM, claim_id.raw(), told);
    Ok(ClaimSettled { claim_id, number: claim.number, outcome, posted_on })
}

/// The lines of an entry that ends a claim without goods.
fn settled_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &SettleClaim,
    claim: &Claim,
) -> Result<Vec<Line>, ClaimError> {
    let outcome = request.outcome;
    let key = key(request.claim_id, claim.partner_id);
    let claimed = Line::credit(Role::SupplierClaims, claim.amount).open(key);
    if outcome == ClaimOutcome::WriteOff {
        let reasons = stock::reason_accounts(tx, ctx)?;
        let needs = "the code of a stock reason";
        let role = reasons.get(&request.reason).ok_or(ClaimError::Needs { outcome, needs })?;
        return Ok(vec![Line::debit(*role, claim.amount), claimed]);
    }
    if request.reference.trim().is_empty() {
        let needs = "the number of the supplier's credit note";
        return Err(ClaimError::Needs { outcome, needs });
    }
    let credited = request.amount.unwrap_or(Money::new(claim.amount, ctx.currency));
    if credited.currency != ctx.currency || credited.minor < 0 {
        let needs = "an amount of zero or more in the company's currency";
        return Err(ClaimError::Needs { outcome, needs });
    }
    let rest = claim.amount.checked_sub(credited.minor).ok_or(NumberError::OutOfRange)?;
    Ok(vec![
        Line::debit(Role::Payable, credited.minor).open(key),
        Line::debit(Role::PriceDifference, rest),
        claimed,
    ])
}

/// Other goods come in the place of those claimed, at the same value.
fn replace(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: &SettleClaim,
    claim: &Claim,
    settled_on: Day,
) -> Result<Day, ClaimError> {
    let warehouses = stock::warehouses(tx, ctx.company_id)?;
    let first = warehouses.first().ok_or(ClaimError::NoPlace { place: String::new() })?;
    let to = match &request.place {
        Some(path) => place(tx, ctx, path)?,
        None => first.stock,
    };
    let goods = Move {
        cost: Cost::Given(claim.amount),
        kind: Kind::Receipt,
        counter: Some(counter(request.claim_id, claim.partner_id)),
        ..Move::plain(claim.item_id, first.supplier, to, claim.quantity)
    };
    let posting = Posting {
        area: Area::Purchasing,
        happened_on: settled_on,
        source_kind: CLAIM,
        source_id: request.claim_id.raw(),
        memo: format!("{} replaced", claim.number),
        moves: vec![goods],
        lines: Vec::new(),
    };
    Ok(stock::post(tx, ctx, posting)?.posted_on)
}
