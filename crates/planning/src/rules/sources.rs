//! How warehouses supply each other with an item: whether in a circle, and how far each is from the one
//! at which it is bought.

use base::WarehouseId;
use std::collections::BTreeSet;

/// The circle in which an item would come back to a warehouse, that one at both ends; none when there
/// is none. An edge leads from a warehouse to one that supplies it.
pub(crate) fn circle(
    edges: &BTreeSet<(WarehouseId, WarehouseId)>,
    warehouse: WarehouseId,
) -> Option<Vec<WarehouseId>> {
    let mut seen = BTreeSet::new();
    let mut ways = vec![vec![warehouse]];
    while let Some(way) = ways.pop() {
        let last = way.last().copied().unwrap_or(warehouse);
        for (_, source) in edges.iter().filter(|(to, _)| *to == last) {
            let longer: Vec<WarehouseId> = way.iter().copied().chain([*source]).collect();
            if *source == warehouse {
                return Some(longer);
            }
            if seen.insert(*source) {
                ways.push(longer);
            }
        }
    }
    None
}

/// How far a warehouse is from the one at which an item is bought: by how many others it is supplied,
/// one after the other, by the longest way.
pub(crate) fn distance(
    edges: &BTreeSet<(WarehouseId, WarehouseId)>,
    warehouse: WarehouseId,
) -> usize {
    let (mut distance, mut reached) = (0, BTreeSet::from([warehouse]));
    loop {
        let sources = edges.iter().filter(|(to, _)| reached.contains(to)).map(|(_, from)| *from);
        reached = sources.collect();
        // No way without a circle is longer than there are edges.
        if reached.is_empty() || distance > edges.len() {
            return distance;
        }
        distance += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use base::Id;

    #[test]
    fn a_circle_is_told_and_warehouses_have_a_distance() {
        let id = WarehouseId::from_raw;
        let edges = |list: &[(i64, i64)]| -> BTreeSet<(WarehouseId, WarehouseId)> {
            list.iter().map(|(to, from)| (id(*to), id(*from))).collect()
        };
        let chain = edges(&[(3, 2), (2, 1), (4, 1), (3, 1)]);
        for (warehouse, expected) in [(1, 0), (2, 1), (3, 2), (4, 1), (9, 0)] {
            assert_eq!(distance(&chain, id(warehouse)), expected, "{warehouse}");
            assert_eq!(circle(&chain, id(warehouse)), None, "{warehouse}");
        }
        let round = edges(&[(3, 2), (2, 1), (1, 3), (4, 3)]);
        assert_eq!(circle(&round, id(2)), Some(vec![id(2), id(1), id(3), id(2)]));
        assert_eq!(circle(&round, id(4)), None, "it is outside the circle");
        assert!(distance(&round, id(4)) > 0, "and there is an answer all the same");
    }
}
