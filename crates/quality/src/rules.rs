//! The pure decisions of returns: which goods come back, and what may be refunded when; and whether
//! readings are within their limits.

use crate::inspect_ahead::Reading;
use crate::model::{Gone, Goods, Left, Line};
use base::{ItemId, MoveId, NumberError, Quantity, Rounding, mul_div};
use std::collections::BTreeMap;

/// When money is given back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefundOn {
    AtOnce,
    Arrival,
    Disposition,
}

impl RefundOn {
    /// The policy's word, which its declaration restricts to these.
    pub(crate) fn of(word: &str) -> RefundOn {
        match word {
            "at_once" => RefundOn::AtOnce,
            "arrival" => RefundOn::Arrival,
            _ => RefundOn::Disposition,
        }
    }
}

/// How much of a receipt's line may be claimed: never more than came and is not claimed. What went to
/// quarantine (`waiting` is then how much of it nobody has decided on) is claimed from there only as
/// long as it waits, and from anywhere else only once it has left, unless it was scrapped or is gone.
pub(crate) fn claimable(
    came: Quantity,
    gone: Gone,
    waiting: Option<Quantity>,
    from_there: bool,
) -> Result<Quantity, NumberError> {
    let unclaimed = came.checked_sub(gone.claimed)?;
    let open = match waiting {
        None => unclaimed,
        Some(waiting) if from_there => waiting.min(unclaimed),
        Some(waiting) => unclaimed.checked_sub(waiting)?.checked_sub(gone.lost)?,
    };
    Ok(open.max(Quantity::ZERO))
}

/// Of how many pieces of a line the price may be given back now.
pub(crate) fn refundable(
    on: RefundOn,
    line: &Line,
    goods: &[Goods],
) -> Result<Quantity, NumberError> {
    let of_line = || goods.iter().filter(|goods| goods.line_id == line.id);
    let back = of_line().try_fold(Quantity::ZERO, |sum, goods| sum.checked_add(goods.back))?;
    let pieces = match on {
        RefundOn::AtOnce => line.quantity.checked_sub(line.closed)?,
        RefundOn::Arrival => line.received,
        RefundOn::Disposition => decided_pieces(line, of_line())?,
    };
    let open = pieces.checked_sub(back)?.checked_sub(line.refunded)?;
    Ok(open.max(Quantity::ZERO))
}

/// How many pieces of a line are decided on: of a kit, as many as all of its parts are.
fn decided_pieces<'g>(
    line: &Line,
    goods: impl Iterator<Item = &'g Goods>,
) -> Result<Quantity, NumberError> {
    let mut items: BTreeMap<ItemId, (Quantity, Quantity)> = BTreeMap::new();
    for goods in goods {
        let (came, decided) = items.entry(goods.item_id).or_default();
        *came = came.checked_add(goods.quantity)?;
        *decided = decided.checked_add(goods.decided)?;
    }
    let kit = items.len() > 1 || items.keys().any(|item| *item != line.item_id);
    let mut least: Option<Quantity> = None;
    for (came, decided) in items.values() {
        let part = part_of(line.received, *decided, *came)?;
        let whole = Quantity::from_micro(part.micro() / Quantity::MICRO * Quantity::MICRO);
        let part = if kit { whole } else { part };
        least = Some(least.map_or(part, |least| least.min(part)));
    }
    Ok(least.unwrap_or(Quantity::ZERO))
}

/// `whole` times `part` over `of`, rounded down.
fn part_of(whole: Quantity, part: Quantity, of: Quantity) -> Result<Quantity, NumberError> {
    mul_div(whole.micro(), part.micro(), of.micro(), Rounding::Down).map(Quantity::from_micro)
}

/// What `quantity` pieces of a line are in goods: each item's share of what left for the pieces
/// shipped, from those that had come back `before` on, so that all pieces are all goods.
pub(crate) fn goods_of(
    left: &[&Left],
    shipped: Quantity,
    before: Quantity,
    quantity: Quantity,
) -> Result<BTreeMap<ItemId, Quantity>, NumberError> {
    let mut sums: BTreeMap<ItemId, Quantity> = BTreeMap::new();
    for left in left.iter().filter(|left| !left.again) {
        let sum = sums.entry(left.item_id).or_default();
        *sum = sum.checked_add(left.quantity)?;
    }
    let after = before.checked_add(quantity)?;
    for sum in sums.values_mut() {
        *sum = part_of(*sum, after, shipped)?.checked_sub(part_of(*sum, before, shipped)?)?;
    }
    Ok(sums)
}

