//! Contracts: the JSON shape of what goes into a step and what comes out, known while the crate compiles.

mod shape;

pub use shape::{Def, DefPtr, EnumShape, Field, Member, Repr, Shape, StructShape, Variant};

/// A type whose JSON shape is known while the crate compiles.
pub trait Contract {
    /// The wire shape in both directions: what is written and what is read.
    const SHAPE: &'static Shape;
}
