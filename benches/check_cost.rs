//! Cost of the attributes in `cargo check`: compares generated crates with and without them.
//!
//! `cargo bench -p flowgate-benches --bench check_cost` prints CPU seconds of a non-incremental `cargo check` of the crate alone,
//! with its dependencies already checked. Both crates have the same structs of ten fields with serde and schemars, and the same
//! async functions; one has steps and workflows of twenty calls, the other plain functions that call each other the same way.
//!
//! The last line is the cost during editing: an incremental check after one struct gained or lost a field.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Steps per crate, and how often each crate is checked; the median is reported.
const SIZES: [(usize, usize); 2] = [(100, 9), (400, 3)];

/// Edits of each crate; the median is reported.
const EDITS: usize = 7;

/// Calls in one workflow.
const CHAIN: usize = 20;

fn main() {
    let root = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("check_cost");
    for (steps, rounds) in SIZES {
        let (plain, flow) = (Crate::new(&root, "plain", steps), Crate::new(&root, "flow", steps));
        plain.check();
        flow.check();
        let mut rounds: Vec<(f64, f64)> = (0..rounds).map(|_| (plain.check(), flow.check())).collect();
        let ratio = median(rounds.iter().map(|(plain, flow)| flow / plain));
        let (plain, flow) = (median(rounds.iter().map(|r| r.0)), median(rounds.drain(..).map(|r| r.1)));
        println!("{steps:>4} steps   flow {flow:>6.2} s   plain {plain:>6.2} s   ratio {ratio:>5.2}");
    }
    edits(&root);
}

