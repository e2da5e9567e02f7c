//! The attachments in memory, by hash, so that what a record refers to is not held twice.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock, Mutex, PoisonError, Weak};

use super::data::{Data, Held};

static ALL: LazyLock<Mutex<HashMap<String, Weak<Held>>>> = LazyLock::new(Mutex::default);

/// The least number of entries at which those that were dropped are removed.
const MANY: usize = 64;

/// Makes bytes known for as long as something holds them.
pub(super) fn hold(data: &Data) {
    let hash = data.hash();
    let mut all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    if all.get(hash).is_some_and(|known| known.strong_count() > 0) {
        return;
    }
    if all.len() >= MANY && all.len() == all.capacity() {
        all.retain(|_, known| known.strong_count() > 0);
    }
    all.insert(hash.to_owned(), Arc::downgrade(&data.0));
}

/// Returns the bytes with a hash, if they are in memory.
pub(super) fn held(hash: &str) -> Option<Data> {
    let all = ALL.lock().unwrap_or_else(PoisonError::into_inner);
    all.get(hash)?.upgrade().map(Data)
}
