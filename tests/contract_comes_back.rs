//! Every value of a contract survives a round trip: through its text, through a `Value`, and through validation.

use std::collections::{BTreeMap, HashMap};
use std::fmt::Debug;
use std::marker::PhantomData;
use std::num::NonZeroI8;
use std::time::{Duration, SystemTime};

use flow::contract;
use flow::schemars::JsonSchema;
use flow::serde::Serialize;
use flow::serde::de::DeserializeOwned;
use flow::serde_json::{self, Map, Value, json};
use flow::testing::assert_contract;
use flow_runtime::contract::{Contract, Direction, decode, flaws, schema, survives_round_trip};

macro_rules! contracts {
    ($($(#[$attr:meta])* $kind:ident $name:ident $body:tt)+) => {$(
        #[contract] #[derive(Debug, PartialEq)] $(#[$attr])* $kind $name $body
    )+};
}

/// The contract is valid and matches its schema; the schema accepts every value, and every value survives a round trip.
fn come_back<T>(values: impl IntoIterator<Item = T>)
where
    T: Contract + JsonSchema + Serialize + DeserializeOwned + Debug + PartialEq + 'static,
{
    assert!(flaws(T::SHAPE).ok(), "{}", flaws(T::SHAPE).as_str());
    assert!(survives_round_trip(T::SHAPE).ok(), "{}", survives_round_trip(T::SHAPE).as_str());
    assert_contract::<T>();
    let schemas = [Direction::Write, Direction::Read].map(|direction| schema::<T>(direction));
    for value in values {
        let text = serde_json::to_string(&value).unwrap();
        let json = serde_json::to_value(&value).unwrap();
        assert_eq!(serde_json::from_str::<T>(&text).unwrap(), value, "{text}");
        assert_eq!(serde_json::from_value::<T>(json.clone()).unwrap(), value, "{text}");
        assert_eq!(decode::<T>(json.clone()), Ok(value), "{text}");
        for schema in &schemas {
            assert!(jsonschema::is_valid(schema, &json), "{text} is not what {schema} says");
        }
    }
}

fn map<K: Ord, V>(key: K, value: V) -> BTreeMap<K, V> {
    BTreeMap::from([(key, value)])
}

contracts! {
    struct Small { x: u8 }
    struct Nothing {}
    #[serde(deny_unknown_fields)] struct Closed { x: u8 }
    #[derive(Eq, PartialOrd, Ord)] enum Colour { Red, Green }
    enum External { Unit, New(u8), Two(u8, String), Fields { a: u8 }, Braces {} }
    #[serde(tag = "t")] enum Internal { Unit, New(Small), Fields { a: u8 } }
    #[serde(tag = "kind")] enum Kind { One { b: u8 }, Two }
    #[serde(tag = "t", content = "c")] enum Adjacent { Unit, New(u8), Two(u8, u8), None() }
    #[serde(untagged)] enum Untagged { Number(u8), Two(u8, u8), Fields { m: u8 }, Empty() }
    #[serde(untagged)] enum Fields { One { m: u8 }, Two { n: u8 } }

}

#[contract]
#[derive(Debug, PartialEq)]
struct Unit;

#[contract]
#[derive(Debug, PartialEq)]
struct Parentheses();

#[contract]
#[derive(Debug, PartialEq)]
struct Wrapped(Small);

#[test]
fn variants_of_every_form() {
    use External::{Braces, Fields, New, Two};
    come_back([External::Unit, New(1), Two(1, "x".to_owned()), Fields { a: 1 }, Braces {}]);
    come_back([Internal::Unit, Internal::New(Small { x: 1 }), Internal::Fields { a: 1 }]);
    come_back([Adjacent::Unit, Adjacent::New(1), Adjacent::Two(1, 2), Adjacent::None()]);
    come_back([Untagged::Number(1), Untagged::Two(1, 2), Untagged::Fields { m: 1 }, Untagged::Empty()]);
    come_back([Parentheses()]);
}

contracts! {
    struct Given { value: Option<Value>, more: Vec<Option<Value>> }
    #[serde(tag = "t", content = "c")] enum Answer { Given(Option<Value>), Named { value: Option<Value> } }
}

#[test]
fn optional_json() {
    come_back([None, Some(json!(1)), Some(json!({ "a": null }))]);
    come_back([Given { value: None, more: vec![Some(json!([]))] }, Given { value: Some(json!("x")), more: vec![] }]);
    come_back([Answer::Given(None), Answer::Given(Some(json!(1))), Answer::Named { value: Some(json!(false)) }]);
}

contracts! {
    #[serde(tag = "t")] enum BesideATag {
        Unit(Unit),
        Null(()),
        Mark(PhantomData<u8>),
        Nothing(Nothing),
        Closed(Closed),
        Time(Duration),
        When(SystemTime),
        Kind(Kind),
        Adjacent(Deep),
    }
    #[serde(tag = "d", content = "e")] enum Deep { A(u8), B }
}

#[test]
fn contents_beside_a_tag() {
    use BesideATag::{Adjacent, Mark, Null, Time, When};
    come_back([
        BesideATag::Unit(Unit),
        Null(()),
        Mark(PhantomData),
        BesideATag::Nothing(Nothing {}),
        BesideATag::Closed(Closed { x: 1 }),
        Time(Duration::MAX),
        When(SystemTime::UNIX_EPOCH + Duration::from_nanos(1)),
        BesideATag::Kind(Kind::One { b: 1 }),
        Adjacent(Deep::A(1)),
    ]);
}

