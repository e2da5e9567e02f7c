//! The problem types, each with its status and what it means.

/// What kind of problem it is.
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

/// One line of the table.
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

    /// The problem's `type`: a reference that this service answers with the meaning.
    pub(crate) fn uri(self) -> String {
        format!("/problems/{}", self.row().name)
    }

    pub(crate) fn row(self) -> Row {
        let (status, name, title, meaning) = match self {
            Self::BadRequest => (400, "bad-request", "The request cannot be read", BAD_REQUEST),
            Self::NoSuchRoute => (404, "no-such-route", "There is nothing at this path", NO_SUCH_ROUTE),
            Self::NoSuchWorkflow => (404, "no-such-workflow", "There is no such workflow", NO_SUCH_WORKFLOW),
            Self::NoSuchRun => (404, "no-such-run", "There is no such run", NO_SUCH_RUN),
            Self::NoSuchSignal => (404, "no-such-signal", "No step takes such a signal", NO_SUCH_SIGNAL),
            Self::MethodNotAllowed => (405, "method-not-allowed", "The path has no such method", METHOD),
            Self::NotAcceptable => (406, "not-acceptable", "No form of it is acceptable", NOT_ACCEPTABLE),
            Self::BodyTooLarge => (413, "body-too-large", "The body is too large", BODY_TOO_LARGE),
            Self::UnsupportedMediaType => (415, "unsupported-media-type", "The body is not declared as JSON", MEDIA),
            Self::WrongHost => (421, "wrong-host", "The request is for another host", WRONG_HOST),
            Self::InvalidInput => (422, "invalid-input", "The input is not what the workflow takes", INVALID_INPUT),
            Self::IdTaken => (422, "id-taken", "The id is that of another run", ID_TAKEN),
            Self::InvalidAnswer => (422, "invalid-answer", "The answer is not what the step takes", INVALID_ANSWER),
            Self::RejectedAnswer => (422, "rejected-answer", "The step's gates reject the answer", REJECTED_ANSWER),
            Self::NotWaiting => (409, "not-waiting", "Nothing waits there for such an answer", NOT_WAITING),
            Self::CannotGoOn => (409, "cannot-go-on", "This build cannot go on with the run", CANNOT_GO_ON),
            Self::RunFailed => (500, "run-failed", "The run has failed", RUN_FAILED),
            Self::TooManyRuns => (503, "too-many-runs", "Too many runs are under way", TOO_MANY_RUNS),
            Self::Stopping => (503, "stopping", "The service is stopping", STOPPING),
            Self::JournalFailed => (503, "journal-failed", "The journal keeps nothing any more", JOURNAL_FAILED),
        };
        Row { name, status, title, meaning }
    }
}

const BAD_REQUEST: &str = "The query, a header or the JSON of the body is malformed. Nothing was started.";
const NO_SUCH_ROUTE: &str = "The path is none of this service. GET /openapi.json lists all paths.";
const NO_SUCH_WORKFLOW: &str = "The service has no workflow of this name. GET /workflows lists them.";
const NO_SUCH_RUN: &str = "The service holds no run of this id: it was never started here, ended so long ago that newer ones have taken its room or it was pruned, or the service keeps its runs in memory and was started \
    anew since.";
const NO_SUCH_SIGNAL: &str = "No workflow of the service has a signal step of this id. Nothing was kept.";
const METHOD: &str = "The path exists; the header Allow says with which methods.";
const NOT_ACCEPTABLE: &str = "The header Accept names no form in which the answer can be given.";
const BODY_TOO_LARGE: &str = "The body has more bytes than the service takes. Nothing was started.";
const MEDIA: &str = "A run is started with a body of Content-Type application/json. Nothing was started.";
const WRONG_HOST: &str = "The service answers for this machine alone: localhost, 127.0.0.1, [::1]. Without that rule a web page \
    could reach it through a host name of its own.";
const INVALID_INPUT: &str = "The body is JSON, but not the input of the workflow. Each of errors has the JSON Pointer of a mistake \
    and what was expected there. Nothing was started.";
const ID_TAKEN: &str = "A run of this id was started with another input or of another workflow. Nothing was started.";
const INVALID_ANSWER: &str = "The answer breaks the contract of the step that waits. Each of errors has the JSON Pointer of a mistake \
    and what was expected there. Nothing was taken in, and the step still waits.";
const REJECTED_ANSWER: &str = "The answer keeps to the contract of the step that waits, but a gate of the step rejects it. Each of reasons \
    says why. The step still waits.";
const NOT_WAITING: &str = "At this place of the run nothing waits, or it waits for another kind of answer, or it was answered before: \
    the first answer counts. GET /runs/{id} says what waits.";
const CANNOT_GO_ON: &str = "Another build began the run, and what it has recorded does not fit this one; detail says where. Nothing \
    was taken in. The build that began the run can finish it, or the run is cancelled.";
const RUN_FAILED: &str = "The run has ended with an error: kind says which, step, place and attempt say where. Starting it again \
    is a new run.";
const TOO_MANY_RUNS: &str = "As many runs as allowed are under way. Nothing was started; try again later.";
const STOPPING: &str = "The service starts no more runs. Nothing was started.";
const JOURNAL_FAILED: &str = "The disk of the journal is full or fails, or its file was moved, deleted or damaged. The service keeps nothing \
    any more and is about to end; what it had kept goes on when it is started again. Whether the request took effect is not known.";

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
