//! Mails handed to a relay: a tiny one in this process, that speaks as much SMTP as it needs.

use super::server::{Site, purser};
use base::{Id, UserId};
use identity::Ctx;
use mail::{MailFile, MailFilter, MailRow, MailState, NewMail, Purpose};
use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use store::{Engine, StoreError};

/// How the relay answers a recipient, and what it does with a message.
#[derive(Clone, Copy, PartialEq)]
enum Mood {
    Takes,
    Busy,
    Refuses,
    /// Hangs up once it has the message, without a word.
    HangsUp,
}

struct Relay {
    url: String,
    taken: Arc<Mutex<Vec<String>>>,
    mood: Arc<Mutex<Mood>>,
}

impl Relay {
    fn start() -> Relay {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("smtp://{}", listener.local_addr().expect("its address"));
        let (taken, mood) = (Arc::default(), Arc::new(Mutex::new(Mood::Takes)));
        let (all, now): (Arc<Mutex<Vec<String>>>, _) = (Arc::clone(&taken), Arc::clone(&mood));
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let mood = *now.lock().expect("its mood");
                // A client that hangs up ends its own conversation only.
                let _ = converse(stream, mood, &all);
            }
        });
        Relay { url, taken, mood }
    }

    fn is(&self, mood: Mood) {
        *self.mood.lock().expect("its mood") = mood;
    }

    fn messages(&self) -> Vec<String> {
        self.taken.lock().expect("messages").clone()
    }
}

fn converse(stream: TcpStream, mood: Mood, taken: &Mutex<Vec<String>>) -> std::io::Result<()> {
    let mut answers = stream.try_clone()?;
    let mut lines = BufReader::new(stream).lines();
    answers.write_all(b"220 relay\r\n")?;
    while let Some(line) = lines.next().transpose()? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer: &[u8] = match verb.as_str() {
            "EHLO" | "HELO" => b"250 relay\r\n",
            "RCPT" if mood == Mood::Busy => b"450 come again\r\n",
            "RCPT" if mood == Mood::Refuses => b"550 no such user\r\n",
            "DATA" => {
                answers.write_all(b"354 go on\r\n")?;
                let mut message = String::new();
                while let Some(line) = lines.next().transpose()?.filter(|line| line != ".") {
                    message.push_str(&line);
                    message.push('\n');
                }
                taken.lock().expect("messages").push(message);
                if mood == Mood::HangsUp {
                    return Ok(());
                }
                b"250 queued as 42\r\n"
            }
            "QUIT" => {
                answers.write_all(b"221 bye\r\n")?;
                return Ok(());
            }
            _ => b"250 ok\r\n",
        };
        answers.write_all(answer)?;
    }
    Ok(())
}

fn operator(tx: &mut store::Tx<'_>) -> Result<Ctx, StoreError> {
    let company = identity::companies(tx)?.remove(0);
    Ok(Ctx::all_rights(&company, UserId::from_raw(0), identity::testing::START, "test"))
}

fn queue(site: &Site) -> String {
    let id = site.fresh.database.write(|tx| {
        let ctx = operator(tx)?;
        let new = NewMail {
            record_kind: "purchase_order",
            record_id: 1,
            record_name: "PO-000001".to_owned(),
            purpose: Purpose::Order,
            recipient: "orders@acme.example".to_owned(),
            subject: "Bestellung f\u{fc}r Gr\u{fc}n".to_owned(),
            body: "Guten Tag,\n.\nanbei die Bestellung.\n".to_owned(),
            file: MailFile {
                name: "PO-000001.pdf".to_owned(),
                media_type: "application/pdf".to_owned(),
                bytes: b"%PDF-1.7 an order".to_vec(),
            },
        };
        mail::queue(tx, &ctx, &new)
    });
    id.expect("a mail").to_string()
}

fn mails(site: &Site) -> Vec<MailRow> {
    let list = site.fresh.database.read(|tx| {
        let ctx = operator(tx)?;
        Ok::<_, StoreError>(mail::list_mails(tx, &ctx, MailFilter::default()))
    });
    list.expect("the store").expect("mails").lines
}

