use base::{MailId, Timestamp};
use identity::Ctx;
use mail::{
    Attempt, MailFile, MailFilter, MailRow, MailState, NewMail, Outgoing, Purpose, QueueError,
    RetryError, RetryMail, SCHEMA,
};
use store::testing::{assert_sound, on_both_engines};
use store::{Database, StoreError};

const MINUTE: i64 = 60_000_000;

fn story(tell: impl Fn(&Post<'_>)) {
    on_both_engines(&SCHEMA, |database| {
        let post = Post { database, ctx: identity::testing::ctx(database) };
        tell(&post);
        assert_sound(database, &SCHEMA, post.ctx.company_id);
    });
}

struct Post<'d> {
    database: &'d Database,
    ctx: Ctx,
}

impl Post<'_> {
    fn queue(&self, recipient: &str) -> Result<MailId, QueueError> {
        let new = NewMail {
            record_kind: "purchase_order",
            record_id: 7,
            record_name: "PO-000007".to_owned(),
            purpose: Purpose::Order,
            recipient: recipient.to_owned(),
            subject: "Purchase order PO-000007".to_owned(),
            body: "Please find it attached.\n".to_owned(),
            file: MailFile {
                name: "PO-000007.pdf".to_owned(),
                media_type: "application/pdf".to_owned(),
                bytes: b"%PDF".to_vec(),
            },
        };
        let ctx = self.ctx.clone();
        self.database.write(move |tx| mail::queue(tx, &ctx, &new))
    }

    fn after(&self, minutes: i64) -> Timestamp {
        Timestamp::from_micros(self.ctx.at.micros() + minutes * MINUTE)
    }

    fn take(&self, minutes: i64) -> Option<Outgoing> {
        let (company, now) = (self.ctx.company_id, self.after(minutes));
        self.database.write(move |tx| mail::take_due(tx, company, now)).unwrap()
    }

    fn note(
        &self,
        taken: &Outgoing,
        attempt: Attempt,
        minutes: i64,
    ) -> Result<MailState, StoreError> {
        let (taken, now) = (taken.clone(), self.after(minutes));
        self.database.write(move |tx| mail::note_attempt(tx, &taken, &attempt, now))
    }

    fn retry(&self, mail_id: MailId, recipient: Option<&str>) -> Result<(), RetryError> {
        let request = RetryMail { mail_id, recipient: recipient.map(str::to_owned) };
        let ctx = self.ctx.clone();
        let answer = self.database.write(move |tx| mail::retry_mail(tx, &ctx, request.clone()));
        answer.map(|_| ())
    }

    fn show(&self, id: MailId) -> MailRow {
        let ctx = self.ctx.clone();
        self.database.read(move |tx| mail::mail(tx, &ctx, id)).unwrap()
    }
}

#[test]
fn a_mail_is_taken_once_and_noted_as_sent() {
    story(|post| {
        let id = post.queue("orders@acme.example").unwrap();
        let taken = post.take(0).unwrap();
        assert_eq!((taken.mail_id, taken.attempt), (id, 1));
        assert_eq!(taken.file.bytes, b"%PDF");
        assert_eq!(post.take(0), None, "it is leased");
        let state = post.note(&taken, Attempt::Taken("250 queued as 42".to_owned()), 0).unwrap();
        assert_eq!(state, MailState::Sent);
        assert_eq!(post.take(10_000), None);
        let row = post.show(id);
        assert_eq!((row.state, row.answer.as_str()), (MailState::Sent, "250 queued as 42"));
        assert!(row.sent_at.is_some() && row.queued_by.starts_with("tester-"));
        let again = post.note(&taken, Attempt::Taken(String::new()), 0).unwrap_err();
        assert!(matches!(again, StoreError::Guard { .. }), "{again:?}");
    });
}

#[test]
fn a_busy_relay_is_tried_again_later_and_later() {
    story(|post| {
        let id = post.queue("orders@acme.example").unwrap();
        let mut now = 0;
        for pause in [1, 5, 15, 60, 240, 720, 1440] {
            let taken = post.take(now).unwrap();
            let state = post.note(&taken, Attempt::Later("421 busy".to_owned()), now).unwrap();
            assert_eq!(state, MailState::Queued);
            assert_eq!(post.take(now + pause - 1), None);
            now += pause;
        }
        let taken = post.take(now).unwrap();
        assert_eq!(taken.attempt, 8);
        let state = post.note(&taken, Attempt::Later("421 busy".to_owned()), now).unwrap();
        assert_eq!(state, MailState::Failed);
        assert_eq!(post.take(now + 100_000), None);
        post.retry(id, Some("sales@acme.example")).unwrap();
        let again = post.take(now + 100_000).unwrap();
        assert_eq!(again.recipient, "sales@acme.example");
        assert_eq!(again.message_id, taken.message_id);
        post.note(&again, Attempt::Taken("250 ok".to_owned()), now).unwrap();
    });
}

#[test]
fn an_attempt_that_nobody_knows_the_end_of_is_not_repeated() {
    story(|post| {
        let id = post.queue("orders@acme.example").unwrap();
        let taken = post.take(0).unwrap();
        assert_eq!(post.take(9), None);
        assert_eq!(post.take(11), None, "given up, not taken again");
        let row = post.show(id);
        assert_eq!(row.state, MailState::Failed);
        assert!(row.answer.contains("may have arrived"), "{}", row.answer);
        let late = post.note(&taken, Attempt::Taken("250 ok".to_owned()), 12).unwrap_err();
        assert!(matches!(late, StoreError::Guard { .. }), "{late:?}");
        post.retry(id, None).unwrap();
        let taken = post.take(20).unwrap();
        let state = post.note(&taken, Attempt::Refused("550 no such user".to_owned()), 20);
        assert_eq!(state.unwrap(), MailState::Failed);
    });
}

#[test]
fn what_is_no_address_or_not_failed_is_refused() {
    story(|post| {
        for bad in ["nobody", "a@b, c@d", "a@b\u{a0}c"] {
            let refused = post.queue(bad).unwrap_err();
            assert_eq!(refused, QueueError::NotAnAddress(bad.to_owned()));
        }
        assert!(matches!(post.queue("a@b\r\nBcc: x@y").unwrap_err(), QueueError::Text(_)));
        let id = post.queue("orders@acme.example").unwrap();
        let early = post.retry(id, None).unwrap_err();
        assert_eq!(early, RetryError::NotFailed { mail_id: id, state: MailState::Queued });
        let list = |filter: MailFilter| {
            let ctx = post.ctx.clone();
            post.database.read(move |tx| mail::list_mails(tx, &ctx, filter.clone())).unwrap().lines
        };
        assert_eq!(list(MailFilter::default()).len(), 1);
        let sent = MailFilter { state: Some(MailState::Sent), ..MailFilter::default() };
        assert_eq!(list(sent).len(), 0);
        let of = |id: &str| MailFilter {
            record_kind: Some("purchase_order".to_owned()),
            record_id: Some(id.to_owned()),
            ..MailFilter::default()
        };
        assert_eq!((list(of("7")).len(), list(of("8")).len(), list(of("x")).len()), (1, 0, 0));
    });
}
