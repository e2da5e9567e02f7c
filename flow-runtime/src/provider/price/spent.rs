//! The accumulated cost of calls.

use std::fmt;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::money::Money;
use crate::provider::Usage;

/// The total of several model calls. Calls of unknown price are counted separately, never as free.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[non_exhaustive]
pub struct Spent {
    /// The number of calls, including failed ones.
    pub calls: u32,
    /// Their tokens, as far as known.
    pub usage: Usage,
    /// The cost of the calls with a known price.
    #[serde(rename = "known_cost_nano_usd")]
    pub cost: Money,
    /// The number of calls with unknown cost: the model has no price, or the provider did not count.
    pub unpriced: u32,
}

impl Spent {
    /// Creates the total of one call; `None` is an unknown cost.
    pub fn call(usage: Usage, cost: Option<Money>) -> Self {
        Self { calls: 1, usage, cost: cost.unwrap_or_default(), unpriced: u32::from(cost.is_none()) }
    }

    /// Adds two totals.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        Self {
            calls: self.calls.saturating_add(other.calls),
            usage: self.usage.plus(other.usage),
            cost: self.cost.plus(other.cost),
            unpriced: self.unpriced.saturating_add(other.unpriced),
        }
    }

    /// Returns whether there were no calls.
    pub fn is_nothing(&self) -> bool {
        self.calls == 0
    }
}

/// The cost as text: `$0.0123`, `at least $0.0123, 3 calls of unknown price`, or `unknown`.
impl fmt::Display for Spent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.unpriced {
            0 => write!(f, "{}", self.cost),
            all if all == self.calls => f.write_str("unknown"),
            1 => write!(f, "at least {}, 1 call of unknown price", self.cost),
            some => write!(f, "at least {}, {some} calls of unknown price", self.cost),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_unknown_is_said_and_never_zero() {
        let priced = Spent::call(Usage::new(10, 5), Some(Money::usd("0.0123")));
        let unpriced = Spent::call(Usage::default(), None);
        assert_eq!(priced.to_string(), "$0.0123");
        assert_eq!(unpriced.to_string(), "unknown");
        assert_eq!(priced.plus(unpriced).to_string(), "at least $0.0123, 1 call of unknown price");
        assert_eq!(unpriced.plus(priced).plus(unpriced).to_string(), "at least $0.0123, 2 calls of unknown price");
        assert_eq!(Spent::default().to_string(), "$0.00");
    }
}
