//! Says the pieces of an answer to those that listen, and takes them back if the answer does not count.

use std::sync::Arc;
use std::sync::atomic::AtomicUsize;

use super::here::Here;
use super::mutex::lock;
use super::schemas::Sent;
use super::so_far::Answer;
use super::voice::Voice;
use crate::provider::Deltas;

impl Here<'_> {
    /// Returns where to put the pieces of the answer to be asked for; `None` if nobody listens.
    pub(super) fn voice(&self, turn: Option<u32>, form: impl FnOnce() -> Arc<Sent>) -> Option<Deltas> {
        if self.watch.is_quiet() {
            return None;
        }
        let (run, place, attempt) = (self.run(), self.place(), self.attempts);
        let (observers, feed) = self.watch.listeners(&run);
        *lock(&self.voice) = None;
        match &feed {
            Some(feed) => feed.begin(place.clone(), Answer::new(attempt, turn, form())),
            None => self.watch.feed().into_iter().for_each(|feed| feed.forget(&place)),
        }
        if observers.is_empty() && feed.is_none() {
            return None;
        }
        let voice = Arc::new(Voice { run, place, attempt, turn, observers, feed, said: AtomicUsize::default() });
        *lock(&self.voice) = Some(voice.clone());
        Some(Deltas::heard_by(voice))
    }

    /// Takes back what was said of the current answer, if anything was.
    pub(super) fn take_back(&self) {
        if self.watch.is_quiet() {
            return;
        }
        let voice = lock(&self.voice).take();
        if let Some(voice) = voice.filter(|voice| voice.has_spoken()).or_else(|| self.said_before()) {
            voice.take_back();
        }
    }

    /// An answer that was said before the run left memory, and was replayed since.
    fn said_before(&self) -> Option<Arc<Voice>> {
        let (feed, place) = (self.watch.feed()?, self.place());
        // Rejections of earlier attempts are replayed, too.
        let (attempt, turn) = feed.last_said(&place).filter(|(attempt, _)| *attempt == self.attempts)?;
        let (run, observers, feed, said) = (self.run(), Vec::new(), Some(feed.clone()), AtomicUsize::default());
        Some(Arc::new(Voice { run, place, attempt, turn, observers, feed, said }))
    }
}
