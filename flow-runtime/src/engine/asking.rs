//! A model, asked through its provider.

use std::sync::Arc;

use serde_json::Value;

use super::answered::{Answered, Unusable, calls_of, too_late};
use super::converse::{Asked, Talk};
use super::here::Here;
use super::schemas::Sent;
use super::tried::{Question, Told, Tried, Try};
use crate::error::{Error, ErrorKind, Result};
use crate::media::MediaKind;
use crate::prompt::{Content, Prompt};
use crate::provider::{
    BoxFuture, Failure, FailureKind, MediaKinds, Model, Provider, Request, SchemaSupport, read_answer, with_schema,
};
use crate::retry::LONGEST_RETRY_AFTER;
use crate::run::Attempt;

/// How many characters of a truncated answer's end its error shows.
const END: usize = 80;

/// A model of the chain, asked through its provider.
pub(super) struct Asking {
    provider: Arc<dyn Provider>,
    request: Request,
    support: SchemaSupport,
    sent: Arc<Sent>,
    /// The attachments that the endpoint takes.
    media: MediaKinds,
    turn: Option<u32>,
    is_last: bool,
    /// The conversation without the schema, to which a resumed run adds that of the model it asks.
    opening: Option<Prompt>,
}

impl Asking {
    pub(super) fn new(here: &Here<'_>, model: Model, prompt: &Prompt, talk: &Talk) -> Result<Self> {
        let models = &here.engine.shared.models;
        let model = models.resolve(&model).map_err(|text| Error::new(ErrorKind::Setup, text))?;
        let provider = models.provider(&model);
        let provider = provider
            .map_err(|_| Error::new(ErrorKind::Setup, format!("no provider is named `{}`", model.provider())))?;
        let able = provider.capabilities(&model);
        let sent = here.engine.shared.schemas.of(here.site.meta, able.schema);
        let schema = sent.answer.as_ref().map(|(_, schema)| schema);
        let (turn, is_last) = (talk.turn(), talk.is_last());
        // Where tools cannot be forbidden, or hide the schema, the last turn is asked without them.
        let is_withheld = is_last && !(able.tool_choice_none && able.schema_with_tools);
        let offered = if is_withheld { &[][..] } else { &sent.tools };
        let has_tools = !offered.is_empty();
        let is_apart = has_tools && !able.schema_with_tools;
        let opening = turn.filter(|turn| *turn == 1).map(|_| prompt.clone());
        let mut prompt = prompt.clone();
        if let Some(schema) = schema.filter(|_| able.schema_in_prompt || is_apart) {
            prompt = with_schema(prompt, &format!("{:#}", schema.schema), has_tools);
        }
        let mut request = Request::new(model, prompt);
        request.schema = schema.filter(|_| !is_apart).cloned();
        if has_tools {
            request.tool_choice = talk.choice();
        }
        request.tools = offered.iter().map(|(_, schema)| schema.clone()).collect();
        request.tools.iter_mut().for_each(|tool| tool.strict &= able.strict_tools);
        // With tools, an endpoint may not hold the model to the schema, and text may surround the answer.
        let support = if has_tools { SchemaSupport::None } else { able.schema };
        Ok(Self { provider, request, support, sent, media: able.media, turn, is_last, opening })
    }

    /// Why the model is not asked: the prompt attaches what it cannot read. A recorded attempt was made, whatever is known now.
    pub(super) fn unread(&self, here: &Here<'_>) -> Option<Error> {
        let parts = self.request.prompt.messages.iter().flat_map(|message| message.content.media());
        let kind = parts.filter_map(MediaKind::of).find(|kind| !self.media.contains(*kind))?;
        let id = self.request.model.id();
        let text = format!(
            "model `{id}` cannot read {}, which the prompt attaches; ask another model, or set `media` for its provider if it can",
            kind.text()
        );
        let kind = ErrorKind::Provider { status: None, retryable: false };
        Some(Error::new(kind, text)).filter(|_| here.past.attempts.is_empty())
    }

    /// The calls of a reply, with arguments as the tools' own schemas describe them.
    fn calls(&self, reply: &Content) -> Vec<Asked> {
        let raised = |name: &str, arguments: &Value| {
            let tool = self.request.tools.iter().position(|tool| tool.name == name);
            tool.map_or_else(|| arguments.clone(), |at| self.sent.tools[at].0.raise(arguments.clone()))
        };
        calls_of(reply, raised)
    }

    fn read(&self, reply: &Content) -> Answered {
        let calls = self.calls(reply);
        if !calls.is_empty() && !self.is_last {
            return Answered::calls(reply, calls);
        }
        let text = reply.text().into_owned();
        let called = calls.into_iter().next().map(|call| too_late(call.name, self.turn));
        let value = match (called, &self.sent.answer) {
            (Some(called), _) => Err(called),
            _ if self.turn.is_some() && text.trim().is_empty() => Err(Unusable::Silent),
            (None, None) => Ok(Value::String(text.clone())),
            (None, Some((lowered, _))) => match read_answer(&text, self.support) {
                Ok(value) => Ok(lowered.raise(value)),
                Err(error) => Err(Unusable::NotJson(error.to_string())),
            },
        };
        Answered { text, value, content: reply.clone(), calls: Vec::new() }
    }
}

