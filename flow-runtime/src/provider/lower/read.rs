//! Reads a published JSON Schema into a tree.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use serde_json::{Map, Value};

use super::keywords;
use super::pointer::{escape, percent_decoded};
use super::tree::{Field, Kind, Node, Presence, Tree, Type};
use super::union::union;

/// Reads a schema. Anything unknown becomes `Any`: the contract itself is validated elsewhere.
pub(in crate::provider) fn read(schema: &Value) -> Tree {
    let reader = Reader { document: schema };
    let root = reader.resolve("", &mut Trail::default());
    let mut tree = Tree { root, defs: BTreeMap::new() };
    let mut wanted = references(&tree.root);
    while let Some(pointer) = wanted.pop() {
        let Entry::Vacant(place) = tree.defs.entry(pointer) else { continue };
        let node = reader.node(place.key(), &mut Trail::default());
        wanted.extend(references(&node));
        place.insert(node);
    }
    without_circles(tree)
}

/// The schema as a document, read by JSON pointer, so that every node has a name that references can use.
pub(super) struct Reader<'a> {
    document: &'a Value,
}

/// The pointers being read, outermost first. From `floor` on, they all describe the same value.
#[derive(Default)]
pub(super) struct Trail {
    pointers: Vec<String>,
    floor: usize,
}

