//! Strings taken from the text by the name of the property.

use serde_json::{Map, Value};

use super::document::Document;
use super::hint::Hint;
use super::{format, pattern};

/// The maximum length of a string, unless the schema requires more.
const USUAL: usize = 240;

/// The maximum length of a labelled value; longer ones are prose.
const LABELLED: usize = 120;

/// Names of properties that hold a name.
const NAMES: &[&str] = &[
    "author",
    "by",
    "candidate",
    "company",
    "customer",
    "employer",
    "from",
    "name",
    "organisation",
    "organization",
    "owner",
    "person",
    "place",
    "recipient",
    "sender",
    "speaker",
    "to",
    "user",
    "who",
];

/// Names of properties that hold a heading.
const TITLES: &[&str] = &["headline", "heading", "subject", "title", "topic"];

/// Names of properties that hold prose from the text.
const PROSE: &[&str] = &["abstract", "description", "explanation", "reason", "reasoning", "reasons", "summary", "text"];

/// A string for a property, within its constraints.
pub(super) fn string(document: &Document, hint: &Hint, constraints: &Map<String, Value>) -> String {
    let get = |key: &str| constraints.get(key).and_then(Value::as_u64).map(|length| length as usize);
    let (min, max) = (get("minLength").unwrap_or(0), get("maxLength"));
    let text = |key: &str| constraints.get(key).and_then(Value::as_str);
    let patterned = text("pattern").and_then(|text| pattern::sample(text, min));
    let formatted = || text("format").and_then(|name| format::of(document, hint, name));
    let Some(exact) = patterned.or_else(formatted) else {
        return fitted(&plain(document, hint), min, max, document);
    };
    exact
}

/// A string without constraints.
fn plain(document: &Document, hint: &Hint) -> String {
    let wanted = hint.words();
    let labelled = || document.labelled(&hint.name).into_iter().find(|value| value.chars().count() <= LABELLED);
    let found = if let Some(address) = address(document, hint) {
        Some(address)
    } else if hint.is_about(PROSE) {
        document.ranked(&wanted).get(hint.nth).map(|sentence| (*sentence).to_owned())
    } else if let Some(value) = labelled().filter(|_| hint.nth == 0) {
        Some(value.to_owned())
    } else if hint.is_about(NAMES) {
        document.names().into_iter().nth(hint.nth)
    } else if hint.is_about(TITLES) {
        document.lines.get(hint.nth).map(|line| line.trim_start_matches(['#', ' ']).to_owned())
    } else {
        None
    };
    found.filter(|text| !text.is_empty()).unwrap_or_else(|| sentence(document, hint))
}

/// An email or web address from the text, if the property asks for one.
pub(super) fn address(document: &Document, hint: &Hint) -> Option<String> {
    if hint.is_about(&["email", "mail"]) {
        format::email(document, hint.nth)
    } else if hint.is_about(&["url", "link", "website", "homepage"]) {
        format::url(document, hint.nth)
    } else {
        None
    }
}

/// The sentence most relevant to a property, or a placeholder.
fn sentence(document: &Document, hint: &Hint) -> String {
    let ranked = document.ranked(&hint.words());
    match ranked.get(hint.nth).or_else(|| ranked.get(hint.nth % ranked.len().max(1))) {
        Some(sentence) => (*sentence).to_owned(),
        None if hint.nth == 0 => {
            format!("no {}", if hint.name.is_empty() { "text".to_owned() } else { hint.name.join(" ") })
        }
        None => format!("no {} {}", hint.name.join(" "), hint.nth + 1),
    }
}

/// Cuts or pads a text to a length, at a word boundary if possible.
pub(super) fn fitted(text: &str, min: usize, max: Option<usize>, document: &Document) -> String {
    let mut text = cut(text, max.unwrap_or(USUAL.max(min)));
    let mut more = document.sentences.iter();
    while text.chars().count() < min {
        match more.next() {
            Some(sentence) => text = format!("{text} {sentence}"),
            None => text.extend(std::iter::repeat_n('.', min - text.chars().count())),
        }
    }
    // Padding may have exceeded the maximum.
    match max {
        Some(max) => text.chars().take(max).collect(),
        None => text,
    }
}

fn cut(text: &str, max: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(max) else { return text.to_owned() };
    let head = &text[..end];
    match head.rfind(char::is_whitespace) {
        Some(border) if border * 2 > end => head[..border].trim_end().to_owned(),
        _ => head.to_owned(),
    }
}

/// The most relevant sentences, in the order of the text.
pub(super) fn summary(document: &Document) -> String {
    let best: Vec<_> = document.ranked(&[]).into_iter().take(3).collect();
    let chosen = document.sentences.iter().filter(|sentence| best.contains(&&sentence[..])).take(3);
    let text = chosen.map(String::as_str).collect::<Vec<_>>().join(" ");
    if text.is_empty() { "There is no text to answer from.".to_owned() } else { cut(&text, 600) }
}
