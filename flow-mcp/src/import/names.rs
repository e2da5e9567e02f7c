//! Names as Rust writes them: those of definitions, each used once, and those of types of others.

use std::collections::HashSet;

/// Any JSON value.
pub(super) const ANY: &str = "flow::serde_json::Value";

/// The words that cannot be names, not even with `r#`.
const NEVER: &[&str] = &["crate", "self", "super", "_"];

/// Names that the printed code imports or uses, or that generated code uses.
const TAKEN: &[&str] = &[
    "BTreeMap",
    "Box",
    "Contract",
    "Model",
    "Option",
    "Rejection",
    "Result",
    "Review",
    "Runtime",
    "Secret",
    "String",
    "Vec",
    "Verdict",
    "contract",
    "gate",
    "join",
    "map",
    "step",
    "try_join",
    "workflow",
];

const KEYWORDS: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "do", "dyn", "else", "enum",
    "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod", "move",
    "mut", "override", "priv", "pub", "ref", "return", "static", "struct", "trait", "true", "try", "type", "typeof",
    "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];

/// Names that are in use.
#[derive(Default)]
pub(super) struct Names(HashSet<String>);

impl Names {
    /// A free name like this one: itself, or with a number.
    pub(super) fn free(&mut self, name: String) -> String {
        let mut free = name.clone();
        let mut number = 2;
        while TAKEN.contains(&free.as_str()) || !self.0.insert(free.clone()) {
            free =
                format!("{name}{}{number}", if name.ends_with(|last: char| last.is_ascii_digit()) { "_" } else { "" });
            number += 1;
        }
        free
    }
}

/// The words of a name: `getHTTPStatus` is `get`, `http`, `status`.
fn words(name: &str) -> Vec<String> {
    let letters: Vec<char> = name.chars().collect();
    let (mut words, mut word) = (Vec::new(), String::new());
    for (at, &letter) in letters.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| letters[at]);
        let begins = letter.is_uppercase()
            && (before.is_some_and(|before| before.is_lowercase() || before.is_numeric())
                || (before.is_some_and(char::is_uppercase)
                    && letters.get(at + 1).is_some_and(|next| next.is_lowercase())));
        if (begins || !is_part(letter)) && !word.is_empty() {
            words.push(std::mem::take(&mut word));
        }
        if is_part(letter) {
            word.extend(letter.to_lowercase());
        }
    }
    if !word.is_empty() {
        words.push(word);
    }
    words
}

/// `²` is alphanumeric, and yet no part of a name.
fn is_part(letter: char) -> bool {
    letter != '_' && unicode_ident::is_xid_continue(letter)
}

/// `create_issue`, with `r#` for a keyword.
pub(super) fn snake(name: &str) -> String {
    let name = started(words(name).join("_"), "_");
    match name.as_str() {
        name if NEVER.contains(&name) => format!("{name}_"),
        name if KEYWORDS.contains(&name) => format!("r#{name}"),
        _ => name,
    }
}

/// `CreateIssue`.
pub(super) fn camel(name: &str) -> String {
    let capital = |word: String| {
        let mut letters = word.chars();
        letters.next().map_or(String::new(), |first| first.to_uppercase().chain(letters).collect())
    };
    let name = started(words(name).into_iter().map(capital).collect(), "N");
    if name == "Self" { "SelfValue".to_owned() } else { name }
}

/// Whether serde has to be told the name: rustc may compose the letters of others.
pub(super) fn is_renamed(rust: &str, name: &str) -> bool {
    rust.trim_start_matches("r#") != name || !name.is_ascii()
}

/// Names do not begin with a digit, and are not empty.
fn started(name: String, prefix: &str) -> String {
    match name.chars().next() {
        None if prefix == "_" => "unnamed".to_owned(),
        None => "Unnamed".to_owned(),
        Some(first) if !unicode_ident::is_xid_start(first) => format!("{prefix}{name}"),
        Some(_) => name,
    }
}

/// `Option<T>`, once. An option of `()` would be `null` in two ways.
pub(super) fn option(ty: String) -> String {
    match ty.as_str() {
        "()" => format!("Option<{ANY}>"),
        _ if ty.starts_with("Option<") => ty,
        _ => format!("Option<{ty}>"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_rust() {
        let snakes =
            ["createIssue", "getHTTPStatus", "read-file", "type", "self", "3d", "", "a.b", "ÜberSicht", "area_m²"]
                .map(snake);
        let expected = [
            "create_issue",
            "get_http_status",
            "read_file",
            "r#type",
            "self_",
            "_3d",
            "unnamed",
            "a_b",
            "über_sicht",
            "area_m",
        ];
        assert_eq!(snakes, expected);
        assert_eq!(["create_issue", "3d", "", "self"].map(camel), ["CreateIssue", "N3d", "Unnamed", "SelfValue"]);
    }

    #[test]
    fn names_are_used_once() {
        let mut names = Names::default();
        let free = ["add", "add", "map", "n1", "n1"].map(|name| names.free(name.to_owned()));
        assert_eq!(free, ["add", "add2", "map2", "n1", "n1_2"]);
    }
}
