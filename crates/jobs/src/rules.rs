//! When a job is due, and what follows from a run.

use crate::words::{Job, JobState, Schedule};
use base::{DayError, Timestamp, Zone};

const MINUTE: i64 = 60 * 1_000_000;

/// After how many minutes a run that failed is tried again, by how often in a row it failed. After the
/// last of them the job has failed.
const PAUSES: [i64; 4] = [1, 5, 15, 60];
/// The least and the most minutes between two runs.
pub(crate) const EVERY: (i64, i64) = (5, 1440);

/// When a job is due by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct When {
    pub schedule: Schedule,
    /// Of the day, or between two runs.
    pub minute: i64,
}

/// What a company begins with: what only tells, reminds or forgets is active; what proposes, plans or classifies
/// waits until the company wants it.
pub(crate) fn default_of(job: Job) -> (When, JobState) {
    let daily =
        |hour: i64, minute: i64| When { schedule: Schedule::Daily, minute: hour * 60 + minute };
    let every = |minute| When { schedule: Schedule::Every, minute };
    match job {
        Job::CheckBooks => (daily(3, 30), JobState::Active),
        Job::ClassifyItems => (daily(4, 0), JobState::Paused),
        Job::EscalateApprovals => (every(60), JobState::Active),
        Job::ForgetRequestKeys => (daily(4, 30), JobState::Active),
        Job::PlanCounts => (daily(5, 0), JobState::Paused),
        Job::RemindSuppliers => (every(60), JobState::Active),
        Job::RunReplenishment => (daily(2, 0), JobState::Paused),
    }
}

/// The first moment after now at which a job is due by itself.
pub(crate) fn next(when: When, zone: &Zone, now: Timestamp) -> Result<Timestamp, DayError> {
    match when.schedule {
        Schedule::Every => now.plus_micros(when.minute * MINUTE),
        Schedule::Daily => {
            let hour = i8::try_from(when.minute / 60).map_err(|_| DayError::NotATimestamp)?;
            let minute = i8::try_from(when.minute % 60).map_err(|_| DayError::NotATimestamp)?;
            let today = now.day_in(zone);
            let at = Timestamp::at(today, hour, minute, zone)?;
            if at > now { Ok(at) } else { Timestamp::at(today.plus(1)?, hour, minute, zone) }
        }
    }
}

/// How a run ended, as far as its job is concerned.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    Done,
    Failed,
    /// Its server was stopped, which says nothing about the job.
    Stopped,
}

/// How a job stands after a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct After {
    pub state: JobState,
    pub failures: i64,
    pub next_at: Timestamp,
    /// When what was asked for is tried again.
    pub asked_again_at: Option<Timestamp>,
}

/// What follows from a run of a job that stands so and is next due by its schedule at `regular`. A paused
/// job stays paused, however the run ended; what somebody asked for is then tried again as asked.
pub(crate) fn after(
    (end, asked): (End, bool),
    (state, failures): (JobState, i64),
    regular: Timestamp,
    now: Timestamp,
) -> After {
    let paused = state == JobState::Paused;
    let stands = After { state, failures, next_at: regular, asked_again_at: None };
    match end {
        End::Done => {
            let state = if paused { state } else { JobState::Active };
            After { state, failures: 0, ..stands }
        }
        End::Stopped if asked => After { asked_again_at: Some(now), ..stands },
        End::Stopped => After { next_at: now, ..stands },
        End::Failed => {
            let failures = failures + 1;
            let pause = usize::try_from(failures - 1).ok().and_then(|at| PAUSES.get(at));
            let soon = pause.map(|pause| now.plus_micros(pause * MINUTE).unwrap_or(regular));
            match soon {
                _ if paused => {
                    let asked_again_at = soon.filter(|_| asked);
                    After { failures, asked_again_at, ..stands }
                }
                Some(soon) => After { failures, next_at: soon.min(regular), ..stands },
                None => After { state: JobState::Failed, failures, ..stands },
            }
        }
    }
}

/// The failures of a job that somebody gives another state: who makes it active forgives them.
pub(crate) fn failures_left((before, failures): (JobState, i64), state: JobState) -> i64 {
    if state == JobState::Active && before != JobState::Active { 0 } else { failures }
}

/// What is kept of what a run told: one line without control characters.
pub(crate) fn told(text: &str) -> String {
    let plain = text.chars().map(|c| if c.is_control() { ' ' } else { c });
    plain.take(1_000).collect::<String>().trim().to_owned()
}