contracts! {
    struct TwoEnums { z: u8, #[serde(flatten)] external: External, #[serde(flatten)] kind: Kind }
    struct ThreeEnums {
        #[serde(flatten)] kind: Kind,
        #[serde(flatten)] fields: Fields,
        #[serde(flatten)] adjacent: Adjacent,
    }
    struct RestOfWrapped { #[serde(flatten)] wrapped: Wrapped, #[serde(flatten)] rest: BTreeMap<String, u8> }
    struct RestOfExternal { z: u8, #[serde(flatten)] kind: External, #[serde(flatten)] rest: BTreeMap<String, u8> }
    struct RestOfAdjacent { z: u8, #[serde(flatten)] kind: Adjacent, #[serde(flatten)] rest: Map<String, Value> }
    struct RestOfNumbers { #[serde(flatten)] kind: Adjacent, #[serde(flatten)] rest: BTreeMap<String, u8> }
    struct RestOfNothing { #[serde(flatten)] rest: HashMap<String, u8>, #[serde(flatten)] none: Nothing }
    struct ByColour { z: u8, #[serde(flatten)] small: Small, #[serde(flatten)] colours: BTreeMap<Colour, u8> }
    struct Colours { #[serde(flatten)] colours: BTreeMap<Colour, u8> }
    struct Perhaps { z: u8, #[serde(flatten)] small: Option<Small>, #[serde(flatten)] closed: Option<ClosedPair> }
    #[serde(deny_unknown_fields)] struct ClosedPair { p: u8, q: u8 }
}

#[test]
fn flattened_members_beside_each_other() {
    let two = |external| TwoEnums { z: 1, external, kind: Kind::One { b: 2 } };
    come_back([two(External::Unit), two(External::Fields { a: 1 }), two(External::Two(1, "x".to_owned()))]);
    let three = |kind, fields| ThreeEnums { kind, fields, adjacent: Adjacent::Two(1, 2) };
    come_back([three(Kind::Two, Fields::One { m: 1 }), three(Kind::One { b: 1 }, Fields::Two { n: 1 })]);
    let rest = || map("q".to_owned(), 1);
    come_back([RestOfWrapped { wrapped: Wrapped(Small { x: 1 }), rest: rest() }]);
    come_back([External::Unit, External::New(1)].map(|kind| RestOfExternal { z: 1, kind, rest: rest() }));
    let json = || json!({ "q": [1] }).as_object().cloned().unwrap();
    come_back([Adjacent::Unit, Adjacent::New(1)].map(|kind| RestOfAdjacent { z: 1, kind, rest: json() }));
    come_back([Adjacent::Unit, Adjacent::New(1)].map(|kind| RestOfNumbers { kind, rest: rest() }));
    come_back([RestOfNothing { rest: HashMap::from([("q".to_owned(), 1)]), none: Nothing {} }]);
    come_back([ByColour { z: 1, small: Small { x: 2 }, colours: map(Colour::Red, 3) }]);
    come_back([Colours { colours: map(Colour::Green, 1) }, Colours { colours: BTreeMap::new() }]);
    let pair = || Some(ClosedPair { p: 1, q: 2 });
    come_back([
        Perhaps { z: 1, small: None, closed: None },
        Perhaps { z: 1, small: Some(Small { x: 1 }), closed: None },
        Perhaps { z: 1, small: None, closed: pair() },
    ]);
}

contracts! {
    #[derive(Eq, PartialOrd, Ord)] #[serde(untagged)] enum Name { Colour(Colour), Text(String) }
    #[derive(Eq, PartialOrd, Ord)] #[serde(untagged)] enum Site { Address(std::net::IpAddr), Letter(char), Text(Box<str>) }
    #[derive(Eq, PartialOrd, Ord)] #[serde(transparent)] struct Clear { number: NonZeroI8 }
}

#[test]
fn keys_of_maps() {
    come_back([BTreeMap::from([(Name::Colour(Colour::Red), 1), (Name::Text("x".to_owned()), 2)])]);
    come_back([
        map(Site::Address([127, 0, 0, 1].into()), 1),
        map(Site::Letter('x'), 1),
        map(Site::Text("xyz".into()), 1),
    ]);
    come_back([map(Clear { number: NonZeroI8::MIN }, 1)]);
    come_back([map(true, 1)]);
    come_back([map(u64::MAX, 1)]);
}

contracts! {
    #[derive(Eq, PartialOrd, Ord)] enum Renamed { #[serde(rename(serialize = "r"))] Red }
    #[derive(Eq, PartialOrd, Ord)] enum Unwritten { #[serde(skip_serializing)] Red, Green }
    struct ByRenamed { by: BTreeMap<Renamed, u8> }
    struct ByUnwritten { by: Vec<BTreeMap<Unwritten, Vec<u8>>> }
}

#[test]
fn keys_are_lost_like_values() {
    let lost = |shape| survives_round_trip(shape).as_str().to_owned();
    assert_eq!(
        lost(ByRenamed::SHAPE),
        "variant `Red` of `Renamed` would be lost: it is read under a different name than it is written"
    );
    assert_eq!(lost(ByUnwritten::SHAPE), "variant `Red` of `Unwritten` cannot be written");
}
