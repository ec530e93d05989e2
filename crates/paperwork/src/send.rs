//! Sending orders to suppliers by mail, and reminding of those that were not acknowledged.
//!
//! Whether sending an order mails it is the company's policy `send_orders_by_mail`; else it is only
//! noted. The mail is queued in the same transaction, with the order as it is at that moment; it goes
//! out after the commit.

use crate::print::{PrintError, drawn_order};
use crate::speech::Speech;
use crate::tables;
use base::{Id, MailId, Problem, PurchaseOrderId, Rule, Timestamp};
use identity::{Ctx, Denied};
use mail::{MailFile, NewMail, Purpose, QueueError};
use purchasing::{OrderState, SendOrder, SendOrderError};
use serde::{Deserialize, Serialize};
use store::{StoreError, Tx};
use utoipa::ToSchema;

/// An order as sent.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct OrderMailed {
    /// How far it has come.
    pub state: OrderState,
    /// Where it went.
    pub recipient: String,
    /// When.
    pub sent_at: Timestamp,
    /// The mail that carries it; none when sending is only noted.
    pub mail_id: Option<MailId>,
}

/// What became of the reminders.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SuppliersReminded {
    /// The mails that were queued.
    pub mail_ids: Vec<MailId>,
}

/// Why an order was not sent, or no reminder.
#[derive(thiserror::Error, Debug, Clone, PartialEq)]
pub enum MailOrderError {
    /// The caller may not.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// The order cannot be sent.
    #[error(transparent)]
    Order(#[from] SendOrderError),
    /// The order cannot be printed.
    #[error(transparent)]
    Print(#[from] PrintError),
    /// The mail cannot be queued.
    #[error(transparent)]
    Mail(#[from] QueueError),
    /// The store's own error.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Rule for MailOrderError {
    fn problem(&self) -> Problem {
        match self {
            MailOrderError::Denied(error) => error.problem(),
            MailOrderError::Order(error) => error.problem(),
            MailOrderError::Print(error) => error.problem(),
            MailOrderError::Mail(error) => error.problem(),
            MailOrderError::Store(error) => error.problem(),
        }
    }
}

/// Sends an order, by mail when the company's policy says so.
///
/// # Errors
/// The first broken rule in the order of [`MailOrderError`].
pub fn send_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    request: SendOrder,
) -> Result<OrderMailed, MailOrderError> {
    let order_id = request.order_id;
    let sent = purchasing::send_order(tx, ctx, request)?;
    let policies = identity::policies(tx, ctx.company_id)?;
    let mail_id = if policies.is("send_orders_by_mail", "yes") {
        Some(mail_order(tx, ctx, order_id, &sent.recipient, Purpose::Order)?)
    } else {
        None
    };
    let purchasing::OrderSent { state, recipient, sent_at } = sent;
    Ok(OrderMailed { state, recipient, sent_at, mail_id })
}

/// How many suppliers are reminded in one transaction.
const REMINDED: i64 = 50;
/// A day in microseconds.
const DAY: i64 = 86_400_000_000;

/// Reminds suppliers of orders that were mailed, not acknowledged and not delivered from, so many days
/// ago as policy `remind_after_days` says, and as often again as so many days go by. A second run at
/// once reminds nobody.
///
/// # Errors
/// The first broken rule in the order of [`MailOrderError`].
pub fn remind_suppliers(tx: &mut Tx<'_>, ctx: &Ctx) -> Result<SuppliersReminded, MailOrderError> {
    ctx.require(purchasing::SEND)?;
    let policies = identity::policies(tx, ctx.company_id)?;
    let days = policies.number("remind_after_days");
    let mut mail_ids = Vec::new();
    if days == 0 || !policies.is("send_orders_by_mail", "yes") {
        return Ok(SuppliersReminded { mail_ids });
    }
    let before = Timestamp::from_micros(ctx.at.micros().saturating_sub(days * DAY));
    for (order_id, recipient) in tables::late_orders(tx, ctx.company_id, before, REMINDED)? {
        mail_ids.push(mail_order(tx, ctx, order_id, &recipient, Purpose::Reminder)?);
    }
    Ok(SuppliersReminded { mail_ids })
}

/// Queues a mail with an order, in the supplier's language.
fn mail_order(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    order_id: PurchaseOrderId,
    recipient: &str,
    purpose: Purpose,
) -> Result<MailId, MailOrderError> {
    let drawn = drawn_order(tx, ctx, order_id)?;
    let (subject, body) = words(drawn.speech, purpose, &drawn.number, &drawn.company);
    let new = NewMail {
        record_kind: PurchaseOrderId::KIND,
        record_id: order_id.raw(),
        record_name: drawn.number,
        purpose,
        recipient: recipient.to_owned(),
        subject,
        body,
        file: MailFile {
            name: drawn.printed.name,
            media_type: "application/pdf".to_owned(),
            bytes: drawn.printed.bytes,
        },
    };
    Ok(mail::queue(tx, ctx, &new)?)
}

/// What a mail is about, and what it says.
fn words(speech: Speech, purpose: Purpose, number: &str, company: &str) -> (String, String) {
    match (speech, purpose) {
        (Speech::English, Purpose::Order) => (
            format!("Purchase order {number}"),
            format!(
                "Dear Sir or Madam,\n\nplease find attached our purchase order {number}. Please \
                 confirm prices, quantities and days of delivery.\n\nKind regards\n{company}\n"
            ),
        ),
        (Speech::German, Purpose::Order) => (
            format!("Bestellung {number}"),
            format!(
                "Guten Tag,\n\nanbei erhalten Sie unsere Bestellung {number}. Bitte best\u{e4}tigen \
                 Sie Preise, Mengen und Liefertermine.\n\nMit freundlichen Gr\u{fc}\u{df}en\n{company}\n"
            ),
        ),
        (Speech::English, Purpose::Reminder) => (
            format!("Reminder: purchase order {number} is not confirmed"),
            format!(
                "Dear Sir or Madam,\n\nwe have no confirmation yet of our purchase order {number}, \
                 which is attached once more. Please confirm prices, quantities and days of \
                 delivery.\n\nKind regards\n{company}\n"
            ),
        ),
        (Speech::German, Purpose::Reminder) => (
            format!("Erinnerung: Bestellung {number} ist nicht best\u{e4}tigt"),
            format!(
                "Guten Tag,\n\nzu unserer Bestellung {number}, die noch einmal beiliegt, haben wir \
                 keine Best\u{e4}tigung. Bitte best\u{e4}tigen Sie Preise, Mengen und \
                 Liefertermine.\n\nMit freundlichen Gr\u{fc}\u{df}en\n{company}\n"
            ),
        ),
    }
}
