//! Constructors, options and environment variables.

use std::env;
use std::sync::Arc;

use super::Bedrock;
use super::credentials::{AwsCredentials, AwsCredentialsSource};
use super::unstreamed::Unstreamed;
use crate::provider::environment::{FromEnvError, Variables, text};
use crate::provider::http::{Endpoint, Key, options};

const KEY: &str = "AWS_BEARER_TOKEN_BEDROCK";
const REGION: &str = "AWS_REGION";
const OTHER_REGION: &str = "AWS_DEFAULT_REGION";
const ID: &str = "AWS_ACCESS_KEY_ID";
const SECRET: &str = "AWS_SECRET_ACCESS_KEY";
const SESSION: &str = "AWS_SESSION_TOKEN";
const BASE_URL: &str = "AWS_ENDPOINT_URL_BEDROCK_RUNTIME";

impl Bedrock {
    /// Connects to a region with an API key of Bedrock.
    pub fn new(region: impl Into<String>, key: impl AsRef<str>) -> Self {
        Self::of(region.into()).key(key)
    }

    /// Connects to a region with requests signed by credentials of AWS.
    pub fn signed(region: impl Into<String>, source: impl AwsCredentialsSource) -> Self {
        Self { source: Some(Arc::new(source)), ..Self::of(region.into()) }
    }

    fn of(region: String) -> Self {
        let url = format!("https://bedrock-runtime.{region}.amazonaws.com");
        Self { endpoint: Endpoint::new("bedrock", url), region, source: None, unstreamed: Unstreamed::default() }
    }

    /// Reads `AWS_REGION` or `AWS_DEFAULT_REGION`; `AWS_BEARER_TOKEN_BEDROCK`, or else `AWS_ACCESS_KEY_ID`,
    /// `AWS_SECRET_ACCESS_KEY` and `AWS_SESSION_TOKEN`; and `AWS_ENDPOINT_URL_BEDROCK_RUNTIME`, which is optional. Profiles and
    /// roles of machines are not read.
    ///
    /// # Errors
    ///
    /// Fails if there is no region, or neither a key nor an access key.
    pub fn from_env() -> Result<Self, FromEnvError> {
        Self::from_variables(&|name| env::var(name).ok())
    }

    pub(in crate::provider) fn from_variables(variables: Variables<'_>) -> Result<Self, FromEnvError> {
        let region = text(variables, REGION).or_else(|| text(variables, OTHER_REGION));
        let region =
            region.ok_or_else(|| FromEnvError::nothing("region", "bedrock", REGION, "a region, such as us-east-1"))?;
        let mut bedrock = Self::of(region);
        bedrock.endpoint.key = text(variables, KEY).and_then(|key| Key::new(&key));
        if bedrock.endpoint.key.is_none() {
            bedrock.source = Some(Arc::new(credentials(variables)?));
        }
        Ok(match text(variables, BASE_URL) {
            Some(url) => bedrock.base_url(url),
            None => bedrock,
        })
    }

    /// Sets the URL of the API, for example that of a VPC endpoint. Requests are still signed for the region.
    #[must_use]
    pub fn base_url(mut self, base_url: impl Into<String>) -> Self {
        self.endpoint.base_url = base_url.into();
        self
    }
}

fn credentials(variables: Variables<'_>) -> Result<AwsCredentials, FromEnvError> {
    match (text(variables, ID), text(variables, SECRET)) {
        (Some(id), Some(secret)) => {
            Ok(AwsCredentials::new(id, secret).session_token(text(variables, SESSION).unwrap_or_default()))
        }
        (Some(_), None) => Err(FromEnvError::nothing("secret", "bedrock", SECRET, "the secret of the access key")),
        (None, _) => {
            let either = format!("{KEY}, or {ID} and {SECRET}");
            Err(FromEnvError::no_key("bedrock", &either))
        }
    }
}

options!(Bedrock, "bedrock");
