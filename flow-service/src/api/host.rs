//! Rejects requests for other hosts: a web page can point its own host name at this machine (DNS rebinding).

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::header::HOST;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use crate::problem::{Kind, Problem};

pub(super) async fn check(request: Request, next: Next) -> Response {
    let Some(host) = foreign(&request) else { return next.run(request).await };
    let text = format!("the request is for host `{host}`; this service accepts only localhost, 127.0.0.1 and [::1]");
    Problem::new(Kind::WrongHost, text).into_response()
}

/// The foreign host in the header or the target, if any. A request without a host does not come from a browser.
fn foreign(request: &Request) -> Option<String> {
    let header = request.headers().get(HOST).map(|host| host.to_str().unwrap_or_default());
    let target = request.uri().authority().map(|authority| authority.as_str());
    header.into_iter().chain(target).find(|host| !is_this_machine(host)).map(str::to_owned)
}

fn is_this_machine(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) && !name.ends_with(':') => name,
        _ => host,
    };
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    name.eq_ignore_ascii_case("localhost") || address.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_this_machine_are_told_from_others() {
        for host in ["localhost", "LOCALHOST:80", "127.0.0.1:8080", "127.1.2.3", "[::1]:8080", "[::1]"] {
            assert!(is_this_machine(host), "{host}");
        }
        for host in ["", "example.com", "localhost.example.com:80", "10.0.0.1:8080", "127.0.0.1.example.com", "[::2]:1"]
        {
            assert!(!is_this_machine(host), "{host}");
        }
    }
}
