//! Constructors and options.

use std::env;

use super::Gemini;
use crate::provider::environment::{FromEnvError, Variables, text};
use crate::provider::http::{Endpoint, Key, options};

const OFFICIAL: &str = "https://generativelanguage.googleapis.com";
const KEY: &str = "GEMINI_API_KEY";
const OTHER_KEY: &str = "GOOGLE_API_KEY";
const BASE_URL: &str = "GEMINI_BASE_URL";

impl Gemini {
    /// Connects to Google.
    pub fn new(key: impl AsRef<str>) -> Self {
        Self::at("gemini", OFFICIAL).key(key)
    }

    /// Connects to a server with `generateContent`. The URL may include the `/v1beta`. Serves the models `name/…`, and needs a
    /// [key](Self::key) only if the server asks for one.
    pub fn at(name: impl Into<String>, base_url: impl Into<String>) -> Self {
        Self { endpoint: Endpoint::new(name, base_url) }
    }

    /// Reads `GEMINI_API_KEY` or `GOOGLE_API_KEY`, and `GEMINI_BASE_URL`. With a base URL, the key is optional.
    ///
    /// # Errors
    ///
    /// Fails if none of them is set.
    pub fn from_env() -> Result<Self, FromEnvError> {
        Self::from_variables(&|name| env::var(name).ok())
    }

    pub(in crate::provider) fn from_variables(variables: Variables<'_>) -> Result<Self, FromEnvError> {
        let key = text(variables, KEY).or_else(|| text(variables, OTHER_KEY));
        let (key, base_url) = (key.and_then(|key| Key::new(&key)), text(variables, BASE_URL));
        if key.is_none() && base_url.is_none() {
            return Err(FromEnvError::no_key("gemini", KEY));
        }
        let mut gemini = Self::at("gemini", base_url.unwrap_or_else(|| OFFICIAL.to_owned()));
        gemini.endpoint.key = key;
        Ok(gemini)
    }

    /// Sets the URL of the API; it may include the `/v1beta`.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.endpoint.base_url = base_url.into();
        self
    }
}

options!(Gemini, "gemini");
