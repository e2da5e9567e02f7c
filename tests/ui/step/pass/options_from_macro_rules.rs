// A macro may pass options, types and numbers to a step as if they were written there.
use flow::prelude::*;
use flow::provider::Price;

const FAST: Model = Model::new("local/fast").max_output_tokens(4).price(Price::per_million("1", "1"));

#[gate]
fn fine(_: &String) -> Verdict {
    Verdict::accept()
}

macro_rules! define {
    (
        $who:literal, $prompt:literal, $file:literal, $id:literal, $limit:literal, $n:literal, $model:path, $type:ty,
        $argument:ty, $returned:ty, $gate:path, $step:path, $name:literal, $cost:literal, $soon:expr
    ) => {
        #[step(
            model = $model, system = $who, prompt = $prompt, id = $id, timeout = $limit, repair = $n, retry = $n,
            concurrency = $n, gate = $gate, cache($limit, version = $n)
        )]
        async fn ask(text: $argument) -> Result<$type>;

        #[step(
            model = [$model, $model], system = concat!("You are ", $who, '.', 3, true), gate = $gate, fallback = code,
            prompt = concat!("Read", concat!(" ", $prompt), -1.5), retry(max_attempts = $n, initial_delay = $limit, jitter = true)
        )]
        async fn ask_again(text: $argument) -> $returned;

        #[step(model = $model, system_file = $file, prompt_file = $file)]
        async fn ask_by_file(#[state] _unit: &()) -> $returned;

        #[step(human, prompt = $prompt, timeout = $limit, on_timeout = fail)]
        async fn person(text: $argument) -> $returned;

        #[step(timeout = $soon)]
        async fn code(text: $argument) -> $returned {
            Ok(text.to_owned())
        }

        #[workflow(id = $name, timeout = $limit, max_steps = 90, max_cost = $cost, version = $n)]
        async fn count(texts: Vec<String>) -> Result<usize> {
            let mut total = 0;
            for _ in 0..$n {
                total += $step(&texts[0]).id($id).timeout($limit).await?.len();
            }
            #[bound($n)]
            while total < 3 {
                total += $step(&texts[0]).await?.len();
            }
            let all = map(texts, async |text| $step(&text).await).bound($n).concurrency($n).await?;
            let (one, other) = try_join!($step("a"), $step("b"))?;
            Ok(total + all.len() + one.len() + other.len())
        }
    };
}

define!(
    "a clerk", "Read {{ text }}", "contracts/screen.json", "ask-id", "3s", 3, FAST, String,
    &str, Result<String>, fine, code, "counted", "$1", "4s"
);

fn main() {
    let (runtime, _) = Runtime::test().build().unwrap();
    let tokio = flow::tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    assert_eq!(tokio.block_on(runtime.run(count(vec!["a".into()]))).unwrap(), 6);
    assert_eq!(flow::meta(&count).id, "counted");
    let prompt = flow::meta(&ask_again).policy.prompt.unwrap();
    assert_eq!(prompt.system, Some("You are a clerk.3true"));
    assert_eq!(prompt.prompt, Some("Read Read {{ text }}-1.5"));
}
