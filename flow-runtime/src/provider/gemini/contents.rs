//! The conversation of a request.

use std::collections::HashMap;

use serde_json::{Map, Value, json};

use crate::media::{MediaKind, MediaSource};
use crate::prompt::{Content, Message, Part, Prompt, Role};
use crate::provider::attached::{Form, MB, Taken, before_base64};
use crate::provider::calls;
use crate::provider::parts::{checked, given, object, some};
use crate::provider::{Failure, FailureKind};

/// A field that must be returned with its part.
pub(super) const SIGNATURE: &str = "thoughtSignature";

/// The documented signature for a call of another model, which Gemini cannot have signed.
/// Source: <https://ai.google.dev/gemini-api/docs/thought-signatures#faqs>, 2026-11-30.
const UNSIGNED: &str = "skip_thought_signature_validator";

const MOST: usize = before_base64(20 * MB);

/// Sources: <https://ai.google.dev/gemini-api/docs/image-understanding>, <https://ai.google.dev/gemini-api/docs/document-processing>,
/// <https://ai.google.dev/gemini-api/docs/audio>, 2026-11-30. A request with files in it has at most 20 MB.
static TAKEN: Taken = Taken {
    forms: &[
        Form { media_type: "image/png", name: "image/png", most: MOST },
        Form { media_type: "image/jpeg", name: "image/jpeg", most: MOST },
        Form { media_type: "image/webp", name: "image/webp", most: MOST },
        Form { media_type: "image/heic", name: "image/heic", most: MOST },
        Form { media_type: "image/heif", name: "image/heif", most: MOST },
        Form { media_type: "application/pdf", name: "application/pdf", most: MOST },
        Form { media_type: "audio/wav", name: "audio/wav", most: MOST },
        Form { media_type: "audio/mpeg", name: "audio/mp3", most: MOST },
        Form { media_type: "audio/aiff", name: "audio/aiff", most: MOST },
        Form { media_type: "audio/aac", name: "audio/aac", most: MOST },
        Form { media_type: "audio/ogg", name: "audio/ogg", most: MOST },
        Form { media_type: "audio/flac", name: "audio/flac", most: MOST },
    ],
    urls: &MediaKind::ALL,
    most: MOST,
    in_results: false,
};

/// Gemini 3, which signs its calls, also takes them from functions.
/// Source: <https://ai.google.dev/gemini-api/docs/function-calling#multimodal>, 2026-11-30.
static RESULTS: Taken = Taken { in_results: true, ..TAKEN };

/// Adds the contents and the separate system prompt; opaque parts go back only to the `provider` they came from. The first call of
/// a turn has a signature if the model `signs` its calls.
pub(super) fn say(body: &mut Map<String, Value>, prompt: &Prompt, provider: &str, signs: bool) -> Result<(), Failure> {
    checked(prompt, if signs { &RESULTS } else { &TAKEN })?;
    let (system, said): (Vec<_>, Vec<_>) = prompt.messages.iter().partition(|message| message.role == Role::System);
    if said.is_empty() {
        let text = "the prompt has only system messages, but Gemini requires a user message";
        return Err(Failure::new(FailureKind::InvalidRequest, text));
    }
    if !system.is_empty() {
        let parts: Vec<_> = system.iter().map(|message| json!({"text": message.text()})).collect();
        body.insert("systemInstruction".to_owned(), json!({"parts": parts}));
    }
    let mut writer = Writer { provider, signs, names: HashMap::new() };
    let contents: Result<Vec<_>, _> = said.into_iter().filter_map(|message| writer.turn(message).transpose()).collect();
    body.insert("contents".to_owned(), contents?.into());
    Ok(())
}

struct Writer<'a> {
    provider: &'a str,
    signs: bool,
    /// Tool names by call id: a result must repeat the name.
    names: HashMap<&'a str, String>,
}

impl<'a> Writer<'a> {
    /// A message, or `None` if it has only opaque parts of other providers.
    fn turn(&mut self, message: &'a Message) -> Result<Option<Value>, Failure> {
        let role = if message.role == Role::Assistant { "model" } else { "user" };
        let (mut parts, mut signature) = (Vec::new(), None);
        // Of parallel calls, only the first is signed.
        let mut unsigned = self.signs.then(|| Value::from(UNSIGNED));
        for part in message.content.parts() {
            let mut written = match part {
                Part::Text { text } => json!({"text": text}),
                Part::ToolCall { id, name, arguments } => {
                    signature = signature.or(unsigned.take());
                    let name = calls::name(name);
                    self.names.insert(id, name.clone());
                    let call = some([
                        ("id", given(id).map(Value::from)),
                        ("name", Some(name.into())),
                        ("args", Some(object(arguments))),
                    ]);
                    json!({"functionCall": call})
                }
                Part::ToolResult { call, content, is_error } => self.result(call, content, *is_error)?,
                Part::Opaque { provider, value } if provider == self.provider => match alone(value) {
                    Some(value) => value.clone(),
                    None => {
                        signature = Some(value[SIGNATURE].clone());
                        continue;
                    }
                },
                Part::Media { media_type, source } => attached(media_type, source),
                Part::Opaque { .. } => continue,
            };
            if let Some(signature) = signature.take() {
                written[SIGNATURE] = signature;
            }
            parts.push(written);
        }
        Ok((!parts.is_empty()).then(|| json!({"role": role, "parts": parts})))
    }

    fn result(&self, call: &str, content: &Content, is_error: bool) -> Result<Value, Failure> {
        let Some(name) = self.names.get(call) else {
            let text = format!("the prompt has a result for call `{call}`, but no such call before it");
            return Err(Failure::new(FailureKind::InvalidRequest, text));
        };
        let parts = content.parts().iter().filter_map(|part| match part {
            Part::Media { media_type, source } => Some(attached(media_type, source)),
            _ => None,
        });
        let parts = parts.collect::<Vec<_>>();
        let result = some([
            ("id", given(call).map(Value::from)),
            ("name", Some(name.as_str().into())),
            ("response", Some(response(&content.text(), is_error))),
            ("parts", (!parts.is_empty()).then(|| parts.into())),
        ]);
        Ok(json!({"functionResponse": result}))
    }
}

/// An attachment. At a URL whose type is unknown, Gemini finds it out.
fn attached(media_type: &str, source: &MediaSource) -> Value {
    let name = TAKEN.name(media_type);
    match source {
        MediaSource::Data(data) => json!({"inlineData": {"mimeType": name, "data": data.base64()}}),
        MediaSource::Url(url) => {
            json!({"fileData": some([("mimeType", name.map(Value::from)), ("fileUri", Some(url.as_str().into()))])})
        }
    }
}

/// An opaque value that is a part by itself, rather than the signature of the next part.
fn alone(value: &Value) -> Option<&Value> {
    let is_signature = value.as_object().is_some_and(|fields| fields.len() == 1 && fields.contains_key(SIGNATURE));
    (!is_signature).then_some(value)
}

/// The response of a function: an object as it is, anything else under `output` or `error`, as the API names them.
/// See <https://ai.google.dev/api/caching#FunctionResponse>.
fn response(text: &str, is_error: bool) -> Value {
    match serde_json::from_str(text) {
        _ if is_error => json!({"error": text}),
        Ok(Value::Object(fields)) => fields.into(),
        Ok(value) if !value.is_string() => json!({"output": value}),
        _ => json!({"output": text}),
    }
}