/// Alternately adds and removes one field of a struct in the middle of the crate.
fn edits(root: &Path) {
    let (plain, flow) = (Crate::new(root, "plain", 100), Crate::new(root, "flow", 100));
    for crate_ in [&plain, &flow] {
        crate_.check_after_edit(1);
        crate_.check_after_edit(0);
    }
    let rounds: Vec<(f64, f64)> =
        (1..=EDITS).map(|edit| (plain.check_after_edit(edit % 2), flow.check_after_edit(edit % 2))).collect();
    let ratio = median(rounds.iter().map(|(plain, flow)| flow / plain));
    let (plain, flow) = (median(rounds.iter().map(|r| r.0)), median(rounds.iter().map(|r| r.1)));
    println!(" 100 steps, one field edited   flow {flow:>6.2} s   plain {plain:>6.2} s   ratio {ratio:>5.2}");
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

struct Crate {
    dir: PathBuf,
    target: PathBuf,
}

impl Crate {
    fn new(root: &Path, kind: &str, steps: usize) -> Self {
        let dir = root.join(format!("{kind}_{steps}"));
        std::fs::create_dir_all(dir.join("src")).expect("a folder for the generated crate");
        let source = if kind == "flow" { flow_source(steps) } else { plain_source(steps) };
        std::fs::write(dir.join("src/lib.rs"), source).expect("the generated source");
        std::fs::write(dir.join("Cargo.toml"), manifest(kind, steps)).expect("the generated manifest");
        std::fs::copy(concat!(env!("CARGO_MANIFEST_DIR"), "/../Cargo.lock"), dir.join("Cargo.lock"))
            .expect("the lock file");
        Self { dir, target: root.join("target") }
    }

    /// CPU seconds of one check of this crate alone.
    fn check(&self) -> f64 {
        let text = std::fs::read_to_string(self.source()).expect("the generated source");
        self.check_as(&text, false)
    }

    /// CPU seconds of an incremental check, with `more` fields added to one struct.
    fn check_after_edit(&self, more: usize) -> f64 {
        const PLACE: &str = "pub struct Data50 {\n";
        let text = std::fs::read_to_string(self.source()).expect("the generated source");
        let text = text.replace("    pub field_added: Option<u32>,\n", "");
        let edited = format!("{PLACE}{}", "    pub field_added: Option<u32>,\n".repeat(more));
        self.check_as(&text.replace(PLACE, &edited), true)
    }

    fn source(&self) -> PathBuf {
        self.dir.join("src/lib.rs")
    }

    fn check_as(&self, text: &str, incremental: bool) -> f64 {
        std::fs::write(self.source(), text).expect("the generated source");
        let before = children_seconds();
        let done = Command::new(env!("CARGO"))
            .args(["check", "--offline", "--quiet"])
            .env("CARGO_INCREMENTAL", if incremental { "1" } else { "0" })
            .env("CARGO_TARGET_DIR", &self.target)
            .current_dir(&self.dir)
            .status();
        assert!(done.expect("cargo starts").success(), "the generated crate in {} does not check", self.dir.display());
        children_seconds() - before
    }
}

/// User and system time of all terminated children, in seconds (fields 16 and 17 of Linux's `/proc/self/stat`, in hundredths).
fn children_seconds() -> f64 {
    let stat = std::fs::read_to_string("/proc/self/stat").expect("Linux");
    let fields: Vec<&str> = stat.rsplit(')').next().unwrap_or_default().split_whitespace().collect();
    let ticks = |index: usize| fields[index].parse::<f64>().expect("a number of ticks");
    (ticks(13) + ticks(14)) / 100.0
}

fn manifest(kind: &str, steps: usize) -> String {
    let root = concat!(env!("CARGO_MANIFEST_DIR"), "/..");
    let dependencies = match kind {
        "flow" => format!("flow = {{ package = \"flowgate\", path = {root:?}, default-features = false }}\n"),
        _ => "serde = { version = \"1\", features = [\"derive\"] }\nschemars = \"1\"\n".to_owned(),
    };
    format!(
        "[package]\nname = \"{kind}_{steps}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[dependencies]\n{dependencies}\n[workspace]\n"
    )
}

fn structs(steps: usize, attributes: &str) -> String {
    let mut text = String::new();
    for index in 0..=steps {
        for name in ["Data", "Extra"] {
            let _ = writeln!(text, "{attributes}\npub struct {name}{index} {{");
            for field in 0..8 {
                let ty = ["String", "u32", "bool", "Vec<String>", "Option<f64>"][field % 5];
                let _ = writeln!(text, "    pub field_{field}: {ty},");
            }
            let last = if name == "Data" { format!("Vec<Extra{index}>") } else { "i64".to_owned() };
            let _ = writeln!(text, "    pub field_8: u64,\n    pub field_9: {last},\n}}\n");
        }
    }
    text
}

fn body(index: usize) -> String {
    format!("    let _ = input; Ok(Data{}::default())", index + 1)
}

fn plain_source(steps: usize) -> String {
    let mut text = "use serde::{Deserialize, Serialize};\nuse schemars::JsonSchema;\npub type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;\n".to_owned();
    text += &structs(steps, "#[derive(Clone, Debug, Default, Serialize, Deserialize, JsonSchema)]");
    for index in 0..steps {
        let _ = writeln!(
            text,
            "pub async fn step_{index}(input: &Data{index}) -> Result<Data{}> {{\n{}\n}}",
            index + 1,
            body(index)
        );
    }
    text + &chains(steps, "")
}

fn flow_source(steps: usize) -> String {
    let mut text = "use flow::prelude::*;\n".to_owned();
    text += &structs(steps, "#[contract]\n#[derive(Clone, Debug, Default)]");
    for index in 0..steps {
        let _ = writeln!(
            text,
            "#[step]\npub async fn step_{index}(input: &Data{index}) -> Result<Data{}> {{\n{}\n}}",
            index + 1,
            body(index)
        );
    }
    text + &chains(steps, "#[workflow]\n")
}

fn chains(steps: usize, attribute: &str) -> String {
    let mut text = String::new();
    for first in (0..steps).step_by(CHAIN) {
        let last = (first + CHAIN).min(steps);
        let _ = writeln!(
            text,
            "{attribute}pub async fn chain_{first}(value_{first}: Data{first}) -> Result<Data{last}> {{"
        );
        for index in first..last {
            let _ = writeln!(text, "    let value_{} = step_{index}(&value_{index}).await?;", index + 1);
        }
        let _ = writeln!(text, "    Ok(value_{last})\n}}");
    }
    text
}
