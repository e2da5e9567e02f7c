//! Providers and models configured by environment variables.

use std::fmt;
use std::sync::Arc;

use super::{Model, Provider};

/// Looks up an environment variable.
pub(crate) type Variables<'a> = &'a dyn Fn(&str) -> Option<String>;

/// Creates the provider of the models `name/…` from environment variables; `variable` looks a variable up.
///
/// | models | variables |
/// |---|---|
/// | `openai/…` | `OPENAI_API_KEY`, `OPENAI_BASE_URL` |
/// | `anthropic/…` | `ANTHROPIC_API_KEY`, `ANTHROPIC_BASE_URL` |
/// | `gemini/…` | `GEMINI_API_KEY` or `GOOGLE_API_KEY`, `GEMINI_BASE_URL` |
/// | `azure/…` | `AZURE_OPENAI_ENDPOINT`, `AZURE_OPENAI_API_KEY` or `AZURE_OPENAI_AD_TOKEN`, `OPENAI_API_VERSION` |
/// | `vertex/…` | `GOOGLE_CLOUD_PROJECT`, `GOOGLE_CLOUD_LOCATION` (`global` unless set), `GOOGLE_OAUTH_ACCESS_TOKEN`, `VERTEX_BASE_URL` |
/// | `bedrock/…`, with the feature `bedrock` | `AWS_REGION` or `AWS_DEFAULT_REGION`; `AWS_BEARER_TOKEN_BEDROCK`, or `AWS_ACCESS_KEY_ID`, `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`; `AWS_ENDPOINT_URL_BEDROCK_RUNTIME` |
/// | `ollama/…` | `OLLAMA_BASE_URL` or `OLLAMA_HOST`; defaults to the local machine |
/// | any other `name/…` | `FLOW_NAME_BASE_URL` of an OpenAI-compatible server, `FLOW_NAME_API_KEY` if it needs a key |
///
/// These override what is known of the endpoint:
///
/// | variable | value |
/// |---|---|
/// | `FLOW_NAME_SCHEMA` | the schemas that it supports: one of [these names](crate::provider::SchemaSupport::names), such as `json` |
/// | `FLOW_NAME_TOOLS` | whether requests may have tools: `true` or `false` |
/// | `FLOW_NAME_EFFORT` | its [levels of effort](crate::provider::EffortLevels), as in `low,high`, or `unsupported` |
/// | `FLOW_NAME_MEDIA` | the [kinds of attachments](crate::provider::MediaKinds) that it takes, as in `image,pdf`, or `unsupported` |
/// | `FLOW_NAME_API` | the API of an OpenAI-compatible server: `chat` or `responses` |
/// | `FLOW_AZURE_DEPLOYMENTS` | which models the deployments of Azure are, as in `fast=gpt-5-mini,smart=gpt-6-sol` |
///
/// # Errors
///
/// Fails if the variables are missing or invalid, or if the crate was built without the feature `providers`.
pub fn provider_from(name: &str, variable: &dyn Fn(&str) -> Option<String>) -> Result<Arc<dyn Provider>, FromEnvError> {
    served::provider(name, variable)
}

/// Returns the model that the environment substitutes for a [named](Model::name) one: `FLOW_MODEL_FAST` for `fast`.
///
/// # Errors
///
/// Fails if the value is not a model name; the text names the variable.
pub fn replacement_from(name: &str, variables: &dyn Fn(&str) -> Option<String>) -> Result<Option<Model>, String> {
    let variable = format!("FLOW_MODEL_{}", spelled(name));
    let Some(text) = text(variables, &variable) else { return Ok(None) };
    text.parse().map(Some).map_err(|error| format!("{variable} is invalid: {error}"))
}

/// Spells a name as in environment variables: `fast-one` becomes `FAST_ONE`.
pub fn spelled(name: &str) -> String {
    let plain = |letter: char| if letter.is_ascii_alphanumeric() { letter.to_ascii_uppercase() } else { '_' };
    name.chars().map(plain).collect()
}

/// The value of a variable, or `None` if it is blank.
pub(super) fn text(variables: Variables<'_>, name: &str) -> Option<String> {
    variables(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty())
}

#[cfg(feature = "providers")]
mod served {
    use super::{Arc, FromEnvError, Provider, Variables, spelled, text};
    use crate::provider::openai::api::Api;
    use crate::provider::{Anthropic, Capabilities, EffortLevels, Gemini, MediaKinds, OpenAi};

