//! Values from callers and people. They are judged more strictly than records: what a contract would drop was probably misspelt.

use serde_json::Value;

use super::Workflow;
use crate::contract::{Violation, unknown_fields};
use crate::graph::{Contract, Meta};

/// A call with the arguments that a caller gives by name. Unknown fields pass where the input of an earlier run, which may be of
/// an older build, has them.
///
/// # Errors
///
/// Everything that is wrong with them, fields that nothing reads included.
pub(crate) fn received<T, W: Workflow<T>>(input: Value, earlier: Option<&Value>) -> Result<W, Vec<Violation>> {
    let mut unknown = unknown_in(W::META.get(), &input);
    unknown.retain(|field| earlier.is_none_or(|earlier| earlier.pointer(&field.pointer).is_none()));
    match W::__read(input) {
        Ok(call) if unknown.is_empty() => Ok(call),
        read => Err(merged(read.err().unwrap_or_default(), unknown)),
    }
}

/// The fields in a value from outside that its contract would drop, beside what else is wrong with it.
pub(crate) fn with_unknown(contract: &Contract, value: &Value, found: Vec<Violation>) -> Vec<Violation> {
    merged(found, unknown_fields(contract.shape, value))
}

fn unknown_in(meta: &'static Meta, input: &Value) -> Vec<Violation> {
    let of_argument = |(name, shape, value)| {
        let unknown = unknown_fields(shape, value);
        unknown.into_iter().map(move |violation| violation.under(name))
    };
    let given = meta
        .arguments
        .iter()
        .filter_map(|argument| Some((argument.name, argument.contract.shape, input.get(argument.name)?)));
    given.flat_map(of_argument).collect()
}

/// One mistake is told once: a type with `deny_unknown_fields` refuses the same field itself.
fn merged(mut found: Vec<Violation>, unknown: Vec<Violation>) -> Vec<Violation> {
    for violation in unknown {
        if found.iter().all(|other| other.pointer != violation.pointer) {
            found.push(violation);
        }
    }
    found
}
