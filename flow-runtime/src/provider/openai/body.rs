//! The request body.

use serde_json::{Map, Value, json};

use super::messages::{Dialect, messages};
use super::server::Server;
use super::tools::offer;
use crate::contract::hash;
use crate::prompt::{Message, Role};
use crate::provider::http;
use crate::provider::{AnswerSchema, Capabilities, Failure, Model, Request, SchemaSupport};

/// Writes the body. Unset parameters are omitted: many models reject parameters they do not know.
pub(super) fn body(
    request: &Request,
    provider: &str,
    capabilities: Capabilities,
    server: &Server,
    effort: Option<&'static str>,
) -> Result<Value, Failure> {
    let model = &request.model;
    let mut body = Map::new();
    body.insert("model".to_owned(), model.api_name().into());
    body.insert("messages".to_owned(), messages(&request.prompt, &dialect(request, provider, server))?);
    let format = request.schema.as_ref().and_then(|schema| format(schema, capabilities.schema));
    body.extend(format.map(|format| ("response_format".to_owned(), format)));
    offer(&mut body, request);
    parameters(&mut body, model, server, effort);
    if model.get_prompt_cache() && server.prompt_cache_key {
        body.insert("prompt_cache_key".to_owned(), cache_key(request).into());
    }
    http::extend(&mut body, model)?;
    Ok(Value::Object(body))
}

fn dialect<'a>(request: &Request, provider: &'a str, server: &Server) -> Dialect<'a> {
    let model = &request.model;
    Dialect {
        provider: Some(provider).filter(|_| server.takes_reasoning(model)),
        call_ids: server.call_ids(model),
        attached: server.attached,
        requires_reasoning: request.has_calls() && server.requires_reasoning(model),
    }
}

fn format(answer: &AnswerSchema, support: SchemaSupport) -> Option<Value> {
    let AnswerSchema { name, description, schema } = answer;
    match support {
        SchemaSupport::None => return None,
        SchemaSupport::JsonMode => return Some(json!({"type": "json_object"})),
        _ => {}
    }
    let mut format = json!({"name": name, "schema": schema});
    if let Some(text) = description {
        format["description"] = text.as_str().into();
    }
    if support == SchemaSupport::Strict {
        format["strict"] = true.into();
    }
    Some(json!({"type": "json_schema", "json_schema": format}))
}

fn parameters(body: &mut Map<String, Value>, model: &Model, server: &Server, effort: Option<&'static str>) {
    let parameters = [
        (server.token_limit, model.get_max_output_tokens().map(Value::from)),
        ("temperature", model.get_temperature().map(Value::from)),
        ("reasoning_effort", effort.map(Value::from)),
    ];
    body.extend(parameters.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))));
}

/// A cache key shared by prompts that start alike: derived from the step and the system prompt.
pub(super) fn cache_key(request: &Request) -> String {
    let system = request.prompt.messages.iter().filter(|message| message.role == Role::System);
    let step = request.schema.as_ref().map_or("", |answer| &answer.name[..]);
    let start: String = [step.into()].into_iter().chain(system.map(Message::text)).collect();
    format!("flow-{:016x}", hash(&start))
}

#[cfg(test)]
mod tests {
    use super::super::server::{OPENAI, OTHER};
    use super::*;
    use crate::prompt::Prompt;

    fn key(model: Model, server: &Server, system: &str, question: &str) -> Value {
        let request = Request::new(model, Prompt::user(question).system(system));
        body(&request, "openai", server.capabilities, server, None).unwrap()["prompt_cache_key"].clone()
    }

    #[test]
    fn prompts_that_begin_alike_have_the_same_cache_key() {
        const MODEL: Model = Model::new("openai/m").prompt_cache();
        let first = key(MODEL, &OPENAI, "Be brief.", "One?");
        assert!(first.as_str().unwrap().starts_with("flow-"));
        assert_eq!(first, key(MODEL, &OPENAI, "Be brief.", "Two?"));
        assert_ne!(first, key(MODEL, &OPENAI, "Be long.", "One?"));
    }

    #[test]
    fn no_cache_key_is_sent_unasked_or_to_who_may_not_know_it() {
        const PLAIN: Model = Model::new("openai/m");
        assert_eq!(key(PLAIN, &OPENAI, "Be brief.", "One?"), Value::Null);
        assert_eq!(key(PLAIN.prompt_cache(), &OTHER, "Be brief.", "One?"), Value::Null);
    }
}
