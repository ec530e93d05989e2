//! Days, moments and time zones. What time it is now, the caller says.

use std::fmt;

use jiff::Span;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use utoipa::openapi::schema::{KnownFormat, SchemaFormat};

use crate::wire::text;
use crate::{Problem, Rule};

/// Why a day, a moment or a time zone was not accepted.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum DayError {
    /// The text or the numbers name no day of the calendar.
    #[error("not a day; write one that exists as YYYY-MM-DD, such as 2025-01-31")]
    NotADay,
    /// The text or the numbers name no moment.
    #[error("not a moment; write RFC 3339 with at most six decimals, such as 2025-01-31T09:30:00Z")]
    NotATimestamp,
    /// The time zone database has no such zone.
    #[error("not a time zone; write a name of the IANA database, such as Europe/London")]
    UnknownZone,
    /// The day or moment lies outside the years 1 to 9999.
    #[error("outside the calendar; stay within the years 1 to 9999")]
    OutOfRange,
}

impl Rule for DayError {
    fn problem(&self) -> Problem {
        let code = match self {
            DayError::NotADay => "not_a_day",
            DayError::NotATimestamp => "not_a_timestamp",
            DayError::UnknownZone => "zone_unknown",
            DayError::OutOfRange => "day_out_of_range",
        };
        Problem::invalid(code, self.to_string())
    }
}

/// A day of the calendar, in the years 1 to 9999. In which zone, whoever holds it knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Day(Date);

impl Day {
    /// Reads `YYYY-MM-DD` and nothing else.
    ///
    /// # Errors
    ///
    /// `NotADay`.
    pub fn parse(text: &str) -> Result<Day, DayError> {
        if !has_shape(text.as_bytes(), b"0000-00-00") {
            return Err(DayError::NotADay);
        }
        let date = text.parse().map_err(|_| DayError::NotADay)?;
        Day::within(date).map_err(|_| DayError::NotADay)
    }

    /// The day of a year (1 to 9999), month (1 to 12) and day of the month (1 to 31).
    ///
    /// # Errors
    ///
    /// `NotADay`.
    pub fn of(year: i16, month: i8, day: i8) -> Result<Day, DayError> {
        let date = Date::new(year, month, day).map_err(|_| DayError::NotADay)?;
        Day::within(date).map_err(|_| DayError::NotADay)
    }

    fn within(date: Date) -> Result<Day, DayError> {
        if date.year() < 1 { Err(DayError::OutOfRange) } else { Ok(Day(date)) }
    }

    /// So many days later, or earlier when negative.
    ///
    /// # Errors
    ///
    /// `OutOfRange`.
    pub fn plus(self, days: i64) -> Result<Day, DayError> {
        Span::new()
            .try_days(days)
            .and_then(|span| self.0.checked_add(span))
            .map_err(|_| DayError::OutOfRange)
            .and_then(Day::within)
    }

    /// How many days later `other` is; negative when it is earlier.
    #[must_use]
    pub fn days_until(self, other: Day) -> i64 {
        other.0.duration_since(self.0).as_hours() / 24
    }

    /// The first day of this day's month.
    #[must_use]
    pub fn first_of_month(self) -> Day {
        Day(self.0.first_of_month())
    }

    /// The last day of this day's month.
    #[must_use]
    pub fn last_of_month(self) -> Day {
        Day(self.0.last_of_month())
    }

    /// The month that it lies in, as `2025-01`.
    #[must_use]
    pub fn month_text(self) -> String {
        format!("{:04}-{:02}", self.0.year(), self.0.month())
    }

    /// The day of the week.
    #[must_use]
    pub fn weekday(self) -> Weekday {
        self.0.weekday()
    }

    /// The year, 1 to 9999.
    #[must_use]
    pub fn year(self) -> i16 {
        self.0.year()
    }

    /// The month, 1 to 12.
    #[must_use]
    pub fn month(self) -> i8 {
        self.0.month()
    }

    /// The day of the month, 1 to 31.
    #[must_use]
    pub fn day_of_month(self) -> i8 {
        self.0.day()
    }
}

