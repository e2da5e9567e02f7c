//! A journal whose calls are pending more than once.

use flow::provider::BoxFuture;
use flow::tokio::task::yield_now;

use crate::hooked::{Call, Hooked, Hooks, When};

/// Memory that takes its time, as a disk does.
pub(crate) type Paced = Hooked<Paces>;

#[derive(Clone, Debug, Default)]
pub(crate) struct Paces;

impl Hooks for Paces {
    fn holds(&self, _: Call, _: When) -> BoxFuture<'static, ()> {
        Box::pin(yield_now())
    }
}