/// What is taken back of a move: the move, the lot and how much.
pub(crate) type Taken = (MoveId, Option<base::LotId>, Quantity);

/// From which moves goods are taken back, oldest first: at most what has not come back of each.
/// `None` when less left than is to come back.
pub(crate) fn take(
    left: &mut [Left],
    order_line: i64,
    item: ItemId,
    lot: Option<&str>,
    quantity: Quantity,
) -> Result<Option<Vec<Taken>>, NumberError> {
    let mut wanted = quantity;
    let mut taken = Vec::new();
    let fits = |left: &&mut Left| {
        left.order_line == order_line
            && left.item_id == item
            && left.open.is_positive()
            && lot.is_none_or(|lot| left.lot == lot)
    };
    for left in left.iter_mut().filter(fits) {
        let part = left.open.min(wanted);
        if !part.is_positive() {
            break;
        }
        left.open = left.open.checked_sub(part)?;
        wanted = wanted.checked_sub(part)?;
        taken.push((left.move_id, left.lot_id, part));
    }
    Ok(wanted.is_zero().then_some(taken))
}

/// Whether somebody else has to agree to a refund: it is above the caller's limit, or above what
/// the company wants a second person for.
pub(crate) fn needs_approval(gross: i64, limit: Option<i64>, above: i64) -> bool {
    gross > above || limit.is_some_and(|limit| gross > limit)
}

/// Limits of a reading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Point {
    pub name: String,
    pub lower: Option<Quantity>,
    pub upper: Option<Quantity>,
}

/// A reading beside its limits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Judged {
    pub point: Point,
    pub reading: Quantity,
}

impl Judged {
    /// Whether the reading is neither below nor above its limits.
    pub(crate) fn within(&self) -> bool {
        let Point { lower, upper, .. } = &self.point;
        lower.is_none_or(|lower| self.reading >= lower)
            && upper.is_none_or(|upper| self.reading <= upper)
    }
}

/// Why readings cannot be judged, in order of precedence.
#[derive(thiserror::Error, Debug, Clone, PartialEq, Eq)]
pub enum JudgeError {
    /// Nothing is measured of the item.
    #[error("nothing is measured of this item; set a point with its limits first")]
    NoPoints,
    /// There is no such point.
    #[error("there is no point {point:?} for this item; its points are {known}")]
    Unknown {
        /// The name given.
        point: String,
        /// Those that there are.
        known: String,
    },
    /// A point was read twice.
    #[error("{point:?} was read twice; give the reading that counts")]
    Twice {
        /// The point.
        point: String,
    },
    /// A reading is missing.
    #[error("the reading of {point:?} is missing")]
    Missing {
        /// The point.
        point: String,
    },
}

impl JudgeError {
    /// The code of the broken rule.
    pub(crate) fn code(&self) -> &'static str {
        match self {
            JudgeError::NoPoints => "no_points",
            JudgeError::Unknown { .. } => "unknown_point",
            JudgeError::Twice { .. } => "reading_twice",
            JudgeError::Missing { .. } => "reading_missing",
        }
    }
}

/// Puts each reading beside the limits of its point; every point has to be read once.
pub(crate) fn judge(points: &[Point], readings: &[Reading]) -> Result<Vec<Judged>, JudgeError> {
    if points.is_empty() {
        return Err(JudgeError::NoPoints);
    }
    for (at, reading) in readings.iter().enumerate() {
        let point = reading.point.clone();
        if !points.iter().any(|known| known.name == point) {
            let known: Vec<&str> = points.iter().map(|point| point.name.as_str()).collect();
            return Err(JudgeError::Unknown { point, known: known.join(", ") });
        }
        if readings[..at].iter().any(|before| before.point == point) {
            return Err(JudgeError::Twice { point });
        }
    }
    let judged = points.iter().map(|point| {
        let reading = readings.iter().find(|reading| reading.point == point.name);
        let reading = reading.ok_or_else(|| JudgeError::Missing { point: point.name.clone() })?;
        Ok(Judged { point: point.clone(), reading: reading.value })
    });
    judged.collect()
}

