//! Pure decisions: in which order places are walked, how orders come to lists, what of a line still
//! holds, and where a list stands.

use crate::model::Line;
use crate::words::{PickKind, PickState};
use base::{Day, NumberError, Quantity};
use std::cmp::Ordering;

/// Compares codes as people do: runs of digits by their number, so that `A-2` comes before `A-10`.
pub(crate) fn natural(a: &str, b: &str) -> Ordering {
    let (mut left, mut right) = (a, b);
    loop {
        let (x, y) = (run(left), run(right));
        if x.is_empty() || y.is_empty() {
            return x.len().cmp(&y.len()).then_with(|| a.cmp(b));
        }
        let both = is_digit(x) && is_digit(y);
        let order = if both { by_number(x, y) } else { x.cmp(y) };
        if order != Ordering::Equal {
            return order;
        }
        (left, right) = (&left[x.len()..], &right[y.len()..]);
    }
}

fn is_digit(run: &str) -> bool {
    run.as_bytes().first().is_some_and(u8::is_ascii_digit)
}

/// The digits, or what is no digit, that a text begins with.
fn run(text: &str) -> &str {
    let digits = is_digit(text);
    let end = text.bytes().position(|byte| byte.is_ascii_digit() != digits);
    &text[..end.unwrap_or(text.len())]
}

fn by_number(a: &str, b: &str) -> Ordering {
    let (a, b) = (a.trim_start_matches('0'), b.trim_start_matches('0'));
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// An order as it is put on lists.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Ready {
    pub number: String,
    pub channel: String,
    pub due_on: Day,
    pub ordered_at: i64,
}

/// Which orders share a list, by their places in `orders`: each its own; as many as a trolley takes,
/// those due first together; or all of a channel and day.
pub(crate) fn group(kind: PickKind, orders: &[Ready], per_list: usize) -> Vec<Vec<usize>> {
    let mut sorted: Vec<usize> = (0..orders.len()).collect();
    let due = |at: &usize| (orders[*at].due_on, orders[*at].ordered_at, *at);
    sorted.sort_by_key(due);
    match kind {
        PickKind::Order => sorted.into_iter().map(|at| vec![at]).collect(),
        PickKind::Batch => sorted.chunks(per_list.max(1)).map(<[usize]>::to_vec).collect(),
        PickKind::Wave => {
            let wave = |at: &usize| (orders[*at].due_on, orders[*at].channel.as_str());
            sorted.sort_by(|a, b| wave(a).cmp(&wave(b)).then_with(|| due(a).cmp(&due(b))));
            sorted.chunk_by(|a, b| wave(a) == wave(b)).map(<[usize]>::to_vec).collect()
        }
    }
}

/// What a list is for, in words.
pub(crate) fn title(kind: PickKind, orders: &[&Ready]) -> String {
    match (kind, orders) {
        (PickKind::Wave, [first, ..]) => format!("{}, due {}", first.channel, first.due_on),
        (_, [one]) => one.number.clone(),
        _ => format!("{} orders", orders.len()),
    }
}

/// What a line still stands for, when so much is kept where its goods lie: what was taken comes first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Holds {
    /// How much is still to be taken.
    pub to_pick: Quantity,
    /// How much was taken and is no longer wanted: it has to go back.
    pub to_put_back: Quantity,
}

/// What of a line still holds. A reservation that ended, or became less, takes the line with it.
pub(crate) fn holds(line: &Line, kept: Quantity) -> Result<Holds, NumberError> {
    let in_hand = line.in_hand()?;
    let covered = in_hand.min(kept);
    Ok(Holds {
        to_pick: line.left()?.min(kept.checked_sub(covered)?),
        to_put_back: in_hand.checked_sub(covered)?,
    })
}

/// Gives up what of a line is no longer kept.
pub(crate) fn settle(line: &mut Line, kept: Quantity) -> Result<bool, NumberError> {
    let gone = line.left()?.checked_sub(holds(line, kept)?.to_pick)?;
    line.voided = line.voided.checked_add(gone)?;
    Ok(gone.is_positive())
}

/// Where a list with these lines stands.
pub(crate) fn state_of<'l>(
    lines: impl IntoIterator<Item = &'l Line>,
) -> Result<PickState, NumberError> {
    let (mut left, mut begun, mut in_hand, mut shipped) = (false, false, false, false);
    for line in lines {
        left |= line.left()?.is_positive();
        begun |= line.picked.is_positive() || line.missed.is_positive();
        in_hand |= line.in_hand()?.is_positive();
        shipped |= line.shipped.is_positive();
    }
    Ok(match (left, begun, in_hand, shipped) {
        (true, false, ..) => PickState::Open,
        (true, true, ..) => PickState::Picking,
        (false, _, true, _) => PickState::Picked,
        (false, _, false, true) => PickState::Closed,
        (false, _, false, false) => PickState::Cancelled,
    })
}

