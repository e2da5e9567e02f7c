//! Configuration precedence: command line, environment, `flow.toml`, program.
#![cfg(feature = "cli")]

#[allow(dead_code, reason = "shared with the other tests of programs")]
mod apps;

use apps::{Says, file};
use flow::app::{Invocation, Ran};
use flow::prelude::*;
use flow::provider::Price;
use flow::{App, Money};

const NAMED: Model = Model::new("openai/in-code").name("fast").max_output_tokens(100);

#[step(model = NAMED, prompt = "Say {{ what }}.")]
async fn say(what: &str) -> Result<String>;

#[workflow]
async fn saying(what: String) -> Result<String> {
    say(&what).await
}

fn app() -> App {
    App::new().workflow(saying)
}

fn run(more: &[&str]) -> Invocation {
    Invocation::from([&["run", "--set", "what=hello"], more].concat())
}

/// Runs a program that also configures everything itself.
async fn told(invocation: Invocation) -> Ran {
    let app = app().runtime(|builder| {
        let builder = builder.provider(Says("hello")).model("fast", Model::new("openai/in-builder"));
        Ok(builder.max_cost(Money::usd("9")).prices([
            ("openai/in-builder", Price::per_million("1", "1")),
            ("openai/in-file", Price::per_million("1", "1")),
            ("openai/in-environment", Price::per_million("1", "1")),
        ]))
    });
    app.try_run(invocation).await
}

/// The model on the bill and its cost.
fn billed(ran: &Ran) -> (&str, &str) {
    let line = ran.stderr.lines().find(|line| line.starts_with("openai/")).unwrap_or_else(|| panic!("{}", ran.stderr));
    (line.split_whitespace().next().unwrap(), line.split_whitespace().last().unwrap())
}

#[tokio::test]
async fn a_model_is_replaced_by_the_first_that_speaks() {
    let config = file("config-models.toml", "\u{feff}[models]\r\nfast = \"openai/in-file\"\r\n");
    assert_eq!(billed(&told(run(&[])).await).0, "openai/in-builder");
    assert_eq!(billed(&told(run(&["--config", &config])).await).0, "openai/in-file");
    let environment = run(&["--config", &config]).variable("FLOW_MODEL_FAST", "openai/in-environment");
    assert_eq!(billed(&told(environment).await).0, "openai/in-environment");
}

#[tokio::test]
async fn a_cap_is_that_of_the_first_that_speaks() {
    let config = file("config-cap.toml", "max_cost = \"$0.000003\"\n");
    let cap = |ran: Ran| {
        assert_eq!(ran.status, 1, "{}", ran.stderr);
        let told = ran.stderr.split_once("max_cost` of ").unwrap_or_else(|| panic!("{}", ran.stderr)).1.to_owned();
        told.split_whitespace().next().unwrap().trim_end_matches([',', ';', ':']).to_owned()
    };
    assert_eq!(told(run(&[])).await.status, 0, "the program's own cap is high");
    assert_eq!(cap(told(run(&["--config", &config])).await), "$0.000003");
    let environment = || run(&["--config", &config]).variable("FLOW_MAX_COST", "0.000002");
    assert_eq!(cap(told(environment()).await), "$0.000002");
    let all = run(&["--config", &config, "--max-cost", "$0.000001"]).variable("FLOW_MAX_COST", "0.000002");
    assert_eq!(cap(told(all).await), "$0.000001");
}

#[tokio::test]
async fn a_price_of_the_file_stands_over_the_programs() {
    let config = file("config-prices.toml", "[prices]\n\"openai/in-builder\" = { input = \"1\", output = 1000 }\n");
    assert_eq!(billed(&told(run(&[])).await).1, "$0.00001");
    assert_eq!(billed(&told(run(&["--config", &config])).await).1, "$0.003007");
}

