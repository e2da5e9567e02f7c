//! Configuration. Precedence: command line, environment, `flow.toml`, code.

mod file;
mod provider;
mod read;
mod refuse;
mod server;
#[cfg(feature = "mcp")]
mod servers;
mod value;

use std::path::{Path, PathBuf};

use flow_base::near::did_you_mean;
use flow_runtime::engine::{Builder, CONCURRENCY};
use flow_runtime::error::{Error, ErrorKind, Result};
use flow_runtime::graph::Meta;
use flow_runtime::money::Money;
use flow_runtime::provider::{replacement_from, spelled};

use super::arguments::SettingArguments;
use super::failure::Failure;
use super::host::{Environment, Host};
use super::providers;
use file::File;

/// Merged configuration of the process.
pub(super) struct Config {
    environment: Environment,
    file: File,
    path: Option<PathBuf>,
    max_cost: Option<Money>,
    journal: Option<PathBuf>,
    /// Names of the program's replaceable models.
    names: Vec<&'static str>,
}

impl Config {
    /// Reads the file named on the command line, or else the default file if it exists.
    pub(super) fn load(
        arguments: &SettingArguments,
        workflows: &[&'static Meta],
        host: &Host,
    ) -> Result<Self, Failure> {
        let path = arguments.config.clone().or_else(|| host.config.clone().filter(|path| path.exists()));
        let file = path.as_deref().map_or_else(|| Ok(File::default()), load)?;
        let (max_cost, journal) = (arguments.max_cost, arguments.journal.clone());
        Ok(Self { environment: host.environment(), file, path, max_cost, journal, names: names(workflows) })
    }

    /// Applies everything that takes precedence over the program.
    ///
    /// # Errors
    ///
    /// Fails if a variable is invalid.
    pub(super) fn apply(&self, builder: Builder) -> Result<Builder, Failure> {
        let mut builder = builder.prices(self.file.prices.iter().cloned());
        for provider in &self.file.providers {
            if let Some(limits) = provider.limits {
                builder = builder.limits(&provider.name, limits);
            }
        }
        #[cfg(feature = "mcp")]
        {
            builder = servers::add(builder, &self.file.servers, &self.environment);
        }
        let variables = self.variables();
        for name in &self.names {
            let replacement = replacement_from(name, &variables);
            if let Some(model) = replacement.map_err(|text| Error::new(ErrorKind::Setup, text))? {
                builder = builder.model(name, model);
            }
        }
        Ok(match self.max_cost()? {
            Some(cap) => builder.max_cost(cap),
            None => builder,
        })
    }

    /// Looks up variables in the environment, then in the file, whose settings map to the same variable names.
    pub(super) fn variables(&self) -> impl Fn(&str) -> Option<String> + Send + Sync + 'static {
        let environment = self.environment.clone();
        let models = self.file.models.iter().map(|(name, model)| (model_variable(name), model.clone()));
        let urls = self.file.providers.iter().filter_map(|provider| {
            Some((url_variable(&provider.name), provider.base_url.clone()?))
                .filter(|(name, _)| !self.is_overruled(name))
        });
        let settings = self.file.providers.iter().flat_map(|provider| &provider.settings);
        let settings = settings.filter(|(name, _)| !self.is_overruled(name)).cloned();
        let file: Vec<_> = models.chain(urls).chain(settings).collect();
        move |wanted| {
            let given = environment(wanted).filter(|text| !text.trim().is_empty());
            given.or_else(|| file.iter().find(|(name, _)| name == wanted).map(|(_, value)| value.clone()))
        }
    }

    /// Maximum number of concurrent runs.
    pub(super) fn concurrency(&self, argument: Option<usize>) -> Result<usize, Failure> {
        let number = |text: &str| text.parse().ok().filter(|runs| *runs > 0);
        let variable = || self.variable("FLOW_CONCURRENCY", number, "a number of runs above 0");
        let given = argument.map_or_else(variable, |runs| Ok(Some(runs)))?;
        Ok(given.or(self.file.concurrency).unwrap_or(CONCURRENCY as usize))
    }

