//! `adjust`: the books follow the shelf, with a reason.

use crate::book::{self, BookError, Booking, ShelfDifference, WeighError, Weighed, weigh};
use crate::tables;
use base::{
    BatchId, Day, DocumentId, Id, ItemId, LotId, Money, Page, Paging, PlaceId, Problem, Quantity,
    Rule, TextError, Timestamp, check_text,
};
use identity::{
    ApprovalError, ApprovalKind, Ctx, Denied, FactKind, FactValue, NamedFact, Otherwise,
    Permission, RequestApproval,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, HashMap};
use store::{StoreError, Tx, params};
use utoipa::ToSchema;

/// May book differences between shelf and books.
pub const ADJUST: Permission = Permission("stock.adjust");
/// May agree to adjustments beyond a limit.
pub const APPROVE: Permission = Permission("stock.approve");

/// Adjustments, as approvals know them.
pub static ADJUSTMENT: ApprovalKind = ApprovalKind {
    name: "stock_adjustment",
    permission: APPROVE,
    another: false,
    facts: &[
        FactKind { name: "reason", number: false, about: "the codes of the reasons of its lines" },
        FactKind { name: "lines", number: true, about: "how many lines it has" },
    ],
};

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
    /// Documents that prove it: photos, reports. Above a limit of the reason or the company at least
    /// one is needed.
    #[serde(default)]
    pub evidence: Vec<DocumentId>,
}

/// How far an adjustment has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub enum AdjustmentState {
    /// Another person has to agree; nothing is booked yet.
    Waiting,
    /// Booked.
    Booked,
    /// Somebody did not agree; nothing was booked.
    Refused,
}

impl AdjustmentState {
    /// The word in the database and the contract.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            AdjustmentState::Waiting => "waiting",
            AdjustmentState::Booked => "booked",
            AdjustmentState::Refused => "refused",
        }
    }

    pub(crate) fn parse(word: &str) -> Result<AdjustmentState, StoreError> {
        [Self::Waiting, Self::Booked, Self::Refused]
            .into_iter()
            .find(|state| state.as_str() == word)
            .ok_or_else(|| StoreError::Unusable(format!("an adjustment has the state {word}")))
    }
}

/// What was adjusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Adjusted {
    /// The adjustment.
    pub adjustment_id: BatchId,
    /// Its spoken number.
    pub number: String,
    /// Booked, or waiting for another person when it is beyond a limit.
    pub state: AdjustmentState,
    /// The books' day, once booked.
    pub posted_on: Option<Day>,
    /// Whether it had been asked before; nothing was written then.
    pub repeated: bool,
    /// What each difference is worth, in the order of the lines; none of a repeat.
    pub values: Vec<Money>,
}

