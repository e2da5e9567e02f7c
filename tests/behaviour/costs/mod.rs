//! The cost of calls, where it is reported, and the caps.

mod bills;
mod caps;
mod crowd;

use flow::prelude::*;
use flow::provider::Price;

use crate::support::Draft;

/// A dollar per token keeps the figures readable.
const PRICE: Price = Price::per_million("1000000", "1000000");
/// The cost of the fake's 10 input and 5 output tokens.
const CALL: &str = "$15.00";

const PRICED: Model = Model::new("fake/priced").max_output_tokens(5).price(PRICE);
const OTHER: Model = Model::new("other/priced").max_output_tokens(5).price(PRICE);
const UNPRICED: Model = Model::new("fake/unpriced").max_output_tokens(5);
const UNLIMITED: Model = Model::new("fake/unlimited").price(PRICE);

const ANSWER: &str = r#"{"text": "ok"}"#;

#[step(model = PRICED, prompt = "Write {{ what }}.", repair = 1, retry(max_attempts = 2, initial_delay = "1s"), timeout = "9s")]
async fn write(what: &str) -> Result<Draft>;

#[step(model = UNPRICED, prompt = "Write {{ what }}.")]
async fn write_at_any_price(what: &str) -> Result<Draft>;
