//! Cargo notices changes to a lock, without a `clean` and without a change to the program.

use std::fs;
use std::path::PathBuf;

use flow_ui_tests::{Diagnostic, Project};

const PROGRAM: &str = "
use flow::prelude::*;

#[step]
async fn one(n: u32) -> Result<u32> {
    Ok(n + 1)
}

#[workflow(lock)]
async fn noticed(n: u32) -> Result<u32> {
    one(n).await
}

fn main() {}
";

/// A lock with promises to callers only.
fn lock(input: &str) -> String {
    format!(
        r#"{{ "format": 1, "workflow": "noticed", "version": 1, "input": {{ "n": "{input}" }}, "output": "integer 0..=4294967295", "steps": {{}}, "types": {{}} }}"#
    )
}

struct Checked {
    project: Project,
    file: PathBuf,
}

impl Checked {
    fn said(&self, variable: Option<&str>) -> String {
        let errors = self.project.check_with("FLOW_LOCK", variable);
        errors.iter().map(|Diagnostic { message, .. }| message.as_str()).collect::<Vec<_>>().join("\n")
    }

    fn write(&self, text: &str) {
        // Cargo compares modification times, and some file systems store them only to the second.
        fs::write(&self.file, text).expect("a lock");
        let later = std::time::SystemTime::now() + std::time::Duration::from_secs(2);
        fs::File::options().append(true).open(&self.file).and_then(|file| file.set_modified(later)).expect("a time");
    }
}

#[test]
fn creation_edits_deletion_and_the_variable_are_noticed() {
    let project = Project::new("lock_file", &[], [("noticed".to_owned(), PROGRAM)].into_iter());
    let file = project.folder().join("contracts/noticed.json");
    let _ = fs::remove_file(&file);
    let checked = Checked { project, file };
    let missing = "no lock at `contracts/noticed.json`";
    assert!(checked.said(None).contains(missing));
    checked.write(&lock("integer 0..=9"));
    assert_eq!(checked.said(None), "", "created");
    checked.write(&lock("string"));
    let broken = checked.said(None);
    assert!(broken.contains("at `.n`: was string, is integer (0..=4294967295)"), "edited: {broken}");
    assert_eq!(checked.said(Some("write")), "", "about to be written");
    assert_eq!(checked.said(None), broken, "the variable is gone");
    checked.write(&lock("integer 0..=4294967295"));
    assert_eq!(checked.said(None), "", "fixed");
    fs::remove_file(&checked.file).expect("a lock");
    assert!(checked.said(None).contains(missing), "deleted");
    let wrong = checked.said(Some("yes"));
    assert!(
        wrong.contains("invalid environment variable `FLOW_LOCK`: expected `write` or unset, found `yes`"),
        "{wrong}"
    );
}
