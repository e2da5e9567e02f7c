//! Every name that generated code may use, as one list.

pub use crate::contract::{
    Access, Contract, Def, DefPtr, EnumShape, Field, Member, Repr, Shape, StructShape, Variant, hash, is_optional,
};
pub use {schemars, serde, serde_json};
