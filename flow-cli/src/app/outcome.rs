//! Results of commands.

use flow_runtime::run::{RunId, Wait};
use serde_json::{Value, json};

/// Output and exit status of a successful command.
pub(super) struct Outcome {
    pub(super) printed: Option<Printed>,
    pub(super) status: u8,
}

pub(super) enum Printed {
    Text(String),
    Json(String),
}

/// How a run ended for now.
pub(super) enum Came {
    Output(Value),
    /// It waits, and continues when it is answered and resumed.
    Waits(RunId, Vec<Wait>),
}

/// Exit status of a run that waits for a person, an outside system or a point in time.
pub(super) const WAITS: u8 = 3;

impl Outcome {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { printed: Some(Printed::Text(text.into())), status: 0 }
    }

    pub(super) fn json(json: impl ToString) -> Self {
        Self { printed: Some(Printed::Json(json.to_string())), status: 0 }
    }

    pub(super) fn status(status: u8) -> Self {
        Self { printed: None, status }
    }

    pub(super) fn of(came: Came, json: bool) -> Self {
        match came {
            Came::Output(output) if json => Self::json(output),
            Came::Output(output) => Self::json(format!("{output:#}")),
            Came::Waits(run, waits) if json => {
                let waits = json!({ "status": "waiting", "run": run, "waits": waits });
                Self { status: WAITS, ..Self::json(waits) }
            }
            Came::Waits(..) => Self::status(WAITS),
        }
    }
}
