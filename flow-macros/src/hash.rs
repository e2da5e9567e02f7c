//! Hashes of names, by which constants find them.

/// FNV-1a, as the run-time crate's `hash`: made here because the compiler would be slower.
pub(crate) fn fnv(name: Option<&str>) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    name.unwrap_or_default().bytes().fold(0xcbf2_9ce4_8422_2325, step)
}
