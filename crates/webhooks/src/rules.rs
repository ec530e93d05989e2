//! Which facts a webhook wants, when a delivery is tried again, and when a webhook is paused.

use crate::words::AttemptOutcome;
use base::Timestamp;

/// The kind of the facts that pings are: each goes to the webhook that it tries, and to no other.
pub(crate) const PING: &str = "webhook_ping";
/// Every fact.
pub(crate) const ALL: &str = "*";

const SECOND: i64 = 1_000_000;
const MINUTE: i64 = 60 * SECOND;
const HOUR: i64 = 60 * MINUTE;

/// After how long a delivery is tried again, by how often it was: three days in all, then given up.
const PAUSES: [i64; 12] = [
    5 * SECOND,
    30 * SECOND,
    2 * MINUTE,
    10 * MINUTE,
    30 * MINUTE,
    HOUR,
    2 * HOUR,
    4 * HOUR,
    8 * HOUR,
    12 * HOUR,
    20 * HOUR,
    24 * HOUR,
];
/// From how many failures in a row on a webhook rests between attempts.
const RESTS_FROM: i64 = 5;
/// The first of those rests, which doubles with each failure, and the longest.
const RESTS: (i64, i64) = (15 * SECOND, 10 * MINUTE);
/// A webhook that failed for so long, and so often in a row, is paused.
const PAUSED_AFTER: (i64, i64) = (24 * HOUR, 10);
/// How much of an answer is kept, in characters.
const KEPT: usize = 1_000;

/// Whether a text names facts: `*`, an area as in `sales.*`, or one as in `sales.shipped`.
pub(crate) fn is_pattern(text: &str) -> bool {
    let word =
        |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    match text.split_once('.') {
        None => text == ALL,
        Some((area, name)) => word(area) && (name == ALL || word(name)),
    }
}

/// What the names that a pattern means begin with; none for a pattern that is a name.
pub(crate) fn prefix(pattern: &str) -> Option<&str> {
    pattern.strip_suffix(ALL)
}

/// Whether a pattern means a name.
pub(crate) fn names(pattern: &str, name: &str) -> bool {
    prefix(pattern).map_or(pattern == name, |prefix| name.starts_with(prefix))
}

/// What a webhook wants by one of its patterns.
#[derive(Debug, Clone)]
pub(crate) struct Wanted {
    pub pattern: String,
    /// Facts handed out in later rounds.
    pub after_round: i64,
    /// Facts recorded from then on.
    pub since: Timestamp,
}

impl Wanted {
    pub(crate) fn takes(&self, name: &str, round: i64, recorded_at: Timestamp) -> bool {
        names(&self.pattern, name) && round > self.after_round && recorded_at >= self.since
    }
}

/// How a webhook has answered lately.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Health {
    /// Failures since the last delivery.
    pub failures: i64,
    /// When the first of them was.
    pub failing_since: Option<Timestamp>,
    /// Until then nothing is tried.
    pub rests_until: Option<Timestamp>,
}

/// What an attempt means for its delivery.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Next {
    Delivered,
    Again(Timestamp),
    GivenUp,
}

/// What was tried.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Tried {
    pub delivery_id: i64,
    /// How often it was.
    pub tries: i64,
    /// It is a ping, which asks how a webhook does now, and is not tried again.
    pub ping: bool,
}

/// What follows from an attempt: for the delivery, and for the webhook.
pub(crate) fn after(
    outcome: AttemptOutcome,
    tried: Tried,
    health: Health,
    now: Timestamp,
) -> (Next, Health) {
    if outcome == AttemptOutcome::Delivered {
        return (Next::Delivered, Health::default());
    }
    let failures = health.failures + 1;
    let health = Health {
        failures,
        failing_since: health.failing_since.or(Some(now)),
        rests_until: rest(failures).map(|rest| later(now, rest)),
    };
    let again = again(tried.delivery_id, tried.tries).filter(|_| !tried.ping);
    let next = again.map_or(Next::GivenUp, |at| Next::Again(later(now, at)));
    (next, health)
}

/// In how many microseconds a delivery is tried again; none when it is given up. Up to a fifth more than
/// the pause, by the delivery's own number: what failed together does not come again together.
fn again(delivery_id: i64, tries: i64) -> Option<i64> {
    let pause = usize::try_from(tries - 1).ok().and_then(|at| PAUSES.get(at))?;
    let mixed = delivery_id.wrapping_mul(31).wrapping_add(tries).wrapping_mul(2_654_435_761);
    Some(pause + pause / 5 * (mixed.rem_euclid(1_000)) / 1_000)
}

fn rest(failures: i64) -> Option<i64> {
    let over = u32::try_from(failures - RESTS_FROM).ok()?;
    let (first, longest) = RESTS;
    Some(first.saturating_mul(1_i64.checked_shl(over.min(20)).unwrap_or(1)).min(longest))
}

