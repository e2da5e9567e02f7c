//! The attachments that values of records mention.

use std::cell::RefCell;
use std::sync::Arc;

use super::held::Held;

thread_local! {
    static MENTIONED: RefCell<Option<Vec<Arc<Held>>>> = const { RefCell::new(None) };
}

/// Runs `work`, and returns the attachments that it mentions in this thread, too.
pub(super) fn collected<T>(work: impl FnOnce() -> T) -> (T, Vec<Arc<Held>>) {
    let _restore = Restore(MENTIONED.replace(Some(Vec::new())));
    let done = work();
    (done, MENTIONED.take().unwrap_or_default())
}

/// Puts back what was mentioned before, also if the work panics.
struct Restore(Option<Vec<Arc<Held>>>);

impl Drop for Restore {
    fn drop(&mut self) {
        MENTIONED.set(self.0.take());
    }
}

pub(super) fn mention(held: &Arc<Held>) {
    MENTIONED.with_borrow_mut(|mentioned| {
        if let Some(mentioned) = mentioned
            && !mentioned.iter().any(|other| Arc::ptr_eq(other, held))
        {
            mentioned.push(held.clone());
        }
    });
}
