//! `#[step(…)]`.

use syn::{Expr, Path};

use super::duration::millis;
use super::function::{RawFunction, function};
use super::options::{Entries, Entry, Known, Of, Value, expect_path, known, number};
use super::prompt::prompt;
use crate::errors::Errors;
use crate::model::{Backoff, Cache, Effect, Fix, Gate, Kind, OnTimeout, Parsed, Step, StepOptions};
use crate::page;
use flow_base::near::{did_you_mean, nearest};

const ALL: &[Kind] = &[Kind::Code, Kind::Model, Kind::Human, Kind::Signal, Kind::Mcp];
const ASKED: &[Kind] = &[Kind::Model, Kind::Human];
/// Everything but tools of servers: what stands in for a tool, or corrects its output, is a step of its own.
const OURS: &[Kind] = &[Kind::Code, Kind::Model, Kind::Human, Kind::Signal];
const RUN: &[Kind] = &[Kind::Code, Kind::Model, Kind::Mcp];
const ACTS: &[Kind] = &[Kind::Code, Kind::Mcp];

/// The option that makes `flow::sleep` a step. Not available to users.
const TIMER: &str = "__timer";

/// The option that makes `flow::undo` a step.
const UNDO: &str = "__undo";

/// The options of `#[step]`, in the order in which messages list them.
pub(super) const STEP: &[Known<StepOptions>] = &[
    known("model", &[Kind::Model], |entry, step| models(entry).map(|models| step.models = models)),
    known("human", &[Kind::Human], |entry, _| entry.flag()),
    known("signal", &[Kind::Signal], |entry, _| entry.flag()),
    known("mcp", &[Kind::Mcp], |entry, step| super::mcp::tool(entry).map(|tool| step.mcp = Some(tool))),
    known(TIMER, &[Kind::Timer], |entry, _| entry.flag()),
    known(UNDO, &[Kind::Undo], |entry, _| entry.flag()),
    known("system", ASKED, |entry, step| prompt(entry, &mut step.prompt)),
    known("system_file", ASKED, |entry, step| prompt(entry, &mut step.prompt)),
    known("prompt", ASKED, |entry, step| prompt(entry, &mut step.prompt)),
    known("prompt_file", ASKED, |entry, step| prompt(entry, &mut step.prompt)),
    known("tools", &[Kind::Model], |entry, step| {
        step.tool_limits.have_tools = true;
        super::tools::tools(entry).map(|tools| step.tools = tools)
    }),
    known("max_turns", &[Kind::Model], |entry, step| {
        let name = entry.name.clone();
        entry.number("max_turns = N").map(|n| step.tool_limits.max_turns = Some((name, n)))
    }),
    known("max_tool_calls", &[Kind::Model], |entry, step| {
        let name = entry.name.clone();
        positive(entry, "max_tool_calls = N").map(|n| step.tool_limits.max_tool_calls = Some((name, n)))
    }),
    known("on_tool_error", &[Kind::Model], |entry, step| {
        let name = entry.name.clone();
        super::tools::on_error(entry).map(|fails| step.tool_limits.on_error = Some((name, fails)))
    }),
    Known { repeatable: true, ..known("gate", ALL, |entry, step| gate(entry).map(|gate| step.gates.push(gate))) },
    known("repair", &[Kind::Model], |entry, step| entry.number("repair = N").map(|n| step.repair = Some(n))),
    known("fix", OURS, |entry, step| fix(entry).map(|fix| step.fix = Some(fix))),
    known("retry", RUN, |entry, step| retry(entry).map(|retry| step.retry = Some(retry))),
    known("timeout", ALL, |entry, step| {
        millis(&entry.text("timeout = \"30s\"")?).map(|limit| step.timeout = Some(limit))
    }),
    known("on_timeout", &[Kind::Human], |entry, step| on_timeout(entry).map(|what| step.on_timeout = what)),
    known("keep", &[Kind::Signal], |entry, step| {
        millis(&entry.text("keep = \"7d\"")?).map(|time| step.keep = Some(time))
    }),
    known("fallback", &[Kind::Code, Kind::Model], |entry, step| {
        path(entry, "fallback = STEP").map(|path| step.fallback = Some(path))
    }),
    known("concurrency", RUN, |entry, step| positive(entry, "concurrency = N").map(|n| step.concurrency = Some(n))),
    known("cache", RUN, |entry, step| cache(entry).map(|cache| step.cache = Some(cache))),
    known("effect", ACTS, |entry, step| effect(entry).map(|effect| step.effect = Some(effect))),
    known("unreviewed", ACTS, |entry, step| {
        step.unreviewed = Some(entry.name.clone());
        entry.flag()
    }),
    known("compensate", ACTS, |entry, step| path(entry, "compensate = STEP").map(|path| step.compensate = Some(path))),
    known("approve", ACTS, |entry, step| path(entry, "approve = STEP").map(|path| step.approve = Some(path))),
    known("id", ALL, |entry, step| super::id::id(entry.text("id = \"…\"")?).map(|id| step.id = Some(id))),
];

