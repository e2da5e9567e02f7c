//! What the program configured in code.

use std::path::PathBuf;

use flow_runtime::engine::Builder;
use flow_runtime::error::Result;
use flow_runtime::graph::Meta;

use super::config::Config;
use super::failure::Failure;
use super::host::Host;
use super::providers::{self, MadeUp};

type Configure = Box<dyn FnOnce(Builder) -> Result<Builder> + Send>;

pub(super) struct Setting {
    /// The words that every command starts with: the program's name, and the words of its own command line that precede ours.
    pub(super) words: Vec<String>,
    pub(super) builder: Builder,
    pub(super) configure: Vec<Configure>,
    pub(super) max_input_bytes: u64,
    /// Default journal.
    pub(super) journal: Option<PathBuf>,
    /// When answers are made up without `--offline`.
    pub(super) made_up: MadeUp,
}

impl Setting {
    /// The program's name, for usage lines.
    pub(super) fn program(&self) -> &str {
        &self.words[0]
    }

    /// Applies the settings of the program, then the configuration, then providers from the environment, and prints notices.
    pub(super) fn provided(
        self,
        workflows: &[&'static Meta],
        offline: bool,
        config: &Config,
        host: &Host,
    ) -> Result<Builder, Failure> {
        let made_up = if offline { MadeUp::Always } else { self.made_up };
        let builder = self.configured(config)?;
        let (builder, lacks) = providers::provide(builder, workflows, made_up, config.variables())?;
        let notices = if builder.is_offline() { Vec::new() } else { config.notices() };
        notices.iter().chain(&lacks).for_each(|notice| host.stderr.notice(notice));
        Ok(builder)
    }

    /// Applies the settings of the program, then the configuration.
    pub(super) fn configured(self, config: &Config) -> Result<Builder, Failure> {
        let program = self.configure.into_iter().try_fold(self.builder, |builder, change| change(builder))?;
        config.apply(program)
    }
}
