//! Contracts of the standard library's times, which serde writes as objects with two numbers.

use std::time::{Duration, SystemTime};

use crate::contract::{Access, Contract, Def, Member, Shape, StructShape, hash};

/// A named object whose fields are private to the standard library. serde rejects unknown fields in it.
macro_rules! object {
    ($ty:ty, $id:literal, [$($name:literal: $field:ty),+]) => {
        impl Contract for $ty {
            const SHAPE: &'static Shape = &Shape::Named(crate::contract::DefPtr::new(&Def {
                id: concat!("std::time::", $id),
                name: $id,
                hash: hash(concat!("std::time::", $id)),
                access: Access::Hidden,
                body: Shape::Struct(StructShape {
                    members: &[$(Member::plain($name, <$field>::SHAPE)),+],
                    deny_unknown: true,
                }),
            }));
        }
    };
}

object!(Duration, "Duration", ["secs": u64, "nanos": u32]);
object!(SystemTime, "SystemTime", ["secs_since_epoch": u64, "nanos_since_epoch": u32]);
