//! Contracts of foreign types. Each matches what serde writes and what schemars publishes.

#[cfg(feature = "chrono")]
mod chrono;
mod collections;
#[cfg(feature = "rust_decimal")]
mod decimal;
#[cfg(feature = "jiff")]
mod jiff;
mod json;
mod net;
mod pointers;
mod scalars;
mod time;
mod tuples;
#[cfg(feature = "url")]
mod url;
#[cfg(feature = "uuid")]
mod uuid;

/// Types written as strings with a format.
macro_rules! formatted {
    ($($ty:ty => $format:literal),+ $(,)?) => {$(
        impl $crate::contract::Contract for $ty {
            const SHAPE: &'static $crate::contract::Shape = &$crate::contract::Shape::Str { format: Some($format) };
        }
    )+};
}
use formatted;
