//! Decisions by people.

use serde::{Deserialize, Serialize};

use crate::contract::{Contract, EnumShape, Member, Repr, Shape, StructShape, Variant};

/// A person's decision about a value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(tag = "decision", content = "value", rename_all = "snake_case")]
pub enum Review<T> {
    /// The value is accepted unchanged.
    Accept(T),
    /// The value is accepted as edited by the person.
    Edit(T),
    /// The value is rejected.
    Reject {
        /// The reason.
        reason: String,
    },
}

impl<T: Contract> Contract for Review<T> {
    const SHAPE: &'static Shape = &Shape::Enum(EnumShape {
        repr: Repr::Adjacent { tag: "decision", content: "value" },
        variants: &[
            Variant::content("Accept", "accept", true, T::SHAPE),
            Variant::content("Edit", "edit", true, T::SHAPE),
            Variant::content("Reject", "reject", false, REASON),
        ],
        deny_unknown: false,
    });
}

const REASON: &Shape =
    &Shape::Struct(StructShape { members: &[Member::plain("reason", String::SHAPE)], deny_unknown: false });

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shape_agrees_with_the_schema() {
        crate::contract::testing::assert_contract::<Review<Vec<u8>>>();
    }
}
