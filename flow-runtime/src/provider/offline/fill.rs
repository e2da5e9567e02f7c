//! Fills a schema from a document.

use std::cmp::Reverse;
use std::collections::BTreeMap;

use serde_json::{Map, Value};

use super::document::Document;
use super::hint::Hint;
use super::number::number;
use super::string::{address, string};
use super::words;
use crate::provider::lower::tree::{Field, Kind, Node, Presence, Tree, Type};

/// About how many values are filled. A part gets its share of those of the whole; where none is left, only required values are
/// filled.
const VALUES: usize = 4_096;

/// Items of a list if the text does not suggest a number.
const ITEMS: usize = 2;

/// The height of a node without finite values.
const ENDLESS: usize = usize::MAX;

const NO: &[&str] = &["no", "not", "never", "none", "without", "cannot", "isn", "doesn", "don", "nein", "nicht"];

/// The value of a schema, from the words of a document.
pub(super) fn filled(document: &Document, tree: &Tree) -> Value {
    let mut filler = Filler { document, tree, heights: BTreeMap::new() };
    // Each pass settles the definitions that are one reference higher.
    for _ in 0..=tree.defs.len() {
        filler.heights = tree.defs.iter().map(|(key, node)| (&key[..], filler.height(node))).collect();
    }
    filler.node(&tree.root, &Hint::default(), VALUES)
}

/// Whether an object has the bytes of an attachment, which cannot be made up. It can also be a URL.
fn is_bytes(node: &Node) -> bool {
    let Kind::Object { fields, .. } = &node.kind else { return false };
    fields.iter().any(|field| field.node.constraints.contains_key("contentEncoding"))
}

struct Filler<'a> {
    document: &'a Document,
    tree: &'a Tree,
    /// The heights of the definitions; one that is missing is endless.
    heights: BTreeMap<&'a str, usize>,
}

