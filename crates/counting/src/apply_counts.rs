//! `apply_counts`: the books follow what was counted.
//!
//! All differences of a sheet are booked in one posting, or none. A line whose goods moved since it was
//! counted is in conflict and stops the sheet until somebody has said what holds. What is too far off,
//! and was not found the same by two persons, or is worth more than a limit, needs somebody who may
//! approve and did not count it.

use crate::model::{CountKind, CountState, Line, LineState, Sheet};
use crate::tables::Approval;
use crate::{APPLY, APPROVE, COUNTS, SOURCE, rules, tables};
use base::{
    CountId, CountLineId, Day, DocumentId, Id, Money, NumberError, Problem, ProblemKind, Quantity,
    Rule, UserId,
};
use identity::{
    ApprovalError, Ctx, Denied, FactValue, NamedFact, Otherwise, Permission, RequestApproval,
};
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use stock::{Booking, Shelf, ShelfDifference, ShelfKey, Weighed};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// The reason of a difference when none is given.
const UNEXPLAINED: &str = "unexplained";

/// A sheet to be applied.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct ApplyCounts {
    /// The sheet.
    pub count_id: CountId,
    /// Why shelf and books differ, by line; what is left out is unexplained.
    #[serde(default)]
    pub reasons: Vec<LineReason>,
    /// Leave out lines that nobody has counted.
    #[serde(default)]
    pub skip_uncounted: bool,
}

/// Why a line differs.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LineReason {
    /// The number of the sheet's line.
    pub line: i64,
    /// The reason's code.
    pub reason: String,
    /// Documents that prove it: photos, reports. Above a limit of the reason or the company at least
    /// one is needed.
    #[serde(default)]
    pub evidence: Vec<DocumentId>,
}

/// What became of a sheet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CountsApplied {
    /// Applied, or open when lines are in conflict or it waits.
    pub state: CountState,
    /// Whether it waits for somebody's yes. Nothing is booked until then.
    pub waits: bool,
    /// The lines whose goods moved since they were counted. Nothing is booked while there are some.
    pub conflicts: Vec<Conflict>,
    /// How many lines differed and were booked.
    pub differences: usize,
    /// What shelf and books differed by: above zero is found.
    pub value: Money,
    /// The number of the adjustment, when there were differences.
    pub adjustment: Option<String>,
    /// The books' day, when there were differences.
    pub posted_on: Option<Day>,
}

/// A line whose goods moved since it was counted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Conflict {
    /// The number of the sheet's line.
    pub line: i64,
    /// What was expected when it was counted.
    pub expected: Quantity,
    /// What was counted.
    pub counted: Quantity,
    /// What the books say now.
    pub on_hand: Quantity,
}