/// Why nothing was adjusted.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum AdjustError {
    /// No permission.
    #[error(transparent)]
    Denied(#[from] Denied),
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
    /// A reason is unknown or evidence is missing.
    #[error(transparent)]
    Weigh(#[from] WeighError),
    /// The differences cannot be booked.
    #[error(transparent)]
    Book(#[from] BookError),
    /// The approval could not be asked for.
    #[error(transparent)]
    Approval(#[from] ApprovalError),
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
            AdjustError::Weigh(error) => error.problem(),
            AdjustError::Book(error) => error.problem(),
            AdjustError::Approval(error) => error.problem(),
            AdjustError::Store(error) => error.problem(),
            AdjustError::Empty => Problem::invalid("adjustment_empty", detail).with_field("lines"),
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

/// Books differences between shelf and books, or puts them before another person when they are
/// beyond a limit of their reasons or of the company.
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
    let weighed = weigh(tx, ctx, decide(&request, &known)?)?;
    let booking = Booking {
        happened_on: request.happened_on.unwrap_or(ctx.today),
        memo: request.memo,
        client_ref: request.client_ref,
        source_kind: "",
        source_id: 0,
        approved_by: None,
    };
    if weighed.beyond || identity::has_approval_rules(tx, ctx, &ADJUSTMENT)? {
        let (adjustment_id, number) = (tx.id()?, tx.number(ctx.company_id, "AD")?);
        if ask(tx, ctx, (adjustment_id, &number), &weighed)? {
            book::insert(tx, ctx, (adjustment_id, &number), &booking, &weighed, None)?;
            return Ok(waits(ctx, (adjustment_id, number), &weighed));
        }
    }
    let booked = book::book(tx, ctx, booking, &weighed)?;
    Ok(Adjusted {
        adjustment_id: booked.adjustment_id,
        number: booked.number,
        state: AdjustmentState::Booked,
        posted_on: Some(booked.posted_on),
        repeated: false,
        values: in_currency(ctx, booked.values.into_iter().map(i64::abs)),
    })
}

fn in_currency(ctx: &Ctx, values: impl Iterator<Item = i64>) -> Vec<Money> {
    values.map(|value| Money::new(value, ctx.currency)).collect()
}

/// Whether another person has to agree to an adjustment: who is then asked.
fn ask(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (adjustment_id, number): (BatchId, &str),
    weighed: &Weighed,
) -> Result<bool, ApprovalError> {
    let amount = Money::new(weighed.amount, ctx.currency);
    let beyond = format!("because {amount} is beyond a limit of its reasons or of the company");
    let mut codes = weighed.codes();
    codes.sort_unstable();
    codes.dedup();
    let told = |code: String| (code.clone(), format!("a reason is {code}"));
    let count = weighed.lines.len();
    let request = RequestApproval {
        kind: &ADJUSTMENT,
        subject_id: adjustment_id.raw(),
        number: number.to_owned(),
        revision: 1,
        facts: serde_json::json!({ "adjustment": number, "value": amount, "lines": count }),
        named: vec![
            NamedFact {
                name: "reason",
                value: FactValue::Words(codes.into_iter().map(told).collect()),
            },
            NamedFact::number(
                "lines",
                Quantity::units(i64::try_from(count).unwrap_or(i64::MAX)),
                format!("it has {count} lines"),
            ),
        ],
        amount: weighed.amount,
        otherwise: Otherwise { always: weighed.beyond.then_some(beyond), without_rules: None },
    };
    Ok(identity::request_approval(tx, ctx, request)?.is_some())
}

/// An adjustment that is kept until another person has agreed to it.
fn waits(ctx: &Ctx, (adjustment_id, number): (BatchId, String), weighed: &Weighed) -> Adjusted {
    Adjusted {
        adjustment_id,
        number,
        state: AdjustmentState::Waiting,
        posted_on: None,
        repeated: false,
        values: in_currency(ctx, weighed.lines.iter().map(|(_, _, value)| value.abs())),
    }
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
                posted_on: Day::parse(&row.get::<String>(2)?).ok(),
                state: AdjustmentState::parse(&row.get::<String>(3)?)?,
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
            Some((item.id, code))
        };
        let wanted: Vec<_> = request.lines.iter().filter_map(lot).collect();
        let lots = crate::lots(tx, ctx.company_id, ctx.today, &wanted)?;
        Ok(Known { items, places, lots })
    }
}

fn decide(request: &Adjust, known: &Known) -> Result<Vec<ShelfDifference>, AdjustError> {
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
        let place_id =
            place.ok_or_else(|| AdjustError::UnknownPlace { line, place: asked.place.clone() })?;
        let lot = asked.lot.as_ref().and_then(|code| known.lots.get(&(item.id, code.clone())));
        found.push(ShelfDifference {
            line,
            item_id: item.id,
            place_id,
            lot_id: lot.copied(),
            quantity: asked.quantity,
            reason: asked.reason.clone(),
            evidence: asked.evidence.clone(),
        });
    }
    Ok(found)
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
    /// The books' day, once booked.
    pub posted_on: Option<Day>,
    /// What the caller calls it.
    pub client_ref: String,
    /// When it was recorded.
    pub recorded_at: Timestamp,
    /// How far it has come.
    pub state: AdjustmentState,
    /// The absolute value of its lines; at current cost while it waits.
    pub value: Money,
    /// Who asked for it.
    pub user_id: base::UserId,
    /// Who agreed, when somebody had to.
    pub approved_by: Option<base::UserId>,
}

/// Which adjustments.
#[derive(Clone, Debug, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AdjustmentFilter {
    /// Happened on this day or later.
    pub from_day: Option<Day>,
    /// Happened on this day or earlier.
    pub to_day: Option<Day>,
    /// Only in this state: waiting, booked or refused.
    pub state: Option<String>,
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
            paging.limit(),
            filter.state
        ],
    )?;
    let read = |row: &store::Row| {
        let approved_by: i64 = row.get(10)?;
        Ok(AdjustmentRow {
            adjustment_id: row.get(0)?,
            number: row.get(1)?,
            memo: row.get(2)?,
            happened_on: row.get(3)?,
            posted_on: Day::parse(&row.get::<String>(4)?).ok(),
            client_ref: row.get(5)?,
            recorded_at: row.get(6)?,
            state: AdjustmentState::parse(&row.get::<String>(7)?)?,
            value: Money::new(row.get(8)?, ctx.currency),
            user_id: row.get(9)?,
            approved_by: (approved_by != 0).then(|| base::UserId::from_raw(approved_by)),
        })
    };
    let lines = found.iter().map(read).collect::<Result<Vec<_>, StoreError>>()?;
    Ok(paging.page(lines, |line| (line.happened_on.to_string(), line.adjustment_id.raw())))
}
