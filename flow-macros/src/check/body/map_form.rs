//! A `map` takes items and an async closure, whose items share no mutable state and return a `Result`.

use super::count::declared_inside;
use crate::model::{ByName, MapForm};

pub(super) fn message(found: &MapForm) -> String {
    match found {
        MapForm::Arguments => "invalid `map`: expected `map(items, async |item| …)`".into(),
        MapForm::Closure => "the closure of a `map` must be async and take one item: write `async |item| …`".into(),
        MapForm::ByName(written) => by_name(written),
        MapForm::Shared { place, variable } => format!(
            "`{place}` is changed for each item of this `map`, but the items run concurrently and cannot share mutable state: return the value from the closure, and update `{variable}` with the results after the `map`"
        ),
        MapForm::ClosureWithoutValue => without_value("the closure of a `map`"),
        MapForm::BranchWithoutValue(form) => without_value(&format!("a branch of `{}`", form.written())),
        MapForm::NoConcurrency => "`.concurrency(0)` of a `map` never starts an item: N, the maximum number of concurrent items, must be at least 1".into(),
        MapForm::NoItems => "`.bound(0)` of a `map` allows no items: N, the maximum number of items, must be at least 1".into(),
        MapForm::Inside(constant) => declared_inside(constant),
        MapForm::NotANumber(name) => format!(
            "`.{name}(N)` of a `map` takes a whole number, or a `u32` constant from outside the body, since the graph is a constant"
        ),
        MapForm::UnknownOption(name) => {
            format!("unknown `map` option `.{name}(…)`: expected `.concurrency(N)`, `.bound(N)` or `.settle()`")
        }
    }
}

fn by_name(ByName { over, function, item, argument }: &ByName) -> String {
    format!(
        "`map` takes a closure, not the name of a function: write `map({over}, async |{item}| {function}({argument}).await)`"
    )
}

fn without_value(what: &str) -> String {
    format!(
        "{what} must return a `Result`, but this ends without a value: end it with `Ok(…)`, or remove the last semicolon"
    )
}
