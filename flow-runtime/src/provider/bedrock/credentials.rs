//! Credentials of AWS.

use std::fmt;
use std::future::Future;

use crate::provider::http::Key;
use crate::provider::{BoxFuture, Failure};

/// Credentials that sign requests to AWS. They never appear in output.
#[derive(Clone)]
pub struct AwsCredentials {
    pub(super) id: String,
    pub(super) secret: String,
    pub(super) session: Option<Key>,
}

impl AwsCredentials {
    /// Creates credentials from an access key, which is an id and a secret.
    pub fn new(access_key_id: impl Into<String>, secret_access_key: impl Into<String>) -> Self {
        Self { id: access_key_id.into(), secret: secret_access_key.into(), session: None }
    }

    /// Adds the session token of temporary credentials.
    #[must_use]
    pub fn session_token(mut self, token: impl AsRef<str>) -> Self {
        self.session = Key::new(token.as_ref());
        self
    }
}

impl fmt::Debug for AwsCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AwsCredentials")
    }
}

/// Where [`Bedrock`](super::Bedrock) gets its credentials: fixed ones, or a closure that returns a future, for credentials that
/// expire.
///
/// It is asked before every request, so keep credentials for as long as they are valid.
pub trait AwsCredentialsSource: Send + Sync + 'static {
    /// Returns credentials that are valid now.
    ///
    /// # Errors
    ///
    /// The failure becomes that of the request.
    fn credentials(&self) -> BoxFuture<'_, Result<AwsCredentials, Failure>>;
}

impl AwsCredentialsSource for AwsCredentials {
    fn credentials(&self) -> BoxFuture<'_, Result<AwsCredentials, Failure>> {
        Box::pin(async { Ok(self.clone()) })
    }
}

impl<F, T> AwsCredentialsSource for F
where
    F: Fn() -> T + Send + Sync + 'static,
    T: Future<Output = Result<AwsCredentials, Failure>> + Send + 'static,
{
    fn credentials(&self) -> BoxFuture<'_, Result<AwsCredentials, Failure>> {
        Box::pin(self())
    }
}
