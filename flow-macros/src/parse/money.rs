//! Amounts of money in options.

/// Parses an amount such as `"$0.50"` into billionths of a dollar. The sign is required, and zero is rejected.
pub(crate) fn nanos(text: &syn::LitStr) -> syn::Result<u64> {
    let value = text.value();
    let nanos = flow_base::money::nanos(&value).filter(|nanos| *nanos > 0 && value.starts_with('$'));
    nanos.ok_or_else(|| {
        let message =
            format!("invalid amount `{value}`: expected dollars with up to nine decimals, such as `$0.50` or `$12`");
        syn::Error::new(text.span(), message)
    })
}

#[cfg(test)]
mod tests {
    use proc_macro2::Span;
    use syn::LitStr;

    use super::nanos;

    #[test]
    fn an_amount_has_the_sign_and_is_more_than_nothing() {
        let read = |text: &str| nanos(&LitStr::new(text, Span::call_site())).ok();
        assert_eq!(
            ["$0.50", "$12", "0.50", "$0", "$"].map(read),
            [Some(500_000_000), Some(12_000_000_000), None, None, None]
        );
    }
}
