//! `chrono`.

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
