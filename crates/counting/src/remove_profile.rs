//! `remove_profile`: a profile that nobody counts by any more goes, with the classes that it gave.

use crate::{DEFINE, tables};
use base::{Id, Problem, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx, params};
use utoipa::ToSchema;

/// A profile to be removed.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RemoveProfile {
    /// Its name.
    pub name: String,
}

/// A profile as removed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct ProfileRemoved {
    /// How many items had a class by it.
    pub items: i64,
}

/// Why a profile was not removed, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum RemoveProfileError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such profile.
    #[error("there is no profile {name:?}; name one of the list of profiles")]
    UnknownProfile {
        /// The name asked for.
        name: String,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for RemoveProfileError {
    fn problem(&self) -> Problem {
        match self {
            RemoveProfileError::Denied(error) => error.problem(),
            RemoveProfileError::UnknownProfile { .. } => {
                Problem::not_found("profile_not_found", self.to_string()).with_field("name")
            }
            RemoveProfileError::Store(error) => error.problem(),
        }
    }
}

/// Removes a profile with its levels and the classes of items by it. What was counted stays counted;
/// accuracy is no longer told by its classes.
///
/// # Errors
/// The first broken rule in the order of [`RemoveProfileError`].
pub fn remove_profile(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RemoveProfile,
) -> Result<ProfileRemoved, RemoveProfileError> {
    ctx.require(DEFINE)?;
    let name = request.name;
    if tx.query(&tables::LOCK_PROFILE, params![ctx.company_id, name])?.is_empty() {
        return Err(RemoveProfileError::UnknownProfile { name });
    }
    let classed = tx.query(&tables::CLASSES_NOW, params![ctx.company_id, name])?;
    let items = i64::try_from(classed.len()).unwrap_or(i64::MAX);
    for statement in [&tables::DELETE_CLASSES, &tables::DELETE_LEVELS, &tables::DELETE_PROFILE] {
        tx.write(statement, params![ctx.company_id, name])?;
    }
    let detail = serde_json::json!({ "removed": name, "items": items });
    ctx.audit(tx, DEFINE, "company", ctx.company_id.raw(), detail);
    Ok(ProfileRemoved { items })
}
