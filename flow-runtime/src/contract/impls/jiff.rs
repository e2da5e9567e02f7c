//! `jiff`.
//!
//! `Span` has no contract: it is published as the format `duration` like `SignedDuration`, but writes years and months,
//! which a `SignedDuration` cannot read.

use super::formatted;

formatted! {
    jiff::Timestamp => "date-time",
    jiff::Zoned => "zoned-date-time",
    jiff::SignedDuration => "duration",
    jiff::civil::Date => "date",
    jiff::civil::Time => "partial-time",
    jiff::civil::DateTime => "partial-date-time",
}
