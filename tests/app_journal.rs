//! If the journal file disappears, the program exits with a dedicated status, whatever it was doing.
#![cfg(all(feature = "cli", unix))]

#[allow(dead_code, reason = "shared with the other tests of programs")]
mod apps;

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use flow::App;
use flow::app::Ran;
use flow::journal::Sqlite;
use flow::prelude::*;
use flow::run::RunId;
use flow::serde_json::json;
use tokio::sync::Semaphore;

/// Counts the bodies that have started.
#[derive(Clone)]
struct Begun(Arc<Semaphore>);

#[step]
async fn tell(n: u32, #[state] begun: &Begun) -> Result<u32> {
    begun.0.add_permits(1);
    Ok(n)
}

#[step]
async fn never(n: u32) -> Result<u32> {
    std::future::pending::<()>().await;
    Ok(n)
}

#[step(human, timeout = "7d")]
async fn approve(n: u32) -> Result<u32>;

/// Never ends.
#[workflow]
async fn work(n: u32, #[state] begun: &Begun) -> Result<u32> {
    never(tell(n, begun).await?).await
}

/// Waits for a person.
#[workflow]
async fn ask(n: u32, #[state] begun: &Begun) -> Result<u32> {
    approve(tell(n, begun).await?).await
}

/// A folder with an empty journal; `name` must be unique to the test.
fn folder(name: &str) -> PathBuf {
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("app-journal-{name}"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).unwrap();
    folder
}

async fn ran(arguments: &[&str], begun: &Begun) -> Ran {
    App::new().workflow(work).workflow(ask).state(begun.clone()).try_run(arguments.to_vec()).await
}

/// Runs a command and moves the journal away once `bodies` bodies have started.
async fn ends(name: &str, command: &[&str], bodies: u32) {
    let (folder, begun) = (folder(name), Begun(Arc::new(Semaphore::new(0))));
    let (file, moved) = (folder.join("flow.db"), folder.join("moved.db"));
    let input = folder.join("lines.jsonl");
    fs::write(&input, "{\"n\": 1}\n{\"n\": 2}\n{\"n\": 3}\n").unwrap();
    if command[0] != "run" {
        let runtime =
            Runtime::builder().journal(Sqlite::open(&file).unwrap()).workflow(work).state(begun.clone()).build();
        runtime.unwrap().submit("work", json!({ "n": 1 }), &RunId::named("r")).await.unwrap();
    }
    let (journal, input) = (file.to_str().unwrap(), format!("@{}", input.display()));
    let mut arguments: Vec<&str> =
        command.iter().map(|word| if *word == "@" { input.as_str() } else { word }).collect();
    arguments.extend(["--journal", journal]);
    let going = ran(&arguments, &begun);
    let harm = async {
        begun.0.acquire_many(bodies).await.unwrap().forget();
        fs::rename(&file, &moved).unwrap();
    };
    let (ended, ()) = tokio::join!(going, harm);
    assert_eq!(ended.status, 4, "{name}: {}{}", ended.stdout, ended.stderr);
    assert_eq!(ended.stdout, "", "{name}");
    let says = format!(
        "{} was moved or deleted while it was open",
        fs::canonicalize(&folder).unwrap().join("flow.db").display()
    );
    assert!(ended.stderr.contains("error: ") && ended.stderr.contains(&says), "{name}: {}", ended.stderr);
    // Put the file back, as the message advises.
    fs::rename(&moved, &file).unwrap();
    let list = ran(&["runs", "list", "--journal", journal], &begun).await;
    assert_eq!(list.status, 0, "{name}: {}", list.stderr);
    let runs = list.stdout.lines().filter(|line| line.contains(" work ") || line.contains(" ask ")).count();
    assert_eq!(runs, bodies as usize, "{name}: {}", list.stdout);
}

#[tokio::test]
async fn a_run_under_way_ends() {
    ends("run", &["run", "work", "--set", "n=1", "--id", "r"], 1).await;
}

#[tokio::test]
async fn a_run_that_waits_for_a_person_ends() {
    ends("waits", &["run", "ask", "--set", "n=1", "--id", "r"], 1).await;
}

#[tokio::test]
async fn a_round_ends() {
    ends("each", &["run", "work", "--each", "--input", "@"], 3).await;
}

#[tokio::test]
async fn resuming_ends() {
    ends("resume", &["runs", "resume", "r"], 1).await;
}

#[cfg(feature = "service")]
#[tokio::test]
async fn a_service_ends() {
    ends("serve", &["serve", "--addr", "127.0.0.1:0"], 1).await;
}
