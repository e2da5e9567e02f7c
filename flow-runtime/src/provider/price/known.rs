//! The prices that are known without being told, as data.
//!
//! They were written down from memory of the providers' pages as those stood on the date of each row, and are marked so:
//! a price may have changed since. What a program says itself goes first. A model whose price depends on the length of
//! its prompt, or that is not here, has no known price.

use super::Price;

/// One row of the table.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Known {
    /// The model, `provider/name`. The same name with a date at its end is the same model.
    pub model: &'static str,
    /// What its tokens cost.
    pub price: Price,
    /// The day for which the price is given, `YYYY-MM-DD`.
    pub date: &'static str,
    /// The page that says it.
    pub source: &'static str,
    /// Whether the price was read off the page on that day, rather than remembered.
    pub verified: bool,
}

const OPENAI: (&str, &str) = ("2025-10-01", "https://platform.openai.com/docs/pricing");
const ANTHROPIC: (&str, &str) = ("2025-12-01", "https://docs.claude.com/en/docs/about-claude/pricing");
const GEMINI: (&str, &str) = ("2025-10-01", "https://ai.google.dev/gemini-api/docs/pricing");

const fn row((date, source): (&'static str, &'static str), model: &'static str, price: Price) -> Known {
    Known { model, price, date, source, verified: false }
}

/// The table. Anthropic's price of a cache write is the one of the five minutes that are asked for.
pub const KNOWN: &[Known] = &[
    row(OPENAI, "openai/gpt-5", Price::per_million("1.25", "10").cached("0.125")),
    row(OPENAI, "openai/gpt-5-mini", Price::per_million("0.25", "2").cached("0.025")),
    row(OPENAI, "openai/gpt-5-nano", Price::per_million("0.05", "0.40").cached("0.005")),
    row(OPENAI, "openai/gpt-4.1", Price::per_million("2", "8").cached("0.50")),
    row(OPENAI, "openai/gpt-4.1-mini", Price::per_million("0.40", "1.60").cached("0.10")),
    row(OPENAI, "openai/gpt-4.1-nano", Price::per_million("0.10", "0.40").cached("0.025")),
    row(OPENAI, "openai/gpt-4o-mini", Price::per_million("0.15", "0.60").cached("0.075")),
    row(OPENAI, "openai/o4-mini", Price::per_million("1.10", "4.40").cached("0.275")),
    row(ANTHROPIC, "anthropic/claude-opus-4-5", Price::per_million("5", "25").cached("0.50").cache_write("6.25")),
    row(ANTHROPIC, "anthropic/claude-opus-4-1", Price::per_million("15", "75").cached("1.50").cache_write("18.75")),
    row(ANTHROPIC, "anthropic/claude-sonnet-4-5", Price::per_million("3", "15").cached("0.30").cache_write("3.75")),
    row(ANTHROPIC, "anthropic/claude-haiku-4-5", Price::per_million("1", "5").cached("0.10").cache_write("1.25")),
    row(GEMINI, "gemini/gemini-2.5-flash", Price::per_million("0.30", "2.50")),
    row(GEMINI, "gemini/gemini-2.5-flash-lite", Price::per_million("0.10", "0.40")),
];

pub(super) fn find(model: &str) -> Option<Price> {
    KNOWN.iter().find(|known| is_same(known.model, model)).map(|known| known.price)
}

/// The name itself, or with a date after it: `-20251001` or `-2025-08-07`.
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
    fn each_model_stands_there_once_with_date_and_source() {
        for (at, known) in KNOWN.iter().enumerate() {
            assert!(KNOWN[..at].iter().all(|other| other.model != known.model), "{}", known.model);
            let date = known.date.split('-').map(str::len);
            assert!(date.eq([4, 2, 2]) && known.source.starts_with("https://"), "{}", known.model);
        }
    }
}
