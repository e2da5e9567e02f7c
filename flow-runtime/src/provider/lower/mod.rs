//! Lowers schemas to what an endpoint supports, and raises answers back to the form of the contract.

mod answerable;
mod casing;
mod fits;
mod keywords;
pub(super) mod measure;
mod merge;
mod pointer;
pub(super) mod read;
mod rules;
pub(crate) mod size;
mod translate;
pub(super) mod tree;
mod union;
mod wire;
mod write;

use serde_json::{Map, Value, json};

use super::SchemaSupport;
pub use answerable::answerable;
pub(super) use rules::{Rules, SizeLimits};
use translate::Translator;
use tree::{Field, Kind, Node, Tree};

/// The property that wraps an answer that is not an object.
const VALUE: &str = "value";

/// Adapts a contract's published schema to what an endpoint supports.
///
/// No schema is rejected. What an endpoint does not support is expressed in another form, and [`Lowered::raise`] converts answers
/// back:
///
/// | contract | [`Strict`](SchemaSupport::Strict) | [`Anthropic`](SchemaSupport::Anthropic) | [`Gemini`](SchemaSupport::Gemini) | [`Compatible`](SchemaSupport::Compatible) |
/// |---|---|---|---|---|
/// | a root that is not an object | `{"value": …}` | `{"value": …}` | `{"value": …}` | `{"value": …}` |
/// | an optional property | required, null when absent | | | |
/// | a map | a list of `{"key": …, "value": …}` | as strict | | |
/// | a tuple | an object with the properties `0`, `1`, … | as strict | | |
/// | any JSON | a string of JSON text | as strict | as strict | all types by name |
/// | a recursive type | | a string of JSON text, from the second level on | optional where it was required | |
/// | keywords beside `$ref` | merged | merged | merged | merged |
/// | a constraint without a keyword | a sentence in the description | as strict | as strict | as strict |
///
/// The other levels get the schema unchanged, except for the root. `rules.rs` lists what each level supports, with source and
/// date.
///
/// ```
/// use flow_runtime::provider::{SchemaSupport, lower};
/// use serde_json::json;
///
/// let years = json!({"type": "array", "items": {"type": "integer"}});
/// let lowered = lower(&years, SchemaSupport::Strict);
/// assert_eq!(lowered.schema["properties"]["value"], years);
/// assert_eq!(lowered.raise(json!({"value": [1969]})), json!([1969]));
/// ```
pub fn lower(schema: &Value, support: SchemaSupport) -> Lowered {
    let contract = read::read(schema);
    let rules = Rules::of(support);
    let wire = rules.map_or_else(|| contract.clone(), |rules| wire::rebuild(&contract, rules));
    let wrapped = !matches!(wire.root.kind, Kind::Object { .. });
    let (schema, dropped) = match rules {
        Some(rules) => {
            let mut whole = wire.clone();
            if wrapped {
                whole.root = Node::object(vec![Field::required(VALUE, whole.root)]);
            }
            write::write(&whole, rules)
        }
        None if wrapped => (wrap(schema), Vec::new()),
        None => (schema.clone(), Vec::new()),
    };
    let mends_case = rules.is_some_and(|rules| !rules.keeps_case);
    Lowered { schema, dropped, wrapped, mends_case, contract, wire }
}

/// A schema in the form an endpoint supports, with the conversion of its answers.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Lowered {
    /// The schema to send.
    pub schema: Value,
    /// Constraints that the schema no longer enforces. Answers are still checked against the full contract.
    pub dropped: Vec<Dropped>,
    wrapped: bool,
    mends_case: bool,
    contract: Tree,
    wire: Tree,
}

/// A constraint without a keyword at the endpoint. It is in the description instead.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct Dropped {
    /// Its location: a JSON pointer into the adapted schema.
    pub pointer: String,
    /// The keyword.
    pub keyword: String,
    /// Its value.
    pub value: Value,
}

impl Lowered {
    /// Converts an endpoint's answer into the form of the contract.
    ///
    /// The value may be invalid: anything that does not fit is left unchanged, so that validation against the contract reports
    /// it.
    #[must_use]
    pub fn raise(&self, answer: Value) -> Value {
        let mut answer = if self.wrapped { unwrap(answer) } else { answer };
        if self.mends_case {
            casing::mend(&self.wire, &self.wire.root, &mut answer);
        }
        self.translator().raise(answer)
    }

    /// Converts a value of the contract into the form in which the endpoint would write it: the inverse of [`Lowered::raise`].
    #[must_use]
    pub fn encode(&self, value: Value) -> Value {
        let value = self.translator().encode(value);
        if self.wrapped { json!({ VALUE: value }) } else { value }
    }

    fn translator(&self) -> Translator<'_> {
        Translator::new(&self.contract, &self.wire)
    }
}

/// The answer inside `{"value": …}`. Models that were only asked for JSON may omit the wrapper.
fn unwrap(answer: Value) -> Value {
    match answer {
        Value::Object(mut map) if map.len() == 1 && map.contains_key(VALUE) => map.remove(VALUE).unwrap_or_default(),
        answer => answer,
    }
}

/// Wraps a schema in an object property. Definitions stay at the root, and references are adjusted to moved nodes.
fn wrap(schema: &Value) -> Value {
    let mut inner = schema.clone();
    let mut outer = Map::new();
    if let Value::Object(map) = &mut inner {
        for key in ["$schema", "$defs", "definitions"] {
            outer.extend(map.shift_remove(key).map(|value| (key.to_owned(), value)));
        }
    }
    redirect(&mut inner);
    outer.values_mut().for_each(redirect);
    let mut wrapped =
        json!({"type": "object", "properties": {VALUE: inner}, "required": [VALUE], "additionalProperties": false});
    outer.into_iter().for_each(|(key, value)| wrapped[key] = value);
    wrapped
}

fn redirect(schema: &mut Value) {
    match schema {
        Value::Object(map) => map.iter_mut().for_each(|(key, value)| match value {
            Value::String(target) if key == "$ref" => redirect_reference(target),
            value => redirect(value),
        }),
        Value::Array(items) => items.iter_mut().for_each(redirect),
        _ => {}
    }
}

fn redirect_reference(target: &mut String) {
    let moved = target.strip_prefix('#').filter(|pointer| pointer.is_empty() || pointer.starts_with('/'));
    if let Some(pointer) =
        moved.filter(|pointer| !pointer.starts_with("/$defs") && !pointer.starts_with("/definitions"))
    {
        *target = format!("#/properties/{VALUE}{pointer}");
    }
}
