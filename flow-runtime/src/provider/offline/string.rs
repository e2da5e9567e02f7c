//! Strings taken from the text by the name of a property.

use serde_json::Value;

use super::document::Document;
use super::hint::Hint;
use super::number::number;
use super::words::mentions;
use crate::provider::lower::tree::Node;

/// The maximum length of a string, unless the schema requires more.
const USUAL: usize = 240;

/// Names of properties that hold a name.
const NAMES: &str = "author by candidate company customer employer from name organisation organization owner person place \
    recipient sender speaker to user who";

/// Names of properties that hold a heading.
const TITLES: &str = "headline heading subject title topic";

/// The formats that the name of a property may imply.
const ADDRESSES: [(&str, &str); 2] = [("email", "email mail"), ("uri", "url link website homepage")];

/// A string for a property, within its constraints.
pub(super) fn string(document: &Document, hint: &Hint, node: &Node) -> String {
    let constraint = |key: &str| node.constraints.get(key).and_then(Value::as_str);
    let (min, max) = (node.count("minLength").unwrap_or(0), node.count("maxLength").unwrap_or(usize::MAX));
    // The only texts of contracts that have a pattern are numbers.
    let patterned = constraint("pattern").map(|_| number(document, hint, node, false).to_string());
    let formatted = || {
        let format = constraint("format")?;
        found(document, format, hint.nth).or_else(|| made_up(format, hint.pick(document.seed)))
    };
    patterned.or_else(formatted).unwrap_or_else(|| {
        let mut text = cut(&plain(document, hint), max.min(USUAL.max(min)));
        if text.chars().count() < min {
            text = cut(&format!("{text} {}", document.sentences.join(" ")), min);
        }
        text.extend(std::iter::repeat_n('.', min.saturating_sub(text.chars().count())));
        text
    })
}

/// A string without constraints.
fn plain(document: &Document, hint: &Hint) -> String {
    let nth = hint.nth;
    let labelled = || {
        let mut labels = document.labels().filter(|(label, _)| mentions(label, &hint.name));
        labels.nth(nth).map(|(_, value)| value.to_owned())
    };
    let name = || document.names().get(nth).filter(|_| hint.is_about(NAMES)).cloned();
    let title = || document.sentences.get(nth).filter(|_| hint.is_about(TITLES)).cloned();
    let sentence = || {
        let ranked = document.ranked(&hint.said);
        ranked.get(nth % ranked.len().max(1)).map(ToString::to_string)
    };
    let found = address(document, hint).or_else(labelled).or_else(name).or_else(title).or_else(sentence);
    let nothing = || format!("no {}", hint.name.last().map_or("text", String::as_str));
    found.map_or_else(nothing, |text| text.trim_start_matches(['#', ' ']).to_owned())
}

/// An email or web address, for a property that is named like one.
pub(super) fn address(document: &Document, hint: &Hint) -> Option<String> {
    let (format, _) = ADDRESSES.iter().find(|(_, names)| hint.is_about(names))?;
    found(document, format, hint.nth)
}

/// A string of a format from the text.
fn found(document: &Document, format: &str, nth: usize) -> Option<String> {
    let test: fn(&str) -> bool = match format {
        "date" => is_date,
        "email" => is_email,
        "uri" => is_url,
        _ => return None,
    };
    document.tokens(test).nth(nth).map(str::to_owned)
}

/// A string of a format that is recognizably made up; `None` for unknown formats, which allow any string.
fn made_up(format: &str, seed: u64) -> Option<String> {
    let date = format!("20{:02}-{:02}-{:02}", seed / 336 % 25, seed / 28 % 12 + 1, seed % 28 + 1);
    let time = format!("{:02}:{:02}:00", seed % 24, seed / 24 % 60);
    let number = seed % 250 + 1;
    Some(match format {
        "date" => date,
        "date-time" => format!("{date}T{time}Z"),
        "duration" => format!("PT{number}M"),
        "email" => format!("person{number}@example.com"),
        "hostname" => format!("host{number}.example.com"),
        "ip" | "ipv4" => format!("192.0.2.{number}"),
        "ipv6" => format!("2001:db8::{number}"),
        "partial-date-time" => format!("{date}T{time}"),
        "partial-time" => time,
        "time" => format!("{time}Z"),
        "uri" => format!("https://example.com/{number}"),
        "uuid" => format!("00000000-0000-4000-8000-{:012x}", seed & 0xffff_ffff_ffff),
        "zoned-date-time" => format!("{date}T{time}+00:00[UTC]"),
        _ => return None,
    })
}

fn is_date(text: &str) -> bool {
    let is_written = text.replace(|letter: char| letter.is_ascii_digit(), "0") == "0000-00-00";
    // Later days depend on the month, which is not worth a calendar here.
    is_written && ("01"..="12").contains(&&text[5..7]) && ("01"..="28").contains(&&text[8..])
}

fn is_email(text: &str) -> bool {
    let parts = text.split_once('@').filter(|(_, host)| host.contains('.') && !text.contains(".."));
    parts.is_some_and(|(name, host)| is_plain(name, ".-_+") && is_plain(host, ".-"))
}

fn is_url(text: &str) -> bool {
    let rest = text.strip_prefix("https://").or_else(|| text.strip_prefix("http://"));
    rest.is_some_and(|rest| is_plain(rest.trim_end_matches('/'), "./-_~"))
}

fn is_plain(text: &str, also: &str) -> bool {
    let plain = |letter: char| letter.is_ascii_alphanumeric();
    text.starts_with(plain)
        && text.ends_with(plain)
        && text.chars().all(|letter| plain(letter) || also.contains(letter))
}

/// Cuts a text to a length, at a word boundary if possible.
pub(super) fn cut(text: &str, max: usize) -> String {
    let Some((end, _)) = text.char_indices().nth(max) else { return text.to_owned() };
    let border = text[..end].rfind(char::is_whitespace).filter(|border| border * 2 > end);
    text[..border.unwrap_or(end)].trim_end().to_owned()
}
