//! Names in the tokens of macros and attributes, which are read without a grammar: a path of several names is one, and so
//! is a single name that starts with an upper-case letter or is called.

use syn::LitStr;
use syn::buffer::{Cursor, TokenBuffer};
use syn::visit::Visit;

use crate::names::Reader;

/// Macros whose tokens are code for elsewhere.
const QUOTES: &[&str] = &["quote", "quote_spanned", "parse_quote", "parse_quote_spanned", "stringify"];

/// Words before a name that is being defined.
const DEFINING: &[&str] = &["const", "enum", "fn", "static", "struct", "trait", "type", "union"];

/// Options of attributes whose strings are paths, as in `#[serde(default = "path")]`, with what the path goes on to name.
const PATHS: &[(&str, &str)] = &[
    ("default", ""),
    ("deserialize_with", ""),
    ("from", ""),
    ("into", ""),
    ("schema_with", ""),
    ("serialize_with", ""),
    ("skip_serializing_if", ""),
    ("try_from", ""),
    // A module or a type.
    ("with", "::serialize"),
];

pub(crate) fn call(reader: &mut Reader<'_>, call: &syn::Macro) {
    let is_quote = call.path.segments.last().is_some_and(|name| QUOTES.iter().any(|quote| name.ident == quote));
    if !is_quote {
        read(reader, TokenBuffer::new2(call.tokens.clone()).begin(), false);
    }
}

pub(crate) fn attribute(reader: &mut Reader<'_>, list: &syn::MetaList) {
    read(reader, TokenBuffer::new2(list.tokens.clone()).begin(), true);
}

/// The names that a macro is given to define, as in `thread_local! { static NAME: … }`.
pub(crate) fn defined(call: &syn::Macro) -> Vec<String> {
    let buffer = TokenBuffer::new2(call.tokens.clone());
    let mut cursor = buffer.begin();
    let mut before = Before::default();
    let mut found = Vec::new();
    while let Some((_, rest)) = cursor.token_tree() {
        if let Some((name, rest)) = cursor.ident() {
            found.extend(before.is_defining().then(|| name.to_string()));
            (before, cursor) = (before.then(name.to_string()), rest);
        } else if let Some((_, rest)) = cursor.lifetime() {
            cursor = rest;
        } else {
            let mark = cursor.punct().map(|(mark, _)| mark.as_char());
            before.marks.push(mark.unwrap_or(' '));
            cursor = rest;
        }
    }
    found
}

/// What stands before a token.
#[derive(Default)]
struct Before {
    word: String,
    /// The punctuation since that word.
    marks: String,
}

impl Before {
    fn then(&self, word: String) -> Self {
        let is_pointer = self.marks.ends_with('*') && word == "const";
        Self { word: if is_pointer { String::new() } else { word }, marks: String::new() }
    }

    fn is_defining(&self) -> bool {
        self.marks.is_empty() && DEFINING.contains(&self.word.as_str())
    }
}

fn read(reader: &mut Reader<'_>, mut cursor: Cursor<'_>, is_attribute: bool) {
    let mut before = Before::default();
    while !cursor.eof() {
        if let Some((inner, _, _, rest)) = cursor.any_group() {
            read(reader, inner, is_attribute);
            (before, cursor) = (Before::default(), rest);
        } else if let Some((_, rest)) = cursor.lifetime() {
            cursor = rest;
        } else if cursor.ident().is_some() {
            let (path, rest) = path(cursor);
            word(reader, &path, &before, rest);
            (before, cursor) = (before.then(path.last().cloned().unwrap_or_default()), rest);
        } else if let Some((mark, rest)) = cursor.punct() {
            before.marks.push(mark.as_char());
            cursor = rest;
        } else if let Some((literal, rest)) = cursor.literal() {
            if is_attribute && before.marks == "=" {
                string(reader, &before.word, &literal.to_string());
            }
            (before, cursor) = (Before::default(), rest);
        } else {
            unreachable!("every token is one of these");
        }
    }
}

/// The names of a path from here on, and what follows it.
fn path(mut cursor: Cursor<'_>) -> (Vec<String>, Cursor<'_>) {
    let mut names = Vec::new();
    while let Some((name, rest)) = cursor.ident() {
        names.push(name.to_string());
        cursor = rest;
        let Some(next) = after(rest, "::").filter(|next| next.ident().is_some()) else { break };
        cursor = next;
    }
    (names, cursor)
}

fn after<'c>(cursor: Cursor<'c>, marks: &str) -> Option<Cursor<'c>> {
    marks.chars().try_fold(cursor, |cursor, wanted| {
        cursor.punct().filter(|(mark, _)| mark.as_char() == wanted).map(|(_, rest)| rest)
    })
}

fn word(reader: &mut Reader<'_>, path: &[String], before: &Before, rest: Cursor<'_>) {
    let is_member = before.marks.ends_with('.') && !before.marks.ends_with("..");
    let is_variable = before.marks.ends_with('$') && path[0] != "crate";
    // What is before `::` is another crate, a type or a variable of the macro.
    if is_member || is_variable || before.is_defining() || before.marks.ends_with("::") {
        return;
    }
    let is_call = rest.token_tree().is_some_and(|(next, _)| next.to_string().starts_with('('));
    if after(rest, "!").is_some_and(|rest| rest.any_group().is_some()) {
        reader.macro_path(path);
    } else if path.len() > 1 || path[0].starts_with(char::is_uppercase) || is_call {
        reader.path(path);
    }
}

/// The string of an option.
fn string(reader: &mut Reader<'_>, option: &str, literal: &str) {
    let Some((_, member)) = PATHS.iter().find(|(name, _)| *name == option) else { return };
    let text = syn::parse_str::<LitStr>(literal).map(|text| text.value() + member);
    if let Ok(path) = text.and_then(|text| syn::parse_str::<syn::Type>(&text)) {
        reader.visit_type(&path);
    }
}