/// Reads a step; errors in its options are collected.
pub(crate) fn step(mut entries: Entries, raw: RawFunction, errors: &mut Errors) -> Parsed<Step> {
    let kind = kind(&mut entries, errors);
    let of = Of { attribute: "step", function: raw.name(), table: STEP, kind: Some(kind) };
    let options = entries.read(&of, errors);
    let Parsed { model: function, findings } = function(raw);
    Parsed { model: Step { function, kind, options }, findings }
}

/// Reads the kind of the step. A second, contradicting option is an error and is removed.
fn kind(entries: &mut Entries, errors: &mut Errors) -> Kind {
    let mut found = Kind::Code;
    entries.0.retain(|entry| {
        let kind = match entry.name.to_string().as_str() {
            "model" => Kind::Model,
            "human" => Kind::Human,
            "signal" => Kind::Signal,
            "mcp" => Kind::Mcp,
            TIMER => Kind::Timer,
            UNDO => Kind::Undo,
            _ => return true,
        };
        let contradicts = found != Kind::Code && found != kind;
        if contradicts {
            let (one, other) = (found.name(), kind.name());
            errors.at(
                page::STEP_KIND,
                &entry.name,
                format!("a step cannot be both `{one}` and `{other}`: remove one of them"),
            );
        } else {
            found = kind;
        }
        !contradicts
    });
    found
}

fn models(entry: Entry) -> syn::Result<Vec<Expr>> {
    match entry.expr("model = MODEL` or `model = [FIRST, SECOND]")? {
        Expr::Array(array) if array.elems.is_empty() => {
            Err(syn::Error::new_spanned(array, "empty list of models: name at least one"))
        }
        Expr::Array(array) => Ok(array.elems.into_iter().collect()),
        model @ Expr::Path(_) => Ok(vec![model]),
        other => Err(syn::Error::new_spanned(
            other,
            "expected a constant that names a model: write `const FAST: Model = Model::new(\"provider/name\");`, then `model = FAST`",
        )),
    }
}

fn gate(entry: Entry) -> syn::Result<Gate> {
    const FORM: &str = "gate = PATH` or `gate = PATH(argument, …)";
    match entry.expr(FORM)? {
        Expr::Path(path) => Ok(Gate { path: path.path, arguments: Vec::new() }),
        Expr::Call(call) => {
            let path = expect_path(&call.func)?;
            let arguments = call.args.iter().map(gate_argument).collect::<syn::Result<_>>()?;
            Ok(Gate { path, arguments })
        }
        other => Err(syn::Error::new_spanned(other, format!("invalid gate: expected `{FORM}`"))),
    }
}

fn gate_argument(argument: &Expr) -> syn::Result<syn::Ident> {
    let name = match argument {
        Expr::Path(path) => path.path.get_ident().cloned(),
        _ => None,
    };
    name.ok_or_else(|| {
        syn::Error::new_spanned(argument, "invalid gate argument: expected the name of an argument of the step")
    })
}

fn fix(entry: Entry) -> syn::Result<Fix> {
    let error = syn::Error::new(entry.span(), "invalid option `fix`: expected `fix = STEP` or `fix(STEP, N)`");
    match entry.value {
        Value::Is(step) => Ok(Fix { path: expect_path(&step)?, times: 1 }),
        Value::Of(mut parts) if parts.len() == 2 => {
            let times = number(&parts[1]).ok_or(error)??;
            Ok(Fix { path: expect_path(&parts.remove(0))?, times })
        }
        _ => Err(error),
    }
}

/// The path in `name = FUNCTION`.
pub(super) fn path(entry: Entry, form: &str) -> syn::Result<Path> {
    expect_path(&entry.expr(form)?)
}

fn positive(entry: Entry, form: &str) -> syn::Result<u32> {
    let span = entry.span();
    match entry.number(form)? {
        0 => Err(syn::Error::new(span, format!("`{form}`: N must be at least 1"))),
        n => Ok(n),
    }
}

fn retry(entry: Entry) -> syn::Result<Backoff> {
    let name = entry.name.clone();
    let mut backoff = Backoff { name: Some(name.clone()), ..Backoff::default() };
    match entry.value {
        Value::Is(_) => backoff.max_attempts = Some(positive(entry, "retry = N")?),
        Value::Of(parts) => parts.into_iter().try_for_each(|part| backoff_part(part, &mut backoff))?,
        Value::None => {
            return Err(syn::Error::new(
                name.span(),
                "invalid option `retry`: expected `retry = N` or `retry(max_attempts = N, initial_delay = \"1s\", factor = 2.0, max_delay = \"1m\", jitter = true)`",
            ));
        }
    }
    Ok(backoff)
}

