//! Contracts: the JSON shape of what goes into a step and what comes out, known while the crate compiles.

mod shape;

pub use shape::{Def, DefPtr, EnumShape, Field, Member, Repr, Shape, StructShape, Variant};

/// A type whose JSON shape is known while the crate compiles.
pub trait Contract {
    /// The wire shape in both directions: what is written and what is read.
    const SHAPE: &'static Shape;
}
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Seg {
    Field(&'static str),
    Index(usize),
    Item,
    Some,
}
impl std::fmt::Display for Seg {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, ".{self:?}")
    }
}
#[derive(Clone, Debug, PartialEq)]
pub struct Violation {
    pub pointer: String,
    pub expected: String,
    pub found: String,
}
impl Violation {
    pub fn unreadable(r: String) -> Self {
        Self { pointer: String::new(), expected: "JSON".into(), found: r }
    }
}
impl std::fmt::Display for Violation {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{} {} {}", self.pointer, self.expected, self.found)
    }
}
pub fn schema<T: schemars::JsonSchema + ?Sized>(_: crate::graph::Direction) -> serde_json::Value {
    schemars::SchemaGenerator::default().into_root_schema_for::<T>().to_value()
}
pub fn decode<T: serde::de::DeserializeOwned>(v: serde_json::Value) -> Result<T, Vec<Violation>> {
    serde_json::from_value(v).map_err(|e| vec![Violation::unreadable(e.to_string())])
}
impl Contract for String {
    const SHAPE: &'static Shape = &Shape::Str { format: None };
}
impl Contract for u64 {
    const SHAPE: &'static Shape = &Shape::Int { min: 0, max: u64::MAX as i128 };
}
impl Contract for u32 {
    const SHAPE: &'static Shape = &Shape::Int { min: 0, max: u32::MAX as i128 };
}
impl Contract for bool {
    const SHAPE: &'static Shape = &Shape::Bool;
}
impl<T: Contract> Contract for Vec<T> {
    const SHAPE: &'static Shape = &Shape::Array(T::SHAPE);
}
impl<T: Contract + ?Sized> Contract for &T {
    const SHAPE: &'static Shape = T::SHAPE;
}
impl Contract for str {
    const SHAPE: &'static Shape = &Shape::Str { format: None };
}
