//! Waits in memory for the answer to a step.

use std::sync::atomic::Ordering;

use serde_json::Value;

use super::open::Heard;
use crate::engine::here::Here;
use crate::event::Event;
use crate::run::{Record, Wait};

/// Waits for the answer to a step; `None` if its time runs out first.
pub(in crate::engine::durable) async fn wait(here: &Here<'_>, open: &Wait, input: Value) -> Option<Heard> {
    let (shared, meta) = (&here.engine.shared, here.site.meta);
    let heard = match shared.held.begin(open, input, meta) {
        Err(signal) => Heard { answer: signal.answer, by: signal.by, teller: None },
        Ok(mut waiting) => {
            here.watch.event(|| Event::WillWait { run: here.run(), place: here.place(), step: meta.name });
            tokio::select! {
                biased;
                heard = &mut waiting.hear => heard.ok()?,
                () = shared.clock.until(open.until) => return None,
            }
        }
    };
    if let Some(teller) = &heard.teller {
        teller.is_heard.store(true, Ordering::Release);
    }
    let (answer, by, at) = (heard.answer.clone(), heard.by.clone(), shared.clock.now());
    here.record(Record::Answered { run: here.run(), place: here.place(), answer, by, at });
    Some(heard)
}