    /// The journal file, and whether it was named on the command line.
    pub(super) fn journal(&self) -> Result<Option<(PathBuf, bool)>, Failure> {
        if let Some(path) = &self.journal {
            return Ok(Some((path.clone(), true)));
        }
        let variable = self.variable("FLOW_JOURNAL", |text| Some(PathBuf::from(text)), "the name of a file")?;
        Ok(variable.or_else(|| self.file.journal.clone()).map(|path| (path, false)))
    }

    fn max_cost(&self) -> Result<Option<Money>, Failure> {
        let variable = || self.variable("FLOW_MAX_COST", Money::parse, "an amount in dollars, such as `$0.50` or `20`");
        let given = self.max_cost.map_or_else(variable, |cap| Ok(Some(cap)))?;
        Ok(given.or(self.file.max_cost))
    }

    fn variable<T>(&self, name: &str, read: impl Fn(&str) -> Option<T>, wrong: &str) -> Result<Option<T>, Failure> {
        let text = (self.environment)(name).map(|text| text.trim().to_owned()).filter(|text| !text.is_empty());
        text.map(|text| {
            read(&text).ok_or_else(|| Failure::refused(format!("{name} is invalid: expected {wrong}, found `{text}`")))
        })
        .transpose()
    }

    /// Notices about the file: where it redirects requests, and which of its settings have no effect.
    pub(super) fn notices(&self) -> Vec<String> {
        let Some(path) = &self.path else { return Vec::new() };
        let path = path.display();
        let urls = self.file.providers.iter().filter_map(|provider| {
            let url = provider.base_url.as_ref().filter(|_| {
                let variable = url_variable(&provider.name);
                !self.is_overruled(&variable) && (self.environment)(&variable).is_none()
            })?;
            Some(format!("{path}: requests to `{}` go to {url}", provider.name))
        });
        let strange = |name: &&String| !self.names.iter().any(|known| spelled(known) == spelled(name));
        let lost = self.file.models.iter().map(|(name, _)| name).filter(strange).map(|name| {
            let near = did_you_mean(name, self.names.iter().copied());
            format!("{path}: no model of this program is named `{name}`{near}")
        });
        urls.chain(lost).collect()
    }

    /// Some settings have a second variable, which also overrides the file.
    fn is_overruled(&self, variable: &str) -> bool {
        const SECOND: [(&str, &str); 2] = [("OLLAMA_BASE_URL", "OLLAMA_HOST"), ("AWS_REGION", "AWS_DEFAULT_REGION")];
        SECOND.iter().any(|(first, second)| *first == variable && (self.environment)(second).is_some())
    }
}

fn load(path: &Path) -> Result<File, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::refused(format!("the configuration `{}` cannot be read: {error}", path.display())))?;
    // Some editors write a byte order mark.
    read::file(text.trim_start_matches('\u{feff}'))
        .map_err(|wrong| Failure::refused(format!("{}:{wrong}", path.display())))
}

/// Names of all replaceable models.
fn names(workflows: &[&'static Meta]) -> Vec<&'static str> {
    let mut names: Vec<_> = providers::models(workflows).filter_map(|model| model.get_name()).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn model_variable(name: &str) -> String {
    format!("FLOW_MODEL_{}", spelled(name))
}

fn url_variable(provider: &str) -> String {
    match provider {
        "azure" => "AZURE_OPENAI_ENDPOINT".to_owned(),
        "bedrock" => "AWS_ENDPOINT_URL_BEDROCK_RUNTIME".to_owned(),
        "openai" | "anthropic" | "gemini" | "ollama" | "vertex" => format!("{}_BASE_URL", spelled(provider)),
        other => format!("FLOW_{}_BASE_URL", spelled(other)),
    }
}
