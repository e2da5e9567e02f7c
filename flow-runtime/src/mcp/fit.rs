//! Whether every value of one schema is a value of another: what a step sends and what a tool accepts, or what a tool
//! returns and what a step reads.
//!
//! Only types, listed values, properties and items are compared. What cannot be told apart fits: the server, or the contract
//! when the answer arrives, has the last word.

use serde_json::Value;

use super::form;
use super::schema::{Schema, View};

/// A part of a schema that does not fit another.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Misfit {
    /// Where: `.labels[].name`, or empty for the complete value.
    pub path: String,
    /// What may be there.
    pub sent: String,
    /// What is accepted.
    pub accepted: String,
}

/// The pairs of schemas that are being compared, since schemas may be recursive.
type Open = Vec<(*const Value, *const Value)>;

/// Returns where a value of `sent` may not be a value of `accepted`; both are documents.
pub fn misfits(sent: &Value, accepted: &Value) -> Vec<Misfit> {
    compare(Schema::of(sent), Schema::of(accepted), "", &mut Open::new())
}

fn compare(sent: Schema<'_>, accepted: Schema<'_>, path: &str, open: &mut Open) -> Vec<Misfit> {
    // References are followed first: another reference to an open schema is the same schema.
    let pair = (std::ptr::from_ref(sent.resolved().node), std::ptr::from_ref(accepted.resolved().node));
    let (Some(views), Some(choices)) = (sent.views(), accepted.views()) else { return Vec::new() };
    if open.contains(&pair) {
        return Vec::new();
    }
    open.push(pair);
    let found = views.iter().find_map(|view| {
        let found = best(view, &choices, path, open);
        (!found.is_empty()).then_some(found)
    });
    open.pop();
    found.unwrap_or_default()
}

/// The misfits with the alternative that fits best.
fn best(sent: &View<'_>, choices: &[View<'_>], path: &str, open: &mut Open) -> Vec<Misfit> {
    let is_chosen = |value: &Value| choices.iter().any(|accepted| takes(accepted, value));
    // Each listed value may fit another alternative.
    if sent.values().is_some_and(|all| choices.len() > 1 && all.into_iter().all(is_chosen)) {
        return Vec::new();
    }
    let mut nearest: Option<Vec<Misfit>> = None;
    for accepted in choices {
        let found = pair(sent, accepted, path, open);
        if found.is_empty() {
            return found;
        }
        // One that differs further down says more than one of another type.
        let is_nearer = found.iter().all(|misfit| misfit.path.len() > path.len());
        if nearest.is_none() || is_nearer {
            nearest = Some(found);
        }
    }
    match nearest {
        Some(found) if choices.len() == 1 || found.iter().all(|misfit| misfit.path.len() > path.len()) => found,
        _ => vec![misfit(path, form::of(sent), form::either(choices))],
    }
}

fn takes(accepted: &View<'_>, value: &Value) -> bool {
    !accepted.is_never()
        && accepted.kind.is_none_or(|kind| form::is_of(value, kind))
        && accepted.values().is_none_or(|all| all.contains(&value))
}

fn misfit(path: &str, sent: impl Into<String>, accepted: impl Into<String>) -> Misfit {
    Misfit { path: path.to_owned(), sent: sent.into(), accepted: accepted.into() }
}

fn pair(sent: &View<'_>, accepted: &View<'_>, path: &str, open: &mut Open) -> Vec<Misfit> {
    let differs = || vec![misfit(path, form::of(sent), form::of(accepted))];
    if accepted.is_never() || !same_kind(sent, accepted) || !listed(sent, accepted) {
        return differs();
    }
    match sent.kind {
        Some("object") if accepted.kind.is_some() => objects(sent, accepted, path, open),
        Some("array") => match (sent.keyword("items").next(), accepted.keyword("items").next()) {
            (Some(items), Some(others)) => compare(items, others, &format!("{path}[]"), open),
            _ => Vec::new(),
        },
        _ => Vec::new(),
    }
}

fn same_kind(sent: &View<'_>, accepted: &View<'_>) -> bool {
    match (sent.kind, accepted.kind) {
        (Some("integer"), Some("number")) => true,
        (Some(sent), Some(accepted)) => sent == accepted,
        (None, Some(kind)) => sent.values().is_none_or(|all| all.iter().all(|value| form::is_of(value, kind))),
        (_, None) => true,
    }
}

/// Whether the values that one schema lists are among those of the other.
fn listed(sent: &View<'_>, accepted: &View<'_>) -> bool {
    match (sent.values(), accepted.values()) {
        (Some(sent), Some(accepted)) => sent.iter().all(|value| accepted.contains(value)),
        // The values of a boolean are few, and often all listed.
        (None, Some(_)) => !matches!(sent.kind, Some("string" | "integer" | "number" | "object" | "array")),
        (_, None) => true,
    }
}

