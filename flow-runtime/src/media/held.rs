//! The bytes of attachments in memory, by hash, so that what a record refers to is not held twice.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, OnceLock, PoisonError, Weak};

use hmac_sha256::Hash;

use crate::contract::HASH;

static ALL: LazyLock<Mutex<HashMap<String, Weak<Held>>>> = LazyLock::new(Mutex::default);

/// The least number of entries at which those that were dropped are removed.
const MANY: usize = 64;

/// Bytes, and their hash once it is known.
pub(super) struct Held {
    pub(super) bytes: Box<[u8]>,
    hash: OnceLock<String>,
    /// Only the hash is known. Such a reference is neither registered nor recorded.
    pub(super) is_missing: bool,
}

impl Held {
    pub(super) fn new(bytes: Vec<u8>) -> Arc<Self> {
        Arc::new(Self { bytes: bytes.into(), hash: OnceLock::new(), is_missing: false })
    }

    /// The bytes with a hash; missing if they are not in memory.
    pub(super) fn referred(hash: &str) -> Arc<Self> {
        let missing = || Self { bytes: Box::default(), hash: OnceLock::from(hash.to_owned()), is_missing: true };
        held(hash).unwrap_or_else(|| Arc::new(missing()))
    }

    pub(super) fn hash(&self) -> &str {
        self.hash.get_or_init(|| {
            let digest = Hash::hash(&self.bytes);
            digest.iter().fold(HASH.to_owned(), |text, byte| format!("{text}{byte:02x}"))
        })
    }
}

/// Makes bytes known for as long as something holds them.
pub(super) fn hold(held: &Arc<Held>) {
    if held.is_missing {
        return;
    }
    let hash = held.hash();
    let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    if all.get(hash).is_some_and(|known| known.strong_count() > 0) {
        return;
    }
    if all.len() >= MANY && all.len() == all.capacity() {
        all.retain(|_, known| known.strong_count() > 0);
    }
    all.insert(hash.to_owned(), Arc::downgrade(held));
}

/// Returns the bytes with a hash, if they are in memory.
pub(super) fn held(hash: &str) -> Option<Arc<Held>> {
    let all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    all.get(hash)?.upgrade()
}

#[cfg(test)]
mod tests {
    use super::{Held, held, hold};

    #[test]
    fn bytes_are_known_by_their_sha_256() {
        let hash = "sha256:ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
        assert_eq!(Held::new(b"abc".to_vec()).hash(), hash);
    }

    #[test]
    fn a_reference_without_bytes_is_not_registered() {
        let bytes = Held::new(b"a reference without bytes".to_vec());
        let missing = Held::referred(bytes.hash());
        hold(&missing);
        assert!(missing.is_missing && held(bytes.hash()).is_none());
        hold(&bytes);
        hold(&missing);
        assert_eq!(held(bytes.hash()).unwrap().bytes, bytes.bytes);
        assert!(!Held::referred(bytes.hash()).is_missing);
    }
}
