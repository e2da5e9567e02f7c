//! Turns flaws into compile errors at the caller's location.

use super::finite::{Circle, Values};
use super::flaw::{Flaw, Place};
use super::names::Clash;
use super::parts::{flattened_flaw, flattened_part, flaw, variant_flaw};
use super::{own_body, own_members};
use crate::contract::words::shape_text;
use crate::contract::{Def, Member, Report, Repr, Shape, Variant, enforce};

/// Checks a part of a contract for the definition that contains it. `what` names it, as in "field `name` of `Person`".
///
/// # Panics
///
/// With the first flaw.
#[track_caller]
pub const fn part(what: &str, shape: &'static Shape) {
    if let Some((flaw, inside)) = flaw(shape) {
        tell(what, flaw, inside);
    }
}

/// Checks the output of a step or workflow.
///
/// # Panics
///
/// With the first flaw.
#[track_caller]
pub(crate) const fn returned(name: &str, shape: &'static Shape) {
    if let Some((flaw, inside)) = flaw(shape) {
        tell_of(&["the output of `", name, "`"], flaw, inside);
    }
}

/// Returns the first flaw of a shape: something that cannot be written or read, or does not survive a round trip. Non-generic
/// types inside it are checked where they are defined.
pub const fn flaws(shape: &'static Shape) -> Report {
    let (what, shape) = match shape {
        Shape::Named(def) => (def.get().name, &def.get().body),
        shape => ("the value", shape),
    };
    match flaw(shape) {
        Some((flaw, inside)) => told(headed(&[what], inside), flaw),
        None => Report::new(),
    }
}

/// Checks the flattened member at index `member` of a struct, or of one variant of an enum.
///
/// # Panics
///
/// With the first flaw.
#[track_caller]
pub const fn flattened(what: &str, def: &'static Def, variant: Option<usize>, member: usize) {
    let (members, tag) = (own_members(def, variant), own_tag(def));
    // A type flattened into itself has no finite value, which is reported elsewhere.
    if let Member::Flatten { shape: Shape::Named(inner), .. } = &members[member]
        && inner.get().is(def)
    {
        return;
    }
    if let Some(flaw) = flattened_flaw(members, member, tag) {
        tell(what, flaw, None);
    }
    if let Member::Flatten { shape, .. } = &members[member] {
        part(what, flattened_part(shape));
    }
}

/// Checks a variant of an untagged or internally tagged enum.
///
/// # Panics
///
/// With the first flaw.
#[track_caller]
pub const fn tagged(what: &str, def: &'static Def, variant: usize) {
    if let Shape::Enum(one_of) = own_body(def)
        && let Some(flaw) = variant_flaw(one_of, variant)
    {
        tell(what, flaw, None);
    }
}

/// Checks for a type that always contains itself.
///
/// # Panics
///
/// With the path from the type back to itself.
#[track_caller]
pub const fn no_value(what: &str, shape: &'static Shape) {
    if let Some(circle) = Values::circle(shape) {
        tell(what, Flaw::NoValue(circle), None);
    }
}

