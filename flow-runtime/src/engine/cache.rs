//! Outputs that are cached across runs, keyed by everything they depend on.

use serde_json::{Value, json};

use super::here::Here;
use super::prompts;
use crate::call::Ops;
use crate::contract::Direction;
use crate::error::Result;
use crate::event::Event;
use crate::graph::Kind;
use crate::media::expanded;

/// Returns the cache key of a step's output; `None` if it is not cached: there is no `cache` option, or no journal.
///
/// The key contains everything that the output depends on: the step with its body, or its prompt and models; the
/// schema; the input. It also contains the place, so that two calls with the same input in one run have separate
/// outputs.
pub(super) fn key(here: &Here<'_>, ops: &dyn Ops) -> Result<Option<String>> {
    let meta = here.site.meta;
    let models = &here.engine.shared.models;
    // Made-up answers must not reach other runs.
    let is_made_up = matches!(meta.kind, Kind::Model | Kind::Mcp) && models.is_offline();
    let keeps = here.engine.cache().is_some() && !is_made_up;
    let Some(cache) = meta.policy.cache.filter(|_| keeps) else { return Ok(None) };
    let prompt = match meta.kind {
        Kind::Model => match prompts::prompt(meta, ops) {
            Ok(prompt) => Some(prompt),
            // Reported when the step is executed, so that its fallback applies with a cache as without.
            Err(_) => return Ok(None),
        },
        _ => None,
    };
    let own = here.site.model;
    let declared = own.as_slice().iter().chain(meta.policy.models.iter().filter(|_| own.is_none()));
    let models: Vec<_> = declared.map(|model| models.resolve(model).unwrap_or(*model)).collect();
    let tools = meta.policy.tools.into_iter().flat_map(|tools| tools.tools);
    let tools: Vec<_> = tools.map(|tool| json!([tool.id(), tool.step.get().doc, tool.schema()])).collect();
    let mut key = json!({
        "step": meta.id,
        "module": meta.module,
        "version": cache.version,
        "body": cache.body,
        "prompt": prompt,
        "models": format!("{models:?}"),
        "schema": (meta.output.schema)(Direction::Read),
        "input": ops.input()?,
        "place": here.place(),
    });
    if let Some(tool) = meta.policy.mcp {
        key["tool"] = tool.to_string().into();
    }
    if !tools.is_empty() {
        key["tools"] = tools.into();
    }
    Ok(Some(key.to_string()))
}

/// Looks up the output of another run, and stores it in the call's slot.
pub(super) async fn find(here: &mut Here<'_>, ops: &mut dyn Ops, key: &str) -> Option<Value> {
    let kept = match here.engine.cache()?.cached(key, here.engine.now()).await {
        Ok(kept) => kept?,
        Err(error) => match here.engine.host.break_off(&error).await {},
    };
    // A cached output that no longer fits the contract is ignored.
    ops.fill(kept.clone()).ok()?;
    here.reused = true;
    here.watch.event(|| Event::DidReuse { run: here.run(), place: here.place(), step: here.site.meta.name });
    Some(kept)
}

/// Stores an output for other runs.
pub(super) async fn keep(here: &Here<'_>, key: &str, output: &Value) {
    let (Some(answers), Some(policy)) = (here.engine.cache(), here.site.meta.policy.cache) else { return };
    let output = expanded(here.site.meta.output.shape, output.clone());
    let until = policy.good_for.map(|time| here.engine.host.clock().after(time));
    if let Err(error) = answers.cache(key, &output, until).await {
        match here.engine.host.break_off(&error).await {}
    }
}
