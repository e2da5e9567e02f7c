//! Which types fit which: every rule of the comparison, on contracts as users write them.

// The types are only inspected.
#![allow(dead_code)]

use std::collections::{BTreeMap, HashMap};
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::{NonZeroI32, NonZeroI64};

use flow::{contract, serde_json};
use flow_runtime::contract::{Contract, Report, Seg, edge, fits, flaws, survives_round_trip, validate};

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

/// Short names for types that differ in one respect.
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
    struct Kind { kind: String, text: Option<String> }
    #[serde(untagged)] enum EitherTagged { Text { kind: String, text: String }, Other { kind: Name } }
    enum Name { Empty }
    #[serde(untagged)] enum Choice { Red(OnlyRed), Green(OnlyGreen) }
    enum OnlyRed { Red }
    enum OnlyGreen { Green }
    enum Grade { A, B }
    struct Counted { total: u32, share: f32 }
    struct Measured { total: f64, share: f64 }
    struct MeasuredRoughly { total: f32, share: f32 }
    #[serde(untagged)] enum FloatFirst { Float(f64), Whole(WholeOrText) }
    #[serde(untagged)] enum FloatLast { Whole(u64), Float(f64) }
    #[serde(untagged)] enum SingleFirst { Single(f32), Double(DoubleOrText) }
    #[serde(untagged)] enum FloatsFirst { Floats(Vec<f64>), Wholes(Vec<WholeOrText>) }
    #[serde(untagged)] enum WholeOrText { Whole(u64), Text(String) }
    #[serde(untagged)] enum DoubleOrText { Double(f64), Text(String) }
    struct OptionallyNicked { #[serde(alias = "name")] nick: Option<String> }
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
    refused::<f64, u8>("at `.`: expected integer (0..=255), found number (f64)");
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

#[contract]
struct Wrapped<T>(T);

#[contract]
struct Paged<T> {
    first: T,
    more: Vec<Paged<T>>,
}

#[contract]
#[serde(tag = "kind")]
enum Kinds<T> {
    Page(Paged<T>),
    One { value: T },
}

#[contract]
#[serde(untagged)]
enum OrText<T> {
    Value(T),
    Text(String),
}

/// Compares two numbers in every position a number can have.
fn everywhere<A: Contract, B: Contract>(fit: bool) {
    let verdicts = [
        fits(A::SHAPE, B::SHAPE),
        fits(A::SHAPE, <Option<B>>::SHAPE),
        fits(<Option<A>>::SHAPE, <Option<B>>::SHAPE),
        fits(<Vec<Option<A>>>::SHAPE, <Vec<Option<B>>>::SHAPE),
        fits(<(bool, A)>::SHAPE, <(bool, B)>::SHAPE),
        fits(<[A; 2]>::SHAPE, <Vec<B>>::SHAPE),
        fits(<HashMap<String, A>>::SHAPE, <BTreeMap<String, B>>::SHAPE),
        fits(<Wrapped<A>>::SHAPE, B::SHAPE),
        fits(A::SHAPE, <Wrapped<B>>::SHAPE),
        fits(<Paged<A>>::SHAPE, <Paged<B>>::SHAPE),
        fits(<Kinds<A>>::SHAPE, <Kinds<B>>::SHAPE),
        fits(<OrText<A>>::SHAPE, <OrText<B>>::SHAPE),
        fits(A::SHAPE, <OrText<B>>::SHAPE),
        fits(<BTreeMap<String, Kinds<A>>>::SHAPE, <BTreeMap<String, Kinds<B>>>::SHAPE),
    ];
    for (at, verdict) in verdicts.iter().enumerate() {
        assert_eq!(verdict.ok(), fit, "{at}: {verdict}");
    }
}

#[test]
fn a_float_rounds_wherever_it_is() {
    everywhere::<u32, f64>(true);
    everywhere::<i16, f32>(true);
    everywhere::<f32, f64>(true);
    everywhere::<u64, f64>(false);
    everywhere::<i64, f64>(false);
    everywhere::<usize, f64>(false);
    everywhere::<isize, f64>(false);
    everywhere::<NonZeroI64, f64>(false);
    everywhere::<u32, f32>(false);
    everywhere::<f64, f32>(false);
    everywhere::<serde_json::Number, f64>(false);
    everywhere::<serde_json::Value, f64>(false);
}

#[test]
fn floats_read_what_their_mantissa_holds() {
    accepted::<u32, f64>();
    accepted::<i32, f64>();
    accepted::<NonZeroI32, f64>();
    accepted::<u16, f32>();
    accepted::<i8, Option<f32>>();
    accepted::<f32, f64>();
    accepted::<u64, serde_json::Number>();
    accepted::<f32, serde_json::Number>();
    accepted::<Vec<(u32, f32)>, Vec<(f64, f64)>>();
    accepted::<Counted, Measured>();
}

#[contract]
struct Page<T> {
    items: Vec<T>,
}

#[test]
fn floats_do_not_round() {
    refused::<u64, f64>("at `.`: expected number (f64), found integer (0..=18446744073709551615)");
    refused::<i64, f64>("at `.`: expected number (f64), found integer (-9223372036854775808..=9223372036854775807)");
    refused::<u32, f32>("at `.`: expected number (f32), found integer (0..=4294967295)");
    refused::<f64, f32>("at `.`: expected number (f32), found number (f64)");
    refused::<serde_json::Number, f64>("at `.`: expected number (f64), found number");
    refused::<Vec<Option<usize>>, Vec<Option<f64>>>(
        "at `[]`: expected number (f64), found integer (0..=18446744073709551615)",
    );
    refused::<BTreeMap<String, f64>, BTreeMap<String, f32>>("at `{}`: expected number (f32), found number (f64)");
    refused::<Counted, MeasuredRoughly>("at `.total`: expected number (f32), found integer (0..=4294967295)");
    refused::<Page<u64>, Page<f64>>("at `.items[]`: expected number (f64), found integer (0..=18446744073709551615)");
    assert!(!fit::<NonZeroI64, f64>().ok());
    assert!(!fit::<u128, f64>().ok());
}

#[test]
fn an_untagged_float_takes_a_number_before_a_wider_one_does() {
    accepted::<u32, FloatFirst>();
    accepted::<u64, FloatLast>();
    accepted::<Vec<u32>, FloatsFirst>();
    refused::<u64, FloatFirst>(
        "at `.`: expected one of the variants of `FloatFirst`, found integer (0..=18446744073709551615)",
    );
    refused::<f64, SingleFirst>("at `.`: expected one of the variants of `SingleFirst`, found number (f64)");
    refused::<Vec<u64>, FloatsFirst>(
        "at `.`: expected one of the variants of `FloatsFirst`, found array of integer (0..=18446744073709551615)",
    );
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
    refused::<MaybeMissing, Named>("at `.name`: required, but not always written");
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
    refused::<Both, Nicked>("at `.`: `name` and `nick` are both written, but both are names of field `called`");
}

#[test]
fn unknown_fields_are_refused_where_they_are_denied() {
    accepted::<Named, Closed>();
    refused::<Person, Closed>("at `.years`: written, but the consumer rejects unknown fields");
}

#[test]
fn unknown_fields_are_seen_through_flatten() {
    refused::<Flat, Closed>("at `.years`: written, but the consumer rejects unknown fields");
    let report = fit::<NamedAndNumbers, Closed>();
    assert_eq!(report.as_str(), "at `.`: a map may write any field, but the consumer rejects unknown ones");
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
    refused::<Lamp, Signal>("at `.`: variant `Off` is unknown to the consumer");
    accepted::<Payload, PayloadWide>();
    refused::<PayloadWide, Payload>("at `::One`: expected integer (0..=255), found integer (0..=4294967295)");
    refused::<Payload, String>("at `.`: expected string, found one of `One`, `Two`");
}

#[test]
fn tagged_enums_fit_by_variant() {
    accepted::<Tagged, TaggedWide>();
    accepted::<TaggedMore, TaggedWide>();
    refused::<TaggedMore, Tagged>("at `.`: variant `Third` is unknown to the consumer");
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
fn what_is_left_out_when_null_is_never_null() {
    accepted::<MaybeMissing, Defaulted>();
    refused::<Maybe, Defaulted>("at `.name`: expected string, found string or null");
}

#[test]
fn an_enum_fits_what_reads_each_variant() {
    accepted::<Tagged, Kind>();
    accepted::<Tagged, BTreeMap<String, serde_json::Value>>();
    accepted::<Tagged, EitherTagged>();
    accepted::<Signal, Choice>();
    refused::<Tagged, Named>("at `.`: expected object `Named`, found one of `Text`, `Empty`");
    refused::<Payload, Kind>("at `.`: expected object `Kind`, found one of `One`, `Two`");
}

#[test]
fn a_flattened_enum_fits_by_variant() {
    accepted::<FlatEnum, FlatEnum>();
    accepted::<FlatEnum, FlatEnumToo>();
    accepted::<FlatEnum, Kind>();
    accepted::<FlatEnum, TaggedWide>();
    assert!(fit::<Kind, FlatEnum>().as_str().contains("a flattened enum cannot be checked"));
}

#[test]
fn a_map_does_not_write_two_names_of_one_field() {
    refused::<BTreeMap<String, String>, OptionallyNicked>("at `.`: a map may write two names of the same field `nick`");
    refused::<FlatTexts, OptionallyNicked>("at `.`: a map may write two names of the same field `nick`");
}

#[test]
fn names_of_one_letter_are_characters() {
    accepted::<Grade, char>();
    refused::<Signal, char>("at `.`: expected a single character, found one of `Red`, `Green`");
}

#[path = "contracts/conversions.rs"]
mod conversions;

#[path = "contracts/recursion.rs"]
mod recursion;

#[path = "contracts/projections.rs"]
mod projections;

#[path = "contracts/buffers.rs"]
mod buffers;

#[path = "contracts/round_trips.rs"]
mod round_trips;
