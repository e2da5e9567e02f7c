//! Lowers schemas to what an endpoint supports, and raises answers back to the form of the contract.

mod answerable;
mod casing;
mod fits;
mod keywords;
mod lowered;
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

pub use answerable::answerable;
pub use lowered::{Dropped, Lowered};
pub(super) use rules::{Rules, SizeLimits};

use super::SchemaSupport;
use lowered::VALUE;
use tree::{Field, Kind, Node};

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