/// What is outside its limits, in words.
pub(crate) fn outside(judged: &[Judged]) -> String {
    let told = |judged: &Judged| {
        let Judged { point, reading } = judged;
        let limits = match (point.lower, point.upper) {
            (Some(lower), Some(upper)) => format!("outside {lower} to {upper}"),
            (Some(lower), None) => format!("below {lower}"),
            (None, upper) => format!("above {}", upper.unwrap_or_default()),
        };
        format!("{} is {reading}, {limits}", point.name)
    };
    let outside: Vec<String> = judged.iter().filter(|judged| !judged.within()).map(told).collect();
    outside.join("; ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::{CustomerReturnLineId, Day, Id, PlaceId, Rate};

    fn pieces(quantity: i64) -> Quantity {
        Quantity::units(quantity)
    }

    fn line(quantity: i64, received: i64, closed: i64, refunded: i64) -> Line {
        Line {
            id: CustomerReturnLineId::from_raw(1),
            line: 1,
            order_line: Some(1),
            item_id: ItemId::from_raw(1),
            quantity: pieces(quantity),
            price: None,
            tax_code_id: None,
            tax_rate: Rate::ZERO,
            received: pieces(received),
            closed: pieces(closed),
            refunded: pieces(refunded),
        }
    }

    fn goods(item: i64, quantity: i64, decided: i64, back: i64) -> Goods {
        Goods {
            id: Id::from_raw(1),
            line_id: CustomerReturnLineId::from_raw(1),
            item_id: ItemId::from_raw(item),
            lot_id: None,
            place: PlaceId::from_raw(1),
            quantity: pieces(quantity),
            decided: pieces(decided),
            back: pieces(back),
        }
    }

    #[test]
    fn a_refund_waits_for_what_the_policy_says() {
        use RefundOn::{Arrival, AtOnce, Disposition};
        let came = [goods(1, 3, 2, 0)];
        for (on, line, goods, expected) in [
            (AtOnce, line(5, 0, 0, 0), &[][..], 5),
            (AtOnce, line(5, 3, 1, 2), &came[..], 2),
            (Arrival, line(5, 0, 0, 0), &[][..], 0),
            (Arrival, line(5, 3, 0, 1), &came[..], 2),
            (Disposition, line(5, 3, 0, 0), &came[..], 2),
            (Disposition, line(5, 3, 0, 2), &came[..], 0),
            // Closed after it was refunded: nothing more, and nothing below nothing.
            (AtOnce, line(5, 0, 5, 5), &[][..], 0),
        ] {
            assert_eq!(refundable(on, &line, goods), Ok(pieces(expected)), "{on:?}");
        }
    }

    #[test]
    fn what_goes_to_the_customer_again_is_not_refunded() {
        let goods = [goods(1, 3, 3, 1)];
        for on in [RefundOn::Arrival, RefundOn::Disposition] {
            assert_eq!(refundable(on, &line(3, 3, 0, 0), &goods), Ok(pieces(2)));
        }
    }

    #[test]
    fn a_kit_is_decided_on_when_all_its_parts_are() {
        // Two kits of two and one came back.
        let on = RefundOn::Disposition;
        for (first, second, expected) in [(4, 0, 0), (3, 2, 1), (4, 2, 2), (1, 2, 0)] {
            let parts = [goods(7, 4, first, 0), goods(8, 2, second, 0)];
            assert_eq!(refundable(on, &line(2, 2, 0, 0), &parts), Ok(pieces(expected)));
        }
    }

    #[test]
    fn never_more_is_claimed_than_came_and_lies_where_it_is_claimed_from() {
        // Ten came; claimed, scrapped or gone, waiting, from where they wait.
        for (claimed, lost, waiting, from_there, expected) in [
            (0, 0, None, true, 10),
            (4, 0, None, false, 6),
            (10, 0, None, true, 0),
            (0, 0, Some(10), true, 10),
            (0, 0, Some(10), false, 0),
            (0, 2, Some(5), false, 3),
            (3, 2, Some(5), false, 0),
            (3, 2, Some(5), true, 5),
            (8, 0, Some(5), true, 2),
            (0, 0, Some(0), true, 0),
            (12, 0, None, true, 0),
        ] {
            let gone = Gone { claimed: pieces(claimed), lost: pieces(lost) };
            let open = claimable(pieces(10), gone, waiting.map(pieces), from_there);
            assert_eq!(open, Ok(pieces(expected)), "{claimed} {lost} {waiting:?} {from_there}");
        }
    }

    fn left(item: i64, move_id: i64, quantity: i64, open: i64) -> Left {
        Left {
            order_line: 1,
            move_id: MoveId::from_raw(move_id),
            item_id: ItemId::from_raw(item),
            lot_id: None,
            lot: format!("L{move_id}"),
            quantity: pieces(quantity),
            open: pieces(open),
            again: false,
            happened_on: Day::parse("2026-01-01").unwrap(),
        }
    }

    #[test]
    fn pieces_come_back_as_the_goods_that_left_for_them() {
        let all = [left(1, 1, 4, 4), left(1, 2, 2, 2), left(2, 3, 3, 3)];
        let refs: Vec<&Left> = all.iter().collect();
        let found = goods_of(&refs, pieces(3), pieces(1), pieces(2)).unwrap();
        assert_eq!(found[&ItemId::from_raw(1)], pieces(4));
        assert_eq!(found[&ItemId::from_raw(2)], pieces(2));
    }

    #[test]
    fn goods_are_taken_back_from_the_oldest_move_that_is_still_out() {
        let item = ItemId::from_raw(1);
        let mut all = [left(1, 1, 4, 1), left(1, 2, 2, 2)];
        let taken = take(&mut all, 1, item, None, pieces(2)).unwrap().unwrap();
        let parts: Vec<_> = taken.iter().map(|(id, _, part)| (base::Id::raw(*id), *part)).collect();
        assert_eq!(parts, [(1, pieces(1)), (2, pieces(1))]);
        assert_eq!(take(&mut all, 1, item, Some("L1"), pieces(1)), Ok(None));
        assert_eq!(take(&mut all, 1, item, None, pieces(2)), Ok(None));
    }

    #[test]
    fn a_refund_above_a_limit_needs_somebody_else() {
        for (gross, limit, above, expected) in [
            (100, None, 100, false),
            (101, None, 100, true),
            (50, Some(49), 100, true),
            (50, Some(50), 100, false),
        ] {
            assert_eq!(needs_approval(gross, limit, above), expected);
        }
    }

    #[test]
    fn readings_are_judged_by_the_limits_of_their_points() {
        let point = |name: &str, lower: Option<i64>, upper: Option<i64>| Point {
            name: name.to_owned(),
            lower: lower.map(pieces),
            upper: upper.map(pieces),
        };
        let read = |point: &str, value: i64| Reading { point: point.into(), value: pieces(value) };
        let points = [point("width", Some(20), Some(50)), point("weight", Some(5), None)];
        for (readings, expected) in [
            (vec![read("width", 20), read("weight", 5)], Ok("")),
            (vec![read("weight", 9), read("width", 50)], Ok("")),
            (vec![read("width", 60), read("weight", 5)], Ok("width is 60, outside 20 to 50")),
            (
                vec![read("width", 19), read("weight", 4)],
                Ok("width is 19, outside 20 to 50; weight is 4, below 5"),
            ),
            (vec![read("width", 30)], Err(JudgeError::Missing { point: "weight".into() })),
            (
                vec![read("width", 30), read("width", 31)],
                Err(JudgeError::Twice { point: "width".into() }),
            ),
            (
                vec![read("depth", 30)],
                Err(JudgeError::Unknown { point: "depth".into(), known: "width, weight".into() }),
            ),
        ] {
            let judged = judge(&points, &readings).map(|judged| outside(&judged));
            assert_eq!(judged, expected.map(str::to_owned));
        }
        assert_eq!(judge(&[], &[read("width", 1)]), Err(JudgeError::NoPoints));
        let most = [point("dust", None, Some(3))];
        let judged = judge(&most, &[read("dust", 4)]).map(|judged| outside(&judged));
        assert_eq!(judged, Ok("dust is 4, above 3".to_owned()));
    }
}
