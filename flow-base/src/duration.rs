//! Durations as written in options: a whole number and a unit.

use std::time::Duration;

/// Reads `"500ms"`, `"30s"`, `"5m"`, `"1h"` or `"3d"`; `None` for anything else, zero included.
///
/// ```
/// # use std::time::Duration;
/// assert_eq!(flow_base::duration::parse("5m"), Some(Duration::from_secs(300)));
/// assert_eq!(flow_base::duration::parse("5 minutes"), None);
/// ```
pub const fn parse(text: &str) -> Option<Duration> {
    let bytes = text.as_bytes();
    let (mut at, mut number) = (0, 0u64);
    while at < bytes.len() && bytes[at].is_ascii_digit() {
        let digit = (bytes[at] - b'0') as u64;
        number = match number.checked_mul(10) {
            Some(tens) if tens <= u64::MAX - digit => tens + digit,
            _ => return None,
        };
        at += 1;
    }
    let (_, unit) = bytes.split_at(at);
    let millis = match unit {
        b"ms" => 1,
        b"s" => 1_000,
        b"m" => 60_000,
        b"h" => 3_600_000,
        b"d" => 86_400_000,
        _ => return None,
    };
    match number.checked_mul(millis) {
        None | Some(0) => None,
        Some(millis) => Some(Duration::from_millis(millis)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_number_and_a_unit() {
        let read = ["500ms", "30s", "5m", "1h", "3d"].map(|text| parse(text).unwrap().as_millis());
        assert_eq!(read, [500, 30_000, 300_000, 3_600_000, 259_200_000]);
    }

    #[test]
    fn anything_else_is_refused() {
        for text in [
            "",
            "5",
            "30",
            "s",
            "0s",
            "-1s",
            "1.5s",
            "1.5h",
            "1 s",
            "1sec",
            "1H",
            "30s ",
            "5 minutes",
            "99999999999999999999s",
            "18446744073709551615d",
        ] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
