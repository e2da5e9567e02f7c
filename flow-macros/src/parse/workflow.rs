//! `#[workflow(…)]`.

use proc_macro2::Span;

use super::body::{Limits, read};
use super::duration::millis;
use super::function::{RawFunction, function};
use super::money::nanos;
use super::options::{Entries, Entry, Of, WORKFLOW};
use crate::errors::Errors;
use crate::model::{Function, Workflow};
use crate::page;

/// What the attribute of a workflow says.
#[derive(Default)]
pub(crate) struct Options {
    id: Option<syn::LitStr>,
    timeout: Option<u64>,
    max_steps: Option<(u64, Span)>,
    max_model_calls: Option<(u64, Span)>,
    max_output_tokens: Option<(u64, Span)>,
    max_cost: Option<u64>,
    version: Option<u32>,
    migrate: Option<syn::Path>,
    lock: Option<Span>,
    strict: bool,
    keeps_effects: bool,
}

/// Reads the options of the workflow of a name.
pub(crate) fn options(mut entries: Entries, name: &syn::Ident, errors: &mut Errors) -> Options {
    entries.check(&Of { attribute: "workflow", function: name, table: WORKFLOW, kind: None }, errors);
    let mut options = Options::default();
    let mut read = |name: &str, apply: &mut dyn FnMut(Entry) -> syn::Result<()>| {
        if let Some(entry) = entries.take(name) {
            errors.take(page::OPTION, apply(entry));
        }
    };
    read("id", &mut |entry| super::id::id(entry.text("id = \"…\"")?).map(|id| options.id = Some(id)));
    read("timeout", &mut |entry| millis(&entry.text("timeout = \"1h\"")?).map(|limit| options.timeout = Some(limit)));
    read("max_steps", &mut |entry| limit(entry, "max_steps = N").map(|limit| options.max_steps = Some(limit)));
    read("max_model_calls", &mut |entry| {
        limit(entry, "max_model_calls = N").map(|limit| options.max_model_calls = Some(limit))
    });
    read("max_output_tokens", &mut |entry| {
        limit(entry, "max_output_tokens = N").map(|limit| options.max_output_tokens = Some(limit))
    });
    read("max_cost", &mut |entry| nanos(&entry.text("max_cost = \"$0.50\"")?).map(|cap| options.max_cost = Some(cap)));
    read("migrate", &mut |entry| {
        super::step::path(entry, "migrate = FUNCTION").map(|path| options.migrate = Some(path))
    });
    read("version", &mut |entry| version(entry).map(|version| options.version = Some(version)));
    read("lock", &mut |entry| {
        let span = entry.span();
        entry.flag().map(|()| options.lock = Some(span))
    });
    read("strict", &mut |entry| entry.flag().map(|()| options.strict = true));
    read("keeps_effects", &mut |entry| entry.flag().map(|()| options.keeps_effects = true));
    options
}

/// Reads the signature.
pub(crate) fn signature(raw: RawFunction, errors: &mut Errors) -> Function {
    let function = function(raw, "workflow", errors);
    owned_arguments(&function, errors);
    if function.body.is_none() {
        errors.at(
            page::SIGNATURE,
            function.name(),
            format!("workflow `{}` has no body: its steps are awaited there", function.name()),
        );
    }
    function
}

/// Reads the body of a workflow whose signature is in order.
pub(crate) fn workflow(options: Options, function: Function, body: syn::Block, errors: &mut Errors) -> Workflow {
    let limits = [options.max_steps, options.max_model_calls, options.max_output_tokens];
    let bounded = limits.iter().any(Option::is_some);
    let flow = read(&function, body, Limits { bounded }, errors);
    let id = options.id.as_ref().map_or_else(|| function.plain(), syn::LitStr::value);
    let lock = options.lock.map(|span| crate::lock::read(&id, span, errors));
    Workflow {
        function,
        id: options.id,
        timeout: options.timeout,
        max_steps: options.max_steps,
        max_model_calls: options.max_model_calls,
        max_output_tokens: options.max_output_tokens,
        max_cost: options.max_cost,
        version: options.version.unwrap_or(1),
        migrate: options.migrate,
        lock,
        strict: options.strict,
        keeps_effects: options.keeps_effects,
        flow,
    }
}

/// Versions are counted from 1.
fn version(entry: Entry) -> syn::Result<u32> {
    let span = entry.span();
    match entry.number("version = 2")? {
        0 => Err(syn::Error::new(span, "versions are counted from 1: without the option it is `version = 1`")),
        version => Ok(version),
    }
}

/// The value of a limit, and the place of the number.
fn limit(entry: Entry, form: &str) -> syn::Result<(u64, Span)> {
    let span = match &entry.value {
        super::options::Value::Is(value) => syn::spanned::Spanned::span(value),
        _ => entry.span(),
    };
    Ok((entry.number(form)?, span))
}

fn owned_arguments(function: &Function, errors: &mut Errors) {
    for (_, argument) in function.data().filter(|(_, argument)| argument.by_ref) {
        errors.at(
            page::SIGNATURE,
            &argument.ty,
            "a workflow owns its arguments, since a run outlives its caller: take the value, or mark a resource `#[state]`",
        );
    }
}
