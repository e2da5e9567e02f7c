//! The constant shape of a contract and its published schema agree for every supported attribute.

// The types are only inspected.
#![allow(dead_code)]

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet, VecDeque};
use std::marker::PhantomData;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::num::{NonZeroI32, NonZeroU8};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use flow::contract;
use flow::contract::Direction;
use flow::serde_json::Value;
use flow_runtime::contract::testing::{assert_contract, disagreements};

macro_rules! agrees {
    ($($test:ident: [$($ty:ty),+ $(,)?];)+) => {$(
        #[test]
        fn $test() {
            $(assert_contract::<$ty>();)+
        }
    )+};
}

agrees! {
    scalars: [bool, u8, i16, u32, i64, u64, usize, f32, f64, char, String, str, (), PathBuf];
    numbers_without_zero: [NonZeroU8, NonZeroI32];
    pointers: [&'static str, Box<u8>, Arc<String>, Cow<'static, str>];
    sequences: [Vec<u8>, VecDeque<String>, HashSet<u8>, BTreeSet<char>, [bool; 3], Option<Vec<Option<u8>>>];
    tuples: [(u8,), (u8, String), (bool, u8, char, f64, String, i8, u16, ())];
    maps: [BTreeMap<String, u8>, HashMap<u32, bool>, BTreeMap<i8, String>, BTreeMap<Colour, u8>, BTreeMap<char, u8>];
    addresses: [IpAddr, Ipv4Addr, SocketAddr];
    times: [Duration, SystemTime];
    json: [flow::serde_json::Value, flow::serde_json::Map<String, flow::serde_json::Value>];
    structs: [Plain, Renamed, RenamedAll, Split, Defaults, AllDefault, Skips, SkipsIf, Aliases, Closed, Unit, Empty];
    wrappers: [Newtype, NewtypeOption, Transparent, TransparentOption, Pair, HasTransparentOption];
    flattened: [Flat, FlatOption, FlatMap, FlatTwice, FlatEnum];
    enums: [Colour, Documented, External, Internal, Adjacent, Untagged, Names, FieldNames, HiddenVariants, Other, ClosedTags];
    conversions: [FromText, FromTextOnly, IntoTextOnly, Both];
    tagged_structs: [Decision, Verdict, Zebra, Alphabet, CallOfATool];
    recursion: [Tree, Left, Expr, Node<u8>, Node<Plain>, Formula, Statement, Json, Shared, Chain];
    generics: [Page<u8>, Page<Plain>, Tagged<Plain>, Grid<2>, Borrowed<'static>];
    generics_in_place: [InPlace<u8>, InPlace<Formula>, Joined<String>, Joined<InPlace<u8>>, Nested, Node<Node<Nested>>, Looped<u8>, Looped<Nested>];
    overrides: [Overridden];
    bounds: [Bounded];
    documentation: [Described];
}

/// A plain struct.
#[contract]
struct Plain {
    name: String,
    years: u32,
    mail: Option<String>,
    scores: Vec<f64>,
}

#[contract]
struct Renamed {
    #[serde(rename = "firstName")]
    first: String,
    #[serde(rename(serialize = "out", deserialize = "in"))]
    both: u8,
    r#type: bool,
}

#[contract]
#[serde(rename_all = "camelCase")]
struct RenamedAll {
    phone_number: String,
    #[serde(rename = "ZIP")]
    zip_code: String,
}

#[contract]
#[serde(rename_all(serialize = "SCREAMING_SNAKE_CASE", deserialize = "kebab-case"))]
struct Split {
    phone_number: String,
}

#[contract]
struct Defaults {
    #[serde(default)]
    count: u32,
    #[serde(default = "seven")]
    week: u8,
}

fn seven() -> u8 {
    7
}

#[contract]
#[derive(Default)]
#[serde(default)]
struct AllDefault {
    a: u8,
    b: String,
}

#[contract]
struct Skips {
    #[serde(skip)]
    never: u8,
    #[serde(skip_serializing)]
    read: u8,
    #[serde(skip_deserializing)]
    written: u8,
    #[serde(skip)]
    marker: PhantomData<u8>,
}

#[contract]
struct SkipsIf {
    #[serde(skip_serializing_if = "Option::is_none")]
    a: Option<u8>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    b: Vec<u8>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    c: Vec<u8>,
}

#[contract]
struct Aliases {
    #[serde(alias = "nick", alias = "handle")]
    name: String,
}

#[contract]
#[serde(deny_unknown_fields)]
struct Closed {
    a: u8,
}

#[contract]
struct Unit;

#[contract]
struct Empty {}

#[contract]
struct Newtype(u16);

#[contract]
struct NewtypeOption(Option<u16>);

#[contract]
#[serde(transparent)]
struct Transparent {
    inner: Vec<String>,
}

#[contract]
#[serde(transparent)]
struct TransparentOption(Option<u8>);

#[contract]
struct HasTransparentOption {
    optional: TransparentOption,
    required: NewtypeOption,
    aliased: Maybe,
}

type Maybe = Option<u8>;

#[contract]
struct Pair(u8, String);

#[contract]
struct Flat {
    id: u8,
    #[serde(flatten)]
    plain: Plain,
}

#[contract]
struct FlatOption {
    id: u8,
    #[serde(flatten)]
    plain: Option<RenamedAll>,
}

#[contract]
struct FlatMap {
    id: u8,
    #[serde(flatten)]
    rest: BTreeMap<String, u8>,
}

#[contract]
struct FlatTwice {
    #[serde(flatten)]
    flat: Flat,
    #[serde(flatten)]
    renamed: RenamedAll,
}

#[contract]
struct FlatEnum {
    id: u8,
    #[serde(flatten)]
    kind: Internal,
}

#[contract]
#[derive(PartialEq, Eq, PartialOrd, Ord)]
enum Colour {
    Red,
    Green,
}

#[contract]
enum Documented {
    /// Stop.
    Red,
    /// Go.
    Green,
    Other,
}

#[contract]
enum External {
    Unit,
    Newtype(Plain),
    Tuple(u8, String),
    Struct { a: u8, b: Option<u8> },
}

#[contract]
#[serde(tag = "kind")]
enum Internal {
    Unit,
    Newtype(Plain),
    Struct { a: u8 },
    Map(BTreeMap<String, u8>),
}

#[contract]
#[serde(tag = "t", content = "c")]
enum Adjacent {
    Unit,
    Newtype(Plain),
    Tuple(u8, String),
    Struct { a: u8 },
}

#[contract]
#[serde(untagged)]
enum Untagged {
    Nothing,
    Number(u8),
    Text(String),
    Struct { a: u8 },
}

#[contract]
#[serde(rename_all = "snake_case")]
enum Names {
    FirstOne,
    #[serde(rename = "2nd", alias = "second")]
    SecondOne,
    #[serde(rename_all = "camelCase")]
    Third {
        long_name: u8,
    },
}

#[contract]
#[serde(rename_all_fields = "camelCase")]
enum FieldNames {
    A { long_name: u8 },
    B { other_name: u8 },
}

#[contract]
enum HiddenVariants {
    Both,
    #[serde(skip_serializing)]
    Read(u8),
    #[serde(skip_deserializing)]
    Written(u8),
    #[serde(skip)]
    Never,
}

#[contract]
#[serde(tag = "kind")]
enum Other {
    A {
        a: u8,
    },
    #[serde(other)]
    Unknown,
}

#[contract]
#[serde(tag = "t", content = "c", deny_unknown_fields)]
enum ClosedTags {
    Unit,
    Struct { a: u8 },
}

#[contract]
#[derive(Clone)]
#[serde(try_from = "String", into = "String")]
struct FromText(u8);

#[contract]
#[serde(from = "String")]
struct FromTextOnly {
    len: usize,
}

#[contract]
#[derive(Clone)]
#[serde(into = "String")]
struct IntoTextOnly {
    len: usize,
}

#[contract]
#[derive(Clone)]
#[serde(from = "Plain", into = "Renamed")]
struct Both;

impl TryFrom<String> for FromText {
    type Error = std::num::ParseIntError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse().map(Self)
    }
}

