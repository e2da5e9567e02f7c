//! Model steps: asks the model, validates the answer against the contract, runs the gates, and asks again with the
//! reasons.

use super::answered::{Answered, Problem};
use super::asking::Asking;
use super::attempt::until_done;
use super::converse::{self, Talk};
use super::here::Here;
use super::prompts;
use super::scripted::Scripted;
use crate::call::Ops;
use crate::contract::{too_deep, with_integers};
use crate::error::{Error, Result};
use crate::prompt::Prompt;
use crate::provider::Model;

pub(super) async fn produce(here: &mut Here<'_>, ops: &mut dyn Ops) -> Result<()> {
    let mut talk = Talk::new(here.policy().tools);
    let prompt = match begun(here, &talk) {
        Some(prompt) => prompt,
        None => prompts::prompt(here.site.meta, ops)?,
    };
    let mut conversation = prompt.clone();
    let mut repairs = here.policy().repair;
    loop {
        let said = ask(here, ops, &conversation, &mut talk).await?;
        talk.took_turn();
        if !said.calls.is_empty() {
            conversation =
                converse::go_on(here, (ops.input()?, ops.tools()), &mut talk, conversation, (said.content, said.calls))
                    .await?;
            continue;
        }
        // Calls that were not allowed have no results, so they are not sent back.
        let content = Some(said.content.clone()).filter(|content| content.tool_calls().next().is_none());
        let Some(problem) = accept(here, ops, said).await? else { return Ok(()) };
        // A `fix` step replaces repairs: if it cannot repair an answer, the model is not asked again.
        let fixed = matches!(problem, Problem::Rejected { .. }) && here.policy().fix.is_some();
        if repairs == 0 || fixed {
            return Err(problem.into_error());
        }
        repairs -= 1;
        talk.ask_again();
        // With tools the conversation goes on; otherwise a rejected answer replaces the one before.
        conversation = match content.filter(|_| talk.has_tools()) {
            Some(content) => problem.ask_again(&conversation, content),
            None => {
                let text = problem.text().into();
                problem.ask_again(if talk.has_tools() { &conversation } else { &prompt }, text)
            }
        };
    }
}

/// The prompt with which a recorded conversation began: a new build may render another one, but the turns answer this one.
fn begun(here: &Here<'_>, talk: &Talk) -> Option<Prompt> {
    here.past.attempts.front().filter(|_| talk.has_tools())?.prompt.clone()
}

/// Stores the answer in the call's slot, or returns why it is rejected.
async fn accept(here: &mut Here<'_>, ops: &mut dyn Ops, said: Answered) -> Result<Option<Problem>> {
    let Answered { text, value, .. } = said;
    let value = match value {
        Ok(value) => value,
        Err(why) => {
            here.did_break_contract(&[why.reason()]);
            return Ok(Some(Problem::Unusable { text, why }));
        }
    };
    let taken = match too_deep(&value) {
        None => ops.fill(with_integers(here.site.meta.output.shape, value)),
        Some(violation) => Err(vec![violation]),
    };
    if let Err(violations) = taken {
        let reasons: Vec<_> = violations.iter().map(ToString::to_string).collect();
        here.did_break_contract(&reasons);
        return Ok(Some(Problem::Broken { text, violations }));
    }
    let rejection = here.pass_gates(ops).await?;
    Ok(rejection.map(|rejection| Problem::Rejected { text, rejection }))
}

/// Asks the models of the chain in turn until one answers.
async fn ask(here: &mut Here<'_>, ops: &mut dyn Ops, prompt: &Prompt, talk: &mut Talk) -> Result<Answered> {
    let retry = here.policy().retry;
    // Tools run outside of the limit of their step.
    let _permit = if talk.has_tools() { ops.enter().await } else { None };
    if is_scripted(here) {
        return until_done(here, &retry, &mut Scripted { ops, prompt, talk }).await;
    }
    let own = here.site.model;
    let chain = own.as_slice().iter().chain(here.policy().models.iter().take_while(|_| own.is_none()));
    let mut last = Error::terminal("the step names no model");
    let chain: Vec<&Model> = chain.collect();
    for (at, model) in chain.iter().enumerate().skip(talk.model) {
        if was_passed_over(here, model, &chain[at + 1..]) {
            continue;
        }
        let mut question = Asking::new(here, **model, prompt, talk)?;
        if let Some(error) = question.unread(here) {
            last = error;
            continue;
        }
        match until_done(here, &retry, &mut question).await {
            Ok(said) => {
                talk.model = if talk.has_tools() { at } else { 0 };
                return Ok(said);
            }
            Err(error) => last = error,
        }
    }
    Err(last)
}

/// Returns whether the next recorded attempt used a later model of the chain: this model was not asked, perhaps for
/// lack of budget.
fn was_passed_over(here: &Here<'_>, model: &Model, later: &[&Model]) -> bool {
    let models = &here.engine.shared.models;
    let is = |model: &Model, id: &str| models.resolve(model).is_ok_and(|model| model.id() == id);
    let next = here.past.attempts.front().and_then(|attempt| attempt.model.as_deref());
    next.is_some_and(|next| !is(model, next) && later.iter().any(|later| is(later, next)))
}

/// Returns whether the test answers: always, unless it has a provider and no script for this step.
fn is_scripted(here: &Here<'_>) -> bool {
    let shared = &here.engine.shared;
    shared.scripts.as_ref().is_some_and(|scripts| shared.models.names().is_empty() || scripts.tell(here.site.meta))
}
