//! The check of what runs in a branch of a race.

use super::called::Called;
use super::{Effect, MetaPtr};
use crate::contract::Report;

/// Checks that a step or workflow may run in a branch of `race_ok!`: the branch is dropped midway if another one succeeds, and
/// what it has finished is not undone. `name` is the call as written.
///
/// # Panics
///
/// With the step that has an irreversible effect or a `compensate` step, at compile time.
#[track_caller]
pub const fn races(call: MetaPtr, name: &str) {
    let call = call.get();
    let mut called = Called::from(call);
    while let Some(meta) = called.next() {
        let acts = matches!(meta.policy.effect, Effect::Irreversible);
        if !acts && meta.policy.compensate.is_none() {
            continue;
        }
        let mut report = Report::new().headline(&["`", name, "` cannot run in a branch of `race_ok!`: "]);
        if meta.is(call) {
            report.write(&["it has "]);
        } else {
            report.write(&["step `", meta.name, "` has "]);
        }
        report.write(&[match acts {
            true => "an irreversible effect, and a branch is dropped midway if another one succeeds",
            false => "a `compensate` step, but nothing undoes a branch that is dropped because another one succeeds",
        }]);
        if !meta.is(call) {
            report.write(&["\n  path: `"]);
            called.write_path(&mut report);
            report.write(&["`"]);
        }
        report.write(&["\n  help: call it after the race, with what the winner returned\n  see flow::errors::race"]);
        panic!("{}", report.as_str());
    }
}
