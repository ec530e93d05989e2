//! `queue`: a mail is to go out once the transaction that tells of it has committed.

use crate::words::Purpose;
use crate::{rules, tables};
use base::{Id, MailId, Problem, Rule, TextError, check_multiline, check_text};
use identity::Ctx;
use store::{StoreError, Tx};

/// A file that goes with a mail; without a name there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct MailFile {
    /// Its name.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// A mail to go out. What record it is about means nothing here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewMail {
    /// The kind of the record, as in `purchase_order`.
    pub record_kind: &'static str,
    /// The record's id.
    pub record_id: i64,
    /// What the record is called.
    pub record_name: String,
    /// What the mail is for.
    pub purpose: Purpose,
    /// To whom it goes.
    pub recipient: String,
    /// What it is about, in one line.
    pub subject: String,
    /// What it says.
    pub body: String,
    /// What goes with it.
    pub file: MailFile,
}

/// Why a mail was not queued.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum QueueError {
    /// A text cannot be stored.
    #[error(transparent)]
    Text(#[from] TextError),
    /// The recipient is not one address.
    #[error("{0:?} is not one e-mail address; write one such as orders@example.com")]
    NotAnAddress(String),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for QueueError {
    fn problem(&self) -> Problem {
        match self {
            QueueError::Text(error) => error.problem(),
            QueueError::NotAnAddress(_) => {
                Problem::refused("not_an_address", self.to_string()).with_field("recipient")
            }
            QueueError::Store(error) => error.problem(),
        }
    }
}

/// Queues a mail, for a door that asked whether the caller may. Its message id stays the same however
/// often it is tried, so that a mailbox knows a second copy.
///
/// # Errors
/// The first broken rule in the order of [`QueueError`].
pub fn queue(tx: &mut Tx<'_>, ctx: &Ctx, new: &NewMail) -> Result<MailId, QueueError> {
    check_text("subject", &new.subject, 300)?;
    check_multiline("body", &new.body, 20_000)?;
    check_text("recipient", &new.recipient, 254)?;
    if !rules::is_address(&new.recipient) {
        return Err(QueueError::NotAnAddress(new.recipient.clone()));
    }
    let id: MailId = tx.id()?;
    let message_id = format!("{}.{}.{}@purser", ctx.company_id.raw(), id.raw(), ctx.at.micros());
    tables::insert(tx, ctx, id, &message_id, new)?;
    let detail = serde_json::json!({
        "record_kind": new.record_kind, "record_id": new.record_id.to_string(),
        "purpose": new.purpose, "recipient": new.recipient,
    });
    ctx.fact(tx, "mail", id.raw(), 1, "mail.queued", detail);
    Ok(id)
}
