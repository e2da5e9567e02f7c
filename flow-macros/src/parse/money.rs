//! Money as it is written in options.

/// Billionths of a dollar in `"$0.50"`. The runtime reads the same forms, and one without the sign.
pub(crate) fn nanos(text: &syn::LitStr) -> syn::Result<u64> {
    read(&text.value()).ok_or_else(|| {
        let message = format!(
            "`{}` is no amount of money: write dollars with up to nine decimals, as in `$0.50`, `$12`",
            text.value()
        );
        syn::Error::new(text.span(), message)
    })
}

fn read(text: &str) -> Option<u64> {
    let amount = text.strip_prefix('$')?;
    let (dollars, decimals) = amount.split_once('.').unwrap_or((amount, "0"));
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(dollars) || !digits(decimals) || decimals.len() > 9 {
        return None;
    }
    let nanos = format!("{decimals:0<9}").parse::<u64>().ok()?;
    let total = dollars.parse::<u64>().ok()?.checked_mul(1_000_000_000)?.checked_add(nanos)?;
    Some(total).filter(|total| *total > 0)
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn dollars_with_decimals() {
        let read = ["$0.50", "$12", "$0.000000001", "$3.5"].map(read);
        assert_eq!(read, [500_000_000, 12_000_000_000, 1, 3_500_000_000].map(Some));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "0.50", "$", "$.5", "$5.", "$-1", "$0", "$0,50", "$1e3", "$0.0000000001", "$99999999999", "€1"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