impl From<FromText> for String {
    fn from(value: FromText) -> Self {
        value.0.to_string()
    }
}

impl From<String> for FromTextOnly {
    fn from(text: String) -> Self {
        Self { len: text.len() }
    }
}

impl From<IntoTextOnly> for String {
    fn from(value: IntoTextOnly) -> Self {
        "x".repeat(value.len)
    }
}

impl From<Plain> for Both {
    fn from(_: Plain) -> Self {
        Self
    }
}

impl From<Both> for Renamed {
    fn from(_: Both) -> Self {
        Self { first: String::new(), both: 0, r#type: true }
    }
}

#[contract]
struct Tree {
    value: u8,
    kids: Vec<Tree>,
    parent: Option<Box<Self>>,
}

#[contract]
struct Left {
    right: Vec<Right>,
}

#[contract]
struct Right {
    left: Option<Box<Left>>,
}

/// Two types that contain each other directly, as a syntax tree does.
#[contract]
enum Expr {
    Leaf,
    Node { pair: Box<ExprPair> },
}

#[contract]
struct ExprPair {
    left: Box<Expr>,
    right: Box<Expr>,
}

#[contract]
struct Node<T> {
    value: T,
    kids: Vec<Node<T>>,
    twin: Option<Box<Self>>,
}

/// A type with parameters that contains itself, where its members are put among others.
#[contract]
#[serde(tag = "t")]
enum InPlace<T> {
    Node(Node<T>),
    Other { value: T, nodes: Vec<Node<T>> },
    Page(Box<Page<T>>),
}

#[contract]
struct Joined<T> {
    #[serde(flatten)]
    node: Node<T>,
    #[serde(flatten)]
    page: Option<Page<T>>,
}

/// Instances of one type inside each other.
#[contract]
#[serde(tag = "kind")]
enum Nested {
    Numbers(InPlace<u32>),
    Optional(Node<Option<u8>>),
    Texts(Joined<String>),
    Itself { more: Option<Box<Nested>>, nodes: Node<Node<Vec<Nested>>> },
}

#[contract]
#[serde(tag = "x")]
enum Looped<T> {
    A { value: T, more: Vec<Looped<T>> },
    B(Node<T>),
    C(Box<Looping<T>>),
}

#[contract]
struct Looping<T> {
    inner: Node<T>,
}

#[contract]
struct Page<T> {
    items: Vec<T>,
    next: Option<String>,
}

#[contract]
enum Tagged<T> {
    None,
    Some(T),
}

#[contract]
struct Grid<const N: usize> {
    side: u8,
}

#[contract]
struct Borrowed<'a> {
    text: Cow<'a, str>,
}

