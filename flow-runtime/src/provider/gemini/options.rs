//! Constructors and options.

use std::env;
use std::sync::Arc;

use super::Gemini;
use super::vertex::Vertex;
use crate::provider::environment::{FromEnvError, Variables, text};
use crate::provider::http::{Endpoint, Key, options};
use crate::provider::tokens::{TokenSource, Tokens};

const OFFICIAL: &str = "https://generativelanguage.googleapis.com";
const KEY: &str = "GEMINI_API_KEY";
const OTHER_KEY: &str = "GOOGLE_API_KEY";
const BASE_URL: &str = "GEMINI_BASE_URL";
const PROJECT: &str = "GOOGLE_CLOUD_PROJECT";
const LOCATION: &str = "GOOGLE_CLOUD_LOCATION";
const TOKEN: &str = "GOOGLE_OAUTH_ACCESS_TOKEN";
const VERTEX_BASE_URL: &str = "VERTEX_BASE_URL";

impl Gemini {
    /// Connects to Google.
    pub fn new(key: impl AsRef<str>) -> Self {
        Self::at("gemini", OFFICIAL).key(key)
    }

    /// Connects to a server with `generateContent`. The URL may include the `/v1beta`. Serves the models `name/…`, and needs a
    /// [key](Self::key) only if the server asks for one.
    pub fn at(name: impl Into<String>, base_url: impl Into<String>) -> Self {
        Self { endpoint: Endpoint::new(name, base_url), vertex: None, tokens: None }
    }

    /// Connects to Vertex AI, in a project of Google Cloud and a location such as `europe-west4`, or `global`. Serves the models
    /// `vertex/…`, and needs a [token](Self::token_source).
    pub fn vertex(project: impl Into<String>, location: impl Into<String>) -> Self {
        let vertex = Vertex { project: project.into(), location: location.into() };
        Self { endpoint: Endpoint::new("vertex", vertex.address()), vertex: Some(vertex), tokens: None }
    }

    /// Reads `GOOGLE_CLOUD_PROJECT`; `GOOGLE_CLOUD_LOCATION`, which is `global` unless set; `GOOGLE_OAUTH_ACCESS_TOKEN`, a token as
    /// `gcloud auth print-access-token` prints it; and `VERTEX_BASE_URL`, which is optional. Such a token expires after an hour: set
    /// a [source](Self::token_source) in programs that run longer.
    ///
    /// # Errors
    ///
    /// Fails if the project or the token is not set.
    pub fn vertex_from_env() -> Result<Self, FromEnvError> {
        Self::vertex_from_variables(&|name| env::var(name).ok())
    }

    pub(in crate::provider) fn vertex_from_variables(variables: Variables<'_>) -> Result<Self, FromEnvError> {
        const EXAMPLE: &str = "the output of `gcloud auth print-access-token`";
        let project = text(variables, PROJECT)
            .ok_or_else(|| FromEnvError::nothing("project", "vertex", PROJECT, "a project of Google Cloud"))?;
        let token = text(variables, TOKEN).and_then(|token| Key::new(&token));
        let token = token.ok_or_else(|| FromEnvError::nothing("token", "vertex", TOKEN, EXAMPLE))?;
        let mut vertex = Self::vertex(project, text(variables, LOCATION).unwrap_or_else(|| "global".to_owned()));
        vertex.tokens = Some(Tokens::Fixed(token));
        Ok(match text(variables, VERTEX_BASE_URL) {
            Some(url) => vertex.base_url(url),
            None => vertex,
        })
    }

    /// Sets where bearer tokens come from, which are sent instead of a key.
    #[must_use]
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.tokens = Some(Tokens::From(Arc::new(source)));
        self
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

    /// Sets the URL of the API; it may include the version.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.endpoint.base_url = base_url.into();
        self
    }
}

options!(Gemini, "gemini");
