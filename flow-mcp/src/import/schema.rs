//! What a JSON Schema says, as far as Rust types can say it.

use serde_json::{Map, Value};

/// Keywords that describe a value without limiting it, or whose limits the server checks.
const LOOSE: &[&str] = &[
    "$anchor",
    "$comment",
    "$defs",
    "$id",
    "$schema",
    "contentEncoding",
    "contentMediaType",
    "default",
    "definitions",
    "deprecated",
    "description",
    "example",
    "examples",
    "exclusiveMaximum",
    "exclusiveMinimum",
    "format",
    "maxItems",
    "maxLength",
    "maxProperties",
    "maximum",
    "minItems",
    "minLength",
    "minProperties",
    "minimum",
    "multipleOf",
    "nullable",
    "pattern",
    "readOnly",
    "title",
    "uniqueItems",
    "writeOnly",
];

/// Keywords that types do not express, but that do not change the type of a value.
const UNSAID: &[&str] = &[
    "not",
    "if",
    "dependentRequired",
    "dependentSchemas",
    "dependencies",
    "patternProperties",
    "propertyNames",
    "prefixItems",
    "contains",
    "unevaluatedItems",
    "unevaluatedProperties",
];

/// The keywords of alternatives and combinations.
pub(super) const COMBINED: &[&str] = &["allOf", "anyOf", "oneOf"];

/// A schema within its document.
#[derive(Clone, Copy)]
pub(super) struct Schema<'s> {
    pub(super) node: &'s Value,
    root: &'s Value,
}

/// A property of an object.
pub(super) struct Property<'s> {
    pub(super) name: &'s str,
    pub(super) schema: Schema<'s>,
    pub(super) is_required: bool,
}

impl<'s> Schema<'s> {
    pub(super) fn of(document: &'s Value) -> Self {
        Self { node: document, root: document }
    }

    pub(super) fn at(self, node: &'s Value) -> Self {
        Self { node, ..self }
    }

    pub(super) fn get(self, keyword: &str) -> Option<Self> {
        Some(self.at(self.node.get(keyword)?))
    }

    pub(super) fn description(self) -> Option<&'s str> {
        self.node.get("description")?.as_str()
    }

    pub(super) fn reference(self) -> Option<&'s str> {
        self.node.get("$ref")?.as_str()
    }

    /// What a reference within the document points to.
    pub(super) fn target(self) -> Option<Self> {
        Some(self.at(self.root.pointer(self.reference()?.strip_prefix('#')?)?))
    }

    pub(super) fn list(self, keyword: &str) -> Option<Vec<Self>> {
        Some(self.node.get(keyword)?.as_array()?.iter().map(|node| self.at(node)).collect())
    }

    /// Whether any value is allowed.
    pub(super) fn is_silent(self) -> bool {
        self.node
            .as_object()
            .map_or(self.node != &Value::Bool(false), |all| all.keys().all(|key| LOOSE.contains(&key.as_str())))
    }

    /// Whether a keyword stands alone, apart from words about the value.
    pub(super) fn says_only(self, keyword: &str) -> bool {
        let known = |key: &String| key == keyword || LOOSE.contains(&key.as_str()) || UNSAID.contains(&key.as_str());
        self.node.as_object().is_some_and(|all| all.keys().all(known))
    }

    pub(super) fn unsaid(self) -> Vec<&'static str> {
        UNSAID.iter().copied().filter(|keyword| self.node.get(keyword).is_some()).collect()
    }

    pub(super) fn combined(self) -> Option<&'static str> {
        COMBINED.iter().copied().find(|keyword| self.node.get(keyword).is_some())
    }

    pub(super) fn kinds(self) -> Vec<&'s str> {
        match self.node.get("type") {
            Some(Value::String(kind)) => vec![kind],
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).collect(),
            _ if self.node.get("properties").is_some_and(Value::is_object) => vec!["object"],
            _ => Vec::new(),
        }
    }

    /// The listed values, once each and without those of other types.
    pub(super) fn values(self) -> Option<Vec<&'s Value>> {
        let one = self.node.get("const").map(std::slice::from_ref);
        let all = one.or_else(|| self.node.get("enum")?.as_array().map(Vec::as_slice))?;
        let kinds = self.kinds();
        let mut values: Vec<&Value> = Vec::new();
        for value in all {
            if (kinds.is_empty() || kinds.iter().any(|kind| is_of(value, kind))) && !values.contains(&value) {
                values.push(value);
            }
        }
        Some(values)
    }

    /// The alternative besides `null`, and whether `null` is one too.
    pub(super) fn alternative(self) -> Option<(Self, bool)> {
        let keyword = ["anyOf", "oneOf"].into_iter().find(|keyword| self.says_only(keyword))?;
        let all = self.list(keyword)?;
        let mut others = all.iter().filter(|one| one.node["type"] != "null");
        match (others.next(), others.next()) {
            (Some(only), None) if all.len() <= 2 => Some((*only, all.len() == 2)),
            _ => None,
        }
    }

    /// The properties of an object, in the order of the schema, and those that it only requires.
    pub(super) fn properties(self) -> Vec<Property<'s>> {
        const ANY: &Value = &Value::Bool(true);
        let required: Vec<_> =
            self.node["required"].as_array().into_iter().flatten().filter_map(Value::as_str).collect();
        let listed = self.node["properties"].as_object().into_iter().flatten();
        let listed = listed.filter(|(name, node)| *node != &Value::Bool(false) || required.contains(&name.as_str()));
        let mut all: Vec<_> = listed
            .map(|(name, node)| Property {
                name,
                schema: self.at(node),
                is_required: required.contains(&name.as_str()),
            })
            .collect();
        for name in required {
            if !all.iter().any(|property| property.name == name) {
                all.push(Property { name, schema: self.at(ANY), is_required: true });
            }
        }
        all
    }

    pub(super) fn has_properties(self) -> bool {
        self.node["properties"].as_object().is_some_and(|all| !all.is_empty())
    }

    /// Whether both say the same once references are followed.
    pub(super) fn is_same(self, other: Self) -> bool {
        same(self, other, &mut Vec::new())
    }
}

