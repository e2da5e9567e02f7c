//! Ids of runs.

use std::borrow::Cow;
use std::fmt;
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

use schemars::{JsonSchema, Schema, SchemaGenerator};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

/// The id of a run: chosen by the caller, or `run_` and 32 hexadecimal digits that sort by time.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct RunId(Id);

/// Fresh ids are formatted only on demand, since most runs are never inspected.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Id {
    Fresh(u128),
    Named(Arc<str>),
}

/// The number of random bits in a fresh id. The 48 bits above them are milliseconds since 1970.
const RANDOM_BITS: u32 = 80;

impl RunId {
    /// Creates an id from text: chosen by a caller, or the text of a fresh id.
    pub fn named(id: impl AsRef<str>) -> Self {
        let text = id.as_ref();
        // Each id has exactly one representation, since runs are looked up by it.
        Self(fresh_bits(text).map_or_else(|| Id::Named(text.into()), Id::Fresh))
    }

    /// Creates a fresh id: 48 bits of milliseconds since 1970, then 80 random bits, the layout of a version 7 UUID without its
    /// marks.
    pub fn fresh() -> Self {
        let millis = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |d| d.as_millis());
        let random = fastrand::u128(..) >> (u128::BITS - RANDOM_BITS);
        Self(Id::Fresh(millis << RANDOM_BITS | random))
    }
}

/// Parses the text of a fresh id.
fn fresh_bits(text: &str) -> Option<u128> {
    let digits = text.strip_prefix("run_").filter(|digits| digits.len() == 32)?;
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    digits.bytes().all(is_digit).then(|| u128::from_str_radix(digits, 16).ok()).flatten()
}

/// Returns a random UUID, RFC 9562 section 5.4, as text.
pub fn uuid_v4() -> String {
    let bits = fastrand::u128(..) & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let text = format!("{bits:032x}");
    let parts = [&text[..8], &text[8..12], &text[12..16], &text[16..20], &text[20..]];
    parts.join("-")
}

impl RunId {
    /// Passes on the text. Every record contains an id, so fresh ids are formatted by hand rather than through `fmt`.
    fn with_text<R>(&self, take: impl FnOnce(&str) -> R) -> R {
        const DIGITS: &[u8; 16] = b"0123456789abcdef";
        match &self.0 {
            Id::Named(name) => take(name),
            Id::Fresh(bits) => {
                let mut text = *b"run_00000000000000000000000000000000";
                for (pair, byte) in text[4..].chunks_exact_mut(2).zip(bits.to_be_bytes()) {
                    pair.copy_from_slice(&[DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 0xf)]]);
                }
                take(str::from_utf8(&text).expect("digits are ASCII"))
            }
        }
    }
}

impl fmt::Display for RunId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.with_text(|text| f.write_str(text))
    }
}

impl Serialize for RunId {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        self.with_text(|text| serializer.serialize_str(text))
    }
}

impl JsonSchema for RunId {
    fn inline_schema() -> bool {
        true
    }

    fn schema_name() -> Cow<'static, str> {
        "RunId".into()
    }

    fn json_schema(generator: &mut SchemaGenerator) -> Schema {
        String::json_schema(generator)
    }
}

impl<'de> Deserialize<'de> for RunId {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> std::result::Result<Self, D::Error> {
        String::deserialize(deserializer).map(Self::named)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fresh_ids_differ_and_have_one_length() {
        let (a, b) = (RunId::fresh(), RunId::fresh());
        assert_ne!(a, b);
        assert_eq!((a.to_string().len(), b.to_string().len()), (36, 36));
    }

    #[test]
    fn a_uuid_is_one_of_version_4() {
        let text = uuid_v4();
        let groups: Vec<_> = text.split('-').map(str::len).collect();
        assert_eq!(groups, [8, 4, 4, 4, 12]);
        assert_eq!(&text[14..15], "4");
        assert!(matches!(&text[19..20], "8" | "9" | "a" | "b"), "{text}");
        assert_ne!(text, uuid_v4());
    }

    #[test]
    fn an_id_is_one_line() {
        for id in ["a\nb", "a\rb", "a\u{1b}[2Jb", "\u{85}"] {
            let error = id.parse::<RunId>().unwrap_err();
            assert!(error.message().contains("control characters") && !error.message().contains(id), "{error}");
        }
    }

    #[test]
    fn an_id_reads_back_as_itself() {
        for id in [RunId::fresh(), RunId::named("cv-17"), RunId::named("run_short")] {
            assert_eq!(RunId::named(id.to_string()), id);
            let text = serde_json::to_string(&id).unwrap();
            assert_eq!(serde_json::from_str::<RunId>(&text).unwrap(), id);
            assert_eq!(id.to_string().parse::<RunId>().unwrap(), id);
        }
        let shouted = RunId::fresh().to_string().to_uppercase().replace("RUN_", "run_");
        assert_eq!(RunId::named(&shouted).to_string(), shouted);
    }
}
