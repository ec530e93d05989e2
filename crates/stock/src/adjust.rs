//! `adjust`: the books follow the shelf, with a reason.

use crate::demand::give_way;
use crate::lots::Lot;
use crate::model::RowKey;
use crate::post::{Counter, Move, PostError, Posting, post};
use crate::tables;
use accounting::{Account, Area, Role};
use base::{
    BatchId, Day, Id, ItemId, LotId, Money, Page, Paging, PlaceId, Problem, Quantity, ReasonId,
    Rule, TextError, Timestamp, check_text,
};
use identity::{Ctx, Denied, Permission};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::{StoreError, Tx, params};
use utoipa::ToSchema;
use valuation::{Cost, Kind};

/// May book differences between shelf and books.
pub const ADJUST: Permission = Permission("stock.adjust");
/// May define reason codes.
pub const EDIT_REASONS: Permission = Permission("stock.edit_reasons");

/// A reason code as installed: code, name and the account that goods leave to or come from.
const REASONS: &[(&str, &str, Role)] = &[
    ("damaged", "Damaged or broken", Role::Scrap),
    ("expired", "Expired", Role::Scrap),
    ("found", "Found", Role::Found),
    ("marketing", "Given away to sell more", Role::Marketing),
    ("sample", "Given away as a sample", Role::Samples),
    ("correction", "Correction of a wrong posting", Role::Unexplained),
    ("unexplained", "Unexplained", Role::Unexplained),
];

/// Differences between shelf and books, found together.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Adjust {
    /// When the shelf was found to differ; today when absent.
    #[serde(default)]
    pub happened_on: Option<Day>,
    /// What for, in words.
    #[serde(default)]
    pub memo: String,
    /// The differences.
    pub lines: Vec<Difference>,
    /// What the caller calls it: a second request with it is the same adjustment.
    #[serde(default)]
    pub client_ref: String,
}

/// One difference.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct Difference {
    /// The item's SKU.
    pub sku: String,
    /// The place's path, such as `WH/Stock`.
    pub place: String,
    /// The lot's code, for items that have them.
    #[serde(default)]
    pub lot: Option<String>,
    /// What is found more (above zero) or missing (below), in the stock unit, never zero.
    pub quantity: Quantity,
    /// The reason's code.
    pub reason: String,
}

/// What was adjusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Adjusted {
    /// The adjustment.
    pub adjustment_id: BatchId,
    /// Its spoken number.
    pub number: String,
    /// The books' day.
    pub posted_on: Day,
    /// Whether it had been booked before; nothing was written then.
    pub repeated: bool,
    /// What each difference was worth, in the order of the lines; none of a repeat.
    pub values: Vec<Money>,
}

/// Why nothing was adjusted.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum AdjustError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The reason is not defined.
    #[error("there is no reason {code:?}; use one of: {known}")]
    UnknownReason {
        /// What was given.
        code: String,
        /// What there is.
        known: String,
    },
    /// A text that cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// No differences.
    #[error("the adjustment has no lines; name what differs")]
    Empty,
    /// A difference of nothing.
    #[error("line {line}: a difference of zero changes nothing; leave the line out")]
    Zero {
        /// The line, from 1.
        line: u32,
    },
    /// No such item.
    #[error("line {line}: there is no item {sku:?}")]
    UnknownItem {
        /// The line, from 1.
        line: u32,
        /// What was given.
        sku: String,
    },
    /// No such place of ours.
    #[error("line {line}: there is no place {place:?} of ours; write its path, such as WH/Stock")]
    UnknownPlace {
        /// The line, from 1.
        line: u32,
        /// What was given.
        place: String,
    },
    /// A warehouse without the places of one.
    #[error("the company has no warehouse yet; create one first")]
    NoWarehouse,
    /// The goods could not be moved.
    #[error(transparent)]
    Post(#[from] PostError),
    /// Reserved goods could not be freed.
    #[error(transparent)]
    Free(#[from] crate::DemandError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for AdjustError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            AdjustError::Denied(error) => error.problem(),
            AdjustError::Text(error) => error.problem(),
            AdjustError::Post(error) => error.problem(),
            AdjustError::Free(error) => error.problem(),
            AdjustError::Store(error) => error.problem(),
            AdjustError::UnknownReason { .. } => Problem::refused("unknown_reason", detail),
            AdjustError::Empty => Problem::invalid("adjustment_empty", detail).with_field("lines"),
            AdjustError::NoWarehouse => Problem::refused("no_warehouse", detail),
            AdjustError::Zero { line } => {
                Problem::refused("quantity_zero", detail).with_line(*line)
            }
            AdjustError::UnknownItem { line, .. } => {
                Problem::not_found("item_not_found", detail).with_line(*line)
            }
            AdjustError::UnknownPlace { line, .. } => {
                Problem::not_found("place_not_found", detail).with_line(*line)
            }
        }
    }
}

