//! Lints of rustc and clippy fire only on code the user wrote.

use flow_ui_tests::{Fixture, Project, is_blessed_compiler};

/// The fixtures deny rustc's lints themselves; clippy must be started for its own.
#[test]
fn no_lint_fires_on_generated_code() {
    let fixtures = Fixture::all("workflow", "pass");
    let fixture = fixtures.iter().find(|fixture| fixture.name() == "no_lint_on_generated_code").expect("the fixture");
    let project = Project::new("lints", &[], [(fixture.name(), fixture.source())].into_iter());
    match project.lint().filter(|_| is_blessed_compiler()) {
        Some(errors) => assert!(errors.is_empty(), "{errors:#?}"),
        None => println!("clippy is not installed, or is another version: nothing was linted"),
    }
}
