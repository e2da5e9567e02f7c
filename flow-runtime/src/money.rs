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
            None => panic!(
                "invalid amount of dollars: expected a number such as `$0.50` or `12.5`, with up to nine decimals"
            ),
        }
    }

    /// Parses the format of [`usd`](Self::usd); `None` for anything else.
    pub const fn parse(text: &str) -> Option<Self> {
        match flow_base::money::nanos(text) {
            Some(nanos) => Some(Self(nanos)),
            None => None,
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

/// Formats the exact amount, with at least two decimals.
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
}
