//! Prints steps with their contracts for the tools of a server.

mod contract;
mod definitions;
mod document;
mod input;
mod names;
mod schema;
mod step;
mod types;

use flow_base::near::nearest;
use flow_runtime::mcp::PublishedTool;

use definitions::Definitions;
use names::Names;

/// Returns Rust code with one step for each tool, or for those named.
///
/// ```
/// use flow_runtime::mcp::PublishedTool;
/// use serde_json::json;
///
/// let mut tool = PublishedTool::new("find", json!({
///     "type": "object", "properties": {"words": {"type": "string"}}, "required": ["words"]
/// }));
/// tool.read_only = Some(true);
/// let code = flow_mcp::import::steps("docs", &[tool], &[]).unwrap();
/// assert!(code.contains("#[step(mcp = \"docs/find\", effect = none)]\npub async fn find(words: &str) -> Result<String>;"));
/// ```
///
/// # Errors
///
/// Fails if a named tool does not exist, or if there are no tools.
pub fn steps(server: &str, published: &[PublishedTool], wanted: &[String]) -> Result<String, String> {
    let tools = chosen(server, published, wanted)?;
    let (mut names, mut definitions) = (Names::default(), Definitions::default());
    let mut code = format!(
        "// Printed by `mcp import {server}`. Check the effects: servers only give hints, and many give none.\n\nuse flow::prelude::*;\n"
    );
    for tool in tools {
        code.push('\n');
        code.push_str(&step::step(server, tool, &mut names, &mut definitions));
    }
    code.push_str(&definitions.printed());
    Ok(code)
}

fn chosen<'t>(
    server: &str,
    published: &'t [PublishedTool],
    wanted: &[String],
) -> Result<Vec<&'t PublishedTool>, String> {
    if published.is_empty() {
        return Err(format!("server `{server}` has no tools"));
    }
    if wanted.is_empty() {
        return Ok(published.iter().collect());
    }
    let find = |name: &String| {
        let found = published.iter().find(|tool| tool.name == *name);
        found.ok_or_else(|| {
            let names: Vec<_> = published.iter().map(|tool| tool.name.as_str()).collect();
            let hint = match nearest(name, names.iter().copied()) {
                Some(near) => format!("; did you mean `{near}`?"),
                None => format!("; it has `{}`", names.join("`, `")),
            };
            format!("server `{server}` has no tool `{name}`{hint}")
        })
    };
    wanted.iter().map(find).collect()
}
