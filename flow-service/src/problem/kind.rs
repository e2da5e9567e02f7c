//! The problem types, with status and description.

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    BadRequest,
    NoSuchRoute,
    NoSuchWorkflow,
    NoSuchRun,
    NoSuchSignal,
    MethodNotAllowed,
    NotAcceptable,
    BodyTooLarge,
    UnsupportedMediaType,
    WrongHost,
    InvalidInput,
    IdTaken,
    InvalidAnswer,
    RejectedAnswer,
    NotWaiting,
    RunFailed,
    TooManyRuns,
    Stopping,
    JournalFailed,
    CannotGoOn,
}

/// A row of the table.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) status: u16,
    pub(crate) title: &'static str,
    pub(crate) meaning: &'static str,
}

impl Kind {
    pub(crate) const ALL: [Self; 20] = [
        Self::BadRequest,
        Self::NoSuchRoute,
        Self::NoSuchWorkflow,
        Self::NoSuchRun,
        Self::NoSuchSignal,
        Self::MethodNotAllowed,
        Self::NotAcceptable,
        Self::BodyTooLarge,
        Self::UnsupportedMediaType,
        Self::WrongHost,
        Self::InvalidInput,
        Self::IdTaken,
        Self::InvalidAnswer,
        Self::RejectedAnswer,
        Self::NotWaiting,
        Self::RunFailed,
        Self::TooManyRuns,
        Self::Stopping,
        Self::JournalFailed,
        Self::CannotGoOn,
    ];

    /// The problem's `type`: a path of this service that describes the problem.
    pub(crate) fn uri(self) -> String {
        format!("/problems/{}", self.row().name)
    }

    pub(crate) fn row(self) -> Row {
        let (status, name, title, meaning) = match self {
            Self::BadRequest => (400, "bad-request", "The request cannot be read", BAD_REQUEST),
            Self::NoSuchRoute => (404, "no-such-route", "Unknown path", NO_SUCH_ROUTE),
            Self::NoSuchWorkflow => (404, "no-such-workflow", "Unknown workflow", NO_SUCH_WORKFLOW),
            Self::NoSuchRun => (404, "no-such-run", "Unknown run", NO_SUCH_RUN),
            Self::NoSuchSignal => (404, "no-such-signal", "No step accepts this signal", NO_SUCH_SIGNAL),
            Self::MethodNotAllowed => (405, "method-not-allowed", "The path does not allow this method", METHOD),
            Self::NotAcceptable => (406, "not-acceptable", "No acceptable media type", NOT_ACCEPTABLE),
            Self::BodyTooLarge => (413, "body-too-large", "The body is too large", BODY_TOO_LARGE),
            Self::UnsupportedMediaType => (415, "unsupported-media-type", "The body is not declared as JSON", MEDIA),
            Self::WrongHost => (421, "wrong-host", "The request is for another host", WRONG_HOST),
            Self::InvalidInput => (422, "invalid-input", "The input is not valid for the workflow", INVALID_INPUT),
            Self::IdTaken => (422, "id-taken", "The id belongs to another run", ID_TAKEN),
            Self::InvalidAnswer => (422, "invalid-answer", "The answer is not valid for the step", INVALID_ANSWER),
            Self::RejectedAnswer => (422, "rejected-answer", "The step's gates rejected the answer", REJECTED_ANSWER),
            Self::NotWaiting => (409, "not-waiting", "Nothing is waiting for this answer", NOT_WAITING),
            Self::CannotGoOn => (409, "cannot-go-on", "This build cannot continue the run", CANNOT_GO_ON),
            Self::RunFailed => (500, "run-failed", "The run failed", RUN_FAILED),
            Self::TooManyRuns => (503, "too-many-runs", "Too many runs are executing", TOO_MANY_RUNS),
            Self::Stopping => (503, "stopping", "The service is stopping", STOPPING),
            Self::JournalFailed => (503, "journal-failed", "The journal has failed", JOURNAL_FAILED),
        };
        Row { name, status, title, meaning }
    }
}

const BAD_REQUEST: &str = "The query, a header or the JSON of the body is malformed. Nothing was started.";
const NO_SUCH_ROUTE: &str = "The service does not have this path. GET /openapi.json lists all paths.";
const NO_SUCH_WORKFLOW: &str = "The service has no workflow with this name. GET /workflows lists them.";
const NO_SUCH_RUN: &str = "The service has no run with this id: it was never started here, it ended and was pruned or displaced by newer runs, or the service keeps its runs in memory and was \
    restarted since.";
const NO_SUCH_SIGNAL: &str = "No workflow of the service has a signal step with this id. The signal was not kept.";
const METHOD: &str = "The path exists; the header Allow lists its methods.";
const NOT_ACCEPTABLE: &str = "The header Accept names no media type in which the response is available.";
const BODY_TOO_LARGE: &str = "The body has more bytes than the service accepts. Nothing was started.";
const MEDIA: &str = "The body must have the Content-Type application/json. Nothing was started.";
const WRONG_HOST: &str = "The service accepts only requests for this machine: localhost, 127.0.0.1, [::1]. Otherwise a web page \
    could reach it through its own host name.";
const INVALID_INPUT: &str = "The body is JSON, but not a valid input of the workflow. Each of errors has the JSON Pointer of a mistake \
    and what was expected there. Nothing was started.";
const ID_TAKEN: &str =
    "A run with this id was started with another input or for another workflow. Nothing was started.";
const INVALID_ANSWER: &str = "The answer breaks the contract of the waiting step. Each of errors has the JSON Pointer of a mistake \
    and what was expected there. Nothing was changed, and the step keeps waiting.";
const REJECTED_ANSWER: &str = "The answer satisfies the contract of the waiting step, but a gate of the step rejected it. Each of reasons \
    says why. The step keeps waiting.";
const NOT_WAITING: &str = "Nothing is waiting at this place of the run, or it waits for another kind of answer, or it was answered before: \
    the first answer counts. GET /runs/{id} lists what is waiting.";
const CANNOT_GO_ON: &str = "Another build started the run, and its records do not fit this build; detail says where. Nothing \
    was changed. Finish the run with the build that started it, or cancel it.";
const RUN_FAILED: &str = "The run ended with an error: kind says which, step, place and attempt say where. Starting it again \
    starts a new run.";
const TOO_MANY_RUNS: &str = "The maximum number of runs is already executing. Nothing was started; try again later.";
const STOPPING: &str = "The service no longer starts runs. Nothing was started.";
const JOURNAL_FAILED: &str = "The disk of the journal is full or failing, or its file was moved, deleted or damaged. The service stores nothing \
    more and is about to end; stored runs continue when it is restarted. It is unknown whether the request took effect.";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_has_a_name_and_an_error_status_of_its_own() {
        let mut names: Vec<_> = Kind::ALL.iter().map(|kind| kind.row().name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Kind::ALL.len());
        assert!(Kind::ALL.iter().all(|kind| (400..600).contains(&kind.row().status)));
    }
}
