//! Providers: APIs of models. A provider speaks one wire format; adapting schemas and validating answers happen outside it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

mod answer;
#[cfg(feature = "providers")]
mod anthropic;
#[cfg(feature = "providers")]
mod attached;
#[cfg(feature = "bedrock")]
mod bedrock;
#[cfg(feature = "providers")]
mod calls;
mod capabilities;
mod deltas;
#[cfg(feature = "providers")]
mod effort;
pub(crate) mod environment;
mod failure;
#[cfg(feature = "providers")]
mod gemini;
#[cfg(feature = "providers")]
mod http;
mod levels;
mod limits;
mod lower;
mod media_kinds;
mod media_tokens;
mod model;
mod offline;
#[cfg(feature = "providers")]
mod openai;
#[cfg(feature = "providers")]
mod parts;
mod price;
mod reply;
mod request;
#[cfg(feature = "providers")]
mod tokens;
mod words;

pub use answer::{Unreadable, read_answer, read_partial};
#[cfg(feature = "providers")]
pub use anthropic::Anthropic;
#[cfg(feature = "bedrock")]
pub use bedrock::{AwsCredentials, AwsCredentialsSource, Bedrock};
pub use capabilities::{Capabilities, SchemaSupport};
pub(crate) use deltas::Listener;
pub use deltas::{Delta, DeltaReader, Deltas};
pub use environment::{FromEnvError, provider_from, replacement_from, spelled};
pub use failure::{Failure, FailureKind};
#[cfg(feature = "providers")]
pub use gemini::Gemini;
pub use levels::EffortLevels;
pub use limits::{Limited, Limits};
#[doc(hidden)]
pub use lower::answerable;
pub(crate) use lower::size::too_large;
pub use lower::{Dropped, Lowered, lower};
pub use media_kinds::MediaKinds;
#[doc(hidden)]
pub use media_kinds::readable;
pub use model::{Effort, Model, ParseModelError};
pub use offline::{Offline, fill};
#[cfg(feature = "providers")]
pub use openai::OpenAi;
pub(crate) use price::price_of;
pub use price::{KNOWN, Known, Long, Price, Spent};
pub use reply::{Reply, Usage};
pub use request::{AnswerSchema, Request, ToolChoice, ToolSchema};
#[cfg(feature = "providers")]
pub use tokens::TokenSource;
pub(crate) use words::with_schema;

