//! Contracts of numbers, strings and unit.

use std::marker::PhantomData;
use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroI128, NonZeroIsize, NonZeroU8, NonZeroU16, NonZeroU32,
    NonZeroU64, NonZeroU128, NonZeroUsize,
};
use std::path::{Path, PathBuf};

use crate::contract::{Contract, EnumShape, Repr, Shape, Variant};

macro_rules! shapes {
    ($($ty:ty => $shape:expr),+ $(,)?) => {$(
        impl Contract for $ty {
            const SHAPE: &'static Shape = &$shape;
        }
    )+};
}

shapes! {
    () => Shape::Null,
    bool => Shape::Bool,
    char => Shape::Char,
    f32 => Shape::Float { bits: f32::MANTISSA_DIGITS },
    f64 => Shape::Float { bits: f64::MANTISSA_DIGITS },
    str => Shape::Str { format: None },
    String => Shape::Str { format: None },
    Path => Shape::Str { format: None },
    PathBuf => Shape::Str { format: None },
}

impl<T: ?Sized> Contract for PhantomData<T> {
    const SHAPE: &'static Shape = &Shape::Null;
}

macro_rules! integers {
    ($($ty:ty, $non_zero:ty);+ $(;)?) => {$(
        impl Contract for $ty {
            const SHAPE: &'static Shape = &Shape::Int { min: saturated(<$ty>::MIN as i128, 0), max: saturated(<$ty>::MAX as i128, <$ty>::MAX as u128) };
        }

        impl Contract for $non_zero {
            const SHAPE: &'static Shape = non_zero!(<$ty>::MIN, <$ty>::MAX as u128);
        }
    )+};
}

/// From 1 if unsigned. Otherwise two ranges around zero, which need two alternatives.
macro_rules! non_zero {
    ($min:expr, $max:expr) => {{
        const MIN: i128 = $min as i128;
        const MAX: i128 = saturated($max as i128, $max);
        if MIN == 0 {
            &Shape::Int { min: 1, max: MAX }
        } else {
            &Shape::Enum(EnumShape {
                repr: Repr::Untagged,
                variants: &[
                    side("negative", &Shape::Int { min: MIN, max: -1 }),
                    side("positive", &Shape::Int { min: 1, max: MAX }),
                ],
                deny_unknown: false,
            })
        }
    }};
}

const fn side(name: &'static str, shape: &'static Shape) -> Variant {
    Variant {
        rust: name,
        ser: Some(name),
        de: Some(name),
        aliases: &[],
        other: false,
        newtype: true,
        shape: Some(shape),
    }
}

/// `u128::MAX` exceeds `i128`, and `serde_json` cannot hold it either.
const fn saturated(value: i128, unsigned: u128) -> i128 {
    if unsigned > i128::MAX as u128 && value < 0 { i128::MAX } else { value }
}

integers! {
    i8, NonZeroI8;
    i16, NonZeroI16;
    i32, NonZeroI32;
    i64, NonZeroI64;
    i128, NonZeroI128;
    isize, NonZeroIsize;
    u8, NonZeroU8;
    u16, NonZeroU16;
    u32, NonZeroU32;
    u64, NonZeroU64;
    u128, NonZeroU128;
    usize, NonZeroUsize;
}

#[cfg(test)]
mod tests {
    use super::*;

    fn range<T: Contract>() -> (i128, i128) {
        match T::SHAPE {
            Shape::Int { min, max } => (*min, *max),
            shape => panic!("{shape:?} is not an integer"),
        }
    }

    #[test]
    fn ranges_are_the_types_own() {
        assert_eq!(range::<u8>(), (0, 255));
        assert_eq!(range::<i64>(), (i64::MIN.into(), i64::MAX.into()));
        assert_eq!(range::<u64>(), (0, u64::MAX.into()));
        assert_eq!(range::<i128>(), (i128::MIN, i128::MAX));
        assert_eq!(range::<u128>(), (0, i128::MAX));
        assert_eq!(range::<NonZeroU8>(), (1, 255));
    }
}
