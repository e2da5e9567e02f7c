//! A page of `flow::errors`: text with rejected programs and their messages.

use std::fs;
use std::path::Path;

use crate::Diagnostic;

/// A page of the manual about one rule.
#[derive(Debug)]
pub struct Page {
    name: String,
    refused: Vec<Refused>,
    has_right_form: bool,
}

/// A rejected program and the messages shown below it.
#[derive(Debug)]
pub struct Refused {
    /// The name of the page and the number of the program on it.
    pub name: String,
    /// The program as rustdoc compiles it.
    pub source: String,
    /// The messages, as lines.
    pub messages: Vec<Vec<String>>,
}

impl Page {
    /// All pages, sorted by name.
    ///
    /// # Panics
    ///
    /// If they cannot be read.
    pub fn all() -> Vec<Self> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../src/errors");
        let entries = fs::read_dir(&folder).unwrap_or_else(|error| panic!("{}: {error}", folder.display()));
        let mut pages: Vec<_> = entries.filter_map(|entry| Some(Self::read(&entry.ok()?.path()))).collect();
        pages.sort_by(|a, b| a.name.cmp(&b.name));
        pages
    }

    fn read(path: &Path) -> Self {
        let text = fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()));
        let name = path.file_stem().map_or_else(String::new, |name| name.to_string_lossy().into_owned());
        let mut page = Self { name, refused: Vec::new(), has_right_form: false };
        for (kind, lines) in blocks(&text) {
            page.add(kind, &lines);
        }
        page
    }

    fn add(&mut self, kind: &str, lines: &[&str]) {
        match kind {
            "compile_fail" => {
                let name = format!("{}_{}", self.name, self.refused.len() + 1);
                self.refused.push(Refused { name, source: program(lines), messages: Vec::new() });
            }
            "text" => {
                let message = lines.iter().map(|line| line.trim().to_owned()).collect();
                let below = self.refused.last_mut().expect("a message follows its program");
                below.messages.push(message);
            }
            "" => self.has_right_form = true,
            other => panic!("{}: a block of `{other}`", self.name),
        }
    }

    /// The name after `see flow::errors::`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rejected programs.
    pub fn refused(&self) -> &[Refused] {
        &self.refused
    }

    /// Whether the page shows a correct program.
    pub fn has_right_form(&self) -> bool {
        self.has_right_form
    }
}

impl Refused {
    /// Whether one of the messages matches this error: all its lines occur in the error, in the same order.
    pub fn shows(&self, error: &Diagnostic) -> bool {
        self.messages.iter().any(|message| is_shown(message, &error.message))
    }

    /// The messages that match none of these errors.
    pub fn unsaid(&self, errors: &[&Diagnostic]) -> Vec<&Vec<String>> {
        let said = |message: &&Vec<String>| errors.iter().any(|error| is_shown(message, &error.message));
        self.messages.iter().filter(|message| !said(message)).collect()
    }
}

/// A shown line may be truncated if its rest depends on the location.
fn is_shown(message: &[String], said: &str) -> bool {
    let said = said.strip_prefix("evaluation panicked: ").unwrap_or(said);
    let mut said = said.lines().map(str::trim);
    message.iter().all(|line| said.any(|said| said.starts_with(line.as_str())))
}

/// The fenced code blocks of a text: the info string and the lines.
fn blocks(text: &str) -> Vec<(&str, Vec<&str>)> {
    let mut blocks = Vec::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        if let Some(kind) = line.strip_prefix("```") {
            blocks.push((kind, lines.by_ref().take_while(|line| *line != "```").collect()));
        }
    }
    blocks
}

/// Like rustdoc: reveals hidden lines and wraps the code in `main` unless it has one.
fn program(lines: &[&str]) -> String {
    let visible = |line: &&str| line.strip_prefix("# ").unwrap_or(line).to_owned();
    let text = lines.iter().map(visible).collect::<Vec<_>>().join("\n");
    let (head, body) = match text.split_once('\n') {
        Some((head, body)) if head.starts_with("#![") => (head.to_owned(), body.to_owned()),
        _ => (String::new(), text),
    };
    let body = if body.contains("fn main()") { body } else { format!("fn main() {{\n{body}\n}}") };
    format!("#![allow(unused)]\n{head}\n{body}\n")
}