#[contract]
struct Overridden {
    #[serde(with = "seconds")]
    #[contract(as = u64)]
    wait: Duration,
    #[serde(with = "seconds", default)]
    #[contract(opaque = "duration in seconds")]
    again: Duration,
}

mod seconds {
    use std::time::Duration;

    use flow::serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &Duration, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_u64(value.as_secs())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Duration, D::Error> {
        u64::deserialize(from).map(Duration::from_secs)
    }
}

#[contract]
struct Bounded {
    #[schemars(length(min = 1, max = 5))]
    name: String,
    #[schemars(range(min = 0, max = 120))]
    age: u32,
    #[schemars(length(min = 1))]
    skills: Vec<String>,
}

/// What it is.
///
/// More of it.
#[contract]
#[schemars(title = "Described", example = 1)]
struct Described {
    /// A field.
    #[schemars(description = "A better text.")]
    field: Option<Plain>,
}

#[contract]
struct Approved {
    by: String,
    at: u32,
}

#[contract]
struct Rejected {
    reason: String,
}

#[contract]
#[serde(tag = "status")]
enum Decision {
    Approved(Approved),
    Rejected(Rejected),
}

#[contract]
#[serde(tag = "by")]
enum Verdict {
    Rejected(Rejected),
    Approved { z: u8, a: Approved },
    Nothing,
}

/// Names on both sides of the tag in the alphabet.
#[contract]
#[serde(tag = "m")]
enum Zebra {
    Z(Sides),
    A(Sides),
    M { z: u8, a: u8 },
}

#[contract]
struct Sides {
    z: u8,
    a: Option<u8>,
    n: String,
}

#[contract]
#[serde(tag = "t", content = "c")]
enum Alphabet {
    Z(Zebra),
    A(Sides),
    #[serde(rename = "0")]
    Zero,
}

#[contract]
#[serde(tag = "tool", rename_all = "snake_case")]
enum CallOfATool {
    Search(Search),
    Answer(Approved),
    Both { first: Box<CallOfATool>, then: Box<CallOfATool> },
}

#[contract]
struct Search {
    words: Vec<String>,
    within: Option<Box<CallOfATool>>,
}

/// A type that contains itself through a tagged struct.
#[contract]
#[serde(tag = "op")]
enum Formula {
    Sum(Terms),
    Negated { inner: Box<Formula> },
    Constant { value: u8 },
}

#[contract]
struct Terms {
    terms: Vec<Formula>,
    note: Option<Box<Terms>>,
}

