//! The command `serve`: serves workflows over HTTP until interrupted.

use super::arguments::ServeArguments;
use super::failure::Failure;
use super::host::Host;
use super::setting::Setting;
use super::workflows::Workflows;

#[cfg(feature = "service")]
pub(super) async fn serve(
    workflows: &Workflows,
    arguments: &ServeArguments,
    setting: Setting,
    host: &Host,
) -> Result<(), Failure> {
    use super::config::Config;
    use super::journal::File;
    use flow_service::{Service, loopback};

    let address = loopback(&arguments.addr).map_err(|error| Failure::refused(format!("`--addr`: {error}")))?;
    let max_bytes = usize::try_from(setting.max_input_bytes).unwrap_or(usize::MAX);
    let config = Config::load(&arguments.setting, &workflows.metas(), host)?;
    let file = File::of(&config, &setting)?;
    let journal = file.as_ref().map(File::execute).transpose()?;
    let title = setting.program().to_owned();
    let builder = setting.provided(&workflows.metas(), arguments.setting.offline, &config, host)?;
    let builder = journal.into_iter().fold(builder, |builder, journal| builder.journal(journal));
    let service = Service::new(builder).title(title).max_body_bytes(max_bytes);
    let service = workflows.all().iter().fold(service, |service, workflow| service.any(*workflow));
    let server = service.bind(address).await?;
    host.stderr.notice(&format!("listening on http://{}", server.address()));
    tell_held(workflows, file.as_ref(), host);
    tell_resumed(server.resumed(), host);
    let mut obstacles = server.obstacles();
    let telling = async {
        while let Some((run, why)) = obstacles.next().await {
            host.stderr.notice(&stuck(&run, why.message()));
        }
        std::future::pending().await
    };
    let stopped = tokio::select! {
        stopped = server.until_interrupted() => stopped,
        () = telling => unreachable!("never completes"),
    };
    if stopped.kept > 0 {
        host.stderr
            .notice(&format!("unfinished runs that continue when the journal is served again: {}", stopped.kept));
    }
    if stopped.cancelled > 0 {
        host.stderr.notice(&format!("unfinished runs that were cancelled: {}", stopped.cancelled));
    }
    stopped.failure.map_or(Ok(()), |error| Err(Failure::Unkept(error)))
}

#[cfg(feature = "service")]
fn stuck(run: &flow_runtime::run::RunId, why: &str) -> String {
    format!("run {run} cannot continue: {why}")
}

/// Warns that waiting runs are lost with the process if there is no journal.
#[cfg(feature = "service")]
fn tell_held(workflows: &Workflows, file: Option<&super::journal::File>, host: &Host) {
    let asking = workflows.metas().into_iter().find_map(super::ask::asking);
    if let (Some(step), None) = (asking, file) {
        host.stderr.notice(&format!(
            "no journal: a run that waits, such as in step `{}`, is held in memory, can be answered over HTTP, and is lost when \
             this process ends; pass --journal FILE to keep it",
            step.name
        ));
    }
}

/// Reports unfinished runs of earlier processes.
#[cfg(feature = "service")]
fn tell_resumed(resumed: &[flow_runtime::engine::Resumed], host: &Host) {
    let known = resumed.iter().filter(|resumed| resumed.known).count();
    if known > 0 {
        host.stderr.notice(&format!("unfinished runs in the journal: {known}"));
    }
}

#[cfg(not(feature = "service"))]
pub(super) async fn serve(_: &Workflows, _: &ServeArguments, _: Setting, _: &Host) -> Result<(), Failure> {
    Err(Failure::refused(
        "this program was built without the feature `service`: run `cargo add flowgate --features service` and rebuild it",
    ))
}
