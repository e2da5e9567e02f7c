//! Bearer tokens that expire.

use std::fmt;
use std::future::Future;
use std::sync::Arc;

use super::http::Key;
use super::{BoxFuture, Failure, FailureKind};

/// Where a provider gets a token that expires, such as those of Microsoft Entra ID and Google Cloud.
///
/// It is asked before every request, so keep a token for as long as it is valid. A closure that returns a future is a source:
///
/// ```
/// use flow_runtime::provider::{Failure, FailureKind, Gemini};
///
/// async fn access_token() -> Result<String, std::io::Error> {
///     Ok("ya29.…".to_owned())
/// }
///
/// let vertex = Gemini::vertex("my-project", "europe-west4").token_source(|| async {
///     access_token().await.map_err(|error| Failure::new(FailureKind::Transport, format!("no token: {error}")))
/// });
/// ```
pub trait TokenSource: Send + Sync + 'static {
    /// Returns a token that is valid now.
    ///
    /// # Errors
    ///
    /// The failure becomes that of the request: [`Transport`](FailureKind::Transport) is retried,
    /// [`Unauthorized`](FailureKind::Unauthorized) is not.
    fn token(&self) -> BoxFuture<'_, Result<String, Failure>>;
}

impl<F, T> TokenSource for F
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Future<Output = Result<String, Failure>> + Send + 'static,
{
    fn token(&self) -> BoxFuture<'_, Result<String, Failure>> {
        Box::pin(self())
    }
}

/// The bearer tokens of a provider.
#[derive(Clone)]
pub(super) enum Tokens {
    Fixed(Key),
    From(Arc<dyn TokenSource>),
}

impl Tokens {
    /// The token for a request.
    pub(super) async fn next(&self) -> Result<Key, Failure> {
        match self {
            Self::Fixed(token) => Ok(token.clone()),
            Self::From(source) => Key::new(&source.token().await?)
                .ok_or_else(|| Failure::new(FailureKind::Unauthorized, "the token source returned an empty token")),
        }
    }
}

impl fmt::Debug for Tokens {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Tokens")
    }
}
