//! A fixture: a small program to compile, and the expected messages.

use std::fs;
use std::path::{Path, PathBuf};

use crate::Diagnostic;

/// The areas, each a folder with `pass` and `fail`.
pub const AREAS: &[&str] = &["contract", "step", "gate", "prompt", "tool", "workflow", "app", "lock"];

/// A program in `AREA/pass` or `AREA/fail`.
#[derive(Debug)]
pub struct Fixture {
    path: PathBuf,
    source: String,
}

/// An error in a `.stderr` file.
#[derive(Debug)]
pub struct Told {
    /// Such as `E0277`; `None` for a plain error.
    pub code: Option<String>,
    /// The message, line by line.
    pub lines: Vec<String>,
}

impl Fixture {
    /// All fixtures of an area, sorted by name.
    ///
    /// # Panics
    ///
    /// If the directory cannot be read.
    pub fn all(area: &str, kind: &str) -> Vec<Self> {
        Self::in_folder(&format!("{area}/{kind}"))
    }

    /// All fixtures in a directory of this crate, sorted by name.
    ///
    /// # Panics
    ///
    /// If the directory cannot be read.
    pub fn in_folder(name: &str) -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut paths: Vec<_> = entries.filter_map(|entry| Some(entry.ok()?.path())).collect();
        paths.retain(|path| path.extension().is_some_and(|extension| extension == "rs"));
        paths.sort();
        paths.into_iter().map(|path| Self { source: read(&path), path }).collect()
    }

    /// The file name, which says what is wrong.
    pub fn name(&self) -> String {
        self.path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned())
    }

    /// The source code.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// The rule, as a sentence in the first line.
    pub fn rule(&self) -> Option<&str> {
        self.source.lines().next()?.strip_prefix("// ")
    }

    /// The parts of the message promised by lines that start with `// says: `.
    pub fn promises(&self) -> impl Iterator<Item = &str> {
        self.source.lines().filter_map(|line| line.strip_prefix("// says: "))
    }

    /// The number of mistakes: one, unless `// errors: N` says otherwise.
    pub fn mistakes(&self) -> usize {
        let written = self.source.lines().find_map(|line| line.strip_prefix("// errors: "));
        written.map_or(1, |number| number.trim().parse().expect("`// errors: N` with a number"))
    }

    /// The expected errors.
    pub fn told(&self) -> Vec<Told> {
        Told::all(&self.stderr())
    }

    /// The expected output of the compiler.
    pub fn stderr(&self) -> String {
        read(&self.path.with_extension("stderr"))
    }
}

fn read(path: &Path) -> String {
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

impl Told {
    fn all(text: &str) -> Vec<Self> {
        let mut all = Vec::new();
        let mut lines = text.lines().peekable();
        while let Some(line) = lines.next() {
            let Some((code, first)) = head(line) else { continue };
            let mut message = vec![first.to_owned()];
            while let Some(line) = lines.next_if(|line| !line.trim_start().starts_with("-->")) {
                message.push(line.trim().to_owned());
            }
            all.push(Self { code, lines: message });
        }
        all
    }

    /// The complete message on one line.
    pub fn text(&self) -> String {
        self.lines.join(" ")
    }

    /// Whether we wrote the message: other codes carry messages of rustc.
    pub fn is_ours(&self) -> bool {
        matches!(self.code.as_deref(), None | Some("E0080" | "E0277"))
    }

    /// Whether an error matches, apart from rustc's own wording and file positions.
    pub fn is_essentially(&self, error: &Diagnostic) -> bool {
        let said: Vec<_> = error.message.lines().map(str::trim).collect();
        let line_said =
            |line: &String| line.contains("` is at ") || said.iter().any(|said| said.contains(line.as_str()));
        self.code == error.code && (!self.is_ours() || self.lines.iter().all(line_said))
    }
}

/// Splits `error[E0080]: evaluation panicked: …` into its code and message.
fn head(line: &str) -> Option<(Option<String>, &str)> {
    let rest = line.strip_prefix("error")?;
    let (code, message) = rest.split_once(": ")?;
    let code = code.strip_prefix('[').and_then(|code| code.strip_suffix(']')).map(ToOwned::to_owned);
    Some((code, message.strip_prefix("evaluation panicked: ").unwrap_or(message)))
}
