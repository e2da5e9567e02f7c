//! Every name that generated code may use, as one list.

pub use crate::contract::{Contract, Def, DefPtr, EnumShape, Field, Member, Repr, Shape, StructShape, Variant};

/// What the expansion of a prompt names.
pub mod prompt {
    pub use crate::prompt::check::{How, Seg, Text, Use, check, enforce};
    pub use crate::prompt::{Prompt, RenderError, Template};
}
