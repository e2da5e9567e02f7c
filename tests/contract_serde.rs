//! The comparison and the validator against serde itself, on every pair of some real types.

// Most fields are only serialised and deserialised.
#![allow(dead_code)]

use std::collections::{BTreeMap, HashSet};
use std::net::{IpAddr, Ipv4Addr};
use std::num::{NonZeroI8, NonZeroU8};
use std::time::Duration;

use flow::contract;
use flow::schemars::JsonSchema;
use flow::serde::{Serialize, de::DeserializeOwned};
use flow::serde_json::{self, Value, json};
use flow_runtime::contract::{Contract, Shape, Violation, decode, fits, validate};

macro_rules! contracts {
    ($($(#[$attr:meta])* $kind:ident $name:ident $body:tt)+) => {$(
        #[contract] #[derive(Debug, Clone)] $(#[$attr])* $kind $name $body
    )+};
}

contracts! {
    struct Person { name: String, years: u32 }
    struct Senior { name: String, years: u64 }
    struct Junior { name: String, years: u8 }
    struct Maybe { name: Option<String>, #[serde(default)] years: u8 }
    struct Skipping { #[serde(skip_serializing_if = "Option::is_none")] name: Option<String> }
    struct Nicked { #[serde(alias = "name")] nick: String }
    #[serde(deny_unknown_fields)] struct Closed { name: String }
    struct Flat { id: u8, #[serde(flatten)] person: Person }
    struct FlatMaybe { #[serde(flatten)] person: Option<Person> }
    struct FlatMap { name: String, #[serde(flatten)] rest: BTreeMap<String, u32> }
    enum Signal { Red, Green }
    enum Lamp { Red, Green, #[serde(alias = "Black")] Off }
    enum External { Unit, New(u8), Tuple(u8, String), Struct { a: u8 } }
    enum ExternalWide { Unit, New(u32), Tuple(u8, String), Struct { a: u8, b: Option<u8> } }
    #[serde(tag = "kind")] enum Internal { Unit, New(Person), Struct { a: u8 } }
    #[serde(tag = "kind")] enum InternalOther { New(Senior), #[serde(other)] Unknown }
    #[serde(tag = "t", content = "c")] enum Adjacent { Unit, New(u8), Struct { a: u8 } }
    #[serde(untagged)] enum Either { Number(u8), Text(String), Person(Person) }
    struct Tree { value: u8, kids: Vec<Tree> }
    struct Empty {}
}

/// A type, values it has written, and how it reads.
struct Subject {
    name: &'static str,
    shape: &'static Shape,
    written: Vec<Value>,
    read: fn(Value) -> Result<(), String>,
    decode: fn(Value) -> Result<(), Vec<Violation>>,
}

fn subject<T>(values: Vec<T>) -> Subject
where
    T: Contract + JsonSchema + Serialize + DeserializeOwned + 'static,
{
    Subject {
        name: std::any::type_name::<T>(),
        shape: T::SHAPE,
        written: values.iter().map(|value| serde_json::to_value(value).expect("a contract can be written")).collect(),
        read: |value| serde_json::from_value::<T>(value).map(drop).map_err(|error| error.to_string()),
        decode: |value| decode::<T>(value).map(drop),
    }
}

fn person() -> Person {
    Person { name: "Ada".to_owned(), years: 300 }
}

fn map<V>(entries: [(&str, V); 2]) -> BTreeMap<String, V> {
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

fn subjects() -> Vec<Subject> {
    let name = || "Ada".to_owned();
    vec![
        subject(vec![()]),
        subject(vec![true]),
        subject(vec![0_u8, 255]),
        subject(vec![-128_i8, 127]),
        subject(vec![0_u32, u32::MAX]),
        subject(vec![0, u64::MAX]),
        subject(vec![i64::MIN, i64::MAX]),
        subject(vec![0.5_f32, 2.0]),
        subject(vec![0.5_f64, 1e300]),
        subject(vec!['x', 'é']),
        subject(vec![name(), "x".to_owned(), "Red".to_owned()]),
        subject(vec![NonZeroU8::MIN, NonZeroU8::MAX]),
        subject(vec![NonZeroI8::MIN, NonZeroI8::MAX]),
        subject(vec![None, Some(7_u8)]),
        subject(vec![vec![], vec![1_u8, 2]]),
        subject(vec![vec![None, Some(1_u32)]]),
        subject(vec![HashSet::from([1_u8])]),
        subject(vec![(1_u8, 2_u8)]),
        subject(vec![[1_u8, 2]]),
        subject(vec![(1_u8, name())]),
        subject(vec![map([("name", 1_u32), ("years", 2)])]),
        subject(vec![map([("name", name()), ("years", name())])]),
        subject(vec![BTreeMap::from([(1_u8, true)])]),
        subject(vec![BTreeMap::from([(-1_i8, true)])]),
        subject(vec![IpAddr::from([127, 0, 0, 1]), "::1".parse().expect("an address")]),
        subject(vec![Ipv4Addr::LOCALHOST]),
        subject(vec![Duration::from_millis(1500)]),
        subject(vec![json!(null), json!({"name": 7})]),
        subject(vec![person()]),
        subject(vec![Senior { name: name(), years: u64::MAX }]),
        subject(vec![Junior { name: name(), years: 1 }]),
        subject(vec![Maybe { name: None, years: 1 }, Maybe { name: Some(name()), years: 1 }]),
        subject(vec![Skipping { name: None }, Skipping { name: Some(name()) }]),
        subject(vec![Nicked { nick: name() }]),
        subject(vec![Closed { name: name() }]),
        subject(vec![Flat { id: 1, person: person() }]),
        subject(vec![FlatMaybe { person: None }, FlatMaybe { person: Some(person()) }]),
        subject(vec![FlatMap { name: name(), rest: map([("years", 1), ("x", 2)]) }]),
        subject(vec![Signal::Red, Signal::Green]),
        subject(vec![Lamp::Red, Lamp::Green, Lamp::Off]),
        subject(vec![External::Unit, External::New(1), External::Tuple(1, name()), External::Struct { a: 1 }]),
        subject(vec![ExternalWide::Unit, ExternalWide::New(300), ExternalWide::Struct { a: 1, b: None }]),
        subject(vec![Internal::Unit, Internal::New(person()), Internal::Struct { a: 1 }]),
        subject(vec![InternalOther::New(Senior { name: name(), years: 1 }), InternalOther::Unknown]),
        subject(vec![Adjacent::Unit, Adjacent::New(1), Adjacent::Struct { a: 1 }]),
        subject(vec![Either::Number(1), Either::Text(name()), Either::Person(person())]),
        subject(vec![Tree { value: 1, kids: vec![Tree { value: 2, kids: vec![] }] }]),
        subject(vec![Empty {}]),
    ]
}

#[test]
fn what_fits_is_read_by_serde() {
    let subjects = subjects();
    let mut fitting = 0;
    for from in &subjects {
        for to in subjects.iter().filter(|to| fits(from.shape, to.shape).ok()) {
            fitting += 1;
            for value in &from.written {
                let read = (to.read)(value.clone());
                assert!(read.is_ok(), "{} fits {}, but {value}: {read:?}", from.name, to.name);
                let decoded = (to.decode)(value.clone());
                assert!(decoded.is_ok(), "{} fits {}, but {value}: {decoded:?}", from.name, to.name);
            }
        }
    }
    assert!(fitting > subjects.len() * 3, "only {fitting} pairs fit");
}

#[test]
fn the_validator_judges_as_serde_does() {
    let subjects = subjects();
    for to in &subjects {
        for value in subjects.iter().flat_map(|from| &from.written) {
            let (ours, serdes) = (validate(to.shape, value), (to.read)(value.clone()));
            if !is_more_lenient(to, value) {
                assert_eq!(ours.is_empty(), serdes.is_ok(), "{value} as {}: {ours:?}, serde {serdes:?}", to.name);
            }
        }
    }
}

/// Accepted by serde but by no published schema: an array as a struct, in field order; a flattened option that
/// cannot be read; an address instead of octets; a number that overflows to infinity.
fn is_more_lenient(to: &Subject, value: &Value) -> bool {
    let array = value.is_array();
    let infinite = to.name == "f32" && value.as_f64().is_some_and(|number| (number as f32).is_infinite());
    let flattened_option = to.name.ends_with("FlatMaybe");
    let duration = to.name.ends_with("Duration");
    array || infinite || flattened_option || duration
}

#[test]
fn everything_wrong_is_told_with_its_pointer() {
    let value = json!({"value": 300, "kids": [{"value": 1, "kids": []}, {"kids": "none"}]});
    let found = flow_runtime::contract::check::<Tree>(&value);
    let told: Vec<_> = found.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "at `/value`: expected integer (0..=255), found number 300",
            "at `/kids/1/value`: expected integer (0..=255), found nothing",
            "at `/kids/1/kids`: expected array of object `Tree`, found string \"none\"",
        ]
    );
}

#[test]
fn a_pointer_is_escaped() {
    let value = json!({"a/b~c": "x"});
    let found = validate(<BTreeMap<String, u8>>::SHAPE, &value);
    assert_eq!(found[0].pointer, "/a~1b~0c");
}

mod bounds {
    use super::*;

    #[contract]
    #[derive(Debug)]
    struct Bounded {
        #[schemars(length(min = 1, max = 3))]
        name: String,
        #[schemars(range(max = 120))]
        age: Option<u32>,
        #[schemars(length(max = 1))]
        tags: Vec<String>,
        kind: Kind,
    }

    #[contract]
    #[derive(Debug)]
    #[serde(tag = "kind")]
    enum Kind {
        Short {
            #[schemars(length(max = 1))]
            text: String,
        },
        Long {
            text: String,
        },
    }

    #[test]
    fn published_bounds_are_kept() {
        let good = json!({"name": "Ada", "age": null, "tags": [], "kind": {"kind": "Long", "text": "long"}});
        assert!(decode::<Bounded>(good).is_ok());
        let bad = json!({"name": "", "age": 121, "tags": ["a", "b"], "kind": {"kind": "Short", "text": "long"}});
        let found = decode::<Bounded>(bad).expect_err("four bounds are broken");
        let pointers: Vec<_> = found.iter().map(|violation| violation.pointer.as_str()).collect();
        assert_eq!(pointers, ["/name", "/age", "/tags", "/kind/text"]);
        assert_eq!(found[0].to_string(), "at `/name`: expected minLength 1, found string \"\"");
    }

    #[test]
    fn what_only_the_type_refuses_is_told_with_its_pointer() {
        let found = decode::<Vec<Ipv4Addr>>(json!(["127.0.0.1", "here"])).expect_err("no address");
        assert_eq!(found[0].pointer, "/1");
    }
}
