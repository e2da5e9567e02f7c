//! Pieces of one field, joined.

use serde_json::{Map, Value};

/// Adds a piece of a field that is returned unchanged.
pub(super) fn join(fields: &mut Map<String, Value>, name: &str, piece: Value) {
    match (fields.get_mut(name), piece) {
        (_, Value::Null) => {}
        (Some(Value::String(text)), Value::String(more)) => text.push_str(&more),
        (Some(Value::Array(list)), Value::Array(more)) => more.into_iter().for_each(|more| join_detail(list, more)),
        (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
        (None, Value::Array(more)) => {
            let mut list = Vec::new();
            more.into_iter().for_each(|more| join_detail(&mut list, more));
            fields.insert(name.to_owned(), list.into());
        }
        (_, piece) => drop(fields.insert(name.to_owned(), piece)),
    }
}

/// Adds a piece of OpenRouter's `reasoning_details`. Consecutive pieces of one detail become one.
/// See <https://openrouter.ai/docs/guides/best-practices/reasoning-tokens#streaming-mode>.
fn join_detail(details: &mut Vec<Value>, more: Value) {
    let is_same = |last: &&mut Value| ["type", "index"].iter().all(|name| last.get(name) == more.get(name));
    let Some(Value::Object(last)) = details.last_mut().filter(is_same) else { return details.push(more) };
    let Value::Object(more) = more else { return details.push(more) };
    for (name, value) in more {
        match (&name[..], last.get_mut(&name), value) {
            ("text" | "summary" | "data", Some(Value::String(text)), Value::String(more)) => text.push_str(&more),
            (_, Some(known), value) if known.is_null() => *known = value,
            (_, None, value) => drop(last.insert(name, value)),
            _ => {}
        }
    }
}

/// Adds a part of the content. Texts are joined, also those within Mistral's thoughts.
pub(super) fn join_part(parts: &mut Vec<Value>, part: Value) {
    let same = parts.last_mut().filter(|last| last.get("type") == part.get("type"));
    if !same.is_some_and(|last| is_joined(last, &part)) {
        parts.push(part);
    }
}

/// Whether a part could be added to the one before it.
fn is_joined(last: &mut Value, part: &Value) -> bool {
    if let (Some(Value::String(text)), Some(more)) = (last.get_mut("text"), part["text"].as_str()) {
        text.push_str(more);
        return true;
    }
    let Some(more) = part["thinking"].as_array() else { return false };
    let Some(Value::Array(thoughts)) = last.get_mut("thinking") else { return false };
    more.iter().cloned().for_each(|more| join_part(thoughts, more));
    let rest = part.as_object().into_iter().flatten().filter(|(name, _)| *name != "thinking");
    if let Value::Object(last) = last {
        last.extend(rest.map(|(name, value)| (name.clone(), value.clone())));
    }
    true
}
