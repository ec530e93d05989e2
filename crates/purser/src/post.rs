//! The postman: hands mails that are due to the relay. Each node may have one; a mail is taken under a
//! lease, so that none is handed over twice.

use crate::failure::{Failure, refused};
use crate::place;
use crate::worker::{Round, Worker};
use base::{CompanyId, Timestamp};
use lettre::message::header::ContentType;
use lettre::message::{Attachment, Mailbox, MultiPart, SinglePart};
use lettre::{Message, SmtpTransport, Transport};
use mail::{Attempt, MailState, Outgoing};
use std::time::{Duration, SystemTime};
use store::Database;

/// How long the postman rests between its rounds.
const REST: Duration = Duration::from_secs(5);
/// How long a relay is waited for.
const PATIENCE: Duration = Duration::from_secs(60);

/// A relay, and from whom mails are.
#[derive(Clone)]
pub(crate) struct Relay {
    transport: SmtpTransport,
    from: Mailbox,
}

impl Relay {
    /// Reads a relay's address, as in `smtps://user:password@relay.example`, and a sender's. Without
    /// TLS only a relay on this machine is spoken to.
    pub(crate) fn read(url: &str, from: &str) -> Result<Relay, Failure> {
        let rest = url.strip_prefix("smtp://").filter(|rest| !rest.contains("tls=required"));
        if let Some(rest) = rest {
            let host = rest.split(['/', '?']).next().unwrap_or_default();
            let host = host.rsplit('@').next().unwrap_or_default();
            let near = ["127.0.0.1", "localhost", "[::1]"];
            if !near.iter().any(|name| host == *name || host.starts_with(&format!("{name}:"))) {
                return Err(Failure(
                    "--smtp-url: without TLS mails and the password would be readable on the way; \
                     write smtps://... or smtp://...?tls=required"
                        .to_owned(),
                ));
            }
        }
        let transport = SmtpTransport::from_url(url)
            .map_err(|error| Failure(format!("--smtp-url: {error}")))?
            .timeout(Some(PATIENCE))
            .build();
        let from = from.parse().map_err(|error| {
            Failure(format!("--mail-from {from}: {error}; write Purchasing <po@example.com>"))
        })?;
        Ok(Relay { transport, from })
    }

    /// Hands a mail over. Whether the relay can be reached is asked first, so that only a connection
    /// that breaks during the handing over leaves it open whether the mail arrived.
    fn hand_over(&self, outgoing: &Outgoing) -> Attempt {
        let message = match self.message(outgoing) {
            Ok(message) => message,
            Err(error) => return Attempt::Refused(error),
        };
        match self.transport.test_connection() {
            Ok(true) => {}
            Ok(false) => return Attempt::Later("the relay closed the connection".to_owned()),
            // Nothing was said about this mail: a wrong password or a relay that is away.
            Err(error) => return Attempt::Later(error.to_string()),
        }
        match self.transport.send(&message) {
            Ok(answer) => {
                let words: Vec<&str> = answer.message().collect();
                Attempt::Taken(format!("{} {}", answer.code(), words.join(" ")))
            }
            Err(error) if error.is_permanent() => Attempt::Refused(error.to_string()),
            Err(error) if error.is_transient() => Attempt::Later(error.to_string()),
            Err(error) => Attempt::Unknown(error.to_string()),
        }
    }

    fn message(&self, outgoing: &Outgoing) -> Result<Message, String> {
        let to: Mailbox = outgoing.recipient.parse().map_err(|error| format!("{error}"))?;
        let micros = u64::try_from(outgoing.queued_at.micros()).unwrap_or(0);
        let written = SystemTime::UNIX_EPOCH + Duration::from_micros(micros);
        let mut parts = MultiPart::mixed().singlepart(SinglePart::plain(outgoing.body.clone()));
        let file = &outgoing.file;
        if !file.name.is_empty() {
            let kind = ContentType::parse(&file.media_type).map_err(|error| error.to_string())?;
            parts =
                parts.singlepart(Attachment::new(file.name.clone()).body(file.bytes.clone(), kind));
        }
        Message::builder()
            .message_id(Some(format!("<{}>", outgoing.message_id)))
            .date(written)
            .from(self.from.clone())
            .to(to)
            .subject(outgoing.subject.clone())
            .multipart(parts)
            .map_err(|error| error.to_string())
    }
}

/// Hands over all mails of a company that are due; answers how many the relay took, and how many not.
pub(crate) fn deliver(
    database: &Database,
    relay: &Relay,
    company: CompanyId,
    now: impl Fn() -> Timestamp,
) -> Result<(usize, usize), Failure> {
    let (mut taken, mut left) = (0, 0);
    loop {
        let at = now();
        let found = database.write(move |tx| mail::take_due(tx, company, at))?;
        let Some(outgoing) = found else { return Ok((taken, left)) };
        let attempt = relay.hand_over(&outgoing);
        // A relay that takes nothing now is asked again in the next round, not once for each mail.
        let away = matches!(attempt, Attempt::Later(_));
        let at = now();
        let state = database.write(move |tx| mail::note_attempt(tx, &outgoing, &attempt, at))?;
        match state {
            MailState::Sent => taken += 1,
            MailState::Queued | MailState::Failed => left += 1,
        }
        if away {
            return Ok((taken, left));
        }
    }
}

/// Reminds suppliers of a company of what they did not acknowledge; answers how many mails that are.
pub(crate) fn remind(database: &Database, company: CompanyId) -> Result<usize, Failure> {
    let reminded = database.write(move |tx| {
        let ctx = place::operator(tx, company)?;
        paperwork::remind_suppliers(tx, &ctx).map_err(refused)
    })?;
    Ok(reminded.mail_ids.len())
}

/// Starts delivering the mails of all companies of a database.
pub(crate) fn start(database: &Database, relay: Relay) -> Worker {
    let database = database.clone();
    Worker::start("postman", REST, move |round| {
        if round == Round::Usual {
            go_round(&database, &relay);
        }
    })
}

/// One round. What fails is told and tried again in the next.
fn go_round(database: &Database, relay: &Relay) {
    let companies = match place::companies(database) {
        Ok(companies) => companies,
        Err(failure) => return tracing::warn!(%failure, "mails were not delivered"),
    };
    for (company, _) in companies {
        match deliver(database, relay, company, place::now) {
            Ok((0, 0)) => {}
            Ok((taken, left)) => tracing::info!(taken, left, "mails were handed to the relay"),
            Err(failure) => tracing::warn!(%failure, "mails were not delivered"),
        }
    }
}
