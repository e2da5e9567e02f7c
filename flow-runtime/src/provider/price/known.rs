//! A row of the price table.

use super::Price;

/// A row of the price table.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Known {
    /// The model, `provider/name`. The same name with a date suffix is the same model.
    pub model: &'static str,
    /// The price of its tokens.
    pub price: Price,
    /// The date of the price, `YYYY-MM-DD`.
    pub date: &'static str,
    /// The page with the price.
    pub source: &'static str,
    /// Whether the price was checked on the page itself, rather than taken from a public price collection.
    pub verified: bool,
}