/// Spreads a quantity over parts that have room, in their order; what finds no room is left over.
pub(crate) fn spread(
    quantity: Quantity,
    room: impl IntoIterator<Item = Quantity>,
) -> Result<(Vec<Quantity>, Quantity), NumberError> {
    let mut left = quantity;
    let mut parts = Vec::new();
    for room in room {
        let part = room.min(left);
        left = left.checked_sub(part)?;
        parts.push(part);
    }
    Ok((parts, left))
}

/// The weight in whole grams, rounded up, of so many pieces of such weights; 0 when one is not known.
pub(crate) fn weight(
    goods: impl IntoIterator<Item = (Quantity, Quantity)>,
) -> Result<i64, NumberError> {
    let mut micro: i128 = 0;
    for (quantity, grams) in goods {
        if !grams.is_positive() {
            return Ok(0);
        }
        micro += i128::from(quantity.micro()) * i128::from(grams.micro());
    }
    let one = i128::from(Quantity::MICRO) * i128::from(Quantity::MICRO);
    let grams = micro / one + i128::from(micro % one != 0);
    i64::try_from(grams).map_err(|_| NumberError::OutOfRange)
}

/// How much of an order's line leaves, when of its items, each in turn, so much leaves of so much that
/// was wanted in all: nothing when they are not the same share of it.
pub(crate) fn share_of_line(
    ordered: Quantity,
    items: &[(Quantity, Quantity)],
) -> Result<Option<Quantity>, NumberError> {
    let mut share: Option<Quantity> = None;
    for (leaves, wanted) in items {
        let part =
            base::mul_div(ordered.micro(), leaves.micro(), wanted.micro(), base::Rounding::Down)?;
        let part = Quantity::from_micro(part);
        let back =
            base::mul_div(wanted.micro(), part.micro(), ordered.micro(), base::Rounding::Down)?;
        if back != leaves.micro() || share.is_some_and(|share| share != part) {
            return Ok(None);
        }
        share = Some(part);
    }
    Ok(share)
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Id;

    #[test]
    fn places_are_walked_as_people_read_them() {
        #[track_caller]
        fn check(a: &str, b: &str, order: Ordering) {
            assert_eq!(natural(a, b), order, "{a} {b}");
            assert_eq!(natural(b, a), order.reverse(), "{b} {a}");
        }
        check("WH/A-2", "WH/A-10", Ordering::Less);
        check("WH/A-2-3", "WH/A-2-20", Ordering::Less);
        check("WH/A-02", "WH/A-2", Ordering::Less);
        check("WH/A-2", "WH/A-2", Ordering::Equal);
        check("WH/A", "WH/A-1", Ordering::Less);
        check("WH/9", "WH/A", Ordering::Less);
        check("WH/B-1", "WH/A-99", Ordering::Greater);
        check("WH/99999999999999999999", "WH/100000000000000000000", Ordering::Less);
        check("", "1", Ordering::Less);
    }

    fn ready(channel: &str, due: &str, ordered_at: i64) -> Ready {
        let due_on = Day::parse(due).unwrap();
        Ready {
            number: format!("SO-{ordered_at}"),
            channel: channel.to_owned(),
            due_on,
            ordered_at,
        }
    }

    #[test]
    fn orders_come_to_lists_by_day_promised() {
        let orders = [
            ready("WEB", "2026-01-02", 1),
            ready("B2B", "2026-01-01", 2),
            ready("WEB", "2026-01-01", 3),
            ready("B2B", "2026-01-01", 4),
        ];
        let check = |kind, per_list, expected: &[&[usize]]| {
            assert_eq!(group(kind, &orders, per_list), expected);
        };
        check(PickKind::Order, 9, &[&[1], &[2], &[3], &[0]]);
        check(PickKind::Batch, 3, &[&[1, 2, 3], &[0]]);
        check(PickKind::Batch, 0, &[&[1], &[2], &[3], &[0]]);
        check(PickKind::Wave, 1, &[&[1, 3], &[2], &[0]]);
        assert_eq!(title(PickKind::Order, &[&orders[0]]), "SO-1");
        assert_eq!(title(PickKind::Batch, &[&orders[0], &orders[1]]), "2 orders");
        assert_eq!(title(PickKind::Wave, &[&orders[0]]), "WEB, due 2026-01-02");
    }

    fn line(numbers: [i64; 7]) -> Line {
        let [wanted, picked, missed, voided, packed, shipped, put_back] =
            numbers.map(Quantity::units);
        Line {
            id: Id::from_raw(1),
            list_id: Id::from_raw(1),
            stop: 1,
            line: 1,
            demand_id: Id::from_raw(1),
            order_id: Id::from_raw(1),
            order_line: 1,
            order_line_id: 1,
            item_id: Id::from_raw(1),
            place_id: Id::from_raw(1),
            lot: 0,
            wanted,
            picked,
            missed,
            voided,
            packed,
            shipped,
            put_back,
        }
    }

    #[test]
    fn a_line_stands_for_what_is_kept() {
        #[track_caller]
        fn check(numbers: [i64; 7], kept: i64, to_pick: i64, to_put_back: i64) {
            let mut line = line(numbers);
            let (to_pick, to_put_back) = (Quantity::units(to_pick), Quantity::units(to_put_back));
            let kept = Quantity::units(kept);
            assert_eq!(holds(&line, kept), Ok(Holds { to_pick, to_put_back }));
            assert_eq!(settle(&mut line, kept), Ok(line.voided > Quantity::units(numbers[3])));
            assert_eq!(line.left(), Ok(to_pick));
            assert_eq!(settle(&mut line, kept), Ok(false));
        }
        check([5, 0, 0, 0, 0, 0, 0], 5, 5, 0);
        check([5, 0, 0, 0, 0, 0, 0], 9, 5, 0);
        check([5, 0, 0, 0, 0, 0, 0], 2, 2, 0);
        check([5, 3, 0, 0, 0, 0, 0], 5, 2, 0);
        check([5, 3, 0, 0, 0, 0, 0], 4, 1, 0);
        check([5, 3, 0, 0, 0, 0, 0], 1, 0, 2);
        check([5, 3, 1, 0, 2, 2, 0], 0, 0, 1);
        check([5, 3, 1, 1, 2, 2, 1], 0, 0, 0);
    }

    #[test]
    fn the_state_follows_from_the_lines() {
        for (lines, state) in [
            (vec![[5, 0, 0, 0, 0, 0, 0]], PickState::Open),
            (vec![[5, 1, 0, 0, 0, 0, 0]], PickState::Picking),
            (vec![[5, 0, 5, 0, 0, 0, 0], [1, 0, 0, 0, 0, 0, 0]], PickState::Picking),
            (vec![[5, 5, 0, 0, 2, 2, 0]], PickState::Picked),
            (vec![[5, 4, 1, 0, 4, 4, 0], [1, 0, 0, 1, 0, 0, 0]], PickState::Closed),
            (vec![[5, 4, 1, 0, 0, 0, 4]], PickState::Cancelled),
            (vec![[5, 0, 0, 5, 0, 0, 0]], PickState::Cancelled),
        ] {
            let lines: Vec<Line> = lines.into_iter().map(line).collect();
            assert_eq!(state_of(&lines), Ok(state));
        }
    }

    #[test]
    fn quantities_are_spread_in_order() {
        let rooms = [2, 0, 3].map(Quantity::units);
        let check = |quantity: i64, parts: [i64; 3], left: i64| {
            let expected = (parts.map(Quantity::units).to_vec(), Quantity::units(left));
            assert_eq!(spread(Quantity::units(quantity), rooms), Ok(expected));
        };
        check(1, [1, 0, 0], 0);
        check(4, [2, 0, 2], 0);
        check(7, [2, 0, 3], 2);
    }

    #[test]
    fn weights_are_whole_grams_or_not_known() {
        let grams = |text| Quantity::parse(text).unwrap();
        let goods = [(Quantity::units(3), grams("0.4")), (Quantity::units(1), grams("250"))];
        assert_eq!(weight(goods), Ok(252));
        assert_eq!(weight([goods[0], (Quantity::ONE, Quantity::ZERO)]), Ok(0));
        assert_eq!(weight([]), Ok(0));
    }

    #[test]
    fn a_line_leaves_in_equal_shares_of_its_items() {
        let of = |list: &[(i64, i64)]| -> Vec<(Quantity, Quantity)> {
            list.iter().map(|(a, b)| (Quantity::units(*a), Quantity::units(*b))).collect()
        };
        let three = Quantity::units(3);
        let share = |list| share_of_line(three, &of(list)).unwrap().map(|q| q.to_string());
        assert_eq!(share(&[(2, 3)]).as_deref(), Some("2"));
        assert_eq!(share(&[(4, 6), (2, 3)]).as_deref(), Some("2"));
        assert_eq!(share(&[(4, 6), (1, 3)]), None);
        assert_eq!(share(&[(6, 6), (0, 3)]), None);
    }
}
