//! Fills a schema from a document.

use std::cell::Cell;

use serde_json::{Map, Value};

use super::document::Document;
use super::height::Heights;
use super::hint::Hint;
use super::{choice, number, text};
use crate::provider::lower::tree::{Field, Kind, Node, Presence, Tree, Type};

/// Nesting depth beyond which only required values are filled.
const DEPTH: usize = 8;

/// Number of values beyond which only required values are filled.
const VALUES: usize = 2_000;

/// Nesting depth at which an endless schema gets null.
const LIMIT: usize = 100;

/// Items of a list if the text does not suggest a number.
const ITEMS: usize = 2;

pub(super) struct Filler<'a> {
    document: &'a Document,
    tree: &'a Tree,
    heights: Heights,
    filled: Cell<usize>,
}

impl<'a> Filler<'a> {
    pub(super) fn new(document: &'a Document, tree: &'a Tree) -> Self {
        Self { document, tree, heights: Heights::new(tree), filled: Cell::new(0) }
    }

    pub(super) fn root(&self) -> Value {
        self.node(&self.tree.root, Hint::default(), 0)
    }

    fn node(&self, node: &Node, hint: Hint, depth: usize) -> Value {
        self.filled.set(self.filled.get() + 1);
        let hint = hint.described(node.description.as_deref());
        if depth > LIMIT {
            return Value::Null;
        }
        match &node.kind {
            Kind::Ref(_) => self.tree.follow(node).map_or(Value::Null, |node| self.node(node, hint, depth)),
            Kind::Never => Value::Null,
            Kind::Any | Kind::Text(_) => text::string(self.document, &hint, &node.constraints).into(),
            Kind::Scalar { values: Some(values), .. } => self.value(values, &hint),
            Kind::Scalar { types, values: None } => self.scalar(types, &hint, &node.constraints),
            Kind::Union(variants) => self.node(self.variant(variants, &hint, depth), hint, depth),
            Kind::Array(item) => self.array(item, &node.constraints, &hint, depth + 1),
            Kind::Tuple(items) => {
                items.iter().enumerate().map(|(index, item)| self.node(item, hint.item(index), depth + 1)).collect()
            }
            Kind::Object { fields, extra } => {
                self.object(fields, extra.as_deref(), &node.constraints, &hint, depth + 1)
            }
        }
    }

    /// Whether only required values are filled from here on.
    fn is_ending(&self, depth: usize) -> bool {
        depth > DEPTH || self.filled.get() > VALUES
    }

    fn value(&self, values: &[Value], hint: &Hint) -> Value {
        let words: Vec<_> = values.iter().map(choice::words_of).collect();
        if words.is_empty() { Value::Null } else { values[choice::best(self.document, hint, &words)].clone() }
    }

    /// A value of the first type, or null if allowed and the text does not mention the property.
    fn scalar(&self, types: &[Type], hint: &Hint, constraints: &Map<String, Value>) -> Value {
        let silent = types.contains(&Type::Null) && !self.speaks_of(hint);
        match types.iter().find(|ty| **ty != Type::Null).filter(|_| !silent) {
            Some(Type::String) => text::string(self.document, hint, constraints).into(),
            Some(Type::Integer) => number::number(self.document, hint, constraints, true),
            Some(Type::Number) => number::number(self.document, hint, constraints, false),
            Some(Type::Boolean) => choice::truth(self.document, hint).into(),
            Some(Type::Null) | None => Value::Null,
        }
    }

