//! Recovers integers from JSON text. Floats have 53 bits, so an integer written as `9007199254740993.0` or `1e19` may lose digits
//! in serde_json; here it is parsed from its digits.

use serde_json::Number;

/// The longest number that is inspected: 64-bit integers have no more significant digits.
const DIGITS: usize = 20;

/// Finds the numbers of a text, in order.
#[derive(Clone, Copy, Debug)]
pub(super) struct Numbers<'t> {
    text: &'t [u8],
    at: usize,
    /// How many numbers were passed.
    passed: usize,
}

impl<'t> Numbers<'t> {
    pub(super) fn of(text: &'t [u8]) -> Self {
        Self { text, at: 0, passed: 0 }
    }

    /// The number with this index. Indices must be requested in ascending order.
    pub(super) fn nth(&mut self, index: usize) -> Option<&'t str> {
        loop {
            let token = self.next()?;
            self.passed += 1;
            if self.passed > index {
                return std::str::from_utf8(token).ok();
            }
        }
    }

    fn next(&mut self) -> Option<&'t [u8]> {
        loop {
            match self.text.get(self.at)? {
                b'"' => self.skip_string(),
                b'-' | b'0'..=b'9' => {
                    let rest = &self.text[self.at..];
                    let is_part = |byte: &u8| matches!(byte, b'0'..=b'9' | b'+' | b'-' | b'.' | b'e' | b'E');
                    let end = rest.iter().position(|byte| !is_part(byte)).unwrap_or(rest.len());
                    self.at += end;
                    return Some(&rest[..end]);
                }
                _ => self.at += 1,
            }
        }
    }

    fn skip_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.text.get(self.at) {
            self.at += if *byte == b'\\' { 2 } else { 1 };
            if *byte == b'"' {
                return;
            }
        }
    }
}

/// The integer denoted by a JSON number in any notation, if it fits into 64 bits.
pub(super) fn integer(token: &str) -> Option<Number> {
    let (token, is_negative) = token.strip_prefix('-').map_or((token, false), |token| (token, true));
    let (mantissa, exponent) = token.split_once(['e', 'E']).unwrap_or((token, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = [whole, fraction].concat();
    let significant = digits.trim_end_matches('0');
    let dropped = i64::try_from(digits.len() - significant.len()).ok()?;
    let zeros = exponent.parse::<i64>().ok()?.checked_sub(i64::try_from(fraction.len()).ok()?)?.checked_add(dropped)?;
    let significant = significant.trim_start_matches('0');
    let zeros = u32::try_from(zeros).ok().filter(|zeros| significant.len() + *zeros as usize <= DIGITS)?;
    let size = significant.parse::<u128>().ok()?.checked_mul(10_u128.checked_pow(zeros)?)?;
    match is_negative {
        true => i64::try_from(-i128::try_from(size).ok()?).ok().map(Number::from),
        false => u64::try_from(size).ok().map(Number::from),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_of_a_text_are_those_outside_of_strings() {
        let text = br#"{"a1": [-1, 2.5e+3, "3", "\"4", true, null], "5\\": 6, "e": false}"#;
        let mut numbers = Numbers::of(text);
        assert_eq!([0, 1, 2].map(|index| numbers.nth(index)), [Some("-1"), Some("2.5e+3"), Some("6")]);
        assert_eq!(numbers.nth(3), None);
        assert_eq!(Numbers::of(text).nth(2), Some("6"));
    }

    #[test]
    fn integers_keep_their_digits() {
        for (token, expected) in [
            ("1e19", "10000000000000000000"),
            ("9007199254740993.0", "9007199254740993"),
            ("18446744073709551615.000", "18446744073709551615"),
            ("0.18446744073709551615e20", "18446744073709551615"),
            ("1844674407370955161500e-2", "18446744073709551615"),
            ("-9223372036854775808.0", "-9223372036854775808"),
            ("-9007199254740993e0", "-9007199254740993"),
            ("12E3", "12000"),
        ] {
            assert_eq!(integer(token).map(|number| number.to_string()).as_deref(), Some(expected), "{token}");
        }
    }

    #[test]
    fn what_is_no_integer_of_64_bits_is_left() {
        for token in [
            "9007199254740993.5",
            "1e20",
            "18446744073709551616",
            "-9223372036854775809.0",
            "1e-1",
            "1e999999",
            "1e99999999999999999999",
        ] {
            assert_eq!(integer(token), None, "{token}");
        }
    }
}