impl Reader<'_> {
    /// The node at a pointer; a plain reference is not followed.
    pub(super) fn node(&self, pointer: &str, trail: &mut Trail) -> Node {
        match trail.pointers.iter().position(|seen| seen == pointer) {
            // A schema that consists only of itself allows no value.
            Some(at) if at >= trail.floor => Node::new(Kind::Never),
            // A recursive schema continues by reference.
            Some(_) => Node::new(Kind::Ref(pointer.to_owned())),
            None => self.read_at(pointer, trail),
        }
    }

    /// The node at a pointer, with a reference at its top followed.
    ///
    /// Terminates although it may read a pointer that is already on the trail: each cycle passes through a part, and a part on the
    /// trail becomes a reference.
    pub(super) fn resolve(&self, pointer: &str, trail: &mut Trail) -> Node {
        if trail.pointers[trail.floor..].iter().any(|seen| seen == pointer) {
            return Node::new(Kind::Never);
        }
        let node = self.read_at(pointer, trail);
        let Kind::Ref(target) = &node.kind else { return node };
        trail.pointers.push(pointer.to_owned());
        let resolved = self.resolve(target, trail);
        trail.pointers.pop();
        Node { description: node.description.or(resolved.description), ..resolved }
    }

    fn read_at(&self, pointer: &str, trail: &mut Trail) -> Node {
        trail.pointers.push(pointer.to_owned());
        let node = match self.document.pointer(pointer) {
            Some(Value::Object(schema)) => self.combine(pointer, schema, trail),
            Some(Value::Bool(false)) => Node::new(Kind::Never),
            _ => Node::new(Kind::Any),
        };
        trail.pointers.pop();
        node
    }

    /// The node of a nested value: a property or an item.
    fn part(&self, pointer: &str, trail: &mut Trail) -> Node {
        let floor = std::mem::replace(&mut trail.floor, trail.pointers.len());
        let node = self.node(pointer, trail);
        trail.floor = floor;
        node
    }

    /// All that a schema says about one value: its own keywords, its reference, `allOf`, and its alternatives.
    fn combine(&self, pointer: &str, schema: &Map<String, Value>, trail: &mut Trail) -> Node {
        let mut node = self.own(pointer, schema, trail);
        if let Some(reference) = schema.get("$ref").and_then(Value::as_str) {
            let target = self.target(reference).map_or(Kind::Any, Kind::Ref);
            node = self.merge(node, Node::new(target), trail);
        }
        for part in self.members(pointer, schema, "allOf", trail) {
            node = self.merge(node, part, trail);
        }
        for key in ["oneOf", "anyOf"] {
            if schema.contains_key(key) {
                node = self.merge(node, union(self.members(pointer, schema, key, trail)), trail);
            }
        }
        node
    }

    fn members(&self, pointer: &str, schema: &Map<String, Value>, key: &str, trail: &mut Trail) -> Vec<Node> {
        let count = schema.get(key).and_then(Value::as_array).map_or(0, Vec::len);
        (0..count).map(|index| self.node(&format!("{pointer}/{key}/{index}"), trail)).collect()
    }

    /// The node described by the schema's own keywords.
    fn own(&self, pointer: &str, schema: &Map<String, Value>, trail: &mut Trail) -> Node {
        let constraints = keywords::constraints(schema);
        let kinds = self.kinds(pointer, schema, trail);
        let with = |kind: Kind| {
            let concerned = |(key, _): &(&String, &Value)| keywords::concerns(key, &kind);
            let constraints = constraints.iter().filter(concerned).map(|(key, value)| (key.clone(), value.clone()));
            Node { constraints: constraints.collect(), ..Node::new(kind) }
        };
        let node = union(kinds.into_iter().map(with).collect());
        let description = schema.get("description").and_then(Value::as_str).map(str::to_owned);
        Node { description: description.or(node.description), ..node }
    }

    /// The kinds of value that the schema's types allow; the types without parts form one kind.
    fn kinds(&self, pointer: &str, schema: &Map<String, Value>, trail: &mut Trail) -> Vec<Kind> {
        if let Some(values) = values(schema) {
            let types = schema.get("type").map(type_names).unwrap_or_default();
            let mut types: Vec<_> = types.into_iter().filter_map(Type::named).collect();
            if types.is_empty() {
                values.iter().filter_map(Type::of).for_each(|ty| {
                    if !types.contains(&ty) {
                        types.push(ty)
                    }
                });
            }
            return vec![Kind::Scalar { types, values: Some(values) }];
        }
        let names = schema.get("type").map_or_else(|| implied(schema), type_names);
        if names.is_empty() {
            return vec![Kind::Any];
        }
        let scalars: Vec<_> = names.iter().filter_map(|name| Type::named(name)).collect();
        let mut kinds = Vec::new();
        for name in &names {
            match *name {
                "object" => kinds.push(self.object(pointer, schema, trail)),
                "array" => kinds.push(self.array(pointer, schema, trail)),
                _ => {}
            }
        }
        if !scalars.is_empty() {
            kinds.push(Kind::Scalar { types: scalars, values: None });
        }
        kinds
    }

    fn object(&self, pointer: &str, schema: &Map<String, Value>, trail: &mut Trail) -> Kind {
        let required: Vec<_> = schema.get("required").and_then(Value::as_array).into_iter().flatten().collect();
        let names = schema.get("properties").and_then(Value::as_object).into_iter().flat_map(Map::keys);
        let mut fields: Vec<_> = names
            .map(|name| {
                let here = required.iter().any(|wanted| *wanted == name);
                let presence = if here { Presence::Required } else { Presence::Optional };
                let node = self.part(&format!("{pointer}/properties/{}", escape(name)), trail);
                Field { name: name.clone(), node, presence }
            })
            .collect();
        // A property may be required here and described by a sibling.
        for name in required.iter().filter_map(|name| name.as_str()) {
            if !fields.iter().any(|field| field.name == name) {
                fields.push(Field::required(name, Node::new(Kind::Any)));
            }
        }
        Kind::Object { fields, extra: self.extra(pointer, schema, trail).map(Box::new) }
    }

    /// The node of additional keys. Keys that the schema does not mention are assumed absent: serde writes none.
    fn extra(&self, pointer: &str, schema: &Map<String, Value>, trail: &mut Trail) -> Option<Node> {
        let patterns = schema.get("patternProperties").and_then(Value::as_object).into_iter().flat_map(Map::keys);
        let mut kinds: Vec<_> = patterns
            .map(|pattern| self.part(&format!("{pointer}/patternProperties/{}", escape(pattern)), trail))
            .collect();
        for key in ["additionalProperties", "unevaluatedProperties"] {
            if schema.get(key).is_some_and(|value| *value != Value::Bool(false)) {
                kinds.push(self.part(&format!("{pointer}/{key}"), trail));
            }
        }
        (!kinds.is_empty()).then(|| union(kinds))
    }

    fn array(&self, pointer: &str, schema: &Map<String, Value>, trail: &mut Trail) -> Kind {
        let count = schema.get("prefixItems").and_then(Value::as_array).map_or(0, Vec::len);
        if count > 0 {
            return Kind::Tuple(
                (0..count).map(|index| self.part(&format!("{pointer}/prefixItems/{index}"), trail)).collect(),
            );
        }
        Kind::Array(Box::new(self.part(&format!("{pointer}/items"), trail)))
    }

    /// The pointer that a reference refers to; `None` outside the document.
    fn target(&self, reference: &str) -> Option<String> {
        let pointer = reference.strip_prefix('#')?;
        [pointer.to_owned(), percent_decoded(pointer)]
            .into_iter()
            .find(|pointer| self.document.pointer(pointer).is_some())
    }
}

