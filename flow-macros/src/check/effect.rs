//! Rules for effects of steps.

use syn::{ReturnType, Type};

use crate::errors::Errors;
use crate::model::{Effect, Kind, Step};
use crate::page;

/// Reports a missing `effect` and options that contradict it.
pub(crate) fn effect(step: &Step, errors: &mut Errors) {
    said_where_nothing_is_returned(step, errors);
    let name = step.function.name();
    if step.options.effect == Some(Effect::Irreversible) {
        begun_once(step, errors);
    } else if let Some(word) = &step.options.unreviewed {
        errors.at(
            page::EFFECT,
            word,
            format!(
                "`unreviewed` allows unreviewed model output to reach an irreversible effect, but step `{name}` has none: remove it, or add `effect = irreversible`"
            ),
        );
    }
}

/// A step that returns nothing is only useful for its effect, so it must declare it.
fn said_where_nothing_is_returned(step: &Step, errors: &mut Errors) {
    let written = matches!(step.function.sig.output, ReturnType::Type(..));
    let nothing = written && matches!(&step.function.output.ok, Type::Tuple(tuple) if tuple.elems.is_empty());
    if step.kind == Kind::Code && nothing && step.options.effect.is_none() {
        errors.at(
            page::EFFECT,
            &step.function.output.ok,
            format!(
                "step `{}` returns nothing and declares no effect: add `effect = none`, `effect = idempotent` or `effect = irreversible` to `#[step(…)]`",
                step.function.name()
            ),
        );
    }
}

/// An irreversible effect excludes every option that may execute it again.
fn begun_once(step: &Step, errors: &mut Errors) {
    let message = |option: &str, why: &str| {
        format!(
            "step `{}` has an irreversible effect, which starts at most once, but {why}: remove `{option}`, or use `effect = idempotent` if doing it twice is the same as doing it once",
            step.function.name()
        )
    };
    let retry = step.options.retry.as_ref().filter(|_| step.retries());
    if let Some(name) = retry.and_then(|retry| retry.name.as_ref()) {
        errors.at(page::EFFECT, name, message("retry", "`retry` would start it again"));
    }
    if let Some(cache) = &step.options.cache {
        errors.at(
            page::EFFECT,
            &cache.name,
            message("cache", "`cache` would return an earlier output instead of acting"),
        );
    }
    if let Some(path) = &step.options.fallback {
        let why = "`fallback` could act a second time after an attempt whose outcome is unknown";
        errors.at(page::EFFECT, path, message("fallback", why));
    }
}