/// As ISO 8601: `2025-01-31`.
impl fmt::Display for Day {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

as_text!(
    Day,
    DayError,
    "a day such as \"2025-01-31\"",
    text("2025-01-31").format(Some(SchemaFormat::KnownFormat(KnownFormat::Date)))
);

/// A moment, in microseconds since 1970 in UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Timestamp(i64);

impl Timestamp {
    /// 0001-01-03T00:00:00Z: from here on, every zone is in the year 1 or later.
    const FIRST: i64 = -62_135_424_000_000_000;
    /// 9999-12-30T22:00:00Z: up to here, every zone is in the year 9999 or earlier.
    const LAST: i64 = 253_402_207_200_000_000;

    /// A moment of microseconds since 1970 in UTC, as they were stored.
    ///
    /// Microseconds outside the years 1 to 9999 are kept, but shown as the nearest moment inside.
    #[must_use]
    pub const fn from_micros(micros: i64) -> Timestamp {
        Timestamp(micros)
    }

    /// The microseconds since 1970 in UTC.
    #[must_use]
    pub const fn micros(self) -> i64 {
        self.0
    }

    /// Reads RFC 3339 with any offset.
    ///
    /// # Errors
    ///
    /// `NotATimestamp`, also for digits beyond microseconds; `OutOfRange`.
    pub fn parse(text: &str) -> Result<Timestamp, DayError> {
        if !is_rfc3339(text.as_bytes()) {
            return Err(DayError::NotATimestamp);
        }
        let moment: jiff::Timestamp = text.parse().map_err(|_| DayError::NotATimestamp)?;
        if moment.subsec_nanosecond() % 1000 != 0 {
            return Err(DayError::NotATimestamp);
        }
        Timestamp::within(moment.as_microsecond())
    }

    /// The moment of a wall clock. A time that a zone skips is taken as much later as the clocks
    /// went forward; of a time that comes twice, the first.
    ///
    /// # Errors
    ///
    /// `NotATimestamp` when hour and minute are no time of day; `OutOfRange`.
    pub fn at(day: Day, hour: i8, minute: i8, zone: &Zone) -> Result<Timestamp, DayError> {
        let time = Time::new(hour, minute, 0, 0).map_err(|_| DayError::NotATimestamp)?;
        let moment =
            zone.0.to_timestamp(day.0.to_datetime(time)).map_err(|_| DayError::OutOfRange)?;
        Timestamp::within(moment.as_microsecond())
    }

    fn within(micros: i64) -> Result<Timestamp, DayError> {
        if (Timestamp::FIRST..=Timestamp::LAST).contains(&micros) {
            Ok(Timestamp(micros))
        } else {
            Err(DayError::OutOfRange)
        }
    }

    /// The day it is in a zone at this moment.
    #[must_use]
    pub fn day_in(&self, zone: &Zone) -> Day {
        Day(zone.0.to_datetime(self.shown()).date())
    }

    /// So many microseconds later, or earlier when negative.
    ///
    /// # Errors
    ///
    /// `OutOfRange`.
    pub fn plus_micros(self, micros: i64) -> Result<Timestamp, DayError> {
        self.0.checked_add(micros).ok_or(DayError::OutOfRange).and_then(Timestamp::within)
    }

    fn shown(self) -> jiff::Timestamp {
        let micros = self.0.clamp(Timestamp::FIRST, Timestamp::LAST);
        jiff::Timestamp::from_microsecond(micros).expect("the years 1 to 9999 are within jiff's")
    }
}

/// As RFC 3339 in UTC: `2025-01-31T09:30:00Z`.
impl fmt::Display for Timestamp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.shown(), f)
    }
}

as_text!(
    Timestamp,
    DayError,
    "a moment such as \"2025-01-31T09:30:00Z\"",
    text("2025-01-31T09:30:00Z").format(Some(SchemaFormat::KnownFormat(KnownFormat::DateTime)))
);

/// A time zone of the IANA database.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Zone(TimeZone);

impl Zone {
    /// Finds a zone by its name, such as `Europe/London`.
    ///
    /// # Errors
    ///
    /// `UnknownZone`.
    pub fn parse(text: &str) -> Result<Zone, DayError> {
        let zone = TimeZone::get(text).map_err(|_| DayError::UnknownZone)?;
        if zone.iana_name().is_some() { Ok(Zone(zone)) } else { Err(DayError::UnknownZone) }
    }

    /// The zone's name in the IANA database.
    #[must_use]
    pub fn name(&self) -> &str {
        self.0.iana_name().expect("a zone is only made with a name")
    }
}

