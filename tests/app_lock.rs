//! Lock files written by a program, and the changes it reports against them.
#![cfg(feature = "cli")]

use std::fs;
use std::path::PathBuf;

use flow::App;
use flow::app::{Invocation, Ran};
use flow::prelude::*;
use flow::serde_json::{Value, from_str};

#[contract]
struct Order {
    item: String,
    pieces: u32,
}

#[contract]
struct Quote {
    cents: u64,
}

#[step]
async fn price(order: &Order) -> Result<Quote> {
    Ok(Quote { cents: u64::from(order.pieces) * order.item.len() as u64 })
}

#[workflow(lock)]
async fn quote(order: Order) -> Result<Quote> {
    price(&order).await
}

#[workflow]
async fn free(order: Order) -> Result<Quote> {
    price(&order).await
}

#[workflow(id = "quote", lock)]
async fn twin(order: Order) -> Result<Quote> {
    price(&order).await
}

/// The lock in the repository; the build compares the workflow against it.
const WRITTEN: &str = include_str!("contracts/quote.json");

/// A package directory private to the test.
struct Package(PathBuf);

impl Package {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("flow-lock-{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self) -> PathBuf {
        self.0.join("contracts/quote.json")
    }

    fn with(name: &str, text: &str) -> Self {
        let package = Self::new(name);
        fs::create_dir_all(package.0.join("contracts")).unwrap();
        fs::write(package.file(), text).unwrap();
        package
    }

    fn lock(&self) -> String {
        fs::read_to_string(self.file()).unwrap()
    }

    async fn ran(&self, arguments: &[&str]) -> Ran {
        let arguments = ["lock"].iter().chain(arguments).copied().collect::<Vec<_>>();
        let root = self.0.to_str().unwrap();
        ran(Invocation::from(arguments).variable("CARGO_MANIFEST_DIR", root)).await
    }
}

