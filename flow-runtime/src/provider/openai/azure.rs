//! Azure's form of OpenAI's APIs: other URLs, and deployment names instead of model names.

use super::api::Api;
use crate::provider::Model;
use crate::provider::http::segment;

/// A resource of Azure.
#[derive(Debug, Default)]
pub(super) struct Azure {
    /// The version in the URLs. A date means the older form, in which the deployment is part of the path.
    pub(super) api_version: Option<String>,
    /// The names of deployments, with the models that they are.
    pub(super) deployments: Vec<(String, Model)>,
}

impl Azure {
    /// Whether requests have the older form, which is for chat completions unless another API was set.
    pub(super) fn is_dated(&self) -> bool {
        self.api_version.as_deref().is_some_and(|version| version.starts_with(|letter: char| letter.is_ascii_digit()))
    }

    /// The URL of a request. The endpoint may include the path that all requests share.
    pub(super) fn url(&self, endpoint: &str, api: Api, model: &Model) -> String {
        let endpoint = endpoint.trim_end_matches('/');
        let root = endpoint.strip_suffix("/v1").unwrap_or(endpoint).trim_end_matches("/openai");
        let path = match (self.is_dated(), api) {
            (false, _) => format!("v1/{}", api.path()),
            (true, Api::Chat) => format!("deployments/{}/{}", segment(model.api_name()), api.path()),
            (true, Api::Responses) => api.path().to_owned(),
        };
        let query = self.api_version.as_ref().map(|version| format!("?api-version={version}")).unwrap_or_default();
        format!("{root}/openai/{path}{query}")
    }

    /// The model that a deployment is: the one that was named, or else the one of the same name.
    pub(super) fn model(&self, deployment: &Model) -> Model {
        let known = self.deployments.iter().find(|(name, _)| name == deployment.api_name());
        known.map_or(*deployment, |(_, model)| deployment.known_as(model))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const MODEL: Model = Model::new("azure/my gpt");

    fn url(endpoint: &str, version: Option<&str>, api: Api) -> String {
        let azure = Azure { api_version: version.map(str::to_owned), ..Azure::default() };
        azure.url(endpoint, api, &MODEL)
    }

    #[test]
    fn both_forms_are_reached_from_every_form_of_the_endpoint() {
        let root = "https://name.openai.azure.com";
        for endpoint in
            ["", "/", "/openai", "/openai/", "/openai/v1", "/openai/v1/"].map(|path| format!("{root}{path}"))
        {
            for (version, api, path) in [
                (None, Api::Chat, "v1/chat/completions"),
                (None, Api::Responses, "v1/responses"),
                (Some("preview"), Api::Responses, "v1/responses?api-version=preview"),
                (Some("2024-10-21"), Api::Chat, "deployments/my%20gpt/chat/completions?api-version=2024-10-21"),
                (Some("2025-04-01-preview"), Api::Responses, "responses?api-version=2025-04-01-preview"),
            ] {
                assert_eq!(url(&endpoint, version, api), format!("{root}/openai/{path}"), "{endpoint}");
            }
        }
    }

    #[test]
    fn a_deployment_is_the_model_that_it_was_said_to_be() {
        let azure =
            Azure { deployments: vec![("my gpt".to_owned(), Model::new("azure/gpt-6-luna"))], ..Azure::default() };
        let found = azure.model(&MODEL.max_output_tokens(7));
        assert_eq!((found.api_name(), found.get_max_output_tokens()), ("gpt-6-luna", Some(7)));
        assert_eq!(azure.model(&Model::new("azure/gpt-4o")).api_name(), "gpt-4o");
    }
}
