//! Normalizes schemas, so that equivalent ones compare equal.

use std::collections::{HashMap, HashSet};

use serde_json::{Map, Value, json};

/// Keywords that only describe, that bound values beyond what shapes express, or that are normalized separately.
const DROPPED: [&str; 24] = [
    "$schema",
    "$defs",
    "title",
    "description",
    "default",
    "examples",
    "contentEncoding",
    "deprecated",
    "readOnly",
    "writeOnly",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "minLength",
    "maxLength",
    "minItems",
    "maxItems",
    "uniqueItems",
    "not",
    "$ref",
    "anyOf",
    "oneOf",
    "enum",
];

/// Keywords whose subschemas are named, listed or single.
const NAMED: [&str; 2] = ["properties", "patternProperties"];
const LISTED: [&str; 4] = ["prefixItems", "allOf", "anyOf", "oneOf"];
const SINGLE: [&str; 3] = ["items", "additionalProperties", "unevaluatedProperties"];

/// The key that replaces a subschema in a normal form.
const MEANING: &str = "meaning";

/// A subschema of one of the two documents.
#[derive(Clone, Copy)]
pub(super) struct Node<'s> {
    root: &'s Value,
    schema: &'s Value,
}

impl<'s> Node<'s> {
    pub(super) fn root(root: &'s Value) -> Self {
        Self { root, schema: root }
    }

    fn at(self, schema: &'s Value) -> Self {
        Self { schema, ..self }
    }

    fn key(self) -> *const Value {
        self.schema
    }

    fn keyword(self, key: &str) -> Option<&'s Value> {
        self.schema.get(key)
    }

    /// The target of `$ref`.
    fn target(self) -> Option<Self> {
        let target = self.keyword("$ref")?.as_str()?;
        Some(self.at(self.root.pointer(target.trim_start_matches('#'))?))
    }

    /// The direct subschemas.
    fn parts(self) -> Vec<Self> {
        let mut parts: Vec<_> = self.target().into_iter().collect();
        for key in NAMED {
            parts.extend(
                self.keyword(key)
                    .and_then(Value::as_object)
                    .into_iter()
                    .flat_map(Map::values)
                    .map(|part| self.at(part)),
            );
        }
        for key in LISTED {
            parts.extend(self.keyword(key).and_then(Value::as_array).into_iter().flatten().map(|part| self.at(part)));
        }
        parts.extend(SINGLE.iter().filter_map(|key| self.keyword(key)).map(|part| self.at(part)));
        parts
    }
}

/// The meaning of every subschema of some documents; two subschemas are equivalent if their meanings are equal.
///
/// Schemas are graphs, and two generators may cut the same graph into different definitions. So meanings are computed by
/// partition refinement: all start equal, and each round separates subschemas that differ in themselves or in the meanings of
/// their parts, until nothing changes.
pub(super) struct Meanings<'s> {
    nodes: Vec<Node<'s>>,
    /// `true`, `false`, or the number of a class.
    of: HashMap<*const Value, Value>,
}

impl<'s> Meanings<'s> {
    pub(super) fn of(roots: &[Node<'s>]) -> Self {
        let mut meanings = Self { nodes: reachable(roots), of: HashMap::new() };
        for _ in 0..=meanings.nodes.len() {
            let next = meanings.refined();
            let done = next == meanings.of;
            meanings.of = next;
            if done {
                break;
            }
        }
        meanings
    }

    /// Classes are numbered in the order met, so that equal partitions compare equal.
    fn refined(&self) -> HashMap<*const Value, Value> {
        let mut classes = HashMap::new();
        let meaning = |node: &Node<'s>| {
            let meaning = match self.normal(*node) {
                trivial @ Value::Bool(_) => trivial,
                normal => {
                    let next = classes.len();
                    json!({MEANING: *classes.entry(normal.to_string()).or_insert(next)})
                }
            };
            (node.key(), meaning)
        };
        self.nodes.iter().map(meaning).collect()
    }

    /// A schema without descriptions and bounds, with references resolved and alternatives as one sorted list. Its parts are
    /// replaced by their meanings.
    pub(super) fn normal(&self, node: Node<'s>) -> Value {
        Normaliser { meanings: self, open: Vec::new() }.schema(node)
    }

