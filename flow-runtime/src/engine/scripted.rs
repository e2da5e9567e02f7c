//! A scripted answer instead of a model's.

use serde_json::Value;

use super::answered::{Answered, Unusable, calls_of, too_late};
use super::attempt::unscripted;
use super::converse::Talk;
use super::here::Here;
use super::script::Reply as ScriptReply;
use super::tried::{Question, Tried, Try};
use crate::call::Ops;
use crate::contract::Direction;
use crate::error::Result;
use crate::graph::Meta;
use crate::prompt::{Content, Prompt};
use crate::provider::{BoxFuture, SchemaSupport, fill};
use crate::run::Attempt;

/// A scripted answer instead of a model's.
pub(super) struct Scripted<'a> {
    pub(super) ops: &'a mut dyn Ops,
    pub(super) prompt: &'a Prompt,
    pub(super) talk: &'a Talk,
}

impl Scripted<'_> {
    fn read(&self, reply: &Content) -> Answered {
        let calls = calls_of(reply, |_, arguments| arguments.clone());
        if !calls.is_empty() && !self.talk.is_last() {
            return Answered::calls(reply, calls);
        }
        let text = reply.text().into_owned();
        let value = match calls.into_iter().next() {
            Some(call) => Err(too_late(call.name, self.talk.turn())),
            None => serde_json::from_str(&text).map_err(|error| Unusable::NotJson(error.to_string())),
        };
        Answered { text, value, content: reply.clone(), calls: Vec::new() }
    }
}

/// Says a scripted answer word by word, if somebody listens.
async fn say(here: &Here<'_>, turn: Option<u32>, value: &Value) {
    let form = || here.engine.shared.schemas.of(here.site.meta, SchemaSupport::Full);
    let Some(deltas) = here.voice(turn, form) else { return };
    let text = match value {
        Value::String(text) if form().answer.is_none() => text.clone(),
        value => value.to_string(),
    };
    for word in text.split_inclusive(' ') {
        deltas.text(word);
        tokio::task::yield_now().await;
    }
}

impl Try<Answered> for Scripted<'_> {
    fn asks(&self) -> Option<Question> {
        Some(Question::of(self.talk.turn(), self.prompt, None))
    }

    fn turn(&self) -> Option<u32> {
        self.talk.turn()
    }

    fn again(&mut self, recorded: &Attempt) -> Option<Result<Answered>> {
        if let Some(failure) = &recorded.failure {
            return Some(Err((**failure).clone().into()));
        }
        Some(Ok(self.read(recorded.reply.as_ref()?)))
    }

    fn once<'s>(&'s mut self, here: &'s Here<'_>) -> BoxFuture<'s, Tried<Answered>> {
        Box::pin(async move {
            let meta = here.site.meta;
            let scripts = here.engine.shared.scripts.as_ref();
            let outcome = match scripts.map(|scripts| (scripts.reply(meta, self.ops), scripts.generates())) {
                Some((ScriptReply::Says(outcome), _)) => outcome,
                Some((ScriptReply::Calls(calls), _)) => {
                    let reply = calls.content(here.attempts);
                    return Tried { reply: Some(reply.clone()), ..Tried::plain(Ok(self.read(&reply))) };
                }
                Some((ScriptReply::Never, _)) => std::future::pending().await,
                Some((ScriptReply::Silent, true)) => Ok(generate(meta, self.prompt)),
                _ => Err(unscripted(meta.name)),
            };
            if let Ok(value) = &outcome {
                say(here, self.talk.turn(), value).await;
            }
            let reply: Result<Content> = outcome.map(|value| value.to_string().into());
            Tried { reply: reply.as_ref().ok().cloned(), ..Tried::plain(reply.map(|reply| self.read(&reply))) }
        })
    }
}

fn generate(meta: &'static Meta, prompt: &Prompt) -> Value {
    let schema = (meta.output.schema)(Direction::Read);
    fill(prompt, &schema)
}
