//! Fixtures of the compile-time checks live beside this crate, in `contract/`, `step/` and `workflow/`.
