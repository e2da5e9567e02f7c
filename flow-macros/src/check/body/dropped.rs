//! The `Result` of a `map` or a `join!` is not dropped. That of a step is checked by its type.

use crate::model::Dropped;

pub(super) fn message(found: &Dropped) -> String {
    let (what, instead) = match found {
        Dropped::Map => {
            ("`Result` of this `map` is dropped, and any error with it: add `?`, or write", "let _ = map(…).await;")
        }
        Dropped::Join => (
            "`Result`s of this `join!` are dropped, and any error with them: write `try_join!(…)?`, or",
            "let _ = join!(…);",
        ),
        Dropped::TryJoin => (
            "`Result` of this `try_join!` is dropped, and any error with it: write `try_join!(…)?`, or",
            "let _ = try_join!(…);",
        ),
    };
    format!("the {what} `{instead}` to ignore it on purpose")
}
