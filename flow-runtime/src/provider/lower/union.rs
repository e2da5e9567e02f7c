//! Unions of alternatives, simplified.

use serde_json::Value;

use super::tree::{Kind, Node, Type};

/// The union of nodes: impossible ones removed, nested unions flattened, plain names merged into one list.
pub(super) fn union(nodes: Vec<Node>) -> Node {
    let mut variants: Vec<Node> = nodes.into_iter().flat_map(unfold).collect();
    if variants.len() > 1 && variants.iter().all(is_name) {
        return names(variants);
    }
    match variants.len() {
        0 => Node::new(Kind::Never),
        1 => variants.remove(0),
        _ if variants.iter().any(|variant| variant.kind == Kind::Any) => Node::new(Kind::Any),
        _ => Node::new(Kind::Union(variants)),
    }
}

fn unfold(node: Node) -> Vec<Node> {
    match node.kind {
        Kind::Never => Vec::new(),
        Kind::Union(variants) if node.description.is_none() && node.constraints.is_empty() => variants,
        _ => vec![node],
    }
}

fn is_name(node: &Node) -> bool {
    matches!(&node.kind, Kind::Scalar { types, values: Some(_) } if types == &[Type::String])
}

/// Merges the variants of a plain enum into one list of names; their descriptions move into that of the list.
fn names(variants: Vec<Node>) -> Node {
    let mut names: Vec<Value> = Vec::new();
    let mut lines: Vec<String> = Vec::new();
    for variant in variants {
        let Kind::Scalar { values: Some(values), .. } = variant.kind else { continue };
        if let Some(text) = variant.description {
            lines.extend(values.iter().filter_map(Value::as_str).map(|name| format!("`{name}`: {text}")));
        }
        names.extend(values);
    }
    let kind = Kind::Scalar { types: vec![Type::String], values: Some(names) };
    Node { description: (!lines.is_empty()).then(|| lines.join("\n")), ..Node::new(kind) }
}
