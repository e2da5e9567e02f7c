// Steps whose work is done by tools of MCP servers.
use flow::prelude::*;

#[contract]
#[derive(Debug, Clone)]
pub struct Issue {
    pub number: u32,
    pub labels: Vec<String>,
}

/// Create an issue.
#[step(
    mcp = "tracker/create_issue",
    effect = idempotent,
    timeout = "30s",
    retry = 3,
    concurrency = 2,
    gate = labelled,
    compensate = close,
    id = "create"
)]
pub async fn create_issue(title: &str, body: Option<String>) -> Result<Issue>;

#[gate]
fn labelled(issue: &Issue) -> Verdict {
    Verdict::ensure(!issue.labels.is_empty(), "an issue has a label")
}

#[step(mcp = "tracker/close", effect = idempotent)]
async fn close(issue: Issue) -> Result<()>;

#[step(mcp = "files-v2/read-file.txt", effect = none, cache("1h"))]
async fn read(
    /// The path, relative to the root.
    #[serde(rename = "filePath")]
    file_path: &str,
) -> Result<String>;

#[step(mcp = "mail/send", effect = irreversible, approve = confirm)]
async fn send(text: &str) -> Result<String>;

#[step(human, timeout = "2d", prompt = "Send this?\n\n{{ text }}")]
async fn confirm(text: &str) -> Result<Verdict>;

const SMART: Model = Model::new("openai/gpt-5-mini");

#[step(model = SMART, prompt = "{{ question }}", tools = [create_issue.id("create_issue")], max_turns = 4)]
async fn resolve(question: &str) -> Result<String>;

#[workflow(strict)]
async fn report(title: String) -> Result<String> {
    let text = read(&title).await?;
    let issue = create_issue(&text, None).await?;
    let answer = resolve(&text).await?;
    let _receipt = send(&answer).await?;
    Ok(issue.labels.join(", "))
}

fn main() {
    let _ = report;
}