/// Whether a webhook that stands so is paused.
pub(crate) fn is_to_pause(health: Health, now: Timestamp) -> bool {
    let (long, often) = PAUSED_AFTER;
    let since = health.failing_since.unwrap_or(now);
    health.failures >= often && now.micros().saturating_sub(since.micros()) >= long
}

/// A moment so many microseconds later, at the latest at the end of the calendar.
pub(crate) fn later(now: Timestamp, micros: i64) -> Timestamp {
    Timestamp::from_micros(now.micros().saturating_add(micros))
}

/// What is kept of an answer: one line without control characters.
pub(crate) fn told(answer: &str) -> String {
    let plain = answer.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(KEPT).collect::<String>().trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::from_micros(1_767_603_600_000_000);

    #[test]
    fn a_pattern_is_everything_an_area_or_a_fact() {
        for good in ["*", "sales.*", "sales.shipped", "webhooks.paused"] {
            assert!(is_pattern(good), "{good}");
        }
        for bad in ["", "sales", "sales.", ".shipped", "sales.sh*", "*.shipped", "Sales.x", "a.b.c"]
        {
            assert!(!is_pattern(bad), "{bad}");
        }
    }

    #[test]
    fn what_is_wanted_is_named_and_later() {
        let wanted = |pattern: &str, name: &str, round, at| {
            let wanted = Wanted { pattern: pattern.to_owned(), after_round: 3, since: NOW };
            wanted.takes(name, round, later(NOW, at))
        };
        assert!(wanted("*", "sales.shipped", 4, 0));
        assert!(wanted("sales.*", "sales.shipped", 4, 0));
        assert!(wanted("sales.shipped", "sales.shipped", 4, 0));
        assert!(!wanted("sales.*", "salesroom.shipped", 4, 0));
        assert!(!wanted("sales.ship", "sales.shipped", 4, 0));
        assert!(!wanted("*", "sales.shipped", 3, 0), "handed out before");
        assert!(!wanted("*", "sales.shipped", 4, -1), "recorded before");
    }

    #[test]
    fn a_delivery_is_tried_ever_later_for_three_days_and_given_up() {
        let mut whole = 0;
        for (at, pause) in PAUSES.iter().enumerate() {
            let tries = at as i64 + 1;
            for delivery_id in [1, 2, 77, i64::MAX] {
                let found = again(delivery_id, tries).unwrap();
                assert!((*pause..=pause + pause / 5).contains(&found), "{tries}: {found}");
            }
            whole += pause;
        }
        assert!((71 * HOUR..73 * HOUR).contains(&whole), "{whole}");
        assert_eq!(again(1, 13), None);
        let spread: std::collections::BTreeSet<_> = (1..50).map(|id| again(id, 6)).collect();
        assert!(spread.len() > 40, "{}", spread.len());
    }

    fn tried(tries: i64) -> Tried {
        Tried { delivery_id: 7, tries, ping: false }
    }

    #[test]
    fn an_webhook_that_fails_rests_ever_longer_and_is_paused_after_a_day() {
        let mut health = Health::default();
        for failures in 1..=4 {
            let (next, found) = after(AttemptOutcome::Failed, tried(failures), health, NOW);
            assert!(matches!(next, Next::Again(at) if at > NOW));
            assert_eq!((found.failures, found.rests_until), (failures, None));
            health = found;
        }
        let (_, fifth) = after(AttemptOutcome::Failed, tried(5), health, NOW);
        assert_eq!(fifth.rests_until, Some(later(NOW, 15 * SECOND)));
        assert_eq!(rest(6), Some(30 * SECOND));
        assert_eq!(rest(400), Some(10 * MINUTE));
        let day = later(NOW, 24 * HOUR);
        assert!(!is_to_pause(Health { failures: 9, ..fifth }, day));
        assert!(is_to_pause(Health { failures: 10, ..fifth }, day));
        assert!(!is_to_pause(Health { failures: 500, ..fifth }, later(day, -1)));
        assert_eq!(
            after(AttemptOutcome::Delivered, tried(1), fifth, NOW),
            (Next::Delivered, Health::default())
        );
        assert_eq!(after(AttemptOutcome::Failed, tried(13), health, NOW).0, Next::GivenUp);
        let ping = Tried { ping: true, ..tried(1) };
        assert_eq!(after(AttemptOutcome::Failed, ping, health, NOW).0, Next::GivenUp);
    }

    #[test]
    fn an_answer_is_one_line() {
        assert_eq!(told("ok\r\n\0done "), "ok   done");
        assert_eq!(told(&"\u{e9}".repeat(2_000)).chars().count(), KEPT);
    }
}
