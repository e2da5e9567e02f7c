//! The `Result` of a `map` or a `join!` is not dropped. That of a step is checked by its type.

use crate::model::{Dropped, JoinForm};

pub(super) fn message(found: &Dropped) -> String {
    let (what, instead) = match found {
        Dropped::Map => {
            ("`Result` of this `map` is dropped, and any error with it: add `?`, or write", "let _ = map(…).await;")
        }
        Dropped::Join(JoinForm::Join) => (
            "`Result`s of this `join!` are dropped, and any error with them: write `try_join!(…)?`, or",
            "let _ = join!(…);",
        ),
        Dropped::Join(JoinForm::TryJoin) => (
            "`Result` of this `try_join!` is dropped, and any error with it: write `try_join!(…)?`, or",
            "let _ = try_join!(…);",
        ),
        Dropped::Join(JoinForm::Race) => (
            "`Result` of this `race_ok!` is dropped, and any error with it: write `race_ok!(…)?`, or",
            "let _ = race_ok!(…);",
        ),
    };
    format!("the {what} `{instead}` to ignore it on purpose")
}
