//! What the build accepts and refuses, and what it says. The fixtures live beside this crate, one directory an area: `pass` is
//! compiled and run, `fail` is compiled and must say what the `.stderr` beside it says.
//!
//! The texts were blessed on one version of rustc and are compared with it word for word. Another version may word its own part
//! another way, so there only the essential parts are compared: ours.

mod cargo;
mod fixture;
mod page;

pub use cargo::{Diagnostic, Project};
pub use fixture::{Fixture, Told};
pub use page::{Page, Refused};

/// The version of rustc on which the texts were blessed.
const BLESSED: &str = "rustc 1.95.";

/// Compiles all fixtures of an area.
///
/// # Panics
///
/// When one is accepted that should be refused, is refused that should be accepted, or says something else.
pub fn check(area: &str) {
    // Where trybuild compiles them, as a package of its own.
    cargo::give_locks(&cargo::workspace().join("target/tests/trybuild").join(env!("CARGO_PKG_NAME")));
    let cases = trybuild::TestCases::new();
    cases.pass(format!("{area}/pass/*.rs"));
    if is_blessed_compiler() {
        cases.compile_fail(format!("{area}/fail/*.rs"));
    } else {
        check_essentials(&Fixture::all(area, "fail"), &format!("essentials-{area}"));
    }
}

/// Whether the compiler is the one on which the texts were blessed: another may have other lints.
pub fn is_blessed_compiler() -> bool {
    cargo::rustc_version().starts_with(BLESSED)
}

/// Compiles fixtures and compares the essential parts of what is said.
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
