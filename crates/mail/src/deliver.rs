//! Delivering: a mail is taken under a lease, handed to the relay outside any transaction, and what
//! became of it is noted.
//!
//! A mail is never handed over twice by itself. Whoever has its lease alone may try, and an attempt of
//! which nobody knows how it ended, for the process stopped or the connection broke, is not repeated:
//! the mail fails with that said, and a person looks whether it arrived.

use crate::MailFile;
use crate::rules::{self, Attempt};
use crate::tables::{self, Noted};
use crate::words::MailState;
use base::{CompanyId, MailId, Timestamp};
use store::{StoreError, Tx};

/// For how long a mail is leased, in microseconds: longer than any relay is waited for.
const LEASE: i64 = 10 * 60 * 1_000_000;
/// What is said of a mail whose lease ran out.
const LOST: &str = "the server stopped while the mail was handed over; it may have arrived: look, and \
                    have it tried again if not";

/// A mail to be handed to the relay.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outgoing {
    /// The company that it is of.
    pub company_id: CompanyId,
    /// The mail.
    pub mail_id: MailId,
    /// Which attempt this is, from 1.
    pub attempt: i64,
    /// To whom it goes.
    pub recipient: String,
    /// What it is about.
    pub subject: String,
    /// What it says.
    pub body: String,
    /// Its message id, without brackets.
    pub message_id: String,
    /// When it was written.
    pub queued_at: Timestamp,
    /// What goes with it.
    pub file: MailFile,
}

/// Takes the mail of a company that is due first, under a lease; nothing when none is.
///
/// # Errors
/// Those of the engine.
pub fn take_due(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Timestamp,
) -> Result<Option<Outgoing>, StoreError> {
    tables::give_up(tx, company_id, now, LOST)?;
    let Some(found) = tables::lock_due(tx, company_id, now)? else { return Ok(None) };
    let until = Timestamp::from_micros(now.micros().saturating_add(LEASE));
    tables::lease(tx, company_id, found.mail_id, until)?;
    Ok(Some(found))
}

/// Notes what became of an attempt.
///
/// # Errors
/// Those of the engine; [`StoreError::Guard`] when the lease ran out meanwhile.
pub fn note_attempt(
    tx: &mut Tx<'_>,
    taken: &Outgoing,
    attempt: &Attempt,
    now: Timestamp,
) -> Result<MailState, StoreError> {
    let (state, minutes) = rules::after(attempt, taken.attempt);
    let due_at = Timestamp::from_micros(now.micros().saturating_add(minutes * 60_000_000));
    let answer = rules::told(attempt);
    let sent_at = (state == MailState::Sent).then_some(now);
    let noted = Noted { state, due_at, answer: &answer, sent_at };
    tables::note(tx, taken.company_id, (taken.mail_id, taken.attempt), &noted)?;
    Ok(state)
}
