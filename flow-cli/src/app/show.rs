//! The commands `list` and `graph`.

use flow_runtime::graph::Meta;
use serde_json::{Value, json};

use super::arguments::Format;

/// One line per workflow: name, arguments and the first line of its documentation.
pub(super) fn list(workflows: &[&'static Meta]) -> String {
    let calls: Vec<_> = workflows.iter().map(|meta| call(meta)).collect();
    let width = calls.iter().map(|call| call.chars().count()).max().unwrap_or(0);
    let line = |(meta, call): (&&Meta, &String)| format!("{call:width$}  {}", summary(meta)).trim_end().to_owned();
    workflows.iter().zip(&calls).map(line).collect::<Vec<_>>().join("\n")
}

pub(super) fn list_json(workflows: &[&'static Meta]) -> Value {
    let entry = |meta: &&'static Meta| {
        let arguments: Vec<_> = meta.arguments.iter().map(|argument| argument.name).collect();
        json!({ "name": meta.name, "arguments": arguments, "description": meta.doc })
    };
    workflows.iter().map(entry).collect()
}

pub(super) fn graph(meta: &'static Meta, format: Format) -> String {
    match format {
        Format::Mermaid => meta.to_mermaid().trim_end().to_owned(),
        Format::Json => format!("{:#}", meta.to_json()),
    }
}

/// Worst case of a run, term by term.
pub(super) fn bounds(meta: &'static Meta, json: bool) -> String {
    if json { format!("{:#}", meta.to_bounds_json()) } else { meta.to_bounds_text().trim_end().to_owned() }
}

fn call(meta: &Meta) -> String {
    let arguments: Vec<_> = meta.arguments.iter().map(|argument| argument.name).collect();
    format!("{}({})", meta.name, arguments.join(", "))
}

fn summary(meta: &Meta) -> &'static str {
    meta.doc.lines().find(|line| !line.trim().is_empty()).unwrap_or("").trim()
}
