//! The check of an approval. A constant of the user's crate calls it, so a failed check fails the build.

use super::effect::{is_approved, shows};
use super::{Argument, Effect, Kind, Meta, MetaPtr};
use crate::contract::{Report, Seg, Shape, compare, enforce, equal};

/// Checks the `approve` option of a step. `never` is the reason why the approver cannot be asked, if there is one.
///
/// # Panics
///
/// With what is wrong with it, at compile time.
#[track_caller]
pub const fn approves(owner: MetaPtr, name: &str, is_step: bool, never: Option<&str>) {
    let owner = owner.get();
    let Some(approver) = owner.policy.approve else { return };
    let approver = approver.get();
    let wrong = Wrong { owner, name };
    if is_step && approver.has_errors() {
        return;
    }
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
    if let Some(reason) = never {
        wrong.tell(&[reason]);
    }
    let mut at = 0;
    while at < approver.arguments.len() {
        takes(&wrong, &approver.arguments[at]);
        at += 1;
    }
    if matches!(owner.policy.effect, Effect::Irreversible) && !owner.policy.unreviewed {
        decides(&wrong, approver);
    }
}

/// The person sees everything that an irreversible effect uses, and nothing changes their decision.
#[track_caller]
const fn decides(wrong: &Wrong<'_>, approver: &'static Meta) {
    if let Some((fix, _)) = approver.policy.fix {
        wrong.tell(&[
            "has `fix = ",
            fix.get().name,
            "`, which could turn a rejection into an approval: remove it, so that the person decides",
        ]);
    }
    if !is_approved(wrong.owner) {
        unseen(wrong, approver);
    }
    let mut at = 0;
    while at < approver.arguments.len() {
        sees_all(wrong, &approver.arguments[at]);
        at += 1;
    }
}

/// A type of the approver that lacks fields would hide them from the person.
#[track_caller]
const fn sees_all(wrong: &Wrong<'_>, seen: &'static Argument) {
    let Some(own) = wrong.owner.argument_named(seen.name) else { return };
    if matches!(seen.contract.shape, Shape::Any) {
        return;
    }
    let headline = [
        "the approver `",
        wrong.name,
        "` of step `",
        wrong.owner.name,
        "` may not see all of `",
        seen.name,
        "`, which the irreversible effect is about to use",
    ];
    let whole: &[Seg] = &[];
    let report = compare(Report::new().headline(&headline), whole, seen.contract.shape, own.contract.shape);
    enforce(&report.note(&["give both the same type"]).note(&["see flow::errors::approval"]));
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
    if let Some(own) = wrong.owner.argument_named(wanted.name) {
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
        let report = compare(Report::new().headline(&headline), here, own.contract.shape, wanted.contract.shape);
        return enforce(&report.note(&["give both the same type"]).note(&["see flow::errors::approval"]));
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
