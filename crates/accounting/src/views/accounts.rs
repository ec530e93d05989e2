//! What readers get of accounts: all of them, or some.

use super::ListError;
use crate::model::{AccountKind, Role};
use crate::{VIEW, tables};
use base::AccountId;
use identity::Ctx;
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, Tx, params};
use utoipa::ToSchema;

/// An account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountRow {
    /// Its id.
    pub account_id: AccountId,
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: AccountKind,
    /// What it is for, if postings find it by that.
    pub role: Option<Role>,
    /// Whether it is a control account.
    pub control: bool,
    /// Whether its balance is the sum of open items.
    pub open_lines: bool,
}

/// The company's accounts, sorted by code.
///
/// # Errors
/// [`ListError`].
pub fn accounts(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<Vec<AccountRow>, ListError> {
    ctx.require(VIEW)?;
    let rows = tx.query(&tables::ACCOUNTS, params![ctx.company_id])?;
    let read = |row: &Row| {
        Ok(AccountRow {
            account_id: row.get(0)?,
            code: row.get(1)?,
            name: row.get(2)?,
            kind: row.get(3)?,
            role: Role::parse(&row.get::<String>(4)?),
            control: row.get(5)?,
            open_lines: row.get(6)?,
        })
    };
    rows.iter().map(read).collect::<Result<_, StoreError>>().map_err(ListError::from)
}

/// Which accounts to list.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct AccountFilter {
    /// Only of this kind.
    pub kind: Option<AccountKind>,
    /// Only the one of this role.
    pub role: Option<Role>,
    /// `true` for those that postings find by their role, `false` for the company's own.
    pub with_role: Option<bool>,
}

/// Some of the company's accounts, sorted by code; all of them, however many there are.
///
/// # Errors
/// [`ListError`].
pub fn list_accounts(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: AccountFilter,
) -> Result<Vec<AccountRow>, ListError> {
    let AccountFilter { kind, role, with_role } = filter;
    let mut rows = accounts(tx, ctx)?;
    rows.retain(|row| {
        kind.is_none_or(|kind| row.kind == kind)
            && role.is_none_or(|role| row.role == Some(role))
            && with_role.is_none_or(|with_role| row.role.is_some() == with_role)
    });
    Ok(rows)
}
