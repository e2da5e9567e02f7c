//! Strings built and compared at compile time, without a heap.

pub use flow_base::hash::fnv as hash;

/// A buffer of `N` bytes of UTF-8. From the first piece that does not fit, everything is replaced by `…`.
#[derive(Clone, Copy)]
pub struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
    full: bool,
}

/// Marks omitted text; its bytes are always reserved.
const MORE: &str = "…";

impl<const N: usize> Text<N> {
    /// Creates an empty text.
    pub const fn new() -> Self {
        Self { bytes: [0; N], len: 0, full: false }
    }

    /// Appends `text`, or `…` if it does not fit.
    pub const fn push(&mut self, text: &str) {
        if self.full {
            return;
        }
        if self.len + text.len() + MORE.len() > N {
            self.full = true;
            self.copy(MORE);
        } else {
            self.copy(text);
        }
    }

    /// Appends a number.
    pub const fn push_int(&mut self, value: i128) {
        let mut digits = [0_u8; 40];
        let mut at = digits.len();
        let mut rest = value.unsigned_abs();
        loop {
            at -= 1;
            digits[at] = b'0' + (rest % 10) as u8;
            rest /= 10;
            if rest == 0 {
                break;
            }
        }
        if value < 0 {
            at -= 1;
            digits[at] = b'-';
        }
        let (_, written) = digits.split_at(at);
        match core::str::from_utf8(written) {
            Ok(written) => self.push(written),
            Err(_) => panic!("digits are ASCII"),
        }
    }

    /// Returns the text.
    pub const fn as_str(&self) -> &str {
        let (written, _) = self.bytes.split_at(self.len);
        match core::str::from_utf8(written) {
            Ok(text) => text,
            Err(_) => panic!("only whole strings are appended"),
        }
    }

    /// Returns whether nothing was appended.
    pub const fn is_empty(&self) -> bool {
        self.len == 0
    }

    const fn copy(&mut self, text: &str) {
        let (_, rest) = self.bytes.split_at_mut(self.len);
        let (room, _) = rest.split_at_mut(text.len());
        room.copy_from_slice(text.as_bytes());
        self.len += text.len();
    }
}

impl<const N: usize> Default for Text<N> {
    fn default() -> Self {
        Self::new()
    }
}

impl<const N: usize> core::fmt::Display for Text<N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.write_str(self.as_str())
    }
}

impl<const N: usize> core::fmt::Debug for Text<N> {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        core::fmt::Debug::fmt(self.as_str(), f)
    }
}

/// `a == b`, which is not const for strings. Compares word by word, because const evaluation pays for each iteration.
pub(crate) const fn equal(a: &str, b: &str) -> bool {
    if a.len() != b.len() {
        return false;
    }
    let ((words, rest), (other_words, other_rest)) = (a.as_bytes().as_chunks(), b.as_bytes().as_chunks());
    let mut at = 0;
    while at < words.len() {
        if u64::from_ne_bytes(words[at]) != u64::from_ne_bytes(other_words[at]) {
            return false;
        }
        at += 1;
    }
    at = 0;
    while at < rest.len() {
        if rest[at] != other_rest[at] {
            return false;
        }
        at += 1;
    }
    true
}

/// Whether `names` contains `name`.
pub(crate) const fn contains(names: &[&str], name: &str) -> bool {
    let mut at = 0;
    while at < names.len() {
        if equal(names[at], name) {
            return true;
        }
        at += 1;
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_marked_and_nothing_follows() {
        let mut text = Text::<8>::new();
        text.push("abcd");
        text.push("efgh");
        text.push("i");
        assert_eq!(text.as_str(), "abcd…");
    }

    #[test]
    fn numbers_are_written_as_rust_writes_them() {
        for value in [0, 7, -1, 255, i128::MAX, i128::MIN, u64::MAX as i128] {
            let mut text = Text::<64>::new();
            text.push_int(value);
            assert_eq!(text.as_str(), value.to_string());
        }
    }
}