/// Why a sheet was not applied, in order of precedence. Nothing has then been booked.
#[derive(thiserror::Error, Debug, PartialEq)]
pub enum ApplyCountsError {
    /// There is no such sheet.
    #[error("there is no count {count_id}")]
    NotFound {
        /// The id asked for.
        count_id: CountId,
    },
    /// The caller may not, not in the sheet's warehouse, or not so much.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The sheet is closed.
    #[error("count {number} is {state}; it is not applied again")]
    NotOpen {
        /// Its number.
        number: String,
        /// Its state.
        state: CountState,
    },
    /// A reason for a line that is not there.
    #[error("count {number} has no line {line}")]
    UnknownLine {
        /// Its number.
        number: String,
        /// The line asked for.
        line: i64,
    },
    /// Lines are not counted.
    #[error(
        "{left} lines of count {number} are not counted, the first is line {line}; count them, or skip them by name"
    )]
    Uncounted {
        /// Its number.
        number: String,
        /// How many.
        left: usize,
        /// The first of them.
        line: i64,
    },
    /// Nothing at all is counted.
    #[error("nothing of count {number} is counted; cancel it if it is not needed")]
    NothingCounted {
        /// Its number.
        number: String,
    },
    /// Whoever counted does not approve.
    #[error("you counted line {line} of count {number} yourself; another person has to approve it")]
    CounterApproves {
        /// Its number.
        number: String,
        /// The line.
        line: i64,
    },
    /// Nobody could be asked, or the sheet waits already.
    #[error(transparent)]
    Approval(#[from] ApprovalError),
    /// The sheet that was agreed to is not the one that waits.
    #[error("count {number} changed since its approval was asked for; apply it again")]
    Changed {
        /// Its number.
        number: String,
    },
    /// A reason is unknown or evidence is missing.
    #[error(transparent)]
    Weigh(#[from] stock::WeighError),
    /// A number cannot be held.
    #[error(transparent)]
    Number(#[from] NumberError),
    /// The differences could not be booked.
    #[error(transparent)]
    Book(#[from] stock::BookError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ApplyCountsError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        let line_of = |line: &i64| u32::try_from(*line).unwrap_or(0);
        match self {
            ApplyCountsError::NotFound { .. } => Problem::not_found("count_not_found", detail),
            ApplyCountsError::Denied(error) => error.problem(),
            ApplyCountsError::NotOpen { .. } => {
                Problem::new(ProblemKind::Conflict, "count_not_open", detail)
            }
            ApplyCountsError::UnknownLine { line, .. } => {
                Problem::refused("unknown_line", detail).with_line(line_of(line))
            }
            ApplyCountsError::Uncounted { line, .. } => {
                Problem::refused("not_counted", detail).with_line(line_of(line))
            }
            ApplyCountsError::NothingCounted { .. } => Problem::refused("nothing_counted", detail),
            ApplyCountsError::CounterApproves { line, .. } => {
                Problem::forbidden("counter_approves", detail).with_line(line_of(line))
            }
            ApplyCountsError::Approval(error) => error.problem(),
            ApplyCountsError::Changed { .. } => {
                Problem::new(ProblemKind::Conflict, "count_changed", detail)
            }
            ApplyCountsError::Weigh(error) => error.problem(),
            ApplyCountsError::Number(error) => error.problem(),
            ApplyCountsError::Book(error) => error.problem(),
            ApplyCountsError::Store(error) => error.problem(),
        }
    }
}

/// Applies a sheet: books its differences, says which lines are in conflict, or asks for the yes of
/// somebody who may approve and did not count, when the caller is none.
///
/// # Errors
/// The first broken rule in the order of [`ApplyCountsError`].
pub fn apply_counts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ApplyCounts,
) -> Result<CountsApplied, ApplyCountsError> {
    apply(tx, ctx, request, Manner::Apply)
}

/// Approves a sheet that is beyond a limit, and applies it: for those who approve and do not count.
///
/// # Errors
/// The first broken rule in the order of [`ApplyCountsError`].
pub fn approve_counts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ApplyCounts,
) -> Result<CountsApplied, ApplyCountsError> {
    apply(tx, ctx, request, Manner::Approve)
}

/// How a sheet comes to be applied.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Manner {
    /// By whoever works with it.
    Apply,
    /// By whoever approves and need not work with it.
    Approve,
    /// By a yes that was asked for and given, perhaps in another's name.
    Agreed { in_name_of: Option<UserId> },
}

impl Manner {
    fn permission(self) -> Permission {
        if self == Manner::Apply { APPLY } else { APPROVE }
    }
}

pub(crate) fn apply(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ApplyCounts,
    manner: Manner,
) -> Result<CountsApplied, ApplyCountsError> {
    let count_id = request.count_id;
    let permission = manner.permission();
    let sheet = tables::lock_count(tx, ctx, count_id)?;
    let sheet = sheet.ok_or(ApplyCountsError::NotFound { count_id })?;
    if !matches!(manner, Manner::Agreed { .. }) {
        ctx.require_in(permission, sheet.warehouse_id)?;
    }
    // What a rule has asked for is decided, not asked for in another way.
    let asked = identity::asked_by_rule(tx, ctx, &COUNTS, sheet.id.raw(), sheet.seq)?;
    if asked && !matches!(manner, Manner::Agreed { .. }) {
        return Err(ApprovalError::AlreadyAsked { revision: sheet.seq }.into());
    }
    let lines = tables::lines_of(tx, ctx, count_id)?;
    let counted = decide_counted(&sheet, lines, &request)?;
    let shelves = stock::lock_shelf(tx, ctx, counted.iter().map(Line::key))?;
    let conflicts = decide_conflicts(&counted, &shelves);
    if !conflicts.is_empty() {
        return record_conflicts(tx, ctx, sheet, &counted, conflicts, permission);
    }
    let weighed = stock::weigh(tx, ctx, differences(&counted, &request.reasons)?)?;
    let approval = match decide_approval(tx, ctx, &sheet, &counted, &weighed, manner)? {
        Need::Nobody => None,
        Need::Given(approval) => Some(approval),
        Need::Ask(why) => match ask(tx, ctx, &sheet, &weighed, (request, why))? {
            Some(waiting) => return Ok(waiting),
            None => None,
        },
    };
    record(tx, ctx, sheet, counted, &weighed, approval, permission)
}

