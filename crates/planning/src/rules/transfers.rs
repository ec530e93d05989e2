//! What a place needs that another warehouse supplies, and on which days.

use super::quantity::Ordered;
use super::{Decision, Flow, Reason, Span, Supplied, Window, later};
use crate::basis::{Basis, Source};
use base::{Day, NumberError, Quantity};
use std::collections::BTreeSet;

/// The days of a place that a warehouse supplies, netted one after the other.
pub(super) struct Netting<'b> {
    basis: &'b Basis,
    source: &'b Source,
    lead_days: i64,
    /// The day on which a transfer that leaves at once arrives.
    soonest: Day,
    horizon_on: Day,
    /// What is brought for the days before.
    brought: Quantity,
}

impl<'b> Netting<'b> {
    pub fn of(basis: &'b Basis, source: &'b Source) -> Result<Netting<'b>, NumberError> {
        let lead_days = basis.levels.lead_days.unwrap_or(source.lead_days);
        let soonest = later(basis.planned_on, lead_days)?;
        let horizon_on = later(soonest, basis.levels.horizon_days)?;
        let brought = Quantity::ZERO;
        Ok(Netting { basis, source, lead_days, soonest, horizon_on, brought })
    }

    /// The days on which something can be needed: today, and those on which something is wanted. On
    /// others there is at least as much as on the day before.
    pub fn days(&self) -> BTreeSet<Day> {
        let wanted = self.basis.demand.iter().map(|wanted| wanted.on);
        let ahead = wanted.filter(|on| *on > self.basis.planned_on && *on <= self.horizon_on);
        ahead.chain([self.basis.planned_on]).collect()
    }

    /// Decides for the next of these days.
    pub fn next(&mut self, needed_on: Day) -> Result<Decision, NumberError> {
        let basis = self.basis;
        let levels = &basis.levels;
        let span = Span { from: needed_on, to: needed_on, soonest: self.soonest };
        let visible_on = later(needed_on, levels.visibility_days)?;
        let window = Window::of(basis, span, visible_on, self.brought)?;
        let ordered = Ordered::by_rule(basis, window.need)?;
        let depart_on = later(needed_on, -self.lead_days)?.max(basis.planned_on);
        // Whoever counts on the source's goods up to the horizon is not to fail for it.
        let given = Flow {
            on_hand: self.source.on_hand,
            incoming: &self.source.incoming,
            demand: &self.source.demand,
        };
        let free =
            given.lowest(Span { from: depart_on, to: self.horizon_on, soonest: depart_on })?;
        let available = free.checked_sub(self.brought)?.max(Quantity::ZERO);
        self.brought = self.brought.checked_add(ordered.quantity)?;
        let reason =
            if ordered.quantity <= available { Reason::FromSource } else { Reason::SourceShort };
        let lead_days = self.lead_days;
        let supplied = Supplied { needed_on, depart_on, lead_days, available, reason };
        let arrives_on = later(depart_on, lead_days)?;
        let decision = Window { arrives_on, ..window }.decision(ordered, None)?;
        Ok(Decision { transfer: Some(supplied), ..decision })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Dated;
    use crate::basis::Levels;
    use crate::rules::tests::{basis, day, levels, on, q, some_basis};
    use crate::rules::{decide, decide_all};
    use base::{Id, WarehouseId};
    use proptest::prelude::*;

    /// The same place with nothing there, supplied by a warehouse with a hundred pieces in two days.
    fn supplied(levels: Levels) -> Basis {
        let source = Source {
            warehouse_id: WarehouseId::from_raw(1),
            warehouse: "WH1".to_owned(),
            unit: "unit".to_owned(),
            lead_days: 2,
            on_hand: q("100"),
            incoming: Vec::new(),
            demand: Vec::new(),
        };
        Basis {
            on_hand: Quantity::ZERO,
            candidates: Vec::new(),
            source: Some(source),
            ..basis(levels)
        }
    }

    /// Of each transfer: the day of March on which it is needed, on which it leaves, on which it
    /// arrives, and its quantity.
    fn brought(basis: &Basis) -> Vec<(String, String, String, String)> {
        let days = |day: Day| day.to_string()[8..].to_owned();
        let of = |(_, decision): (Basis, Decision)| {
            let supplied = decision.transfer.unwrap();
            let days =
                (days(supplied.needed_on), days(supplied.depart_on), days(decision.arrives_on));
            (days.0, days.1, days.2, decision.quantity.to_string())
        };
        decide_all(basis).unwrap().into_iter().map(of).collect()
    }

    #[track_caller]
    fn assert_brought(basis: &Basis, expected: &[(&str, &str, &str, &str)]) {
        let expected: Vec<_> = expected
            .iter()
            .map(|(needed, depart, arrive, quantity)| {
                let text = |text: &&str| (*text).to_owned();
                (text(needed), text(depart), text(arrive), text(quantity))
            })
            .collect();
        assert_eq!(brought(basis), expected);
    }

    #[test]
    fn days_that_a_warehouse_supplies_are_netted_one_after_the_other() {
        let mut basis = supplied(levels("10", "15"));
        assert_brought(&basis, &[("01", "01", "03", "15")]);
        basis.demand = vec![on(2, "10")];
        assert_brought(&basis, &[("01", "01", "03", "15"), ("02", "01", "03", "10")]);
        basis.demand = vec![on(2, "5"), on(3, "1")];
        assert_brought(&basis, &[("01", "01", "03", "15"), ("03", "01", "03", "6")]);
        basis.demand = vec![on(4, "10")];
        assert_brought(&basis, &[("01", "01", "03", "15")]);
        basis.levels.horizon_days = 1;
        assert_brought(&basis, &[("01", "01", "03", "15"), ("04", "02", "04", "10")]);
        basis.on_hand = q("20");
        assert_brought(&basis, &[]);
        basis.demand = vec![Dated { on: day("2026-02-01"), quantity: q("11") }];
        assert_brought(&basis, &[("01", "01", "03", "6")]);
        basis.levels.lead_days = Some(0);
        assert_brought(&basis, &[("01", "01", "01", "6")]);
    }

    #[test]
    fn what_comes_as_soon_as_a_transfer_would_ends_the_need_and_what_comes_later_does_not() {
        let mut basis = supplied(levels("10", "15"));
        basis.demand = vec![on(2, "10")];
        for (arrives, expected) in [(1, 0), (3, 0), (4, 2)] {
            basis.incoming = vec![on(arrives, "25")];
            assert_eq!(brought(&basis).len(), expected, "{arrives}");
        }
        // By the fourth it is there; a transfer for the third is still needed.
        basis.levels.horizon_days = 1;
        basis.on_hand = q("20");
        basis.demand = vec![on(3, "11"), on(4, "5")];
        assert_brought(&basis, &[("03", "01", "03", "6")]);
    }

    #[test]
    fn what_the_source_cannot_give_is_proposed_whole_and_told() {
        let mut basis = supplied(levels("10", "15"));
        basis.demand = vec![on(2, "10")];
        let told = |basis: &Basis| {
            let of = |(_, decision): (Basis, Decision)| {
                let supplied = decision.transfer.unwrap();
                (decision.quantity, supplied.available, supplied.reason)
            };
            decide_all(basis).unwrap().into_iter().map(of).collect::<Vec<_>>()
        };
        use Reason::{FromSource, SourceShort};
        let found = told(&basis);
        assert_eq!(found, [(q("15"), q("100"), FromSource), (q("10"), q("85"), FromSource)]);
        let source = basis.source.as_mut().unwrap();
        source.on_hand = q("30");
        source.demand = vec![on(3, "10")];
        let found = told(&basis);
        assert_eq!(found, [(q("15"), q("20"), FromSource), (q("10"), q("5"), SourceShort)]);
        let source = basis.source.as_mut().unwrap();
        source.incoming = vec![on(2, "50")];
        let found = told(&basis);
        assert_eq!(found, [(q("15"), q("30"), FromSource), (q("10"), q("15"), FromSource)]);
        basis.source.as_mut().unwrap().incoming = vec![on(1, "5")];
        assert_eq!(told(&basis)[1], (q("10"), q("10"), FromSource));
        basis.source.as_mut().unwrap().on_hand = q("-3");
        assert_eq!(told(&basis)[0], (q("15"), Quantity::ZERO, SourceShort));
    }

    #[test]
    fn transfers_mind_the_rule_and_the_stock_unit() {
        let mut basis = supplied(Levels { minimum: q("4"), multiple: q("6"), ..levels("1", "1") });
        assert_brought(&basis, &[("01", "01", "03", "6")]);
        basis.demand = vec![on(2, "3"), on(3, "3")];
        assert_brought(&basis, &[("01", "01", "03", "6"), ("03", "01", "03", "6")]);
        basis.levels.visibility_days = 2;
        assert_brought(&basis, &[("01", "01", "03", "12")]);
        basis.days_to_purchase = 9;
        assert_brought(&basis, &[("01", "01", "03", "12")]);
    }

    proptest! {
        /// Each day's transfer is had again from its own basis; once all of them are on their way
        /// nothing more is needed, and no day up to the horizon is below the minimum.
        #[test]
        fn transfers_are_enough_and_each_is_replayed(basis in some_basis(), lead_days in 0_i64..9) {
            let mut basis = Basis {
                candidates: Vec::new(),
                source: Some(Source { lead_days, ..supplied(basis.levels).source.unwrap() }),
                ..basis
            };
            let all = decide_all(&basis).unwrap();
            for (kept, decision) in &all {
                prop_assert_eq!(&decide(kept).unwrap(), decision);
            }
            for (_, decision) in &all {
                let on = decision.arrives_on;
                basis.incoming.push(Dated { on, quantity: decision.quantity });
            }
            prop_assert_eq!(decide_all(&basis).unwrap(), vec![]);
        }
    }
}
