//! Money, exact to a billionth of a dollar.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// An amount in US dollars, stored exactly as a whole number of billionths. Serialised as that number.
///
/// ```
/// use flow_runtime::money::Money;
///
/// const CAP: Money = Money::usd("0.50");
/// assert_eq!(CAP.nanos(), 500_000_000);
/// assert_eq!(Money::from_nanos(12_300_000).to_string(), "$0.0123");
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Money(u64);

/// Billionths in a dollar.
const DOLLAR: u64 = 1_000_000_000;

impl Money {
    /// Zero dollars.
    pub const ZERO: Self = Self(0);

    /// Creates an amount from billionths of a dollar.
    pub const fn from_nanos(nanos: u64) -> Self {
        Self(nanos)
    }

    /// Returns the amount in billionths of a dollar.
    pub const fn nanos(self) -> u64 {
        self.0
    }

    /// Creates an amount from text: `"0.50"` or `"$0.50"`, with up to nine decimals.
    ///
    /// # Panics
    ///
    /// Panics if the text is not an amount; in a constant, this fails the build.
    #[track_caller]
    pub const fn usd(text: &str) -> Self {
        match Self::parse(text) {
            Some(money) => money,
            None => panic!("no amount of dollars: write it as in `$0.50` or `12.5`, with up to nine decimals"),
        }
    }

    /// Parses the format of [`usd`](Self::usd); `None` for anything else.
    pub const fn parse(text: &str) -> Option<Self> {
        let (_, digits) = text.as_bytes().split_at(starts_with_sign(text) as usize);
        let (mut at, mut nanos, mut decimals) = (0, 0_u64, None);
        while at < digits.len() {
            match (digits[at], decimals) {
                (b'.', None) if at > 0 && at + 1 < digits.len() => decimals = Some(0),
                (digit @ b'0'..=b'9', None | Some(0..=8)) => {
                    let Some(more) = push(nanos, digit) else { return None };
                    nanos = more;
                    if let Some(count) = decimals {
                        decimals = Some(count + 1);
                    }
                }
                _ => return None,
            }
            at += 1;
        }
        let decimals = match decimals {
            Some(count) => count,
            None => 0,
        };
        match nanos.checked_mul(10_u64.pow(9 - decimals)) {
            Some(nanos) if !digits.is_empty() => Some(Self(nanos)),
            _ => None,
        }
    }

    /// Adds two amounts; saturates at 18 billion dollars.
    #[must_use]
    pub const fn plus(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }

    /// Subtracts an amount; saturates at zero.
    #[must_use]
    pub const fn minus(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

const fn starts_with_sign(text: &str) -> bool {
    matches!(text.as_bytes(), [b'$', ..])
}

const fn push(number: u64, digit: u8) -> Option<u64> {
    match number.checked_mul(10) {
        Some(tens) => tens.checked_add((digit - b'0') as u64),
        None => None,
    }
}

/// Exact, with at least two decimals.
impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (dollars, nanos) = (self.0 / DOLLAR, format!("{:09}", self.0 % DOLLAR));
        let shown = nanos.trim_end_matches('0').len().max(2);
        f.pad(&format!("${dollars}.{}", &nanos[..shown]))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_read_and_shown_exactly() {
        for (text, nanos, shown) in [
            ("$0.50", 500_000_000, "$0.50"),
            ("3", 3_000_000_000, "$3.00"),
            ("0.000000001", 1, "$0.000000001"),
            ("$0.0123", 12_300_000, "$0.0123"),
            ("0", 0, "$0.00"),
        ] {
            let money = Money::usd(text);
            assert_eq!((money.nanos(), money.to_string().as_str()), (nanos, shown), "{text}");
        }
    }

    #[test]
    fn what_is_no_amount() {
        for text in ["", "$", ".5", "5.", "1.2.3", "-1", "0,5", "1e3", "0.0000000001", "99999999999", "$ 1", "€1"] {
            assert_eq!(Money::parse(text), None, "{text}");
        }
    }
}
