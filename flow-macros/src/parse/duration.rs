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

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn a_number_and_a_unit() {
        let read = ["500ms", "30s", "5m", "1h", "3d"].map(read);
        assert_eq!(read, [500, 30_000, 300_000, 3_600_000, 259_200_000].map(Some));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "30", "s", "5 minutes", "1.5h", "-1s", "0s", "1H", "30s ", "99999999999999999999d"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
