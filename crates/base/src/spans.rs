//! Ages told apart: 0 to 30 days, 31 to 60, and above.

/// Where ages in days are told apart.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Spans(Vec<i64>);

impl Spans {
    /// Reads ages such as `30,60,90`, or takes the given ones when nothing is asked.
    ///
    /// # Errors
    /// What is wrong with the text, and what to write instead.
    pub fn read(asked: Option<&str>, given: &[i64]) -> Result<Spans, String> {
        let Some(text) = asked else { return Ok(Spans(given.to_vec())) };
        let days: Option<Vec<i64>> = text.split(',').map(|part| part.trim().parse().ok()).collect();
        let sound = |days: &Vec<i64>| {
            days.len() <= 20 && days[0] >= 0 && days.windows(2).all(|pair| pair[0] < pair[1])
        };
        days.filter(sound).map(Spans).ok_or_else(|| {
            format!(
                "the ages {text:?} are not understood; write up to 20 whole numbers of days, each \
                 above the one before, such as 30,60,90"
            )
        })
    }

    /// The span that an age lies in: its least, and its most unless it is the oldest.
    #[must_use]
    pub fn of(&self, age: i64) -> (i64, Option<i64>) {
        let at = self.0.partition_point(|most| *most < age);
        let least = if at == 0 { 0 } else { self.0[at - 1].saturating_add(1) };
        (least, self.0.get(at).copied())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_are_told_apart_where_asked() {
        let given = [30, 60, 90, 180, 365];
        for (asked, age, expected) in [
            (None, 0, (0, Some(30))),
            (None, 30, (0, Some(30))),
            (None, 31, (31, Some(60))),
            (None, 365, (181, Some(365))),
            (None, 366, (366, None)),
            (Some("7"), 7, (0, Some(7))),
            (Some("7, 14"), 15, (15, None)),
            (Some("0,1"), 0, (0, Some(0))),
        ] {
            let spans = Spans::read(asked, &given).unwrap();
            assert_eq!(spans.of(age), expected, "{asked:?} {age}");
        }
        for wrong in ["", "x", "30,30", "60,30", "-1,3", "1,2,"] {
            assert!(Spans::read(Some(wrong), &given).is_err(), "{wrong}");
        }
    }
}