    /// A provider with the capabilities and effort levels set by the variables.
    macro_rules! with {
        ($provider:expr, $name:expr, $variables:expr) => {{
            let mut provider = $provider;
            if let Some(able) = capabilities($name, $variables)? {
                provider = provider.capabilities(able);
            }
            if let Some(kinds) = media($name, $variables)? {
                provider = provider.media(kinds);
            }
            if let Some(are_accepted) = tools($name, $variables)? {
                provider = provider.tools(are_accepted);
            }
            if let Some(levels) = levels($name, $variables)? {
                provider = provider.effort_levels(levels);
            }
            Arc::new(provider)
        }};
    }

    pub(super) fn provider(name: &str, variables: Variables<'_>) -> Result<Arc<dyn Provider>, FromEnvError> {
        Ok(match name {
            "anthropic" => with!(Anthropic::from_variables(variables)?, name, variables),
            "gemini" => with!(Gemini::from_variables(variables)?, name, variables),
            name if is_gateway(name, variables) => with!(compatible(name, variables)?, name, variables),
            "vertex" => with!(Gemini::vertex_from_variables(variables)?, name, variables),
            #[cfg(feature = "bedrock")]
            "bedrock" => with!(crate::provider::Bedrock::from_variables(variables)?, name, variables),
            #[cfg(not(feature = "bedrock"))]
            "bedrock" => return Err(FromEnvError::no_bedrock()),
            name => with!(openai(name, variables)?, name, variables),
        })
    }

    /// Whether a name that has an API of its own stands for a compatible server, whose address is set.
    fn is_gateway(name: &str, variables: Variables<'_>) -> bool {
        let has_own = matches!(name, "azure" | "bedrock" | "vertex");
        has_own && text(variables, &format!("FLOW_{}_BASE_URL", spelled(name))).is_some()
    }

    /// OpenAI, or a provider with one of its APIs.
    fn openai(name: &str, variables: Variables<'_>) -> Result<OpenAi, FromEnvError> {
        let provider = match name {
            "openai" => OpenAi::from_variables(variables)?,
            "azure" => deployed(OpenAi::azure_from_variables(variables)?, variables)?,
            "ollama" => OpenAi::ollama_from_variables(variables),
            name => compatible(name, variables)?,
        };
        let variable = format!("FLOW_{}_API", spelled(name));
        let Some(value) = text(variables, &variable) else { return Ok(provider) };
        let api = Api::named(&value)
            .ok_or_else(|| FromEnvError::unknown("API", &value, &variable, "`chat` or `responses`"))?;
        Ok(provider.with_api(api))
    }

    /// `fast=gpt-5-mini`: a deployment, and the model that it is.
    fn deployed(azure: OpenAi, variables: Variables<'_>) -> Result<OpenAi, FromEnvError> {
        const VARIABLE: &str = "FLOW_AZURE_DEPLOYMENTS";
        let list = text(variables, VARIABLE).unwrap_or_default();
        let mut pairs = list.split(',').map(str::trim).filter(|pair| !pair.is_empty());
        pairs.try_fold(azure, |azure, pair| {
            let halves = pair.split_once('=').map(|(name, model)| (name.trim(), model.trim()));
            let read = halves.filter(|(name, _)| !name.is_empty());
            let read = read.and_then(|(name, model)| Some((name, format!("openai/{model}").parse().ok()?)));
            let example = "a comma-separated list of deployments and their models, such as `fast=gpt-5-mini`";
            let (name, model) = read.ok_or_else(|| FromEnvError::unknown("deployment", pair, VARIABLE, example))?;
            Ok(azure.deployment(name, model))
        })
    }

    fn tools(name: &str, variables: Variables<'_>) -> Result<Option<bool>, FromEnvError> {
        let variable = format!("FLOW_{}_TOOLS", spelled(name));
        match text(variables, &variable).as_deref() {
            None => Ok(None),
            Some("true") => Ok(Some(true)),
            Some("false") => Ok(Some(false)),
            Some(other) => Err(FromEnvError::unknown("value", other, &variable, "`true` or `false`")),
        }
    }

    fn capabilities(name: &str, variables: Variables<'_>) -> Result<Option<Capabilities>, FromEnvError> {
        let variable = format!("FLOW_{}_SCHEMA", spelled(name));
        let Some(value) = text(variables, &variable) else { return Ok(None) };
        Capabilities::named(&value).map(Some).ok_or_else(|| FromEnvError::no_schema(&variable, &value))
    }

