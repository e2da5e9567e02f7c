//! Settings of `[providers.NAME]` that set environment variables.

use flow_runtime::media::MediaKind;
use flow_runtime::provider::{EffortLevels, MediaKinds, SchemaSupport, spelled};

use super::refuse::unknown;
use super::value::{Entry, Wrong};

/// The keys of a provider.
const KEYS: [&str; 14] = [
    "api",
    "api_version",
    "base_url",
    "concurrency",
    "deployments",
    "effort",
    "location",
    "media",
    "project",
    "region",
    "requests_per_minute",
    "schema",
    "tokens_per_minute",
    "tools",
];

/// Keys that only one provider has.
const OWN: [(&str, &str); 5] = [
    ("api_version", "azure"),
    ("deployments", "azure"),
    ("location", "vertex"),
    ("project", "vertex"),
    ("region", "bedrock"),
];

/// Providers with a single API.
const ONE_API: [&str; 4] = ["anthropic", "bedrock", "gemini", "vertex"];

/// Reads a setting as the variable that it sets, and its value.
pub(super) fn setting(entry: &Entry<'_>, provider: &str) -> Result<(String, String), Wrong> {
    if let Some((key, owner)) = OWN.iter().find(|(key, owner)| *key == entry.key && *owner != provider) {
        let text = format!("`{key}` applies only to the provider `{owner}`, not to `{provider}`");
        return Err(Wrong::new(entry.key_at.at(), text));
    }
    let variable = |name: &str| format!("FLOW_{}_{name}", spelled(provider));
    Ok(match entry.key {
        "api" => (variable("API"), api(entry, provider)?),
        "api_version" => ("OPENAI_API_VERSION".to_owned(), word(entry, "a version, such as \"2024-10-21\"")?),
        "deployments" => (variable("DEPLOYMENTS"), deployments(entry)?),
        "effort" => (variable("EFFORT"), effort(entry)?),
        "location" => ("GOOGLE_CLOUD_LOCATION".to_owned(), word(entry, "a location, such as \"europe-west4\"")?),
        "media" => (variable("MEDIA"), media(entry)?),
        "project" => ("GOOGLE_CLOUD_PROJECT".to_owned(), word(entry, "the id of a project")?),
        "region" => ("AWS_REGION".to_owned(), word(entry, "a region, such as \"us-east-1\"")?),
        "schema" => (variable("SCHEMA"), schema(entry)?),
        "tools" => (variable("TOOLS"), entry.truth()?.to_string()),
        _ => return Err(unknown(entry, "a provider", &KEYS, provider)),
    })
}

/// `api = "responses"`: the API of an OpenAI-compatible server.
fn api(entry: &Entry<'_>, provider: &str) -> Result<String, Wrong> {
    const EXPECTED: &str = "\"chat\" or \"responses\"";
    if ONE_API.contains(&provider) {
        let text = format!("`api` applies only to OpenAI and compatible servers, not to `{provider}`");
        return Err(Wrong::new(entry.key_at.at(), text));
    }
    let name = entry.text(EXPECTED)?;
    if matches!(name, "chat" | "responses") { Ok(name.to_owned()) } else { Err(entry.wrong(EXPECTED)) }
}

/// `deployments = { fast = "gpt-5-mini" }`: which models the deployments of Azure are.
fn deployments(entry: &Entry<'_>) -> Result<String, Wrong> {
    let pairs = entry.table()?.into_iter().map(|part| {
        let model = word(&part, "the name of a model, such as \"gpt-5-mini\"")?;
        match part.key.contains([',', '=']) {
            true => {
                Err(Wrong::new(part.key_at.at(), format!("invalid deployment `{}`: it has a `,` or a `=`", part.key)))
            }
            false => Ok(format!("{}={model}", part.key)),
        }
    });
    Ok(pairs.collect::<Result<Vec<_>, _>>()?.join(","))
}

/// A text without white space and commas.
fn word(entry: &Entry<'_>, expected: &str) -> Result<String, Wrong> {
    let text = entry.text(expected)?;
    let is_word = !text.is_empty() && !text.contains(|letter: char| letter.is_whitespace() || letter == ',');
    if is_word { Ok(text.to_owned()) } else { Err(entry.wrong(expected)) }
}

/// `schema = "json"`: the schema support of an endpoint.
fn schema(entry: &Entry<'_>) -> Result<String, Wrong> {
    const EXPECTED: &str = "a kind of schema support, such as \"json\", \"none\" or \"strict\"";
    let name = entry.text(EXPECTED)?;
    SchemaSupport::named(name).map(|_| name.to_owned()).ok_or_else(|| entry.wrong(EXPECTED))
}

/// `media = ["image", "pdf"]`: the kinds of attachments an endpoint takes; empty if it takes none.
fn media(entry: &Entry<'_>) -> Result<String, Wrong> {
    const EXPECTED: &str = "a list of kinds of attachments, such as [\"image\", \"pdf\"]";
    let kinds = entry.texts(EXPECTED)?;
    MediaKinds::named(kinds.iter().copied()).map_err(|kind| {
        let known = MediaKind::ALL.map(MediaKind::name).join("`, `");
        entry.told(format!("unknown kind of attachments `{kind}`: expected `{known}`"))
    })?;
    Ok(if kinds.is_empty() { "unsupported".to_owned() } else { kinds.join(",") })
}

/// `effort = ["low", "high"]`: the effort levels an endpoint supports; empty if it supports none.
fn effort(entry: &Entry<'_>) -> Result<String, Wrong> {
    const EXPECTED: &str = "a list of effort levels, such as [\"low\", \"high\"]";
    let levels = entry.texts(EXPECTED)?;
    EffortLevels::named(levels.iter().copied()).map_err(|level| {
        let known = EffortLevels::names().collect::<Vec<_>>().join("`, `");
        entry.told(format!("unknown effort level `{level}`: expected `{known}`"))
    })?;
    Ok(if levels.is_empty() { "unsupported".to_owned() } else { levels.join(",") })
}
