//! On which days the retailer works: a calendar that was known when the year began.

use base::{Day, DayError};
use jiff::civil::Weekday;

/// Bank holidays of England in 2011 on which nobody worked, and Easter Sunday, as month and day.
const HOLIDAYS_2011: [(i8, i8); 7] = [(4, 22), (4, 24), (4, 25), (4, 29), (5, 2), (5, 30), (8, 29)];

/// Whether goods come and go on a day: not on Saturdays, not from 24 December to 3 January, not on
/// the bank holidays of 2011. Sundays are open.
#[must_use]
pub fn is_open(day: Day) -> bool {
    let date = (day.month(), day.day_of_month());
    let christmas = date >= (12, 24) || date <= (1, 3);
    let holiday = day.year() == 2011 && HOLIDAYS_2011.contains(&date);
    day.weekday() != Weekday::Saturday && !christmas && !holiday
}

/// Whether what is done on one day of the week is done on an open day: it is that day, or the first
/// open one after it.
///
/// # Errors
///
/// `OutOfRange` at the beginning of the calendar.
pub fn is_weekly(weekday: Weekday, day: Day) -> Result<bool, DayError> {
    // Today and the closed days before it, whose work falls on today.
    let mut turn = day;
    loop {
        if turn.weekday() == weekday {
            return Ok(true);
        }
        turn = turn.plus(-1)?;
        if is_open(turn) {
            return Ok(false);
        }
    }
}

/// The day itself when it is open, else the next one that is.
///
/// # Errors
///
/// `OutOfRange` at the end of the calendar.
pub fn open_on_or_after(day: Day) -> Result<Day, DayError> {
    step(day, 1)
}

/// The day itself when it is open, else the last one before that is.
///
/// # Errors
///
/// `OutOfRange` at the beginning of the calendar.
pub fn open_on_or_before(day: Day) -> Result<Day, DayError> {
    step(day, -1)
}

fn step(mut day: Day, by: i64) -> Result<Day, DayError> {
    while !is_open(day) {
        day = day.plus(by)?;
    }
    Ok(day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn saturdays_christmas_and_bank_holidays_are_closed() {
        for (day, open) in [
            ("2010-12-04", false),
            ("2010-12-05", true),
            ("2010-12-23", true),
            ("2010-12-24", false),
            ("2011-01-03", false),
            ("2011-01-04", true),
            ("2011-04-22", false),
            ("2011-05-30", false),
            ("2012-05-30", true),
        ] {
            assert_eq!(is_open(Day::parse(day).unwrap()), open, "{day}");
        }
    }

    #[test]
    fn weekly_work_waits_for_the_first_open_day() {
        for (weekday, day, expected) in [
            (Weekday::Monday, "2010-12-06", true),
            (Weekday::Monday, "2010-12-07", false),
            (Weekday::Saturday, "2010-12-12", true),
            (Weekday::Monday, "2011-05-31", true),
            (Weekday::Tuesday, "2011-01-04", true),
            (Weekday::Friday, "2011-01-04", true),
        ] {
            assert_eq!(is_weekly(weekday, Day::parse(day).unwrap()).unwrap(), expected, "{day}");
        }
    }

    #[test]
    fn a_closed_day_moves_to_the_open_one_on_the_side_asked_for() {
        let day = Day::parse("2010-12-29").unwrap();
        assert_eq!(open_on_or_before(day).unwrap().to_string(), "2010-12-23");
        assert_eq!(open_on_or_after(day).unwrap().to_string(), "2011-01-04");
    }
}
