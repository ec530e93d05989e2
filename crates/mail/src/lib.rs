//! Mails that go out: queued in the transaction of what they tell of, delivered after it, and never
//! twice by themselves.
//!
//! Handing a mail to a relay is done by whoever has the network; here is only who takes which mail
//! when, and what became of it.

mod checks;
mod deliver;
mod queue;
mod retry;
mod rules;
mod tables;
mod views;
mod words;

pub use deliver::{Outgoing, note_attempt, take_due};
pub use queue::{MailFile, NewMail, QueueError, queue};
pub use retry::{MailRetried, RetryError, RetryMail, retry_mail};
pub use rules::Attempt;
pub use views::{MailFilter, MailRow, ReadError, list_mails, mail};
pub use words::{MailState, Purpose};

use identity::Permission;

/// Looking at mails.
pub const READ: Permission = Permission("mail.read");
/// Having a failed mail tried again.
pub const RETRY: Permission = Permission("mail.retry");

/// The tables about mails.
pub static SCHEMA: store::Schema = store::Schema {
    name: "mail",
    migrations: store::migrations!("0001_mail.sql"),
    statements: tables::STATEMENTS,
    checks: checks::CHECKS,
    append_only: &[],
    below: &[&store::SCHEMA, &identity::SCHEMA],
};
