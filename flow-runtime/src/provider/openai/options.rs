//! Constructors, options and environment variables.

use std::env;
use std::sync::Arc;

use super::OpenAi;
use super::api::Api;
use super::azure::Azure;
use super::ollama;
use super::refused::Accepted;
use super::server::{AZURE, LLAMA_CPP, OLLAMA, OTHER, Server, VLLM};
use crate::provider::environment::{FromEnvError, Variables, text};
use crate::provider::http::{Endpoint, Key, options};
use crate::provider::tokens::{TokenSource, Tokens};
use crate::provider::{Capabilities, Model, SchemaSupport};

const OFFICIAL: &str = "https://api.openai.com/v1";
const KEY: &str = "OPENAI_API_KEY";
const BASE_URL: &str = "OPENAI_BASE_URL";
/// The variables of Azure's own clients.
const AZURE_ENDPOINT: &str = "AZURE_OPENAI_ENDPOINT";
const AZURE_KEY: &str = "AZURE_OPENAI_API_KEY";
const AZURE_TOKEN: &str = "AZURE_OPENAI_AD_TOKEN";
const VERSION: &str = "OPENAI_API_VERSION";

impl OpenAi {
    /// Connects to OpenAI.
    pub fn new(key: impl AsRef<str>) -> Self {
        Self::at("openai", OFFICIAL).key(key)
    }

    /// Connects to a compatible server. The URL includes the `/v1`, if there is one. Serves the models `name/…`, and needs a
    /// [key](Self::key) only if the server asks for one.
    pub fn at(name: impl Into<String>, base_url: impl Into<String>) -> Self {
        let (endpoint, accepted) = (Endpoint::new(name, base_url), Accepted::default());
        Self { endpoint, server: None, api: None, azure: None, tokens: None, accepted }
    }

    /// Connects to Ollama on this machine, at port 11434.
    pub fn ollama() -> Self {
        Self::of(&OLLAMA, "ollama", ollama::url(&|_| None))
    }

    /// Connects to the Ollama server named by `OLLAMA_BASE_URL` or, as Ollama itself does, `OLLAMA_HOST`; defaults to this
    /// machine.
    pub fn ollama_from_env() -> Self {
        Self::ollama_from_variables(&|name| env::var(name).ok())
    }

    pub(in crate::provider) fn ollama_from_variables(variables: Variables<'_>) -> Self {
        Self::of(&OLLAMA, "ollama", ollama::url(variables))
    }

    /// Connects to a vLLM server. The URL includes the `/v1`. Serves the models `vllm/…`.
    pub fn vllm(base_url: impl Into<String>) -> Self {
        Self::of(&VLLM, "vllm", base_url)
    }

    /// Connects to a llama.cpp server. The URL includes the `/v1`. Serves the models `llama-cpp/…`.
    pub fn llama_cpp(base_url: impl Into<String>) -> Self {
        Self::of(&LLAMA_CPP, "llama-cpp", base_url)
    }

    fn of(server: &'static Server, name: &str, base_url: impl Into<String>) -> Self {
        Self { server: Some(server), ..Self::at(name, base_url) }
    }

    /// Connects to a resource of Azure OpenAI, such as `https://my-resource.openai.azure.com`. Serves the models `azure/…`, where the
    /// name is that of a deployment.
    pub fn azure(endpoint: impl Into<String>, key: impl AsRef<str>) -> Self {
        Self { azure: Some(Azure::default()), ..Self::of(&AZURE, "azure", endpoint) }.key(key)
    }

    /// Reads `AZURE_OPENAI_ENDPOINT`, `AZURE_OPENAI_API_KEY` or `AZURE_OPENAI_AD_TOKEN`, and `OPENAI_API_VERSION`, which is optional.
    ///
    /// # Errors
    ///
    /// Fails if the endpoint is not set, or neither key nor token.
    pub fn azure_from_env() -> Result<Self, FromEnvError> {
        Self::azure_from_variables(&|name| env::var(name).ok())
    }

    pub(in crate::provider) fn azure_from_variables(variables: Variables<'_>) -> Result<Self, FromEnvError> {
        const EXAMPLE: &str = "the endpoint of the resource, such as https://my-resource.openai.azure.com";
        let endpoint = text(variables, AZURE_ENDPOINT)
            .ok_or_else(|| FromEnvError::nothing("endpoint", "azure", AZURE_ENDPOINT, EXAMPLE))?;
        let key = text(variables, AZURE_KEY);
        let token = text(variables, AZURE_TOKEN).filter(|_| key.is_none()).and_then(|token| Key::new(&token));
        if key.is_none() && token.is_none() {
            return Err(FromEnvError::no_key("azure", AZURE_KEY));
        }
        let mut azure = Self::azure(endpoint, key.unwrap_or_default());
        azure.tokens = token.map(Tokens::Fixed);
        Ok(match text(variables, VERSION) {
            Some(version) => azure.api_version(version),
            None => azure,
        })
    }

    /// Sets the version of Azure's API, which then is part of each URL. A date, such as `2024-10-21`, means the older form of the API,
    /// in which all models are asked through chat completions unless [`responses`](Self::responses) is set. Has no effect elsewhere.
    #[must_use]
    pub fn api_version(mut self, version: impl Into<String>) -> Self {
        if let Some(azure) = &mut self.azure {
            azure.api_version = Some(version.into());
        }
        self
    }

