//! A tool as a step.

use flow_runtime::contract::Direction;
use flow_runtime::mcp::PublishedTool;

use super::definitions::Definitions;
use super::document::{allowed, argument as described, item, line, note, unchecked};
use super::input::Input;
use super::names::{ANY, Names, camel, is_renamed, option, snake};
use super::schema::{Property, Schema};
use super::types::{Printed, Reader};

/// How many arguments a step can have.
const ARGUMENTS: usize = 8;

/// How many arguments Clippy accepts.
const LINTED: usize = 7;

/// How long the name of a tool may be.
const LONGEST: usize = 128;

/// The step, or a comment that says why there is none.
pub(super) fn step<'s>(
    server: &str,
    tool: &'s PublishedTool,
    names: &mut Names,
    definitions: &mut Definitions<'s>,
) -> String {
    let input = Input::of(&tool.input);
    let (arguments, left_out) = arguments(&input);
    if let Some(reason) = impossible(tool, &arguments) {
        return note(&format!("Tool `{}` is left out: {reason}.", tool.name));
    }
    let name = names.free(snake(&tool.name));
    let mut comment = item(tool.description.as_deref(), "");
    if comment.is_empty() {
        comment = format!("/// Calls the tool `{}`.\n", tool.name);
    }
    let mut code = allowed(&comment);
    code.insert_str(0, &comment);
    if !left_out.is_empty() {
        let left_out: Vec<_> = left_out.iter().map(|property| format!("`{}`", line(property.name))).collect();
        code += &note(&format!("Left out, since a step has at most {ARGUMENTS} arguments: {}.", left_out.join(", ")));
    }
    if let Some(keyword) = input.first_of {
        code += &note(&format!("The arguments are those of the first schema in `{keyword}`."));
    }
    code += &unchecked(&input.unsaid, "");
    let (effect, effect_note) = effect(tool);
    let output = output(tool, definitions);
    if !output.lost.is_empty() {
        code += &unchecked(&output.lost, "").replacen("Not checked", "Not checked in the output", 1);
    }
    code += &effect_note;
    if arguments.len() > LINTED {
        code += "#[allow(clippy::too_many_arguments)]\n";
    }
    code += &format!("#[step(mcp = \"{server}/{}\", effect = {effect})]\n", tool.name);
    code + &signature(&name, tool, &arguments, &output.ty, definitions)
}

/// Required arguments first, since others can be left out.
fn arguments<'i, 's>(input: &'i Input<'s>) -> (Vec<&'i Property<'s>>, Vec<&'i Property<'s>>) {
    let (mut all, optional): (Vec<_>, Vec<_>) = input.properties.iter().partition(|property| property.is_required);
    let required = all.len();
    // Nothing can be sent under an empty name.
    all.extend(optional.into_iter().filter(|property| !property.name.is_empty()));
    let left_out = if all.len() > ARGUMENTS { all.split_off(ARGUMENTS.max(required)) } else { Vec::new() };
    (all, left_out)
}

fn impossible(tool: &PublishedTool, arguments: &[&Property<'_>]) -> Option<String> {
    let is_name = |letter: char| letter.is_ascii_alphanumeric() || "_-.".contains(letter);
    if tool.name.is_empty() || !tool.name.chars().all(is_name) {
        return Some("its name has characters other than ASCII letters, digits, `_`, `-` and `.`".to_owned());
    }
    if tool.name.len() > LONGEST {
        return Some(format!("its name has more than {LONGEST} characters"));
    }
    if arguments.iter().any(|property| property.name.is_empty()) {
        return Some("it requires an argument without a name".to_owned());
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

fn signature<'s>(
    name: &str,
    tool: &'s PublishedTool,
    arguments: &[&Property<'s>],
    output: &str,
    definitions: &mut Definitions<'s>,
) -> String {
    let stem = camel(&tool.name);
    let (mut names, mut reader) = (Names::default(), Reader::new(definitions, Direction::Write));
    let written: Vec<_> = arguments
        .iter()
        .map(|property| {
            let printed = reader.of(property.schema, &format!("{stem}_{}", property.name));
            argument(property, &names.free(snake(property.name)), printed)
        })
        .collect();
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

fn argument(property: &Property<'_>, name: &str, mut printed: Printed) -> String {
    let ty = match property.is_required {
        true => lent(required(&mut printed)),
        false => option(printed.ty),
    };
    let mut code = described(property.schema.description());
    code += &unchecked(&printed.lost, "");
    if is_renamed(name, property.name) {
        code += &format!("#[serde(rename = {:?})]\n", property.name);
    }
    format!("{code}{name}: {ty}")
}

/// An argument that is `None` is left out, and a required one cannot be.
fn required(printed: &mut Printed) -> String {
    match printed.ty.strip_prefix("Option<").and_then(|inner| inner.strip_suffix('>')) {
        Some(inner) if inner != ANY => {
            printed.lost.push("`null`, which is never sent".to_owned());
            inner.to_owned()
        }
        Some(inner) => inner.to_owned(),
        None => printed.ty.clone(),
    }
}

/// Numbers and the like are passed by value, everything else by reference.
fn lent(ty: String) -> String {
    match ty.as_str() {
        "String" => "&str".to_owned(),
        "bool" | "f64" | "i64" | "u64" | "()" => ty,
        _ => match ty.strip_prefix("Vec<").and_then(|inner| inner.strip_suffix('>')) {
            Some(inner) => format!("&[{inner}]"),
            None => format!("&{ty}"),
        },
    }
}

/// Without a schema, a tool returns text.
fn output<'s>(tool: &'s PublishedTool, definitions: &mut Definitions<'s>) -> Printed {
    let schema = tool.output.as_ref().map(Schema::of).filter(|schema| !schema.is_silent());
    match schema {
        Some(schema) => Reader::new(definitions, Direction::Read).of(schema, &format!("{}Output", camel(&tool.name))),
        None => Printed { ty: "String".to_owned(), lost: Vec::new() },
    }
}
