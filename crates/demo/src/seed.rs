//! Chance with a seed: what is drawn depends on the seed and on what it is drawn for, never on the
//! order in which things are drawn.

/// The offset and the prime of FNV-1a with 64 bits.
const FNV: (u64, u64) = (0xcbf2_9ce4_8422_2325, 0x0000_0100_0000_01b3);

/// A stream of numbers for one thing: `splitmix64`, started from a hash of the seed and the names
/// of the thing.
#[derive(Debug, Clone)]
pub struct Draw(u64);

impl Draw {
    /// The stream for the thing that the keys name, such as `["lead", "S07", "LAUNCH-..."]`.
    #[must_use]
    pub fn of(seed: u64, keys: &[&str]) -> Draw {
        let mut hash = Hash::new();
        hash.bytes(&seed.to_le_bytes());
        for key in keys {
            hash.bytes(key.as_bytes());
            // So that ["ab", "c"] and ["a", "bc"] differ.
            hash.bytes(&[0xff]);
        }
        Draw(hash.value())
    }

    /// The next 64 bits.
    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// A number below `count`, all alike but for less than one in 2^40 at the counts used here.
    /// Zero when `count` is zero.
    pub fn below(&mut self, count: u64) -> u64 {
        let product = u128::from(self.bits()) * u128::from(count);
        u64::try_from(product >> 64).unwrap_or(0)
    }

    /// A number from `low` to `high`, both included. `low` when the range is empty.
    pub fn between(&mut self, low: i64, high: i64) -> i64 {
        let count = high.saturating_sub(low).saturating_add(1).max(0).unsigned_abs();
        low.saturating_add(i64::try_from(self.below(count)).unwrap_or(0))
    }
}

/// FNV-1a: a hash that is the same on every machine and in every version.
#[derive(Debug, Clone)]
pub struct Hash(u64);

impl Hash {
    /// The hash of nothing.
    #[must_use]
    pub const fn new() -> Hash {
        Hash(FNV.0)
    }

    /// Takes in bytes.
    pub fn bytes(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.0 = (self.0 ^ u64::from(*byte)).wrapping_mul(FNV.1);
        }
    }

    /// The hash of what was taken in.
    #[must_use]
    pub const fn value(&self) -> u64 {
        self.0
    }
}

impl Default for Hash {
    fn default() -> Hash {
        Hash::new()
    }
}

/// So that a thing's debug text can be hashed without being built.
impl std::fmt::Write for Hash {
    fn write_str(&mut self, text: &str) -> std::fmt::Result {
        self.bytes(text.as_bytes());
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_keys_give_the_same_stream_and_others_another() {
        let three = |mut draw: Draw| [draw.bits(), draw.bits(), draw.bits()];
        assert_eq!(three(Draw::of(1, &["a", "b"])), three(Draw::of(1, &["a", "b"])));
        assert_ne!(three(Draw::of(1, &["a", "b"])), three(Draw::of(2, &["a", "b"])));
        assert_ne!(three(Draw::of(1, &["ab", "c"])), three(Draw::of(1, &["a", "bc"])));
    }

    #[test]
    fn a_range_is_reached_at_both_ends_and_never_left() {
        let mut draw = Draw::of(1, &["range"]);
        let drawn: Vec<i64> = (0..1000).map(|_| draw.between(-2, 3)).collect();
        for value in -2..=3 {
            assert!(drawn.contains(&value), "{value} was never drawn");
        }
        assert!(drawn.iter().all(|value| (-2..=3).contains(value)));
        assert_eq!(draw.between(5, 4), 5);
    }
}
