//! What a command comes to.

use serde_json::json;

use super::run::Came;

/// What a command prints, if it does, and its exit status.
pub(super) struct Outcome {
    pub(super) text: Option<String>,
    pub(super) status: u8,
}

/// The exit status of what waits for a person, an outside system or a moment.
pub(super) const WAITS: u8 = 3;

impl Outcome {
    pub(super) fn text(text: impl Into<String>) -> Self {
        Self { text: Some(text.into()), status: 0 }
    }

    /// A run's output, or that it waits.
    pub(super) fn of(came: Came, json: bool) -> Self {
        match came {
            Came::Output(output) if json => Self::text(output.to_string()),
            Came::Output(output) => Self::text(format!("{output:#}")),
            Came::Waits(run, waits) => {
                let waits = json.then(|| json!({ "status": "waiting", "run": run, "waits": waits }));
                Self { text: waits.map(|waits| waits.to_string()), status: WAITS }
            }
        }
    }
}
