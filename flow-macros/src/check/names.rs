//! Names in messages, and the own name of a step.

use syn::{Ident, Path};

/// Formats names as a comma-separated list, each in backticks.
pub(super) fn quoted(names: &[String]) -> String {
    if names.is_empty() {
        return "none".to_owned();
    }
    names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ")
}

/// Whether a path is the step's own name, or `self::` and that.
pub(super) fn is_itself(path: &Path, name: &Ident) -> bool {
    let mut segments = path.segments.iter().map(|segment| &segment.ident);
    let (first, second) = (segments.next(), segments.next());
    match second {
        None => path.is_ident(name),
        Some(second) => first.is_some_and(|first| first == "self") && second == name && segments.next().is_none(),
    }
}
