//! The forms of values in messages.

use serde_json::Value;

use super::schema::{Schema, View};

/// Maximum number of listed values that a message shows.
const SHOWN: usize = 8;

pub(super) fn schema(schema: Option<Schema<'_>>) -> String {
    schema.and_then(Schema::views).map_or_else(|| "a value".to_owned(), |views| either(&views))
}

/// `string`, `string or null`, `string or integer or null`.
pub(super) fn either(views: &[View<'_>]) -> String {
    let mut forms: Vec<_> = views.iter().map(of).collect();
    forms.dedup();
    if forms.is_empty() { "nothing".to_owned() } else { forms.join(" or ") }
}

pub(super) fn of(view: &View<'_>) -> String {
    if view.is_never() {
        return "nothing".to_owned();
    }
    match (view.values(), view.kind) {
        (Some(values), _) => {
            let more = if values.len() > SHOWN { ", …" } else { "" };
            let shown: Vec<_> = values.iter().take(SHOWN).map(ToString::to_string).collect();
            if values.len() == 1 { shown.concat() } else { format!("one of {}{more}", shown.join(", ")) }
        }
        (None, Some("object")) => object(view),
        (None, Some("array")) => match view.keyword("items").next() {
            Some(items) => format!("array of {}", shallow(items)),
            None => "array".to_owned(),
        },
        (None, Some(kind)) => kind.to_owned(),
        (None, None) => "any value".to_owned(),
    }
}

fn object(view: &View<'_>) -> String {
    let names: Vec<_> = view.properties().map(|(name, _)| format!("`{name}`")).take(SHOWN).collect();
    if names.is_empty() { "object".to_owned() } else { format!("object with {}", names.join(", ")) }
}

/// The types alone, since items may contain themselves.
fn shallow(items: Schema<'_>) -> String {
    let kinds = items.views().unwrap_or_default();
    let mut kinds: Vec<_> = kinds.iter().map(|view| view.kind.unwrap_or("any value")).collect();
    kinds.dedup();
    kinds.join(" or ")
}

/// Whether a value has this JSON type.
pub(super) fn is_of(value: &Value, kind: &str) -> bool {
    match value {
        Value::Null => kind == "null",
        Value::Bool(_) => kind == "boolean",
        Value::Number(number) => kind == "number" || (kind == "integer" && !number.is_f64()),
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
    }
}