/// The values listed by `const` or `enum`.
fn values(schema: &Map<String, Value>) -> Option<Vec<Value>> {
    let constant = schema.get("const").map(|value| vec![value.clone()]);
    constant.or_else(|| schema.get("enum").and_then(Value::as_array).cloned())
}

/// The names listed by `type`.
fn type_names(types: &Value) -> Vec<&str> {
    match types {
        Value::String(name) => vec![name],
        Value::Array(names) => names.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    }
}

/// The type implied by the other keywords when `type` is missing.
fn implied(schema: &Map<String, Value>) -> Vec<&'static str> {
    let any_of = |keys: &[&str]| keys.iter().any(|key| schema.contains_key(*key));
    if any_of(&["properties", "required", "additionalProperties", "patternProperties", "unevaluatedProperties"]) {
        vec!["object"]
    } else if any_of(&["items", "prefixItems"]) {
        vec!["array"]
    } else {
        Vec::new()
    }
}

/// The pointers that a node refers to.
pub(super) fn references(node: &Node) -> Vec<String> {
    match &node.kind {
        Kind::Ref(pointer) => vec![pointer.clone()],
        Kind::Array(item) | Kind::Text(item) => references(item),
        Kind::Tuple(nodes) | Kind::Union(nodes) => nodes.iter().flat_map(references).collect(),
        Kind::Object { fields, extra } => {
            let nodes = fields.iter().map(|field| &field.node).chain(extra.as_deref());
            nodes.flat_map(references).collect()
        }
        Kind::Any | Kind::Never | Kind::Scalar { .. } => Vec::new(),
    }
}

/// Removes alternatives that are the union itself, as from an untagged enum that boxes itself: they add no value, and would make
/// a grammar endless.
fn without_circles(mut tree: Tree) -> Tree {
    let known = tree.clone();
    for (key, node) in &mut tree.defs {
        if let Kind::Union(variants) = &mut node.kind {
            variants.retain(|variant| !leads_to(&known, variant, key, known.defs.len()));
        }
    }
    if let Kind::Union(variants) = &mut tree.root.kind {
        variants.retain(|variant| !leads_to(&known, variant, "", known.defs.len()));
    }
    tree
}

fn leads_to(tree: &Tree, node: &Node, key: &str, steps: usize) -> bool {
    match &node.kind {
        Kind::Ref(target) if target == key => true,
        Kind::Ref(target) => {
            steps > 0 && tree.defs.get(target).is_some_and(|node| leads_to(tree, node, key, steps - 1))
        }
        Kind::Union(variants) => variants.iter().any(|variant| leads_to(tree, variant, key, steps)),
        _ => false,
    }
}