/// Installs the usual reason codes.
///
/// # Errors
/// [`AdjustError::Denied`] or the store's own.
pub fn install_reasons(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<(), AdjustError> {
    ctx.require(EDIT_REASONS)?;
    let mut set = store::Rows::new(4);
    for (code, name, role) in REASONS {
        let id: ReasonId = tx.id()?;
        set.push(store::row![id, *code, *name, role.as_str()]);
    }
    tx.write(&tables::INSERT_REASONS, params![ctx.company_id; set])?;
    Ok(())
}

/// Books differences between shelf and books: goods missing go to the loss place and the reason's
/// account, goods found come from there at current cost. Goods that go missing are freed from the
/// latest demands first, which lack them from then on.
///
/// # Errors
/// The first broken rule in the order of [`AdjustError`].
pub fn adjust(tx: &mut Tx<'_>, ctx: &Ctx, request: Adjust) -> Result<Adjusted, AdjustError> {
    ctx.require(ADJUST)?;
    check_text("memo", &request.memo, 500)?;
    check_text("client_ref", &request.client_ref, 200)?;
    if let Some(earlier) = find_by_ref(tx, ctx, &request.client_ref)? {
        return Ok(earlier);
    }
    let known = Known::load(tx, ctx, &request)?;
    let found = decide(&request, &known)?;
    free_what_leaves(tx, ctx, &found)?;

    let adjustment_id: BatchId = tx.id()?;
    let number = tx.number(ctx.company_id, "AD")?;
    let happened_on = request.happened_on.unwrap_or(ctx.today);
    let posting = Posting {
        area: Area::Stock,
        happened_on,
        source_kind: "adjustment",
        source_id: adjustment_id.raw(),
        memo: format!("{number} {}", request.memo),
        moves: found.iter().map(|found| found.goods_move(known.loss)).collect(),
        lines: Vec::new(),
    };
    let posted = post(tx, ctx, posting)?;
    tx.write(
        &tables::INSERT_ADJUSTMENT,
        params![
            ctx.company_id,
            adjustment_id,
            number,
            request.memo,
            happened_on,
            posted.posted_on,
            request.client_ref,
            ctx.user_id,
            ctx.at
        ],
    )?;
    let detail = serde_json::json!({ "number": number, "lines": request.lines.len() });
    ctx.audit(tx, ADJUST, "adjustment", adjustment_id.raw(), detail.clone());
    ctx.fact(tx, "adjustment", adjustment_id.raw(), 1, "stock.adjusted", detail);
    let values = posted.moves.iter().map(|moved| Money::new(moved.value, ctx.currency)).collect();
    Ok(Adjusted { adjustment_id, number, posted_on: posted.posted_on, repeated: false, values })
}

fn find_by_ref(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    client_ref: &str,
) -> Result<Option<Adjusted>, StoreError> {
    if client_ref.is_empty() {
        return Ok(None);
    }
    let found = tx.query_opt(&tables::ADJUSTMENT_BY_REF, params![ctx.company_id, client_ref])?;
    found
        .map(|row| {
            Ok(Adjusted {
                adjustment_id: row.get(0)?,
                number: row.get(1)?,
                posted_on: row.get(2)?,
                repeated: true,
                values: Vec::new(),
            })
        })
        .transpose()
}

/// What the request's words stand for.
struct Known {
    items: HashMap<String, catalog::Item>,
    places: HashMap<String, PlaceId>,
    lots: BTreeMap<(ItemId, String), LotId>,
    reasons: BTreeMap<String, Role>,
    loss: PlaceId,
}

impl Known {
    fn load(tx: &mut Tx<'_>, ctx: &Ctx, request: &Adjust) -> Result<Known, AdjustError> {
        let skus: Vec<&str> = request.lines.iter().map(|line| line.sku.as_str()).collect();
        let items = catalog::items_by_sku(tx, ctx.company_id, &skus)?;
        let paths = request.lines.iter().map(|line| line.place.as_str());
        let places = crate::find_places(tx, ctx.company_id, paths)?
            .into_iter()
            .filter(|(_, place)| place.kind.holds_stock())
            .map(|(path, place)| (path, place.place_id))
            .collect();
        let lot = |line: &Difference| {
            let item = items.get(&line.sku)?;
            let code = line.lot.clone()?;
            Some(Lot { item_id: item.id, code, expires_on: None })
        };
        let wanted: Vec<Lot> = request.lines.iter().filter_map(lot).collect();
        let lots = crate::lots(tx, ctx.company_id, ctx.today, &wanted)?;
        let loss = crate::warehouses(tx, ctx.company_id)?.first().map(|w| w.loss);
        let loss = loss.ok_or(AdjustError::NoWarehouse)?;
        Ok(Known { items, places, lots, reasons: reasons(tx, ctx)?, loss })
    }
}

/// A difference whose words are understood.
struct Found {
    key: RowKey,
    lot: Option<LotId>,
    quantity: Quantity,
    role: Role,
    line: u32,
}

impl Found {
    fn goods_move(&self, loss: PlaceId) -> Move {
        let missing = self.quantity.is_negative();
        let place = self.key.place;
        let (from, to) = if missing { (place, loss) } else { (loss, place) };
        Move {
            lot_id: self.lot,
            cost: Cost::Method,
            kind: if missing { Kind::Loss } else { Kind::Found },
            counter: Some(Counter { account: Account::Role(self.role), open: None }),
            line_id: i64::from(self.line),
            ..Move::plain(self.key.item, from, to, self.quantity.abs())
        }
    }
}

fn decide(request: &Adjust, known: &Known) -> Result<Vec<Found>, AdjustError> {
    if request.lines.is_empty() {
        return Err(AdjustError::Empty);
    }
    let mut found = Vec::with_capacity(request.lines.len());
    for (line, asked) in (1_u32..).zip(&request.lines) {
        if asked.quantity.is_zero() {
            return Err(AdjustError::Zero { line });
        }
        let item = known.items.get(&asked.sku);
        let item = item.ok_or_else(|| AdjustError::UnknownItem { line, sku: asked.sku.clone() })?;
        let place = known.places.get(&asked.place).copied();
        let place =
            place.ok_or_else(|| AdjustError::UnknownPlace { line, place: asked.place.clone() })?;
        let role = known.reasons.get(&asked.reason).copied();
        let role = role.ok_or_else(|| AdjustError::UnknownReason {
            code: asked.reason.clone(),
            known: known.reasons.keys().cloned().collect::<Vec<_>>().join(", "),
        })?;
        let lot = asked.lot.as_ref().and_then(|code| known.lots.get(&(item.id, code.clone())));
        let lot = lot.copied();
        let key = RowKey { item: item.id, place, lot: crate::model::lot_key(lot) };
        found.push(Found { key, lot, quantity: asked.quantity, role, line });
    }
    Ok(found)
}

/// The reason codes of a company, with the accounts that goods leave to or come from. For verbs, which
/// have checked their permission.
///
/// # Errors
/// The store's own.
pub fn reasons(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<BTreeMap<String, Role>, StoreError> {
    let found = tx.query(&tables::LIST_REASONS, params![ctx.company_id])?;
    let mut roles = BTreeMap::new();
    for row in &found {
        let word: String = row.get(2)?;
        let role = Role::parse(&word).ok_or_else(|| {
            StoreError::Unusable(format!("a reason names the unknown account role {word}"))
        })?;
        roles.insert(row.get(0)?, role);
    }
    Ok(roles)
}

/// Frees reserved goods at rows where less is free than goes missing.
fn free_what_leaves(tx: &mut Tx<'_>, ctx: &Ctx, found: &[Found]) -> Result<(), AdjustError> {
    let mut leaving: BTreeMap<RowKey, Quantity> = BTreeMap::new();
    for found in found.iter().filter(|found| found.quantity.is_negative()) {
        let sum = leaving.entry(found.key).or_default();
        *sum = sum.checked_sub(found.quantity).map_err(PostError::Number)?;
    }
    if leaving.is_empty() {
        return Ok(());
    }
    let keys: BTreeSet<RowKey> = leaving.keys().copied().collect();
    let rows = tables::look_rows(tx, ctx.company_id, &keys)?;
    let mut short = BTreeMap::new();
    for (key, wanted) in leaving {
        let Some(row) = rows.get(&key) else { continue };
        let free = row.on_hand.checked_sub(row.reserved).map_err(PostError::Number)?;
        let missing = wanted.checked_sub(free).map_err(PostError::Number)?.min(row.reserved);
        if missing.is_positive() {
            short.insert(key, missing);
        }
    }
    if !short.is_empty() {
        give_way(tx, ctx, &short)?;
    }
    Ok(())
}

/// An adjustment in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AdjustmentRow {
    /// The adjustment.
    pub adjustment_id: BatchId,
    /// Its spoken number.
    pub number: String,
    /// What for.
    pub memo: String,
    /// When the shelf was found to differ.
    pub happened_on: Day,
    /// The books' day.
    pub posted_on: Day,
    /// What the caller calls it.
    pub client_ref: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
}

/// Which adjustments.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AdjustmentFilter {
    /// Happened on this day or later.
    pub from_day: Option<Day>,
    /// Happened on this day or earlier.
    pub to_day: Option<Day>,
    /// Only those whose `client_ref` begins so.
    pub client_ref_prefix: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// Adjustments, newest day first.
///
/// # Errors
/// See [`crate::ListError`].
pub fn list_adjustments(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: AdjustmentFilter,
) -> Result<Page<AdjustmentRow>, crate::ListError> {
    ctx.require(crate::READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (day, id): (String, i64) = paging.after(("9999-12-31".to_owned(), i64::MAX))?;
    let found = tx.query(
        &tables::LIST_ADJUSTMENTS,
        params![
            ctx.company_id,
            filter.from_day,
            filter.to_day,
            filter.client_ref_prefix,
            day,
            id,
            paging.limit()
        ],
    )?;
    let read = |row: &store::Row| {
        Ok(AdjustmentRow {
            adjustment_id: row.get(0)?,
            number: row.get(1)?,
            memo: row.get(2)?,
            happened_on: row.get(3)?,
            posted_on: row.get(4)?,
            client_ref: row.get(5)?,
            recorded_at: row.get(6)?,
        })
    };
    let lines = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(lines, |line| (line.happened_on.to_string(), line.adjustment_id.raw())))
}
