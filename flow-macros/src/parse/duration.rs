//! Durations in options.

/// Parses a duration such as `"30s"` into milliseconds.
pub(crate) fn millis(text: &syn::LitStr) -> syn::Result<u64> {
    let duration = flow_base::duration::parse(&text.value());
    duration.and_then(|duration| u64::try_from(duration.as_millis()).ok()).ok_or_else(|| {
        let message =
            format!("invalid duration `{}`: expected a whole number and a unit, such as `500ms` or `3d`", text.value());
        syn::Error::new(text.span(), message)
    })
}
