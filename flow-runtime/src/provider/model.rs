//! Models and their request parameters.

mod parse;

pub use parse::ParseModelError;

use super::Price;

/// A model, `provider/name`, and its request parameters. Parameters that are not set are not sent.
///
/// ```
/// use flow_runtime::provider::Model;
///
/// const FAST: Model = Model::new("openai/gpt-5-mini").max_output_tokens(600).name("fast");
/// assert_eq!((FAST.provider(), FAST.api_name()), ("openai", "gpt-5-mini"));
/// ```
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Model {
    id: &'static str,
    max_output_tokens: Option<u32>,
    temperature: Option<f64>,
    effort: Option<Effort>,
    prompt_cache: bool,
    price: Option<Price>,
    name: Option<&'static str>,
    extra: &'static [(&'static str, &'static str)],
}

/// How long a reasoning model thinks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Effort {
    /// As little as the model allows.
    Minimal,
    /// Briefly.
    Low,
    /// The provider's default.
    Medium,
    /// Thoroughly.
    High,
}

impl Effort {
    /// Returns the name that most providers use.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Minimal => "minimal",
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
        }
    }
}

impl Model {
    /// Creates a model from `provider/name`. The part before the first slash selects the provider; the rest is sent to it
    /// unchanged.
    ///
    /// # Panics
    ///
    /// Panics if the name has no slash or an empty half; in a constant, this fails the build.
    #[track_caller]
    pub const fn new(id: &'static str) -> Self {
        let model = Self {
            id,
            max_output_tokens: None,
            temperature: None,
            effort: None,
            prompt_cache: false,
            price: None,
            name: None,
            extra: &[],
        };
        assert!(
            model.is_whole(),
            "invalid model name: expected `provider/name`, such as `openai/gpt-5-mini`\n  see flow::errors::model_name"
        );
        model
    }

    /// Limits the tokens of an answer.
    #[must_use]
    pub const fn max_output_tokens(mut self, tokens: u32) -> Self {
        self.max_output_tokens = Some(tokens);
        self
    }

    /// Sets the sampling temperature. Many current models reject it.
    #[must_use]
    pub const fn temperature(mut self, temperature: f64) -> Self {
        self.temperature = Some(temperature);
        self
    }

    /// Sets how long a reasoning model thinks.
    #[must_use]
    pub const fn effort(mut self, effort: Effort) -> Self {
        self.effort = Some(effort);
        self
    }

    /// Marks the start of the prompt as worth caching at the provider: its system messages, or else its first message.
    ///
    /// Anthropic receives `cache_control`, OpenAI a `prompt_cache_key`; the others cache by themselves or not at all.
    #[must_use]
    pub const fn prompt_cache(mut self) -> Self {
        self.prompt_cache = true;
        self
    }

    /// Sets the price of the model's tokens. Takes precedence over the [table](super::KNOWN);
    /// [`Builder::prices`](crate::engine::Builder::prices) takes precedence over both.
    #[must_use]
    pub const fn price(mut self, price: Price) -> Self {
        self.price = Some(price);
        self
    }

    /// Names the model so that it can be replaced: with [`Builder::model`](crate::engine::Builder::model), or from the
    /// environment if the runtime reads it. `FLOW_MODEL_FAST=anthropic/claude-haiku-4-5` replaces the model named `fast`.
    #[must_use]
    pub const fn name(mut self, name: &'static str) -> Self {
        self.name = Some(name);
        self
    }

    /// Sets additional parameters of the request body: names, and values as JSON text. Objects are merged into the request:
    /// `("generationConfig", r#"{"topK": 3}"#)`.
    #[must_use]
    pub const fn extra(mut self, extra: &'static [(&'static str, &'static str)]) -> Self {
        self.extra = extra;
        self
    }

