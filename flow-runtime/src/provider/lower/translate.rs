//! Translates values between the form of the contract and that of the endpoint.

use serde_json::{Map, Value, json};

use super::fits::{bears_tag, fits};
use super::tree::{Field, Kind, Node, Presence, Tree};
use super::wire::entries_name;
use crate::contract::parse_json;

/// The two trees of a contract. They differ only where [`super::wire`] rebuilt a node, so they are walked in parallel.
///
/// Both directions are total: values that do not fit stay unchanged, for validation to report.
#[derive(Clone, Copy)]
pub(super) struct Translator<'a> {
    pub(super) contract: &'a Tree,
    pub(super) wire: &'a Tree,
    /// Whether the current value is inside a text node, which no schema constrains.
    in_text: bool,
}

/// A node of the contract and its rebuilt counterpart.
#[derive(Clone, Copy)]
struct Pair<'a> {
    contract: &'a Node,
    wire: &'a Node,
}

impl<'a> Translator<'a> {
    pub(super) fn new(contract: &'a Tree, wire: &'a Tree) -> Self {
        Self { contract, wire, in_text: false }
    }

    /// Converts a value of the contract to the endpoint's form.
    pub(super) fn encode(self, value: Value) -> Value {
        self.encode_at(self.root(), value)
    }

    /// Converts a value of the endpoint to the contract's form.
    pub(super) fn raise(self, value: Value) -> Value {
        self.raise_at(self.root(), value)
    }

