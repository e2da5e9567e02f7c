//! Parses JSON from outside. A duplicate key is an error; serde_json alone would keep the last value.

use std::cell::{Cell, RefCell};
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use serde_json::{Error as JsonError, Map, Value};

use super::Violation;
use super::depth::{self, MAX_TEXT_DEPTH};
use super::numbers::{Numbers, integer};

/// Some editors write a byte order mark at the start of a file.
const BYTE_ORDER_MARK: &[u8] = "\u{feff}".as_bytes();

/// Parses a text that consists of exactly one JSON value. A leading byte order mark is skipped.
///
/// ```
/// use flow_runtime::contract::parse_json;
///
/// assert_eq!(parse_json(b"\xef\xbb\xbf[1]").unwrap(), serde_json::json!([1]));
///
/// let error = parse_json(br#"{ "note": { "text": "a", "text": "b" } }"#).unwrap_err();
/// assert_eq!(error.violation().unwrap().pointer, "/note/text");
/// ```
///
/// # Errors
///
/// Fails if the text is not JSON, an object has a duplicate key, or nesting is far above [`MAX_DEPTH`](super::MAX_DEPTH).
pub fn parse_json(text: &[u8]) -> Result<Value, Unparsed> {
    let text = text.strip_prefix(BYTE_ORDER_MARK).unwrap_or(text);
    let mut deserializer = serde_json::Deserializer::from_slice(text);
    let reading = Reading::of(text);
    let value = Seed::new(&reading).deserialize(&mut deserializer);
    let value = value.and_then(|value| deserializer.end().map(|()| value));
    value.map_err(|error| Unparsed { error, violation: reading.found.take() })
}

/// Parses the JSON value at the beginning of a text; returns its length in bytes as well.
pub(crate) fn parse_json_prefix(text: &str) -> Option<(usize, Value)> {
    let reading = Reading::of(text.as_bytes());
    let value = Seed::new(&reading).deserialize(&mut serde_json::Deserializer::from_str(text)).ok()?;
    // Only the iterator tells how many bytes it consumed.
    let mut values = serde_json::Deserializer::from_str(text).into_iter::<IgnoredAny>();
    values.next()?.ok()?;
    Some((values.byte_offset(), value))
}

/// Why a text could not be parsed.
#[derive(Debug)]
pub struct Unparsed {
    error: JsonError,
    violation: Option<Violation>,
}

impl Unparsed {
    /// Returns the duplicate key or the value that is nested too deeply, if that is the reason.
    pub fn violation(&self) -> Option<&Violation> {
        self.violation.as_ref()
    }

    /// The error of serde_json, with line and column.
    pub(crate) fn into_error(self) -> JsonError {
        self.error
    }
}

impl fmt::Display for Unparsed {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.error.fmt(f)
    }
}

impl std::error::Error for Unparsed {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        Some(&self.error)
    }
}

/// The path to a value, as a list from the inside out.
#[derive(Clone, Copy)]
struct Step<'a> {
    before: Option<&'a Step<'a>>,
    at: At<'a>,
}

#[derive(Clone, Copy)]
enum At<'a> {
    Key(&'a str),
    Index(usize),
}

/// State shared by the parts of one text.
struct Reading<'t> {
    /// The violation found; an error of serde_json carries only text.
    found: RefCell<Option<Violation>>,
    /// How many numbers were read, and where to look for the next one whose digits may be lost.
    count: Cell<usize>,
    numbers: Cell<Numbers<'t>>,
}

impl<'t> Reading<'t> {
    fn of(text: &'t [u8]) -> Self {
        Self { found: RefCell::default(), count: Cell::default(), numbers: Cell::new(Numbers::of(text)) }
    }

    /// Restores the digits of an integer that was read as a float.
    fn number(&self, value: Value) -> Value {
        let index = self.count.replace(self.count.get() + 1);
        let is_doubtful = value.as_f64().is_some_and(|float| value.is_f64() && float.abs() >= INEXACT);
        if !is_doubtful {
            return value;
        }
        let mut numbers = self.numbers.get();
        let written = numbers.nth(index).and_then(integer);
        self.numbers.set(numbers);
        written.map_or(value, Value::Number)
    }
}

/// From here on, floats may have lost digits.
const INEXACT: f64 = (1_u64 << f64::MANTISSA_DIGITS) as f64;

/// The position of a value.
#[derive(Clone, Copy)]
struct Seed<'a, 't> {
    step: Option<&'a Step<'a>>,
    /// How many arrays and objects enclose the value.
    depth: usize,
    reading: &'a Reading<'t>,
}

impl<'a, 't> Seed<'a, 't> {
    fn new(reading: &'a Reading<'t>) -> Self {
        Self { step: None, depth: 0, reading }
    }

    fn path(&self) -> Vec<String> {
        let steps = std::iter::successors(self.step, |step| step.before);
        let mut path: Vec<_> = steps
            .map(|step| match step.at {
                At::Key(key) => key.to_owned(),
                At::Index(index) => index.to_string(),
            })
            .collect();
        path.reverse();
        path
    }

    /// The seed for a value inside this one.
    fn inside<'s>(&self, step: &'s Step<'s>) -> Seed<'s, 't>
    where
        'a: 's,
    {
        Seed { step: Some(step), depth: self.depth + 1, reading: self.reading }
    }

