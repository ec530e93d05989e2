//! The checks as a list.

use identity::{Ctx, ListError, Permission};
use serde::{Deserialize, Serialize};
use store::Tx;
use utoipa::ToSchema;

/// Asking the books whether they are sound.
pub const READ: Permission = Permission("reconcile.read");

/// Which checks.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(default, deny_unknown_fields)]
pub struct CheckFilter {
    /// Only those that do not hold.
    pub broken_only: bool,
}

/// A named check and what it found.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct CheckRow {
    /// What has to hold.
    pub check: String,
    /// Whether it does.
    pub holds: bool,
    /// What does not, a line each.
    pub breaches: Vec<String>,
}

/// Every named check on one snapshot, those that do not hold first.
///
/// # Errors
/// [`ListError`].
pub fn checks(tx: &mut Tx<'_>, ctx: &Ctx, filter: CheckFilter) -> Result<Vec<CheckRow>, ListError> {
    ctx.require(READ)?;
    let findings = crate::check(tx, ctx.company_id, Some(ctx.at))?;
    let mut rows: Vec<CheckRow> = findings
        .into_iter()
        .map(|finding| CheckRow {
            check: finding.check.to_owned(),
            holds: finding.breaches.is_empty(),
            breaches: finding.breaches,
        })
        .filter(|row| !(filter.broken_only && row.holds))
        .collect();
    rows.sort_by_key(|row| row.holds);
    Ok(rows)
}
