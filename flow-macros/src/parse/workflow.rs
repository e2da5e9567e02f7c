//! `#[workflow(…)]`.

use proc_macro2::Span;

use super::body::read;
use super::duration::millis;
use super::function::{RawFunction, function};
use super::money::nanos;
use super::options::{Entries, Entry, Known, Of, known};
use super::step::path;
use crate::errors::Errors;
use crate::model::{Function, Parsed, Workflow};

/// The options of a workflow.
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

/// The options of `#[workflow]`, in the order in which messages list them.
const WORKFLOW: &[Known<Options>] = &[
    known("id", &[], |entry, all| super::id::id(entry.text("id = \"…\"")?).map(|id| all.id = Some(id))),
    known("timeout", &[], |entry, all| millis(&entry.text("timeout = \"1h\"")?).map(|limit| all.timeout = Some(limit))),
    known("max_steps", &[], |entry, all| limit(entry, "max_steps = N").map(|limit| all.max_steps = Some(limit))),
    known("max_model_calls", &[], |entry, all| {
        limit(entry, "max_model_calls = N").map(|limit| all.max_model_calls = Some(limit))
    }),
    known("max_output_tokens", &[], |entry, all| {
        limit(entry, "max_output_tokens = N").map(|limit| all.max_output_tokens = Some(limit))
    }),
    known("max_cost", &[], |entry, all| {
        nanos(&entry.text("max_cost = \"$0.50\"")?).map(|cap| all.max_cost = Some(cap))
    }),
    known("version", &[], |entry, all| version(entry).map(|version| all.version = Some(version))),
    known("migrate", &[], |entry, all| path(entry, "migrate = FUNCTION").map(|path| all.migrate = Some(path))),
    known("lock", &[], |entry, all| {
        let span = entry.span();
        entry.flag().map(|()| all.lock = Some(span))
    }),
    known("strict", &[], |entry, all| entry.flag().map(|()| all.strict = true)),
    known("keeps_effects", &[], |entry, all| entry.flag().map(|()| all.keeps_effects = true)),
];

/// Reads the options of a workflow.
pub(crate) fn options(entries: Entries, name: &syn::Ident, errors: &mut Errors) -> Options {
    entries.read(&Of { attribute: "workflow", function: name, table: WORKFLOW, kind: None }, errors)
}

pub(crate) fn signature(raw: RawFunction) -> Parsed<Function> {
    function(raw)
}

/// Reads the body of a workflow whose signature is valid.
pub(crate) fn workflow(options: Options, function: Function, body: syn::Block) -> Parsed<Workflow> {
    let (flow, findings) = read(&function, body);
    let id = options.id.as_ref().map_or_else(|| function.plain(), syn::LitStr::value);
    let lock = options.lock.map(|span| crate::lock::read(&id, span));
    let model = Workflow {
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
    };
    Parsed { model, findings }
}

/// Versions start at 1.
fn version(entry: Entry) -> syn::Result<u32> {
    let span = entry.span();
    match entry.number("version = 2")? {
        0 => Err(syn::Error::new(span, "invalid version 0: versions start at 1, which is the default")),
        version => Ok(version),
    }
}

/// The value of a limit and the span of the number.
fn limit(entry: Entry, form: &str) -> syn::Result<(u64, Span)> {
    let span = match &entry.value {
        super::options::Value::Is(value) => syn::spanned::Spanned::span(value),
        _ => entry.span(),
    };
    Ok((entry.number(form)?, span))
}