    fn root(self) -> Pair<'a> {
        Pair { contract: &self.contract.root, wire: &self.wire.root }
    }

    fn encode_at(self, at: Pair<'a>, value: Value) -> Value {
        let Some(at) = self.follow(at) else { return value };
        match (&at.contract.kind, &at.wire.kind, value) {
            // Nested texts would double their escapes at each level of a recursive type. Raising accepts both forms.
            (_, Kind::Text(inner), value) if self.in_text && !value.is_string() => {
                self.encode_at(Pair { contract: at.contract, wire: inner }, value)
            }
            (_, Kind::Text(inner), value) => {
                let within = Self { in_text: true, ..self };
                Value::String(within.encode_at(Pair { contract: at.contract, wire: inner }, value).to_string())
            }
            (Kind::Union(_), Kind::Union(_), value) => match self.variant(at, &value, Pair::fits_contract) {
                Some(variant) => self.encode_at(variant, value),
                None => value,
            },
            (Kind::Array(item), Kind::Array(wire), Value::Array(items)) => {
                let pair = Pair { contract: item, wire };
                items.into_iter().map(|value| self.encode_at(pair, value)).collect()
            }
            (Kind::Tuple(nodes), _, Value::Array(items)) => self.encode_tuple(nodes, at.wire, items),
            (Kind::Object { .. }, _, Value::Object(map)) => self.encode_object(at, map),
            (_, _, value) => value,
        }
    }

    fn encode_tuple(self, nodes: &'a [Node], wire: &'a Node, items: Vec<Value>) -> Value {
        let items = items.into_iter().enumerate().map(|(index, value)| match nodes.get(index) {
            Some(node) => self.encode_at(Pair { contract: node, wire: tuple_item(wire, index) }, value),
            None => value,
        });
        match wire.kind {
            Kind::Object { .. } => items.enumerate().map(|(index, value)| (index.to_string(), value)).collect(),
            _ => items.collect(),
        }
    }

    fn encode_object(self, at: Pair<'a>, mut map: Map<String, Value>) -> Value {
        let Kind::Object { fields, extra } = &at.contract.kind else { return Value::Object(map) };
        let mut encoded = Map::new();
        for field in fields {
            match map.shift_remove(&field.name) {
                Some(value) => {
                    let pair = Pair { contract: &field.node, wire: wire_field(at.wire, &field.name, &field.node) };
                    encoded.insert(field.name.clone(), self.encode_at(pair, value));
                }
                None if self.completes(at.wire, &field.name) => {
                    encoded.insert(field.name.clone(), Value::Null);
                }
                None => {}
            }
        }
        let Some(extra) = extra else {
            encoded.extend(map);
            return Value::Object(encoded);
        };
        let rest = map.into_iter().map(|(key, value)| {
            let pair = Pair { contract: extra, wire: entry_value(at.wire, fields).unwrap_or(extra) };
            (key, self.encode_at(pair, value))
        });
        with_rest(encoded, rest, at.wire, fields)
    }

    /// Whether an absent property is sent as null.
    fn completes(self, wire: &Node, name: &str) -> bool {
        wire_fields(wire).iter().any(|field| field.name == name && field.presence != Presence::Optional)
    }

    fn raise_at(self, at: Pair<'a>, value: Value) -> Value {
        let Some(at) = self.follow(at) else { return value };
        match (&at.contract.kind, &at.wire.kind, value) {
            (_, Kind::Text(inner), Value::String(text)) => match parse_json(text.as_bytes()) {
                Ok(value) => self.raise_at(Pair { contract: at.contract, wire: inner }, value),
                // The model wrote a plain string instead of JSON text.
                Err(_) => Value::String(text),
            },
            (_, Kind::Text(inner), value) => self.raise_at(Pair { contract: at.contract, wire: inner }, value),
            (Kind::Union(_), Kind::Union(_), value) => match self.variant(at, &value, Pair::fits_wire) {
                Some(variant) => self.raise_at(variant, value),
                None => value,
            },
            (Kind::Array(item), Kind::Array(wire), Value::Array(items)) => {
                let pair = Pair { contract: item, wire };
                items.into_iter().map(|value| self.raise_at(pair, value)).collect()
            }
            (Kind::Tuple(nodes), Kind::Tuple(_), Value::Array(items)) => self.raise_tuple(nodes, at.wire, items),
            (Kind::Tuple(nodes), _, Value::Object(map)) => match positional(map, nodes.len()) {
                Ok(items) => self.raise_tuple(nodes, at.wire, items),
                Err(map) => Value::Object(map),
            },
            (Kind::Object { .. }, _, value) => self.raise_object(at, value),
            (_, _, value) => value,
        }
    }

    fn raise_tuple(self, nodes: &'a [Node], wire: &'a Node, items: Vec<Value>) -> Value {
        let items = items.into_iter().enumerate().map(|(index, value)| match nodes.get(index) {
            Some(node) => self.raise_at(Pair { contract: node, wire: tuple_item(wire, index) }, value),
            None => value,
        });
        items.collect()
    }

    fn raise_object(self, at: Pair<'a>, value: Value) -> Value {
        let Kind::Object { fields, extra } = &at.contract.kind else { return value };
        let mut map = match without_entries(value, at.wire, fields) {
            Ok(map) => map,
            Err(value) => return value,
        };
        for field in fields {
            let Some(value) = map.get_mut(&field.name) else { continue };
            if value.is_null() && self.means_absent(at.wire, field) {
                map.shift_remove(&field.name);
            } else {
                let pair = Pair { contract: &field.node, wire: wire_field(at.wire, &field.name, &field.node) };
                *value = self.raise_at(pair, value.take());
            }
        }
        if let Some(extra) = extra {
            let pair = Pair { contract: extra, wire: entry_value(at.wire, fields).unwrap_or(extra) };
            let others = map.iter_mut().filter(|(key, _)| !fields.iter().any(|field| field.name == **key));
            others.for_each(|(_, value)| *value = self.raise_at(pair, value.take()));
        }
        Value::Object(map)
    }

    /// Whether null marks an absent property: it is optional, and the contract does not allow null.
    fn means_absent(self, wire: &Node, field: &Field) -> bool {
        let nullable =
            wire_fields(wire).iter().any(|wire| wire.name == field.name && wire.presence == Presence::Nullable);
        nullable || (field.presence == Presence::Optional && !fits(self.contract, &field.node, &Value::Null))
    }

    /// Follows the references of both nodes.
    fn follow(self, at: Pair<'a>) -> Option<Pair<'a>> {
        Some(Pair { contract: self.contract.follow(at.contract)?, wire: self.wire.follow(at.wire)? })
    }

    /// The alternative that a value fits, or else the one with the same tag.
    fn variant(self, at: Pair<'a>, value: &Value, fits: fn(Pair<'a>, Self, &Value) -> bool) -> Option<Pair<'a>> {
        let (Kind::Union(contract), Kind::Union(wire)) = (&at.contract.kind, &at.wire.kind) else { return None };
        let pairs = || contract.iter().zip(wire).map(|(contract, wire)| Pair { contract, wire });
        pairs()
            .find(|pair| fits(*pair, self, value))
            .or_else(|| pairs().find(|pair| bears_tag(self.contract, pair.contract, value)))
    }
}

