//! `lock_period` closes an area's days for posting, `unlock_period` opens softly locked ones again.

use crate::model::Area;
use crate::tables::{AreaLock, Seal, Totals};
use crate::{LOCK_PERIOD, UNLOCK_PERIOD, rules, tables};
use base::{CompanyId, Day, Id, Problem, ProblemKind, Rule, TextError};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to lock an area's days.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LockPeriod {
    /// The area; `all` locks every one.
    pub area: Area,
    /// The last locked day.
    pub through: Day,
    /// A hard lock never opens again. Into a soft one, who may can post with a reason.
    pub hard: bool,
}

/// What was locked.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PeriodLocked {
    /// How often the company's locks have changed.
    pub revision: i64,
    /// SHA-256 over the trial balance as of the lock, in hexadecimal.
    pub hash: String,
}

/// A request to open softly locked days again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct UnlockPeriod {
    /// The area whose lock moves back.
    pub area: Area,
    /// The last day that stays locked; none when all opens.
    pub back_to: Option<Day>,
    /// Why.
    pub reason: String,
}

/// Why a lock was not moved.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum LockPeriodError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Unlocking needs a reason.
    #[error("unlocking a period needs a reason: {0}")]
    Reason(TextError),
    /// Days to come cannot be locked.
    #[error("{through} is after today ({today}); lock days that have begun")]
    BeyondToday {
        /// The day asked for.
        through: Day,
        /// Today, in the company's time zone.
        today: Day,
    },
    /// The company has no accounts yet.
    #[error("the company has no accounts yet; run install_accounts first")]
    NotInstalled,
    /// The days are locked already.
    #[error("{area} is locked through {through} already; choose a later day")]
    AlreadyLocked {
        /// The area.
        area: Area,
        /// The last locked day.
        through: Day,
    },
    /// The days are locked for good.
    #[error("{area} is locked for good through {through}; correct it in an open period")]
    HardLocked {
        /// The area.
        area: Area,
        /// The last day of the hard lock.
        through: Day,
    },
    /// There is no soft lock to move back.
    #[error("{area} has no soft lock after that day; nothing to unlock")]
    NotLocked {
        /// The area.
        area: Area,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for LockPeriodError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            LockPeriodError::Denied(denied) => denied.problem(),
            LockPeriodError::Reason(text) => text.problem(),
            LockPeriodError::BeyondToday { .. } => {
                Problem::refused("lock_beyond_today", detail).with_field("through")
            }
            LockPeriodError::NotInstalled => {
                Problem::new(ProblemKind::Conflict, "accounts_not_installed", detail)
            }
            LockPeriodError::AlreadyLocked { .. } => {
                Problem::new(ProblemKind::Conflict, "already_locked", detail)
            }
            LockPeriodError::HardLocked { .. } => Problem::refused("hard_locked", detail),
            LockPeriodError::NotLocked { .. } => Problem::refused("not_locked", detail),
            LockPeriodError::Store(error) => error.problem(),
        }
    }
}

/// Locks an area through a day and seals it: the hash of its trial balance is kept, and after a hard
/// lock its totals too. Waits for the postings that hold the area open, so that none of them is
/// missing from the seal.
///
/// # Errors
/// [`LockPeriodError`], in its order.
pub fn lock_period(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: LockPeriod,
) -> Result<PeriodLocked, LockPeriodError> {
    ctx.require(LOCK_PERIOD)?;
    let LockPeriod { area, through, hard } = request;
    if through > ctx.today {
        return Err(LockPeriodError::BeyondToday { through, today: ctx.today });
    }
    let mut lock = take_lock(tx, ctx.company_id, area)?;
    let so_far = if hard { lock.hard_through } else { lock.soft_through.max(lock.hard_through) };
    if let Some(locked) = so_far.filter(|locked| through <= *locked) {
        return Err(LockPeriodError::AlreadyLocked { area, through: locked });
    }
    let totals = tables::totals_as_of(tx, ctx.company_id, area, &through.to_string())?;
    lock.revision += 1;
    if hard {
        lock.hard_through = Some(through);
    } else {
        lock.soft_through = Some(through);
    }
    let hash = rules::hash_totals(area, through, &totals);
    let revision = lock.revision;
    let seal = Seal { area, revision, through, hard, hash, lifted_revision: 0 };
    tables::move_lock(tx, ctx.company_id, &lock)?;
    tables::insert_seal(tx, ctx.company_id, &seal, (ctx.at, ctx.user_id), &totals)?;
    let locked = PeriodLocked { revision, hash: rules::hex(&seal.hash) };
    let detail = serde_json::json!({
        "area": area, "through": through, "hard": hard, "hash": locked.hash,
    });
    note(tx, ctx, LOCK_PERIOD, revision, "accounting.period_locked", detail);
    Ok(locked)
}

