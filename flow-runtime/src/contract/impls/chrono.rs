//! Contracts of `chrono`.

use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone};

use super::formatted;
use crate::contract::{Contract, Shape};

formatted! {
    NaiveDate => "date",
    NaiveTime => "partial-time",
    NaiveDateTime => "partial-date-time",
}

impl<Tz: TimeZone> Contract for DateTime<Tz> {
    const SHAPE: &'static Shape = &Shape::Str { format: Some("date-time") };
}

#[cfg(test)]
mod tests {
    use chrono::{FixedOffset, Utc};

    use super::*;
    use crate::contract::testing::assert_contract;

    #[test]
    fn the_formats_are_the_published_ones() {
        assert_contract::<NaiveDate>();
        assert_contract::<NaiveTime>();
        assert_contract::<NaiveDateTime>();
        assert_contract::<DateTime<Utc>>();
        assert_contract::<Vec<DateTime<FixedOffset>>>();
    }
}
