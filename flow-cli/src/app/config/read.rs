//! Reads `flow.toml`, and reports errors by line and column.

use flow_runtime::media::MediaKind;
use flow_runtime::provider::{EffortLevels, Limits, MediaKinds, Model, Price, SchemaSupport};
use toml::de::DeTable;

use super::file::{File, Served};
use super::refuse::{unknown, url};
use super::server::server;
use super::value::{Entry, Wrong, entries};

/// Parses the text of a configuration file.
///
/// # Errors
///
/// Returns the first error as `line:column: text`.
pub(super) fn file(text: &str) -> Result<File, String> {
    let parsed = DeTable::parse(text).map_err(|error| {
        let at = error.span().unwrap_or(0..0);
        Wrong::new(at, error.message()).within(text)
    })?;
    root(&entries(parsed.get_ref())).map_err(|wrong| wrong.within(text))
}

fn root(entries: &[Entry<'_>]) -> Result<File, Wrong> {
    const KEYS: [&str; 7] = ["concurrency", "journal", "max_cost", "mcp", "models", "prices", "providers"];
    let mut file = File::default();
    for entry in entries {
        match entry.key {
            "concurrency" => file.concurrency = Some(size(entry)?),
            "journal" => file.journal = Some(entry.text("the name of a file, such as \"flow.db\"")?.into()),
            "max_cost" => file.max_cost = Some(entry.dollars()?),
            "mcp" => file.servers = entry.table()?.iter().map(server).collect::<Result<_, _>>()?,
            "models" => file.models = entry.table()?.iter().map(model).collect::<Result<_, _>>()?,
            "prices" => file.prices = entry.table()?.iter().map(price).collect::<Result<_, _>>()?,
            "providers" => file.providers = entry.table()?.iter().map(provider).collect::<Result<_, _>>()?,
            _ => return Err(unknown(entry, "the configuration", &KEYS, "NAME")),
        }
    }
    Ok(file)
}

/// `fast = "anthropic/claude-haiku-4-5"`
fn model(entry: &Entry<'_>) -> Result<(String, String), Wrong> {
    const EXPECTED: &str = "a model, such as \"openai/gpt-5-mini\"";
    let model = entry.text(EXPECTED)?;
    model.parse::<Model>().map_err(|_| entry.wrong(EXPECTED))?;
    Ok((entry.key.to_owned(), model.to_owned()))
}

/// `"openai/gpt-5-mini" = { input = "0.25", output = "2" }`, in dollars per million tokens.
fn price(entry: &Entry<'_>) -> Result<(String, Price), Wrong> {
    const KEYS: [&str; 4] = ["cache_write", "cached", "input", "output"];
    entry.key.parse::<Model>().map_err(|_| {
        Wrong::new(entry.key_at.at(), format!("invalid model `{}` in `prices`: expected `provider/name`", entry.key))
    })?;
    let (mut input, mut output, mut cached, mut cache_write) = (None, None, None, None);
    for part in entry.table()? {
        let place = match part.key {
            "input" => &mut input,
            "output" => &mut output,
            "cached" => &mut cached,
            "cache_write" => &mut cache_write,
            _ => return Err(unknown(&part, "a price", &KEYS, entry.key)),
        };
        *place = Some(part.dollars()?);
    }
    let (Some(input), Some(output)) = (input, output) else {
        let text = format!("the price of `{}` needs `input` and `output`, in dollars per million tokens", entry.key);
        return Err(Wrong::new(entry.key_at.at(), text));
    };
    let mut price = Price::FREE;
    (price.input, price.output, price.cached, price.cache_write) = (input, output, cached, cache_write);
    Ok((entry.key.to_owned(), price))
}

fn provider(entry: &Entry<'_>) -> Result<Served, Wrong> {
    const KEYS: [&str; 7] =
        ["base_url", "concurrency", "effort", "media", "requests_per_minute", "schema", "tokens_per_minute"];
    let mut served = Served { name: entry.key.to_owned(), ..Served::default() };
    let mut limits = Limits::new();
    for part in entry.table()? {
        limits = match part.key {
            "base_url" => {
                served.base_url = Some(url(&part)?);
                continue;
            }
            "effort" => {
                served.effort = Some(effort(&part)?);
                continue;
            }
            "media" => {
                served.media = Some(media(&part)?);
                continue;
            }
            "schema" => {
                served.schema = Some(schema(&part)?);
                continue;
            }
            "concurrency" => limits.concurrency(size(&part)?),
            "requests_per_minute" => limits.requests_per_minute(size(&part)?),
            "tokens_per_minute" => limits.tokens_per_minute(part.count()?),
            _ => return Err(unknown(&part, "a provider", &KEYS, entry.key)),
        };
    }
    served.limits = Some(limits).filter(|limits| *limits != Limits::new());
    Ok(served)
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

fn size(entry: &Entry<'_>) -> Result<usize, Wrong> {
    usize::try_from(entry.count()?).map_err(|_| entry.wrong("a number within the range of this machine"))
}

#[cfg(test)]
mod tests {
    use flow_runtime::money::Money;

    use super::*;
    use crate::app::config::file::{Given, McpServer, Way};

    #[test]
    fn everything_that_may_be_said() {
        let text = r#"
            concurrency = 8
            journal = "flow.db"
            max_cost = "$20"
            [models]
            fast = "anthropic/claude-haiku-4-5"
            [providers.acme]
            base_url = "http://127.0.0.1:8080/v1"
            requests_per_minute = 500
            schema = "json"
            effort = ["low", "high"]
            media = ["image", "pdf"]
            tokens_per_minute = 200_000
            concurrency = 4
            [prices]
            "acme/large" = { input = 1.25, output = "10", cached = "0.125" }
            [mcp.files]
            command = ["npx", "server-files", { env = "FILES" }]
            env = { LEVEL = "debug" }
            start_timeout = "2m"
            [mcp.tracker]
            url = "https://example.org/mcp"
            headers = { Authorization = { env = "TRACKER_TOKEN", prefix = "Bearer " } }
        "#;
        let limits = Limits::new().requests_per_minute(500).tokens_per_minute(200_000).concurrency(4);
        let expected = File {
            concurrency: Some(8),
            journal: Some("flow.db".into()),
            max_cost: Some(Money::usd("20")),
            models: vec![("fast".into(), "anthropic/claude-haiku-4-5".into())],
            providers: vec![Served {
                name: "acme".into(),
                base_url: Some("http://127.0.0.1:8080/v1".into()),
                schema: Some("json".into()),
                effort: Some("low,high".into()),
                media: Some("image,pdf".into()),
                limits: Some(limits),
            }],
            servers: vec![
                McpServer {
                    name: "files".into(),
                    way: Way::Command {
                        program: "npx".into(),
                        arguments: vec![
                            Given::Text("server-files".into()),
                            Given::Variable { name: "FILES".into(), prefix: String::new() },
                        ],
                        env: vec![("LEVEL".into(), Given::Text("debug".into()))],
                    },
                    start_timeout: Some(std::time::Duration::from_secs(120)),
                },
                McpServer {
                    name: "tracker".into(),
                    way: Way::Http {
                        url: Given::Text("https://example.org/mcp".into()),
                        headers: vec![(
                            "Authorization".into(),
                            Given::Variable { name: "TRACKER_TOKEN".into(), prefix: "Bearer ".into() },
                        )],
                    },
                    start_timeout: None,
                },
            ],
            prices: vec![("acme/large".into(), Price::per_million("1.25", "10").cached("0.125"))],
        };
        assert_eq!(file(text), Ok(expected));
        assert_eq!(file(""), Ok(File::default()));
    }

    #[test]
    fn what_is_wrong_is_told_by_line_and_column_with_the_way_out() {
        for (text, told) in [
            ("\nconcurency = 3", "2:1: unknown key `concurency` in the configuration; did you mean `concurrency`?"),
            (
                "x = 1",
                "1:1: unknown key `x` in the configuration: expected `concurrency`, `journal`, `max_cost`, `mcp`, `models`, `prices`, `providers`",
            ),
            ("concurrency = 0", "1:15: invalid `concurrency`: expected a whole number above 0, found 0"),
            (
                "max_cost = \"much\"",
                "1:12: invalid `max_cost`: expected an amount in dollars, such as \"$0.50\" or 20, found \"much\"",
            ),
            ("models = 3", "1:10: invalid `models`: expected a table, found 3"),
            (
                "[models]\nfast = \"gpt\"",
                "2:8: invalid `fast`: expected a model, such as \"openai/gpt-5-mini\", found \"gpt\"",
            ),
            (
                "[providers.openai]\nrequest_per_minute = 1",
                "2:1: unknown key `request_per_minute` in a provider; did you mean `requests_per_minute`?",
            ),
            (
                "[prices]\n\"a/b\" = { input = 1 }",
                "2:1: the price of `a/b` needs `input` and `output`, in dollars per million tokens",
            ),
            (
                "[prices]\nlarge = { input = 1, output = 1 }",
                "2:1: invalid model `large` in `prices`: expected `provider/name`",
            ),
            (
                "[providers.x]\neffort = [\"low\", \"lots\"]",
                "2:10: unknown effort level `lots`: expected `none`, `minimal`, `low`, `default`, `medium`, `high`, `xhigh`, `max`",
            ),
            (
                "[providers.x]\neffort = \"low\"",
                "2:10: invalid `effort`: expected a list of effort levels, such as [\"low\", \"high\"], found \"low\"",
            ),
            (
                "[providers.x]\nmedia = [\"image\", \"video\"]",
                "2:9: unknown kind of attachments `video`: expected `image`, `audio`, `pdf`",
            ),
            (
                "[providers.x]\nschema = \"josn\"",
                "2:10: invalid `schema`: expected a kind of schema support, such as \"json\", \"none\" or \"strict\", found \"josn\"",
            ),
            ("[mcp.x]\ncomand = [\"npx\"]", "2:1: unknown key `comand` in a server; did you mean `command`?"),
            ("[mcp.x]", "1:6: the server `x` needs `command`, the program and its arguments, or `url`"),
            (
                "[mcp.x]\ncommand = [\"npx\"]\nurl = \"http://a\"",
                "1:6: the server `x` has both `command` and `url`: remove one of them",
            ),
            (
                "[mcp.x]\nurl = \"http://a\"\nenv = {}",
                "3:1: `env` belongs to a `command`, but the server `x` has a `url`",
            ),
            (
                "[mcp.\"a/b\"]\ncommand = [\"npx\"]",
                "1:6: invalid server name `a/b`: expected ASCII letters, digits, `_` and `-`",
            ),
            (
                "[mcp.x]\ncommand = []",
                "2:11: invalid `command`: expected the program and its arguments, such as [\"npx\", \"server\"], found an array",
            ),
            (
                "[mcp.x]\nurl = \"http://a\"\nheaders = { a = { evn = \"A\" } }",
                "3:19: unknown key `evn` in a value; did you mean `env`?",
            ),
            (
                "[mcp.x]\ncommand = [\"a\"]\nstart_timeout = \"soon\"",
                "3:17: invalid `start_timeout`: expected a duration, such as \"30s\", found \"soon\"",
            ),
            (
                "[providers.x]\nbase_url = \"here\"",
                "2:12: invalid `base_url`: expected a URL, such as \"http://127.0.0.1:8080/v1\", found \"here\"",
            ),
        ] {
            assert_eq!(file(text).unwrap_err(), told);
        }
        assert!(file("a = [").unwrap_err().starts_with("1:"));
    }

    #[test]
    fn a_secret_is_refused_and_not_repeated() {
        for (text, variable) in [
            ("[providers.openai]\napi_key = \"sk-123\"", "set OPENAI_API_KEY in the environment"),
            ("[providers.my-server]\nAPI-Key = \"sk-123\"", "set FLOW_MY_SERVER_API_KEY in the environment"),
            ("openai_api_key = \"sk-123\"", "in the environment"),
            (
                "[mcp.x]\nurl = \"http://a\"\nheaders = { Authorization = \"sk-123\" }",
                "write `Authorization = { env = \"NAME\" }`, and set NAME in the environment",
            ),
            (
                "[mcp.x]\ncommand = [\"a\"]\nenv = { GITHUB_TOKEN = \"sk-123\" }",
                "write `GITHUB_TOKEN = { env = \"NAME\" }`, and set NAME in the environment",
            ),
            ("[providers.openai]\nbase_url = \"https://me:sk-123@host/v1\"", "in the environment"),
        ] {
            let told = file(text).unwrap_err();
            assert!(told.ends_with(variable) && told.contains("secrets do not belong in this file"), "{told}");
            assert!(!told.contains("sk-123"), "{told}");
        }
    }
}