impl Drop for Package {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

async fn ran(invocation: impl Into<Invocation>) -> Ran {
    App::new().workflow(quote).workflow(free).try_run(invocation).await
}

#[tokio::test]
async fn a_lock_is_written_once_and_is_the_one_in_the_repository() {
    let package = Package::new("written");
    let first = package.ran(&[]).await;
    assert_eq!((first.status, first.stderr.as_str()), (0, ""));
    assert!(first.stdout.ends_with("contracts/quote.json: written, new\n"), "{}", first.stdout);
    assert_eq!(package.lock(), WRITTEN);
    for arguments in [&[][..], &["--check"], &["quote", "--check"]] {
        let again = package.ran(arguments).await;
        assert!(again.status == 0 && again.stdout.ends_with("contracts/quote.json: up to date\n"), "{again:?}");
    }
    // A byte order mark and CRLF, as editors or checkouts on other systems leave them.
    fs::write(package.file(), format!("\u{feff}{}", WRITTEN.replace('\n', "\r\n"))).unwrap();
    let again = package.ran(&["--check"]).await;
    assert!(again.status == 0 && again.stdout.ends_with("contracts/quote.json: up to date\n"), "{again:?}");
    let files: Vec<_> = fs::read_dir(package.0.join("contracts")).unwrap().collect();
    assert_eq!(files.len(), 1, "{files:?}");
}

#[tokio::test]
async fn the_directory_of_the_command_line_goes_first() {
    let (package, other) = (Package::new("first"), Package::new("second"));
    let ran = package.ran(&["--dir", other.0.to_str().unwrap()]).await;
    assert!(ran.status == 0 && other.file().exists() && !package.file().exists(), "{ran:?}");
}

#[tokio::test]
async fn a_missing_lock_fails_the_check_and_nothing_is_written() {
    let package = Package::new("missing");
    let ran = package.ran(&["--check"]).await;
    assert_eq!(ran.status, 1);
    assert!(ran.stdout.ends_with("contracts/quote.json: missing\n"), "{}", ran.stdout);
    assert!(!package.file().exists());
}

#[tokio::test]
async fn changes_are_shown_with_what_they_mean() {
    let old = WRITTEN.replace("\"pieces\": \"integer 0..=4294967295\"", "\"pieces\": \"integer 0..=9\"");
    let package = Package::with("shown", &old);
    let ran = package.ran(&["--check"]).await;
    assert_eq!((ran.status, package.lock()), (1, old.clone()));
    let (head, rest) = ran.stdout.split_once('\n').unwrap();
    assert!(head.ends_with("contracts/quote.json: would be written, with compatible changes"), "{head}");
    let told = "callers:\n  additive: `input` at `.order.pieces`: was integer (0..=9), is integer (0..=4294967295)\n\
                runs in flight:\n  compatible: `price` given at `.order.pieces`: was integer (0..=9), is integer (0..=4294967295)\n\
                --- a/contracts/quote.json\n+++ b/contracts/quote.json\n";
    assert!(rest.starts_with(told), "{rest}");
    assert!(
        rest.contains(
            "\n-          \"pieces\": \"integer 0..=9\"\n+          \"pieces\": \"integer 0..=4294967295\"\n"
        ),
        "{rest}"
    );
    let written = package.ran(&[]).await;
    assert!(
        written.status == 0 && written.stdout.contains("written, with compatible changes\ncallers:\n"),
        "{written:?}"
    );
    assert_eq!(package.lock(), WRITTEN);
}

#[tokio::test]
async fn what_breaks_is_called_so_and_can_be_accepted() {
    let old = WRITTEN.replace("\"cents\"", "\"price\"");
    let package = Package::with("breaking", &old);
    let ran = package.ran(&["--check", "--json"]).await;
    let json: Value = from_str(&ran.stdout).unwrap();
    assert_eq!((ran.status, &json[0]["state"], &json[0]["written"]), (1, &"stale".into(), &false.into()));
    assert_eq!((&json[0]["workflow"], &json[0]["changes"]["breaking"]), (&"quote".into(), &true.into()));
    let reader = &json[0]["changes"]["readers"][0];
    assert_eq!((&reader["class"], &reader["place"]), (&"breaking".into(), &"output".into()));
    assert!(json[0]["diff"].as_str().unwrap().contains("-          \"price\""), "{}", json[0]["diff"]);
    assert_eq!(package.ran(&[]).await.status, 0);
    assert_eq!(package.lock(), WRITTEN);
}

#[tokio::test]
async fn a_version_is_told() {
    let package = Package::with("version", &WRITTEN.replace("\"version\": 1", "\"version\": 7"));
    let ran = package.ran(&["--check"]).await;
    let told = "version changed from 7 to 1: runs of version 7 stay with the build that started them\n";
    assert!(ran.status == 1 && ran.stdout.contains(told), "{ran:?}");
}

#[tokio::test]
async fn what_is_no_lock_is_told_and_written_anew() {
    for (name, text) in
        [("merge", "<<<<<<< ours\n".to_owned()), ("format", WRITTEN.replace("\"format\": 1", "\"format\": 9"))]
    {
        let package = Package::with(name, &text);
        let ran = package.ran(&["--check"]).await;
        assert!(ran.status == 1 && ran.stdout.contains("would be written, replacing an invalid lock: "), "{ran:?}");
        assert_eq!((package.ran(&[]).await.status, package.lock().as_str()), (0, WRITTEN));
    }
}

#[tokio::test]
async fn only_what_has_a_lock_is_written() {
    let package = Package::new("none");
    let ran = package.ran(&["free"]).await;
    assert_eq!(
        (ran.status, ran.stderr.as_str()),
        (2, "error: workflow `free` has no lock: annotate it with `#[workflow(lock)]`\n")
    );
    let ran = package.ran(&["nothing"]).await;
    assert!(ran.status == 2 && ran.stderr.contains("unknown workflow `nothing`"), "{ran:?}");
    let ran = App::new().workflow(free).try_run(["lock"]).await;
    assert!(ran.status == 2 && ran.stderr.contains("no workflow of this program has a lock"), "{ran:?}");
    let ran = App::new().workflow(quote).workflow(twin).try_run(["lock"]).await;
    assert_eq!(
        (ran.status, ran.stderr.as_str()),
        (2, "error: workflows `quote` and `twin` have the same id `quote`, and would share one lock\n")
    );
}

#[tokio::test]
async fn a_directory_that_cannot_be_written_fails() {
    let package = Package::new("refused");
    fs::write(package.0.join("contracts"), "a file").unwrap();
    let ran = package.ran(&[]).await;
    assert!(ran.status == 1 && ran.stderr.contains("contracts/quote.json: "), "{ran:?}");
}
