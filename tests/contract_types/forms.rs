//! Contracts in every form that serde supports, each around several types.

use std::collections::BTreeMap;

use arbitrary::Arbitrary;
use flow::contract;
use flow::serde_json::{Map, Value};

use super::odd::Node;
use super::subject::{Subject, entries, object, subject};

/// Declares contracts and turns them into subjects.
macro_rules! types {
    (
        $($(#[$attr:meta])* $kind:ident $name:ident { $($body:tt)* })*
        $(; $($(#[$tuple_attr:meta])* struct $tuple:ident ( $($items:tt)* );)*)?
    ) => {
        $(#[contract] #[derive(Arbitrary, Clone)] $(#[$attr])* pub(crate) $kind $name { $($body)* })*
        $($(#[contract] #[derive(Arbitrary, Clone)] $(#[$tuple_attr])* pub(crate) struct $tuple ( $($items)* );)*)?

        pub(super) fn subjects() -> Vec<Subject> {
            vec![$(subject::<$name>()),* $(, $(subject::<$tuple>()),*)?]
        }
    };
}
pub(super) use types;

/// Every form around a type named `Leaf`.
macro_rules! forms {
    ($($module:ident: $leaf:ty),+ $(,)?) => {
        $(mod $module {
            use super::*;

            type Leaf = $leaf;

            types! {
                struct Plain { a: Leaf }
                struct Two { a: Leaf, b: String }
                struct Defaults { #[serde(default)] a: Leaf, b: u8 }
                #[derive(Default)] #[serde(default)] struct AllDefault { a: Leaf, b: Option<String> }
                struct Renamed { #[serde(rename = "b")] a: Leaf }
                struct RenamedOut { #[serde(rename(serialize = "b", deserialize = "a"))] a: Leaf }
                #[serde(rename_all(serialize = "camelCase", deserialize = "kebab-case"))]
                struct RenamedAll { long_name: Leaf }
                #[serde(rename_all = "camelCase")] struct Camel { long_name: Leaf }
                struct Aliased { #[serde(alias = "b")] a: Leaf }
                struct Skipping { #[serde(default, skip_serializing_if = "is_default")] a: Leaf }
                struct Losing { #[serde(skip_serializing_if = "is_default")] a: Leaf }
                struct OnlyRead { #[serde(skip_serializing)] a: Leaf, b: String }
                struct OnlyWritten { #[serde(skip_deserializing)] a: Leaf, b: String }
                #[serde(deny_unknown_fields)] struct Closed { a: Leaf }
                #[serde(deny_unknown_fields)] struct ClosedTwo { a: Leaf, #[serde(default)] b: Option<String> }
                #[serde(transparent)] struct Clear { a: Leaf }
                struct Listed { a: Vec<Leaf> }
                struct Fixed { a: [Leaf; 2] }
                struct Mapped { #[arbitrary(with = entries)] a: BTreeMap<String, Leaf> }
                struct Keyed { a: BTreeMap<u8, Leaf> }
                struct Tree { a: Leaf, kids: Vec<Tree> }
                struct Chain { a: Leaf, next: Option<Box<Chain>> }
                struct Paged { page: Node<Leaf> }
                struct Nested { a: Plain }
                struct Flat { #[serde(flatten)] plain: Plain }
                struct FlatTwo { b: String, #[serde(flatten)] plain: Plain }
                struct FlatFlat { c: u8, #[serde(flatten)] two: FlatTwo }
                struct FlatMap { #[serde(flatten)] #[arbitrary(with = entries)] rest: BTreeMap<String, Leaf> }
                struct FlatRest { a: Leaf, #[serde(flatten)] #[arbitrary(with = entries)] rest: BTreeMap<String, u32> }
                struct FlatAny {
                    a: Leaf,
                    #[serde(flatten)]
                    #[arbitrary(with = object)]
                    rest: Map<String, Value>,
                }
                struct FlatInternal { c: u8, #[serde(flatten)] kind: Internal }
                struct FlatExternal { c: u8, #[serde(flatten)] kind: External }
                enum External { Unit, A(Leaf) }
                enum ExternalMore { Unit, A(Leaf), B { a: Leaf }, C(Leaf, u8) }
                enum ExternalAlias { #[serde(alias = "Unit")] Nothing, #[serde(rename = "A")] One(Leaf) }
                enum ExternalHidden { Unit, A(Leaf), #[serde(skip_serializing)] B { a: Leaf }, #[serde(skip)] C }
                #[serde(tag = "kind")] enum Internal { Unit, B { a: Leaf } }
                #[serde(tag = "kind")] enum InternalMore { Unit, B { a: Leaf }, P(Plain), M(#[arbitrary(with = entries)] BTreeMap<String, Leaf>) }
                #[serde(tag = "kind")] enum InternalOther { B { a: Leaf }, #[serde(other)] Other }
                #[serde(tag = "kind", deny_unknown_fields)] enum InternalClosed { Unit, B { a: Leaf } }
                #[serde(tag = "t", content = "c")] enum Adjacent { Unit, A(Leaf), B { a: Leaf } }
                #[serde(tag = "t", content = "c")] enum AdjacentMore { Unit, A(Leaf), B { a: Leaf }, C(Leaf, u8) }
                #[serde(tag = "t", content = "c")] enum AdjacentOther { A(Leaf), #[serde(other)] Other }
                #[serde(tag = "t", content = "c", deny_unknown_fields)] enum AdjacentClosed { Unit, A(Leaf) }
                #[serde(untagged)] enum Untagged { A(Leaf), B { b: u8 } }
                #[serde(untagged)] enum UntaggedFlat { Flat(FlatTwo), Tagged(Internal), Maps(FlatMap) }
                #[serde(from = "Plain", into = "Two")] struct Turned { a: Leaf }
                #[serde(from = "Plain")] struct Taken { a: Leaf, c: u8 }
                ;
                struct Newtype(Leaf);
                struct Pair(Leaf, String);
            }

            impl From<Plain> for Turned {
                fn from(plain: Plain) -> Self {
                    Self { a: plain.a }
                }
            }

            impl From<Turned> for Two {
                fn from(turned: Turned) -> Self {
                    Self { a: turned.a, b: String::new() }
                }
            }

            impl From<Plain> for Taken {
                fn from(plain: Plain) -> Self {
                    Self { a: plain.a, c: 0 }
                }
            }
        })+

        pub(crate) fn subjects() -> Vec<Subject> {
            let mut all = Vec::new();
            $(all.extend($module::subjects());)+
            all
        }
    };
}

/// Forms that stay distinguishable from an absent value, because the type inside is never `null`.
macro_rules! solid_forms {
    ($($module:ident in $of:ident: $leaf:ty),+ $(,)?) => {
        $(mod $module {
            use super::$of::Plain;
            use super::*;

            type Leaf = $leaf;

            types! {
                struct Optional { a: Option<Leaf> }
                struct Sparse { #[serde(skip_serializing_if = "Option::is_none")] a: Option<Leaf> }
                struct FlatOption { #[serde(flatten)] plain: Option<Plain> }
                #[serde(untagged)] enum UntaggedMore { B { b: u8 }, A(Leaf), L(Vec<u8>), N }
                #[serde(untagged)] enum UntaggedStructs { One { a: Leaf }, Two { b: Leaf } }
            }
        })+

        pub(crate) fn solid_subjects() -> Vec<Subject> {
            let mut all = Vec::new();
            $(all.extend($module::subjects());)+
            all
        }
    };
}

solid_forms! {
    solid_bytes in of_bytes: u8,
    solid_numbers in of_numbers: u32,
    solid_texts in of_texts: String,
    solid_structs in of_structs: Small,
    solid_enums in of_enums: Colour,
}

forms! {
    of_bytes: u8,
    of_numbers: u32,
    of_options: Option<u8>,
    of_texts: String,
    of_structs: Small,
    of_enums: Colour,
}

#[contract]
#[derive(Arbitrary, Clone, Default, PartialEq)]
pub(crate) struct Small {
    a: u8,
}

#[contract]
#[derive(Arbitrary, Clone, Default, PartialEq)]
pub(crate) enum Colour {
    #[default]
    A,
    B,
}

fn is_default<T: Default + PartialEq>(value: &T) -> bool {
    *value == T::default()
}
