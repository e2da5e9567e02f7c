//! Values from callers and people. They are checked more strictly than records: an ignored field is probably misspelt.

use serde_json::Value;

use super::Workflow;
use crate::contract::{Direction, Violation, too_deep, unknown_fields, violations, with_integers};
use crate::graph::{Contract, Meta};

/// Creates a call from the arguments that a caller passes by name. Unknown fields are allowed if the input of an earlier run,
/// possibly of an older build, has them.
///
/// # Errors
///
/// Returns everything that is wrong, including fields that nothing reads.
pub(crate) fn received<T, W: Workflow<T>>(input: Value, earlier: Option<&Value>) -> Result<W, Vec<Violation>> {
    let meta = W::META.get();
    let deep = of_arguments(meta, &input, |_, value| Vec::from_iter(too_deep(value)));
    if !deep.is_empty() {
        return Err(deep);
    }
    let input = with_integers_in(meta, input);
    let mut unknown = of_arguments(meta, &input, |contract, value| unknown_fields(contract.shape, value));
    unknown.retain(|field| earlier.is_none_or(|earlier| earlier.pointer(&field.pointer).is_none()));
    match W::__read(input) {
        Ok(call) if unknown.is_empty() => Ok(call),
        read => Err(merged(read.err().unwrap_or_default(), unknown)),
    }
}

/// Checks an answer from outside against its contract.
///
/// # Errors
///
/// Returns everything that is wrong, including fields that nothing reads.
pub(crate) fn received_answer(contract: &Contract, answer: Value) -> Result<Value, Vec<Violation>> {
    if let Some(violation) = too_deep(&answer) {
        return Err(vec![violation]);
    }
    let answer = with_integers(contract.shape, answer);
    let found = violations(contract.shape, || (contract.schema)(Direction::Read), &answer);
    let found = merged(found, unknown_fields(contract.shape, &answer));
    if found.is_empty() { Ok(answer) } else { Err(found) }
}

fn with_integers_in(meta: &'static Meta, mut input: Value) -> Value {
    for argument in meta.arguments {
        if let Some(value) = input.get_mut(argument.name) {
            *value = with_integers(argument.contract.shape, value.take());
        }
    }
    input
}

/// The violations of each argument, under its name.
fn of_arguments(
    meta: &'static Meta,
    input: &Value,
    judge: impl Fn(&Contract, &Value) -> Vec<Violation>,
) -> Vec<Violation> {
    let given = meta.arguments.iter().filter_map(|argument| Some((argument, input.get(argument.name)?)));
    let found = given.flat_map(|(argument, value)| {
        let found = judge(&argument.contract, value);
        found.into_iter().map(|violation| violation.under(argument.name))
    });
    found.collect()
}

/// Merges violations, so that one mistake is reported once: a type with `deny_unknown_fields` rejects the same field itself.
fn merged(mut found: Vec<Violation>, unknown: Vec<Violation>) -> Vec<Violation> {
    for violation in unknown {
        if found.iter().all(|other| other.pointer != violation.pointer) {
            found.push(violation);
        }
    }
    found
}