    /// The alternative that the text speaks for. Past the limits, the one with the smallest value.
    fn variant<'n>(&self, variants: &'n [Node], hint: &Hint, depth: usize) -> &'n Node {
        let null = variants.iter().find(|node| is_null(node));
        let others: Vec<_> =
            variants.iter().filter(|node| !is_null(node) && self.heights.of(node) < usize::MAX).collect();
        let shortest = variants.iter().min_by_key(|node| self.heights.of(node));
        match (null, shortest) {
            (Some(null), _) if self.is_ending(depth) || others.is_empty() || !self.speaks_of(hint) => null,
            (_, Some(shortest)) if self.is_ending(depth) || others.is_empty() => shortest,
            _ => {
                let words: Vec<_> = others.iter().map(|node| self.words(node)).collect();
                others[choice::best(self.document, hint, &words)]
            }
        }
    }

    /// The words that speak for an alternative: its tag or the name of its only property, and its description.
    fn words(&self, node: &Node) -> Vec<String> {
        let description = Hint::default().described(node.description.as_deref()).said;
        let own = match self.tree.follow(node).map(|node| &node.kind) {
            Some(Kind::Scalar { values: Some(values), .. }) => values.iter().flat_map(choice::words_of).collect(),
            Some(Kind::Object { fields, .. }) if fields.len() == 1 => Hint::property(&fields[0].name, 0).name,
            Some(Kind::Object { fields, .. }) => fields.iter().flat_map(|field| tag(&field.node)).collect(),
            _ => Vec::new(),
        };
        [own, description].concat()
    }

    fn object(
        &self,
        fields: &[Field],
        extra: Option<&Node>,
        constraints: &Map<String, Value>,
        hint: &Hint,
        depth: usize,
    ) -> Value {
        let mut map = Map::new();
        for field in fields {
            let property = Hint::property(&field.name, hint.nth);
            let said = property.clone().described(field.node.description.as_deref());
            let spoken_of = || !self.is_ending(depth) && self.speaks_of(&said);
            let ends = || self.heights.of(&field.node) < usize::MAX;
            if field.presence != Presence::Optional || (ends() && spoken_of()) {
                map.insert(field.name.clone(), self.node(&field.node, property, depth));
            }
        }
        if let Some(extra) = extra {
            self.entries(&mut map, extra, constraints, depth);
        }
        Value::Object(map)
    }

    /// Whether the text mentions a property, or contains an obvious value such as an email address.
    fn speaks_of(&self, hint: &Hint) -> bool {
        text::address(self.document, hint).is_some() || self.document.speaks_of(&hint.words())
    }

    /// Additional keys: the labels of the text, and made-up ones up to the minimum.
    fn entries(&self, map: &mut Map<String, Value>, node: &Node, constraints: &Map<String, Value>, depth: usize) {
        let count = |key: &str| constraints.get(key).and_then(Value::as_u64).map(|count| count as usize);
        let min = count("minProperties").unwrap_or(0);
        let max = count("maxProperties").unwrap_or(usize::MAX);
        let labels =
            self.document.labels().map(|(label, _)| label.to_owned()).take(if self.is_ending(depth) { 0 } else { 4 });
        let labels: Vec<_> = if constraints.contains_key("propertyNames") { Vec::new() } else { labels.collect() };
        for label in labels.into_iter().filter(|_| self.heights.of(node) < usize::MAX) {
            if map.len() < max && !map.contains_key(&label) {
                let value = self.node(node, Hint::property(&label, 0), depth);
                map.insert(label, value);
            }
        }
        let names = constraints.get("propertyNames").and_then(|names| names["pattern"].as_str()).unwrap_or("^k1*$");
        // Keys of increasing length, because they must be unique.
        for length in 1..=min + 8 {
            let Some(key) = super::pattern::sample(names, length).filter(|_| map.len() < min) else { break };
            map.entry(key).or_insert_with(|| self.node(node, Hint::default().item(length), depth));
        }
    }

    fn array(&self, item: &Node, constraints: &Map<String, Value>, hint: &Hint, depth: usize) -> Value {
        let get = |key: &str| constraints.get(key).and_then(Value::as_u64).map(|count| count as usize);
        let (min, max) = (get("minItems").unwrap_or(0), get("maxItems").unwrap_or(usize::MAX));
        let unique = constraints.get("uniqueItems") == Some(&Value::Bool(true));
        let listed = self.listed(item, hint);
        let wanted = if self.is_ending(depth) || self.heights.of(item) == usize::MAX {
            0
        } else {
            self.wanted(item, hint, listed.len())
        };
        let count = wanted.clamp(min, max.max(min));
        let mut items: Vec<Value> = Vec::new();
        // Unique items need more attempts.
        for nth in 0..count + if unique { 40 } else { 0 } {
            let value = match listed.get(nth) {
                Some(text) => text.clone().into(),
                None => self.node(item, hint.item(nth), depth),
            };
            if items.len() < count && !(unique && items.contains(&value)) {
                items.push(value);
            }
        }
        items.into()
    }

    /// The texts of the list that fits the property, if the items may be any text.
    fn listed(&self, item: &Node, hint: &Hint) -> Vec<String> {
        let plain = |node: &Node| {
            matches!(&node.kind, Kind::Scalar { types, values: None } if types == &[Type::String])
                && node.constraints.is_empty()
        };
        if !self.tree.follow(item).is_some_and(plain) {
            return Vec::new();
        }
        let found = [self.document.list(&hint.name), self.document.list(&hint.said), self.document.items()];
        found
            .into_iter()
            .find(|items| !items.is_empty())
            .unwrap_or_else(|| self.document.keywords().into_iter().take(3).collect())
    }

    /// How many items the text suggests.
    fn wanted(&self, item: &Node, hint: &Hint, listed: usize) -> usize {
        match self.tree.follow(item).map(|node| &node.kind) {
            _ if listed > 0 => listed,
            Some(Kind::Scalar { values: Some(values), .. }) => {
                let words: Vec<_> = values.iter().map(choice::words_of).collect();
                choice::told(self.document, &words).max(1)
            }
            _ => Some(self.document.list(&hint.name).len()).filter(|count| *count > 0).unwrap_or(ITEMS),
        }
    }
}

fn is_null(node: &Node) -> bool {
    matches!(&node.kind, Kind::Scalar { types, .. } if types == &[Type::Null])
}

/// The words of a property with a single value: the tag of its object.
fn tag(node: &Node) -> Vec<String> {
    match &node.kind {
        Kind::Scalar { values: Some(values), .. } if values.len() == 1 => choice::words_of(&values[0]),
        _ => Vec::new(),
    }
}
