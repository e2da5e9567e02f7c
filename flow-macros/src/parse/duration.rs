//! Durations in options.

/// The milliseconds of a duration such as `"30s"`.
pub(crate) fn millis(text: &syn::LitStr) -> syn::Result<u64> {
    let duration = flow_base::duration::parse(&text.value());
    duration.and_then(|duration| u64::try_from(duration.as_millis()).ok()).ok_or_else(|| {
        let message = format!(
            "`{}` is no duration: write a whole number and a unit, as in `500ms`, `30s`, `5m`, `1h`, `3d`",
            text.value()
        );
        syn::Error::new(text.span(), message)
    })
}
