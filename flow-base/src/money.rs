//! Amounts of money as written in options and configuration.

/// Billionths of a dollar in `"0.50"` or `"$0.50"`, with up to nine decimals; `None` for anything else.
///
/// ```
/// assert_eq!(flow_base::money::nanos("$0.50"), Some(500_000_000));
/// assert_eq!(flow_base::money::nanos("0,50"), None);
/// ```
pub const fn nanos(text: &str) -> Option<u64> {
    let (_, digits) = text.as_bytes().split_at(starts_with_sign(text) as usize);
    let (mut at, mut nanos, mut decimals) = (0, 0_u64, None);
    while at < digits.len() {
        match (digits[at], decimals) {
            (b'.', None) if at > 0 && at + 1 < digits.len() => decimals = Some(0),
            (digit @ b'0'..=b'9', None | Some(0..=8)) => {
                let Some(more) = push(nanos, digit) else { return None };
                nanos = more;
                if let Some(count) = decimals {
                    decimals = Some(count + 1);
                }
            }
            _ => return None,
        }
        at += 1;
    }
    let decimals = match decimals {
        Some(count) => count,
        None => 0,
    };
    match nanos.checked_mul(10_u64.pow(9 - decimals)) {
        Some(nanos) if !digits.is_empty() => Some(nanos),
        _ => None,
    }
}

const fn starts_with_sign(text: &str) -> bool {
    matches!(text.as_bytes(), [b'$', ..])
}

const fn push(number: u64, digit: u8) -> Option<u64> {
    match number.checked_mul(10) {
        Some(tens) => tens.checked_add((digit - b'0') as u64),
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dollars_with_decimals() {
        let read = ["$0.50", "$12", "$0.000000001", "3.5", "0"].map(nanos);
        assert_eq!(read, [500_000_000, 12_000_000_000, 1, 3_500_000_000, 0].map(Some));
    }

    #[test]
    fn anything_else_is_refused() {
        for text in ["", "$", ".5", "5.", "1.2.3", "-1", "0,5", "1e3", "0.0000000001", "99999999999", "$ 1", "€1"] {
            assert_eq!(nanos(text), None, "{text}");
        }
    }
}