impl Try<Answered> for Asking {
    fn asks(&self) -> Option<Question> {
        let schema = self.sent.answer.as_ref().map(|(lowered, _)| lowered.schema.clone());
        Some(Question::of(self.turn, self.opening.as_ref().unwrap_or(&self.request.prompt), schema))
    }

    fn turn(&self) -> Option<u32> {
        self.turn
    }

    fn request(&self) -> Option<&Request> {
        Some(&self.request)
    }

    fn server(&self) -> Option<(String, u16)> {
        self.provider.address()
    }

    fn again(&mut self, recorded: &Attempt) -> Option<Result<Answered>> {
        // If the chain changed since, its models are asked again. A conversation goes on, whichever model spoke.
        if self.turn.is_none() && recorded.model.as_deref() != Some(self.request.model.id()) {
            return None;
        }
        if let Some(failure) = &recorded.failure {
            return Some(Err((**failure).clone().into()));
        }
        Some(Ok(self.read(recorded.reply.as_ref()?)))
    }

    fn once<'s>(&'s mut self, here: &'s Here<'_>) -> BoxFuture<'s, Tried<Answered>> {
        Box::pin(async move {
            let deltas = here.voice(self.turn, || self.sent.clone());
            let call = match &deltas {
                None => self.provider.complete(&self.request),
                Some(deltas) => self.provider.stream(&self.request, deltas),
            };
            match call.await {
                Ok(reply) => {
                    let said = self.read(&reply.content);
                    Tried {
                        usage: reply.usage.reconciled(),
                        // In a conversation, the thoughts of a rejected answer go back as well.
                        reply: Some(if self.turn.is_some() { reply.content } else { reply.content.recorded() }),
                        told: Told { model: reply.model, id: reply.id, finish_reason: reply.finish_reason },
                        ..Tried::plain(Ok(said))
                    }
                }
                // After the results of tools a model may fall silent: asking the same again changes nothing.
                Err(failure) if failure.kind == FailureKind::Empty && self.turn.is_some_and(|turn| turn > 1) => Tried {
                    usage: failure.usage.reconciled(),
                    reply: Some(Content::default()),
                    ..Tried::plain(Ok(self.read(&Content::default())))
                },
                Err(failure) => failed(self.request.model, failure),
            }
        })
    }
}

fn failed(model: Model, failure: Failure) -> Tried<Answered> {
    let kind = match failure.kind {
        FailureKind::Refused => ErrorKind::Refused,
        FailureKind::Filtered => ErrorKind::Filtered,
        FailureKind::Length => ErrorKind::Length,
        FailureKind::ContextLength => ErrorKind::ContextLength,
        FailureKind::RateLimited { retry_after } => ErrorKind::RateLimited { retry_after },
        _ => ErrorKind::Provider { status: failure.status, retryable: failure.is_retryable() },
    };
    let error = Error::new(kind, format!("model `{}`: {}{}", model.id(), failure.message, note(&model, &failure)));
    Tried {
        retry_after: failure.kind.retry_after(),
        usage: failure.usage.reconciled(),
        reply: failure.body.clone().map(Content::from),
        told: Told { finish_reason: failure.finish_reason.clone().map(Into::into), ..Told::default() },
        outcome: Err(error.with_retry(failure.retry).with_source(failure)),
    }
}

/// Details that a person needs in addition to the endpoint's message.
fn note(model: &Model, failure: &Failure) -> String {
    match failure.kind {
        FailureKind::Length => length(model, failure),
        kind => match kind.retry_after() {
            Some(asked) if asked > LONGEST_RETRY_AFTER => {
                format!("; it asks for a delay of {asked:?}, but retries wait at most {LONGEST_RETRY_AFTER:?}")
            }
            _ => String::new(),
        },
    }
}

/// The limit that cut an answer off, how much was written, and how it ended.
fn length(model: &Model, failure: &Failure) -> String {
    let limit = match model.get_max_output_tokens() {
        Some(tokens) => format!("`max_output_tokens` is {tokens}"),
        None => "`max_output_tokens` is not set, so the provider's default applies".to_owned(),
    };
    let usage = failure.usage.reconciled();
    let is_known = usage.output_tokens.is_some_and(|tokens| tokens > 0) || failure.written.is_some();
    if !is_known && model.get_max_output_tokens().is_none() {
        return String::new();
    }
    let written = usage.output_tokens.map(|tokens| format!(", {tokens} tokens were written")).unwrap_or_default();
    let thoughts = usage.reasoning_tokens.filter(|tokens| *tokens > 0);
    let thoughts = thoughts.map(|tokens| format!(", {tokens} of them reasoning")).unwrap_or_default();
    let end = failure.written.as_deref().map_or(String::new(), |text| {
        let start = text.char_indices().rev().nth(END - 1).map_or(0, |(at, _)| at);
        format!("; the answer ends with `{}`", text[start..].split_whitespace().collect::<Vec<_>>().join(" "))
    });
    format!(" ({limit}{written}{thoughts}){end}")
}