#[contract]
enum Statement {
    Block(Vec<Statement>),
    If { condition: Formula, then: Box<Statement>, otherwise: Option<Box<Statement>> },
    Done,
}

#[contract]
#[serde(untagged)]
enum Json {
    Nothing,
    Flag(bool),
    Many(Vec<Json>),
    Named(BTreeMap<String, Json>),
}

/// One definition reached by many ways: unrolled, it would double at each level.
#[contract]
struct Shared {
    a: Option<Box<Shared>>,
    b: Option<Box<Shared>>,
    c: Vec<Shared>,
    d: BTreeMap<String, Shared>,
    e: Option<Box<Formula>>,
    f: Option<Box<CallOfATool>>,
}

#[contract]
struct Chain {
    next: Option<Box<Link>>,
}

#[contract]
struct Link {
    next: Option<Box<Chain>>,
}

/// The same variants in every representation, in two orders.
macro_rules! representations {
    ($($module:ident: { $($first:tt)* } { $($second:tt)* })+) => {$(
        mod $module {
            use super::*;

            representations!(@types External [] { $($first)* } { $($second)* });
            representations!(@types Internal [#[serde(tag = "variant")]] { $($first)* } { $($second)* });
            representations!(@types Adjacent [#[serde(tag = "t", content = "n")]] { $($first)* } { $($second)* });
            representations!(@types Renamed [#[serde(tag = "kind", rename_all = "kebab-case")]] { $($first)* } { $($second)* });

            #[test]
            fn agree() {
                representations!(@agree External Internal Adjacent Renamed);
                every_change_is_found::<Renamed::Forward>();
            }
        }
    )+};
    (@types $module:ident [$($attribute:tt)*] { $($first:tt)* } { $($second:tt)* }) => {
        #[allow(non_snake_case)]
        mod $module {
            use super::*;

            #[contract] $($attribute)* pub(super) enum Forward { $($first)* $($second)* }
            #[contract] $($attribute)* pub(super) enum Backward { $($second)* $($first)* }
        }
    };
    (@agree $($module:ident)+) => {$(
        assert_contract::<$module::Forward>();
        assert_contract::<$module::Backward>();
        assert_contract::<Vec<Option<$module::Forward>>>();
    )+};
}

representations! {
    newtypes: { Approved(Approved), } { Rejected(Rejected), Sides(Sides), }
    mixed: { Zero, Sides(Sides), } { Fields { z: u8, a: Option<u8> }, Aa(Approved), }
    nested: { Decision { inner: Decision, z: bool }, } { Zebra { inner: Vec<Zebra> }, Map(BTreeMap<String, u8>), }
    recursive: { Zz(Terms), One { own: Vec<Formula> }, } { Aa(Search), }
}

/// Changing any constant of a schema makes it disagree with the shape.
fn every_change_is_found<T: flow::Contract + flow::schemars::JsonSchema>() {
    for direction in [Direction::Read, Direction::Write] {
        let schema = flow::contract::schema::<T>(direction);
        let mut pointers = Vec::new();
        constants(&schema, String::new(), &mut pointers);
        assert!(!pointers.is_empty());
        for pointer in pointers {
            let mut changed = schema.clone();
            *changed.pointer_mut(&pointer).unwrap() = "another".into();
            assert!(!disagreements(T::SHAPE, &changed, direction).is_empty(), "{pointer} of {schema}");
        }
    }
}

/// Collects pointers to types, constants and the names of required fields.
fn constants(schema: &Value, at: String, found: &mut Vec<String>) {
    match schema {
        Value::Object(parts) => {
            for (key, part) in parts {
                let at = format!("{at}/{}", key.replace('~', "~0").replace('/', "~1"));
                match part {
                    Value::String(_) if key == "const" => found.push(at),
                    // The type beside a constant is redundant; the target of a reference is checked on its own.
                    Value::String(kind) if key == "type" && kind != "object" => {
                        if !parts.contains_key("const") && !parts.contains_key("enum") {
                            found.push(at);
                        }
                    }
                    Value::Array(names) if key == "required" => {
                        found.extend((0..names.len()).map(|index| format!("{at}/{index}")));
                    }
                    part => constants(part, at, found),
                }
            }
        }
        Value::Array(items) => {
            for (index, item) in items.iter().enumerate() {
                constants(item, format!("{at}/{index}"), found);
            }
        }
        _ => {}
    }
}
