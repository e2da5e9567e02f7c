//! A `map` is awaited. Calls of steps are checked by their types.

pub(super) fn message() -> String {
    "a `map` does nothing until it is awaited: add `.await?` after it and its options".into()
}
