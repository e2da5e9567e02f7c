//! Contracts of `jiff`.
//!
//! `Span` has no contract: it is published with the format `duration`, like `SignedDuration`, but writes years and months, which
//! a `SignedDuration` cannot read.

use super::formatted;

formatted! {
    jiff::Timestamp => "date-time",
    jiff::Zoned => "zoned-date-time",
    jiff::SignedDuration => "duration",
    jiff::civil::Date => "date",
    jiff::civil::Time => "partial-time",
    jiff::civil::DateTime => "partial-date-time",
}

#[cfg(test)]
mod tests {
    use crate::contract::testing::assert_contract;

    #[test]
    fn the_formats_are_the_published_ones() {
        assert_contract::<jiff::Timestamp>();
        assert_contract::<jiff::Zoned>();
        assert_contract::<jiff::SignedDuration>();
        assert_contract::<jiff::civil::Date>();
        assert_contract::<jiff::civil::Time>();
        assert_contract::<jiff::civil::DateTime>();
    }
}
