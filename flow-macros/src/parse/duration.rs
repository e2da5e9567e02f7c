//! Durations as they are written in options.

/// Milliseconds of `"500ms"`, `"30s"`, `"5m"`, `"1h"` or `"3d"`. The runtime reads the same forms.
pub(crate) fn millis(text: &syn::LitStr) -> syn::Result<u64> {
    read(&text.value()).ok_or_else(|| {
        let message = format!(
            "`{}` is no duration: write a whole number and a unit, as in `500ms`, `30s`, `5m`, `1h`, `3d`",
            text.value()
        );
        syn::Error::new(text.span(), message)
    })
}

fn read(text: &str) -> Option<u64> {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let unit = match unit {
        "ms" => 1,
        "s" => 1_000,
        "m" => 60_000,
        "h" => 3_600_000,
        "d" => 86_400_000,
        _ => return None,
    };
    number.parse::<u64>().ok()?.checked_mul(unit).filter(|millis| *millis > 0)
}
