//! Compares the contracts of a step with the schemas that its server publishes.

use flow_base::near::{did_you_mean, nearest};
use serde_json::{Map, Value};

use crate::contract::{Direction, Shape, is_optional};
use crate::graph::{Meta, ServerTool};
use crate::mcp::{Misfit, PublishedTool, misfits};

/// Returns everything that does not fit; `None` if the step fits the tool.
pub(super) fn unfit(step: &'static Meta, tool: ServerTool, tools: &[PublishedTool]) -> Option<String> {
    let Some(published) = tools.iter().find(|published| published.name == tool.tool) else {
        return Some(absent(step, tool, tools));
    };
    let wrong: Vec<_> = arguments(step, tool, published).into_iter().chain(output(step, published)).collect();
    (!wrong.is_empty()).then(|| {
        format!(
            "step `{}` does not fit tool `{tool}` as its server publishes it\n  {}\n  change the step, or print one that fits with `mcp import {} {}`",
            step.name,
            wrong.join("\n  "),
            tool.server,
            tool.tool
        )
    })
}

fn absent(step: &'static Meta, tool: ServerTool, tools: &[PublishedTool]) -> String {
    let names: Vec<_> = tools.iter().map(|tool| tool.name.as_str()).collect();
    let hint = match nearest(tool.tool, names.iter().copied()) {
        Some(near) => format!("; did you mean `{}/{near}`?", tool.server),
        None if names.is_empty() => "; it has none".to_owned(),
        None => format!("; it has `{}`", names.join("`, `")),
    };
    format!("step `{}` calls tool `{}`, which server `{}` does not have{hint}", step.name, tool.tool, tool.server)
}

fn arguments(step: &'static Meta, called: ServerTool, tool: &PublishedTool) -> Vec<String> {
    let sent = sent(step, called);
    let mut wrong: Vec<_> = misfits(&sent, &tool.input).into_iter().map(|misfit| argument(&misfit)).collect();
    if takes_others(&tool.input) {
        return wrong;
    }
    let names = step.arguments.iter().map(|argument| called.argument(argument.name));
    for name in names.filter(|name| !is_taken(&tool.input, name)) {
        let known = tool.input["properties"].as_object().into_iter().flatten().map(|(name, _)| name.as_str());
        let hint = did_you_mean(name, known);
        wrong.push(format!("argument `{name}`: the step sends it, the tool has no such argument{hint}"));
    }
    wrong
}

/// Whether a tool names this argument, even if only as required.
fn is_taken(input: &Value, name: &str) -> bool {
    let required = input["required"].as_array();
    input["properties"].get(name).is_some() || required.is_some_and(|all| all.iter().any(|one| one == name))
}

/// Whether a tool says what else it takes, or says nothing of its arguments at all.
fn takes_others(input: &Value) -> bool {
    let is_open = ["patternProperties", "$ref", "allOf", "anyOf", "oneOf"].iter().any(|name| input.get(name).is_some());
    // `misfits` has reported the arguments of a closed schema.
    input.get("additionalProperties").is_some() || input.get("properties").is_none() || is_open
}

fn argument(misfit: &Misfit) -> String {
    let path = misfit.path.trim_start_matches('.');
    let (name, rest) = path.split_at(path.find(['.', '[']).unwrap_or(path.len()));
    let at = if rest.is_empty() { String::new() } else { format!(" at `{rest}`") };
    format!("argument `{name}`{at}: the step sends {}, the tool accepts {}", misfit.sent, misfit.accepted)
}

/// The schema of the arguments as they are sent: with the names on the server, and without those that are `None`.
fn sent(step: &'static Meta, tool: ServerTool) -> Value {
    let mut schema = step.input_schema(Direction::Write);
    fields_without_null(&mut schema);
    let (mut properties, mut required) = (Map::new(), Vec::new());
    for argument in step.arguments {
        let (name, mut property) = (tool.argument(argument.name), schema["properties"][argument.name].take());
        match is_optional(argument.contract.shape) {
            true => without_null(&mut property),
            false => required.push(name),
        }
        properties.insert(name.to_owned(), property);
    }
    schema["properties"] = properties.into();
    schema["required"] = required.into();
    schema
}

/// A field that is not always written is skipped if it is `None`, as `skip_serializing_if` says.
fn fields_without_null(schema: &mut Value) {
    let required = schema.get("required").cloned().unwrap_or_default();
    let is_required = |name: &String| required.as_array().is_some_and(|all| all.iter().any(|one| one == name));
    let fields = schema.get_mut("properties").and_then(Value::as_object_mut);
    for (_, field) in fields.into_iter().flatten().filter(|(name, _)| !is_required(name)) {
        without_null(field);
    }
    match schema {
        Value::Object(all) => all.values_mut().for_each(fields_without_null),
        Value::Array(all) => all.iter_mut().for_each(fields_without_null),
        _ => {}
    }
}

fn without_null(schema: &mut Value) {
    if let Some(kinds) = schema.get_mut("type").and_then(Value::as_array_mut) {
        kinds.retain(|kind| kind != "null");
    }
    for choices in ["anyOf", "enum"] {
        if let Some(all) = schema.get_mut(choices).and_then(Value::as_array_mut) {
            all.retain(|choice| !choice.is_null() && choice["type"] != "null");
        }
    }
}

/// A plain string is read from the text of the answer, and nothing from any answer.
fn output(step: &'static Meta, tool: &PublishedTool) -> Vec<String> {
    let is_read = !matches!(step.output.shape, Shape::Str { format: None } | Shape::Null);
    let Some(published) = tool.output.as_ref().filter(|_| is_read) else { return Vec::new() };
    let told = |misfit: Misfit| {
        let at = if misfit.path.is_empty() { String::new() } else { format!(" at `{}`", misfit.path) };
        format!("output{at}: the tool returns {}, the step expects {}", misfit.sent, misfit.accepted)
    };
    misfits(published, &(step.output.schema)(Direction::Read)).into_iter().map(told).collect()
}
