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
    let pair = (std::ptr::from_ref(sent.node), std::ptr::from_ref(accepted.node));
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
            Some(_) => misfit(&path, "a value or nothing", "always a value"),
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
