//! Hashes of names, used for lookups in constants.

/// FNV-1a of a text, 64 bits. <http://www.isthe.com/chongo/tech/comp/fnv/>
pub const fn fnv(text: &str) -> u64 {
    fnv_from(START, text.as_bytes())
}

/// The hash of zero bytes.
pub const START: u64 = 0xcbf2_9ce4_8422_2325;

/// Continues a hash with more bytes.
pub const fn fnv_from(mut hash: u64, bytes: &[u8]) -> u64 {
    let mut at = 0;
    while at < bytes.len() {
        hash = (hash ^ bytes[at] as u64).wrapping_mul(0x0000_0100_0000_01b3);
        at += 1;
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_vectors() {
        assert_eq!(fnv(""), 0xcbf2_9ce4_8422_2325);
        assert_eq!(fnv("a"), 0xaf63_dc4c_8601_ec8c);
        assert_eq!(fnv("foobar"), 0x8594_4171_f739_67e8);
    }
}
