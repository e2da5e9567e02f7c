//! What tokens cost at a price.

use super::{Long, Price};
use crate::money::Money;
use crate::provider::{Request, Usage};

/// The tokens assumed for what a provider adds to a request: its own instructions and the wrapping of the schema.
const FRAME: u64 = 512;
/// The tokens assumed for the wrapping of one message.
const MESSAGE: u64 = 16;

impl Price {
    /// The price that applies to a request with this many input tokens.
    fn at(&self, tokens: u64) -> Self {
        match self.long {
            Some(Long { from, input, cached, cache_write, output }) if tokens >= from => {
                Self { input, cached, cache_write, output, long: None }
            }
            _ => *self,
        }
    }

    /// The highest price of an input token.
    fn dearest(&self) -> Money {
        [self.cached, self.cache_write].into_iter().flatten().fold(self.input, Money::max)
    }

    /// Returns the cost of these tokens, rounded up to a billionth of a dollar, or `None` if the number of input or output tokens
    /// is unknown.
    pub fn of(&self, usage: &Usage) -> Option<Money> {
        let usage = usage.reconciled();
        let (input, output) = (usage.input_tokens?, usage.output_tokens?);
        let cached = usage.cached_input_tokens.unwrap_or(0);
        let written = usage.cache_write_tokens.unwrap_or(0);
        let fresh = input.saturating_sub(cached).saturating_sub(written);
        let price = self.at(input);
        Some(sum(&[
            (fresh, price.input),
            (cached, price.cached.unwrap_or(price.input)),
            (written, price.cache_write.unwrap_or(price.input)),
            (output, price.output),
        ]))
    }

    /// Returns the most that a request can cost, or `None` if the length of its answer is not limited, or if the provider has no rule
    /// for the tokens of an attachment.
    ///
    /// A token is at least one byte, so the bytes of prompt, schema and tools are an upper bound for their tokens.
    pub fn worst_case(&self, request: &Request) -> Option<Money> {
        let output = request.model.get_max_output_tokens()?;
        let frames = (request.prompt.messages.len() + request.tools.len()) as u64 * MESSAGE;
        let read = request.size() as u64 + request.media_tokens().ok()? + frames + FRAME;
        let long = self.at(read);
        let dearest = self.dearest().max(long.dearest());
        Some(sum(&[(read, dearest), (output.into(), self.output.max(long.output))]))
    }
}

/// The sum of tokens at prices per million, rounded up once.
fn sum(parts: &[(u64, Money)]) -> Money {
    let millionths: u128 = parts.iter().map(|(tokens, price)| u128::from(*tokens) * u128::from(price.nanos())).sum();
    Money::from_nanos(u64::try_from(millionths.div_ceil(1_000_000)).unwrap_or(u64::MAX))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::prompt::Prompt;
    use crate::provider::{AnswerSchema, Model};

    const PRICE: Price = Price::per_million("2", "8").cached("0.5").cache_write("2.5");

    #[test]
    fn each_kind_of_token_has_its_price() {
        let mut usage = Usage::new(1_000, 100);
        assert_eq!(PRICE.of(&usage), Some(Money::usd("0.0028")));
        (usage.cached_input_tokens, usage.cache_write_tokens) = (Some(600), Some(200));
        assert_eq!(PRICE.of(&usage), Some(Money::usd("0.0020")));
        assert_eq!(Price::per_million("2", "8").of(&usage), Some(Money::usd("0.0028")));
    }

    #[test]
    fn parts_beside_their_whole_are_charged_too() {
        let mut usage = Usage::new(86, 1);
        (usage.cached_input_tokens, usage.reasoning_tokens) = (Some(17_817), Some(228));
        // 86 fresh, 17,817 cached, 229 written.
        assert_eq!(PRICE.of(&usage), Some(Money::usd("0.0109125")));
    }

    #[test]
    fn what_was_not_counted_has_no_price() {
        assert_eq!(PRICE.of(&Usage::default()), None);
        assert_eq!(Price::FREE.of(&Usage::new(5, 5)), Some(Money::ZERO));
    }

    #[test]
    fn a_part_of_a_billionth_is_rounded_up() {
        let price = Price::per_million("0.0001", "0");
        assert_eq!(price.of(&Usage::new(1, 0)), Some(Money::from_nanos(1)));
        assert_eq!(price.of(&Usage::new(20, 0)), Some(Money::from_nanos(2)));
    }

    #[test]
    fn the_worst_case_is_above_what_comes() {
        let request = Request::new(Model::new("a/b").max_output_tokens(100), Prompt::user("ünï"));
        // Five bytes, a message and the frame, all of them written to the cache; then the longest answer.
        let most = sum(&[(5 + MESSAGE + FRAME, Money::usd("2.5")), (100, Money::usd("8"))]);
        assert_eq!(PRICE.worst_case(&request), Some(most));
        let shaped = request.clone().schema(AnswerSchema::new("x", serde_json::json!({"type": "object"})));
        assert!(PRICE.worst_case(&shaped) > Some(most));
        assert_eq!(PRICE.worst_case(&Request::new(Model::new("a/b"), request.prompt)), None);
    }
}