/// A boxed future that can move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An API that answers prompts.
///
/// A provider speaks one wire format and makes one attempt. The engine does everything else:
///
/// | the provider | the engine |
/// |---|---|
/// | declares which schemas its endpoint supports | [adapts](lower) the contract's schema before `complete` sees it |
/// | sends the messages in order, the schema, and the parameters of the [`Model`] that are set | renders prompts, appends what was wrong with the last answer |
/// | returns what the model wrote, unchanged: text, calls of tools, what it wants back with them | [reads](read_answer) JSON from it, validates it, runs gates, asks again |
/// | distinguishes failures by [kind](FailureKind) | waits and retries, or asks the next model of the chain |
/// | counts tokens, as far as the endpoint reports them | adds them up, including those of failed attempts |
///
/// A provider MUST NOT retry or validate, and MUST NOT invent values: an unknown number of tokens is `None`. It SHOULD limit what
/// it reads, in time and in bytes. Dropping the future of `complete` cancels the request, so do not rely on code after the last
/// `await`.
///
/// # Choosing the kind of failure
///
/// | what happened | kind | retried |
/// |---|---|---|
/// | no connection, a broken connection, an answer in a wrong format | [`Transport`](FailureKind::Transport) | yes |
/// | an answer without text or tool calls | [`Empty`](FailureKind::Empty) | yes |
/// | no complete answer in time | [`TimedOut`](FailureKind::TimedOut) | yes |
/// | too many requests | [`RateLimited`](FailureKind::RateLimited) | yes, after the requested delay |
/// | the endpoint is overloaded or failed internally | [`Overloaded`](FailureKind::Overloaded) | yes, after the requested delay |
/// | no money or no quota for today | [`Quota`](FailureKind::Quota) | no |
/// | a wrong key | [`Unauthorized`](FailureKind::Unauthorized) | no |
/// | anything wrong with the request itself | [`InvalidRequest`](FailureKind::InvalidRequest) | no |
/// | a prompt longer than the context | [`ContextLength`](FailureKind::ContextLength) | no |
/// | the model refused, or a filter withheld the answer | [`Refused`](FailureKind::Refused), [`Filtered`](FailureKind::Filtered) | no |
/// | the answer was cut at its limit, or is larger than the client reads | [`Length`](FailureKind::Length), [`TooLarge`](FailureKind::TooLarge) | no |
///
/// If the endpoint says whether to retry, that takes precedence: [`Failure::retry`]. The message of a failure is a single line
/// for people and must not contain keys.
///
/// # Writing a provider
///
/// Implement a name, capabilities and one request. `examples/own_provider.rs` does it over a socket, with tests.
/// [`limits`](Provider::limits) come for free.
///
/// ```
/// use flow_runtime::prompt::Prompt;
/// use flow_runtime::provider::{
///     BoxFuture, Capabilities, Failure, FailureKind, Model, Provider, Reply, Request, SchemaSupport, Usage,
/// };
///
/// /// A model that repeats what it is told, and takes no schema.
/// struct Parrot;
///
/// impl Provider for Parrot {
///     fn name(&self) -> &str {
///         "parrot"
///     }
///
///     fn capabilities(&self, _model: &Model) -> Capabilities {
///         Capabilities::new(SchemaSupport::None)
///     }
///
///     fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
///         Box::pin(async move {
///             let Some(message) = request.prompt.messages.last() else {
///                 return Err(Failure::new(FailureKind::InvalidRequest, "nothing to repeat"));
///             };
///             let words = message.text().split_whitespace().count() as u64;
///             Ok(Reply::new(message.text()).usage(Usage::new(words, words)))
///         })
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let request = Request::new(Model::new("parrot/grey"), Prompt::user("Polly wants a cracker"));
/// let reply = Parrot.complete(&request).await.unwrap();
/// assert_eq!(reply.text(), "Polly wants a cracker");
/// assert_eq!(reply.usage.output_tokens, Some(4));
/// # });
/// ```
pub trait Provider: Send + Sync + 'static {
    /// Returns the part of model names before the slash that this provider serves: `openai` serves `openai/gpt-5-mini`.
    fn name(&self) -> &str;

    /// Returns what the endpoint supports for a model.
    ///
    /// It decides how the contract's schema is adapted before `complete` sees it. The default, [`SchemaSupport::Full`], leaves it
    /// unchanged. By default a prompt with attachments is refused: set [`media`](Capabilities::media) if `complete` sends them.
    fn capabilities(&self, model: &Model) -> Capabilities {
        let _ = model;
        Capabilities::default()
    }

    /// Asks the model once.
    ///
    /// # Errors
    ///
    /// Returns the [kind](FailureKind) that fits best, with the tokens used despite the failure.
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>>;

    /// Asks the model once, and puts the pieces of its answer into `deltas` while they arrive.
    ///
    /// The reply is the same as that of [`complete`](Self::complete), which the default calls: then no pieces arrive.
    ///
    /// # Errors
    ///
    /// Like [`complete`](Self::complete). Pieces of an answer that fails later are not taken back.
    fn stream<'a>(&'a self, request: &'a Request, deltas: &'a Deltas) -> BoxFuture<'a, Result<Reply, Failure>> {
        let _ = deltas;
        self.complete(request)
    }

    /// Returns host and port of the endpoint, if it has one; used in spans.
    fn address(&self) -> Option<(String, u16)> {
        None
    }

    /// Wraps the provider with limits, shared by everything that uses it.
    fn limits(self, limits: Limits) -> Limited<Self>
    where
        Self: Sized,
    {
        Limited::new(self, limits)
    }
}

impl fmt::Debug for dyn Provider {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Provider({})", self.name())
    }
}

/// A shared provider.
impl<P: Provider + ?Sized> Provider for Arc<P> {
    fn name(&self) -> &str {
        (**self).name()
    }

    fn capabilities(&self, model: &Model) -> Capabilities {
        (**self).capabilities(model)
    }

    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>> {
        (**self).complete(request)
    }

    fn stream<'a>(&'a self, request: &'a Request, deltas: &'a Deltas) -> BoxFuture<'a, Result<Reply, Failure>> {
        (**self).stream(request, deltas)
    }

    fn address(&self) -> Option<(String, u16)> {
        (**self).address()
    }
}
