//! Models parsed from text, as in configuration.

use std::collections::HashSet;
use std::fmt;
use std::str::FromStr;
use std::sync::{Mutex, PoisonError};

use super::Model;

/// Interned names of parsed models. A model is a constant, so its name must live as long as the program.
static NAMES: Mutex<Option<HashSet<&'static str>>> = Mutex::new(None);

/// Parses `provider/name` to a model without parameters. Each distinct name stays in memory, so use this for configuration, not
/// per request.
///
/// ```
/// use flow_runtime::provider::Model;
///
/// let model: Model = "anthropic/claude-haiku-4-5".parse().unwrap();
/// assert_eq!(model, Model::new("anthropic/claude-haiku-4-5"));
/// assert!("claude".parse::<Model>().is_err());
/// ```
impl FromStr for Model {
    type Err = ParseModelError;

    fn from_str(text: &str) -> Result<Self, ParseModelError> {
        let text = text.trim();
        let halves = text.split_once('/').filter(|(provider, name)| !provider.is_empty() && !name.is_empty());
        match halves {
            Some(_) if !text.contains(char::is_whitespace) => Ok(Self::new(kept(text))),
            _ => Err(ParseModelError(text.to_owned())),
        }
    }
}

fn kept(name: &str) -> &'static str {
    let mut names = NAMES.lock().unwrap_or_else(PoisonError::into_inner);
    let names = names.get_or_insert_default();
    if let Some(known) = names.get(name) {
        return known;
    }
    let name: &'static str = Box::leak(name.into());
    names.insert(name);
    name
}

/// A text that is not a model name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ParseModelError(String);

impl fmt::Display for ParseModelError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "`{}` is not a model name: expected `provider/name`, such as `openai/gpt-5-mini`", self.0)
    }
}

impl std::error::Error for ParseModelError {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_kept_once() {
        let [one, two] = [(); 2].map(|()| " kept/once ".parse::<Model>().unwrap());
        assert_eq!(one.id(), "kept/once");
        assert!(std::ptr::eq(one.id(), two.id()));
    }

    #[test]
    fn what_has_no_two_halves_is_named() {
        for text in ["", "gpt", "/gpt", "openai/", "open ai/gpt"] {
            let error = text.parse::<Model>().unwrap_err().to_string();
            assert!(error.starts_with(&format!("`{text}` is not a model name")), "{error}");
        }
    }
}
