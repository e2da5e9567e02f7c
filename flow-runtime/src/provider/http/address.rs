//! Checks the base URL before anything is sent.

use reqwest::Url;

use crate::provider::{Failure, FailureKind};

/// Path segments that a provider appends, or that come before those.
const ADDED: &[&str] = &["chat", "completions", "messages", "models"];

/// Parses and checks the URL of a request built from a base URL.
pub(super) fn checked(base: &str, url: &str) -> Result<Url, Failure> {
    let refused = |text: String| Failure::new(FailureKind::InvalidRequest, text);
    let base = base.trim();
    if !base.contains("://") {
        let scheme = if is_local(base) { "http" } else { "https" };
        let name = without_user(base);
        return Err(refused(format!("the base URL `{name}` has no scheme; write `{scheme}://{name}`")));
    }
    let parsed = Url::parse(url.trim()).map_err(|error| refused(format!("the base URL is invalid: {error}")))?;
    if !matches!(parsed.scheme(), "http" | "https") {
        return Err(refused(format!("the base URL has the scheme `{}`; expected http or https", parsed.scheme())));
    }
    match doubled(&parsed) {
        Some(part) => {
            let text =
                format!("the base URL already contains `/{part}`, which is appended to it: the request would go to");
            Err(refused(format!("{text} {}; remove it from the base URL", shown(&parsed))))
        }
        None => Ok(parsed),
    }
}

/// A text as one segment of a path.
pub(in crate::provider) fn segment(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(byte.into()),
            byte => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

/// A URL without user, password and query.
pub(super) fn shown(url: &Url) -> String {
    let mut url = url.clone();
    // Both fail only for URLs that cannot have a user.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    url.set_query(None);
    url.to_string()
}

fn without_user(base: &str) -> &str {
    base.rsplit_once('@').map_or(base, |(_, host)| host)
}

fn is_local(base: &str) -> bool {
    let host = without_user(base).split(['/', ':']).next().unwrap_or_default();
    host == "localhost" || host.ends_with(".local") || host.parse::<std::net::IpAddr>().is_ok()
}

/// The part of a path that is repeated directly, as in `/v1/chat/completions/chat/completions`.
fn doubled(url: &Url) -> Option<String> {
    let path: Vec<_> = url.path_segments()?.filter(|segment| !segment.is_empty()).collect();
    if let Some(action) = path.iter().rev().skip(1).find(|segment| is_action(segment)) {
        return Some((*action).to_owned());
    }
    let lengths = (1..=path.len() / 2).rev();
    let found = lengths.flat_map(|length| path.windows(2 * length).map(move |window| window.split_at(length)));
    let mut twice = found.filter(|(one, other)| one == other).map(|(one, _)| one);
    twice.find(|part| part.len() > 1 || is_added(part[0])).map(|part| part.join("/"))
}

fn is_action(segment: &str) -> bool {
    segment.ends_with(":generateContent") || segment.ends_with(":streamGenerateContent")
}

fn is_added(segment: &str) -> bool {
    let version =
        segment.strip_prefix('v').is_some_and(|rest| rest.starts_with(|letter: char| letter.is_ascii_digit()));
    version || ADDED.contains(&segment)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(base: &str, url: &str) -> Option<String> {
        checked(base, url).err().map(|failure| failure.message)
    }

    #[test]
    fn a_base_url_without_a_scheme_is_told_the_one_to_write() {
        for (base, right) in [
            ("localhost:8080/v1", "http://localhost:8080/v1"),
            ("127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("api.example.com/v1", "https://api.example.com/v1"),
            ("user:secret@api.example.com", "https://api.example.com"),
        ] {
            let text = refusal(base, &format!("{base}/chat/completions")).unwrap();
            assert!(text.ends_with(&format!("has no scheme; write `{right}`")), "{text}");
            assert!(!text.contains("secret"), "{text}");
        }
        assert!(refusal("ftp://a/v1", "ftp://a/v1/chat/completions").unwrap().contains("`ftp`"));
    }

    #[test]
    fn a_path_that_stands_there_twice_is_named() {
        for (url, part) in [
            ("http://a/v1/chat/completions/chat/completions", "`/chat/completions`"),
            ("http://a/v1/v1/chat/completions", "`/v1`"),
            ("http://a/v1/chat/chat/completions", "`/chat`"),
            ("http://a/v1/messages/v1/messages", "`/v1/messages`"),
            ("http://a/v1beta/models/v1beta/models/m:generateContent", "`/v1beta/models`"),
            ("http://a/v1beta/models/m:generateContent/v1beta/models/m:generateContent", "`/m:generateContent`"),
            ("http://a/models/m:streamGenerateContent/models/m:streamGenerateContent", "`/m:streamGenerateContent`"),
        ] {
            let text = refusal("http://a", url).unwrap();
            assert!(text.contains(part) && text.contains(url), "{text}");
        }
        for url in ["http://a/v1/chat/completions", "http://a/b/b/v1/messages", "http://a/openai/v1/chat/completions"] {
            assert_eq!(refusal("http://a", url), None, "{url}");
        }
    }

    #[test]
    fn a_segment_has_no_characters_with_a_meaning() {
        let id = "us.anthropic.claude-sonnet-4-5-20250929-v1:0";
        assert_eq!(segment(id), "us.anthropic.claude-sonnet-4-5-20250929-v1%3A0");
        assert_eq!(segment("arn:aws:bedrock:a/b?c é"), "arn%3Aaws%3Abedrock%3Aa%2Fb%3Fc%20%C3%A9");
    }

    #[test]
    fn what_is_shown_has_no_credentials() {
        let url = Url::parse("https://me:secret@a/v1?key=secret").unwrap();
        assert_eq!(shown(&url), "https://a/v1");
    }
}
