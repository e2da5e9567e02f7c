//! Which types a step may return.

use super::*;

contracts! {
    struct Fine { a: u8, #[serde(default, skip_serializing_if = "Vec::is_empty")] b: Vec<u8> }
    struct Lossy { #[serde(skip)] a: u8, #[serde(skip_serializing, default)] b: u8, #[serde(rename(serialize = "x"))] c: u8 }
    struct Absent { #[serde(skip_serializing_if = "Vec::is_empty")] a: Vec<u8> }
    struct Outer { inner: Vec<Lossy> }
}

#[test]
fn what_survives_is_accepted() {
    assert!(survives_round_trip(Fine::SHAPE).ok());
    assert!(survives_round_trip(Person::SHAPE).ok());
}

#[test]
fn what_is_lost_is_named() {
    let report = survives_round_trip(Outer::SHAPE);
    assert_eq!(
        report.as_str(),
        "field `a` of `Lossy` would be lost: it is never written\n  \
         field `b` of `Lossy` would be lost: it is never written\n  \
         field `c` of `Lossy` would be lost: it is read under a different name than it is written"
    );
    assert_eq!(
        survives_round_trip(Absent::SHAPE).as_str(),
        "field `a` of `Absent` is not always written, but required when reading: add `#[serde(default)]`"
    );
}