/// Whose yes a sheet needs.
enum Need {
    Nobody,
    /// Somebody agreed: the caller, or who was asked.
    Given(Approval),
    /// Somebody else's, for this reason; without one only if a rule of the company asks.
    Ask(Option<String>),
}

/// A sheet that waits, with how it is to be applied then; nothing when nobody has to agree.
fn ask(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    sheet: &Sheet,
    weighed: &Weighed,
    (request, always): (ApplyCounts, Option<String>),
) -> Result<Option<CountsApplied>, ApplyCountsError> {
    let lines = weighed.codes().len();
    let value = Money::new(weighed.amount, ctx.currency);
    let mut codes = weighed.codes();
    codes.sort_unstable();
    codes.dedup();
    let told = |code: String| (code.clone(), format!("a reason is {code}"));
    let kind = sheet.kind.word();
    let count = i64::try_from(lines).unwrap_or(i64::MAX);
    let asked = RequestApproval {
        kind: &COUNTS,
        subject_id: sheet.id.raw(),
        number: sheet.number.clone(),
        revision: sheet.seq,
        facts: serde_json::json!({ "count": sheet.number, "value": value, "lines": lines }),
        named: vec![
            NamedFact::word("count_kind", kind, format!("it is a count of {kind}")),
            NamedFact {
                name: "reason",
                value: FactValue::Words(codes.into_iter().map(told).collect()),
            },
            NamedFact::number("lines", Quantity::units(count), format!("{lines} lines differ")),
        ],
        amount: weighed.amount,
        otherwise: Otherwise { always, without_rules: None },
    };
    if identity::request_approval(tx, ctx, asked)?.is_none() {
        return Ok(None);
    }
    tables::ask(tx, ctx, sheet, &serde_json::json!(request).to_string())?;
    let detail = serde_json::json!({ "number": sheet.number, "waits": true, "value": value });
    ctx.audit(tx, APPLY, SOURCE, sheet.id.raw(), detail);
    Ok(Some(waiting(ctx)))
}

/// A sheet of which nothing is booked, because it waits for somebody's yes.
pub(crate) fn waiting(ctx: &Ctx) -> CountsApplied {
    CountsApplied {
        state: CountState::Open,
        waits: true,
        conflicts: Vec::new(),
        differences: 0,
        value: Money::zero(ctx.currency),
        adjustment: None,
        posted_on: None,
    }
}

/// The lines that were counted, with their reasons.
fn decide_counted(
    sheet: &Sheet,
    lines: Vec<Line>,
    request: &ApplyCounts,
) -> Result<Vec<Line>, ApplyCountsError> {
    let number = || sheet.number.clone();
    if sheet.state != CountState::Open {
        return Err(ApplyCountsError::NotOpen { number: number(), state: sheet.state });
    }
    let known: BTreeSet<i64> = lines.iter().map(|line| line.line).collect();
    if let Some(reason) = request.reasons.iter().find(|reason| !known.contains(&reason.line)) {
        return Err(ApplyCountsError::UnknownLine { number: number(), line: reason.line });
    }
    let (mut counted, open): (Vec<Line>, Vec<Line>) =
        lines.into_iter().partition(|line| line.counted.is_some());
    if let Some(first) = open.first().filter(|_| !request.skip_uncounted) {
        let (left, line) = (open.len(), first.line);
        return Err(ApplyCountsError::Uncounted { number: number(), left, line });
    }
    if counted.is_empty() {
        return Err(ApplyCountsError::NothingCounted { number: number() });
    }
    let given: BTreeMap<i64, &LineReason> =
        request.reasons.iter().map(|reason| (reason.line, reason)).collect();
    for line in &mut counted {
        let reason = given.get(&line.line);
        line.reason = reason.map_or(UNEXPLAINED, |given| given.reason.as_str()).to_owned();
    }
    Ok(counted)
}