fn backoff_part(part: Expr, backoff: &mut Backoff) -> syn::Result<()> {
    const PARTS: &str = "invalid `retry(…)`: expected max_attempts, initial_delay, factor, max_delay or jitter, each written `name = value`";
    let Expr::Assign(assign) = &part else { return Err(syn::Error::new_spanned(part, PARTS)) };
    let name = match &*assign.left {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string).unwrap_or_default(),
        _ => String::new(),
    };
    let Expr::Lit(syn::ExprLit { lit, .. }) = &*assign.right else {
        return Err(syn::Error::new_spanned(&assign.right, "expected a literal"));
    };
    match (name.as_str(), lit) {
        ("max_attempts", syn::Lit::Int(n)) => match n.base10_parse()? {
            0 => {
                return Err(syn::Error::new_spanned(
                    n,
                    "`max_attempts` includes the first attempt, so it must be at least 1",
                ));
            }
            n => backoff.max_attempts = Some(n),
        },
        ("initial_delay", syn::Lit::Str(delay)) => backoff.initial_delay = Some(millis(delay)?),
        ("max_delay", syn::Lit::Str(delay)) => backoff.max_delay = Some(millis(delay)?),
        ("factor", syn::Lit::Float(factor)) => backoff.factor = Some(factor.base10_parse()?),
        ("factor", syn::Lit::Int(factor)) => backoff.factor = Some(factor.base10_parse()?),
        ("jitter", syn::Lit::Bool(jitter)) => backoff.jitter = Some(jitter.value),
        _ => return Err(syn::Error::new_spanned(&part, retry_part_unknown(&name, PARTS))),
    }
    Ok(())
}

fn cache(entry: Entry) -> syn::Result<Cache> {
    let name = entry.name.clone();
    let form = || {
        syn::Error::new(
            name.span(),
            "invalid option `cache`: expected `cache`, `cache(\"24h\")`, `cache(version = 2)` or `cache(\"24h\", version = 2)`",
        )
    };
    let mut cache = Cache { name: name.clone(), good_for: None, version: 1 };
    let parts = match entry.value {
        Value::None => Vec::new(),
        Value::Of(parts) if !parts.is_empty() => parts,
        _ => return Err(form()),
    };
    for part in parts {
        match &part {
            Expr::Lit(syn::ExprLit { lit: syn::Lit::Str(time), .. }) => cache.good_for = Some(millis(time)?),
            Expr::Assign(assign) if matches!(&*assign.left, Expr::Path(name) if name.path.is_ident("version")) => {
                cache.version = number(&assign.right).ok_or_else(form)??;
            }
            _ => return Err(form()),
        }
    }
    Ok(cache)
}

fn retry_part_unknown(name: &str, parts: &str) -> String {
    let known = ["max_attempts", "initial_delay", "factor", "max_delay", "jitter"];
    match nearest(name, known) {
        Some(near) => format!("unknown part `{name}` of `retry(…)`; did you mean `{near}`?"),
        None => parts.to_owned(),
    }
}

fn on_timeout(entry: Entry) -> syn::Result<OnTimeout> {
    let value = entry.expr("on_timeout = fail / accept / reject")?;
    match &value {
        Expr::Path(path) if path.path.is_ident("fail") => Ok(OnTimeout::Fail),
        Expr::Path(path) if path.path.is_ident("accept") => Ok(OnTimeout::Accept),
        Expr::Path(path) if path.path.is_ident("reject") => Ok(OnTimeout::Reject),
        other => Err(syn::Error::new_spanned(other, "`on_timeout` must be `fail`, `accept` or `reject`")),
    }
}

fn effect(entry: Entry) -> syn::Result<Effect> {
    const KNOWN: [(&str, Effect); 3] =
        [("none", Effect::None), ("idempotent", Effect::Idempotent), ("irreversible", Effect::Irreversible)];
    let value = entry.expr("effect = none / idempotent / irreversible")?;
    let name = match &value {
        Expr::Path(path) => path.path.get_ident().map(ToString::to_string).unwrap_or_default(),
        _ => String::new(),
    };
    if let Some((_, effect)) = KNOWN.iter().find(|(known, _)| *known == name) {
        return Ok(*effect);
    }
    let hint = did_you_mean(&name, KNOWN.iter().map(|(known, _)| *known));
    Err(syn::Error::new_spanned(value, format!("`effect` must be `none`, `idempotent` or `irreversible`{hint}")))
}
