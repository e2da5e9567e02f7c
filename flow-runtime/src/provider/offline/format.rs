//! Strings of a format: one from the text if possible, otherwise recognizably made up.

use super::document::Document;
use super::hash;
use super::hint::Hint;

/// A string of a format; `None` for unknown formats, which allow any string.
pub(super) fn of(document: &Document, hint: &Hint, format: &str) -> Option<String> {
    let seed = hash(document.seed, &hint.key());
    let find = |test: fn(&str) -> bool| document.tokens(test).nth(hint.nth).map(str::to_owned);
    let (day, month, year) = (seed % 28 + 1, seed / 28 % 12 + 1, 2000 + seed / 336 % 25);
    let (hour, minute) = (seed % 24, seed / 24 % 60);
    Some(match format {
        "date" => find(is_date).unwrap_or_else(|| format!("{year}-{month:02}-{day:02}")),
        "date-time" => {
            let date = || find(is_date).unwrap_or_else(|| format!("{year}-{month:02}-{day:02}"));
            find(is_date_time).unwrap_or_else(|| format!("{}T{hour:02}:{minute:02}:00Z", date()))
        }
        "time" | "partial-time" => find(is_time).unwrap_or_else(|| format!("{hour:02}:{minute:02}:00Z")),
        "duration" => format!("PT{}M", seed % 90 + 1),
        "email" | "idn-email" => {
            email(document, hint.nth).unwrap_or_else(|| format!("person{}@example.com", seed % 1000))
        }
        "uri" | "iri" | "url" | "uri-reference" | "iri-reference" => {
            url(document, hint.nth).unwrap_or_else(|| format!("https://example.com/{}", seed % 1000))
        }
        "hostname" | "idn-hostname" => format!("host{}.example.com", seed % 1000),
        "ipv4" => format!("192.0.2.{}", seed % 254 + 1),
        "ipv6" => format!("2001:db8::{:x}", seed % 0xffff + 1),
        "uuid" => find(is_uuid).unwrap_or_else(|| uuid(seed)),
        _ => return None,
    })
}

/// An email address from the text.
pub(super) fn email(document: &Document, nth: usize) -> Option<String> {
    let test = |token: &str| {
        token.is_ascii()
            && token.split_once('@').is_some_and(|(name, host)| {
                !name.is_empty()
                    && plain(name, ".-_+")
                    && plain(host, ".-")
                    && host.contains('.')
                    && !token.contains("..")
            })
    };
    document.tokens(test).nth(nth).map(str::to_owned)
}

/// A web address from the text.
pub(super) fn url(document: &Document, nth: usize) -> Option<String> {
    let test = |token: &str| {
        let rest = token.strip_prefix("https://").or_else(|| token.strip_prefix("http://"));
        rest.is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_alphanumeric()) && plain(rest, "./-_~"))
    };
    document.tokens(test).nth(nth).map(str::to_owned)
}

fn plain(text: &str, also: &str) -> bool {
    text.chars().all(|letter| letter.is_ascii_alphanumeric() || also.contains(letter))
        && text.starts_with(|letter: char| letter.is_ascii_alphanumeric())
        && text.ends_with(|letter: char| letter.is_ascii_alphanumeric() || letter == '/')
}

/// Whether a text matches a picture, in which `0` means any digit.
fn looks_like(text: &str, picture: &str) -> bool {
    let same = |(letter, wanted): (u8, u8)| if wanted == b'0' { letter.is_ascii_digit() } else { letter == wanted };
    text.len() == picture.len() && text.bytes().zip(picture.bytes()).all(same)
}

fn is_date(text: &str) -> bool {
    let in_range = |range: std::ops::Range<usize>, high: u8| {
        text[range].parse::<u8>().is_ok_and(|number| (1..=high).contains(&number))
    };
    // Later days depend on the month, which is not worth a calendar here.
    looks_like(text, "0000-00-00") && in_range(5..7, 12) && in_range(8..10, 28)
}

fn is_time(text: &str) -> bool {
    looks_like(text, "00:00:00Z") && &text[..2] < "24" && &text[3..5] < "60" && &text[6..8] < "60"
}

fn is_date_time(text: &str) -> bool {
    text.split_once('T').is_some_and(|(date, time)| is_date(date) && is_time(time))
}

fn is_uuid(text: &str) -> bool {
    let hex = text.bytes().all(|letter| letter.is_ascii_hexdigit() || letter == b'-');
    hex && text.len() == 36 && text.split('-').map(str::len).eq([8, 4, 4, 4, 12])
}

fn uuid(seed: u64) -> String {
    let rest = hash(seed, "rest");
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        seed >> 32,
        seed >> 16 & 0xffff,
        seed & 0xfff,
        rest & 0xfff,
        rest >> 16
    )
}