    /// Says which model a deployment of Azure is: `deployment("fast", Model::new("openai/gpt-5-mini"))`. Only the name of the model is
    /// used: effort levels, and the API that serves it, depend on it. Has no effect elsewhere.
    #[must_use]
    pub fn deployment(mut self, deployment: impl Into<String>, model: Model) -> Self {
        if let Some(azure) = &mut self.azure {
            azure.deployments.push((deployment.into(), model));
        }
        self
    }

    /// Sets where bearer tokens come from, which are sent instead of a key.
    #[must_use]
    pub fn token_source(mut self, source: impl TokenSource) -> Self {
        self.tokens = Some(Tokens::From(Arc::new(source)));
        self
    }

    /// Reads `OPENAI_API_KEY` and `OPENAI_BASE_URL`. With a base URL, the key is optional.
    ///
    /// # Errors
    ///
    /// Fails if neither is set.
    pub fn from_env() -> Result<Self, FromEnvError> {
        Self::from_variables(&|name| env::var(name).ok())
    }

    pub(in crate::provider) fn from_variables(variables: Variables<'_>) -> Result<Self, FromEnvError> {
        let (key, base_url) = (text(variables, KEY), text(variables, BASE_URL));
        if key.is_none() && base_url.is_none() {
            return Err(FromEnvError::no_key("openai", KEY));
        }
        let mut openai = Self::at("openai", base_url.unwrap_or_else(|| OFFICIAL.to_owned()));
        openai.endpoint.key = key.and_then(|key| Key::new(&key));
        Ok(openai)
    }

    /// Sets the URL of the API, including the `/v1`.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.endpoint.base_url = base_url.into();
        self
    }

    /// Asks every model through the Responses API.
    #[must_use]
    pub fn responses(self) -> Self {
        self.with_api(Api::Responses)
    }

    /// Asks every model through chat completions.
    #[must_use]
    pub fn chat_completions(self) -> Self {
        self.with_api(Api::Chat)
    }

    pub(in crate::provider) fn with_api(mut self, api: Api) -> Self {
        self.api = Some(api);
        self
    }

    /// Declares that the endpoint returns JSON but does not support schemas.
    #[must_use]
    pub fn json_mode(self) -> Self {
        self.capabilities(Capabilities::new(SchemaSupport::JsonMode))
    }

    /// Declares that the endpoint does not support any output format.
    #[must_use]
    pub fn no_schema(self) -> Self {
        self.capabilities(Capabilities::new(SchemaSupport::None))
    }

    fn host(&self) -> &str {
        let rest = self.endpoint.base_url.split_once("://").map_or(&self.endpoint.base_url[..], |(_, rest)| rest);
        rest.split(['/', ':', '?']).next().unwrap_or_default()
    }

    /// The kind of server: as set, or detected from its address.
    pub(super) fn server(&self) -> &'static Server {
        self.server.or_else(|| Server::at(self.host())).unwrap_or(&OTHER)
    }
}

options!(OpenAi, "openai");

#[cfg(test)]
mod tests {
    use super::*;
    use crate::provider::Provider;

    fn from(key: Option<&str>, base_url: Option<&str>) -> Result<OpenAi, FromEnvError> {
        OpenAi::from_variables(&|name| if name == KEY { key } else { base_url }.map(str::to_owned))
    }

    #[test]
    fn an_environment_that_says_nothing_is_told_what_to_set() {
        for blank in [None, Some(""), Some(" ")] {
            let message = from(blank, blank).unwrap_err().to_string();
            assert_eq!(message, "no API key for `openai`: set OPENAI_API_KEY");
        }
    }

    #[test]
    fn a_key_alone_means_openai_and_a_url_alone_a_server_without_keys() {
        let official = from(Some("sk-secret"), None).unwrap();
        assert_eq!(official.server().capabilities.schema, SchemaSupport::Strict);
        let local = from(None, Some("http://127.0.0.1:8080/v1")).unwrap();
        assert!(local.endpoint.key.is_none());
        assert_eq!(local.server().capabilities.schema, SchemaSupport::Compatible);
    }

    #[test]
    fn only_openai_is_official() {
        let official = |url: &str| OpenAi::at("x", url).server().prompt_cache_key;
        assert!(official("https://api.openai.com/v1") && official("https://API.openai.com:443"));
        assert!(!official("https://api.openai.com.example/v1") && !official("https://example.com/api.openai.com"));
    }

    #[test]
    fn what_a_host_takes_of_a_schema_is_known() {
        for (url, id, schema) in [
            ("https://api.deepseek.com", "deepseek/deepseek-v4-pro", SchemaSupport::JsonMode),
            ("https://api.groq.com/openai/v1", "groq/llama-3.3-70b-versatile", SchemaSupport::JsonMode),
            ("https://API.groq.com/openai/v1", "groq/openai/gpt-oss-20b", SchemaSupport::Strict),
            ("https://api.deepseek.com.example/v1", "deepseek/deepseek-v4-pro", SchemaSupport::Compatible),
        ] {
            let server = OpenAi::at("any", url);
            let able = Provider::capabilities(&server, &Model::new(id));
            assert_eq!(able.schema, schema, "{url} {id}");
            assert!(able.schema_in_prompt != (schema == SchemaSupport::Strict), "{id}");
            assert_eq!(Provider::capabilities(&server.no_schema(), &Model::new(id)).schema, SchemaSupport::None);
        }
    }

    #[test]
    fn a_key_is_shown_nowhere() {
        let shown = format!("{:?}", OpenAi::new("sk-secret"));
        assert!(!shown.contains("sk-secret"), "{shown}");
    }
}
