//! The command `mcp`: prints steps for the tools of a server.

use super::arguments::ImportArguments;
use super::failure::Failure;
use super::host::Host;
use super::outcome::Outcome;
use super::setting::Setting;
use super::workflows::Workflows;

#[cfg(feature = "mcp")]
pub(super) async fn import(
    arguments: ImportArguments,
    workflows: &Workflows,
    setting: Setting,
    host: &Host,
) -> Result<Outcome, Failure> {
    use super::arguments::SettingArguments;
    use super::config::Config;
    use flow_runtime::error::{Error, ErrorKind};

    let config = SettingArguments { config: arguments.config, ..SettingArguments::default() };
    let config = Config::load(&config, &workflows.metas(), host)?;
    let builder = setting.configured(&config)?;
    let name = &arguments.server;
    let Some(server) = builder.mcp_server(name) else {
        let names: Vec<_> = builder.mcp_servers().map(|name| format!("`{name}`")).collect();
        let known = if names.is_empty() { String::new() } else { format!(" (there are {})", names.join(", ")) };
        return Err(Failure::refused(format!("unknown server `{name}`{known}; add `[mcp.{name}]` to `flow.toml`")));
    };
    let connected = server.connect().await;
    let connected =
        connected.map_err(|failure| Error::new(ErrorKind::Setup, format!("server `{name}`: {}", failure.message)))?;
    let code = flow_mcp::import::steps(name, &connected.tools, &arguments.tools).map_err(Failure::refused)?;
    Ok(Outcome::text(code.trim_end()))
}

#[cfg(not(feature = "mcp"))]
pub(super) async fn import(_: ImportArguments, _: &Workflows, _: Setting, _: &Host) -> Result<Outcome, Failure> {
    Err(Failure::refused(
        "this program was built without the feature `mcp`: run `cargo add flowgate --features mcp` and rebuild it",
    ))
}
