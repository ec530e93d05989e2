//! What readers get: mails in a list, and one of them.

use crate::words::{MailState, Purpose};
use crate::{READ, tables};
use base::{BadCursor, Id, MailId, Page, Paging, Problem, Rule, Timestamp};
use identity::{Ctx, Denied};
use serde::{Deserialize, Serialize};
use store::{Row, StoreError, ToValue, Tx, Value};
use utoipa::ToSchema;

/// Why nothing is shown.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum ReadError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// There is no such mail.
    #[error("there is no mail {0}")]
    NotFound(MailId),
    /// The cursor was not given by this list.
    #[error(transparent)]
    Cursor(#[from] BadCursor),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for ReadError {
    fn problem(&self) -> Problem {
        match self {
            ReadError::Denied(error) => error.problem(),
            ReadError::NotFound(_) => Problem::not_found("mail_not_found", self.to_string()),
            ReadError::Cursor(error) => error.problem(),
            ReadError::Store(error) => error.problem(),
        }
    }
}

/// Which mails to list.
#[derive(Debug, Clone, Default, Serialize, Deserialize, ToSchema)]
#[serde(deny_unknown_fields, default)]
pub struct MailFilter {
    /// Only in this state: `queued`, `sent` or `failed`.
    pub state: Option<MailState>,
    /// Only for this purpose: `order` or `reminder`.
    pub purpose: Option<Purpose>,
    /// Only about records of this kind, as in `purchase_order`.
    pub record_kind: Option<String>,
    /// Only about the record with this id.
    pub record_id: Option<String>,
    /// Only to this address.
    pub recipient: Option<String>,
    /// From where the last page ended.
    pub cursor: Option<String>,
    /// How many lines, at most 200.
    pub limit: Option<i64>,
}

/// A mail in a list.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct MailRow {
    /// Its id.
    pub mail_id: MailId,
    /// The kind of its record.
    pub record_kind: String,
    /// The id of its record.
    pub record_id: String,
    /// What its record is called.
    pub record: String,
    /// What it is for.
    pub purpose: Purpose,
    /// To whom it goes.
    pub recipient: String,
    /// What it is about.
    pub subject: String,
    /// Its message id.
    pub message_id: String,
    /// How far it is.
    pub state: MailState,
    /// How often it was tried.
    pub attempts: i64,
    /// When it is tried next, or was last.
    pub due_at: Timestamp,
    /// What the relay answered last; empty before it was tried.
    pub answer: String,
    /// When it was queued.
    pub queued_at: Timestamp,
    /// The login of who queued it; empty for the system.
    pub queued_by: String,
    /// When the relay took it.
    pub sent_at: Option<Timestamp>,
    /// The name of the file that goes with it; empty for none.
    pub file_name: String,
}

fn row_of(row: &Row) -> Result<MailRow, StoreError> {
    let record_id: i64 = row.get(2)?;
    Ok(MailRow {
        mail_id: row.get(0)?,
        record_kind: row.get(1)?,
        record_id: record_id.to_string(),
        record: row.get(3)?,
        purpose: row.get(4)?,
        recipient: row.get(5)?,
        subject: row.get(6)?,
        message_id: row.get(7)?,
        state: row.get(8)?,
        attempts: row.get(9)?,
        due_at: row.get(10)?,
        answer: row.get(11)?,
        queued_at: row.get(12)?,
        queued_by: row.get::<Option<String>>(13)?.unwrap_or_default(),
        sent_at: row.get(14)?,
        file_name: row.get(15)?,
    })
}

/// Lists mails, the newest first.
///
/// # Errors
/// [`ReadError`], in its order.
pub fn list_mails(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    filter: MailFilter,
) -> Result<Page<MailRow>, ReadError> {
    ctx.require(READ)?;
    let paging = Paging::new(&filter.cursor, filter.limit);
    let (at, id): (i64, i64) = paging.after((i64::MAX, i64::MAX))?;
    // An id that is none is that of no record.
    let record_id = filter.record_id.as_ref().map(|text| text.parse::<i64>().unwrap_or(-1));
    let filters = [
        ctx.company_id.to_value(),
        filter.state.to_value(),
        filter.purpose.to_value(),
        filter.record_kind.to_value(),
        record_id.to_value(),
        filter.recipient.to_value(),
        Value::Int(at),
        Value::Int(id),
        Value::Int(paging.limit()),
    ];
    let found = tables::list(tx, filters)?;
    let rows = found.iter().map(row_of).collect::<Result<Vec<_>, _>>()?;
    Ok(paging.page(rows, |row| (row.queued_at.micros(), row.mail_id.raw())))
}

/// One mail.
///
/// # Errors
/// [`ReadError`], in its order.
pub fn mail(tx: &mut Tx<'_>, ctx: &Ctx, mail_id: MailId) -> Result<MailRow, ReadError> {
    ctx.require(READ)?;
    let row = tables::show(tx, ctx, mail_id)?.ok_or(ReadError::NotFound(mail_id))?;
    Ok(row_of(&row)?)
}
