//! A type for everything that serde and schemars can do to a schema, with values.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

macro_rules! wire_types {
    ($($(#[$meta:meta])* $kind:ident $name:ident { $($body:tt)* })*) => { $(
        #[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
        $(#[$meta])*
        pub(crate) $kind $name { $($body)* }
    )* };
}

wire_types! {
    struct Point { x: f64 }
    struct Empty {}
    struct Plain {
        name: String,
        /// How many.
        count: u32,
        maybe: Option<String>,
        nested: Option<Box<Point>>,
        /// Where it is.
        point: Point,
    }
    struct Defaults {
        #[serde(default)] count: u64,
        #[serde(default, skip_serializing_if = "Vec::is_empty")] items: Vec<String>,
        #[serde(skip_serializing_if = "Option::is_none")] maybe: Option<i64>,
        #[serde(default)] any: Value,
        #[serde(rename = "odd/name~", default)] odd: bool,
    }
    struct List { value: i32, /** What follows. */ next: Option<Box<List>> }
    struct Family { name: String, children: Vec<Family> }
    enum Units { /** The first. */ A, B, /** The third. */ C }
    enum External { Unit, New(u8), Struct { x: u8, y: Option<u8> }, Tuple(u8, String), Deep(Box<External>) }
    #[serde(tag = "kind", rename_all = "snake_case")]
    enum Internal { Unit, Struct { x: u8 }, Payload(Point), Tree(Family) }
    #[serde(tag = "kind")]
    enum TaggedMap { Unit, Map(BTreeMap<String, String>) }
    #[serde(tag = "t", content = "c")]
    enum Adjacent { Unit, Struct { x: u8 }, Payload(Point), Tuple(u8, u8) }
    #[serde(untagged)]
    enum Untagged { Text(String), Number(i64), Struct { x: u8 }, Point { x: u8, y: u8 }, Many(Vec<Untagged>) }
    #[serde(tag = "op")]
    enum Expr { Const { value: f64 }, Not(Wrapped), Add { left: Box<Expr>, right: Box<Expr> } }
    struct Wrapped { inner: Box<Expr> }
    struct FlatStruct { a: u8, #[serde(flatten)] point: Point }
    struct FlatOption { a: u8, #[serde(flatten)] point: Option<Point> }
    struct FlatEnum { a: u8, #[serde(flatten)] choice: Internal }
    struct FlatTwo { #[serde(flatten)] choice: Adjacent, #[serde(flatten)] other: External2 }
    enum External2 { Left { l: u8 }, Right(u8) }
    struct FlatMap { entries: u8, #[serde(flatten)] rest: HashMap<String, i32> }
    struct FlatAny { a: u8, #[serde(flatten)] rest: BTreeMap<String, Value> }
    #[serde(deny_unknown_fields)]
    struct Denies { a: u8, b: Option<u8> }
    struct Containers {
        ints: BTreeMap<u32, String>,
        any: Value,
        maybe_any: Option<Value>,
        object: serde_json::Map<String, Value>,
        set: BTreeSet<String>,
        tuple: (u8, String),
        maybe_tuple: Option<(u8, u8)>,
        fixed: [u8; 3],
        letter: char,
        unit: (),
        maybe_map: Option<BTreeMap<String, Point>>,
        result: Result<u8, String>,
        units: Vec<Units>,
        maybe_units: Option<Units>,
    }
    struct Bounded {
        #[schemars(length(min = 1, max = 8))] name: String,
        #[schemars(regex(pattern = "^[a-z]+$"))] slug: String,
        #[schemars(range(min = 1, max = 5))] stars: u8,
        #[schemars(length(min = 1))] tags: Vec<String>,
        #[schemars(email)] email: String,
    }
    struct Generic { page: Page<Units>, words: Page<String> }
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Newtype(String);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Outer(Point);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Pair(u8, String);

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
pub(crate) struct Page<T> {
    items: Vec<T>,
    next: Option<String>,
}

pub(crate) fn point() -> Point {
    Point { x: 1.5 }
}

pub(crate) fn plain() -> Vec<Plain> {
    let full = Plain {
        name: "a".into(),
        count: u32::MAX,
        maybe: Some("b".into()),
        nested: Some(Box::new(point())),
        point: point(),
    };
    vec![Plain { maybe: None, nested: None, ..full.clone() }, full]
}

pub(crate) fn defaults() -> Vec<Defaults> {
    let none = Defaults { count: 0, items: vec![], maybe: None, any: Value::Null, odd: false };
    let some = Defaults {
        count: u64::MAX,
        items: vec!["x".into()],
        maybe: Some(-1),
        any: json!({"a": [null, "1"]}),
        odd: true,
    };
    vec![none, some]
}

pub(crate) fn list() -> List {
    List { value: 1, next: Some(Box::new(List { value: i32::MIN, next: None })) }
}

pub(crate) fn family() -> Family {
    let child = Family { name: "Ada".into(), children: vec![] };
    Family { name: "Eve".into(), children: vec![child.clone(), Family { children: vec![child.clone()], ..child }] }
}

pub(crate) fn external() -> Vec<External> {
    vec![
        External::Unit,
        External::New(3),
        External::Struct { x: 1, y: None },
        External::Struct { x: 1, y: Some(2) },
        External::Tuple(1, "z".into()),
        External::Deep(Box::new(External::Deep(Box::new(External::Unit)))),
    ]
}

pub(crate) fn internal() -> Vec<Internal> {
    vec![Internal::Unit, Internal::Struct { x: 7 }, Internal::Payload(point()), Internal::Tree(family())]
}

pub(crate) fn tagged_map() -> Vec<TaggedMap> {
    vec![TaggedMap::Unit, TaggedMap::Map(BTreeMap::from([("k".into(), "v".into())]))]
}

pub(crate) fn adjacent() -> Vec<Adjacent> {
    vec![Adjacent::Unit, Adjacent::Struct { x: 1 }, Adjacent::Payload(point()), Adjacent::Tuple(1, 2)]
}

pub(crate) fn untagged() -> Vec<Untagged> {
    let leaves = vec![Untagged::Text("t".into()), Untagged::Number(-4), Untagged::Struct { x: 1 }];
    [leaves.clone(), vec![Untagged::Many(leaves)]].concat()
}

pub(crate) fn expr() -> Expr {
    let one = || Box::new(Expr::Const { value: 1.0 });
    Expr::Add { left: Box::new(Expr::Not(Wrapped { inner: one() })), right: one() }
}

pub(crate) fn flat_two() -> Vec<FlatTwo> {
    let pair = |choice: Adjacent, other| FlatTwo { choice, other };
    vec![
        pair(Adjacent::Unit, External2::Right(1)),
        pair(Adjacent::Payload(point()), External2::Left { l: 2 }),
        pair(Adjacent::Tuple(1, 2), External2::Right(0)),
    ]
}

pub(crate) fn flat_options() -> Vec<FlatOption> {
    vec![FlatOption { a: 1, point: None }, FlatOption { a: 1, point: Some(point()) }]
}

pub(crate) fn flat_enums() -> Vec<FlatEnum> {
    internal().into_iter().map(|choice| FlatEnum { a: 1, choice }).collect()
}

pub(crate) fn flat_maps() -> Vec<FlatMap> {
    vec![FlatMap { entries: 1, rest: HashMap::new() }, FlatMap { entries: 1, rest: HashMap::from([("k".into(), -2)]) }]
}

pub(crate) fn flat_any() -> FlatAny {
    FlatAny { a: 1, rest: BTreeMap::from([("k".into(), json!([1])), ("null".into(), Value::Null)]) }
}

pub(crate) fn containers() -> Vec<Containers> {
    let empty = Containers {
        ints: BTreeMap::new(),
        any: json!("1"),
        maybe_any: None,
        object: serde_json::Map::new(),
        set: BTreeSet::new(),
        tuple: (0, String::new()),
        maybe_tuple: None,
        fixed: [0; 3],
        letter: 'ß',
        unit: (),
        maybe_map: None,
        result: Ok(1),
        units: vec![],
        maybe_units: None,
    };
    let full = Containers {
        ints: BTreeMap::from([(7, "seven".into())]),
        any: json!({"deep": [1, null, {"x": "y"}]}),
        maybe_any: Some(json!(false)),
        object: serde_json::Map::from_iter([("k".to_owned(), json!([1.5]))]),
        set: BTreeSet::from(["a".to_owned(), "b".to_owned()]),
        maybe_tuple: Some((1, 2)),
        maybe_map: Some(BTreeMap::from([("p".into(), point())])),
        result: Err("no".into()),
        units: vec![Units::A, Units::C],
        maybe_units: Some(Units::B),
        ..empty.clone()
    };
    vec![empty, full]
}

pub(crate) fn bounded() -> Bounded {
    Bounded { name: "n".into(), slug: "abc".into(), stars: 5, tags: vec!["t".into()], email: "a@b.example".into() }
}

pub(crate) fn generic() -> Generic {
    let units = Page { items: vec![Units::A], next: None };
    Generic { page: units, words: Page { items: vec!["w".into()], next: Some("2".into()) } }
}

/// Shapes that occur only here.
pub(crate) fn small() -> (Empty, Newtype, Outer, Pair, FlatStruct, Denies) {
    let flat = FlatStruct { a: 1, point: point() };
    (Empty {}, Newtype("n".into()), Outer(point()), Pair(1, "p".into()), flat, Denies { a: 1, b: None })
}
