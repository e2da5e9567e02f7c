//! What serde cannot read out of its buffer.

use super::*;

contracts! {
    struct Plain { counts: BTreeMap<u8, bool> }
    struct Same { counts: BTreeMap<u8, bool> }
    struct Flattening { #[serde(flatten)] plain: Plain }
    struct FlatNumbers { #[serde(flatten)] rest: BTreeMap<u8, bool> }
    #[serde(untagged)] enum Either { Counts { counts: BTreeMap<u8, bool> } }
    #[serde(tag = "kind")] enum Kind { Counts { counts: BTreeMap<u8, bool> } }
    #[serde(tag = "kind")] enum Other { Counts { counts: BTreeMap<u8, bool> } }
}

const KEYS: &str =
    "serde cannot read keys that are no strings inside what is flattened, untagged or beside a tag: use strings";

#[test]
fn keys_that_are_no_strings_are_not_read_out_of_a_buffer() {
    accepted::<Plain, Same>();
    refused::<Kind, Other>(&format!("at `::Counts.counts`: {KEYS}"));
    refused::<Plain, Flattening>(&format!("at `.counts`: {KEYS}"));
    refused::<BTreeMap<u8, bool>, FlatNumbers>(&format!("at `.`: {KEYS}"));
    assert!(!fit::<Plain, Either>().ok());
    let value = serde_json::to_value(Kind::Counts { counts: BTreeMap::from([(7, true)]) }).expect("it is written");
    assert!(serde_json::from_value::<Other>(value).is_err(), "serde can do it now: drop the rule");
}

#[test]
fn what_a_buffer_loses_does_not_survive() {
    assert!(survives_round_trip(Plain::SHAPE).ok());
    for shape in [Kind::SHAPE, Either::SHAPE, Flattening::SHAPE, FlatNumbers::SHAPE] {
        assert!(survives_round_trip(shape).as_str().contains("cannot be read again"), "{shape:?}");
    }
}
