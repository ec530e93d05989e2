//! When a mail is tried again, and what an address is.

use crate::words::MailState;

/// After how many minutes a mail is tried again, by how often it was tried.
const PAUSES: [i64; 7] = [1, 5, 15, 60, 240, 720, 1440];

/// What became of an attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Attempt {
    /// The relay took the mail, and said so.
    Taken(String),
    /// The relay could not be reached, or asked to come again: nothing was handed over.
    Later(String),
    /// The relay refused the mail for good.
    Refused(String),
    /// The connection ended while the mail was handed over: it may have arrived.
    Unknown(String),
}

/// How a mail stands after its latest attempt: its state, and in how many minutes it is tried again.
pub(crate) fn after(attempt: &Attempt, attempts: i64) -> (MailState, i64) {
    match attempt {
        Attempt::Taken(_) => (MailState::Sent, 0),
        Attempt::Refused(_) | Attempt::Unknown(_) => (MailState::Failed, 0),
        Attempt::Later(_) => {
            let pause = usize::try_from(attempts - 1).ok().and_then(|at| PAUSES.get(at));
            pause.map_or((MailState::Failed, 0), |pause| (MailState::Queued, *pause))
        }
    }
}

/// What is written of the relay's answer: one line without control characters.
pub(crate) fn told(attempt: &Attempt) -> String {
    let (Attempt::Taken(text)
    | Attempt::Later(text)
    | Attempt::Refused(text)
    | Attempt::Unknown(text)) = attempt;
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(500).collect::<String>().trim().to_owned()
}

/// Whether a text is one address to which a mail can go.
pub(crate) fn is_address(text: &str) -> bool {
    let Some((name, domain)) = text.rsplit_once('@') else { return false };
    let plain = |part: &str| {
        !part.is_empty()
            && !part.starts_with('.')
            && !part.ends_with('.')
            && !part.contains("..")
            && !part.contains(|c: char| {
                c.is_whitespace() || c.is_control() || "<>,;:\"()[]\\@".contains(c)
            })
    };
    text.chars().count() <= 254 && plain(name) && plain(domain)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mail_is_tried_again_ever_later_and_then_given_up() {
        let later = Attempt::Later("busy".to_owned());
        assert_eq!(after(&later, 1), (MailState::Queued, 1));
        assert_eq!(after(&later, 7), (MailState::Queued, 1440));
        assert_eq!(after(&later, 8), (MailState::Failed, 0));
        assert_eq!(after(&Attempt::Taken(String::new()), 1), (MailState::Sent, 0));
        assert_eq!(after(&Attempt::Refused(String::new()), 1), (MailState::Failed, 0));
        assert_eq!(after(&Attempt::Unknown(String::new()), 1), (MailState::Failed, 0));
    }

    #[test]
    fn an_answer_is_one_line() {
        assert_eq!(told(&Attempt::Taken("250 ok\r\nqueued\0".to_owned())), "250 ok  queued");
        assert_eq!(told(&Attempt::Later("x".repeat(600))).len(), 500);
    }

    #[test]
    fn an_address_has_a_name_and_a_domain() {
        for good in ["a@b.example", "o'neil+po@sub.b.example", "j\u{f6}rg@b.example"] {
            assert!(is_address(good), "{good}");
        }
        for bad in [
            "",
            "a",
            "@b",
            "a@",
            "a b@c",
            "a@b@c",
            "a@b, c@d",
            "<a@b>",
            "a@b\r\nBcc: c@d",
            ".a@b",
            "a@b.",
        ] {
            assert!(!is_address(bad), "{bad}");
        }
    }
}
