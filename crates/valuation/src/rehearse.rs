//! What a new cost or another method would do: it is done and taken back at once, so that the answer
//! is the books' own.

use accounting::{BookedLine, booked_in};
use base::{Day, Money};
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

use crate::change_cost::{ChangeCost, StandingChanged, change_cost};
use crate::change_method::{ChangeMethod, change_method};
use crate::model::Method;
use crate::revalue::RevalueError;
use crate::set_method::{MethodSet, SetError, SetMethod, set_method};

/// What a new cost would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CostRehearsed {
    /// The books' day.
    pub posted_on: Day,
    /// By how much stock would be worth more, in all.
    pub change: Money,
    /// Each pool and class.
    pub standings: Vec<StandingChanged>,
    /// What it would book, by account.
    pub booked: Vec<BookedLine>,
}

/// What another method would do.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MethodRehearsed {
    /// The books' day.
    pub posted_on: Day,
    /// The method now.
    pub old_method: Method,
    /// What all stock of the item is worth.
    pub old_value: Money,
    /// What it would be worth.
    pub new_value: Money,
    /// What it would book, by account.
    pub booked: Vec<BookedLine>,
}

/// Gives an item a new cost and takes it back. Needs what [`change_cost`] needs.
///
/// # Errors
/// As [`change_cost`].
pub fn rehearse_cost(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ChangeCost,
) -> Result<CostRehearsed, RevalueError> {
    tx.rehearse(|tx| {
        let done = change_cost(tx, ctx, request)?;
        let booked = match done.entry_id {
            Some(entry) => booked_in(tx, ctx, entry)?,
            None => Vec::new(),
        };
        Ok(CostRehearsed {
            posted_on: done.posted_on,
            change: done.change,
            standings: done.standings,
            booked,
        })
    })
}

/// Gives an item another method and takes it back. Needs what [`change_method`] needs.
///
/// # Errors
/// As [`change_method`].
pub fn rehearse_method(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: ChangeMethod,
) -> Result<MethodRehearsed, RevalueError> {
    tx.rehearse(|tx| {
        let done = change_method(tx, ctx, ChangeMethod { dry_run: false, ..request })?;
        let booked = match done.entry_id {
            Some(entry) => booked_in(tx, ctx, entry)?,
            None => Vec::new(),
        };
        Ok(MethodRehearsed {
            posted_on: done.posted_on,
            old_method: done.old_method,
            old_value: done.old_value,
            new_value: done.new_value,
            booked,
        })
    })
}

/// Gives a category another method and takes it back: which items would have it, and which keep
/// theirs. Needs what [`set_method`] needs.
///
/// # Errors
/// As [`set_method`].
pub fn rehearse_category_method(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: SetMethod,
) -> Result<MethodSet, SetError> {
    tx.rehearse(|tx| set_method(tx, ctx, request))
}
