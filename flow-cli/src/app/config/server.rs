//! MCP servers in `flow.toml`.

use flow_base::duration;

use super::file::{Given, McpServer, Way};
use super::refuse::{is_secret, unknown, url};
use super::value::{Entry, Wrong};

const KEYS: [&str; 5] = ["command", "env", "headers", "start_timeout", "url"];

/// Headers and variables that hold secrets, besides those with such words in their names.
const SECRETS: [&str; 3] = ["authorization", "cookie", "proxy_authorization"];
const SECRET_WORDS: [&str; 2] = ["token", "credentials"];

/// The keys of a server that say how it is reached.
#[derive(Default)]
struct Parts<'a> {
    command: Option<(String, Vec<Given>)>,
    url: Option<Given>,
    env: Option<(Entry<'a>, Vec<(String, Given)>)>,
    headers: Option<(Entry<'a>, Vec<(String, Given)>)>,
}

/// `[mcp.github]`: a program, or an address.
pub(super) fn server(entry: &Entry<'_>) -> Result<McpServer, Wrong> {
    const DURATION: &str = "a duration, such as \"30s\"";
    let name = named(entry)?;
    let (mut parts, mut start_timeout) = (Parts::default(), None);
    for part in entry.table()? {
        match part.key {
            "command" => parts.command = Some(program(&part)?),
            "url" => parts.url = Some(address(&part)?),
            "env" => parts.env = Some((part, given(&part)?)),
            "headers" => parts.headers = Some((part, given(&part)?)),
            "start_timeout" => {
                start_timeout = Some(duration::parse(part.text(DURATION)?).ok_or_else(|| part.wrong(DURATION))?);
            }
            _ => return Err(unknown(&part, "a server", &KEYS, entry.key)),
        }
    }
    let way = parts.way(entry)?;
    Ok(McpServer { name, way, start_timeout })
}

fn named(entry: &Entry<'_>) -> Result<String, Wrong> {
    let name = entry.key;
    let is_name = name.chars().all(|letter| letter.is_ascii_alphanumeric() || "_-".contains(letter));
    if is_name && !name.is_empty() {
        return Ok(name.to_owned());
    }
    let text = format!("invalid server name `{name}`: expected ASCII letters, digits, `_` and `-`");
    Err(Wrong::new(entry.key_at.at(), text))
}

impl Parts<'_> {
    fn way(self, entry: &Entry<'_>) -> Result<Way, Wrong> {
        let name = entry.key;
        let misplaced = |part: &Entry<'_>, belongs: &str, has: &str| {
            let text = format!("`{}` belongs to a `{belongs}`, but the server `{name}` has a `{has}`", part.key);
            Err(Wrong::new(part.key_at.at(), text))
        };
        let all = |part: Option<(_, Vec<_>)>| part.map(|(_, all)| all).unwrap_or_default();
        let wrong = match self {
            Self { command: Some(_), url: None, headers: Some((part, _)), .. } => {
                return misplaced(&part, "url", "command");
            }
            Self { command: None, url: Some(_), env: Some((part, _)), .. } => {
                return misplaced(&part, "command", "url");
            }
            Self { command: Some((program, arguments)), url: None, env, .. } => {
                return Ok(Way::Command { program, arguments, env: all(env) });
            }
            Self { command: None, url: Some(url), headers, .. } => return Ok(Way::Http { url, headers: all(headers) }),
            Self { command: Some(_), .. } => "has both `command` and `url`: remove one of them",
            Self { command: None, .. } => "needs `command`, the program and its arguments, or `url`",
        };
        Err(Wrong::new(entry.key_at.at(), format!("the server `{name}` {wrong}")))
    }
}

/// `["npx", "server", { env = "TOKEN", prefix = "--token=" }]`
fn program(entry: &Entry<'_>) -> Result<(String, Vec<Given>), Wrong> {
    const EXPECTED: &str = "the program and its arguments, such as [\"npx\", \"server\"]";
    let words = entry.list(EXPECTED)?;
    let Some((program, arguments)) = words.split_first() else { return Err(entry.wrong(EXPECTED)) };
    let arguments = arguments.iter().map(|word| match word.text("") {
        Ok(text) => Ok(Given::Text(text.to_owned())),
        Err(_) => variable(word),
    });
    Ok((program.text(EXPECTED)?.to_owned(), arguments.collect::<Result<_, _>>()?))
}

/// A URL without secrets, or the variable that has it.
fn address(entry: &Entry<'_>) -> Result<Given, Wrong> {
    if entry.text("").is_err() {
        return variable(entry);
    }
    let url = url(entry)?;
    let query = url.split_once('?').map_or("", |(_, query)| query);
    let names = query.split('&').filter_map(|part| Some(part.split_once('=')?.0));
    if names.into_iter().any(holds_secret) {
        return Err(secret(entry, "the query of `url`"));
    }
    Ok(Given::Text(url))
}

/// `{ Authorization = { env = "TOKEN", prefix = "Bearer " }, X-Team = "search" }`
fn given(entry: &Entry<'_>) -> Result<Vec<(String, Given)>, Wrong> {
    entry.table()?.iter().map(|part| Ok((part.key.to_owned(), value(part)?))).collect()
}

fn value(entry: &Entry<'_>) -> Result<Given, Wrong> {
    if let Ok(text) = entry.text("") {
        return if holds_secret(entry.key) {
            Err(secret(entry, &format!("`{}`", entry.key)))
        } else {
            Ok(Given::Text(text.to_owned()))
        };
    }
    variable(entry)
}

/// `{ env = "TOKEN", prefix = "Bearer " }`
fn variable(entry: &Entry<'_>) -> Result<Given, Wrong> {
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
fn secret(entry: &Entry<'_>, what: &str) -> Wrong {
    let text = format!(
        "{what} looks like a secret, and secrets do not belong in this file; write `{} = {{ env = \"NAME\" }}`, and set NAME in the environment",
        entry.key
    );
    Wrong::new(entry.key_at.at(), text)
}
