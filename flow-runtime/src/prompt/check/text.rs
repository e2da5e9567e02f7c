//! A string builder for constant evaluation, which has no heap.

/// Room for eight problems with their excerpts.
const ROOM: usize = 8 * 1024;

/// A text built in constant evaluation.
pub struct Text {
    bytes: [u8; ROOM],
    len: usize,
    full: bool,
}

impl core::fmt::Debug for Text {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        self.as_str().fmt(f)
    }
}

impl Text {
    pub(super) const fn new() -> Self {
        Self { bytes: [0; ROOM], len: 0, full: false }
    }

    /// Nothing was written, so nothing was wrong.
    pub const fn ok(&self) -> bool {
        self.len == 0
    }

    /// Returns the text so far.
    pub const fn as_str(&self) -> &str {
        match core::str::from_utf8(self.bytes.split_at(self.len).0) {
            Ok(text) => text,
            Err(_) => unreachable!(),
        }
    }

    /// Appends a piece. The first piece that does not fit ends the text: a later, shorter one would make no sense without it.
    pub(super) const fn push(&mut self, piece: &str) {
        self.full = self.full || self.len + piece.len() > ROOM;
        if self.full {
            return;
        }
        let (_, free) = self.bytes.split_at_mut(self.len);
        free.split_at_mut(piece.len()).0.copy_from_slice(piece.as_bytes());
        self.len += piece.len();
    }

    /// Appends a piece in backticks.
    pub(super) const fn code(&mut self, piece: &str) {
        self.push("`");
        self.push(piece);
        self.push("`");
    }

    pub(super) const fn number(&mut self, number: usize) {
        let mut digits = [0u8; 20];
        let mut first = digits.len();
        let mut rest = number;
        loop {
            first -= 1;
            digits[first] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        match core::str::from_utf8(digits.split_at(first).1) {
            Ok(text) => self.push(text),
            Err(_) => unreachable!(),
        }
    }
}

/// Compares strings, which `==` cannot do in constant evaluation.
pub(super) const fn same(a: &str, b: &str) -> bool {
    let (a, b) = (a.as_bytes(), b.as_bytes());
    if a.len() != b.len() {
        return false;
    }
    let mut i = 0;
    while i < a.len() && a[i] == b[i] {
        i += 1;
    }
    i == a.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grows_by_text_code_and_number() {
        let mut text = Text::new();
        assert!(text.ok());
        text.push("é ");
        text.code("x");
        text.number(0);
        text.number(9071);
        assert_eq!(text.as_str(), "é `x`09071");
        assert!(!text.ok());
    }

    #[test]
    fn ends_at_the_first_piece_that_does_not_fit() {
        let mut text = Text::new();
        text.push(&"x".repeat(ROOM - 1));
        text.push("too long");
        text.push("y");
        assert_eq!(text.as_str(), "x".repeat(ROOM - 1));
    }

    #[test]
    fn compares_texts() {
        assert!(same("", "") && same("ab", "ab"));
        assert!(!same("ab", "ac") && !same("ab", "a"));
    }
}
