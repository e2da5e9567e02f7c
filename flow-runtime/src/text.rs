//! A text that is put together while the crate compiles.

/// A text of at most `N` bytes. What does not fit is left out whole, and the end says so.
#[derive(Clone, Copy, Debug)]
pub struct Text<const N: usize> {
    bytes: [u8; N],
    len: usize,
    full: bool,
}

const MORE: &str = " …";

impl<const N: usize> Text<N> {
    /// An empty text.
    #[allow(clippy::new_without_default)]
    pub const fn new() -> Self {
        Self { bytes: [0; N], len: 0, full: false }
    }

    /// Appends `part`; once a part did not fit, nothing follows but the mark of omission.
    pub const fn push(&mut self, part: &str) {
        if self.full {
            return;
        }
        if self.len + part.len() + MORE.len() > N {
            self.full = true;
            self.write(MORE);
        } else {
            self.write(part);
        }
    }

    /// Appends a number in decimal.
    pub const fn push_number(&mut self, number: u64) {
        if number >= 10 {
            self.push_number(number / 10);
        }
        let digit = [b'0' + (number % 10) as u8];
        if let Ok(digit) = core::str::from_utf8(&digit) {
            self.push(digit);
        }
    }

    /// The text.
    pub const fn as_str(&self) -> &str {
        let (used, _) = self.bytes.split_at(self.len);
        match core::str::from_utf8(used) {
            Ok(text) => text,
            Err(_) => "",
        }
    }

    const fn write(&mut self, part: &str) {
        let (_, rest) = self.bytes.split_at_mut(self.len);
        let (place, _) = rest.split_at_mut(part.len());
        place.copy_from_slice(part.as_bytes());
        self.len += part.len();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_does_not_fit_is_marked() {
        let mut text = Text::<12>::new();
        text.push("seven: ");
        text.push_number(7);
        text.push("too long");
        text.push("x");
        assert_eq!(text.as_str(), "seven: 7 …");
    }
}
