//! The primitives of the queue; `schedules` replaces them with others of the same names.

pub(super) use std::sync::{Arc, Condvar, Mutex, MutexGuard};
