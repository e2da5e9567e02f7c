//! The attachments of a run: each is recorded once, and what is recorded of steps refers to it.

use serde_json::Value;

use super::here::Here;
use super::mutex::lock;
use crate::contract::Shape;
use crate::graph::Meta;
use crate::media::{Data, recorded};
use crate::prompt::Prompt;
use crate::run::Record;

/// Returns the input of a step with each argument in another form: [`expanded`](crate::media::expanded) or
/// [`by_hash`](crate::media::by_hash).
pub(super) fn input_as(form: fn(&'static Shape, Value) -> Value, step: &'static Meta, mut input: Value) -> Value {
    for argument in step.arguments {
        if let Some(value) = input.get_mut(argument.name) {
            *value = form(argument.contract.shape, value.take());
        }
    }
    input
}

impl Here<'_> {
    /// Writes a value for a record, and records the attachments that it mentions first.
    pub(super) fn written<T>(&self, write: impl FnOnce() -> T) -> T {
        let (written, media) = recorded(write);
        self.keep(&media);
        written
    }

    /// Records the attachments of a prompt, unless the run has them.
    pub(super) fn keep_attached(&self, prompt: Option<&Prompt>) {
        let media: Vec<_> = prompt.into_iter().flat_map(Prompt::data).cloned().collect();
        self.keep(&media);
    }

    fn keep(&self, media: &[Data]) {
        for data in media.iter().filter(|data| !data.is_missing()) {
            let is_new = {
                let mut kept = lock(&self.engine.media);
                let is_new = !kept.iter().any(|known| known.hash() == data.hash());
                kept.extend(is_new.then(|| data.clone()));
                is_new
            };
            if is_new {
                let (hash, at) = (data.hash().to_owned(), self.engine.now());
                self.record(Record::Media { run: self.run(), hash, data: data.clone(), at });
            }
        }
    }
}