#[test]
fn mails_are_handed_to_the_relay_once_and_what_it_said_is_kept() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        let (site, relay) = (Site::new(engine), Relay::start());
        let url = site.fresh.url.as_str();
        let from = "Acme Buying <po@acme.example>";
        let deliver =
            || purser(url, &["mail", "deliver", "--smtp-url", &relay.url, "--mail-from", from]);
        let id = queue(&site);
        assert!(deliver().expect("delivered").contains("1 mails handed over, 0 not"));
        assert!(deliver().expect("nothing to do").contains("0 mails handed over, 0 not"));
        let messages = relay.messages();
        assert_eq!(messages.len(), 1);
        for found in [
            "From: \"Acme Buying\" <po@acme.example>",
            "To: orders@acme.example",
            "Subject: Bestellung =?utf-8?b?",
            "filename=\"PO-000001.pdf\"",
            "Content-Type: application/pdf",
        ] {
            assert!(messages[0].contains(found), "{found}: {}", messages[0]);
        }
        let row = mails(&site).remove(0);
        assert_eq!((row.state, row.mail_id.to_string()), (MailState::Sent, id));
        assert!(row.answer.contains("queued as 42"), "{}", row.answer);
        assert!(messages[0].contains(&format!("Message-ID: <{}>", row.message_id)));

        relay.is(Mood::Busy);
        let id = queue(&site);
        deliver().expect_err("the relay is busy");
        let row = mails(&site).into_iter().find(|row| row.mail_id.to_string() == id).expect("it");
        assert_eq!((row.state, row.attempts), (MailState::Queued, 1));
        assert!(row.due_at > row.queued_at && row.answer.contains("come again"), "{row:?}");

        relay.is(Mood::Refuses);
        let id = queue(&site);
        deliver().expect_err("the relay refuses");
        let failed = |id: &str| {
            let row = mails(&site).into_iter().find(|row| row.mail_id.to_string() == id);
            let row = row.expect("the mail");
            assert_eq!(row.state, MailState::Failed, "{row:?}");
            row.answer
        };
        assert!(failed(&id).contains("no such user"));
        relay.is(Mood::Takes);
        let told = purser(url, &["mail", "retry", &id, "--recipient", "sales@acme.example"]);
        assert!(told.expect("queued again").contains("sales@acme.example"));
        deliver().expect("delivered");
        assert!(relay.messages()[1].contains("To: sales@acme.example"));

        relay.is(Mood::HangsUp);
        let id = queue(&site);
        deliver().expect_err("nobody knows");
        failed(&id);
        deliver().expect("it is not handed over again");
        assert_eq!(relay.messages().len(), 3);
    }
}

#[test]
fn a_relay_that_cannot_be_used_is_told_before_anything_is_taken() {
    let site = Site::new(Engine::Sqlite);
    let url = site.fresh.url.as_str();
    let id = queue(&site);
    let deliver = |relay: &str, from: &str| {
        purser(url, &["mail", "deliver", "--smtp-url", relay, "--mail-from", from])
    };
    let told = deliver("smtp://relay.example", "po@acme.example").expect_err("no TLS");
    assert!(told.contains("smtps://"), "{told}");
    let told = deliver("http://relay.example", "po@acme.example").expect_err("no SMTP");
    assert!(told.contains("--smtp-url"), "{told}");
    let told = deliver("smtp://127.0.0.1:9", "nobody").expect_err("no address");
    assert!(told.contains("--mail-from"), "{told}");
    assert_eq!(mails(&site).remove(0).attempts, 0);
    deliver("smtp://127.0.0.1:9", "po@acme.example").expect_err("nobody listens");
    let row = mails(&site).remove(0);
    assert_eq!((row.state, row.attempts, row.mail_id.to_string()), (MailState::Queued, 1, id));
    let told = purser(url, &["policy", "send_orders_by_mail", "yes"]).expect("a policy");
    assert_eq!(told.trim(), "send_orders_by_mail = yes");
    assert!(purser(url, &["policy"]).expect("all").contains("document_limit_mib = 10"));
    assert!(purser(url, &["policy", "nonsense"]).expect_err("none").contains("remind_after_days"));
}
