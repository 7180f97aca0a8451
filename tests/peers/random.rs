//! Numbers at random, the same for the same seed.

use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;

/// A generator of numbers, `SplitMix64`, which is more than enough to pick test cases.
pub(crate) struct Random(u64);

/// A seed that nobody has chosen, short enough to be typed.
pub(crate) fn seed() -> u64 {
    // The standard library seeds its maps from the system.
    RandomState::new().hash_one(()) >> 32
}

impl Random {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number from 0 on, and less than `end`.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.next() % end as u64).unwrap()
    }

    /// A number within these two, both included.
    pub(crate) fn within(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most - least + 1)
    }

    /// Whether something happens that happens in so many of a hundred cases.
    pub(crate) fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    pub(crate) fn pick<'a, T>(&mut self, from: &'a [T]) -> &'a T {
        &from[self.below(from.len())]
    }

    pub(crate) fn word<'a>(&mut self, from: &[&'a str]) -> &'a str {
        from[self.below(from.len())]
    }

    /// So many of `pieces`, one after the other.
    pub(crate) fn pieces(&mut self, pieces: &[&str], least: usize, most: usize) -> String {
        (0..self.within(least, most))
            .map(|_| *self.pick(pieces))
            .collect()
    }

    /// Any character at all.
    pub(crate) fn character(&mut self) -> char {
        let end = *self.pick(&[0x80, 0x800, 0x1_0000, 0x11_0000]);
        let code = self.below(end);
        // Half of a surrogate pair is not a character.
        u32::try_from(code)
            .ok()
            .and_then(char::from_u32)
            .unwrap_or('\u{e000}')
    }

    /// `text` with a few characters left out, put in, or replaced by some of `pieces`.
    pub(crate) fn mutated(&mut self, text: &str, pieces: &[&str]) -> String {
        let mut parts: Vec<String> = text.chars().map(String::from).collect();
        for _ in 0..self.within(1, 3) {
            let at = self.below(parts.len() + 1);
            let piece = if self.chance(3) {
                self.character().into()
            } else {
                (*self.pick(pieces)).to_owned()
            };
            match self.below(3) {
                0 => parts.insert(at, piece),
                _ if at == parts.len() => {}
                1 => parts[at] = piece,
                _ => drop(parts.remove(at)),
            }
        }
        parts.concat()
    }
}
