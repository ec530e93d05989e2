//! `retry`: a mail that failed is tried again, perhaps to another address.

use crate::words::MailState;
use crate::{RETRY, rules, tables};
use base::{Id, MailId, Problem, ProblemKind, Rule};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// A mail to be tried again.
#[derive(Debug, Clone, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct RetryMail {
    /// The mail.
    pub mail_id: MailId,
    /// Where it goes now; where it went before when left out.
    #[serde(default)]
    pub recipient: Option<String>,
}

/// A mail as queued again.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MailRetried {
    /// The mail.
    pub mail_id: MailId,
    /// Where it goes.
    pub recipient: String,
}

/// Why a mail is not tried again, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum RetryError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such mail.
    #[error("there is no mail {0}")]
    NotFound(MailId),
    /// Only what failed is tried again by hand.
    #[error("mail {mail_id} is {state}; only one that failed is tried again by hand")]
    NotFailed {
        /// The mail.
        mail_id: MailId,
        /// Its state.
        state: MailState,
    },
    /// The recipient is not one address.
    #[error("{0:?} is not one e-mail address; write one such as orders@example.com")]
    NotAnAddress(String),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for RetryError {
    fn problem(&self) -> Problem {
        let detail = self.to_string();
        match self {
            RetryError::Denied(error) => error.problem(),
            RetryError::NotFound(_) => Problem::not_found("mail_not_found", detail),
            RetryError::NotFailed { .. } => {
                Problem::new(ProblemKind::Conflict, "mail_not_failed", detail)
            }
            RetryError::NotAnAddress(_) => {
                Problem::refused("not_an_address", detail).with_field("recipient")
            }
            RetryError::Store(error) => error.problem(),
        }
    }
}

/// Has a failed mail tried again at once, with the same message id.
///
/// # Errors
/// The first broken rule in the order of [`RetryError`].
pub fn retry_mail(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: RetryMail,
) -> Result<MailRetried, RetryError> {
    ctx.require(RETRY)?;
    let mail_id = request.mail_id;
    let found = tables::lock(tx, ctx.company_id, mail_id)?;
    let (state, before) = found.ok_or(RetryError::NotFound(mail_id))?;
    if state != MailState::Failed {
        return Err(RetryError::NotFailed { mail_id, state });
    }
    let recipient = request.recipient.unwrap_or(before);
    if !rules::is_address(&recipient) {
        return Err(RetryError::NotAnAddress(recipient));
    }
    tables::retry(tx, ctx, mail_id, &recipient)?;
    let detail = serde_json::json!({ "recipient": recipient });
    ctx.audit(tx, RETRY, "mail", mail_id.raw(), detail);
    Ok(MailRetried { mail_id, recipient })
}
