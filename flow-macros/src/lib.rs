//! The attributes of `flow`.
