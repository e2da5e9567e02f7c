//! The options of an awaited call are its own, each with one value.

use crate::model::CallOption;

pub(super) fn message(found: &CallOption) -> String {
    match found {
        CallOption::NotOneValue(name) => format!("`.{name}(…)` takes exactly one value"),
        CallOption::IdNotLiteral => "the id of a call must be a string literal: write `.id(\"…\")`".into(),
        CallOption::Invalid(message) => message.clone(),
        CallOption::OfMap(name) => format!(
            "`.{name}(…)` is an option of `map`: the options of a step call are `.model(…)`, `.timeout(…)` and `.id(…)`"
        ),
        CallOption::Unknown(name) => format!(
            "unknown call option `.{name}(…)`: expected `.model(…)`, `.timeout(…)` or `.id(…)`; anything else that is awaited here must be a step"
        ),
    }
}
