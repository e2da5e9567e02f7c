//! Irreversible effects that may or may not have happened.

use super::in_process::InProcess;
use crate::error::{Error, ErrorKind};

/// The error of an irreversible effect that was interrupted. If the run cannot wait for a person to decide, the message
/// says how it could.
pub(super) fn unknown_outcome(engine: &InProcess, what: &str) -> Error {
    let way_out = match (engine.host.ledger(), &engine.shared.keeper) {
        (Some(_), _) => "",
        (None, None) => "; with a journal, the run waits until a person says whether it happened",
        (None, Some(_)) => "; in a workflow, the run would wait until a person says whether it happened",
    };
    let text = format!(
        "{what}, and its irreversible effect may or may not have happened: check before you run it again{way_out}"
    );
    Error::new(ErrorKind::UnknownOutcome, text)
}
