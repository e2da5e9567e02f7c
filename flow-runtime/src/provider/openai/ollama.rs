//! The address of Ollama.

use crate::provider::environment::{Variables, text};

/// The base URL from the variables: `OLLAMA_BASE_URL` unchanged, `OLLAMA_HOST` interpreted as Ollama does.
///
/// A host may omit scheme, port and even the host name: `:8080`, `gpu.local`, `https://ollama.example`. `0.0.0.0` is an address to
/// listen on, not to connect to.
/// Source: `envconfig.Host` of Ollama, <https://github.com/ollama/ollama/blob/main/envconfig/config.go>, 2026-11-24.
pub(super) fn url(variables: Variables<'_>) -> String {
    let base = text(variables, "OLLAMA_BASE_URL").unwrap_or_else(|| from_host(text(variables, "OLLAMA_HOST")));
    let base = base.trim_end_matches('/');
    if base.ends_with("/v1") { base.to_owned() } else { format!("{base}/v1") }
}

fn from_host(host: Option<String>) -> String {
    let whole = host.unwrap_or_default();
    let whole = whole.trim_matches(['"', '\'']).trim();
    let (scheme, rest) = whole.split_once("://").map_or((None, whole), |(scheme, rest)| (Some(scheme), rest));
    let (authority, path) = rest.find('/').map_or((rest, ""), |at| rest.split_at(at));
    // A colon inside brackets is part of an IPv6 address.
    let colon = authority.rfind(':').filter(|at| !authority[*at..].contains(']'));
    let (host, port) = colon.map_or((authority, None), |at| (&authority[..at], Some(&authority[at + 1..])));
    let host = match host {
        "" => "localhost",
        "0.0.0.0" => "127.0.0.1",
        "[::]" => "[::1]",
        host => host,
    };
    let port = port.unwrap_or(match scheme {
        Some("https") => "443",
        Some(_) => "80",
        None => "11434",
    });
    format!("{}://{host}:{port}{}", scheme.unwrap_or("http"), path.trim_end_matches('/'))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn by_host(host: &str) -> String {
        url(&|name| (name == "OLLAMA_HOST").then(|| host.to_owned()))
    }

    #[test]
    fn a_host_is_read_as_ollama_reads_it() {
        for (host, expected) in [
            ("", "http://localhost:11434/v1"),
            ("gpu.local", "http://gpu.local:11434/v1"),
            ("0.0.0.0", "http://127.0.0.1:11434/v1"),
            ("'10.0.0.7'", "http://10.0.0.7:11434/v1"),
            (":8080", "http://localhost:8080/v1"),
            ("10.0.0.7:8080", "http://10.0.0.7:8080/v1"),
            ("[::1]", "http://[::1]:11434/v1"),
            ("[::]:8080", "http://[::1]:8080/v1"),
            ("http://gpu.local", "http://gpu.local:80/v1"),
            ("https://ollama.example/proxy/", "https://ollama.example:443/proxy/v1"),
        ] {
            assert_eq!(by_host(host), expected, "{host}");
        }
    }

    #[test]
    fn a_base_url_goes_before_the_host_and_keeps_its_version() {
        let both = |name: &str| Some(if name == "OLLAMA_HOST" { "other" } else { "http://a:1/v1/" }.to_owned());
        assert_eq!(url(&both), "http://a:1/v1");
        assert_eq!(url(&|_| None), "http://localhost:11434/v1");
    }
}
