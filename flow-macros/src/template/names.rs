//! Names that a template may use without declaring them, because the engine provides them.

/// Tags, including those that continue or close another tag.
pub(super) const STATEMENTS: &[&str] = &[
    "break",
    "call",
    "continue",
    "do",
    "elif",
    "else",
    "endcall",
    "endfilter",
    "endfor",
    "endif",
    "endmacro",
    "endset",
    "endwith",
    "filter",
    "for",
    "if",
    "macro",
    "raw",
    "set",
    "with",
];

pub(super) const FILTERS: &[&str] = &[
    "abs",
    "attr",
    "batch",
    "bool",
    "capitalize",
    "chain",
    "count",
    "d",
    "default",
    "dictsort",
    "e",
    "escape",
    "first",
    "float",
    "format",
    "groupby",
    "indent",
    "int",
    "items",
    "join",
    "last",
    "length",
    "lines",
    "list",
    "lower",
    "map",
    "max",
    "min",
    "reject",
    "rejectattr",
    "replace",
    "reverse",
    "round",
    "safe",
    "select",
    "selectattr",
    "slice",
    "sort",
    "split",
    "string",
    "sum",
    "title",
    "tojson",
    "trim",
    "unique",
    "upper",
    "zip",
];

/// Tests, which may follow `is`.
pub(super) const TESTS: &[&str] = &[
    "boolean",
    "defined",
    "divisibleby",
    "endingwith",
    "eq",
    "equalto",
    "escaped",
    "even",
    "false",
    "filter",
    "float",
    "ge",
    "greaterthan",
    "gt",
    "in",
    "int",
    "integer",
    "iterable",
    "le",
    "lessthan",
    "lower",
    "lt",
    "mapping",
    "ne",
    "none",
    "number",
    "odd",
    "safe",
    "sameas",
    "sequence",
    "startingwith",
    "string",
    "test",
    "true",
    "undefined",
    "upper",
];

/// Tests that `null` never passes, so a value that passes is present.
pub(super) const PRESENT: &[&str] = &[
    "boolean", "defined", "even", "float", "int", "integer", "mapping", "number", "odd", "sequence", "string", "true",
];

pub(super) const FUNCTIONS: &[&str] = &["dict", "namespace", "range", "role"];

/// The roles of a message.
pub(super) const ROLES: &[&str] = &["assistant", "system", "user"];

/// The fields of `loop` inside a `for`.
pub(super) const LOOP: &[&str] =
    &["changed", "cycle", "depth", "depth0", "first", "index", "index0", "last", "length", "revindex", "revindex0"];

/// Filters that return the input list, reordered or with fewer elements.
pub(super) const SAME_ELEMENTS: &[&str] =
    &["list", "reject", "rejectattr", "reverse", "select", "selectattr", "sort", "unique"];

/// Filters that return one element of the input list, if there is any.
pub(super) const ONE_ELEMENT: &[&str] = &["first", "last", "max", "min"];

#[cfg(test)]
mod tests {
    use minijinja::{Environment, ErrorKind};

    use super::*;

    /// Filters that flow registers in addition to minijinja's.
    const OURS: &[&str] = &["tojson"];

    #[test]
    fn the_engine_knows_every_filter_and_test() {
        let engine = Environment::new();
        let unknown = |source: String, kind| engine.render_str(&source, ()).is_err_and(|error| error.kind() == kind);
        for name in FILTERS.iter().filter(|name| !OURS.contains(name)) {
            assert!(!unknown(format!("{{{{ 1|{name} }}}}"), ErrorKind::UnknownFilter), "{name}");
        }
        for name in TESTS {
            assert!(!unknown(format!("{{{{ 1 is {name} }}}}"), ErrorKind::UnknownTest), "{name}");
        }
        assert!(unknown("{{ 1|tojson }}".into(), ErrorKind::UnknownFilter), "minijinja has its own `tojson` now");
    }

    #[test]
    fn lists_are_sorted() {
        for list in [STATEMENTS, FILTERS, TESTS, PRESENT, FUNCTIONS, ROLES, LOOP, SAME_ELEMENTS, ONE_ELEMENT] {
            assert!(list.is_sorted());
        }
    }
}
