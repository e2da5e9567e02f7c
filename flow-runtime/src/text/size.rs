//! The size of a chunk.

/// The maximum size of a chunk, and how much of the previous chunk it may repeat.
///
/// ```
/// use flow_runtime::text::Size;
///
/// const PAGES: Size = Size::chars(12_000).overlap(500);
/// const WINDOW: Size = Size::tokens(3_000).overlap(100);
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Size {
    unit: Unit,
    limit: usize,
    shared: usize,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Unit {
    Chars,
    /// Counted in quarters of a token, so that the estimate is a sum of integers.
    Tokens,
}

/// Parts per token.
const QUARTERS: usize = 4;

impl Size {
    /// Limits chunks by characters (Unicode scalar values).
    ///
    /// # Panics
    ///
    /// Panics if the limit is zero; in a constant, this fails the build.
    #[must_use]
    pub const fn chars(limit: usize) -> Self {
        Self::new(Unit::Chars, limit)
    }

    /// Limits chunks by tokens, with an estimate that is independent of the model: four ASCII characters count as one token, two
    /// characters of accented Latin, Greek, Cyrillic, Hebrew or Arabic as one, and any other character as one.
    ///
    /// Leave a margin: code, numbers and rare words take more tokens than estimated.
    ///
    /// # Panics
    ///
    /// Panics if the limit is zero; in a constant, this fails the build.
    #[must_use]
    pub const fn tokens(limit: usize) -> Self {
        Self::new(Unit::Tokens, limit)
    }

    /// Sets how much of the end of a chunk the next one may repeat, in the same unit; the default is nothing.
    ///
    /// # Panics
    ///
    /// Panics if it is more than half of a chunk; in a constant, this fails the build.
    #[must_use]
    pub const fn overlap(self, shared: usize) -> Self {
        assert!(
            shared <= self.limit / 2,
            "the overlap is more than half of a chunk: reduce the overlap, or make the chunks longer"
        );
        Self { shared, ..self }
    }

    const fn new(unit: Unit, limit: usize) -> Self {
        assert!(limit > 0, "the size of a chunk must be at least 1");
        Self { unit, limit, shared: 0 }
    }

    /// The maximum weight of a chunk.
    pub(super) fn limit(self) -> usize {
        self.unit.of(self.limit)
    }

    /// The maximum weight of the repeated part.
    pub(super) fn shared(self) -> usize {
        self.unit.of(self.shared)
    }

    /// The weight of a character.
    pub(super) fn weight(self, letter: char) -> usize {
        match (self.unit, letter.len_utf8()) {
            (Unit::Chars, _) | (Unit::Tokens, 1) => 1,
            (Unit::Tokens, 2) => QUARTERS / 2,
            (Unit::Tokens, _) => QUARTERS,
        }
    }
}

impl Unit {
    fn of(self, count: usize) -> usize {
        match self {
            Self::Chars => count,
            Self::Tokens => count.saturating_mul(QUARTERS),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_are_estimated_by_script() {
        let size = Size::tokens(1);
        let weight = |text: &str| text.chars().map(|letter| size.weight(letter)).sum::<usize>();
        assert_eq!((weight("word"), weight("жж"), weight("語")), (size.limit(), size.limit(), size.limit()));
    }

    #[test]
    #[should_panic(expected = "more than half of a chunk")]
    fn an_overlap_leaves_half_of_a_chunk_for_what_is_new() {
        let _ = Size::chars(9).overlap(5);
    }

    #[test]
    #[should_panic(expected = "must be at least 1")]
    fn a_chunk_has_a_length() {
        let _ = Size::tokens(0);
    }
}
