//! Types that are written or read as another type.

use super::*;

/// Reads a text, but writes itself.
#[contract]
#[serde(from = "String")]
struct Parsed {
    length: usize,
}

impl From<String> for Parsed {
    fn from(text: String) -> Self {
        Self { length: text.len() }
    }
}

#[contract]
struct Length {
    length: usize,
}

#[test]
fn from_without_into_reads_one_shape_and_writes_another() {
    accepted::<String, Parsed>();
    accepted::<Parsed, Length>();
    refused::<Parsed, String>("at `.`: expected string, found `Parsed`");
    refused::<Length, Parsed>("at `.`: expected `Parsed`, found object `Length`");
    assert!(survives_round_trip(Parsed::SHAPE).as_str().contains("cannot read what it writes"));
}
