//! Writes a tree as a JSON Schema.

use std::collections::BTreeMap;

use serde_json::{Map, Value, json};

use super::lowered::Dropped;
use super::pointer::{escape, unescape};
use super::rules::{Rules, Values};
use super::tree::{Field, Kind, Node, Presence, Tree};

/// Writes a tree as a schema that follows the rules.
pub(super) fn write(tree: &Tree, rules: &'static Rules) -> (Value, Vec<Dropped>) {
    let mut writer = Writer { rules, names: names(tree), dropped: Vec::new() };
    let mut schema = writer.node(&tree.root, "");
    let defs: Map<_, _> = tree
        .defs
        .iter()
        .map(|(key, node)| {
            let name = writer.names[key].clone();
            let pointer = format!("/$defs/{name}");
            (name, writer.node(node, &pointer))
        })
        .collect();
    if !defs.is_empty() {
        schema["$defs"] = Value::Object(defs);
    }
    (schema, writer.dropped)
}

struct Writer {
    rules: &'static Rules,
    /// The names of definitions, by their pointers in the tree.
    names: BTreeMap<String, String>,
    dropped: Vec<Dropped>,
}

impl Writer {
    fn node(&mut self, node: &Node, pointer: &str) -> Value {
        let mut schema = self.kind(&node.kind, pointer);
        let mut unsaid = Vec::new();
        for (keyword, value) in self.unlisted(&node.kind).iter().chain(&node.constraints) {
            if self.rules.takes(keyword, value) {
                schema.insert(keyword.clone(), value.clone());
            } else {
                unsaid.push(format!("{keyword}: {value}"));
                self.drop(pointer, keyword, value);
            }
        }
        let mut said = node.clone();
        if let Kind::Text(inner) = &node.kind
            && let Kind::Ref(key) = &inner.kind
        {
            said = said.note(&format!("A value of `{}`, written as JSON text in this string.", self.names[key]));
        }
        if !unsaid.is_empty() {
            said = said.note(&format!("({})", unsaid.join(", ")));
        }
        match said.description {
            Some(text) => described(schema, text),
            None => Value::Object(schema),
        }
    }

    /// The values of a scalar that may not be listed, as the keyword that would list them.
    fn unlisted(&self, kind: &Kind) -> Map<String, Value> {
        match kind {
            // The type alone says it.
            Kind::Scalar { values: Some(values), .. } if values == &[Value::Null] => Map::new(),
            Kind::Scalar { values: Some(values), .. } if !self.rules.lists(values) => {
                Map::from_iter([("enum".to_owned(), Value::from(values.clone()))])
            }
            _ => Map::new(),
        }
    }

    fn drop(&mut self, pointer: &str, keyword: &str, value: &Value) {
        let (pointer, keyword) = (pointer.to_owned(), keyword.to_owned());
        self.dropped.push(Dropped { pointer, keyword, value: value.clone() });
    }

    fn kind(&mut self, kind: &Kind, pointer: &str) -> Map<String, Value> {
        let schema = match kind {
            // Some servers reject `true`; all accept a list of types.
            Kind::Any => json!({"type": ["object", "array", "string", "number", "boolean", "null"]}),
            // No value is valid; null is the one that no contract mistakes for another value.
            Kind::Never => json!({"type": "null"}),
            Kind::Ref(key) => json!({"$ref": format!("#/$defs/{}", self.names[key])}),
            Kind::Scalar { types, values } => {
                let names: Vec<_> = types.iter().map(|ty| Value::from(ty.name())).collect();
                let types = if let [name] = &names[..] { json!({"type": name}) } else { json!({"type": names}) };
                let values = values.as_deref().filter(|values| self.rules.lists(values));
                return with_values(types, values, self.rules.values);
            }
            Kind::Text(_) => json!({"type": "string"}),
            Kind::Array(item) => json!({"type": "array", "items": self.node(item, &format!("{pointer}/items"))}),
            Kind::Tuple(items) => {
                let count = items.len();
                let items = self.list(items, pointer, "prefixItems");
                json!({"type": "array", "prefixItems": items, "minItems": count, "maxItems": count})
            }
            Kind::Union(variants) if variants.is_empty() => return self.kind(&Kind::Never, pointer),
            Kind::Union(variants) => json!({"anyOf": self.list(variants, pointer, "anyOf")}),
            Kind::Object { fields, extra } => self.object(fields, extra.as_deref(), pointer),
        };
        into_map(schema)
    }

