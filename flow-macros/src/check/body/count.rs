//! A bound or a concurrency limit is declared outside the body.

/// The message about a count that is a constant of the body.
pub(super) fn declared_inside(constant: &syn::Path) -> String {
    let name = crate::text::of(constant);
    format!(
        "`{name}` is declared in the body, but the graph is a constant outside it: declare `{name}` before the workflow"
    )
}
