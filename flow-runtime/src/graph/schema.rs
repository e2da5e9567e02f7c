//! The published schemas of a workflow or step, after checking that they match the shapes that the compiler compared.

use serde_json::{Map, Value, json};

use super::{Argument, Contract, Kind, Meta};
use crate::contract::testing::disagreements;
use crate::contract::{Definitions, Direction, validate};
use crate::error::{Error, Result};

/// `{"workflow": name, "input": schema, "output": schema}`; for a step, `step` replaces `workflow`.
pub(super) fn render(meta: &'static Meta) -> Result<Value> {
    agree(meta)?;
    let kind = if meta.kind == Kind::Workflow { "workflow" } else { "step" };
    Ok(
        json!({ kind: meta.name, "input": meta.input_schema(Direction::Read), "output": (meta.output.schema)(Direction::Write) }),
    )
}

/// Rejects contracts whose constant shape differs from their schema: the build then checked something else.
fn agree(meta: &'static Meta) -> Result<()> {
    let parts = if meta.kind == Kind::Workflow { meta.reachable() } else { vec![meta] };
    let found: Vec<_> = parts.into_iter().flat_map(differences).collect();
    if found.is_empty() {
        return Ok(());
    }
    let text = format!("these contracts do not match their published schemas:\n  {}", found.join("\n  "));
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

impl Meta {
    /// The schema of the object that holds the arguments by name.
    pub(crate) fn input_schema(&'static self, direction: Direction) -> Value {
        object(self.arguments.iter(), direction)
    }
}

/// The schema of an object that holds these arguments by name.
pub(super) fn object(arguments: impl Iterator<Item = &'static Argument>, direction: Direction) -> Value {
    let (mut properties, mut required) = (Map::new(), Vec::new());
    let mut definitions = Definitions::under("#/$defs/");
    for argument in arguments {
        let mut schema = (argument.contract.schema)(direction);
        definitions.lift(argument.name, &format!("#/properties/{}", argument.name), &mut schema);
        if !argument.doc.is_empty() {
            schema["description"] = argument.doc.into();
        }
        properties.insert(argument.name.to_owned(), schema);
        required.extend(is_required(argument).then_some(argument.name));
    }
    let mut object = json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": false,
    });
    let definitions = definitions.into_map();
    if !definitions.is_empty() {
        object["$defs"] = Value::Object(definitions);
    }
    object
}

/// An absent argument is read as null.
fn is_required(argument: &Argument) -> bool {
    !validate(argument.contract.shape, &Value::Null).is_empty()
}
