//! An interrupt signal stops a service. Signals reach the whole process, so this test has its own.
#![cfg(unix)]

use std::process::{Command, id};

use flow::prelude::*;
use flow::service::Service;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

#[step]
async fn one() -> Result<u8> {
    Ok(1)
}

#[workflow]
async fn unit() -> Result<u8> {
    one().await
}

#[tokio::test]
async fn an_interruption_stops_the_service_and_not_the_process() {
    let server = Service::new(Runtime::builder()).workflow(unit).bind(([127, 0, 0, 1], 0).into()).await.unwrap();
    let at = server.address();
    let stopped = tokio::spawn(server.until_interrupted());
    // Once the service answers, it also listens for signals.
    let mut stream = TcpStream::connect(at).await.unwrap();
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n").await.unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 200 "), "{answer}");

    assert!(Command::new("kill").args(["-INT", &id().to_string()]).status().unwrap().success());
    assert_eq!(stopped.await.unwrap().cancelled, 0);
    assert!(TcpStream::connect(at).await.is_err(), "it still listens");
}
