//! Compiles many small programs in a single cargo call.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;

/// A crate of many binaries that depends on `flow`.
#[derive(Debug)]
pub struct Project {
    folder: PathBuf,
}

/// An error reported by rustc.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The name of the binary.
    pub target: String,
    /// Such as `E0277`; `None` for plain errors and for lints, whose names no `.stderr` shows as codes.
    pub code: Option<String>,
    /// The complete message, with all its lines.
    pub message: String,
    /// The line of the primary span, starting at 1; 0 if there is none.
    pub line: u64,
}

impl Project {
    /// Writes a project of named programs under `target`, with the given features of `flow`.
    ///
    /// # Panics
    ///
    /// If it cannot be written.
    pub fn new<'a>(name: &str, features: &[&str], programs: impl Iterator<Item = (String, &'a str)>) -> Self {
        let folder = workspace().join("target").join("ui").join(name);
        let _ = fs::remove_dir_all(folder.join("src"));
        fs::create_dir_all(folder.join("src/bin")).expect("a folder under `target`");
        for (name, source) in programs {
            write(&folder.join(format!("src/bin/{name}.rs")), source);
        }
        write(&folder.join("Cargo.toml"), &manifest(name, features));
        // The locked versions of the workspace, so that nothing is downloaded.
        let lock = fs::read_to_string(workspace().join("Cargo.lock")).expect("the workspace has a lock file");
        write(&folder.join("Cargo.lock"), &lock);
        give_locks(&folder);
        Self { folder }
    }

    /// Adds a library of the same name, which the programs see as another crate.
    ///
    /// # Panics
    ///
    /// If it cannot be written.
    pub fn library(self, source: &str) -> Self {
        write(&self.folder.join("src/lib.rs"), source);
        self
    }

    /// The directory of the project.
    pub fn folder(&self) -> &Path {
        &self.folder
    }

    /// Checks every program and returns all errors.
    ///
    /// # Panics
    ///
    /// If cargo cannot be run.
    pub fn check(&self) -> Vec<Diagnostic> {
        self.check_with("FLOW_LOCK", None)
    }

    /// The same with an environment variable set, or explicitly unset.
    ///
    /// # Panics
    ///
    /// If cargo cannot be run.
    pub fn check_with(&self, variable: &str, value: Option<&str>) -> Vec<Diagnostic> {
        let mut cargo = Command::new("cargo");
        match value {
            Some(value) => cargo.env(variable, value),
            None => cargo.env_remove(variable),
        };
        self.run(cargo.arg("check"))
    }

    /// The same with clippy's lints; `None` if it is not installed.
    ///
    /// # Panics
    ///
    /// If cargo cannot be run.
    pub fn lint(&self) -> Option<Vec<Diagnostic>> {
        let version = Command::new("cargo").args(["clippy", "--version"]).output().expect("cargo runs");
        version.status.success().then(|| self.run(Command::new("cargo").arg("clippy")))
    }

    fn run(&self, cargo: &mut Command) -> Vec<Diagnostic> {
        let output = cargo
            .args(["--quiet", "--offline", "--keep-going", "--message-format=json"])
            .arg("--target-dir")
            .arg(workspace().join("target/ui/target"))
            .current_dir(&self.folder)
            .stderr(Stdio::inherit())
            .output()
            .expect("cargo runs");
        let lines = String::from_utf8_lossy(&output.stdout);
        let mut errors: Vec<_> =
            lines.lines().filter_map(|line| Diagnostic::read(&serde_json::from_str(line).ok()?)).collect();
        // Some versions repeat an error with different secondary spans; count these as one.
        errors.sort();
        errors.dedup();
        errors
    }
}

impl Diagnostic {
    fn read(line: &Value) -> Option<Self> {
        let (target, message) = (line["target"]["name"].as_str()?, &line["message"]);
        let text = message["message"].as_str()?;
        if message["level"] != "error" || text.starts_with("aborting due to") {
            return None;
        }
        let place = message["spans"].as_array().and_then(|spans| spans.iter().find(|span| span["is_primary"] == true));
        Some(Self {
            target: target.to_owned(),
            code: message["code"]["code"].as_str().filter(|code| code.starts_with('E')).map(ToOwned::to_owned),
            message: text.to_owned(),
            line: place.and_then(|place| place["line_start"].as_u64()).unwrap_or(0),
        })
    }
}

/// The first line of `rustc --version`.
pub(crate) fn rustc_version() -> String {
    let output = Command::new("rustc").arg("--version").output().expect("rustc runs");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

pub(crate) fn workspace() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Copies the locks that programs are compiled against: those of the pages, then those of the fixtures.
pub(crate) fn give_locks(package: &Path) {
    let folder = package.join("contracts");
    fs::create_dir_all(&folder).expect("a folder under `target`");
    for from in ["contracts", "tests/ui/contracts"].map(|from| workspace().join(from)) {
        for entry in fs::read_dir(&from).unwrap_or_else(|error| panic!("{}: {error}", from.display())) {
            let path = entry.expect("an entry").path();
            fs::copy(&path, folder.join(path.file_name().expect("a file"))).expect("a copy");
        }
    }
}

fn write(path: &Path, text: &str) {
    fs::write(path, text).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
}

fn manifest(name: &str, features: &[&str]) -> String {
    let flow = workspace().display().to_string();
    format!(
        "[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[dependencies]\nflow = {{ package = \"flowgate\", path = {flow:?}, default-features = false, features = {features:?} }}\n\n[workspace]\n"
    )
}
