//! All SQL about mails.

use crate::words::MailState;
use base::{CompanyId, MailId, Timestamp};
use identity::Ctx;
use store::{Row, StoreError, Tx, Value, params};

/// The columns of a mail in a list.
macro_rules! mail_columns {
    () => {
        "select m.id, m.record_kind, m.record_id, m.record_name, m.purpose, m.recipient, m.subject,
            m.message_id, m.state, m.attempts, m.due_at, m.answer, m.queued_at, u.login, m.sent_at,
            m.file_name
         from mail_mail as m
         left join identity_user as u on u.id = m.queued_by "
    };
}

store::statements! {
    /// Queues a mail.
    INSERT_MAIL = "insert into mail_mail
            (company_id, id, record_kind, record_id, record_name, purpose, recipient, subject, body,
             message_id, state, attempts, due_at, leased_until, answer, queued_at, queued_by,
             file_name, media_type, content)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 'queued', 0, $11, 0, '', $11, $12, $13, $14,
            $15)";

    /// The mail that is due first, held.
    LOCK_DUE = "select m.id, m.attempts, m.recipient, m.subject, m.body, m.message_id, m.queued_at,
            m.file_name, m.media_type, m.content
        from mail_mail as m
        where m.company_id = $1 and m.state = 'queued' and m.due_at <= $2 and m.leased_until = 0
        order by m.due_at, m.id limit 1 {for_update:m}";

    /// Leases a mail.
    LEASE = "update mail_mail set attempts = attempts + 1, leased_until = cast($3 as {i64})
        where company_id = $1 and id = $2 and state = 'queued' and leased_until = 0";

    /// Gives up mails whose lease ran out: nobody knows whether the relay took them.
    GIVE_UP = "update mail_mail set state = 'failed', leased_until = 0, answer = $3
        where company_id = $1 and state = 'queued' and leased_until > 0
            and leased_until < cast($2 as {i64})";

    /// Notes what became of an attempt, by whoever has the lease.
    NOTE = "update mail_mail set state = $4, due_at = cast($5 as {i64}), leased_until = 0,
            answer = $6, sent_at = cast($7 as {i64})
        where company_id = $1 and id = $2 and attempts = $3 and state = 'queued'
            and leased_until > 0";

    /// Holds a mail.
    LOCK_MAIL = "select m.state, m.recipient from mail_mail as m
        where m.company_id = $1 and m.id = $2 {for_update:m}";

    /// Has a failed mail tried again.
    RETRY = "update mail_mail set state = 'queued', attempts = 0, due_at = cast($3 as {i64}),
            leased_until = 0, recipient = $4
        where company_id = $1 and id = $2 and state = 'failed'";

    /// One mail.
    SHOW = concat!(mail_columns!(), "where m.company_id = $1 and m.id = $2");

    /// A page of mails, the newest first.
    LIST_MAILS = concat!(mail_columns!(), "where m.company_id = $1
        and (cast($2 as {text}) is null or m.state = cast($2 as {text}))
        and (cast($3 as {text}) is null or m.purpose = cast($3 as {text}))
        and (cast($4 as {text}) is null or m.record_kind = cast($4 as {text}))
        and (cast($5 as {i64}) is null or m.record_id = cast($5 as {i64}))
        and (cast($6 as {text}) is null or m.recipient = cast($6 as {text}))
        and (m.queued_at, m.id) < (cast($7 as {i64}), cast($8 as {i64}))
        order by m.queued_at desc, m.id desc limit cast($9 as {i64})");
}

/// What is written of a new mail.
pub(crate) fn insert(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: MailId,
    message_id: &str,
    new: &crate::NewMail,
) -> Result<(), StoreError> {
    let file = &new.file;
    tx.write_exactly(
        1,
        &INSERT_MAIL,
        params![
            ctx.company_id,
            id,
            new.record_kind,
            new.record_id,
            new.record_name,
            new.purpose,
            new.recipient,
            new.subject,
            new.body,
            message_id,
            ctx.at,
            ctx.user_id,
            file.name,
            file.media_type,
            file.bytes
        ],
    )
}

/// The mail that is due first, held until the transaction ends.
pub(crate) fn lock_due(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Timestamp,
) -> Result<Option<crate::Outgoing>, StoreError> {
    let found = tx.query_opt(&LOCK_DUE, params![company_id, now])?;
    found
        .map(|row| {
            Ok(crate::Outgoing {
                company_id,
                mail_id: row.get(0)?,
                attempt: row.get::<i64>(1)? + 1,
                recipient: row.get(2)?,
                subject: row.get(3)?,
                body: row.get(4)?,
                message_id: row.get(5)?,
                queued_at: row.get(6)?,
                file: crate::MailFile {
                    name: row.get(7)?,
                    media_type: row.get(8)?,
                    bytes: row.get(9)?,
                },
            })
        })
        .transpose()
}

pub(crate) fn lease(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: MailId,
    until: Timestamp,
) -> Result<(), StoreError> {
    tx.write_exactly(1, &LEASE, params![company_id, id, until])
}

pub(crate) fn give_up(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Timestamp,
    answer: &str,
) -> Result<(), StoreError> {
    tx.write(&GIVE_UP, params![company_id, now, answer])
}

/// How a mail stands after an attempt.
pub(crate) struct Noted<'a> {
    pub state: MailState,
    pub due_at: Timestamp,
    pub answer: &'a str,
    pub sent_at: Option<Timestamp>,
}

pub(crate) fn note(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    (id, attempt): (MailId, i64),
    noted: &Noted<'_>,
) -> Result<(), StoreError> {
    let Noted { state, due_at, answer, sent_at } = noted;
    tx.write_exactly(1, &NOTE, params![company_id, id, attempt, state, due_at, answer, sent_at])
}

/// A mail that is held: its state and its recipient.
pub(crate) fn lock(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: MailId,
) -> Result<Option<(MailState, String)>, StoreError> {
    let found = tx.query_opt(&LOCK_MAIL, params![company_id, id])?;
    found.map(|row| Ok((row.get(0)?, row.get(1)?))).transpose()
}

pub(crate) fn retry(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: MailId,
    recipient: &str,
) -> Result<(), StoreError> {
    tx.write_exactly(1, &RETRY, params![ctx.company_id, id, ctx.at, recipient])
}

pub(crate) fn show(tx: &mut Tx<'_>, ctx: &Ctx, id: MailId) -> Result<Option<Row>, StoreError> {
    tx.query_opt(&SHOW, params![ctx.company_id, id])
}

pub(crate) fn list(tx: &mut Tx<'_>, filters: [Value; 9]) -> Result<Vec<Row>, StoreError> {
    tx.query(&LIST_MAILS, store::Params::new(filters.to_vec()))
}
