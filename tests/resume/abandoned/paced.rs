//! A journal whose calls are pending more than once.

use flow::provider::BoxFuture;
use flow::tokio::task::yield_now;

use crate::hooked::{Call, Hooked, Hooks, When};

/// An in-memory journal whose calls take time, as on a disk.
pub(crate) type Paced = Hooked<Paces>;

#[derive(Clone, Debug, Default)]
pub(crate) struct Paces;

impl Hooks for Paces {
    fn holds(&self, _: Call, _: When) -> BoxFuture<'static, ()> {
        Box::pin(yield_now())
    }
}
