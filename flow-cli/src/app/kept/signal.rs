//! The command `review signal`: sends a signal to a step by its key.

use flow_runtime::engine::{Signalled, Signalling};
use flow_runtime::run::{Place, RunId};

use crate::app::arguments::SignalArguments;
use crate::app::failure::Failure;
use crate::app::host::Host;
use crate::app::journal::{Visit, refused};
use crate::app::setting::Setting;
use crate::app::shown::moment;
use crate::app::workflows::Workflows;
use crate::app::{Outcome, input};

pub(super) async fn send(
    signal: &SignalArguments,
    workflows: &Workflows,
    setting: &Setting,
    host: &mut Host,
) -> Result<Outcome, Failure> {
    let mut read = |name, source: &str| input::value(name, source, &mut host.stdin, setting.max_input_bytes);
    let (key, value) = (read("key", &signal.key)?, read("value", &signal.value.value)?);
    let visit = Visit::begin(workflows, &signal.look, setting, host)?;
    let sending = visit.runtime.signal_by_id(&signal.step, key, value);
    let sending = signal.id.iter().fold(sending, |sending, id| sending.id(id));
    let by = signal.by.clone().or_else(|| host.user());
    let sending = by.into_iter().fold(sending, Signalling::by);
    match sending.await.map_err(refused)? {
        Signalled::Given(steps) => Ok(Outcome::text(given(&visit, &steps)?)),
        Signalled::Kept(until) => {
            let text = format!("no step waits for it yet; kept until {} for the first that does", moment(until));
            Ok(Outcome::text(text))
        }
        Signalled::Repeated => Ok(Outcome::text("a signal with this id was received before; nothing changed")),
        rejected @ Signalled::Rejected(_) => {
            let text = "every waiting step rejected the signal and keeps waiting";
            Err(Failure::rejected(text, &rejected.reasons()))
        }
        _ => {
            let text = format!(
                "no workflow of this program has a signal step with the id `{}`; the signal was not kept",
                signal.step
            );
            Err(Failure::refused(text))
        }
    }
}

fn given(visit: &Visit, steps: &[(RunId, Place)]) -> Result<String, Failure> {
    let run = match steps {
        [(run, _)] => vec![run.to_string()],
        _ => Vec::new(),
    };
    let run: Vec<_> = run.iter().map(String::as_str).collect();
    let steps: Vec<_> = steps.iter().map(|(run, place)| format!("`{place}` of run {run}")).collect();
    Ok(format!("delivered to {}; {}", steps.join(", "), visit.goes_on(&run)?))
}
