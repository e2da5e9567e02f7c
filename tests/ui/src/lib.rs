//! What the build accepts and rejects, and with which messages. The fixtures are next to this crate, one directory per area: `pass`
//! programs are compiled and run, `fail` programs must produce the output in the `.stderr` file beside them.
//!
//! The output was recorded with one version of rustc and must match it exactly. Other versions may word rustc's parts
//! differently, so with those only our own parts are compared.

mod cargo;
mod fixture;
mod page;

pub use cargo::{Diagnostic, Project};
pub use fixture::{AREAS, Fixture, Told};
pub use page::{Page, Refused};

/// The version of rustc with which the expected output was recorded.
const BLESSED: &str = "rustc 1.95.";

/// Compiles all fixtures of an area.
///
/// # Panics
///
/// If a program is wrongly accepted or rejected, or produces other output.
pub fn check(area: &str) {
    // The directory in which trybuild compiles them as a separate package.
    cargo::give_locks(&cargo::workspace().join("target/tests/trybuild").join(env!("CARGO_PKG_NAME")));
    let cases = trybuild::TestCases::new();
    cases.pass(format!("{area}/pass/*.rs"));
    if is_blessed_compiler() {
        cases.compile_fail(format!("{area}/fail/*.rs"));
    } else {
        check_essentials(&Fixture::all(area, "fail"), &format!("essentials-{area}"));
    }
}

/// Whether the compiler is the one used for recording: others may have different lints.
pub fn is_blessed_compiler() -> bool {
    cargo::rustc_version().starts_with(BLESSED)
}

/// Compiles fixtures and compares the essential parts of the messages.
fn check_essentials(fixtures: &[Fixture], project: &str) {
    let project = Project::new(project, &["cli"], fixtures.iter().map(|fixture| (fixture.name(), fixture.source())));
    let said = project.check();
    for fixture in fixtures {
        let errors: Vec<_> = said.iter().filter(|error| error.target == fixture.name()).collect();
        let told = fixture.told();
        assert_eq!(errors.len(), told.len(), "{}: {errors:#?}", fixture.name());
        for told in told {
            let found = errors.iter().any(|error| told.is_essentially(error));
            assert!(found, "{}: expected {told:?}, found {errors:#?}", fixture.name());
        }
    }
}