/// The lines whose goods moved since they were counted, and those of which nobody has said yet what
/// holds.
fn decide_conflicts(counted: &[Line], shelves: &BTreeMap<ShelfKey, Shelf>) -> Vec<Conflict> {
    let conflict = |line: &Line| {
        let shelf = shelves.get(&line.key()).copied().unwrap_or_default();
        let moved = shelf.seq != line.expected_seq || line.state == LineState::Conflict;
        moved.then_some(Conflict {
            line: line.line,
            expected: line.expected,
            counted: line.counted?,
            on_hand: shelf.on_hand,
        })
    };
    counted.iter().filter_map(conflict).collect()
}

fn differences(
    counted: &[Line],
    reasons: &[LineReason],
) -> Result<Vec<ShelfDifference>, NumberError> {
    let mut differences = Vec::new();
    for line in counted {
        let quantity = rules::difference(line)?.unwrap_or_default();
        if !quantity.is_zero() {
            let given = reasons.iter().find(|reason| reason.line == line.line);
            let proofs = given.map_or(Vec::new(), |reason| reason.evidence.clone());
            differences.push(ShelfDifference {
                line: u32::try_from(line.line).unwrap_or(u32::MAX),
                item_id: line.item_id,
                place_id: line.place_id,
                lot_id: line.lot_id(),
                quantity,
                reason: line.reason.clone(),
                evidence: proofs.clone(),
            });
        }
    }
    Ok(differences)
}

/// The lines that the caller counted, or the one in whose name he decides.
fn own_lines(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    sheet: &Sheet,
    in_name_of: Option<UserId>,
) -> Result<BTreeSet<CountLineId>, StoreError> {
    let mut lines = tables::lines_counted_by(tx, ctx, sheet.id, ctx.user_id)?;
    if let Some(other) = in_name_of {
        lines.extend(tables::lines_counted_by(tx, ctx, sheet.id, other)?);
    }
    Ok(lines)
}

/// Refuses the yes, the only one or one of two, of whoever counted a line that is beyond its place's
/// limit, or of the one in whose name it is given.
pub(crate) fn refuse_counter(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    sheet: &Sheet,
    in_name_of: Option<UserId>,
) -> Result<(), ApplyCountsError> {
    if !identity::policies(tx, ctx.company_id)?.is("separate_approver", "1") {
        return Ok(());
    }
    let own = own_lines(tx, ctx, sheet, in_name_of)?;
    for line in tables::lines_of(tx, ctx, sheet.id)? {
        if own.contains(&line.id) && !line.confirmed && rules::line_is_over(&line)? {
            let number = sheet.number.clone();
            return Err(ApplyCountsError::CounterApproves { number, line: line.line });
        }
    }
    Ok(())
}

/// Whose yes is needed, given what the caller may and has counted. Who approves and may not is told so;
/// who applies has somebody else asked.
fn decide_approval(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    sheet: &Sheet,
    counted: &[Line],
    weighed: &Weighed,
    manner: Manner,
) -> Result<Need, ApplyCountsError> {
    let mut beyond = Vec::new();
    for line in counted {
        let differs = rules::difference(line)?.is_some_and(|difference| !difference.is_zero());
        let far = !line.confirmed && rules::line_is_over(line)?;
        if far || (differs && weighed.beyond) {
            beyond.push(line);
        }
    }
    let agreed = match manner {
        Manner::Agreed { in_name_of } => Some(in_name_of),
        _ => None,
    };
    let ruled = agreed.is_none() && identity::has_approval_rules(tx, ctx, &COUNTS)?;
    let Some(first) = beyond.first() else {
        let separate = false;
        return Ok(match (agreed, ruled) {
            (Some(_), _) => Need::Given(Approval { separate }),
            (None, true) => Need::Ask(None),
            (None, false) => Need::Nobody,
        });
    };
    let number = sheet.number.clone();
    let lines = beyond.len();
    let why = format!("because {lines} lines are beyond a limit, the first is line {}", first.line);
    if ruled {
        return Ok(Need::Ask(Some(why)));
    }
    let may = ctx.require_in(APPROVE, sheet.warehouse_id);
    let may = may.and_then(|()| ctx.require_amount(APPROVE, weighed.amount));
    match (may, manner) {
        (Err(_), Manner::Apply) => return Ok(Need::Ask(Some(why))),
        (Err(error), Manner::Approve) => return Err(error.into()),
        _ => {}
    }
    let separate = identity::policies(tx, ctx.company_id)?.is("separate_approver", "1");
    let own = own_lines(tx, ctx, sheet, agreed.flatten())?;
    match beyond.iter().find(|line| separate && own.contains(&line.id)) {
        Some(_) if manner == Manner::Apply => Ok(Need::Ask(Some(why))),
        Some(line) => Err(ApplyCountsError::CounterApproves { number, line: line.line }),
        None => Ok(Need::Given(Approval { separate })),
    }
}

