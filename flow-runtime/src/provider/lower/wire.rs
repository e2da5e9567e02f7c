//! A contract's tree, rebuilt for what an endpoint takes.

use super::tree::{Field, Kind, Node, Presence, Tree, Type};

/// The property that holds the entries of a map with named fields beside them, unless the contract has one of that
/// name.
const ENTRIES: &str = "entries";

/// The tree for strict mode: every object closed and complete, no maps, no tuples, nothing untyped.
pub(super) fn strict(contract: &Tree) -> Tree {
    let defs = contract.defs.iter().map(|(key, node)| (key.clone(), node_for(contract, node))).collect();
    Tree { root: node_for(contract, &contract.root), defs }
}

/// The name of the property that holds the further keys of an object with these fields.
pub(super) fn entries_name(fields: &[Field]) -> String {
    let mut name = ENTRIES.to_owned();
    while fields.iter().any(|field| field.name == name) {
        name.push('_');
    }
    name
}

fn node_for(contract: &Tree, node: &Node) -> Node {
    let part = |node: &Node| node_for(contract, node);
    let mut rebuilt = Node { kind: Kind::Never, ..node.clone() };
    rebuilt.kind = match &node.kind {
        Kind::Any => return json_text(rebuilt),
        Kind::Object { fields, extra } => return object(contract, rebuilt, fields, extra.as_deref()),
        Kind::Tuple(items) => return tuple(rebuilt, items.iter().map(part).collect()),
        Kind::Array(item) => Kind::Array(Box::new(part(item))),
        Kind::Union(variants) => Kind::Union(variants.iter().map(part).collect()),
        Kind::Never | Kind::Scalar { .. } | Kind::Ref(_) => node.kind.clone(),
    };
    rebuilt
}

fn json_text(node: Node) -> Node {
    Node { kind: Node::scalar(Type::String).kind, ..node }.note("Any JSON value, written as JSON text in this string.")
}

fn object(contract: &Tree, node: Node, fields: &[Field], extra: Option<&Node>) -> Node {
    let mut rebuilt: Vec<_> = fields.iter().map(|field| complete(contract, field)).collect();
    let Some(extra) = extra else { return Node { kind: Node::object(rebuilt).kind, ..node } };
    let entries = entries(node_for(contract, extra));
    if fields.is_empty() {
        return Node { kind: entries.kind, ..node }.note("A map: one entry for each key, no key twice.");
    }
    let entries = entries.note("Further properties: one entry for each key, no key twice.");
    rebuilt.push(Field::required(entries_name(fields), entries));
    Node { kind: Node::object(rebuilt).kind, ..node }
}

fn entries(value: Node) -> Node {
    let key = Field::required("key", Node::scalar(Type::String));
    Node::new(Kind::Array(Box::new(Node::object(vec![key, Field::required("value", value)]))))
}

/// A property that is always there: null stands for an absent one.
fn complete(contract: &Tree, field: &Field) -> Field {
    let node = node_for(contract, &field.node);
    let presence = match field.presence {
        Presence::Optional if !contract.lists_null(&field.node) => Presence::Nullable,
        _ => Presence::Required,
    };
    Field { name: field.name.clone(), node, presence }
}

fn tuple(node: Node, items: Vec<Node>) -> Node {
    let fields = items.into_iter().enumerate().map(|(index, item)| Field::required(index.to_string(), item)).collect();
    Node { kind: Node::object(fields).kind, ..node }.note("A tuple: its items by position.")
}
