//! `serve` reports what it cannot do before it accepts requests.
#![cfg(feature = "cli")]

#[allow(dead_code, reason = "shared with the other tests of programs")]
mod apps;

use apps::ran;

#[cfg(not(feature = "service"))]
#[tokio::test]
async fn without_the_feature_it_says_which() {
    let (ran, _) = ran(["serve"]).await;
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.contains("`cargo add flowgate --features service`"), "{}", ran.stderr);
}

#[cfg(feature = "service")]
#[tokio::test]
async fn an_address_that_others_reach_is_refused_with_the_reason() {
    let (ran, begun) = ran(["serve", "--addr", "0.0.0.0:8080"]).await;
    assert_eq!((ran.status, begun), (2, 0));
    assert!(
        ran.stderr.starts_with("error: `--addr`: `0.0.0.0:8080` can be reached from other machines"),
        "{}",
        ran.stderr
    );
}

#[cfg(feature = "service")]
#[tokio::test]
async fn an_address_in_use_fails_and_names_it() {
    let other = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let taken = other.local_addr().unwrap().to_string();
    let (ran, _) = ran(["serve", "--offline", "--addr", &taken]).await;
    assert_eq!(ran.status, 1);
    assert!(ran.stderr.contains(&format!("the service cannot listen on `{taken}`")), "{}", ran.stderr);
}

#[cfg(all(feature = "service", feature = "providers"))]
#[tokio::test]
async fn without_a_key_nothing_is_served() {
    let (ran, _) = ran(["serve", "--addr", "127.0.0.1:0"]).await;
    let text = "error: no API key for `openai`: set OPENAI_API_KEY, or pass --offline to make answers up\n";
    assert_eq!((ran.status, ran.stderr.as_str()), (1, text));
}