    /// A subschema with this meaning.
    pub(super) fn find(&self, part: &Value) -> Option<Node<'s>> {
        part.get(MEANING)?;
        self.nodes.iter().copied().find(|node| self.of.get(&node.key()) == Some(part))
    }

    fn part(&self, node: Node<'s>) -> Value {
        self.of.get(&node.key()).cloned().unwrap_or_else(|| json!({MEANING: 0}))
    }
}

fn reachable<'s>(roots: &[Node<'s>]) -> Vec<Node<'s>> {
    let mut waiting = roots.to_vec();
    let mut met = HashSet::new();
    let mut nodes = Vec::new();
    while let Some(node) = waiting.pop() {
        if met.insert(node.key()) {
            nodes.push(node);
            waiting.extend(node.parts());
        }
    }
    nodes
}

struct Normaliser<'m, 's> {
    meanings: &'m Meanings<'s>,
    /// References being resolved; one that leads to itself has no meaning.
    open: Vec<*const Value>,
}

impl<'s> Normaliser<'_, 's> {
    fn schema(&mut self, node: Node<'s>) -> Value {
        let Value::Object(keywords) = node.schema else { return node.schema.clone() };
        let mut own = self.own_keywords(node, keywords);
        if let Some(target) = node.target() {
            merge(&mut own, self.reference(target));
        }
        let own = finish(own);
        match self.alternatives(node, &own) {
            Some(alternatives) => one_list(alternatives),
            None => own,
        }
    }

    fn own_keywords(&mut self, node: Node<'s>, keywords: &'s Map<String, Value>) -> Map<String, Value> {
        let mut own = Map::new();
        for (key, value) in keywords.iter().filter(|(key, _)| !DROPPED.contains(&key.as_str())) {
            let value = match value {
                Value::Object(parts) if NAMED.contains(&key.as_str()) => self.named(node, parts),
                Value::Array(items) if LISTED.contains(&key.as_str()) => {
                    items.iter().map(|item| self.meanings.part(node.at(item))).collect()
                }
                value if SINGLE.contains(&key.as_str()) => self.meanings.part(node.at(value)),
                value => value.clone(),
            };
            own.insert(plain_name(key).to_owned(), value);
        }
        own
    }

    fn named(&self, node: Node<'s>, parts: &'s Map<String, Value>) -> Value {
        parts.iter().map(|(name, part)| (name.clone(), self.meanings.part(node.at(part)))).collect::<Map<_, _>>().into()
    }

    fn reference(&mut self, target: Node<'s>) -> Value {
        if self.open.contains(&target.key()) {
            return json!({"recursion": true});
        }
        self.open.push(target.key());
        let schema = self.schema(target);
        self.open.pop();
        schema
    }

    /// `anyOf`, `oneOf`, `enum` and lists of types are equivalent. Keywords next to them apply to each alternative.
    fn alternatives(&mut self, node: Node<'s>, own: &Value) -> Option<Vec<Value>> {
        if let Some(Value::Array(values)) = node.keyword("enum") {
            return Some(values.iter().map(constant).collect());
        }
        if let Some(Value::Array(types)) = own.get("type") {
            return Some(types.iter().map(|one| of_type(own, one)).collect());
        }
        let Some(Value::Array(schemas)) = node.keyword("anyOf").or_else(|| node.keyword("oneOf")) else { return None };
        let schemas: Vec<_> = schemas.iter().map(|schema| self.schema(node.at(schema))).collect();
        match (own, one_list(schemas)) {
            (own, Value::Bool(true)) => Some(vec![own.clone()]),
            (Value::Bool(_), one_of) => Some(vec![one_of]),
            (own, one_of) => Some(vec![json!({"with": own, "one of": one_of})]),
        }
    }
}

fn constant(value: &Value) -> Value {
    if value.is_null() { json!({"type": "null"}) } else { json!({"const": value}) }
}

/// One of several types. Keywords of other types are harmless, but `null` never has any.
fn of_type(own: &Value, one: &Value) -> Value {
    if one == "null" {
        return json!({"type": "null"});
    }
    let Value::Object(own) = own else { return json!({"type": one}) };
    let mut own = own.clone();
    own.insert("type".to_owned(), one.clone());
    finish(own)
}

