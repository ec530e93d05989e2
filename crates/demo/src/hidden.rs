//! What really lies on a warehouse's shelf where it differs from the books: known to the simulator
//! alone. The product learns of it when it counts.

use std::collections::BTreeMap;

use base::{Day, DayError};

use crate::orders::{StockNote, Trade};
use crate::read::{AdjustmentKind, ItemIndex};
use crate::seed::Draw;

/// The most days between what happened and the note that speaks of it.
const NOTED_WITHIN: i64 = 30;
/// One line in so many is picked from the look-alike next to it.
const MIS_PICKS: u64 = 2_000;
/// Of one line in so many a case is received as one piece.
const CASES_AS_PIECES: u64 = 1_000;
/// One day in so many something is broken and nobody says so.
const BREAKAGE_DAYS: u64 = 3;
/// The most pieces that break at once.
const BROKEN_PIECES: i64 = 6;
/// How many letters look-alikes have in common.
const ALIKE: usize = 4;

/// Why shelf and books differ.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Cause {
    /// What a note of the warehouse speaks of later.
    Noted,
    /// Another item was picked than was booked.
    MisPick,
    /// It broke and nobody wrote it down.
    Broken,
    /// A case was received as one piece.
    CaseAsPiece,
}

/// A difference that nobody has found yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Difference {
    /// Why.
    pub cause: Cause,
    /// Since when.
    pub since: Day,
    /// Pieces more than the books say (above zero), or missing.
    pub pieces: i64,
}

/// The differences between one warehouse's shelf and the books, by item.
#[derive(Debug, Default)]
pub struct Hidden {
    seed: u64,
    differences: BTreeMap<ItemIndex, Vec<Difference>>,
    /// What notes speak of, by the day on which it happens.
    noted: BTreeMap<Day, Vec<(ItemIndex, i64)>>,
    /// Items that look like the one before them in the list.
    alike: BTreeMap<ItemIndex, ItemIndex>,
    /// What lies there and may break.
    items: Vec<ItemIndex>,
}

/// Whether a note speaks of something that happened before it, and is answered by a count.
#[must_use]
pub const fn is_counted(kind: AdjustmentKind) -> bool {
    matches!(
        kind,
        AdjustmentKind::CountOrMissing
            | AdjustmentKind::Unexplained
            | AdjustmentKind::Found
            | AdjustmentKind::NamedNegative
    )
}

impl Hidden {
    /// Plans what the notes of the trade speak of: each a seeded 1 to 30 days before, not before the
    /// opening. `goods` are the items on the shelf with their codes, in the order of the codes.
    ///
    /// # Errors
    /// `OutOfRange` at the beginning of the calendar.
    pub fn of(
        seed: u64,
        opening: Day,
        trade: &Trade,
        goods: &[(ItemIndex, &str)],
    ) -> Result<Hidden, DayError> {
        let mut hidden = Hidden::empty(seed, goods);
        for note in trade.notes.iter().filter(|note| is_counted(note.kind)) {
            let on = happened_on(seed, note)?.max(opening);
            hidden.noted.entry(on).or_default().push((note.item, note.quantity));
        }
        hidden.items = goods.iter().map(|(item, _)| *item).collect();
        Ok(hidden)
    }

    /// An empty shelf, of which no note speaks. What happens on it is drawn from a seed of its own.
    #[must_use]
    pub fn empty(seed: u64, goods: &[(ItemIndex, &str)]) -> Hidden {
        let mut hidden = Hidden { seed, ..Hidden::default() };
        for pair in goods.windows(2) {
            let ((one, code), (other, next)) = (pair[0], pair[1]);
            if code.get(..ALIKE).is_some_and(|begins| next.starts_with(begins)) {
                hidden.alike.insert(one, other);
            }
        }
        hidden
    }

    /// From now on an item lies there.
    pub fn came(&mut self, item: ItemIndex) {
        if let Err(at) = self.items.binary_search(&item) {
            self.items.insert(at, item);
        }
    }

    /// What happens on a day without anybody writing it down.
    pub fn day(&mut self, day: Day) {
        for (item, pieces) in self.noted.remove(&day).unwrap_or_default() {
            self.add(item, Difference { cause: Cause::Noted, since: day, pieces });
        }
        let mut draw = Draw::of(self.seed, &["broken", &day.to_string()]);
        if draw.below(BREAKAGE_DAYS) == 0 && !self.items.is_empty() {
            let at = usize::try_from(draw.below(self.items.len() as u64)).unwrap_or(0);
            let pieces = -draw.between(1, BROKEN_PIECES);
            let broken = Difference { cause: Cause::Broken, since: day, pieces };
            self.add(self.items[at], broken);
        }
    }

    /// A line was picked; `names` tell it from every other one. Now and then its look-alike leaves
    /// instead.
    pub fn picked(&mut self, day: Day, item: ItemIndex, pieces: i64, names: &[&str]) {
        let Some(other) = self.alike.get(&item).copied() else { return };
        let mut keys = vec!["mis-pick"];
        keys.extend(names);
        if Draw::of(self.seed, &keys).below(MIS_PICKS) == 0 {
            let since = day;
            self.add(item, Difference { cause: Cause::MisPick, since, pieces });
            self.add(other, Difference { cause: Cause::MisPick, since, pieces: -pieces });
        }
    }