    fn media(name: &str, variables: Variables<'_>) -> Result<Option<MediaKinds>, FromEnvError> {
        let variable = format!("FLOW_{}_MEDIA", spelled(name));
        match text(variables, &variable).as_deref() {
            None => Ok(None),
            Some("unsupported") => Ok(Some(MediaKinds::NONE)),
            Some(list) => {
                let kinds = MediaKinds::named(list.split(',').map(str::trim));
                kinds.map(Some).map_err(|kind| FromEnvError::no_kind(&variable, kind))
            }
        }
    }

    fn levels(name: &str, variables: Variables<'_>) -> Result<Option<EffortLevels>, FromEnvError> {
        let variable = format!("FLOW_{}_EFFORT", spelled(name));
        match text(variables, &variable).as_deref() {
            None => Ok(None),
            Some("unsupported") => Ok(Some(EffortLevels::default())),
            Some(list) => {
                let levels = EffortLevels::named(list.split(',').map(str::trim));
                levels.map(Some).map_err(|level| FromEnvError::no_level(&variable, level))
            }
        }
    }

    fn compatible(name: &str, variables: Variables<'_>) -> Result<OpenAi, FromEnvError> {
        let prefix = format!("FLOW_{}", spelled(name));
        let base_url = format!("{prefix}_BASE_URL");
        let url = text(variables, &base_url).ok_or_else(|| FromEnvError::no_address(name, &base_url))?;
        Ok(OpenAi::at(name, url).key(text(variables, &format!("{prefix}_API_KEY")).unwrap_or_default()))
    }
}

#[cfg(not(feature = "providers"))]
mod served {
    use super::{Arc, FromEnvError, Provider, Variables};

    pub(super) fn provider(name: &str, _: Variables<'_>) -> Result<Arc<dyn Provider>, FromEnvError> {
        Err(FromEnvError {
            lack: format!("the program has no provider `{name}` and was built without the feature `providers`"),
            way_out: "register a provider, or build with that feature".to_owned(),
        })
    }
}

/// The environment does not configure a provider.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FromEnvError {
    lack: String,
    way_out: String,
}

impl FromEnvError {
    /// Returns what is missing, without the suggested fix.
    pub fn lack(&self) -> &str {
        &self.lack
    }
}

#[cfg(feature = "providers")]
impl FromEnvError {
    pub(super) fn no_key(provider: &str, variable: &str) -> Self {
        Self { lack: format!("no API key for `{provider}`"), way_out: format!("set {variable}") }
    }

    pub(super) fn nothing(what: &str, provider: &str, variable: &str, example: &str) -> Self {
        Self { lack: format!("no {what} for `{provider}`"), way_out: format!("set {variable} to {example}") }
    }

    #[cfg(not(feature = "bedrock"))]
    fn no_bedrock() -> Self {
        Self {
            lack: "the program has no provider `bedrock` and was built without the feature `bedrock`".to_owned(),
            way_out: "register a provider, or build with that feature".to_owned(),
        }
    }

    fn unknown(what: &str, value: &str, variable: &str, expected: &str) -> Self {
        Self { lack: format!("unknown {what} `{value}` in {variable}"), way_out: format!("set it to {expected}") }
    }

    fn no_schema(variable: &str, value: &str) -> Self {
        Self {
            lack: format!("unknown schema support `{value}` in {variable}"),
            way_out: "set it to `json`, `none`, `strict`, `compatible`, `anthropic`, `gemini` or `full`".to_owned(),
        }
    }

    fn no_kind(variable: &str, kind: &str) -> Self {
        Self {
            lack: format!("unknown kind of attachments `{kind}` in {variable}"),
            way_out: "list `image`, `audio` and `pdf`, separated by commas, or set it to `unsupported`".to_owned(),
        }
    }

    fn no_level(variable: &str, level: &str) -> Self {
        Self {
            lack: format!("unknown effort level `{level}` in {variable}"),
            way_out: "set it to a comma-separated list of `none`, `minimal`, `low`, `default`, `medium`, `high`, `xhigh` and `max`, or to `unsupported`".to_owned(),
        }
    }

    fn no_address(provider: &str, variable: &str) -> Self {
        Self {
            lack: format!("no address for `{provider}`"),
            way_out: format!(
                "set {variable} to the base URL of an OpenAI-compatible server, such as http://127.0.0.1:8080/v1"
            ),
        }
    }
}

impl fmt::Display for FromEnvError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.lack, self.way_out)
    }
}

impl std::error::Error for FromEnvError {}

#[cfg(all(test, feature = "providers"))]
mod tests;