impl fmt::Display for Zone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.name())
    }
}

as_text!(
    Zone,
    DayError,
    "a time zone such as \"Europe/London\"",
    text("Europe/London").description(Some("A time zone of the IANA database"))
);

/// Whether the text has a digit wherever the shape has `0`, and else the same bytes.
fn has_shape(text: &[u8], shape: &[u8]) -> bool {
    text.len() == shape.len()
        && text.iter().zip(shape).all(|(byte, shape)| match shape {
            b'0' => byte.is_ascii_digit(),
            other => byte == other,
        })
}

fn is_rfc3339(text: &[u8]) -> bool {
    let Some((clock, rest)) = text.split_at_checked("0000-00-00T00:00:00".len()) else {
        return false;
    };
    let offset = match rest.strip_prefix(b".") {
        Some(rest) => {
            let digits = rest.iter().take_while(|byte| byte.is_ascii_digit()).count();
            if digits == 0 {
                return false;
            }
            &rest[digits..]
        }
        None => rest,
    };
    has_shape(clock, b"0000-00-00T00:00:00")
        && (offset == b"Z" || has_shape(offset, b"+00:00") || has_shape(offset, b"-00:00"))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn zone(name: &str) -> Zone {
        Zone::parse(name).unwrap()
    }

    #[test]
    fn a_day_is_read_strictly() {
        assert_eq!(day("2024-02-29"), Day::of(2024, 2, 29).unwrap());
        assert_eq!(day("0001-01-01").to_string(), "0001-01-01");
        for text in [
            "",
            "2025-02-29",
            "2025-1-31",
            "20250131",
            "2025-01-31T00:00",
            " 2025-01-31",
            "0000-01-01",
            "-001-01-01",
            "2025-13-01",
        ] {
            assert_eq!(Day::parse(text), Err(DayError::NotADay), "{text:?}");
        }
        assert_eq!(Day::of(-1, 1, 1), Err(DayError::NotADay));
    }

    #[test]
    fn days_are_counted() {
        #[track_caller]
        fn check(from: &str, days: i64, to: &str) {
            assert_eq!(day(from).plus(days), Ok(day(to)));
            assert_eq!(day(from).days_until(day(to)), days);
            assert_eq!(day(to).days_until(day(from)), -days);
        }
        check("2024-02-28", 1, "2024-02-29");
        check("2024-02-28", 366, "2025-02-28");
        check("2025-03-30", 1, "2025-03-31");
        check("0001-01-01", 3_652_058, "9999-12-31");
        assert_eq!(day("9999-12-31").plus(1), Err(DayError::OutOfRange));
        assert_eq!(day("0001-01-01").plus(-1), Err(DayError::OutOfRange));
        assert_eq!(day("2025-01-01").plus(i64::MIN), Err(DayError::OutOfRange));
    }

    #[test]
    fn a_day_knows_its_month_and_week() {
        let leap = day("2024-02-15");
        assert_eq!(leap.first_of_month(), day("2024-02-01"));
        assert_eq!(leap.last_of_month(), day("2024-02-29"));
        assert_eq!(leap.weekday(), Weekday::Thursday);
        assert_eq!((leap.year(), leap.month(), leap.day_of_month()), (2024, 2, 15));
    }

    #[test]
    fn a_moment_is_read_as_rfc_3339() {
        #[track_caller]
        fn check(text: &str, expected: Result<&str, DayError>) {
            let parsed = Timestamp::parse(text).map(|moment| moment.to_string());
            assert_eq!(parsed, expected.map(str::to_owned), "{text:?}");
        }
        check("2025-01-31T09:30:00Z", Ok("2025-01-31T09:30:00Z"));
        check("2025-01-31T09:30:00+01:00", Ok("2025-01-31T08:30:00Z"));
        check("2025-01-31T09:30:00.123456-05:30", Ok("2025-01-31T15:00:00.123456Z"));
        check("2025-01-31T09:30:00.100000000Z", Ok("2025-01-31T09:30:00.1Z"));
        check("0001-01-01T00:00:00Z", Err(DayError::OutOfRange));
        for text in [
            "",
            "2025-01-31",
            "2025-01-31T09:30:00",
            "2025-01-31T09:30Z",
            "2025-01-31 09:30:00Z",
            "2025-01-31T09:30:00.Z",
            "2025-01-31T09:30:00.1234567Z",
            "2025-01-31T09:30:00Z[Europe/London]",
            "2025-02-30T09:30:00Z",
            "2025-01-31T25:30:00Z",
        ] {
            check(text, Err(DayError::NotATimestamp));
        }
    }

    #[test]
    fn a_wall_clock_minds_its_zone() {
        #[track_caller]
        fn check(on: &str, hour: i8, minute: i8, name: &str, expected: &str) {
            let moment = Timestamp::at(day(on), hour, minute, &zone(name)).unwrap();
            assert_eq!(moment.to_string(), expected);
        }
        check("2025-01-31", 9, 30, "Europe/London", "2025-01-31T09:30:00Z");
        check("2025-07-01", 9, 30, "Europe/London", "2025-07-01T08:30:00Z");
        check("2025-03-30", 1, 30, "Europe/London", "2025-03-30T01:30:00Z");
        check("2025-10-26", 1, 30, "Europe/London", "2025-10-26T00:30:00Z");
        check("2025-01-31", 0, 0, "Asia/Tokyo", "2025-01-30T15:00:00Z");
        let nonsense = Timestamp::at(day("2025-01-31"), 24, 0, &zone("UTC"));
        assert_eq!(nonsense, Err(DayError::NotATimestamp));
    }

    #[test]
    fn the_day_depends_on_the_zone() {
        let moment = Timestamp::parse("2025-06-30T23:30:00Z").unwrap();
        assert_eq!(moment.day_in(&zone("UTC")), day("2025-06-30"));
        assert_eq!(moment.day_in(&zone("Europe/London")), day("2025-07-01"));
        assert_eq!(moment.day_in(&zone("America/New_York")), day("2025-06-30"));
    }

    #[test]
    fn moments_stay_within_the_calendar() {
        let last = Timestamp(Timestamp::LAST);
        assert_eq!(last.to_string(), "9999-12-30T22:00:00Z");
        assert_eq!(Timestamp(Timestamp::FIRST).to_string(), "0001-01-03T00:00:00Z");
        assert_eq!(last.plus_micros(1), Err(DayError::OutOfRange));
        assert_eq!(last.plus_micros(i64::MAX), Err(DayError::OutOfRange));
        assert_eq!(Timestamp(0).plus_micros(5), Ok(Timestamp(5)));
        assert_eq!(Timestamp::from_micros(i64::MAX).to_string(), last.to_string());
        for name in ["UTC", "Pacific/Kiritimati", "Pacific/Niue"] {
            assert_eq!(Timestamp(i64::MIN).day_in(&zone(name)).year(), 1);
            assert_eq!(Timestamp(i64::MAX).day_in(&zone(name)).year(), 9999);
        }
    }

    #[test]
    fn a_zone_has_a_name() {
        assert_eq!(zone("Europe/London").name(), "Europe/London");
        assert_eq!(zone("UTC").name(), "UTC");
        for text in ["", "London", "Mars/Olympus", "GMT0BST,M3.5.0/1,M10.5.0"] {
            assert_eq!(Zone::parse(text), Err(DayError::UnknownZone), "{text:?}");
        }
    }

    #[test]
    fn json_is_text() {
        assert_eq!(serde_json::to_string(&day("2025-01-31")).unwrap(), r#""2025-01-31""#);
        assert_eq!(serde_json::to_string(&Timestamp(0)).unwrap(), r#""1970-01-01T00:00:00Z""#);
        assert_eq!(serde_json::to_string(&zone("Asia/Tokyo")).unwrap(), r#""Asia/Tokyo""#);
        assert!(serde_json::from_str::<Zone>(r#""Asia/Tokyo""#).is_ok());
        let error = serde_json::from_str::<Day>("20250131").unwrap_err().to_string();
        assert!(error.contains(r#"expected a day such as "2025-01-31""#), "{error}");
    }

    proptest! {
        #[test]
        fn what_is_written_reads_back(micros in Timestamp::FIRST..=Timestamp::LAST, days in 0_i64..3_652_058) {
            let moment = Timestamp(micros);
            prop_assert_eq!(Timestamp::parse(&moment.to_string()), Ok(moment));
            let counted = day("0001-01-01").plus(days).unwrap();
            prop_assert_eq!(Day::parse(&counted.to_string()), Ok(counted));
        }
    }
}
