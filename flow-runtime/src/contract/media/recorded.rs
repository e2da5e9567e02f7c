//! Whether values are those of records, in which attachments are known by their hash.

use std::cell::Cell;

/// How the hash of an attachment begins. No Base64 does.
pub(crate) const HASH: &str = "sha256:";

thread_local! {
    static RECORDED: Cell<bool> = const { Cell::new(false) };
}

/// Whether the current thread reads or writes values of records.
pub(crate) fn is_recorded() -> bool {
    RECORDED.get()
}

/// Runs `work`, which reads or writes values of records.
pub(crate) fn in_records<T>(work: impl FnOnce() -> T) -> T {
    let _restore = Restore(RECORDED.replace(true));
    work()
}

/// Restores the previous state, also if the work panics.
struct Restore(bool);

impl Drop for Restore {
    fn drop(&mut self) {
        RECORDED.set(self.0);
    }
}
