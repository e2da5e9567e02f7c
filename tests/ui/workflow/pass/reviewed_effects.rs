// Output reviewed by a gate or a person may reach any effect, and so may values that no model wrote.
use flow::prelude::*;

const FAST: Model = Model::new("local/fast");

#[contract]
#[derive(Clone)]
pub struct Draft { pub text: String }

#[step(model = FAST, prompt = "Answer.\n\n{{ letter }}")]
async fn draft(letter: &str) -> Result<Draft>;

#[gate]
fn polite(draft: &Draft) -> Verdict { Verdict::ensure(!draft.text.is_empty(), "nothing is said") }

#[step(model = FAST, prompt = "Answer.\n\n{{ letter }}", gate = polite)]
async fn checked(letter: &str) -> Result<Draft>;

#[step]
async fn polish(draft: &Draft) -> Result<Draft> { Ok(draft.clone()) }

#[step(human, timeout = "3d")]
async fn approve(draft: &Draft) -> Result<Review<Draft>>;

#[step]
async fn signature(name: &str) -> Result<String> { Ok(name.to_owned()) }

#[step(effect = irreversible, unreviewed)]
async fn log(text: &str) -> Result<()> { let _ = text; Ok(()) }

#[step(human, timeout = "3d", on_timeout = reject)]
async fn fill_in(draft: &Draft) -> Result<Review<Draft>>;

#[step(gate = polite)]
async fn cleaned(draft: &Draft) -> Result<Draft> { Ok(draft.clone()) }

#[step(effect = irreversible)]
async fn send(mail: &str) -> Result<usize> { Ok(mail.len()) }

#[workflow]
async fn gated(letter: String) -> Result<usize> {
    let draft = checked(&letter).await?;
    let draft = polish(&draft).await?;
    send(&format!("Dear all, {}", draft.text)).await
}

#[workflow]
async fn gated_behind(letter: String) -> Result<usize> {
    let draft = draft(&letter).await?;
    let draft = cleaned(&draft).await?;
    send(&draft.text).await
}

#[workflow]
async fn approved(letter: String) -> Result<usize> {
    let draft = draft(&letter).await?;
    let draft = match approve(&draft).await? {
        Review::Accept(draft) | Review::Edit(draft) => draft,
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    };
    match fill_in(&draft).await? {
        Review::Accept(draft) | Review::Edit(draft) => send(&draft.text).await,
        Review::Reject { reason } => flow::bail!("rejected: {reason}"),
    }
}

#[workflow]
async fn deliberate(letter: String) -> Result<()> {
    let draft = draft(&letter).await?;
    log(&draft.text).await
}

// The model chooses which value is sent, but did not write it.
#[workflow]
async fn chosen(letter: String, name: String) -> Result<usize> {
    let draft = draft(&letter).await?;
    let name = signature(&name).await?;
    if draft.text.is_empty() { Ok(0) } else { send(&name).await }
}

#[workflow]
async fn deliver(text: String, note: String) -> Result<usize> {
    let draft = checked(&note).await?;
    let sent = send(&draft.text).await?;
    Ok(sent + text.len())
}

#[workflow]
async fn other_argument(letter: String) -> Result<usize> {
    let draft = draft(&letter).await?;
    deliver(draft.text, letter).await
}

#[workflow]
async fn write(letter: String) -> Result<Draft> {
    checked(&letter).await
}

#[workflow]
async fn written_and_gated(letter: String) -> Result<usize> {
    let mut mail = write(letter).await?;
    mail.text.push('.');
    send(&mail.text).await
}

#[workflow]
async fn joined(letter: String) -> Result<usize> {
    let both = try_join!(draft(&letter), checked(&letter))?;
    send(&both.1.text).await
}

fn main() {}
