//! Whether a value has the shape of a node. Used to choose between alternatives, so bounds, lengths and patterns are ignored.

use std::cell::RefCell;
use std::collections::HashMap;

use serde_json::{Map, Value};

use super::tree::{Field, Kind, Node, Presence, Tree};

/// Nothing fits below this depth: serde_json does not read deeper values, and alternatives may lead back to themselves.
const DEPTH: usize = 160;

pub(in crate::provider) fn fits(tree: &Tree, node: &Node, value: &Value) -> bool {
    Fit { tree, known: RefCell::default() }.node(node, value, DEPTH)
}

/// Whether the constant properties of a node equal those of a value, that is, whether the tag matches.
pub(super) fn bears_tag(tree: &Tree, node: &Node, value: &Value) -> bool {
    let Some(Node { kind: Kind::Object { fields, .. }, .. }) = tree.follow(node) else { return false };
    let mut tags = fields.iter().filter_map(|field| match &field.node.kind {
        Kind::Scalar { values: Some(values), .. } if values.len() == 1 => Some((&field.name, &values[0])),
        _ => None,
    });
    let tagged = tags.clone().next().is_some();
    // An externally tagged variant is identified by the name of its only property.
    let named = || fields.len() == 1 && value.get(&fields[0].name).is_some();
    if tagged { tags.all(|(name, tag)| value.get(name) == Some(tag)) } else { named() }
}

struct Fit<'a> {
    tree: &'a Tree,
    /// Memoizes results below unions. Otherwise, two alternatives that lead back to the same union would double the work at each
    /// level of the value.
    known: RefCell<HashMap<(*const Node, *const Value), bool>>,
}

impl Fit<'_> {
    fn node(&self, node: &Node, value: &Value, depth: usize) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        match (&node.kind, value) {
            (Kind::Any, _) => true,
            (Kind::Ref(key), _) => self.tree.defs.get(key).is_some_and(|node| self.node(node, value, depth)),
            (Kind::Union(variants), _) => self.union(node, variants, value, depth),
            (Kind::Scalar { types, values }, _) => {
                (types.is_empty() || types.iter().any(|ty| ty.takes(value)))
                    && values.as_ref().is_none_or(|values| values.contains(value))
            }
            (Kind::Text(_), Value::String(_)) => true,
            // A text node inside a text may be encoded only once.
            (Kind::Text(inner), _) => self.node(inner, value, depth),
            (Kind::Array(item), Value::Array(items)) => items.iter().all(|value| self.node(item, value, depth)),
            (Kind::Tuple(nodes), Value::Array(items)) => {
                nodes.len() == items.len() && nodes.iter().zip(items).all(|(node, value)| self.node(node, value, depth))
            }
            (Kind::Object { fields, extra }, Value::Object(map)) => self.object(fields, extra.as_deref(), map, depth),
            _ => false,
        }
    }

    fn union(&self, node: &Node, variants: &[Node], value: &Value, depth: usize) -> bool {
        let place: (*const Node, *const Value) = (node, value);
        let known = self.known.borrow().get(&place).copied();
        known.unwrap_or_else(|| {
            let fits = variants.iter().any(|variant| self.node(variant, value, depth));
            self.known.borrow_mut().insert(place, fits);
            fits
        })
    }

    fn object(&self, fields: &[Field], extra: Option<&Node>, map: &Map<String, Value>, depth: usize) -> bool {
        // Check names first: they are cheap, and alternatives usually differ in them.
        let complete = fields.iter().all(|field| field.presence == Presence::Optional || map.contains_key(&field.name));
        let known = |name: &String| fields.iter().any(|field| field.name == *name);
        if !complete || (extra.is_none() && !map.keys().all(known)) {
            return false;
        }
        map.iter().all(|(name, value)| match fields.iter().find(|field| field.name == *name) {
            Some(Field { presence: Presence::Nullable, .. }) if value.is_null() => true,
            Some(field) => self.node(&field.node, value, depth),
            None => extra.is_some_and(|node| self.node(node, value, depth)),
        })
    }
}