    fn list(&mut self, nodes: &[Node], pointer: &str, key: &str) -> Vec<Value> {
        nodes.iter().enumerate().map(|(index, node)| self.node(node, &format!("{pointer}/{key}/{index}"))).collect()
    }

    fn object(&mut self, fields: &[Field], extra: Option<&Node>, pointer: &str) -> Value {
        let properties: Map<_, _> =
            fields.iter().map(|field| (field.name.clone(), self.field(field, pointer))).collect();
        let always = fields.iter().filter(|field| field.presence != Presence::Optional);
        let required: Vec<_> = always.map(|field| field.name.as_str()).collect();
        let extra =
            extra.map_or(Value::Bool(false), |node| self.node(node, &format!("{pointer}/additionalProperties")));
        json!({"type": "object", "properties": properties, "required": required, "additionalProperties": extra})
    }

    fn field(&mut self, field: &Field, pointer: &str) -> Value {
        let schema = self.node(&field.node, &format!("{pointer}/properties/{}", escape(&field.name)));
        if field.presence == Presence::Nullable { nullable(schema) } else { schema }
    }
}

/// Adds a description to a schema, first if possible. `$ref` allows no siblings, so it is wrapped in `anyOf`.
fn described(schema: Map<String, Value>, text: String) -> Value {
    let mut described = Map::from_iter([("description".to_owned(), Value::String(text))]);
    if schema.contains_key("$ref") {
        described.insert("anyOf".to_owned(), json!([schema]));
    } else {
        described.extend(schema);
    }
    Value::Object(described)
}

/// The schema or null; the description stays outside.
fn nullable(schema: Value) -> Value {
    let mut inner = into_map(schema);
    let description = inner.shift_remove("description");
    let schema = match inner.get_mut("anyOf") {
        Some(Value::Array(variants)) => {
            variants.push(json!({"type": "null"}));
            inner
        }
        _ => into_map(json!({"anyOf": [inner, {"type": "null"}]})),
    };
    match description {
        Some(Value::String(text)) => described(schema, text),
        _ => Value::Object(schema),
    }
}

fn with_values(types: Value, values: Option<&[Value]>, form: Values) -> Map<String, Value> {
    let mut schema = into_map(types);
    if schema["type"] == json!([]) {
        schema.clear();
    }
    match values {
        Some([value]) if form == Values::ConstAndEnum => schema.insert("const".to_owned(), value.clone()),
        Some(values) => schema.insert("enum".to_owned(), values.into()),
        None => None,
    };
    schema
}

fn into_map(value: Value) -> Map<String, Value> {
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// Unique names for definitions: the last token of the pointer, in characters that every endpoint accepts.
fn names(tree: &Tree) -> BTreeMap<String, String> {
    let mut names = BTreeMap::<String, String>::new();
    for key in tree.defs.keys() {
        let token = key.rsplit('/').next().map(unescape).filter(|token| !token.is_empty());
        let plain = |letter: char| if letter.is_ascii_alphanumeric() || letter == '_' { letter } else { '_' };
        let base: String = token.unwrap_or_else(|| "Root".to_owned()).chars().map(plain).collect();
        let mut name = base.clone();
        let mut count = 2;
        while names.values().any(|taken| *taken == name) {
            name = format!("{base}_{count}");
            count += 1;
        }
        names.insert(key.clone(), name);
    }
    names
}