fn record_conflicts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut sheet: Sheet,
    counted: &[Line],
    conflicts: Vec<Conflict>,
    permission: Permission,
) -> Result<CountsApplied, ApplyCountsError> {
    let moved: BTreeSet<i64> = conflicts.iter().map(|conflict| conflict.line).collect();
    let marked = counted.iter().filter(|line| moved.contains(&line.line));
    let marked: Vec<Line> =
        marked.map(|line| Line { state: LineState::Conflict, ..line.clone() }).collect();
    tables::update_lines(tx, ctx, &marked)?;
    sheet.seq += 1;
    tables::update_count(tx, ctx, &sheet)?;
    let detail = serde_json::json!({ "number": sheet.number, "conflicts": marked.len() });
    ctx.audit(tx, permission, SOURCE, sheet.id.raw(), detail.clone());
    ctx.fact(tx, SOURCE, sheet.id.raw(), sheet.seq, "counting.conflicting", detail);
    Ok(CountsApplied {
        state: CountState::Open,
        waits: false,
        conflicts,
        differences: 0,
        value: Money::zero(ctx.currency),
        adjustment: None,
        posted_on: None,
    })
}

fn record(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    mut sheet: Sheet,
    mut counted: Vec<Line>,
    weighed: &Weighed,
    approval: Option<Approval>,
    permission: Permission,
) -> Result<CountsApplied, ApplyCountsError> {
    let booked = match weighed.amount == 0 && differences(&counted, &[])?.is_empty() {
        true => None,
        false => {
            let booking = Booking {
                happened_on: ctx.today,
                memo: format!("count {}", sheet.number),
                client_ref: String::new(),
                source_kind: SOURCE,
                source_id: sheet.id.raw(),
                approved_by: approval.map(|_| ctx.user_id),
            };
            Some(stock::book(tx, ctx, booking, weighed)?)
        }
    };
    let mut values = booked.iter().flat_map(|booked| booked.values.iter().copied());
    for line in &mut counted {
        line.state = LineState::Applied;
        if rules::difference(line)?.is_some_and(|difference| !difference.is_zero()) {
            line.value = values.next().unwrap_or(0);
            line.evidence = weighed.evidence(u32::try_from(line.line).unwrap_or(u32::MAX));
        } else {
            line.reason = String::new();
            line.evidence = String::new();
        }
    }
    let all = sheet.lines == i64::try_from(counted.len()).unwrap_or(i64::MAX);
    tables::update_lines(tx, ctx, &counted)?;
    tables::skip_lines(tx, ctx, sheet.id)?;
    tables::note_counted(tx, ctx, sheet.id, &counted)?;
    if all && sheet.kind != CountKind::AsCounted {
        tables::note_places(tx, ctx, sheet.id)?;
    }
    sheet.state = CountState::Applied;
    sheet.seq += 1;
    let adjustment_id = booked.as_ref().map_or(0, |booked| booked.adjustment_id.raw());
    tables::close_count(tx, ctx, &sheet, approval, adjustment_id)?;
    // What somebody else agreed to or made needless waits no longer.
    identity::void_waiting(tx, ctx, &COUNTS, sheet.id.raw())?;
    let found = booked.as_ref().map_or(0, |booked| booked.values.len());
    let value = counted.iter().try_fold(0_i64, |sum, line| sum.checked_add(line.value));
    let value = Money::new(value.ok_or(NumberError::OutOfRange)?, ctx.currency);
    let detail = serde_json::json!({
        "number": sheet.number, "lines": counted.len(), "differences": found, "value": value,
        "approved": approval.is_some(),
    });
    ctx.audit(tx, permission, SOURCE, sheet.id.raw(), detail.clone());
    ctx.fact(tx, SOURCE, sheet.id.raw(), sheet.seq, "counting.applied", detail);
    Ok(CountsApplied {
        state: CountState::Applied,
        waits: false,
        conflicts: Vec::new(),
        differences: found,
        value,
        adjustment: booked.as_ref().map(|booked| booked.number.clone()),
        posted_on: booked.map(|booked| booked.posted_on),
    })
}
