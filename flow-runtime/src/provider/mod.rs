//! Providers: a model's API. A provider speaks one wire format; schemas are lowered and answers validated outside it.

use std::fmt;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

mod answer;
#[cfg(feature = "providers")]
#[allow(
    clippy::result_large_err,
    reason = "a failure comes once in an attempt over the network, and tells all about it"
)]
mod anthropic;
mod capabilities;
pub(crate) mod environment;
mod failure;
#[cfg(feature = "providers")]
#[allow(
    clippy::result_large_err,
    reason = "a failure comes once in an attempt over the network, and tells all about it"
)]
mod gemini;
#[cfg(feature = "providers")]
#[allow(
    clippy::result_large_err,
    reason = "a failure comes once in an attempt over the network, and tells all about it"
)]
mod http;
mod limits;
mod lower;
mod model;
mod offline;
#[cfg(feature = "providers")]
#[allow(
    clippy::result_large_err,
    reason = "a failure comes once in an attempt over the network, and tells all about it"
)]
mod openai;
mod reply;
mod request;

pub use answer::{Unreadable, read_answer};
#[cfg(feature = "providers")]
pub use anthropic::Anthropic;
pub use capabilities::{Capabilities, SchemaSupport};
pub use environment::{FromEnvError, provider_from};
pub use failure::{Failure, FailureKind};
#[cfg(feature = "providers")]
pub use gemini::Gemini;
pub use limits::{Limited, Limits};
pub(crate) use lower::size::too_large;
pub use lower::{Dropped, Lowered, lower};
pub use model::{Effort, Model, ParseModelError};
pub use offline::{Offline, fill};
#[cfg(feature = "providers")]
pub use openai::OpenAi;
pub use reply::{Reply, Usage};
pub use request::{AnswerSchema, Request};

/// A boxed future that can move between threads.
pub type BoxFuture<'a, T> = Pin<Box<dyn Future<Output = T> + Send + 'a>>;

/// An API that answers prompts.
///
/// A provider does one attempt: it MUST NOT retry, and it MUST NOT validate the answer against the contract; both are
/// done by the engine, which records every attempt. It MUST send only those parameters of the model that are set, and
/// it MUST tell failures apart, because their [kind](FailureKind) decides whether the engine tries again. Dropping the
/// future cancels the request.
///
/// # Writing one
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
///             let words = message.content.split_whitespace().count() as u64;
///             Ok(Reply::new(&message.content).usage(Usage::new(words, words)))
///         })
///     }
/// }
///
/// # tokio::runtime::Builder::new_current_thread().build().unwrap().block_on(async {
/// let request = Request::new(Model::new("parrot/grey"), Prompt::user("Polly wants a cracker"));
/// let reply = Parrot.complete(&request).await.unwrap();
/// assert_eq!(reply.text, "Polly wants a cracker");
/// assert_eq!(reply.usage.output_tokens, Some(4));
/// # });
/// ```
pub trait Provider: Send + Sync + 'static {
    /// The part of a model's name before the slash that this provider serves: `openai` serves `openai/gpt-5-mini`.
    fn name(&self) -> &str;

    /// What the endpoint can do with a schema. It decides how the contract's schema is lowered before `complete` sees
    /// it.
    fn capabilities(&self, model: &Model) -> Capabilities {
        let _ = model;
        Capabilities::default()
    }

    /// Asks the model once.
    fn complete<'a>(&'a self, request: &'a Request) -> BoxFuture<'a, Result<Reply, Failure>>;

    /// The provider, asked for no more than this by all that share it.
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

/// A provider that others hold as well.
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
}
