//! Model steps: asks the model, validates the answer against the contract, runs the gates, and asks again with the
//! reasons.

use std::sync::Arc;

use serde_json::Value;

use super::attempt::{unscripted, until_done};
use super::converse::{self, Asked, Talk};
use super::gates::rejected;
use super::here::Here;
use super::prompts;
use super::schemas::Sent;
use super::script::Reply as ScriptReply;
use super::tried::{Question, Told, Tried, Try};
use crate::call::Ops;
use crate::contract::{Direction, Violation, too_deep, with_integers};
use crate::error::{Error, ErrorKind, Result};
use crate::gate::Rejection;
use crate::graph::Meta;
use crate::prompt::{Content, Part, Prompt, Role};
use crate::provider::{
    BoxFuture, Failure, FailureKind, Model, Provider, Request, SchemaSupport, fill, read_answer, with_schema,
};
use crate::retry::LONGEST_RETRY_AFTER;
use crate::run::Attempt;

/// How many characters of a truncated answer's end its error shows.
const END: usize = 80;

/// A model's answer.
struct Answered {
    text: String,
    value: Result<Value, Unusable>,
    /// The reply, as it goes back to the model.
    content: Content,
    /// The tools that it calls.
    calls: Vec<Asked>,
}

/// Why an answer contains no value.
enum Unusable {
    /// The text is not JSON.
    NotJson(String),
    /// The model wrote nothing.
    Silent,
    /// The model called this tool, although it could not.
    Called(String, &'static str),
}

/// Why a tool cannot be called.
const NOT_OFFERED: &str = "no tools were offered";
const LAST_TURN: &str = "this was the last turn, which has to give the answer";

/// Why an answer is rejected.
enum Problem {
    /// It contains no value.
    Unusable { text: String, why: Unusable },
    /// The JSON violates the contract.
    Broken { text: String, violations: Vec<Violation> },
    /// A gate rejected the output.
    Rejected { text: String, rejection: Rejection },
}

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

/// A model of the chain, asked through its provider.
struct Asking {
    provider: Arc<dyn Provider>,
    request: Request,
    support: SchemaSupport,
    sent: Arc<Sent>,
    turn: Option<u32>,
    is_last: bool,
    /// The conversation without the schema, to which a resumed run adds that of the model it asks.
    opening: Option<Prompt>,
}

impl Asking {
    fn new(here: &Here<'_>, model: Model, prompt: &Prompt, talk: &Talk) -> Result<Self> {
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
        Ok(Self { provider, request, support, sent, turn, is_last, opening })
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

impl Answered {
    /// A reply that calls tools.
    fn calls(reply: &Content, calls: Vec<Asked>) -> Self {
        Self { text: String::new(), value: Ok(Value::Null), content: reply.clone(), calls }
    }
}

/// The tool calls in a reply.
fn calls_of(reply: &Content, raise: impl Fn(&str, &Value) -> Value) -> Vec<Asked> {
    let call = |part: &Part| match part {
        Part::ToolCall { id, name, arguments } => {
            Some(Asked { id: id.clone(), name: name.clone(), arguments: raise(name, arguments) })
        }
        _ => None,
    };
    reply.tool_calls().filter_map(call).collect()
}

fn too_late(name: String, turn: Option<u32>) -> Unusable {
    Unusable::Called(name, if turn.is_some() { LAST_TURN } else { NOT_OFFERED })
}

/// A question as it is recorded. Later turns are not recorded with what was said before: the records have it already.
fn recorded(prompt: &Prompt, schema: Option<Value>, turn: Option<u32>) -> Question {
    let is_first = turn.is_none_or(|turn| turn == 1);
    Question { prompt: is_first.then(|| prompt.clone()), schema: schema.filter(|_| is_first) }
}

impl Try<Answered> for Asking {
    fn asks(&self) -> Option<Question> {
        let schema = self.sent.answer.as_ref().map(|(lowered, _)| lowered.schema.clone());
        Some(recorded(self.opening.as_ref().unwrap_or(&self.request.prompt), schema, self.turn))
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

/// A scripted answer instead of a model's.
struct Scripted<'a> {
    ops: &'a mut dyn Ops,
    prompt: &'a Prompt,
    talk: &'a Talk,
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
        Some(recorded(self.prompt, None, self.talk.turn()))
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

impl Unusable {
    /// The reason in events.
    fn reason(&self) -> String {
        match self {
            Self::NotJson(reason) => reason.clone(),
            Self::Silent => "the answer is empty".to_owned(),
            Self::Called(tool, why) => format!("the model called the tool `{tool}`, but {why}"),
        }
    }

    /// The reason in prompts.
    fn told(&self) -> String {
        match self {
            Self::NotJson(reason) => format!("the answer is not valid JSON: {reason}"),
            Self::Silent | Self::Called(..) => self.reason(),
        }
    }

    fn violation(&self) -> Violation {
        match self {
            Self::NotJson(reason) => Violation::new(&[], "JSON", reason),
            Self::Silent => Violation::new(&[], "an answer", "nothing"),
            Self::Called(tool, why) => {
                let found = format!("a call of the tool `{tool}`; {why}");
                Violation::new(&[], "an answer", &found)
            }
        }
    }
}

impl Problem {
    fn reasons(&self) -> Vec<String> {
        match self {
            Self::Unusable { why, .. } => vec![why.told()],
            Self::Broken { violations, .. } => violations.iter().map(ToString::to_string).collect(),
            Self::Rejected { rejection, .. } => rejection.reasons.clone(),
        }
    }

    /// Appends the answer and the reasons to the prompt.
    /// The text of the answer.
    fn text(&self) -> &str {
        let (Self::Unusable { text, .. } | Self::Broken { text, .. } | Self::Rejected { text, .. }) = self;
        text
    }

    fn ask_again(&self, prompt: &Prompt, answer: Content) -> Prompt {
        let reasons: String = self.reasons().iter().map(|reason| format!("\n- {reason}")).collect();
        let again = format!(
            "This answer was rejected:{reasons}\n\nReturn the complete answer again with these problems fixed."
        );
        match self.text().trim() {
            "" => prompt.clone().and(again),
            _ => prompt.clone().with(Role::Assistant, answer).with(Role::User, again),
        }
    }

    fn into_error(self) -> Error {
        let broken = "the model's answer breaks the contract";
        match self {
            Self::Unusable { text, why } => {
                let violations = vec![why.violation()];
                Error::new(ErrorKind::ContractViolated { violations, answer: text }, broken)
            }
            Self::Broken { text, violations } => {
                Error::new(ErrorKind::ContractViolated { violations, answer: text }, broken)
            }
            Self::Rejected { rejection, .. } => rejected(rejection),
        }
    }
}
