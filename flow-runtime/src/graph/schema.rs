//! The published schemas of a workflow or a step, after a look whether they are what the compiler compared.

use flow_runtime::contract::testing::disagreements;
use flow_runtime::contract::{Direction, validate};
use flow_runtime::error::{Error, Result};
use flow_runtime::graph::{Argument, Contract, Kind, Meta};
use serde_json::{Map, Value, json};

/// `{"workflow": name, "input": schema, "output": schema}`; `step` in place of `workflow` for a step.
///
/// The input is an object of the arguments by name. It is what `run --input` takes.
pub(super) fn render(meta: &'static Meta) -> Result<Value> {
    agree(meta)?;
    let kind = if meta.kind == Kind::Workflow { "workflow" } else { "step" };
    Ok(json!({ kind: meta.name, "input": input(meta), "output": (meta.output.schema)(Direction::Write) }))
}

/// Refuses contracts whose constant shape is not what their schema says: the build has checked something else then.
fn agree(meta: &'static Meta) -> Result<()> {
    let parts = if meta.kind == Kind::Workflow { meta.reachable() } else { vec![meta] };
    let found: Vec<_> = parts.into_iter().flat_map(differences).collect();
    if found.is_empty() {
        return Ok(());
    }
    let text = format!("these contracts are not what their published schemas say:\n  {}", found.join("\n  "));
    Err(Error::terminal(text))
}

fn differences(meta: &'static Meta) -> Vec<String> {
    let arguments = meta.arguments.iter().map(|argument| (argument.name, &argument.contract));
    let all = arguments.chain([("its output", &meta.output)]);
    all.flat_map(|(what, contract)| {
        let found = [Direction::Write, Direction::Read].map(|direction| disagree(contract, direction));
        found.into_iter().flatten().map(move |text| format!("`{}`, {what}: {text}", meta.name))
    })
    .collect()
}

fn disagree(contract: &Contract, direction: Direction) -> Vec<String> {
    disagreements(contract.shape, &(contract.schema)(direction), direction)
}

fn input(meta: &'static Meta) -> Value {
    let (mut properties, mut definitions) = (Map::new(), Map::new());
    for argument in meta.arguments {
        let mut schema = (argument.contract.schema)(Direction::Read);
        lift(argument.name, &mut schema, &mut definitions);
        properties.insert(argument.name.to_owned(), schema);
    }
    let required: Vec<_> = meta.arguments.iter().filter(|argument| is_required(argument)).map(|a| a.name).collect();
    let mut input = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    if !definitions.is_empty() {
        input["$defs"] = Value::Object(definitions);
    }
    input
}

/// An absent argument is read as null.
fn is_required(argument: &Argument) -> bool {
    !validate(argument.contract.shape, &Value::Null).is_empty()
}

/// Moves the definitions of an argument's schema to those of all, and lets its references follow.
fn lift(argument: &str, schema: &mut Value, all: &mut Map<String, Value>) {
    let Some(object) = schema.as_object_mut() else { return };
    object.remove("$schema");
    let mut own = object.remove("$defs").unwrap_or_default();
    let names: Vec<String> = own.as_object().into_iter().flat_map(Map::keys).cloned().collect();
    // Two types of one name may be different types.
    let apart = names.iter().any(|name| all.get(name).is_some_and(|other| *other != own[name]));
    let prefix = if apart { format!("{argument}_") } else { String::new() };
    for part in [&mut *schema, &mut own] {
        retarget(part, argument, &prefix);
    }
    for name in names {
        all.insert(format!("{prefix}{name}"), own[&name].take());
    }
}

fn retarget(schema: &mut Value, argument: &str, prefix: &str) {
    match schema {
        Value::Array(items) => items.iter_mut().for_each(|item| retarget(item, argument, prefix)),
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(target) if name == "$ref" => *target = moved(target, argument, prefix),
                    _ => retarget(value, argument, prefix),
                }
            }
        }
        _ => {}
    }
}

fn moved(target: &str, argument: &str, prefix: &str) -> String {
    match target.strip_prefix("#/$defs/") {
        Some(name) => format!("#/$defs/{prefix}{name}"),
        // The whole schema refers to itself.
        None => format!("#/properties/{argument}{}", target.trim_start_matches('#')),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lifted(schemas: [(&str, Value); 2]) -> (Vec<Value>, Value) {
        let mut all = Map::new();
        let schemas = schemas.map(|(name, mut schema)| {
            lift(name, &mut schema, &mut all);
            schema
        });
        (schemas.into(), all.into())
    }

    #[test]
    fn definitions_are_shared_where_they_are_the_same() {
        let schema = json!({ "$ref": "#/$defs/Item", "$defs": { "Item": { "type": "string" } } });
        let (schemas, all) = lifted([("a", schema.clone()), ("b", schema)]);
        assert_eq!(schemas, [json!({ "$ref": "#/$defs/Item" }), json!({ "$ref": "#/$defs/Item" })]);
        assert_eq!(all, json!({ "Item": { "type": "string" } }));
    }

    #[test]
    fn different_definitions_of_one_name_stay_apart() {
        let schema = |kind: &str| json!({ "$ref": "#/$defs/Item", "$defs": { "Item": { "type": kind } } });
        let (schemas, all) = lifted([("a", schema("string")), ("b", schema("number"))]);
        assert_eq!(schemas[1], json!({ "$ref": "#/$defs/b_Item" }));
        assert_eq!(all, json!({ "Item": { "type": "string" }, "b_Item": { "type": "number" } }));
    }

    #[test]
    fn a_schema_that_refers_to_itself_still_does() {
        let schema = json!({ "properties": { "next": { "$ref": "#" } } });
        let (schemas, _) = lifted([("a", schema), ("b", json!(true))]);
        assert_eq!(schemas[0]["properties"]["next"]["$ref"], "#/properties/a");
    }
}
