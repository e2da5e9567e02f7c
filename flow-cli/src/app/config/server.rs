//! MCP servers in `flow.toml`.

use flow_base::duration;

use super::file::{Given, McpServer, Way};
use super::refuse::{is_secret, unknown, url};
use super::value::{Entry, Wrong};

const KEYS: [&str; 5] = ["command", "env", "headers", "start_timeout", "url"];

/// Headers and variables that hold secrets, besides those with such words in their names.
const SECRETS: [&str; 3] = ["authorization", "cookie", "proxy_authorization"];
const SECRET_WORDS: [&str; 2] = ["token", "credentials"];

/// `[mcp.github]`: a program, or an address.
pub(super) fn server(entry: &Entry<'_>) -> Result<McpServer, Wrong> {
    let name = entry.key.to_owned();
    if !entry.key.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter)) || name.is_empty() {
        let text = format!("invalid server name `{name}`: expected ASCII letters, digits, `_` and `-`");
        return Err(Wrong::new(entry.key_at.at(), text));
    }
    let (mut command, mut address, mut env, mut headers, mut start_timeout) = (None, None, None, None, None);
    for part in entry.table()? {
        match part.key {
            "command" => command = Some(program(&part)?),
            "url" => address = Some(url(&part)?),
            "env" => env = Some((part, given(&part)?)),
            "headers" => headers = Some((part, given(&part)?)),
            "start_timeout" => {
                const EXPECTED: &str = "a duration, such as \"30s\"";
                start_timeout = Some(duration::parse(part.text(EXPECTED)?).ok_or_else(|| part.wrong(EXPECTED))?);
            }
            _ => return Err(unknown(&part, "a server", &KEYS, entry.key)),
        }
    }
    let misplaced = |part: Entry<'_>, belongs: &str, has: &str| {
        let text = format!("`{}` belongs to a `{belongs}`, but the server `{name}` has a `{has}`", part.key);
        Err(Wrong::new(part.key_at.at(), text))
    };
    let way = match (command, address, env, headers) {
        (Some(_), None, _, Some((part, _))) => return misplaced(part, "url", "command"),
        (None, Some(_), Some((part, _)), _) => return misplaced(part, "command", "url"),
        (Some(command), None, env, None) => Way::Command { command, env: env.map(|(_, all)| all).unwrap_or_default() },
        (None, Some(url), None, headers) => Way::Http { url, headers: headers.map(|(_, all)| all).unwrap_or_default() },
        (command, _, _, _) => {
            let text = match command {
                Some(_) => format!("the server `{name}` has both `command` and `url`: remove one of them"),
                None => format!("the server `{name}` needs `command`, the program and its arguments, or `url`"),
            };
            return Err(Wrong::new(entry.key_at.at(), text));
        }
    };
    Ok(McpServer { name, way, start_timeout })
}

fn program(entry: &Entry<'_>) -> Result<Vec<String>, Wrong> {
    const EXPECTED: &str = "the program and its arguments, such as [\"npx\", \"server\"]";
    let words = entry.texts(EXPECTED)?;
    if words.is_empty() { Err(entry.wrong(EXPECTED)) } else { Ok(words.into_iter().map(str::to_owned).collect()) }
}

/// `{ Authorization = { env = "TOKEN", prefix = "Bearer " }, X-Team = "search" }`
fn given(entry: &Entry<'_>) -> Result<Vec<(String, Given)>, Wrong> {
    entry.table()?.iter().map(|part| Ok((part.key.to_owned(), value(part)?))).collect()
}

fn value(entry: &Entry<'_>) -> Result<Given, Wrong> {
    if let Ok(text) = entry.text("") {
        return if holds_secret(entry.key) { Err(secret(entry)) } else { Ok(Given::Text(text.to_owned())) };
    }
    let (mut name, mut prefix) = (None, String::new());
    for part in entry.table()? {
        match part.key {
            "env" => name = Some(part.text("the name of a variable")?.to_owned()),
            "prefix" => part.text("a text before the value")?.clone_into(&mut prefix),
            _ => return Err(unknown(&part, "a value", &["env", "prefix"], entry.key)),
        }
    }
    match name {
        Some(name) => Ok(Given::Variable { name, prefix }),
        None => Err(entry.told(format!("`{}` needs `env`, the name of a variable", entry.key))),
    }
}

fn holds_secret(key: &str) -> bool {
    let plain = key.to_lowercase().replace('-', "_");
    let is_word = |word| SECRET_WORDS.contains(&word);
    is_secret(key) || SECRETS.contains(&plain.as_str()) || plain.split('_').any(is_word)
}

/// The value is not repeated.
fn secret(entry: &Entry<'_>) -> Wrong {
    let key = entry.key;
    let text = format!(
        "`{key}` looks like a secret, and secrets do not belong in this file; write `{key} = {{ env = \"NAME\" }}`, and set NAME in the environment"
    );
    Wrong::new(entry.key_at.at(), text)
}