const fn own_tag(def: &'static Def) -> Option<&'static str> {
    match own_body(def) {
        Shape::Enum(one_of) => match one_of.repr {
            Repr::Internal { tag } => Some(tag),
            _ => None,
        },
        _ => None,
    }
}

#[track_caller]
const fn tell(what: &str, flaw: Flaw, inside: Option<Place>) {
    tell_of(&[what], flaw, inside);
}

#[track_caller]
const fn tell_of(what: &[&str], flaw: Flaw, inside: Option<Place>) {
    enforce(&told(headed(what, inside), flaw));
}

const fn headed(what: &[&str], inside: Option<Place>) -> Report {
    let mut report = Report::new();
    report.mismatch(what);
    match inside {
        Some(Place { of, member }) if member.is_empty() => report.write(&[": `", of, "`"]),
        Some(Place { of, member }) => report.write(&[": `", member, "` of `", of, "`"]),
        None => {}
    }
    report
}

const fn told(report: Report, flaw: Flaw) -> Report {
    match flaw {
        Flaw::Null(inner) => null(report, inner),
        Flaw::Wide => say(report, &[" has a 128-bit integer, but JSON numbers are read and written with 64 bits"])
            .note(&[
                "use `u64` or `i64`, or write it as a string: `#[serde(with = …)]` with `#[contract(as = String)]`",
            ])
            .see("wide_integer"),
        Flaw::Key(found) => {
            say(report, &[" is a map with invalid keys: JSON keys are strings, found ", shape_text(found).as_str()])
                .note(&[
                    "use a string, a number, a boolean, an enum of unit variants or an untagged enum of strings as the key, or store the entries as a list",
                ])
                .see("contract_form")
        }
        Flaw::NoValue(circle) => no_end(report, &circle),
        Flaw::NoObject(found) => {
            say(report, &[" is flattened, but ", shape_text(found).as_str(), " has no members to flatten"])
                .note(&["remove `#[serde(flatten)]`"])
                .see("flattened")
        }
        Flaw::LosesNone(why) => say(report, &[" is a flattened `Option` ", why])
            .note(&["remove `flatten` to make it a separate field, or remove the `Option`"])
            .see("flattened"),
        Flaw::TakesAll { other, after } => taking(report, other, after),
        Flaw::RefusesOthers(inner) => say(
            report,
            &[" holds ", shape_text(inner).as_str(), " among other fields, which its `deny_unknown_fields` rejects"],
        )
        .note(&["remove `deny_unknown_fields` there, or make the value a separate field"])
        .see("contract_form"),
        Flaw::Clash(clash) => clashing(report, clash),
        Flaw::Untaggable { variant, tag, found } => untaggable(report, variant, tag, found),
        Flaw::TagClash { tag, .. } => say(report, &[" has a field `", tag, "`, which is also the tag of the enum"])
            .note(&["rename the field or the tag"])
            .see("equal_names"),
        Flaw::Hidden { variant, earlier, alone, mutual } => {
            hidden(also(report, earlier, alone), variant, earlier, mutual)
        }
        Flaw::Unreadable(reason) => say(report, &[" cannot be read back: ", reason]).see("contract_form"),
        Flaw::TooLarge => say(report, &[" is too large to be checked: split it into named types"]).see("contract_form"),
    }
}

const fn say(mut report: Report, pieces: &[&str]) -> Report {
    report.write(pieces);
    report
}

const fn null(report: Report, inner: &'static Shape) -> Report {
    let inner = shape_text(inner);
    say(
        report,
        &[
            " is an `Option` of a type that may itself be `null` (",
            inner.as_str(),
            "): such a `Some` is read back as `None`",
        ],
    )
    .note(&["remove one of the layers, or give each case a name: `enum Change { Keep, Clear, Set(…) }`"])
    .see("null_option")
}

const fn no_end(mut report: Report, circle: &Circle) -> Report {
    report.write(&[" has no finite value, because every value contains another one (`"]);
    let mut at = 0;
    while at < circle.len() && !circle[at].is_empty() {
        report.write(&[circle[at], " -> "]);
        at += 1;
    }
    say(report, &[if at == circle.len() { "…" } else { circle[0] }, "`)"])
        .note(&["put one of them in an `Option`, a `Vec` or a map, or add a variant without it"])
        .see("no_value")
}

const fn taking(report: Report, other: &str, after: bool) -> Report {
    let report = say(report, &[" is flattened and reads all remaining entries, including those of `", other, "`"]);
    match after {
        true => report.note(&["put it after `", other, "`, or remove `flatten`"]),
        false => report.note(&["remove `flatten` from one of the two"]),
    }
    .see("flattened")
}

const fn clashing(report: Report, clash: Clash) -> Report {
    let report = say(report, &[" is flattened, and its `", clash.name, "` is also "]);
    match (clash.other, clash.written) {
        (Some(other), true) => say(report, &["written by `", other, "`"]),
        (Some(other), false) => say(report, &["read by `", other, "`"]),
        (None, _) => say(report, &["the tag of the enum"]),
    }
    .note(&["rename one of the two, or remove `flatten`"])
    .see("equal_names")
}

const fn untaggable(report: Report, variant: &str, tag: &str, found: &'static Shape) -> Report {
    let found = shape_text(found);
    say(report, &[" holds ", found.as_str(), ", but only an object can carry the tag `", tag, "`"])
        .note(&[
            "name its field, as in `",
            variant,
            " { value: … }`, or add `content = \"…\"` to `tag = \"",
            tag,
            "\"`",
        ])
        .see("tagged_content")
}

const fn also(report: Report, earlier: &Variant, alone: bool) -> Report {
    let before = [" is never read: all its values are read as `", earlier.rust, "`"];
    say(say(report, &before), &[if alone { ", which comes first" } else { " or another earlier variant" }])
}

const fn hidden(report: Report, variant: &Variant, earlier: &Variant, mutual: bool) -> Report {
    let report = if mutual {
        report.note(&["tell them apart by a tag, as in `#[serde(tag = \"type\", content = \"value\")]`"])
    } else {
        report.note(&["put `", variant.rust, "` before `", earlier.rust, "`, or tell them apart by a tag"])
    };
    report.see("hidden_variant")
}
