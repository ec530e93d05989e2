//! `assign_picks`: who walks a list.

use crate::held::{Held, RecordError};
use crate::model::LIST;
use crate::words::PickState;
use crate::{ASSIGN, PICK, PLAN};
use base::{Id, NumberError, PickListId, Problem, ProblemKind, Rule, UserId};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A list and who is to walk it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct AssignPicks {
    /// The list.
    pub list_id: PickListId,
    /// Who walks it; the caller when left out. Giving a list to somebody else, or taking one from
    /// somebody, asks for picking.plan.
    #[serde(default)]
    pub picker_id: Option<UserId>,
    /// Nobody walks it: whoever begins next takes it.
    #[serde(default)]
    pub nobody: bool,
}

/// Who walks a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct PicksAssigned {
    /// The list.
    pub list_id: PickListId,
    /// Its number.
    pub number: String,
    /// Who walks it.
    pub picker_id: Option<UserId>,
    /// Whether that changed.
    pub changed: bool,
}

/// Why a list was not assigned, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum AssignError {
    /// There is no such list.
    #[error("there is no pick list {list_id}")]
    NotFound {
        /// The id asked for.
        list_id: PickListId,
    },
    /// No permission in the list's warehouse.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Somebody and nobody.
    #[error("the request names a picker and says nobody; say one of them")]
    Contradiction,
    /// There is nobody of this id who could have a list.
    #[error("there is no active user {user_id}")]
    UnknownUser {
        /// The id asked for.
        user_id: UserId,
    },
    /// The list is done.
    #[error("list {number} is {state}; nobody has to walk it")]
    NotOpen {
        /// The list.
        number: String,
        /// Where it stands.
        state: PickState,
    },
    /// A number beyond what the books can hold.
    #[error("{0}")]
    Number(#[from] NumberError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<RecordError> for AssignError {
    fn from(error: RecordError) -> AssignError {
        match error {
            RecordError::Number(error) => error.into(),
            RecordError::Store(error) => error.into(),
        }
    }
}

impl Rule for AssignError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            AssignError::NotFound { .. } => Problem::not_found("pick_list_not_found", detail),
            AssignError::Denied(error) => error.problem(),
            AssignError::Contradiction => {
                Problem::invalid("picker_and_nobody", detail).with_field("nobody")
            }
            AssignError::UnknownUser { .. } => {
                Problem::not_found("user_not_found", detail).with_field("picker_id")
            }
            AssignError::NotOpen { .. } => {
                Problem::new(ProblemKind::Conflict, "pick_list_not_open", detail)
            }
            AssignError::Number(error) => error.problem(),
            AssignError::Store(error) => error.problem(),
        }
    }
}

/// Says who walks a list. Whoever may pick takes a list that nobody has, and leaves their own; all else
/// is for whoever plans.
///
/// # Errors
/// The first broken rule in the order of [`AssignError`].
pub fn assign_picks(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: AssignPicks,
) -> Result<PicksAssigned, AssignError> {
    let list_id = request.list_id;
    let mut held = Held::lists(tx, ctx, &BTreeSet::from([list_id]))?;
    let list = held.list(list_id).cloned().ok_or(AssignError::NotFound { list_id })?;
    let picker = (!request.nobody).then(|| request.picker_id.unwrap_or(ctx.user_id));
    let me = |user: Option<UserId>| user.is_none_or(|user| user == ctx.user_id);
    let own = me(picker) && me(list.picker);
    ctx.require_in(if own { PICK } else { PLAN }, list.warehouse_id)?;
    if request.nobody && request.picker_id.is_some() {
        return Err(AssignError::Contradiction);
    }
    if let Some(user_id) = request.picker_id
        && !identity::is_member(tx, ctx.company_id, user_id)?
    {
        return Err(AssignError::UnknownUser { user_id });
    }
    let number = list.number;
    if matches!(list.state, PickState::Closed | PickState::Cancelled) {
        return Err(AssignError::NotOpen { number, state: list.state });
    }
    if let Some(list) = held.list_mut(list_id) {
        list.picker = picker;
    }
    let changed = picker != list.picker;
    if changed {
        held.record(tx, ctx)?;
        let detail = serde_json::json!({ "number": number, "from": list.picker, "to": picker });
        ctx.audit(tx, ASSIGN, LIST, list_id.raw(), detail.clone());
        ctx.fact(tx, LIST, list_id.raw(), list.revision + 1, "picking.assigned", detail);
    }
    Ok(PicksAssigned { list_id, number, picker_id: picker, changed })
}
