//! The tree form of a schema: each `allOf` and sibling keyword is resolved to one kind of value per node.

use std::collections::BTreeMap;

use serde_json::{Map, Value};

/// A schema independent of its spelling: the root, and the definitions by their JSON pointers in the original.
#[derive(Clone, Debug)]
pub(in crate::provider) struct Tree {
    pub(in crate::provider) root: Node,
    pub(in crate::provider) defs: BTreeMap<String, Node>,
}

/// A node of a schema.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::provider) struct Node {
    pub(in crate::provider) kind: Kind,
    pub(in crate::provider) description: Option<String>,
    /// Keywords that narrow the kind: bounds, lengths, patterns, formats.
    pub(in crate::provider) constraints: Map<String, Value>,
}

/// The values that a node allows.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::provider) enum Kind {
    /// Any JSON value.
    Any,
    /// No value.
    Never,
    /// Values without parts; with `values`, only those.
    Scalar { types: Vec<Type>, values: Option<Vec<Value>> },
    /// Named fields, and additional keys if there is an `extra` node for their values.
    Object { fields: Vec<Field>, extra: Option<Box<Node>> },
    /// Any number of items.
    Array(Box<Node>),
    /// Items by position.
    Tuple(Vec<Node>),
    /// One of several.
    Union(Vec<Node>),
    /// A key of [`Tree::defs`].
    Ref(String),
    /// JSON text of a value of the node, in a string.
    Text(Box<Node>),
}

/// A named property.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::provider) struct Field {
    pub(in crate::provider) name: String,
    pub(in crate::provider) node: Node,
    pub(in crate::provider) presence: Presence,
}

/// Whether a property must be present.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::provider) enum Presence {
    Required,
    Optional,
    /// Always present; null marks an absent one, in addition to the values of the node.
    Nullable,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::provider) enum Type {
    Null,
    Boolean,
    Integer,
    Number,
    String,
}

impl Tree {
    /// The node itself, or the target of its references; `None` for circular references.
    pub(in crate::provider) fn follow<'a>(&'a self, mut node: &'a Node) -> Option<&'a Node> {
        for _ in 0..=self.defs.len() {
            match &node.kind {
                Kind::Ref(key) => node = self.defs.get(key)?,
                _ => return Some(node),
            }
        }
        None
    }

    /// Whether a node explicitly allows null. [`Kind::Any`] does not count.
    pub(in crate::provider) fn lists_null(&self, node: &Node) -> bool {
        match self.follow(node).map(|node| &node.kind) {
            Some(Kind::Union(variants)) => variants.iter().any(|variant| self.lists_null(variant)),
            Some(Kind::Scalar { types, .. }) => types.contains(&Type::Null),
            _ => false,
        }
    }
}

impl Node {
    pub(in crate::provider) fn new(kind: Kind) -> Self {
        Self { kind, description: None, constraints: Map::new() }
    }

    pub(in crate::provider) fn scalar(ty: Type) -> Self {
        Self::new(Kind::Scalar { types: vec![ty], values: None })
    }

    pub(super) fn object(fields: Vec<Field>) -> Self {
        Self::new(Kind::Object { fields, extra: None })
    }

    /// Whether the node has no constraints, except perhaps in its description.
    pub(super) fn is_open(&self) -> bool {
        self.kind == Kind::Any && self.constraints.is_empty()
    }

    /// The value of a keyword that counts characters, items or properties.
    pub(in crate::provider) fn count(&self, key: &str) -> Option<usize> {
        self.constraints.get(key)?.as_u64().map(|count| count as usize)
    }

    /// Appends a sentence to the description.
    pub(super) fn note(mut self, sentence: &str) -> Self {
        self.description = Some(match self.description {
            Some(text) => format!("{text}\n\n{sentence}"),
            None => sentence.to_owned(),
        });
        self
    }
}

impl Field {
    pub(super) fn required(name: impl Into<String>, node: Node) -> Self {
        Self { name: name.into(), node, presence: Presence::Required }
    }
}

impl Type {
    pub(super) const fn name(self) -> &'static str {
        match self {
            Self::Null => "null",
            Self::Boolean => "boolean",
            Self::Integer => "integer",
            Self::Number => "number",
            Self::String => "string",
        }
    }

    pub(super) fn named(name: &str) -> Option<Self> {
        [Self::Null, Self::Boolean, Self::Integer, Self::Number, Self::String].into_iter().find(|ty| ty.name() == name)
    }

    /// The type of a value; `None` for arrays and objects.
    pub(super) fn of(value: &Value) -> Option<Self> {
        match value {
            Value::Null => Some(Self::Null),
            Value::Bool(_) => Some(Self::Boolean),
            Value::Number(number) if number.is_f64() => Some(Self::Number),
            Value::Number(_) => Some(Self::Integer),
            Value::String(_) => Some(Self::String),
            Value::Array(_) | Value::Object(_) => None,
        }
    }

    pub(super) fn takes(self, value: &Value) -> bool {
        match (self, Self::of(value)) {
            (Self::Number, Some(Self::Integer)) => true,
            // In JSON Schema, 2.0 is an integer.
            (Self::Integer, Some(Self::Number)) => value.as_f64().is_some_and(|number| number.fract() == 0.0),
            (ty, of) => of == Some(ty),
        }
    }
}
