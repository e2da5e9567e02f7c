//! Special types: numbers, pointers, keys, formats, recursion, generics.

use std::collections::{BTreeMap, BTreeSet};
use std::net::{IpAddr, Ipv4Addr};
use std::num::{NonZeroI8, NonZeroU8};

use arbitrary::Arbitrary;
use flow::contract;
use flow::serde_json::Value;

use super::forms::{Colour, Small, types};
use super::subject::{Subject, any, entries, subject};

mod named {
    use super::*;

    types! {
        struct Wide { #[arbitrary(with = signed)] wide: i64 }
        struct Unsigned { #[arbitrary(with = wide)] wide: u64 }
        struct Halves { #[arbitrary(with = finite)] wide: f64 }
        struct Letters { wide: char }
        #[serde(tag = "kind")] enum WideTagged { Wide { #[arbitrary(with = signed)] wide: i64 } }
        #[serde(untagged)] enum WideUntagged { Wide { #[arbitrary(with = signed)] wide: i64 } }
        struct WideFlat { #[serde(flatten)] wide: Wide }
        struct Address { a: IpAddr }
        struct Address4 { a: Ipv4Addr }
        struct Json { #[arbitrary(with = any)] a: Value }
        struct ByNumber { a: BTreeMap<i16, u8> }
        struct ByFlag { a: BTreeMap<bool, u8> }
        struct ByLetter { a: BTreeMap<char, u8> }
        struct ByColour { a: BTreeMap<Key, u8> }
        struct ByAddress { a: BTreeMap<Ipv4Addr, u8> }
        struct FlatByColour { #[serde(flatten)] rest: BTreeMap<Key, u8> }
        #[derive(PartialEq, Eq, PartialOrd, Ord)] enum Key { A, B }
        enum OneName { A }
        enum Grown { A, B, C, #[serde(rename = "text")] D }
        struct Empty {}
        #[serde(deny_unknown_fields)] struct ClosedEmpty {}
        struct Left { a: u8, right: Vec<Right> }
        struct Right { a: u32, left: Option<Box<Left>> }
        enum Expr { Leaf(u8), Add(Box<Expr>, Box<Expr>) }
        enum WideExpr { Leaf(u32), Add(Box<WideExpr>, Box<WideExpr>), Neg(Box<WideExpr>) }
        #[serde(untagged)] enum Text { One(String), Many(Vec<Text>) }
        #[serde(untagged)] enum Any { Flag(bool), Number(u8), Text(String), Many(Vec<Any>), Map(#[arbitrary(with = entries)] BTreeMap<String, Any>), Null }
        struct Nulls { a: (), b: Option<u8> }
        struct Lists { a: Vec<(u8, Option<String>)> }
        struct Sets { a: BTreeSet<u8> }
        ;
        struct Widest(#[arbitrary(with = signed)] i64);
        struct Numbers(#[arbitrary(with = entries)] BTreeMap<String, u32>);
        struct Texts(#[arbitrary(with = entries)] BTreeMap<String, Option<String>>);
    }
}

#[contract]
#[derive(Arbitrary, Clone)]
pub(crate) struct Node<T> {
    a: T,
    kids: Vec<Node<T>>,
}

/// With keys that serde cannot read when flattened, the contract is unusable.
#[contract]
#[derive(Arbitrary, Clone)]
struct FlatOver<T> {
    #[serde(flatten)]
    rest: T,
}

#[contract]
#[derive(Arbitrary, Clone)]
enum Either<A, B> {
    Left(A),
    Right(B),
}

pub(crate) fn subjects() -> Vec<Subject> {
    let mut all = named::subjects();
    all.extend([
        subject::<()>(),
        subject::<bool>(),
        subject::<u8>(),
        subject::<i8>(),
        subject::<u64>(),
        subject::<i64>(),
        subject::<NonZeroU8>(),
        subject::<NonZeroI8>(),
        subject::<char>(),
        subject::<String>(),
        subject::<IpAddr>(),
        subject::<Ipv4Addr>(),
        subject::<Option<u8>>(),
        subject::<Vec<u8>>(),
        subject::<Vec<Option<u32>>>(),
        subject::<(u8, u8)>(),
        subject::<[u8; 2]>(),
        subject::<(u8, String)>(),
        subject::<BTreeMap<u8, u8>>(),
        subject::<Small>(),
        subject::<Colour>(),
        subject::<FlatOver<BTreeMap<i16, u8>>>(),
        subject::<FlatOver<Node<u8>>>(),
        subject::<FlatOver<Node<u32>>>(),
        subject::<FlatOver<Option<Node<u8>>>>(),
        subject::<FlatOver<FlatOver<Node<Node<u8>>>>>(),
        subject::<Node<u8>>(),
        subject::<Node<u32>>(),
        subject::<Node<Node<u8>>>(),
        subject::<Either<u8, String>>(),
        subject::<Either<u32, Option<String>>>(),
    ]);
    all
}

fn finite(from: &mut arbitrary::Unstructured<'_>) -> arbitrary::Result<f64> {
    Ok(*from.choose(&[0.0, 0.5, -3.25, 2.0, 1e300])?)
}

/// Any number, often at the limits of what JSON represents.
fn wide(from: &mut arbitrary::Unstructured<'_>) -> arbitrary::Result<u64> {
    Ok(*from.choose(&[0, 1, 300, u64::MAX])?)
}

/// The signed counterpart.
fn signed(from: &mut arbitrary::Unstructured<'_>) -> arbitrary::Result<i64> {
    Ok(*from.choose(&[i64::MIN, -1, 0, 300, i64::MAX])?)
}