/// The pairs that were compared: schemas may be recursive.
type Met = Vec<(*const Value, *const Value)>;

fn same(a: Schema<'_>, b: Schema<'_>, met: &mut Met) -> bool {
    let pair = (std::ptr::from_ref(a.node), std::ptr::from_ref(b.node));
    if (pair.0 == pair.1 && std::ptr::eq(a.root, b.root)) || met.contains(&pair) {
        return true;
    }
    met.push(pair);
    match (a.node, b.node) {
        (Value::Object(first), Value::Object(second)) => match (a.target(), b.target()) {
            (Some(to), Some(other)) => same_entries(a, first, b, second, met) && same(to, other, met),
            (Some(to), None) if first.len() == 1 => same(to, b, met),
            (None, Some(to)) if second.len() == 1 => same(a, to, met),
            (None, None) => same_entries(a, first, b, second, met),
            _ => false,
        },
        (Value::Array(first), Value::Array(second)) => {
            first.len() == second.len()
                && first.iter().zip(second).all(|(first, second)| same(a.at(first), b.at(second), met))
        }
        (first, second) => first == second,
    }
}

fn same_entries(
    a: Schema<'_>,
    first: &Map<String, Value>,
    b: Schema<'_>,
    second: &Map<String, Value>,
    met: &mut Met,
) -> bool {
    // Definitions count where something refers to them, and references by their targets.
    let is_passed = |key: &str, schema: Schema<'_>| {
        matches!(key, "$defs" | "definitions" | "$schema" | "$id") || (key == "$ref" && schema.target().is_some())
    };
    let count = |all: &Map<String, Value>, schema| all.keys().filter(|key| !is_passed(key, schema)).count();
    count(first, a) == count(second, b)
        && first
            .iter()
            .filter(|(key, _)| !is_passed(key, a))
            .all(|(key, value)| second.get(key).is_some_and(|other| same(a.at(value), b.at(other), met)))
}

/// Whether a value has this JSON type.
fn is_of(value: &Value, kind: &str) -> bool {
    match value {
        Value::Null => kind == "null",
        Value::Bool(_) => kind == "boolean",
        Value::Number(number) => {
            kind == "number" || (kind == "integer" && number.as_f64().is_some_and(|it| it.fract() == 0.0))
        }
        Value::String(_) => kind == "string",
        Value::Array(_) => kind == "array",
        Value::Object(_) => kind == "object",
    }
}
