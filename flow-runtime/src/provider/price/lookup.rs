//! Lookup in the price table.
//!
//! A price may have changed since the date of its row, so prices set by the program take precedence. A model that is not listed
//! has no known price.

use super::{KNOWN, Price};
use crate::provider::Model;

/// The model's own price, or else the one in the table.
pub(crate) fn price_of(model: &Model) -> Option<Price> {
    model.get_price().or_else(|| find(model.id()))
}

fn find(model: &str) -> Option<Price> {
    KNOWN.iter().find(|known| is_same(known.model, model)).map(|known| known.price)
}

/// Whether the names are equal, apart from a date suffix: `-20251001` or `-2025-08-07`.
fn is_same(known: &str, model: &str) -> bool {
    let Some(rest) = model.strip_prefix(known) else { return false };
    let Some(date) = rest.strip_prefix('-') else { return rest.is_empty() };
    let digits = date.bytes().filter(u8::is_ascii_digit).count();
    let hyphens = [4, 7].map(|at| date.as_bytes().get(at) == Some(&b'-'));
    digits == 8 && (date.len() == 8 || (date.len() == 10 && hyphens == [true, true]))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Money;
    use crate::provider::Usage;

    #[test]
    fn a_dated_name_is_the_same_model_and_another_is_not() {
        for same in ["openai/gpt-5-mini", "openai/gpt-5-mini-2025-08-07", "anthropic/claude-haiku-4-5-20251001"] {
            assert!(find(same).is_some(), "{same}");
        }
        for other in
            ["openai/gpt-5-mini-high", "openai/gpt-5-pro", "local/gpt-5", "openai/gpt-5-2025-8-7", "openai/gpt"]
        {
            assert_eq!(find(other), None, "{other}");
        }
        assert_ne!(find("openai/gpt-5-mini-2025-08-07"), find("openai/gpt-5-2025-08-07"));
    }

    #[test]
    fn long_prompts_and_caches_have_their_prices() {
        let cost = |model: &str, input: u64| find(model).unwrap().of(&Usage::new(input, 1_000));
        assert_eq!(cost("gemini/gemini-2.5-pro", 199_999), Some(Money::usd("0.25999875")));
        assert_eq!(cost("gemini/gemini-2.5-pro", 200_000), Some(Money::usd("0.515")));
        let mut cached = Usage::new(300_000, 0);
        (cached.cached_input_tokens, cached.cache_write_tokens) = (Some(200_000), Some(100_000));
        assert_eq!(find("anthropic/claude-sonnet-4-5").unwrap().of(&cached), Some(Money::usd("0.87")));
        assert_eq!(find("anthropic/claude-haiku-4-5").unwrap().of(&cached), Some(Money::usd("0.145")));
    }

    #[test]
    fn each_model_stands_there_once_with_date_and_source() {
        assert!(KNOWN.len() >= 115);
        for (at, known) in KNOWN.iter().enumerate() {
            assert!(KNOWN[..at].iter().all(|other| other.model != known.model), "{}", known.model);
            let date = known.date.split('-').map(str::len);
            assert!(date.eq([4, 2, 2]) && known.source.starts_with("https://"), "{}", known.model);
        }
    }
}
