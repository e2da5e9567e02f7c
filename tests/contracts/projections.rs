//! Parts of a step's output.

use super::*;

contracts! {
    struct Facts { candidate: Person, all: Vec<Person>, pair: (u8, Signal), maybe: Option<Person> }
    enum Answer { Yes(Person), No { reason: String }, Both(u8, String) }
    struct Hiding { #[serde(skip, default)] hidden: u8, #[serde(with = "text")] #[contract(as = String)] by_hand: u8 }
    #[serde(transparent)] struct Clear { name: Named }
    struct Outer { #[serde(flatten)] inner: Person }
}

#[contract]
struct Wrapped(Person);

mod text {
    use flow::serde::{Deserialize, Deserializer, Serializer};

    pub(super) fn serialize<S: Serializer>(value: &u8, to: S) -> Result<S::Ok, S::Error> {
        to.serialize_str(&value.to_string())
    }

    pub(super) fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<u8, D::Error> {
        String::deserialize(from).map(|text| text.len() as u8)
    }
}

fn check<A: Contract, B: Contract>(path: &[Seg]) -> Report {
    edge("extract", path, "hire", "who", A::SHAPE, B::SHAPE)
}

#[track_caller]
fn leads<A: Contract, B: Contract>(path: &[Seg]) {
    let report = check::<A, B>(path);
    assert!(report.checked(), "the path leads nowhere");
    assert!(report.ok(), "{report}");
}

#[track_caller]
fn unknown<A: Contract>(path: &[Seg]) {
    let report = check::<A, u8>(path);
    assert!(!report.checked() && report.ok());
}

#[test]
fn a_path_follows_the_names_of_rust() {
    use Seg::{Field, Index, Item, Payload, Some, Variant};
    leads::<Facts, Senior>(&[Field("candidate")]);
    leads::<Facts, Senior>(&[Field("all"), Item]);
    leads::<Facts, Lamp>(&[Field("pair"), Index(1)]);
    leads::<Facts, Senior>(&[Field("maybe"), Some]);
    leads::<Wrapped, String>(&[Index(0), Field("name")]);
    leads::<Answer, Senior>(&[Payload { variant: "Yes", index: 0 }]);
    leads::<Answer, String>(&[Payload { variant: "Both", index: 1 }]);
    leads::<Answer, String>(&[Variant("No"), Field("reason")]);
    leads::<Clear, Named>(&[Field("name")]);
    leads::<Outer, Senior>(&[Field("inner")]);
}

#[test]
fn a_path_to_the_unknown_is_not_checked() {
    unknown::<Hiding>(&[Seg::Field("hidden")]);
    unknown::<Hiding>(&[Seg::Field("by_hand")]);
    unknown::<Facts>(&[Seg::Field("nothing")]);
    unknown::<Wrapped>(&[Seg::Field("name")]);
    unknown::<Answer>(&[Seg::Payload { variant: "Yes", index: 1 }]);
}

#[test]
fn a_part_that_mentions_the_whole_is_not_checked() {
    #[contract]
    enum List<T> {
        End,
        More { value: T, rest: Box<List<T>> },
    }
    unknown::<List<u8>>(&[Seg::Variant("More")]);
    leads::<List<u8>, u32>(&[Seg::Variant("More"), Seg::Field("value")]);
}

#[test]
fn an_edge_names_both_steps_and_the_path() {
    let report = check::<Facts, Junior>(&[Seg::Field("candidate")]).note(&["`extract` is at src/lib.rs:20"]);
    assert_eq!(
        report.as_str(),
        "step `hire` cannot accept the output of step `extract` (argument `who`)\n  \
         at `.candidate.years`: expected integer (0..=255), found integer (0..=4294967295)\n  \
         `extract` is at src/lib.rs:20"
    );
}
