//! Rebuilds a contract's tree for an endpoint.

use super::read::references;
use super::rules::{Recursion, Rules};
use super::tree::{Field, Kind, Node, Presence, Tree, Type};

/// The property that holds the entries of a map with named fields, unless the contract has a property of that name.
const ENTRIES: &str = "entries";

/// The tree that says as much of the contract as the rules can express.
pub(super) fn rebuild(contract: &Tree, rules: &Rules) -> Tree {
    let part = |within| Part { contract, rules, within, optional: false };
    let defs = contract.defs.iter().map(|(key, node)| (key.clone(), part(Some(key.as_str())).node(node))).collect();
    Tree { root: part(None).node(&contract.root), defs }
}

/// The name of the property for the additional keys of an object with these fields.
pub(super) fn entries_name(fields: &[Field]) -> String {
    let mut name = ENTRIES.to_owned();
    while fields.iter().any(|field| field.name == name) {
        name.push('_');
    }
    name
}

/// The position of a node in the contract.
#[derive(Clone, Copy)]
struct Part<'a> {
    contract: &'a Tree,
    rules: &'a Rules,
    /// The definition that contains the node.
    within: Option<&'a str>,
    /// Whether a property above the node, in the same definition, is optional.
    optional: bool,
}

impl Part<'_> {
    fn node(self, node: &Node) -> Node {
        let mut rebuilt = Node { kind: Kind::Never, ..node.clone() };
        rebuilt.kind = match &node.kind {
            Kind::Any if !self.rules.untyped => return json_text(rebuilt),
            Kind::Ref(target) if self.is_cut(target) => Kind::Text(Box::new(Node::new(node.kind.clone()))),
            Kind::Object { fields, extra } => return self.object(rebuilt, fields, extra.as_deref()),
            Kind::Tuple(items) if self.rules.tuples => Kind::Tuple(self.all(items)),
            Kind::Tuple(items) => return tuple(rebuilt, self.all(items)),
            Kind::Array(item) => Kind::Array(Box::new(self.node(item))),
            Kind::Union(variants) => Kind::Union(self.all(variants)),
            Kind::Any | Kind::Never | Kind::Scalar { .. } | Kind::Ref(_) | Kind::Text(_) => node.kind.clone(),
        };
        rebuilt
    }

    fn all(self, nodes: &[Node]) -> Vec<Node> {
        nodes.iter().map(|node| self.node(node)).collect()
    }

    fn object(self, node: Node, fields: &[Field], extra: Option<&Node>) -> Node {
        let mut rebuilt: Vec<_> = fields.iter().map(|field| self.field(field)).collect();
        let extra = extra.map(|extra| self.node(extra));
        if self.rules.maps || extra.is_none() {
            return Node { kind: Kind::Object { fields: rebuilt, extra: extra.map(Box::new) }, ..node };
        }
        let entries = entries(extra.unwrap_or_else(|| Node::new(Kind::Never)));
        if fields.is_empty() {
            return Node { kind: entries.kind, ..node }.note("A map: one entry for each key, no key twice.");
        }
        let entries = entries.note("Further properties: one entry for each key, no key twice.");
        rebuilt.push(Field::required(entries_name(fields), entries));
        Node { kind: Node::object(rebuilt).kind, ..node }
    }

    fn field(self, field: &Field) -> Field {
        let relaxed = self.is_relaxed(field);
        let presence = match field.presence {
            Presence::Optional if !self.rules.complete => Presence::Optional,
            Presence::Optional if !self.contract.lists_null(&field.node) => Presence::Nullable,
            _ if relaxed => Presence::Optional,
            _ => Presence::Required,
        };
        let optional = self.optional || presence == Presence::Optional;
        let mut node = Part { optional, ..self }.node(&field.node);
        if relaxed {
            node.constraints.insert("required".to_owned(), true.into());
        }
        Field { name: field.name.clone(), node, presence }
    }

    /// Whether a required property becomes optional on the wire because it is recursive.
    fn is_relaxed(self, field: &Field) -> bool {
        self.rules.recursion == Recursion::BeneathOptional
            && field.presence == Presence::Required
            && references(&field.node).iter().any(|target| self.leads_back(target))
    }

    /// Whether a reference becomes text because the endpoint does not support this recursion.
    fn is_cut(self, target: &str) -> bool {
        let followed = match self.rules.recursion {
            Recursion::Anywhere => true,
            Recursion::BeneathOptional => self.optional,
            Recursion::Nowhere => false,
        };
        !followed && self.leads_back(target)
    }

    /// Whether a definition leads back to the one that contains the node.
    fn leads_back(self, target: &str) -> bool {
        let Some(here) = self.within else { return false };
        let mut seen = vec![target.to_owned()];
        let mut at = 0;
        while let Some(key) = seen.get(at).cloned() {
            if key == here {
                return true;
            }
            let next = self.contract.defs.get(&key).map(references).unwrap_or_default();
            for key in next {
                if !seen.contains(&key) {
                    seen.push(key);
                }
            }
            at += 1;
        }
        false
    }
}

fn json_text(node: Node) -> Node {
    let any = Kind::Text(Box::new(Node::new(Kind::Any)));
    Node { kind: any, ..node }.note("Any JSON value, written as JSON text in this string.")
}

fn entries(value: Node) -> Node {
    let key = Field::required("key", Node::scalar(Type::String));
    Node::new(Kind::Array(Box::new(Node::object(vec![key, Field::required("value", value)]))))
}

fn tuple(node: Node, items: Vec<Node>) -> Node {
    let fields = items.into_iter().enumerate().map(|(index, item)| Field::required(index.to_string(), item)).collect();
    Node { kind: Node::object(fields).kind, ..node }.note("A tuple: its items by position.")
}
