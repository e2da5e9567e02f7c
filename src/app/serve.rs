//! The command `serve`: the workflows of the program over HTTP, until it is interrupted.

use super::arguments::ServeArguments;
use super::failure::Failure;
use super::host::Host;
use super::run::Setting;
use super::workflows::Workflows;

#[cfg(feature = "service")]
pub(super) async fn serve(
    workflows: &Workflows,
    arguments: &ServeArguments,
    setting: Setting,
    host: &Host,
) -> Result<(), Failure> {
    use super::config::Config;
    use flow_service::{Service, loopback};

    let address = loopback(&arguments.addr).map_err(|error| Failure::refused(format!("`--addr`: {error}")))?;
    let max_bytes = usize::try_from(setting.max_input_bytes).unwrap_or(usize::MAX);
    let config = Config::load(&arguments.setting, &workflows.metas(), host)?;
    let builder = setting.provided(&workflows.metas(), arguments.setting.offline, &config, host)?;
    let service = Service::new(builder).title(super::program().unwrap_or_default()).max_body_bytes(max_bytes);
    let service = workflows.all().iter().fold(service, |service, workflow| service.any(*workflow));
    let server = service.bind(address).await?;
    host.stderr.notice(&format!("listening on http://{}", server.address()));
    let stopped = server.until_interrupted().await;
    if stopped.cancelled > 0 {
        host.stderr.notice(&format!("runs that were still under way and are cancelled: {}", stopped.cancelled));
    }
    Ok(())
}

#[cfg(not(feature = "service"))]
pub(super) async fn serve(_: &Workflows, _: &ServeArguments, _: Setting, _: &Host) -> Result<(), Failure> {
    Err(Failure::refused(
        "this program is built without HTTP: write `flow = { version = \"…\", features = [\"service\"] }` in Cargo.toml",
    ))
}
