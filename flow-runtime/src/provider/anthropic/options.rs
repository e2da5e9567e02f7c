//! Constructors and options.

use std::env;

use super::{Anthropic, Complex};
use crate::provider::environment::{FromEnvError, Variables, text};
use crate::provider::http::{Endpoint, Key, options};

const OFFICIAL: &str = "https://api.anthropic.com";
const KEY: &str = "ANTHROPIC_API_KEY";
const BASE_URL: &str = "ANTHROPIC_BASE_URL";

impl Anthropic {
    /// Connects to Anthropic.
    pub fn new(key: impl AsRef<str>) -> Self {
        Self::at("anthropic", OFFICIAL).key(key)
    }

    /// Connects to a server with Anthropic's Messages API. The URL may include the `/v1`. Serves the models `name/…`, and needs a
    /// [key](Self::key) only if the server asks for one.
    pub fn at(name: impl Into<String>, base_url: impl Into<String>) -> Self {
        Self { endpoint: Endpoint::new(name, base_url), complex: Complex::default() }
    }

    /// Reads `ANTHROPIC_API_KEY` and `ANTHROPIC_BASE_URL`. With a base URL, the key is optional.
    ///
    /// # Errors
    ///
    /// Fails if neither is set.
    pub fn from_env() -> Result<Self, FromEnvError> {
        Self::from_variables(&|name| env::var(name).ok())
    }

    pub(in crate::provider) fn from_variables(variables: Variables<'_>) -> Result<Self, FromEnvError> {
        let (key, base_url) = (text(variables, KEY).and_then(|key| Key::new(&key)), text(variables, BASE_URL));
        if key.is_none() && base_url.is_none() {
            return Err(FromEnvError::no_key("anthropic", KEY));
        }
        let mut anthropic = Self::at("anthropic", base_url.unwrap_or_else(|| OFFICIAL.to_owned()));
        anthropic.endpoint.key = key;
        Ok(anthropic)
    }

    /// Sets the URL of the API; it may include the `/v1`.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.endpoint.base_url = base_url.into();
        self
    }
}

options!(Anthropic, "anthropic");
