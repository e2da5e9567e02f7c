//! Requests signed by credentials.

use flow_runtime::provider::{AwsCredentials, FailureKind};

use super::*;

fn example() -> AwsCredentials {
    AwsCredentials::new("AKIDEXAMPLE", "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY")
}

async fn server() -> Server {
    let body = said(json!([{"text": "Paris"}]), "end_turn").to_string();
    Server::start([Script::Bytes(response("200 OK", "", &body))]).await
}

#[tokio::test]
async fn a_request_is_signed_for_its_region() {
    let server = server().await;
    let bedrock = Bedrock::signed("eu-central-1", example().session_token("session-4711")).base_url(&server.url);
    bedrock.complete(&question(CLAUDE)).await.unwrap();
    let head = server.only().head;
    let line =
        |name: &str| head.lines().find_map(|line| line.strip_prefix(name)).unwrap_or_else(|| panic!("{name} {head}"));
    let day = line("x-amz-date: ").split('t').next().unwrap();
    let authorization = line("authorization: ");
    let start = format!(
        "aws4-hmac-sha256 credential=akidexample/{day}/eu-central-1/bedrock/aws4_request, \
         signedheaders=host;x-amz-date;x-amz-security-token, signature="
    );
    assert_eq!(authorization.strip_prefix(&start).map(str::len), Some(64), "{authorization}");
    assert_eq!(line("x-amz-security-token: "), "session-4711");
}

#[tokio::test]
async fn credentials_come_from_a_source_and_are_hidden() {
    let body = json!({"message": "The token session-4711-0815 included in the request is expired"}).to_string();
    let server = Server::start([Script::Bytes(response("403 Forbidden", "", &body))]).await;
    let source = || async { Ok(example().session_token("session-4711-0815")) };
    let bedrock = Bedrock::signed("us-east-1", source).base_url(&server.url);
    let failure = bedrock.complete(&question(CLAUDE)).await.unwrap_err();
    assert_eq!(failure.kind, FailureKind::Unauthorized);
    let shown = format!("{failure:?} {bedrock:?} {:?}", example().session_token("session-4711-0815"));
    assert!(!shown.contains("session-4711") && !shown.contains("wJalr") && shown.contains("[key]"), "{shown}");

    let failing = || async { Err(Failure::new(FailureKind::Transport, "the role cannot be assumed")) };
    let bedrock = Bedrock::signed("us-east-1", failing).base_url(&server.url);
    assert_eq!(bedrock.complete(&question(CLAUDE)).await.unwrap_err().message, "the role cannot be assumed");
    assert_eq!(server.seen().len(), 1, "without credentials nothing is sent");
}
