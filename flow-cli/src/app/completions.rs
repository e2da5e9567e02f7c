//! Shell completion scripts.

use clap::Command;
use clap::builder::PossibleValuesParser;
use clap_complete::Shell;
use flow_runtime::graph::Meta;

/// Completes workflow names as well as commands and options.
pub(super) fn script(shell: Shell, command: Command, workflows: &[&'static Meta]) -> String {
    let names: Vec<_> = workflows.iter().map(|meta| meta.name).collect();
    let takes = ["run", "graph", "schema"];
    let mut command = takes.into_iter().fold(command, |command, name| {
        let values = PossibleValuesParser::new(names.iter().copied());
        command.mut_subcommand(name, |command| command.mut_arg("workflow", |argument| argument.value_parser(values)))
    });
    command = command.mut_subcommand("runs", |command| {
        let values = PossibleValuesParser::new(names.iter().copied());
        command.mut_subcommand("list", |command| command.mut_arg("workflow", |argument| argument.value_parser(values)))
    });
    let program = command.get_bin_name().unwrap_or_else(|| command.get_name()).to_owned();
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut command, program, &mut script);
    String::from_utf8_lossy(&script).trim_end().to_owned()
}
