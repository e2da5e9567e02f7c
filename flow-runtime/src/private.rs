//! Every name that generated code may use, as one list.

pub use crate::contract::{Contract, Def, DefPtr, EnumShape, Field, Member, Repr, Shape, StructShape, Variant};
