//! Brings the records of a runtime to the runs they are of.

use std::sync::Arc;

use flow_runtime::event::Observer;
use flow_runtime::run::Record;

use super::Runs;

#[derive(Debug)]
pub(crate) struct Recorder(pub(crate) Arc<Runs>);

impl Observer for Recorder {
    fn wants_records(&self) -> bool {
        true
    }

    fn record(&self, record: &Record) {
        if let Some(run) = self.0.find(&record.run().to_string()) {
            run.add(record);
        }
    }
}
