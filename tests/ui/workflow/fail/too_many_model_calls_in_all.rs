// The worst case is listed term by term: maps, loops, branches, helpers and sub-workflows.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");
const SMART: Model = Model::new("local/smart");

#[contract]
#[derive(Clone)]
pub struct Draft {
    pub text: String,
    pub good: bool,
}

#[step(model = FAST, prompt = "Summarize {{ chunk }}.", retry = 3)]
async fn summarize(chunk: &str) -> Result<String>;

#[step(model = FAST, prompt = "Is it true? {{ draft.text }}", retry = 1, repair = 0)]
async fn fair(draft: &Draft) -> Result<Verdict>;

#[step(model = [FAST, SMART], prompt = "Write {{ what }}.", repair = 2, gate = fair, fallback = write_plainly)]
async fn write(what: &str) -> Result<Draft>;

#[step(model = SMART, prompt = "Write {{ what }}.", retry = 1, repair = 0)]
async fn write_plainly(what: &str) -> Result<Draft>;

#[step]
async fn is_good(draft: &Draft) -> Result<bool> {
    Ok(draft.good)
}

#[workflow]
async fn polish(what: String) -> Result<Draft> {
    let mut draft = write(&what).await?;
    #[bound(3)]
    while !is_good(&draft).await? {
        draft = write(&draft.text).await?;
    }
    Ok(draft)
}

#[workflow(max_model_calls = 500)]
async fn report(chunks: Vec<String>) -> Result<String> {
    let parts = map(chunks, async |chunk: String| summarize(&chunk).await).bound(200).await?;
    let draft = polish(parts.join("\n")).await?;
    match draft.good {
        true => Ok(draft.text),
        false => {
            let again = polish(draft.text).await?;
            summarize(&again.text).await
        }
    }
}

fn main() {}
