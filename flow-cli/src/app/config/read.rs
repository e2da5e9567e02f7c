//! Reads `flow.toml`, and reports errors by line and column.

use flow_runtime::provider::{Limits, Model, Price};
use toml::de::DeTable;

use super::file::{File, Served};
use super::provider::setting;
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
    let mut served = Served { name: entry.key.to_owned(), ..Served::default() };
    let mut limits = Limits::new();
    for part in entry.table()? {
        match part.key {
            "base_url" => served.base_url = Some(url(&part)?),
            "concurrency" => limits = limits.concurrency(size(&part)?),
            "requests_per_minute" => limits = limits.requests_per_minute(size(&part)?),
            "tokens_per_minute" => limits = limits.tokens_per_minute(part.count()?),
            _ => served.settings.push(setting(&part, entry.key)?),
        }
    }
    served.limits = Some(limits).filter(|limits| *limits != Limits::new());
    Ok(served)
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
        let settings =
            [("FLOW_ACME_SCHEMA", "json"), ("FLOW_ACME_EFFORT", "low,high"), ("FLOW_ACME_MEDIA", "image,pdf")];
        let limits = Limits::new().requests_per_minute(500).tokens_per_minute(200_000).concurrency(4);
        let expected = File {
            concurrency: Some(8),
            journal: Some("flow.db".into()),
            max_cost: Some(Money::usd("20")),
            models: vec![("fast".into(), "anthropic/claude-haiku-4-5".into())],
            providers: vec![Served {
                name: "acme".into(),
                base_url: Some("http://127.0.0.1:8080/v1".into()),
                settings: settings.map(|(name, value)| (name.to_owned(), value.to_owned())).into(),
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
    fn settings_are_the_variables_of_their_provider() {
        let text = r#"
            [providers.azure]
            api_version = "2024-10-21"
            deployments = { fast = "gpt-5-mini", smart = "gpt-6-sol" }
            [providers.bedrock]
            region = "us-east-1"
            [providers.my-server]
            api = "responses"
            tools = false
            [providers.vertex]
            location = "europe-west4"
            project = "my-project"
        "#;
        let providers = file(text).unwrap().providers;
        let mut set: Vec<_> = providers.iter().flat_map(|provider| provider.settings.iter().cloned()).collect();
        set.sort();
        let expected = [
            ("AWS_REGION", "us-east-1"),
            ("FLOW_AZURE_DEPLOYMENTS", "fast=gpt-5-mini,smart=gpt-6-sol"),
            ("FLOW_MY_SERVER_API", "responses"),
            ("FLOW_MY_SERVER_TOOLS", "false"),
            ("GOOGLE_CLOUD_LOCATION", "europe-west4"),
            ("GOOGLE_CLOUD_PROJECT", "my-project"),
            ("OPENAI_API_VERSION", "2024-10-21"),
        ];
        assert_eq!(set, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
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
                "[providers.bedrock]\nproject = \"p\"",
                "2:1: `project` applies only to the provider `vertex`, not to `bedrock`",
            ),
            (
                "[providers.vertex]\napi = \"chat\"",
                "2:1: `api` applies only to OpenAI and compatible servers, not to `vertex`",
            ),
            (
                "[providers.x]\napi = \"completions\"",
                "2:7: invalid `api`: expected \"chat\" or \"responses\", found \"completions\"",
            ),
            ("[providers.x]\ntools = \"no\"", "2:9: invalid `tools`: expected true or false, found \"no\""),
            (
                "[providers.azure]\ndeployments = { fast = \"\" }",
                "2:24: invalid `fast`: expected the name of a model, such as \"gpt-5-mini\", found \"\"",
            ),
            (
                "[providers.azure]\ndeployments = { \"a=b\" = \"gpt-5\" }",
                "2:17: invalid deployment `a=b`: it has a `,` or a `=`",
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
            ("[providers.azure]\nkey = \"sk-123\"", "set AZURE_OPENAI_API_KEY in the environment"),
            ("[providers.bedrock]\nsecret_access_key = \"sk-123\"", "set AWS_BEARER_TOKEN_BEDROCK in the environment"),
            ("[providers.vertex]\ntoken = \"sk-123\"", "set GOOGLE_OAUTH_ACCESS_TOKEN in the environment"),
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