impl Filler<'_> {
    fn node(&self, node: &Node, hint: &Hint, room: usize) -> Value {
        let hint = &hint.described(node);
        match &node.kind {
            _ if self.height(node) == ENDLESS => Value::Null,
            Kind::Scalar { values: Some(values), .. } => {
                self.best(&values.iter().collect::<Vec<_>>(), hint, words_of).clone()
            }
            _ if self.tree.lists_null(node) && !self.speaks_of(hint) => Value::Null,
            Kind::Ref(_) => self.tree.follow(node).map_or(Value::Null, |node| self.node(node, hint, room)),
            Kind::Union(variants) => self.node(self.variant(variants, hint, room), hint, room),
            Kind::Array(item) => self.array(item, node, hint, room),
            Kind::Tuple(items) => {
                let items = items.iter().enumerate();
                items.map(|(nth, item)| self.node(item, &hint.item(nth), room / 2)).collect()
            }
            Kind::Object { fields, extra } => self.object(fields, extra.as_deref(), node, hint, room),
            Kind::Scalar { types, .. } => match types.iter().find(|ty| **ty != Type::Null) {
                Some(Type::String) => string(self.document, hint, node).into(),
                Some(Type::Boolean) => self.truth(hint).into(),
                Some(ty) => number(self.document, hint, node, *ty == Type::Integer),
                None => Value::Null,
            },
            Kind::Any | Kind::Never | Kind::Text(_) => string(self.document, hint, node).into(),
        }
    }

    /// The depth of a node's smallest value, which shows the way out of a recursion.
    fn height(&self, node: &Node) -> usize {
        let above = |parts: &mut dyn Iterator<Item = &Node>| {
            parts.map(|part| self.height(part)).max().map_or(0, |tallest| tallest.saturating_add(1))
        };
        match &node.kind {
            Kind::Never => ENDLESS,
            Kind::Scalar { values: Some(values), .. } if values.is_empty() => ENDLESS,
            Kind::Ref(key) => self.heights.get(&key[..]).copied().unwrap_or(ENDLESS),
            Kind::Union(variants) => variants.iter().map(|node| self.height(node)).min().unwrap_or(ENDLESS),
            Kind::Array(item) if node.count("minItems") > Some(0) => above(&mut [&**item].into_iter()),
            Kind::Tuple(items) => above(&mut items.iter()),
            Kind::Object { fields, .. } => {
                let required = fields.iter().filter(|field| field.presence != Presence::Optional);
                above(&mut required.map(|field| &field.node))
            }
            Kind::Any | Kind::Text(_) | Kind::Scalar { .. } | Kind::Array(_) => 0,
        }
    }

    /// Whether the text mentions a property, or contains an obvious value such as an email address.
    fn speaks_of(&self, hint: &Hint) -> bool {
        hint.said.iter().any(|word| self.document.count(word) > 0) || address(self.document, hint).is_some()
    }

    /// The best choice by the words that speak for each, or a stable one if none does. Later items of a list get the next choices.
    fn best<'n, T>(&self, choices: &[&'n T], hint: &Hint, words: impl Fn(&T) -> Vec<String>) -> &'n T {
        let score = |choice| words(choice).iter().map(|word| self.document.count(word)).sum::<usize>();
        let mut ranked: Vec<_> = choices.iter().map(|choice| (score(choice), *choice)).collect();
        ranked.sort_by_key(|(score, _)| Reverse(*score));
        let at = if ranked[0].0 > 0 { hint.nth } else { hint.pick(self.document.seed) as usize };
        ranked[at % ranked.len()].1
    }

    /// True if the text mentions the property, false if it negates it, otherwise a stable value.
    fn truth(&self, hint: &Hint) -> bool {
        let wanted: Vec<_> = hint.name.iter().filter(|word| word.len() > 3).cloned().collect();
        match self.document.sentences.iter().find(|sentence| words::mentions(sentence, &wanted)) {
            Some(sentence) => !words::of_text(sentence).any(|word| NO.contains(&&word[..])),
            None => hint.pick(self.document.seed).is_multiple_of(2),
        }
    }

    /// The alternative that the text speaks for. Where no room is left, the one with the smallest value.
    fn variant<'n>(&self, variants: &'n [Node], hint: &Hint, room: usize) -> &'n Node {
        let is_null = |node: &Node| matches!(&node.kind, Kind::Scalar { types, .. } if types == &[Type::Null]);
        let is_open = |node: &&Node| !is_null(node) && !is_bytes(node) && self.height(node) < ENDLESS;
        let choices: Vec<_> = variants.iter().filter(is_open).collect();
        match variants.iter().min_by_key(|node| self.height(node)) {
            Some(shortest) if room == 0 || choices.is_empty() => shortest,
            _ => self.best(&choices, hint, |node| self.words(node)),
        }
    }

    /// The words that speak for an alternative: its tag or the names of its properties, and its description.
    fn words(&self, node: &Node) -> Vec<String> {
        let mut words = Hint::default().described(node).said;
        match self.tree.follow(node).map(|node| &node.kind) {
            Some(Kind::Scalar { values: Some(values), .. }) => words.extend(values.iter().flat_map(words_of)),
            Some(Kind::Object { fields, .. }) => words.extend(fields.iter().flat_map(|field| match &field.node.kind {
                Kind::Scalar { values: Some(values), .. } => values.iter().flat_map(words_of).collect(),
                _ => words::of_name(&field.name),
            })),
            _ => {}
        }
        words
    }

    fn object(&self, fields: &[Field], extra: Option<&Node>, node: &Node, hint: &Hint, room: usize) -> Value {
        let room = room / fields.len().max(2);
        let mut map = Map::new();
        for Field { name, node, presence } in fields {
            let property = Hint::property(name, hint.nth);
            let fits = || room > 0 && self.height(node) < ENDLESS && self.speaks_of(&property.described(node));
            if *presence != Presence::Optional || fits() {
                map.insert(name.clone(), self.node(node, &property, room));
            }
        }
        if let Some(extra) = extra {
            self.entries(&mut map, extra, node, room);
        }
        Value::Object(map)
    }

    /// Additional keys: the labels of the text, and made-up ones up to the minimum.
    fn entries(&self, map: &mut Map<String, Value>, extra: &Node, node: &Node, room: usize) {
        let (min, max) = (node.count("minProperties").unwrap_or(0), node.count("maxProperties").unwrap_or(usize::MAX));
        let any = room > 0 && !node.constraints.contains_key("propertyNames") && self.height(extra) < ENDLESS;
        let labels = self.document.labels().map(|(label, _)| (label.to_owned(), max)).take(if any { 4 } else { 0 });
        // The only keys of contracts that have a pattern are numbers.
        let made_up = (1..=min + 8).map(|key| (key.to_string(), min));
        for (nth, (key, most)) in labels.chain(made_up).enumerate() {
            if map.len() < most && !map.contains_key(&key) {
                let value = self.node(extra, &Hint::property(&key, nth), room / 4);
                map.insert(key, value);
            }
        }
    }

    fn array(&self, item: &Node, node: &Node, hint: &Hint, room: usize) -> Value {
        let (min, max) = (node.count("minItems").unwrap_or(0), node.count("maxItems").unwrap_or(usize::MAX));
        let unique = node.constraints.get("uniqueItems") == Some(&Value::Bool(true));
        let listed = self.listed(item, hint);
        let wanted = if listed.is_empty() { ITEMS } else { listed.len() };
        let wanted = if room == 0 || self.height(item) == ENDLESS { 0 } else { wanted };
        let count = wanted.clamp(min, max.max(min));
        let mut items: Vec<Value> = Vec::new();
        // Unique items need more attempts.
        for nth in 0..count + if unique { 40 } else { 0 } {
            let made_up = || self.node(item, &hint.item(nth), room / count.max(ITEMS));
            let value = listed.get(nth).map_or_else(made_up, |text| text.clone().into());
            if items.len() < count && !(unique && items.contains(&value)) {
                items.push(value);
            }
        }
        items.into()
    }

    /// The texts of the list that fits the property, if the items may be any text.
    fn listed(&self, item: &Node, hint: &Hint) -> Vec<String> {
        let text = Node::scalar(Type::String).kind;
        let is_text = self.tree.follow(item).is_some_and(|item| item.kind == text && item.constraints.is_empty());
        if !is_text {
            return Vec::new();
        }
        let lists = [self.document.list(&hint.name), self.document.list(&hint.said), self.document.items()];
        lists.into_iter().find(|items| !items.is_empty()).unwrap_or_default()
    }
}

/// The words of a listed value.
fn words_of(value: &Value) -> Vec<String> {
    value.as_str().map(words::of_name).unwrap_or_default()
}
