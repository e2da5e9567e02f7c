//! Signatures of requests to AWS, version 4.

use std::time::SystemTime;

use aws_credential_types::Credentials;
use aws_sigv4::http_request::{SignableBody, SignableRequest, SigningSettings, sign};
use aws_sigv4::sign::v4;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};

use super::credentials::AwsCredentials;
use crate::provider::{Failure, FailureKind};

/// What a request is signed for.
#[derive(Clone, Copy)]
pub(super) struct Scope<'a> {
    pub(super) region: &'a str,
    pub(super) service: &'a str,
    pub(super) time: SystemTime,
}

/// The headers that sign a POST.
pub(super) fn headers(
    url: &str,
    body: &[u8],
    credentials: &AwsCredentials,
    scope: Scope<'_>,
) -> Result<HeaderMap, Failure> {
    let session = credentials.session.as_ref().map(|token| token.reveal().to_owned());
    let identity = Credentials::new(&credentials.id, &credentials.secret, session, None, "flow").into();
    let parameters = v4::SigningParams::builder()
        .identity(&identity)
        .region(scope.region)
        .name(scope.service)
        .time(scope.time)
        .settings(SigningSettings::default())
        .build()
        .map_err(unsigned)?
        .into();
    let request = SignableRequest::new("POST", url, std::iter::empty(), SignableBody::Bytes(body)).map_err(unsigned)?;
    let (instructions, _) = sign(request, &parameters).map_err(unsigned)?.into_parts();
    let (signed, _) = instructions.into_parts();
    signed.iter().map(|header| pair(header.name(), header.value())).collect()
}

fn pair(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Failure> {
    let (name, mut value) =
        (HeaderName::try_from(name).map_err(unsigned)?, HeaderValue::try_from(value).map_err(unsigned)?);
    value.set_sensitive(true);
    Ok((name, value))
}

fn unsigned(error: impl std::fmt::Display) -> Failure {
    Failure::new(FailureKind::InvalidRequest, format!("the request cannot be signed: {error}"))
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    /// The credentials, scope and time of the test suite.
    const SCOPE: Scope<'_> = Scope { region: "us-east-1", service: "service", time: SystemTime::UNIX_EPOCH };
    /// 2015-08-30T12:36:00Z.
    const TIME: Duration = Duration::from_secs(1_440_938_160);
    const TOKEN: &str = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";

    fn authorization(url: &str, body: &str, credentials: &AwsCredentials) -> String {
        let scope = Scope { time: SystemTime::UNIX_EPOCH + TIME, ..SCOPE };
        let headers = headers(url, body.as_bytes(), credentials, scope).unwrap();
        assert_eq!(headers["x-amz-date"], "20150830T123600Z");
        headers["authorization"].to_str().unwrap().to_owned()
    }

    fn example() -> AwsCredentials {
        AwsCredentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
    }

    /// `post-vanilla` and `post-sts-header-before` of the test suite that AWS publishes for signature version 4.
    #[test]
    fn the_signatures_are_those_of_the_test_suite() {
        for (credentials, headers, signature) in [
            (example(), "host;x-amz-date", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
            (
                example().session_token(TOKEN),
                "host;x-amz-date;x-amz-security-token",
                "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
            ),
        ] {
            let expected = format!(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, SignedHeaders={headers}, \
                 Signature={signature}"
            );
            assert_eq!(authorization("https://example.amazonaws.com/", "", &credentials), expected);
        }
    }

    /// The path is encoded once more than it is sent, as for every service but S3. The signature was computed from the documentation.
    #[test]
    fn an_encoded_id_is_signed_as_documented() {
        let scope = Scope { service: "bedrock", time: SystemTime::UNIX_EPOCH + TIME, ..SCOPE };
        let url = "https://example.amazonaws.com/model/amazon.nova-lite-v1%3A0/converse";
        let signed = headers(url, b"{}", &example(), scope).unwrap();
        let signature = "Signature=3c2c8c91db8d3ca9079c887e01c1d66fe3c8dcee2c5037ac55c44ff00d2a8dac";
        assert!(signed["authorization"].to_str().unwrap().ends_with(signature), "{signed:?}");
    }
}
