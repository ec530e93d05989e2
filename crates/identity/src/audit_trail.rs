//! `audit_trail`: who did what to which record, and when.

use crate::ctx::Ctx;
use crate::grants::{Denied, Permission};
use crate::tables;
use crate::views::READ;
use base::{AuditId, BadCursor, Id, Page, Paging, Problem, Rule, Timestamp, UserId};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// Reading the audit trail. What concerns users, roles and keys is told only to who may read those.
pub const AUDIT: Permission = Permission("identity.audit");

/// Which rows of the audit trail.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct AuditFilter {
    /// Only of records of this kind, such as `purchase_order`.
    pub object_kind: Option<String>,
    /// Only of the record with this id; needs a kind.
    pub object_id: Option<String>,
    /// Only of this verb, such as `purchasing.receive`.
    pub verb: Option<String>,
    /// Only of the user with this login.
    pub login: Option<String>,
    /// Where the page before ended.
    pub cursor: Option<String>,
    /// How many rows, 1 to 200.
    pub limit: Option<i64>,
}

/// One act.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AuditRow {
    /// The row's id.
    pub audit_id: AuditId,
    /// When it was done.
    pub recorded_at: Timestamp,
    /// Who did it.
    pub user_id: UserId,
    /// The login; empty when a program of the house did it.
    pub login: String,
    /// The name.
    pub display_name: String,
    /// What was done: the door's permission, such as `purchasing.receive`.
    pub verb: String,
    /// The kind of the record that it was done to.
    pub object_kind: String,
    /// The record's id.
    pub object_id: String,
    /// The request that did it.
    pub request_id: String,
    /// What there is to tell, by name.
    #[schema(value_type = Object)]
    pub detail: serde_json::Value,
}

/// Why the trail was not read, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AuditError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The cursor is not one of this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// An id says nothing without a kind.
    #[error("object_id needs object_kind, such as purchase_order; name both")]
    KindMissing,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for AuditError {
    fn problem(&self) -> Problem {
        match self {
            AuditError::Denied(error) => error.problem(),
            AuditError::Cursor(error) => error.problem(),
            AuditError::KindMissing => {
                Problem::invalid("object_kind_missing", self.to_string()).with_field("object_kind")
            }
            AuditError::Store(error) => error.problem(),
        }
    }
}

/// The audit trail, the newest first.
///
/// # Errors
/// [`AuditError`].
pub fn audit_trail(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: AuditFilter,
) -> Result<Page<AuditRow>, AuditError> {
    ctx.require(AUDIT)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let after: (i64, i64) = paging.after((i64::MAX, i64::MAX))?;
    if filter.object_id.is_some() && filter.object_kind.is_none() {
        return Err(AuditError::KindMissing);
    }
    let object_id = match filter.object_id.as_deref().map(str::parse) {
        None => None,
        Some(Ok(id)) => Some(id),
        // A record with an id that is no number is not there, and nothing was done to it.
        Some(Err(_)) => return Ok(Page { lines: Vec::new(), next_cursor: None }),
    };
    let page = (after, paging.limit());
    let rows = tables::audit_trail(tx, ctx, (&filter, object_id), page, ctx.holds(READ))?;
    Ok(paging.page(rows, |row| (row.recorded_at.micros(), row.audit_id.raw())))
}
