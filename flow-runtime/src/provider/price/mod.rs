//! The cost of a model's tokens.

mod cost;
mod known;
mod lookup;
mod spent;
mod table;

pub use known::Known;
pub(crate) use lookup::price_of;
pub use spent::Spent;
pub use table::KNOWN;

use crate::money::Money;

/// The price of a model's tokens, in dollars per million.
///
/// ```
/// use flow_runtime::provider::{Model, Price};
///
/// const LARGE: Model = Model::new("acme/large").price(Price::per_million("1.25", "10").cached("0.125"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Price {
    /// Input tokens.
    pub input: Money,
    /// Input tokens read from a cache; `input` applies if `None`.
    pub cached: Option<Money>,
    /// Input tokens written to a cache; `input` applies if `None`.
    pub cache_write: Option<Money>,
    /// Output tokens, including reasoning.
    pub output: Money,
    /// The prices of requests with a long prompt.
    pub long: Option<Long>,
}

/// Prices that apply to all tokens of a request with a long prompt; see [`Price::long_prompt`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Long {
    /// The number of input tokens, cached ones included, from which these prices apply.
    pub from: u64,
    /// See [`Price::input`].
    pub input: Money,
    /// See [`Price::cached`].
    pub cached: Option<Money>,
    /// See [`Price::cache_write`].
    pub cache_write: Option<Money>,
    /// See [`Price::output`].
    pub output: Money,
}

impl Price {
    /// The price of a model that costs nothing, for example on your own machine.
    pub const FREE: Self =
        Self { input: Money::ZERO, cached: None, cache_write: None, output: Money::ZERO, long: None };

    /// Creates a price from dollars per million input and output tokens, in the format of [`Money::usd`].
    ///
    /// # Panics
    ///
    /// Panics if a text is not an amount; in a constant, this fails the build.
    #[track_caller]
    pub const fn per_million(input: &str, output: &str) -> Self {
        Self { input: Money::usd(input), cached: None, cache_write: None, output: Money::usd(output), long: None }
    }

    /// Sets the price of input tokens read from a cache, in dollars per million.
    ///
    /// # Panics
    ///
    /// Like [`per_million`](Self::per_million).
    #[must_use]
    #[track_caller]
    pub const fn cached(mut self, input: &str) -> Self {
        self.cached = Some(Money::usd(input));
        self
    }

    /// Sets the price of input tokens written to a cache, in dollars per million.
    ///
    /// # Panics
    ///
    /// Like [`per_million`](Self::per_million).
    #[must_use]
    #[track_caller]
    pub const fn cache_write(mut self, input: &str) -> Self {
        self.cache_write = Some(Money::usd(input));
        self
    }

    /// Sets the price of requests with at least this many input tokens; it applies to all of their tokens.
    ///
    /// ```
    /// use flow_runtime::provider::Price;
    ///
    /// const TIERED: Price = Price::per_million("1.25", "10").long_prompt(200_000, Price::per_million("2.5", "15"));
    /// ```
    #[must_use]
    pub const fn long_prompt(mut self, tokens: u64, price: Self) -> Self {
        let Self { input, cached, cache_write, output, .. } = price;
        self.long = Some(Long { from: tokens, input, cached, cache_write, output });
        self
    }
}
