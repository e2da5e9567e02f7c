//! The check of an approval. A constant of the user's crate calls it, so a failed check fails the build.

use super::effect::{is_approved, shows};
use super::{Argument, Effect, Kind, Meta, MetaPtr};
use crate::contract::{Report, Seg, Shape, compare, enforce, equal};

/// Checks the `approve` option of a step.
///
/// # Panics
///
/// With what is wrong with it, at compile time.
#[track_caller]
pub const fn approves(owner: MetaPtr, name: &str, is_step: bool, is_callable: bool) {
    let owner = owner.get();
    let Some(approver) = owner.policy.approve else { return };
    let approver = approver.get();
    let wrong = Wrong { owner, name };
    if !is_step || !matches!(approver.kind, Kind::Human) {
        wrong.tell(&[
            "is not a human step: write `#[step(human, timeout = \"…\")] async fn ",
            name,
            "(…) -> Result<Verdict>;`",
        ]);
    }
    if !is_verdict(approver.output.shape) {
        wrong.tell(&["must return `Result<Verdict>`: a person approves, or rejects with a reason"]);
    }
    if !is_callable {
        wrong.tell(&["cannot be asked: it must take owned values or references to them, without type parameters"]);
    }
    let mut at = 0;
    while at < approver.arguments.len() {
        takes(&wrong, &approver.arguments[at]);
        at += 1;
    }
    if matches!(owner.policy.effect, Effect::Irreversible) && !owner.policy.unreviewed && !is_approved(owner) {
        unseen(&wrong, approver);
    }
}

/// Returns whether a shape is that of [`Verdict`](crate::gate::Verdict).
pub(crate) const fn is_verdict(shape: &Shape) -> bool {
    match shape {
        Shape::Struct(object) => {
            matches!(object.members, [crate::contract::Member::Plain(name, ..)] if equal(name, "reasons"))
        }
        _ => false,
    }
}

/// An approver with a mistake.
struct Wrong<'a> {
    owner: &'static Meta,
    /// The approver as written.
    name: &'a str,
}

impl Wrong<'_> {
    #[track_caller]
    const fn tell(&self, pieces: &[&str]) -> ! {
        let mut report = Report::new().headline(&["the approver `", self.name, "` of step `", self.owner.name, "` "]);
        report.write(pieces);
        report.write(&["\n  see flow::errors::approval"]);
        panic!("{}", report.as_str())
    }
}

/// Each argument of the approver is one of the step's, by name.
#[track_caller]
const fn takes(wrong: &Wrong<'_>, wanted: &'static Argument) {
    let own = wrong.owner.arguments;
    let mut at = 0;
    while at < own.len() {
        if equal(own[at].name, wanted.name) {
            let headline = [
                "the approver `",
                wrong.name,
                "` of step `",
                wrong.owner.name,
                "` cannot accept its argument `",
                wanted.name,
                "`",
            ];
            let here: &[Seg] = &[];
            let report =
                compare(Report::new().headline(&headline), here, own[at].contract.shape, wanted.contract.shape);
            enforce(&report.note(&["give both the same type"]).note(&["see flow::errors::approval"]));
            return;
        }
        at += 1;
    }
    wrong.tell(&[
        "takes `",
        wanted.name,
        "`, which is not an argument of `",
        wrong.owner.name,
        "`: rename or remove it",
    ])
}

/// A person who does not see an argument cannot approve what happens with it.
#[track_caller]
const fn unseen(wrong: &Wrong<'_>, approver: &'static Meta) {
    let own = wrong.owner.arguments;
    let mut at = 0;
    while at < own.len() {
        if !shows(approver, own[at].name) {
            wrong.tell(&[
                "does not show `",
                own[at].name,
                "` in every case, so nobody has seen what the irreversible effect is about to use: take it as an argument, and print it as `{{ ",
                own[at].name,
                " }}` outside of any `if` or `for`",
            ]);
        }
        at += 1;
    }
}
