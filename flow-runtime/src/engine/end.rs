//! The end of a step: its record, its entry on the undo list, and its last event.

use serde_json::Value;

use super::cache;
use super::here::Here;
use crate::call::{Ops, read_back_error};
use crate::error::{Error, Recorded, Result};
use crate::event::Event;
use crate::media::expanded;
use crate::run::Record;

impl Here<'_> {
    pub(super) async fn end(mut self, outcome: Result<Option<Value>>) -> Result<()> {
        if self.engine.host.records() {
            self.record_end(&outcome);
            self.site.cx.run.done.end(&self.place(), outcome.as_ref().map(drop));
            self.has_ended = true;
            self.commit().await;
            if let (Some(key), Ok(Some(output))) = (&self.keep_as, &outcome) {
                cache::keep(&self, key, output).await;
            }
        }
        self.ended = true;
        let error = || outcome.as_ref().err().map(|error| error.in_run().to_string());
        self.watch.event(|| Event::DidStep {
            run: self.run(),
            place: self.place(),
            error: error(),
            is_cancelled: false,
        });
        outcome.map(drop)
    }

    /// Like [`read_back`](Self::read_back), for the step's error.
    pub(super) fn as_recorded(&self, error: Error) -> Error {
        match self.engine.host.is_durable() {
            true => read_back_error(error, self.policy().own_error),
            false => error,
        }
    }

    /// Adds the step to the undo list, if it has a `compensate` step. The entry counts once the step's end is recorded.
    pub(super) fn can_be_undone(&self, ops: &dyn Ops, recorded: Option<&Value>, order: Option<u64>) {
        if let Some(undo) = ops.undo() {
            let shape = self.site.meta.output.shape;
            let output = recorded.cloned().map_or_else(|| ops.output(), |output| Ok(expanded(shape, output)));
            self.site.cx.run.done.add(self.site, output, undo, order);
        }
    }

    fn record_end(&self, outcome: &Result<Option<Value>>) {
        let (run, place, spent, at) = (self.run(), self.place(), self.spent, self.engine.now());
        self.record(match outcome {
            Ok(output) => Record::StepFinished {
                run,
                place,
                output: output.clone().unwrap_or_default(),
                cached: self.reused,
                spent,
                at,
            },
            Err(error) => Record::StepFailed {
                run,
                place,
                kind: error.kind().name().into(),
                error: error.in_run().to_string(),
                failure: Box::new(Recorded::of(error, self.policy().own_error)),
                spent,
                at,
            },
        });
    }
}
