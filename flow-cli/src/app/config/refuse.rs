//! Keys and values that the file cannot have.

use flow_base::near::did_you_mean;
use flow_runtime::provider::spelled;

use super::value::{Entry, Wrong};

/// Keys that suggest a secret, and words that do so inside a key.
const SECRETS: [&str; 4] = ["apikey", "auth", "bearer", "token"];
const SECRET_WORDS: [&str; 3] = ["key", "password", "secret"];

/// A URL without credentials.
pub(super) fn url(entry: &Entry<'_>) -> Result<String, Wrong> {
    const EXPECTED: &str = "a URL, such as \"http://127.0.0.1:8080/v1\"";
    let url = entry.text(EXPECTED)?;
    let rest =
        url.strip_prefix("http://").or_else(|| url.strip_prefix("https://")).ok_or_else(|| entry.wrong(EXPECTED))?;
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    if host.contains('@') {
        // The value contains the secret, so it must not appear in the message.
        let text = format!(
            "`{}` contains a password, and secrets do not belong in this file; remove it, and set the key in the environment",
            entry.key
        );
        return Err(Wrong::new(entry.key_at.at(), text));
    }
    Ok(url.to_owned())
}

/// Error for an unknown key. If it looks like a secret, names the variable to set; never shows the value.
pub(super) fn unknown(entry: &Entry<'_>, whose: &str, keys: &[&str], provider: &str) -> Wrong {
    let text = if is_secret(entry.key) {
        let name = spelled(provider);
        let variable = match provider {
            "azure" => "AZURE_OPENAI_API_KEY".to_owned(),
            "bedrock" => "AWS_BEARER_TOKEN_BEDROCK".to_owned(),
            "openai" | "anthropic" | "gemini" => format!("{name}_API_KEY"),
            "vertex" => "GOOGLE_OAUTH_ACCESS_TOKEN".to_owned(),
            _ => format!("FLOW_{name}_API_KEY"),
        };
        format!(
            "`{}` looks like a secret, and secrets do not belong in this file; set {variable} in the environment",
            entry.key
        )
    } else {
        let near = did_you_mean(entry.key, keys.iter().copied());
        let known = if near.is_empty() { format!(": expected `{}`", keys.join("`, `")) } else { near };
        format!("unknown key `{}` in {whose}{known}", entry.key)
    };
    Wrong::new(entry.key_at.at(), text)
}

/// Whether a key is the name of a secret.
pub(super) fn is_secret(key: &str) -> bool {
    let plain = key.to_lowercase().replace('-', "_");
    SECRETS.contains(&plain.as_str()) || plain.split('_').any(|word| SECRET_WORDS.contains(&word))
}