    /// Fails before the parser reaches its own limit, whose error would not mention ours.
    fn too_deep<E: Error>(&self) -> Result<(), E> {
        if self.depth < MAX_TEXT_DEPTH {
            return Ok(());
        }
        let mut path = self.path();
        // The rest of such a long path is useless.
        path.truncate(1);
        self.reading.found.replace(Some(depth::violation(&path)));
        Err(E::custom("arrays and objects are nested too deeply"))
    }

    fn twice<E: Error>(&self, key: String) -> E {
        let error = E::custom(format_args!("duplicate key `{key}`"));
        let mut path = self.path();
        path.push(key);
        self.reading.found.replace(Some(Violation::new(&path, "one value", "the key a second time")));
        error
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_, '_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_, '_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("JSON")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_i64<E>(self, value: i64) -> Result<Value, E> {
        Ok(self.reading.number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Value, E> {
        Ok(self.reading.number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Value, E> {
        Ok(self.reading.number(value.into()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_string<E>(self, value: String) -> Result<Value, E> {
        Ok(value.into())
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut items: A) -> Result<Value, A::Error> {
        self.too_deep()?;
        let mut list = Vec::new();
        loop {
            let step = Step { before: self.step, at: At::Index(list.len()) };
            let Some(item) = items.next_element_seed(self.inside(&step))? else { return Ok(list.into()) };
            list.push(item);
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut entries: A) -> Result<Value, A::Error> {
        self.too_deep()?;
        let mut map = Map::new();
        while let Some(key) = entries.next_key::<String>()? {
            if map.contains_key(&key) {
                return Err(self.twice(key));
            }
            let step = Step { before: self.step, at: At::Key(&key) };
            let value = entries.next_value_seed(self.inside(&step))?;
            map.insert(key, value);
        }
        Ok(map.into())
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn wrong(text: &str) -> (String, Option<String>) {
        let error = parse_json(text.as_bytes()).unwrap_err();
        (error.to_string(), error.violation().map(|violation| violation.pointer.clone()))
    }

    #[test]
    fn a_byte_order_mark_in_front_is_skipped() {
        assert_eq!(
            parse_json("\u{feff} {\"a\": [1, \"\u{feff}\"]}".as_bytes()).unwrap(),
            json!({"a": [1, "\u{feff}"]})
        );
        assert!(parse_json("{\u{feff}}".as_bytes()).is_err());
        assert!(parse_json("\u{feff}\u{feff}1".as_bytes()).is_err());
    }

    #[test]
    fn a_key_that_comes_twice_is_told_by_its_pointer() {
        for (text, pointer) in [
            (r#"{"a": 1, "a": 1}"#, "/a"),
            (r#"{"a": [1, {"b": {}, "b": 2}]}"#, "/a/1/b"),
            (r#"{"x/y": {"": 1, "": 2}}"#, "/x~1y/"),
            (r#"{"a": 1, "\u0061": 2}"#, "/a"),
        ] {
            let (said, at) = wrong(text);
            assert!(said.contains("` at line 1 column"), "{said}");
            assert_eq!(at.as_deref(), Some(pointer), "{text}");
        }
        assert!(parse_json(br#"[{"a": 1}, {"a": 2}]"#).is_ok());
    }

    #[test]
    fn what_is_nested_too_deep_is_told_by_where_it_begins() {
        let nested = |depth: usize| format!(r#"{{"v": {}1{}}}"#, "[".repeat(depth), "]".repeat(depth));
        assert!(parse_json(nested(MAX_TEXT_DEPTH - 1).as_bytes()).is_ok());
        for depth in [MAX_TEXT_DEPTH, 127, 5_000] {
            let (said, at) = wrong(&nested(depth));
            assert!(said.starts_with("arrays and objects are nested too deeply at line 1 column"), "{said}");
            assert_eq!(at.as_deref(), Some("/v"));
        }
        assert_eq!(wrong(&"[".repeat(5_000)).1.as_deref(), Some("/0"));
    }

    #[test]
    fn what_is_not_json_has_no_pointer() {
        for text in ["", "{a: 1}", "1 2", "[1", "1e400", "NaN", "01"] {
            assert_eq!(wrong(text).1, None, "{text}");
        }
    }

    #[test]
    fn an_integer_keeps_its_digits_however_it_is_written() {
        let text = r#"{"a": [1.5, 9007199254740993.0, "1e19", 1e19], "1.0": -0.0, "b": [2e3, 9007199254740993.5, 12345678901234567890.0]}"#;
        let expected = r#"{"a": [1.5, 9007199254740993, "1e19", 10000000000000000000], "1.0": -0.0, "b": [2e3, 9007199254740993.5, 12345678901234567890]}"#;
        assert_eq!(parse_json(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(expected).unwrap());
    }

    #[test]
    fn other_numbers_are_read_as_serde_json_reads_them() {
        for text in [
            "0.1",
            "-0.0",
            "-0",
            "1e3",
            "18446744073709551615",
            "18446744073709551616",
            "-9223372036854775808",
            "5e-324",
            "1e300",
            "9007199254740993.5",
        ] {
            assert_eq!(parse_json(text.as_bytes()).unwrap(), serde_json::from_str::<Value>(text).unwrap(), "{text}");
        }
    }

    #[test]
    fn a_prefix_ends_where_its_value_ends() {
        assert_eq!(parse_json_prefix(r#"{"a": 1}, and so on"#), Some((8, json!({"a": 1}))));
        assert_eq!(parse_json_prefix(r#"{"a": 1, "a": 2}"#), None);
        assert_eq!(parse_json_prefix("{ words }"), None);
    }
}