    /// Returns the full name, `provider/name`.
    pub const fn id(&self) -> &'static str {
        self.id
    }

    /// Returns the provider's name.
    pub fn provider(&self) -> &'static str {
        &self.id[..self.slash()]
    }

    /// Returns the model's name at its provider.
    pub fn api_name(&self) -> &'static str {
        &self.id[self.slash() + 1..]
    }

    /// Returns the limit for the tokens of an answer, if set.
    pub const fn get_max_output_tokens(&self) -> Option<u32> {
        self.max_output_tokens
    }

    /// Returns the sampling temperature, if set.
    pub const fn get_temperature(&self) -> Option<f64> {
        self.temperature
    }

    /// Returns how long to think, if set.
    pub const fn get_effort(&self) -> Option<Effort> {
        self.effort
    }

    /// Returns whether the start of the prompt is worth caching.
    pub const fn get_prompt_cache(&self) -> bool {
        self.prompt_cache
    }

    /// Returns the price set on the model.
    pub const fn get_price(&self) -> Option<Price> {
        self.price
    }

    /// Returns the name by which the model can be replaced, if set.
    pub const fn get_name(&self) -> Option<&'static str> {
        self.name
    }

    /// Returns the additional parameters.
    pub const fn get_extra(&self) -> &'static [(&'static str, &'static str)] {
        self.extra
    }

    /// Whether the model name has this provider.
    pub(crate) const fn is_served_by(&self, provider: &str) -> bool {
        let (id, provider) = (self.id.as_bytes(), provider.as_bytes());
        let mut at = 0;
        while at < provider.len() && at < id.len() && id[at] == provider[at] {
            at += 1;
        }
        at == provider.len() && self.slash() == at
    }

    const fn is_whole(&self) -> bool {
        let slash = self.slash();
        slash > 0 && slash + 1 < self.id.len()
    }

    /// Makes this model a replacement of another: takes over the name, prompt caching, and the token limit unless it has its own.
    #[must_use]
    pub(crate) fn in_place_of(mut self, other: &Self) -> Self {
        self.max_output_tokens = self.max_output_tokens.or(other.max_output_tokens);
        self.prompt_cache |= other.prompt_cache;
        self.name = other.name;
        self
    }

    /// The model under the name of another.
    #[cfg(feature = "providers")]
    #[must_use]
    pub(crate) const fn known_as(mut self, other: &Self) -> Self {
        self.id = other.id;
        self
    }

    /// The index of the slash after the provider's name, or the length if there is none.
    const fn slash(&self) -> usize {
        let bytes = self.id.as_bytes();
        let mut at = 0;
        while at < bytes.len() && bytes[at] != b'/' {
            at += 1;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PLAIN: Model = Model::new("openai/gpt-5-mini");
    const TUNED: Model = Model::new("local/org/qwen3:4b")
        .max_output_tokens(600)
        .temperature(0.2)
        .effort(Effort::Low)
        .extra(&[("seed", "7")]);

    #[test]
    fn a_constant_model_knows_its_halves() {
        assert_eq!((PLAIN.provider(), PLAIN.api_name()), ("openai", "gpt-5-mini"));
        assert_eq!((TUNED.provider(), TUNED.api_name()), ("local", "org/qwen3:4b"));
        assert_eq!(TUNED.id(), "local/org/qwen3:4b");
    }

    #[test]
    fn nothing_is_set_unless_it_was_set() {
        const UNSET: (Option<u32>, Option<f64>, Option<Effort>) =
            (PLAIN.get_max_output_tokens(), PLAIN.get_temperature(), PLAIN.get_effort());
        assert_eq!(UNSET, (None, None, None));
        assert!(PLAIN.get_extra().is_empty() && PLAIN.get_name().is_none() && !PLAIN.get_prompt_cache());
        assert_eq!(TUNED.get_max_output_tokens(), Some(600));
        assert_eq!(TUNED.get_temperature(), Some(0.2));
        assert_eq!(TUNED.get_effort(), Some(Effort::Low));
        assert_eq!(TUNED.get_extra(), [("seed", "7")]);
    }

    #[test]
    fn a_name_without_two_halves_is_refused() {
        for id in ["gpt", "/gpt", "openai/", ""] {
            assert!(std::panic::catch_unwind(|| Model::new(id)).is_err(), "{id}");
        }
    }
}