/// Next to alternatives, schemars uses `unevaluatedProperties` for the remaining properties.
fn plain_name(key: &str) -> &str {
    if key == "unevaluatedProperties" { "additionalProperties" } else { key }
}

/// A flat, sorted list. A single item replaces the list, and an item that allows anything allows everything.
fn one_list(alternatives: Vec<Value>) -> Value {
    let mut flat = Vec::new();
    for alternative in alternatives {
        match alternative.get("anyOf") {
            Some(Value::Array(inner)) => flat.extend(inner.clone()),
            _ => flat.push(alternative),
        }
    }
    if flat.contains(&Value::Bool(true)) {
        return Value::Bool(true);
    }
    flat.sort_by_key(Value::to_string);
    flat.dedup();
    match flat.len() {
        1 => flat.remove(0),
        _ => json!({"anyOf": flat}),
    }
}

/// Merges keywords next to a `$ref`: the tag of an enum with the content of its variant.
fn merge(own: &mut Map<String, Value>, target: Value) {
    let Value::Object(target) = target else { return };
    for (key, value) in target {
        match (own.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(more)) => known.extend(more),
            (Some(Value::Array(known)), Value::Array(more)) => known.extend(more),
            (Some(_), _) => {}
            (None, value) => drop(own.insert(key, value)),
        }
    }
}

/// Final normalization of a schema with normalized parts.
fn finish(mut own: Map<String, Value>) -> Value {
    own.retain(|key, value| !is_void(key, value));
    if let Some(Value::Array(names)) = own.get_mut("required") {
        names.sort_by_key(Value::to_string);
    }
    if own.contains_key("const") || matches!(own.get("type").and_then(Value::as_str), Some("integer" | "number")) {
        own.remove("format");
        own.remove("pattern");
    }
    if own.contains_key("const") {
        own.remove("type");
    }
    same_items(&mut own);
    same_entries(&mut own);
    own.values_mut().for_each(Value::sort_all_objects);
    own.sort_keys();
    if own.is_empty() { Value::Bool(true) } else { Value::Object(own) }
}

fn is_void(key: &str, value: &Value) -> bool {
    match (key, value) {
        ("properties", Value::Object(parts)) => parts.is_empty(),
        ("required", Value::Array(names)) => names.is_empty(),
        ("additionalProperties", value) => *value == Value::Bool(true),
        _ => false,
    }
}

/// `[T; N]` is published as a list with bounds.
fn same_items(own: &mut Map<String, Value>) {
    if let Some(Value::Array(items)) = own.get("prefixItems")
        && let Some(first) = items.first().cloned()
        && items.iter().all(|item| *item == first)
    {
        own.remove("prefixItems");
        own.insert("items".to_owned(), first);
    }
}

/// A map is published with or without its possible keys, depending on the documentation of its key type. serde rejects unknown
/// fields of the standard library's times, which schemars does not publish.
fn same_entries(own: &mut Map<String, Value>) {
    match own.get("additionalProperties").cloned() {
        Some(Value::Bool(false)) => {}
        Some(entry) => return drop_repeated(own, &entry),
        None => return,
    }
    let all = own.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let has = |names: [&str; 2]| names.iter().all(|name| all.iter().any(|other| other == name));
    if has(["nanos", "secs"]) || has(["nanos_since_epoch", "secs_since_epoch"]) {
        own.remove("additionalProperties");
    }
    let parts = ["properties", "patternProperties"].iter().filter_map(|key| own.get(*key)?.as_object());
    let parts: Vec<_> = parts.flat_map(|parts| parts.values().cloned()).collect();
    if let (Some(first), true) = (parts.first(), all.is_empty())
        && parts.iter().all(|part| part == first)
    {
        own.remove("properties");
        own.remove("patternProperties");
        if *first == Value::Bool(true) {
            own.remove("additionalProperties");
        } else {
            own.insert("additionalProperties".to_owned(), first.clone());
        }
    }
}

/// An optional property with the same schema as all others is redundant.
fn drop_repeated(own: &mut Map<String, Value>, entry: &Value) {
    let required = own.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    for key in NAMED {
        let Some(Value::Object(parts)) = own.get_mut(key) else { continue };
        parts.retain(|name, part| part != entry || required.iter().any(|other| other == name));
        if parts.is_empty() {
            own.shift_remove(key);
        }
    }
}