    /// A line of so many good pieces came in cases; `names` tell it from every other one. Now and then
    /// one of the cases is counted as a piece: returns how many pieces of it are not in the books.
    pub fn came_in_cases(
        &mut self,
        day: Day,
        (item, pieces, case): (ItemIndex, i64, i64),
        names: &[&str],
    ) -> i64 {
        let mut keys = vec!["case as a piece"];
        keys.extend(names);
        if case < 2 || pieces < case || Draw::of(self.seed, &keys).below(CASES_AS_PIECES) > 0 {
            return 0;
        }
        let pieces = case - 1;
        self.add(item, Difference { cause: Cause::CaseAsPiece, since: day, pieces });
        pieces
    }

    /// By how many pieces the shelf differs from the books.
    #[must_use]
    pub fn differs(&self, item: ItemIndex) -> i64 {
        self.differences.get(&item).into_iter().flatten().map(|it| it.pieces).sum()
    }

    /// What lies on the shelf where the books say `booked`. What was never there cannot be missing.
    #[must_use]
    pub fn lies(&self, item: ItemIndex, booked: i64) -> i64 {
        booked.saturating_add(self.differs(item)).max(0)
    }

    /// Items of which less lies there than the books say.
    pub fn missing(&self) -> impl Iterator<Item = ItemIndex> {
        self.differences.keys().copied().filter(|item| self.differs(*item) < 0)
    }

    /// How many differences nobody has found yet.
    #[must_use]
    pub fn len(&self) -> u64 {
        self.differences.values().map(|found| found.len() as u64).sum()
    }

    /// Whether shelf and books agree everywhere.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.differences.is_empty()
    }

    /// An item was counted, and the books follow: nothing differs any more. Returns what did.
    pub fn counted(&mut self, item: ItemIndex) -> Vec<Difference> {
        self.differences.remove(&item).unwrap_or_default()
    }

    fn add(&mut self, item: ItemIndex, difference: Difference) {
        self.differences.entry(item).or_default().push(difference);
    }
}

/// When what a note speaks of really happened.
fn happened_on(seed: u64, note: &StockNote) -> Result<Day, DayError> {
    let mut draw = Draw::of(seed, &["noted", &note.number.to_string(), &note.row.to_string()]);
    note.day.plus(-draw.between(1, NOTED_WITHIN))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(text: &str) -> Day {
        Day::parse(text).unwrap()
    }

    fn hidden() -> Hidden {
        let trade = Trade { invoices: Vec::new(), notes: Vec::new(), unread: Vec::new() };
        let goods = [(ItemIndex(0), "85123A"), (ItemIndex(1), "85123B"), (ItemIndex(2), "22145")];
        Hidden::of(1, day("2010-12-01"), &trade, &goods).unwrap()
    }

    #[test]
    fn a_mis_pick_leaves_one_too_many_and_its_look_alike_one_too_few() {
        let mut hidden = hidden();
        let mut at = 0;
        while hidden.differs(ItemIndex(0)) == 0 {
            at += 1;
            hidden.picked(day("2010-12-02"), ItemIndex(0), 3, &[&format!("{at}")]);
        }
        assert!(at > 100, "one in {MIS_PICKS}, met after {at}");
        assert_eq!((hidden.differs(ItemIndex(0)), hidden.differs(ItemIndex(1))), (3, -3));
        assert_eq!((hidden.lies(ItemIndex(0), 10), hidden.lies(ItemIndex(1), 2)), (13, 0));
        assert_eq!(hidden.missing().collect::<Vec<_>>(), [ItemIndex(1)]);
        for tried in 0..10_000 {
            hidden.picked(day("2010-12-02"), ItemIndex(2), 3, &[&format!("{tried}")]);
        }
        assert_eq!(hidden.differs(ItemIndex(2)), 0, "nothing looks like it");
    }

    #[test]
    fn about_one_line_in_a_thousand_has_a_case_that_was_counted_as_a_piece() {
        let mut hidden = hidden();
        let mut missed = 0;
        for at in 0..20_000 {
            let came = (ItemIndex(2), 48, 12);
            missed += hidden.came_in_cases(day("2010-12-15"), came, &[&format!("{at}")]);
        }
        assert!((110..=330).contains(&missed) && missed % 11 == 0, "{missed}");
        assert_eq!(hidden.differs(ItemIndex(2)), missed);
        for (pieces, case) in [(48, 1), (11, 12)] {
            let never = (0..5_000).all(|at| {
                let came = (ItemIndex(0), pieces, case);
                hidden.came_in_cases(day("2010-12-15"), came, &[&format!("{at}")]) == 0
            });
            assert!(never, "{pieces} pieces in cases of {case}");
        }
        let found = hidden.counted(ItemIndex(2));
        assert!(found.iter().all(|it| it.cause == Cause::CaseAsPiece && it.pieces == 11));
    }

    #[test]
    fn what_was_counted_differs_no_more() {
        let mut hidden = hidden();
        for after in 0..60 {
            hidden.day(day("2010-12-01").plus(after).unwrap());
        }
        let broken: Vec<ItemIndex> = hidden.missing().collect();
        assert!(!broken.is_empty());
        for item in broken {
            let found = hidden.counted(item);
            assert!(found.iter().all(|it| it.cause == Cause::Broken && it.pieces < 0));
            assert_eq!((hidden.differs(item), hidden.lies(item, 7)), (0, 7));
        }
    }
}
