//! What may flow where: every rule of the comparison, on contracts as users write them.

// The types are only looked at.
#![allow(dead_code)]

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::NonZeroI32;

use flow::contracts::{Contract, Report, Seg, edge, fits, survives_round_trip};
use flow::{contract, serde_json};

fn fit<A: Contract + ?Sized, B: Contract + ?Sized>() -> Report {
    fits(A::SHAPE, B::SHAPE)
}

#[track_caller]
fn accepted<A: Contract + ?Sized, B: Contract + ?Sized>() {
    assert_eq!(fit::<A, B>().as_str(), "");
}

#[track_caller]
fn refused<A: Contract + ?Sized, B: Contract + ?Sized>(text: &str) {
    let report = fit::<A, B>();
    assert!(!report.ok(), "accepted, but expected: {text}");
    assert_eq!(report.as_str(), text);
}

/// Short names for types that differ in one thing.
macro_rules! contracts {
    ($($(#[$attr:meta])* $kind:ident $name:ident $body:tt)+) => {$(
        #[contract] $(#[$attr])* $kind $name $body
    )+};
}

contracts! {
    struct Person { name: String, years: u32 }
    struct Senior { name: String, years: u64 }
    struct Junior { name: String, years: u8 }
    struct Named { name: String }
    struct Nicked { #[serde(alias = "name", alias = "nick")] called: String }
    struct Both { name: String, nick: String }
    struct Maybe { name: Option<String> }
    struct MaybeMissing { #[serde(skip_serializing_if = "Option::is_none")] name: Option<String> }
    struct Defaulted { #[serde(default)] name: String }
    #[serde(deny_unknown_fields)] struct Closed { name: String }
    struct Flat { #[serde(flatten)] person: Person }
    struct FlatMaybe { #[serde(flatten)] person: Option<Person> }
    struct FlatTexts { #[serde(flatten)] rest: BTreeMap<String, String> }
    struct NamedAndNumbers { name: String, #[serde(flatten)] rest: BTreeMap<String, u32> }
    struct OptionalYears { years: Option<u32> }
    #[serde(rename_all = "camelCase")] struct Camel { phone_number: String }
    struct Snake { phone_number: String }
    enum Signal { Red, Green }
    enum Lamp { Red, Green, Off }
    #[serde(tag = "kind")] enum Tagged { Text { text: String }, Empty }
    #[serde(tag = "kind")] enum TaggedWide { Text { text: String, #[serde(default)] more: u8 }, Empty {}, #[serde(other)] Unknown }
    #[serde(tag = "kind")] enum TaggedMore { Text { text: String }, Empty, Third { third: u8 } }
    #[serde(tag = "t", content = "c")] enum Adjacent { Text { text: String } }
    #[serde(untagged)] enum Either { Number(u32), Text(String) }
    #[serde(untagged)] enum Wider { Text(String), Number(u64), Flag(bool) }
    enum Payload { One(u8), Two(u8, String) }
    enum PayloadWide { One(u32), Two(u8, String) }
    struct FlatEnum { #[serde(flatten)] kind: Tagged }
    struct FlatEnumToo { #[serde(flatten)] kind: Tagged }
}

#[test]
fn scalars_widen() {
    accepted::<u8, u32>();
    accepted::<u32, f64>();
    accepted::<char, String>();
    accepted::<u64, serde_json::Value>();
    accepted::<String, Option<String>>();
    accepted::<(), Option<u8>>();
    accepted::<(u8, u8), Vec<u32>>();
    accepted::<Ipv4Addr, IpAddr>();
    accepted::<NonZeroI32, i64>();
    accepted::<Option<u8>, Option<Option<u32>>>();
}

#[test]
fn scalars_do_not_narrow() {
    refused::<u32, u8>("at `.`: expected integer (0..=255), found integer (0..=4294967295)");
    refused::<i8, u64>("at `.`: expected integer (0..=18446744073709551615), found integer (-128..=127)");
    refused::<f64, u8>("at `.`: expected integer (0..=255), found number");
    refused::<String, char>("at `.`: expected a single character, found string");
    refused::<String, IpAddr>("at `.`: expected string (ip), found string");
    refused::<String, SocketAddr>("at `.`: expected string (socket-address), found string");
    refused::<Option<u8>, u8>("at `.`: expected integer (0..=255), found integer (0..=255) or null");
    refused::<Vec<u8>, (u8, u8)>(
        "at `.`: expected [integer (0..=255), integer (0..=255)], found array of integer (0..=255)",
    );
    refused::<Vec<Option<u8>>, Vec<u8>>("at `[]`: expected integer (0..=255), found integer (0..=255) or null");
    refused::<serde_json::Value, u8>("at `.`: expected integer (0..=255), found any JSON value");
    assert!(!fit::<i32, NonZeroI32>().ok());
}

#[test]
fn objects_fit_by_field() {
    accepted::<Person, Senior>();
    accepted::<Person, Named>();
    accepted::<Person, Person>();
    refused::<Person, Junior>("at `.years`: expected integer (0..=255), found integer (0..=4294967295)");
    refused::<Named, Person>("at `.`: missing field `years` (integer (0..=4294967295))");
    refused::<Snake, Camel>("at `.`: missing field `phoneNumber` (string); the producer writes `phone_number`");
}

#[test]
fn optional_fields_are_told_apart_from_nullable_ones() {
    accepted::<Named, Maybe>();
    accepted::<MaybeMissing, Maybe>();
    refused::<Maybe, Named>("at `.name`: expected string, found string or null");
    refused::<Maybe, Defaulted>("at `.name`: expected string, found string or null");
    refused::<MaybeMissing, Named>(
        "at `.name`: required, but not always written\n  at `.name`: expected string, found string or null",
    );
}

#[test]
fn an_alias_of_option_is_an_option() {
    type Hidden = Option<String>;
    #[contract]
    struct Aliased {
        name: Hidden,
        more: Hidden,
    }
    accepted::<Named, Aliased>();
}

#[test]
fn names_and_aliases_are_one_field() {
    accepted::<Named, Nicked>();
    refused::<Both, Nicked>("at `.`: `name` and `nick` are both written, but both are names of the one field `called`");
}

#[test]
fn unknown_fields_are_refused_where_they_are_denied() {
    accepted::<Named, Closed>();
    refused::<Person, Closed>("at `.years`: written, but the consumer refuses unknown fields");
}

#[test]
fn unknown_fields_are_seen_through_flatten() {
    refused::<Flat, Closed>("at `.years`: written, but the consumer refuses unknown fields");
    let report = fit::<NamedAndNumbers, Closed>();
    assert_eq!(report.as_str(), "at `.`: a map may write any field, but the consumer refuses unknown ones");
}

#[test]
fn flattened_fields_are_fields() {
    accepted::<Flat, Person>();
    accepted::<Person, Flat>();
    accepted::<Person, FlatMaybe>();
    accepted::<Named, FlatMaybe>();
    assert!(fit::<FlatMaybe, Person>().as_str().contains("at `.name`: required, but not always written"));
}

#[test]
fn a_flattened_map_may_write_an_optional_field() {
    refused::<FlatTexts, OptionalYears>("at `.years`: expected integer (0..=4294967295), found string");
    refused::<BTreeMap<String, String>, OptionalYears>("at `.years`: expected integer (0..=4294967295), found string");
    assert!(fit::<BTreeMap<String, String>, Named>().as_str().starts_with("at `.`: missing field `name` (string)"));
}

#[test]
fn a_flattened_map_takes_every_other_field() {
    accepted::<Person, NamedAndNumbers>();
    refused::<Both, NamedAndNumbers>("at `.nick`: expected integer (0..=4294967295), found string");
}

#[test]
fn keys_of_maps_are_compared() {
    accepted::<BTreeMap<u8, bool>, HashMap<u32, bool>>();
    accepted::<BTreeMap<u8, bool>, HashMap<String, bool>>();
    refused::<BTreeMap<String, bool>, HashMap<u32, bool>>(
        "at `.`: expected keys integer (0..=4294967295), found string",
    );
    accepted::<Named, BTreeMap<String, String>>();
    refused::<Person, BTreeMap<String, String>>("at `.years`: expected string, found integer (0..=4294967295)");
}

#[test]
fn every_variant_that_is_written_is_read() {
    accepted::<Signal, Lamp>();
    accepted::<Signal, String>();
    refused::<Lamp, Signal>("at `.`: variant `Off` is not one that is read");
    accepted::<Payload, PayloadWide>();
    refused::<PayloadWide, Payload>("at `::One`: expected integer (0..=255), found integer (0..=4294967295)");
    refused::<Payload, String>("at `.`: expected string, found one of `One`, `Two`");
}

#[test]
fn tagged_enums_fit_by_variant() {
    accepted::<Tagged, TaggedWide>();
    accepted::<TaggedMore, TaggedWide>();
    refused::<TaggedMore, Tagged>("at `.`: variant `Third` is not one that is read");
    refused::<Tagged, Adjacent>(
        "at `.`: expected an enum with a tag and a content field, found one with the tag beside its fields",
    );
}

#[test]
fn untagged_enums_fit_by_any_variant() {
    accepted::<u8, Either>();
    accepted::<Either, Wider>();
    refused::<Wider, Either>(
        "at `.`: expected one of the variants of `Either`, found integer (0..=18446744073709551615)\n  \
         at `.`: expected one of the variants of `Either`, found boolean",
    );
}

#[test]
fn a_flattened_enum_is_not_guessed_at() {
    accepted::<FlatEnum, FlatEnum>();
    assert!(fit::<FlatEnum, FlatEnumToo>().as_str().contains("a flattened enum cannot be checked"));
}

mod conversions {
    use super::*;

    /// Reads a text, but writes itself.
    #[contract]
    #[serde(from = "String")]
    struct Parsed {
        length: usize,
    }

    impl From<String> for Parsed {
        fn from(text: String) -> Self {
            Self { length: text.len() }
        }
    }

    #[contract]
    struct Length {
        length: usize,
    }

    #[test]
    fn from_without_into_reads_one_shape_and_writes_another() {
        accepted::<String, Parsed>();
        accepted::<Parsed, Length>();
        refused::<Parsed, String>("at `.`: expected string, found `Parsed`");
        refused::<Length, Parsed>("at `.`: expected `Parsed`, found object `Length`");
        assert!(survives_round_trip(Parsed::SHAPE).as_str().contains("does not read what it writes"));
    }
}

mod recursion {
    use super::*;

    contracts! {
        struct Tree { value: u8, kids: Vec<Tree> }
        struct Wood { value: u32, kids: Vec<Wood> }
        struct Forest { value: u8, kids: Vec<Tree> }
        #[serde(untagged)] enum Json { Text(String), List(Vec<Json>) }
        #[serde(untagged)] enum Other { Number(u8), Text(String), List(Vec<Other>) }
    }

    #[contract]
    struct Node<T> {
        value: T,
        kids: Vec<Node<T>>,
    }

    #[contract]
    struct Branch<T> {
        value: T,
        kids: Vec<Self>,
    }

    #[test]
    fn recursive_types_are_compared_to_an_end() {
        accepted::<Tree, Wood>();
        accepted::<Forest, Tree>();
        accepted::<Json, Other>();
        refused::<Wood, Tree>("at `.value`: expected integer (0..=255), found integer (0..=4294967295)");
        assert!(!fit::<Other, Json>().ok());
    }

    #[test]
    fn generic_recursive_types_differ_by_their_parameter() {
        accepted::<Node<u8>, Node<u32>>();
        accepted::<Node<u8>, Branch<u8>>();
        accepted::<Branch<u8>, Wood>();
        refused::<Node<u32>, Node<u8>>("at `.value`: expected integer (0..=255), found integer (0..=4294967295)");
        accepted::<Node<Node<u8>>, Branch<Branch<u8>>>();
        assert!(!fit::<Node<Node<u32>>, Branch<Branch<u8>>>().ok());
    }
}

mod projections {
    use super::*;

    contracts! {
        struct Facts { candidate: Person, all: Vec<Person>, pair: (u8, Signal), maybe: Option<Person> }
        enum Answer { Yes(Person), No { reason: String }, Both(u8, String) }
        struct Hiding { #[serde(skip, default)] hidden: u8, #[serde(with = "text")] #[contract(as = String)] by_hand: u8 }
        #[serde(transparent)] struct Clear { name: Named }
        struct Outer { #[serde(flatten)] inner: Person }
    }

    #[contract]
    struct Wrapped(Person);

    mod text {
        use flow::serde::{Deserialize, Deserializer, Serializer};

        pub(super) fn serialize<S: Serializer>(value: &u8, to: S) -> Result<S::Ok, S::Error> {
            to.serialize_str(&value.to_string())
        }

        pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
            String::deserialize(from).map(|text| text.len() as u8)
        }
    }

    fn check<A: Contract, B: Contract>(path: &[Seg]) -> Report {
        edge("extract", path, "hire", "who", A::SHAPE, B::SHAPE)
    }

    #[track_caller]
    fn leads<A: Contract, B: Contract>(path: &[Seg]) {
        let report = check::<A, B>(path);
        assert!(report.checked(), "the path leads nowhere");
        assert!(report.ok(), "{report}");
    }

    #[track_caller]
    fn unknown<A: Contract>(path: &[Seg]) {
        let report = check::<A, u8>(path);
        assert!(!report.checked() && report.ok());
    }

    #[test]
    fn a_path_follows_the_names_of_rust() {
        use Seg::{Field, Index, Item, Payload, Some, Variant};
        leads::<Facts, Senior>(&[Field("candidate")]);
        leads::<Facts, Senior>(&[Field("all"), Item]);
        leads::<Facts, Lamp>(&[Field("pair"), Index(1)]);
        leads::<Facts, Senior>(&[Field("maybe"), Some]);
        leads::<Wrapped, String>(&[Index(0), Field("name")]);
        leads::<Answer, Senior>(&[Payload { variant: "Yes", index: 0 }]);
        leads::<Answer, String>(&[Payload { variant: "Both", index: 1 }]);
        leads::<Answer, String>(&[Variant("No"), Field("reason")]);
        leads::<Clear, Named>(&[Field("name")]);
        leads::<Outer, Senior>(&[Field("inner")]);
    }

    #[test]
    fn a_path_to_the_unknown_is_not_checked() {
        unknown::<Hiding>(&[Seg::Field("hidden")]);
        unknown::<Hiding>(&[Seg::Field("by_hand")]);
        unknown::<Facts>(&[Seg::Field("nothing")]);
        unknown::<Wrapped>(&[Seg::Field("name")]);
        unknown::<Answer>(&[Seg::Payload { variant: "Yes", index: 1 }]);
    }

    #[test]
    fn an_edge_names_both_steps_and_the_path() {
        let report = check::<Facts, Junior>(&[Seg::Field("candidate")]).note(&["`extract` is at src/lib.rs:20"]);
        assert_eq!(
            report.as_str(),
            "step `hire` cannot take what step `extract` returns (argument `who`)\n  \
             at `.candidate.years`: expected integer (0..=255), found integer (0..=4294967295)\n  \
             `extract` is at src/lib.rs:20"
        );
    }
}

mod buffers {
    use super::*;

    contracts! {
        struct Plain { counts: BTreeMap<u8, bool> }
        struct Same { counts: BTreeMap<u8, bool> }
        struct Flattening { #[serde(flatten)] plain: Plain }
        struct FlatNumbers { #[serde(flatten)] rest: BTreeMap<u8, bool> }
        #[serde(untagged)] enum Either { Counts { counts: BTreeMap<u8, bool> } }
        #[serde(tag = "kind")] enum Kind { Counts { counts: BTreeMap<u8, bool> } }
        #[serde(tag = "kind")] enum Other { Counts { counts: BTreeMap<u8, bool> } }
        #[serde(tag = "kind")] enum Wide { Wide { wide: u128 } }
        #[serde(tag = "kind")] enum WideToo { Wide { wide: u128 } }
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
    fn wide_integers_are_not_read_out_of_a_buffer() {
        assert!(fit::<Wide, WideToo>().as_str().contains("serde cannot read 128-bit integers"));
    }

    #[test]
    fn what_a_buffer_loses_does_not_survive() {
        assert!(survives_round_trip(Plain::SHAPE).ok());
        for shape in [Kind::SHAPE, Either::SHAPE, Flattening::SHAPE, FlatNumbers::SHAPE, Wide::SHAPE] {
            assert!(survives_round_trip(shape).as_str().contains("cannot be read again"), "{shape:?}");
        }
    }
}

mod round_trips {
    use super::*;

    contracts! {
        struct Fine { a: u8, #[serde(default, skip_serializing_if = "Vec::is_empty")] b: Vec<u8> }
        struct Lossy { #[serde(skip)] a: u8, #[serde(skip_serializing, default)] b: u8, #[serde(rename(serialize = "x"))] c: u8 }
        struct Absent { #[serde(skip_serializing_if = "Vec::is_empty")] a: Vec<u8> }
        struct Outer { inner: Vec<Lossy> }
    }

    #[test]
    fn what_survives_is_accepted() {
        assert!(survives_round_trip(Fine::SHAPE).ok());
        assert!(survives_round_trip(Person::SHAPE).ok());
    }

    #[test]
    fn what_is_lost_is_named() {
        let report = survives_round_trip(Outer::SHAPE);
        assert_eq!(
            report.as_str(),
            "field `a` of `Lossy` would be lost: it is never written\n  \
             field `b` of `Lossy` would be lost: it is never written\n  \
             field `c` of `Lossy` would be lost: it is read under another name than it is written"
        );
        assert_eq!(
            survives_round_trip(Absent::SHAPE).as_str(),
            "field `a` of `Absent` is not always written, but required to be read: add `#[serde(default)]`"
        );
    }
}