/// Moves the soft lock of an area back, with a reason. Hard locks stay.
///
/// # Errors
/// [`LockPeriodError`], in its order.
pub fn unlock_period(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: UnlockPeriod,
) -> Result<(), LockPeriodError> {
    ctx.require(UNLOCK_PERIOD)?;
    rules::check_reason(&request.reason).map_err(LockPeriodError::Reason)?;
    let area = request.area;
    let mut lock = take_lock(tx, ctx.company_id, area)?;
    if let Some(through) = lock.hard_through.filter(|hard| lock.soft_through <= Some(*hard)) {
        return Err(LockPeriodError::HardLocked { area, through });
    }
    if lock.soft_through.is_none() || request.back_to >= lock.soft_through {
        return Err(LockPeriodError::NotLocked { area });
    }
    let before = lock.soft_through;
    lock.soft_through = request.back_to;
    lock.revision += 1;
    tables::move_lock(tx, ctx.company_id, &lock)?;
    let kept = tables::day_text(request.back_to);
    tables::lift_seals(tx, ctx.company_id, area, &kept, lock.revision)?;
    let detail = serde_json::json!({
        "area": area, "was": before, "back_to": request.back_to, "reason": request.reason,
    });
    note(tx, ctx, UNLOCK_PERIOD, lock.revision, "accounting.period_unlocked", detail);
    Ok(())
}

fn take_lock(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    area: Area,
) -> Result<AreaLock, LockPeriodError> {
    let locks = tables::take_locks(tx, company_id)?;
    locks.into_iter().find(|lock| lock.area == area).ok_or(LockPeriodError::NotInstalled)
}

fn note(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    verb: identity::Permission,
    revision: i64,
    fact: &'static str,
    detail: serde_json::Value,
) {
    let company = ctx.company_id.raw();
    ctx.audit(tx, verb, "accounting_period", revision, detail.clone());
    ctx.fact(tx, "accounting_period", company, revision, fact, detail);
}

/// A closed period that has moved since it was sealed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SealBroken {
    /// The area.
    pub area: Area,
    /// The last day of the period.
    pub through: Day,
    /// The lock's revision.
    pub revision: i64,
    /// The hash kept at the lock, in hexadecimal.
    pub sealed: String,
    /// The hash of the books as they are, in hexadecimal.
    pub found: String,
    /// Whether the totals kept at the lock differ from the books.
    pub totals_differ: bool,
}

/// I-22: every sealed period still adds up to what it was sealed with. Lines are summed anew from the
/// first entry on; what was posted into a soft lock by permission, with its reason, is left out of
/// that soft seal. Answers the seals that are broken; none when the books are sound.
///
/// # Errors
/// Those of the engine.
pub fn verify_seals(tx: &mut Tx<'_>, company_id: CompanyId) -> Result<Vec<SealBroken>, StoreError> {
    let seals = tables::seals(tx, company_id)?;
    let kept = tables::sealed_totals(tx, company_id)?;
    let posted = tables::posted_by_day(tx, company_id)?;
    let mut broken = Vec::new();
    for seal in seals.iter().filter(|seal| seal.lifted_revision == 0) {
        let mut totals: Totals = BTreeMap::new();
        for sums in posted.iter().filter(|sums| counts_for(seal, sums)) {
            let total = totals.entry(sums.account_id).or_default();
            *total = (total.0.wrapping_add(sums.debit), total.1.wrapping_add(sums.credit));
        }
        totals.retain(|_, sums| *sums != (0, 0));
        let found = rules::hash_totals(seal.area, seal.through, &totals);
        let none = Totals::new();
        let kept = kept.get(&(seal.area, seal.revision)).unwrap_or(&none);
        let totals_differ = seal.hard && *kept != totals;
        if found != seal.hash || totals_differ {
            broken.push(SealBroken {
                area: seal.area,
                through: seal.through,
                revision: seal.revision,
                sealed: rules::hex(&seal.hash),
                found: rules::hex(&found),
                totals_differ,
            });
        }
    }
    Ok(broken)
}

fn counts_for(seal: &Seal, sums: &tables::PostedOnDay) -> bool {
    let allowed_later = !seal.hard && sums.waived >= seal.revision;
    let in_area = seal.area == Area::All || seal.area == sums.area;
    in_area && sums.posted_on <= seal.through && !allowed_later
}