#[cfg(feature = "providers")]
#[tokio::test]
async fn an_address_of_the_file_is_told_and_the_environment_goes_first() {
    let config = file("config-urls.toml", "[providers.openai]\nbase_url = \"http://127.0.0.1:9\"\n");
    let notice = format!("{config}: requests to `openai` go to http://127.0.0.1:9\n");
    let ran = app().try_run(run(&["--config", &config])).await;
    assert!(ran.status == 1 && ran.stderr.starts_with(&notice), "{}", ran.stderr);
    let environment = run(&["--config", &config]).variable("OPENAI_BASE_URL", "http://127.0.0.1:10");
    let ran = app().try_run(environment).await;
    assert!(ran.status == 1 && !ran.stderr.contains("requests to"), "{}", ran.stderr);
    let ran = app().try_run(run(&[])).await;
    assert!(ran.stderr.starts_with("error: no API key for `openai`"), "without either nothing starts: {}", ran.stderr);
}

#[tokio::test]
async fn limits_of_the_file_hold_for_a_provider_of_the_program() {
    let config = file("config-limits.toml", "[providers.openai]\nrequests_per_minute = 2\nconcurrency = 1\n");
    let lines = "{\"what\": \"hello\"}\n".repeat(3);
    let started = tokio::time::Instant::now();
    tokio::time::pause();
    let arguments = ["run", "--each", "--input", "-", "--config", &config];
    let ran = told(Invocation::from(arguments).stdin(lines)).await;
    assert_eq!(ran.status, 0, "{}", ran.stderr);
    assert!(started.elapsed().as_secs() >= 59, "the third waits for its minute: {:?}", started.elapsed());
}

#[tokio::test]
async fn a_name_that_no_model_has_is_told() {
    let config = file("config-names.toml", "[models]\nfsat = \"openai/in-file\"\n");
    let ran = told(run(&["--config", &config])).await;
    let expected = format!("{config}: no model of this program is named `fsat`; did you mean `fast`?\n");
    assert!(ran.status == 0 && ran.stderr.starts_with(&expected), "{}", ran.stderr);
}

#[tokio::test]
async fn what_is_wrong_is_refused_before_anything_starts() {
    let ran = told(run(&["--config", "no-such.toml"])).await;
    assert_eq!((ran.status, ran.stdout.as_str()), (2, ""));
    assert!(ran.stderr.starts_with("error: the configuration `no-such.toml` cannot be read: "), "{}", ran.stderr);
    let ran = told(run(&[]).variable("FLOW_MAX_COST", "much")).await;
    assert_eq!(
        (ran.status, ran.stderr.as_str()),
        (2, "error: FLOW_MAX_COST is invalid: expected an amount in dollars, such as `$0.50` or `20`, found `much`\n")
    );
    let each = Invocation::from(["run", "--each", "--input", "-"]).variable("FLOW_CONCURRENCY", "0");
    assert_eq!(
        told(each).await.stderr,
        "error: FLOW_CONCURRENCY is invalid: expected a number of runs above 0, found `0`\n"
    );
}

#[tokio::test]
async fn the_cap_holds_over_all_lines_and_stops_the_round() {
    // Each call reserves 100 output tokens plus the tokens of its prompt, at $1 per million.
    let lines = "{\"what\": \"hello\"}\n".repeat(300);
    let arguments = ["run", "--each", "--input", "-", "--max-cost", "0.001", "--concurrency", "4"];
    let ran = told(Invocation::from(arguments).stdin(lines)).await;
    assert_eq!(ran.status, 1);
    let results: Vec<flow::serde_json::Value> =
        ran.stdout.lines().map(|line| flow::serde_json::from_str(line).unwrap()).collect();
    let failed = results.iter().filter(|result| result["error"]["kind"] == "budget").count();
    let done = results.iter().filter(|result| result.get("output").is_some()).count();
    assert!(done > 0 && (1..=4).contains(&failed) && done + failed < 300, "{done} done, {failed} failed");
    let spent: u64 = results.iter().map(|result| result["spent"]["known_cost_nano_usd"].as_u64().unwrap()).sum();
    assert!(spent <= 1_000_000, "{spent}");
    assert!(
        ran.stderr.contains("what is left of $0.001 is not enough for another call: raise `--max-cost`"),
        "{}",
        ran.stderr
    );
}
