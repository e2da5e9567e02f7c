//! What is sent for a request: through which API, where, and with which parameters.

use serde_json::Value;

use super::OpenAi;
use super::api::Api;
use super::server::Server;
use super::{body, responses};
use crate::provider::{Failure, FailureKind, Model, Provider, Request};

impl OpenAi {
    /// The API, the URL and the body of a request; rejects one that the model cannot answer.
    pub(super) fn prepare(&self, request: &Request) -> Result<(Api, String, Value), Failure> {
        let (able, server) = (Provider::capabilities(self, &request.model), self.server());
        if !(request.tools.is_empty() || able.tools) {
            return Err(self.no_tools(&request.model));
        }
        let known = Request { model: self.known(&request.model), ..request.clone() };
        let (name, model) = (&self.endpoint.name, &known.model);
        let api = self.api(model, !request.tools.is_empty() || request.has_calls());
        let mut body = match api {
            Api::Chat => body::body(&known, name, able, server, self.effort(&known, server))?,
            Api::Responses => {
                let effort = self.endpoint.effort(model, server.effort(model));
                responses::body(&known, name, able, server, effort)?
            }
        };
        if model != &request.model {
            body["model"] = request.model.api_name().into();
        }
        let url = match &self.azure {
            Some(azure) => azure.url(self.endpoint.base(), api, &request.model),
            None => format!("{}/{}", self.endpoint.base(), api.path()),
        };
        Ok((api, url, body))
    }

    /// The model by its name at OpenAI, which the rules go by.
    pub(super) fn known(&self, model: &Model) -> Model {
        self.azure.as_ref().map_or(*model, |azure| azure.model(model))
    }

    /// The API for a request of a model, with tools or without.
    pub(super) fn api(&self, model: &Model, has_tools: bool) -> Api {
        let is_dated = self.azure.as_ref().is_some_and(|azure| azure.is_dated());
        let usual = || if is_dated { Api::Chat } else { self.server().api(model, has_tools) };
        self.api.unwrap_or_else(usual)
    }

    /// The effort to send in chat completions. Configured levels apply beside tools as well.
    fn effort(&self, request: &Request, server: &Server) -> Option<&'static str> {
        let model = &request.model;
        let limit = server.with_tools(model).filter(|_| !request.tools.is_empty() && self.endpoint.efforts.is_none());
        match limit {
            Some(limit) => limit.effort(),
            None => self.endpoint.effort(model, server.effort(model)),
        }
    }

    fn no_tools(&self, model: &Model) -> Failure {
        let is_configured = self.endpoint.tools.is_some() || self.endpoint.capabilities.is_some();
        let text = match is_configured {
            true => format!("`{}` takes no tools, according to the configured capabilities", model.id()),
            false => format!(
                "`{}` takes tools only through OpenAI's Responses API; ask it through that API, or ask another model",
                model.id()
            ),
        };
        Failure::new(FailureKind::InvalidRequest, text)
    }
}