impl Pair<'_> {
    fn fits_contract(self, translator: Translator<'_>, value: &Value) -> bool {
        fits(translator.contract, self.contract, value)
    }

    fn fits_wire(self, translator: Translator<'_>, value: &Value) -> bool {
        fits(translator.wire, self.wire, value)
    }
}

fn wire_fields(wire: &Node) -> &[Field] {
    match &wire.kind {
        Kind::Object { fields, .. } => fields,
        _ => &[],
    }
}

fn wire_field<'a>(wire: &'a Node, name: &str, otherwise: &'a Node) -> &'a Node {
    wire_fields(wire).iter().find(|field| field.name == name).map_or(otherwise, |field| &field.node)
}

fn tuple_item(wire: &Node, index: usize) -> &Node {
    match &wire.kind {
        Kind::Tuple(items) => &items[index],
        Kind::Object { fields, .. } => &fields[index].node,
        _ => wire,
    }
}

/// The node of a map's values on the wire, whether they are a list of entries, entries in a property, or properties.
fn entry_value<'a>(wire: &'a Node, fields: &[Field]) -> Option<&'a Node> {
    let entries = match &wire.kind {
        Kind::Object { extra: Some(extra), .. } => return Some(extra),
        Kind::Object { fields: wire, .. } => &wire.iter().find(|field| field.name == entries_name(fields))?.node,
        _ => wire,
    };
    let Kind::Array(entry) = &entries.kind else { return None };
    wire_fields(entry).iter().find(|field| field.name == "value").map(|field| &field.node)
}

/// Adds the additional keys of an object in their wire form.
fn with_rest(
    mut encoded: Map<String, Value>,
    rest: impl Iterator<Item = (String, Value)>,
    wire: &Node,
    fields: &[Field],
) -> Value {
    let entry = |(key, value): (String, Value)| json!({"key": key, "value": value});
    match &wire.kind {
        Kind::Array(_) => rest.map(entry).collect(),
        Kind::Object { extra: Some(_), .. } => {
            encoded.extend(rest);
            Value::Object(encoded)
        }
        _ => {
            encoded.insert(entries_name(fields), rest.map(entry).collect());
            Value::Object(encoded)
        }
    }
}

/// The object with its entries turned back into keys; the value unchanged if it has another form.
fn without_entries(value: Value, wire: &Node, fields: &[Field]) -> Result<Map<String, Value>, Value> {
    match (&wire.kind, value) {
        (Kind::Array(_), Value::Array(entries)) => spread(entries).map_err(Value::Array),
        (Kind::Object { extra: None, fields: wire }, Value::Object(mut map)) if wire.len() > fields.len() => {
            let name = entries_name(fields);
            match map.shift_remove(&name) {
                Some(Value::Array(entries)) => match spread(entries) {
                    Ok(rest) => map.extend(rest),
                    Err(entries) => drop(map.insert(name, Value::Array(entries))),
                },
                Some(other) => drop(map.insert(name, other)),
                None => {}
            }
            Ok(map)
        }
        (_, Value::Object(map)) => Ok(map),
        (_, value) => Err(value),
    }
}

/// Entries as a map; the entries unchanged unless all are valid and no key repeats.
fn spread(entries: Vec<Value>) -> Result<Map<String, Value>, Vec<Value>> {
    let mut map = Map::new();
    for entry in &entries {
        let (Some(key), Some(value)) = (entry.get("key").and_then(Value::as_str), entry.get("value")) else {
            return Err(entries);
        };
        if map.insert(key.to_owned(), value.clone()).is_some() {
            return Err(entries);
        }
    }
    Ok(map)
}

/// The properties `0`, `1`, … as a list; the object unchanged unless it has exactly these.
fn positional(mut map: Map<String, Value>, count: usize) -> Result<Vec<Value>, Map<String, Value>> {
    if map.len() != count || !(0..count).all(|index| map.contains_key(&index.to_string())) {
        return Err(map);
    }
    Ok((0..count).filter_map(|index| map.shift_remove(&index.to_string())).collect())
}
