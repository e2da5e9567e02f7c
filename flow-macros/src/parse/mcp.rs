//! `mcp = "server/tool"`.

use super::options::Entry;
use crate::model::ServerTool;

/// How long the name of a server or tool may be.
const LONGEST: usize = 128;

pub(super) fn tool(entry: Entry) -> syn::Result<ServerTool> {
    let text = entry.text("mcp = \"server/tool\"")?;
    let written = text.value();
    let wrong = |why: String| syn::Error::new(text.span(), format!("invalid tool `{written}`: {why}"));
    let Some((server, tool)) = written.split_once('/').filter(|(_, tool)| !tool.contains('/')) else {
        return Err(wrong(
            "expected the name of a server and of one of its tools, as in `mcp = \"server/tool\"`".into(),
        ));
    };
    for (what, name, others) in [("server", server, "_-"), ("tool", tool, "_-.")] {
        if let Some(why) = refused(what, name, others) {
            return Err(wrong(why));
        }
    }
    Ok(ServerTool { server: server.to_owned(), tool: tool.to_owned() })
}

/// What is wrong with a name of ASCII letters, digits and `others`.
fn refused(what: &str, name: &str, others: &str) -> Option<String> {
    if name.is_empty() {
        return Some(format!("the name of the {what} is empty; write `mcp = \"server/tool\"`"));
    }
    if name.len() > LONGEST {
        return Some(format!("the name of the {what} has more than {LONGEST} characters"));
    }
    let strange = name.chars().find(|letter| !letter.is_ascii_alphanumeric() && !others.contains(*letter))?;
    let others: Vec<_> = others.chars().map(|letter| format!("`{letter}`")).collect();
    let (last, first) = others.split_last()?;
    Some(format!(
        "the name of the {what} contains {strange:?}; it may contain ASCII letters, digits, {} and {last}",
        first.join(", ")
    ))
}
