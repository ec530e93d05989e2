//! `define_account` adds an account of the company's own, for a reason or an expense.

use crate::model::AccountKind;
use crate::{DEFINE_ACCOUNT, tables};
use base::{AccountId, Id, Problem, ProblemKind, Rule, TextError};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A request to add an account.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct DefineAccount {
    /// Its code, unique in the company.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Its kind.
    pub kind: AccountKind,
}

/// The account added.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct AccountDefined {
    /// Its id.
    pub account_id: AccountId,
}

/// Why an account was not added.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum DefineAccountError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// Code or name cannot be used.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The code belongs to another account.
    #[error("account code {code} is taken; choose another")]
    CodeTaken {
        /// The code.
        code: String,
    },
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for DefineAccountError {
    fn problem(&self) -> Problem {
        match self {
            DefineAccountError::Denied(denied) => denied.problem(),
            DefineAccountError::Text(text) => text.problem(),
            DefineAccountError::CodeTaken { .. } => {
                Problem::new(ProblemKind::Conflict, "account_code_taken", self.to_string())
                    .with_field("code")
            }
            DefineAccountError::Store(error) => error.problem(),
        }
    }
}

/// Adds an account without a role. It is not a control account: anybody who may enter can post to it.
///
/// # Errors
/// [`DefineAccountError`], in its order.
pub fn define_account(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: DefineAccount,
) -> Result<AccountDefined, DefineAccountError> {
    ctx.require(DEFINE_ACCOUNT)?;
    base::check_code("code", &request.code)?;
    base::check_code("name", &request.name)?;
    let known = tables::load_accounts(tx, ctx.company_id)?;
    if known.iter().any(|(_, account)| account.code == request.code) {
        return Err(DefineAccountError::CodeTaken { code: request.code });
    }
    let account_id: AccountId = tx.id()?;
    let DefineAccount { code, name, kind } = &request;
    let account = tables::NewAccount { id: account_id, code, name, kind: *kind, role: None };
    tables::insert_accounts(tx, ctx.company_id, &[account])?;
    ctx.audit(tx, DEFINE_ACCOUNT, "account", account_id.raw(), serde_json::json!(request));
    Ok(AccountDefined { account_id })
}
