//! A tool as a step.

use flow_runtime::mcp::PublishedTool;

use super::document::{comment, line};
use super::names::{Names, camel, snake};
use super::types::{Property, Types, option, properties};

/// How many arguments a step can have.
const ARGUMENTS: usize = 8;

/// The step, or a comment that says why there is none.
pub(super) fn step(server: &str, tool: &PublishedTool, names: &mut Names, types: &mut Types) -> String {
    let (arguments, left_out) = arguments(tool);
    if let Some(reason) = impossible(tool, &arguments) {
        return format!("// Tool `{}` is left out: {reason}.\n", line(&tool.name));
    }
    let name = names.free(snake(&tool.name));
    let mut code = comment(tool.description.as_deref(), "");
    if code.is_empty() {
        code = format!("/// Calls the tool `{}`.\n", tool.name);
    }
    if !left_out.is_empty() {
        let left_out: Vec<_> = left_out.iter().map(|property| format!("`{}`", line(property.name))).collect();
        code += &format!("// Left out, since a step has at most {ARGUMENTS} arguments: {}.\n", left_out.join(", "));
    }
    let (effect, note) = effect(tool);
    code += &note;
    code += &format!("#[step(mcp = \"{server}/{}\", effect = {effect})]\n", tool.name);
    code + &signature(&name, tool, &arguments, types)
}

/// Required arguments first, since others can be left out.
fn arguments(tool: &PublishedTool) -> (Vec<Property<'_>>, Vec<Property<'_>>) {
    let (mut all, optional): (Vec<_>, Vec<_>) =
        properties(&tool.input).into_iter().partition(|property| property.is_required);
    all.extend(optional);
    let required = all.iter().filter(|property| property.is_required).count();
    let left_out = if all.len() > ARGUMENTS { all.split_off(ARGUMENTS.max(required)) } else { Vec::new() };
    (all, left_out)
}

fn impossible(tool: &PublishedTool, arguments: &[Property<'_>]) -> Option<String> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    if tool.name.is_empty() || !tool.name.chars().all(is_name) {
        return Some("its name has characters other than ASCII letters, digits, `_`, `-` and `.`".to_owned());
    }
    (arguments.len() > ARGUMENTS)
        .then(|| format!("it requires {} arguments, and a step has at most {ARGUMENTS}", arguments.len()))
}

fn effect(tool: &PublishedTool) -> (&'static str, String) {
    match (tool.read_only, tool.idempotent) {
        (Some(true), _) => ("none", String::new()),
        (_, Some(true)) => ("idempotent", String::new()),
        _ => (
            "irreversible",
            "// The server does not say that this tool may be called twice. If it may: `effect = idempotent` or `none`.\n"
                .to_owned(),
        ),
    }
}

fn signature(name: &str, tool: &PublishedTool, arguments: &[Property<'_>], types: &mut Types) -> String {
    let stem = camel(&tool.name);
    let (mut names, mut document) = (Names::default(), types.document(&tool.input));
    let written: Vec<_> = arguments
        .iter()
        .map(|property| {
            let ty = document.of(property.schema, &format!("{stem}_{}", property.name));
            argument(property, &names.free(snake(property.name)), ty)
        })
        .collect();
    let output = output(tool, &stem, types);
    let is_short = written.iter().all(|argument| !argument.contains('\n'));
    let arguments = match is_short && written.concat().len() < 80 {
        true => written.join(", "),
        false => {
            format!("\n{}", written.iter().map(|argument| format!("{},\n", indented(argument))).collect::<String>())
        }
    };
    format!("pub async fn {name}({arguments}) -> Result<{output}>;\n")
}

fn indented(argument: &str) -> String {
    argument.lines().map(|line| format!("    {line}")).collect::<Vec<_>>().join("\n")
}

fn argument(property: &Property<'_>, name: &str, ty: String) -> String {
    let mut code = comment(property.schema["description"].as_str(), "");
    if name.trim_start_matches("r#") != property.name {
        code += &format!("#[serde(rename = {:?})]\n", property.name);
    }
    let ty = if property.is_required { lent(ty) } else { option(ty) };
    format!("{code}{name}: {ty}")
}

/// Numbers and the like are passed by value, everything else by reference.
fn lent(ty: String) -> String {
    match ty.as_str() {
        "String" => "&str".to_owned(),
        "bool" | "f64" | "i64" | "u64" | "()" => ty,
        _ if ty.starts_with("Option<") => ty,
        _ => match ty.strip_prefix("Vec<").and_then(|inner| inner.strip_suffix('>')) {
            Some(inner) => format!("&[{inner}]"),
            None => format!("&{ty}"),
        },
    }
}

/// Without a schema, a tool returns text.
fn output(tool: &PublishedTool, stem: &str, types: &mut Types) -> String {
    match &tool.output {
        Some(schema) if !super::types::is_silent(schema) => types.document(schema).of(schema, &format!("{stem}Output")),
        _ => "String".to_owned(),
    }
}
