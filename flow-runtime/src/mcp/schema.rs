//! JSON Schemas as the alternatives that a value may be.

use std::collections::BTreeSet;

use serde_json::{Map, Value};

/// Maximum number of references in a row.
const HOPS: usize = 16;

/// Maximum number of alternatives that are told apart.
const ALTERNATIVES: usize = 64;

/// A schema within its document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Schema<'a> {
    pub(super) node: &'a Value,
    root: &'a Value,
}

/// One alternative: schemas that all apply, and at most one type.
#[derive(Clone, Debug, Default)]
pub(super) struct View<'a> {
    parts: Vec<Schema<'a>>,
    pub(super) kind: Option<&'a str>,
}

impl<'a> Schema<'a> {
    /// The schema that a document consists of.
    pub(super) fn of(document: &'a Value) -> Self {
        Self { node: document, root: document }
    }

    pub(super) fn at(self, node: &'a Value) -> Self {
        Self { node, ..self }
    }

    /// Follows references within the document.
    pub(super) fn resolved(self) -> Self {
        let mut at = self;
        for _ in 0..HOPS {
            let target = at.node.get("$ref").and_then(Value::as_str).and_then(|text| text.strip_prefix('#'));
            match target.and_then(|pointer| self.root.pointer(pointer)) {
                Some(node) => at = at.at(node),
                None => break,
            }
        }
        at
    }

    /// The alternatives; `None` if there are too many, or if one of them refers to another document.
    pub(super) fn views(self) -> Option<Vec<View<'a>>> {
        let views = self.combined(HOPS)?;
        let views = views.into_iter().flat_map(View::by_type).collect::<Vec<_>>();
        (views.len() <= ALTERNATIVES).then_some(views)
    }

    fn combined(self, depth: usize) -> Option<Vec<View<'a>>> {
        let depth = depth.checked_sub(1)?;
        let found = self.resolved();
        if found.node.get("$ref").is_some() {
            return None;
        }
        let mut views = vec![View { parts: vec![found], kind: None }];
        if !std::ptr::eq(found.node, self.node) && self.node.as_object().is_some_and(|node| node.len() > 1) {
            views[0].parts.push(self);
        }
        let lists = |name: &str| found.node.get(name).and_then(Value::as_array);
        for schema in lists("allOf").into_iter().flatten() {
            views = product(views, &found.at(schema).combined(depth)?)?;
        }
        for choices in ["anyOf", "oneOf"].into_iter().filter_map(lists) {
            let choices = choices.iter().map(|choice| found.at(choice).combined(depth)).collect::<Option<Vec<_>>>()?;
            views = product(views, &choices.concat())?;
        }
        Some(views)
    }
}

fn product<'a>(views: Vec<View<'a>>, others: &[View<'a>]) -> Option<Vec<View<'a>>> {
    let both = |view: &View<'a>, other: &View<'a>| View { parts: [&view.parts[..], &other.parts].concat(), kind: None };
    let all: Vec<_> = views.iter().flat_map(|view| others.iter().map(move |other| both(view, other))).collect();
    (all.len() <= ALTERNATIVES).then_some(all)
}

impl<'a> View<'a> {
    fn by_type(self) -> Vec<Self> {
        let kinds = self.kinds();
        if kinds.is_empty() {
            return vec![self];
        }
        kinds.into_iter().map(|kind| Self { kind: Some(kind), ..self.clone() }).collect()
    }

    /// The types that all parts allow; none if no part has a type.
    fn kinds(&self) -> Vec<&'a str> {
        let lists = self.parts.iter().filter_map(|part| match part.node.get("type")? {
            Value::String(kind) => Some(vec![kind.as_str()]),
            Value::Array(kinds) => Some(kinds.iter().filter_map(Value::as_str).collect()),
            _ => None,
        });
        let common = lists.reduce(|a, b| a.into_iter().filter(|kind| b.contains(kind)).collect()).unwrap_or_default();
        if common.is_empty() && self.keyword("properties").next().is_some() { vec!["object"] } else { common }
    }

    pub(super) fn keyword(&self, name: &'a str) -> impl Iterator<Item = Schema<'a>> {
        self.parts.iter().filter_map(move |part| part.node.get(name).map(|node| part.at(node)))
    }

    /// The schema `false`, which accepts nothing.
    pub(super) fn is_never(&self) -> bool {
        self.parts.iter().any(|part| part.node == &Value::Bool(false))
    }

    /// The values that the schema lists; `None` if it lists none.
    pub(super) fn values(&self) -> Option<Vec<&'a Value>> {
        let one = self.keyword("const").next().map(|value| vec![value.node]);
        one.or_else(|| self.keyword("enum").next()?.node.as_array().map(|all| all.iter().collect()))
    }

    pub(super) fn property(&self, name: &str) -> Option<Schema<'a>> {
        self.keyword("properties").find_map(|all| Some(all.at(all.node.get(name)?)))
    }

    pub(super) fn properties(&self) -> impl Iterator<Item = (&'a String, Schema<'a>)> {
        let objects = self.keyword("properties").filter_map(|all| Some((all, all.node.as_object()?)));
        objects
            .flat_map(|(all, object): (_, &'a Map<_, _>)| object.iter().map(move |(name, node)| (name, all.at(node))))
    }

    pub(super) fn required(&self) -> BTreeSet<&'a str> {
        let lists = self.keyword("required").filter_map(|list| list.node.as_array());
        lists.flatten().filter_map(Value::as_str).collect()
    }

    /// What the schema says of properties that it does not name.
    pub(super) fn others(&self) -> Option<Schema<'a>> {
        self.keyword("additionalProperties").next().or_else(|| self.keyword("patternProperties").next())
    }
}