/// Reads a time of day such as `02:30` as a minute.
pub(crate) fn minute_of(text: &str) -> Option<i64> {
    let (hour, minute) = text.split_once(':')?;
    let two = |text: &str, below: i64| {
        let digits = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_digit());
        text.parse::<i64>().ok().filter(|number| digits && *number < below)
    };
    Some(two(hour, 24)? * 60 + two(minute, 60)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Timestamp {
        Timestamp::parse(text).unwrap()
    }

    #[test]
    fn a_daily_job_is_due_by_the_companys_clock() {
        let zone = Zone::parse("Europe/Berlin").unwrap();
        let when = When { schedule: Schedule::Daily, minute: 2 * 60 + 30 };
        for (now, expected) in [
            ("2026-01-05T00:00:00Z", "2026-01-05T01:30:00Z"),
            ("2026-01-05T01:30:00Z", "2026-01-06T01:30:00Z"),
            ("2026-07-05T12:00:00Z", "2026-07-06T00:30:00Z"),
            // Clocks go forward over half past two, and back over it.
            ("2026-03-28T12:00:00Z", "2026-03-29T01:30:00Z"),
            ("2026-10-24T12:00:00Z", "2026-10-25T00:30:00Z"),
            ("2026-10-25T00:30:00Z", "2026-10-26T01:30:00Z"),
        ] {
            assert_eq!(next(when, &zone, at(now)), Ok(at(expected)), "{now}");
        }
        let every = When { schedule: Schedule::Every, minute: 15 };
        assert_eq!(next(every, &zone, at("2026-01-05T00:00:00Z")), Ok(at("2026-01-05T00:15:00Z")));
    }

    #[test]
    fn what_failed_is_tried_again_and_then_goes_on_by_its_schedule() {
        let (now, regular) = (at("2026-01-05T02:00:00Z"), at("2026-01-06T02:00:00Z"));
        let failed = |stands, regular| after((End::Failed, false), stands, regular, now);
        let mut stands = (JobState::Active, 0);
        for pause in PAUSES {
            let found = failed(stands, regular);
            assert_eq!(found.state, JobState::Active);
            assert_eq!(found.next_at, now.plus_micros(pause * MINUTE).unwrap());
            stands = (found.state, found.failures);
        }
        let fifth = failed(stands, regular);
        assert_eq!((fifth.state, fifth.failures, fifth.next_at), (JobState::Failed, 5, regular));
        let again = failed((JobState::Failed, 5), regular);
        assert_eq!((again.state, again.failures, again.next_at), (JobState::Failed, 6, regular));
        // A retry is never later than the next run would be anyway.
        let soon = now.plus_micros(2 * MINUTE).unwrap();
        assert_eq!(failed((JobState::Active, 2), soon).next_at, soon);
    }

    #[test]
    fn what_follows_from_a_run_depends_on_how_it_ended_and_whether_it_was_asked_for() {
        use JobState::{Active, Failed, Paused};
        let (now, regular) = (at("2026-01-05T02:00:00Z"), at("2026-01-06T02:00:00Z"));
        let minute = now.plus_micros(MINUTE).unwrap();
        for (ended, stands, state, failures, next_at, asked_again_at) in [
            ((End::Done, false), (Failed, 6), Active, 0, regular, None),
            ((End::Done, true), (Paused, 3), Paused, 0, regular, None),
            ((End::Failed, true), (Active, 0), Active, 1, minute, None),
            ((End::Failed, true), (Paused, 0), Paused, 1, regular, Some(minute)),
            ((End::Failed, true), (Paused, 4), Paused, 5, regular, None),
            ((End::Failed, false), (Paused, 0), Paused, 1, regular, None),
            ((End::Stopped, false), (Active, 2), Active, 2, now, None),
            ((End::Stopped, false), (Failed, 5), Failed, 5, now, None),
            ((End::Stopped, true), (Active, 0), Active, 0, regular, Some(now)),
            ((End::Stopped, true), (Paused, 0), Paused, 0, regular, Some(now)),
        ] {
            let expected = After { state, failures, next_at, asked_again_at };
            assert_eq!(after(ended, stands, regular, now), expected, "{ended:?} {stands:?}");
        }
    }

    #[test]
    fn who_makes_a_job_active_forgives_its_failures() {
        use JobState::{Active, Failed, Paused};
        assert_eq!(failures_left((Failed, 5), Active), 0);
        assert_eq!(failures_left((Paused, 3), Active), 0);
        assert_eq!(failures_left((Failed, 5), Failed), 5);
        assert_eq!(failures_left((Failed, 5), Paused), 5);
        assert_eq!(failures_left((Active, 2), Active), 2);
    }

    #[test]
    fn a_time_of_day_has_two_digits_twice() {
        for (text, minute) in [
            ("00:00", Some(0)),
            ("02:30", Some(150)),
            ("23:59", Some(1439)),
            ("24:00", None),
            ("2:30", None),
            ("02:60", None),
            ("02.30", None),
            ("+1:30", None),
            ("", None),
        ] {
            assert_eq!(minute_of(text), minute, "{text}");
        }
    }
}
