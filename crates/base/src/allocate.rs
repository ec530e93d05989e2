//! Splitting a total so that the parts add up again.

use std::cmp::Reverse;

use crate::NumberError;
use crate::number::fit;

/// Splits `total` in proportion to `weights` by largest remainder.
///
/// The parts sum to `total` exactly and each lies within one of its exact share; of equal
/// remainders the earlier element is served first. A negative total splits as the mirror of its
/// positive. When every weight is zero, all weigh the same. Nothing splits into nothing.
///
/// # Errors
///
/// `OutOfRange` when a weight is negative, when there are no weights for a total that is not zero,
/// or when a part would be `i64::MIN`.
pub fn allocate(total: i64, weights: &[i64]) -> Result<Vec<i64>, NumberError> {
    if weights.iter().any(|weight| *weight < 0) || (weights.is_empty() && total != 0) {
        return Err(NumberError::OutOfRange);
    }
    let equal = weights.iter().all(|weight| *weight == 0);
    let weight_of = |weight: &i64| if equal { 1 } else { i128::from(*weight) };
    let whole: i128 = weights.iter().map(weight_of).sum();
    let magnitude = i128::from(total).abs();

    let mut parts = Vec::with_capacity(weights.len());
    let mut rests = Vec::with_capacity(weights.len());
    let mut left = magnitude;
    for (index, weight) in weights.iter().enumerate() {
        let share = magnitude * weight_of(weight);
        let part = share / whole;
        left -= part;
        parts.push(part);
        rests.push((Reverse(share % whole), index));
    }

    rests.sort_unstable();
    for (_, index) in rests {
        if left == 0 {
            break;
        }
        parts[index] += 1;
        left -= 1;
    }
    let sign = i128::from(total.signum());
    parts.into_iter().map(|part| fit(part * sign)).collect()
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_largest_remainder_is_served_first() {
        #[track_caller]
        fn check(total: i64, weights: &[i64], expected: &[i64]) {
            assert_eq!(allocate(total, weights), Ok(expected.to_vec()));
        }
        check(100, &[1, 1, 1], &[34, 33, 33]);
        check(-100, &[1, 1, 1], &[-34, -33, -33]);
        check(10, &[1, 2, 3], &[2, 3, 5]);
        check(5, &[0, 1, 0, 1], &[0, 3, 0, 2]);
        check(5, &[0, 0], &[3, 2]);
        check(0, &[1, 2], &[0, 0]);
        check(0, &[], &[]);
        check(i64::MAX, &[i64::MAX, i64::MAX], &[i64::MAX / 2 + 1, i64::MAX / 2]);
        check(i64::MIN, &[1, 1], &[i64::MIN / 2, i64::MIN / 2]);
    }

    #[test]
    fn what_cannot_be_split_is_an_error() {
        assert_eq!(allocate(1, &[]), Err(NumberError::OutOfRange));
        assert_eq!(allocate(1, &[2, -1]), Err(NumberError::OutOfRange));
        assert_eq!(allocate(i64::MIN, &[1]), Err(NumberError::OutOfRange));
    }

    proptest! {
        #[test]
        fn parts_sum_to_the_total_and_stay_within_one(
            total in -i64::MAX..=i64::MAX,
            weights in vec(prop_oneof![0_i64..10, 0_i64..=i64::MAX], 1..40),
        ) {
            let parts = allocate(total, &weights).unwrap();
            prop_assert_eq!(parts.iter().map(|part| i128::from(*part)).sum::<i128>(), i128::from(total));

            let whole: i128 = weights.iter().map(|weight| i128::from(*weight)).sum();
            if whole > 0 {
                for (part, weight) in parts.iter().zip(&weights) {
                    // |part - total * weight / whole| < 1, without the division that would round:
                    // the exact share's floor or its neighbour away from zero.
                    let share = i128::from(total) * i128::from(*weight);
                    let (floor, rest) = (share / whole, share % whole);
                    let off = (i128::from(*part) - floor).abs();
                    prop_assert!(off <= i128::from(rest != 0));
                }
            }
        }

        #[test]
        fn a_negative_total_is_the_mirror(total in 0..=i64::MAX, weights in vec(0_i64..1000, 1..20)) {
            let mirror: Vec<i64> = allocate(-total, &weights).unwrap().iter().map(|part| -part).collect();
            prop_assert_eq!(allocate(total, &weights).unwrap(), mirror);
        }
    }
}