fn objects(sent: &View<'_>, accepted: &View<'_>, path: &str, open: &mut Open) -> Vec<Misfit> {
    let (always, mut found) = (sent.required(), Vec::new());
    for name in accepted.required().difference(&always) {
        let path = format!("{path}.{name}");
        found.push(match sent.property(name) {
            Some(_) => misfit(&path, "a value that may be absent", "a required value"),
            None if sent.others().is_some_and(|others| others.node != &Value::Bool(false)) => continue,
            None => misfit(&path, "nothing", form::schema(accepted.property(name))),
        });
    }
    for (name, property) in sent.properties() {
        let path = format!("{path}.{name}");
        match (accepted.property(name), accepted.others()) {
            (Some(other), _) => found.extend(compare(property, other, &path, open)),
            (None, Some(others)) if others.node == &Value::Bool(false) => {
                found.push(misfit(&path, form::schema(Some(property)), "no such field"));
            }
            (None, _) => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn told(sent: &Value, accepted: &Value) -> Vec<String> {
        let told = |misfit: Misfit| format!("{}: {} into {}", misfit.path, misfit.sent, misfit.accepted);
        misfits(sent, accepted).into_iter().map(told).collect()
    }

    #[test]
    fn types_and_listed_values_are_compared() {
        let fits = [
            (json!({ "type": "integer" }), json!({ "type": "number" })),
            (json!({ "type": "string" }), json!({ "type": ["string", "null"] })),
            (json!({ "const": "a" }), json!({ "type": "string" })),
            (json!({ "enum": ["a"] }), json!({ "oneOf": [{ "const": "b" }, { "const": "a" }] })),
            (json!({ "enum": ["a", "b"] }), json!({ "oneOf": [{ "const": "b" }, { "const": "a" }] })),
            (json!({ "enum": ["a", null] }), json!({ "type": ["string", "null"], "enum": ["b", "a", null] })),
            (json!({ "type": "string" }), json!({})),
            (json!({}), json!({ "type": "string" })),
            (json!({ "type": "array", "items": { "type": "integer" } }), json!({ "type": "array" })),
        ];
        for (sent, accepted) in fits {
            assert_eq!(told(&sent, &accepted), [] as [&str; 0], "{sent} into {accepted}");
        }
        assert_eq!(told(&json!({ "type": "number" }), &json!({ "type": "integer" })), [": number into integer"]);
        assert_eq!(told(&json!({ "type": ["string", "null"] }), &json!({ "type": "string" })), [": null into string"]);
        assert_eq!(
            told(&json!({ "type": "string" }), &json!({ "enum": ["a", "b"] })),
            [": string into one of \"a\", \"b\""]
        );
        assert_eq!(
            told(&json!({ "enum": ["a", "c"] }), &json!({ "oneOf": [{ "const": "b" }, { "const": "a" }] })),
            [": one of \"a\", \"c\" into \"b\" or \"a\""]
        );
        assert_eq!(told(&json!({ "type": "string" }), &json!(false)), [": string into nothing"]);
    }

    #[test]
    fn objects_are_compared_by_property() {
        let person =
            |age: &str| json!({ "type": "object", "properties": { "age": { "type": age } }, "required": ["age"] });
        let list = |item: Value| json!({ "type": "array", "items": item });
        assert_eq!(told(&list(person("string")), &list(person("integer"))), ["[].age: string into integer"]);
        let closed = json!({ "type": "object", "properties": {}, "additionalProperties": false });
        assert_eq!(told(&person("integer"), &closed), [".age: integer into no such field"]);
        let none = json!({ "type": "object" });
        assert_eq!(told(&none, &person("integer")), [".age: nothing into integer"]);
    }

    #[test]
    fn the_nearest_alternative_is_told() {
        let circle = json!({ "type": "object", "properties": { "r": { "type": "number" } }, "required": ["r"] });
        let other = json!({ "type": "object", "properties": { "r": { "type": "string" } }, "required": ["r"] });
        let accepted = json!({ "anyOf": [circle, { "type": "null" }] });
        assert_eq!(told(&other, &accepted), [".r: string into number"]);
        assert_eq!(told(&json!({ "type": "string" }), &accepted), [": string into object with `r` or null"]);
    }

    #[test]
    fn recursive_schemas_end() {
        let tree = |leaf: &str| {
            json!({
                "$ref": "#/$defs/Tree",
                "$defs": { "Tree": { "type": "object", "properties": {
                    "leaf": { "type": leaf },
                    "left": { "$ref": "#/$defs/Tree" },
                    "more": { "type": "array", "items": { "$ref": "#/$defs/Tree" } },
                } } },
            })
        };
        assert_eq!(told(&tree("string"), &tree("string")), [] as [&str; 0]);
        assert_eq!(told(&tree("string"), &tree("integer")), [".leaf: string into integer"]);
        assert_eq!(told(&json!({ "$ref": "#" }), &tree("integer")), [] as [&str; 0], "a schema that is only itself");
    }
}
