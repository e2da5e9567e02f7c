//! A lock as constant data.

use crate::contract::{Field, Shape, Unchanged, hash};
use crate::graph::Meta;

/// The promises of a workflow.
#[derive(Debug)]
pub struct Locked {
    /// The file, relative to the root of the package.
    pub file: &'static str,
    /// The version of the workflow that made the promises.
    pub version: u32,
    /// The arguments.
    pub input: &'static [LockedArgument],
    /// The output.
    pub output: &'static Shape,
    /// The steps whose results are recorded.
    pub steps: &'static [LockedStep],
}

/// An argument.
#[derive(Debug)]
pub struct LockedArgument {
    /// The name.
    pub name: &'static str,
    /// The shape.
    pub shape: &'static Shape,
}

/// A step whose result is recorded.
#[derive(Debug)]
pub struct LockedStep {
    /// Its place: `map[]/summarise`.
    pub place: &'static str,
    /// The arguments.
    pub input: &'static [LockedArgument],
    /// The output.
    pub output: &'static Shape,
    /// The origins of arguments: the name of an argument, and a source.
    pub from: &'static [(&'static str, &'static str)],
}

/// A promise, and the current workflow.
#[derive(Clone, Copy)]
pub(super) struct Promise<'a> {
    pub(super) locked: &'static Locked,
    pub(super) meta: &'static Meta,
    pub(super) unchanged: Unchanged<'a>,
}

/// A field of a locked object.
pub(super) fn locked_field(
    (ser, de): (Option<&'static str>, Option<&'static str>),
    aliases: &'static [&'static str],
    (always_written, never_null, required): (bool, bool, bool),
    shape: &'static Shape,
) -> Field {
    let hash = (hash_of(ser), hash_of(de));
    let rust = match (ser, de) {
        (Some(name), _) | (None, Some(name)) => name,
        (None, None) => "",
    };
    Field { rust, ser, de, hash, aliases, always_written, required, never_null, by_hand: false, shape }
}

fn hash_of(name: Option<&str>) -> u64 {
    match name {
        Some(name) => hash(name),
        None => 0,
    }
}
