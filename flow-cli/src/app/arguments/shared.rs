//! Options that several commands share.

use std::path::PathBuf;

use clap::Args;
use flow_runtime::money::Money;
use flow_runtime::run::RunId;

/// Options that take precedence over the environment, the configuration and the program.
#[derive(Debug, Default, Args)]
pub(in crate::app) struct SettingArguments {
    /// Call no model and no MCP server; make up every answer from the words of its prompt or arguments.
    #[arg(long)]
    pub(in crate::app) offline: bool,
    /// Configuration file; default: `flow.toml` in the current directory.
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) config: Option<PathBuf>,
    /// Maximum total cost of all model calls of this process.
    #[arg(long, value_name = "DOLLARS", value_parser = dollars)]
    pub(in crate::app) max_cost: Option<Money>,
    /// Journal file, so that runs survive the process and can wait for people; default: FLOW_JOURNAL or the configuration.
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) journal: Option<PathBuf>,
}

/// Sources of the workflow arguments; later fields override earlier ones.
#[derive(Debug, Default, Args)]
pub(in crate::app) struct InputArguments {
    /// Arguments by name as a JSON object: the JSON itself, `@FILE`, or `-` for standard input.
    #[arg(long, value_name = "JSON|@FILE|-")]
    pub(in crate::app) input: Option<String>,
    /// Set an argument, or a field of one, to the text of a file, or to the file itself where an attachment is expected:
    /// `resume.text=cv.txt`, `receipt.photo=scan.jpg`.
    #[arg(long = "file", value_name = "NAME=PATH", value_parser = assignment)]
    pub(in crate::app) files: Vec<Assignment>,
    /// Set an argument, or a field of one, to a value: JSON if the contract accepts it as JSON, otherwise a string.
    #[arg(long = "set", value_name = "NAME=VALUE", value_parser = assignment)]
    pub(in crate::app) values: Vec<Assignment>,
}

/// `resume.text=cv.txt`
#[derive(Clone, Debug)]
pub(in crate::app) struct Assignment {
    /// The argument name followed by field names; never empty.
    pub(in crate::app) path: Vec<String>,
    pub(in crate::app) value: String,
}

fn assignment(text: &str) -> Result<Assignment, String> {
    let (name, value) = text.split_once('=').ok_or("missing `=`")?;
    let path: Vec<_> = name.split('.').map(str::to_owned).collect();
    if path.iter().any(String::is_empty) {
        return Err(format!("invalid name `{name}`: expected `argument` or `argument.field`"));
    }
    Ok(Assignment { path, value: value.to_owned() })
}

/// What is reported about a run.
#[derive(Clone, Debug, Default, Args)]
pub(in crate::app) struct TellingArguments {
    /// Write the run's records to a file as JSON Lines: prompts, schemas, replies, tokens, attempts, verdicts.
    #[arg(long, value_name = "FILE")]
    pub(in crate::app) trace: Option<PathBuf>,
    /// Print one line of JSON: the result, or `{"error": …}`.
    #[arg(long)]
    pub(in crate::app) json: bool,
    /// Print neither progress nor the bill.
    #[arg(long, short)]
    pub(in crate::app) quiet: bool,
}

fn dollars(text: &str) -> Result<Money, String> {
    Money::parse(text).ok_or_else(|| "expected an amount in dollars, such as `$0.50` or `20`".to_owned())
}

/// Parses the id of a new run.
pub(super) fn id(text: &str) -> Result<RunId, String> {
    text.parse().map_err(|error: flow_runtime::error::Error| error.message().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_assignment_ends_at_its_first_equals_sign() {
        let assignment = assignment("job.title=a=b").unwrap();
        assert_eq!((assignment.path.join("/"), assignment.value), ("job/title".to_owned(), "a=b".to_owned()));
    }

    #[test]
    fn an_assignment_names_something() {
        for text in ["text", "=x", "a..b=x", ".=x"] {
            assert!(assignment(text).is_err(), "{text}");
        }
    }
}
