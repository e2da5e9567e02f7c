//! Hands answers and signals to the steps that wait in memory.

use std::collections::{HashMap, HashSet};

use serde_json::Value;

use super::open::{Heard, Held, Open};
use super::verdict::{Teller, Verdict};
use crate::engine::durable::asked::Asked;
use crate::engine::durable::judge::{self, reasons};
use crate::engine::durable::said::TakenIn;
use crate::engine::durable::signals::Signalled;
use crate::engine::mutex::lock;
use crate::engine::runtime::Runtime;
use crate::error::{Error, ErrorKind, Result};
use crate::journal::{Signal, Slot};
use crate::place::RunId;
use crate::run::{Record, Wait, WaitsFor};

impl Runtime {
    fn held(&self) -> &Held {
        &self.shared().held
    }

    pub(in crate::engine::durable) async fn answer_held(
        &self,
        (run, place): (&RunId, &str),
        by: Option<String>,
        answer: impl FnOnce(&Asked) -> Result<Value>,
    ) -> Result<TakenIn> {
        let (key, asked) = self.held().find(run, place)?;
        let answer = answer(&asked)?;
        let judged = self.judge_held(&asked, &answer).await;
        if let (Err(why), WaitsFor::Signal) = (&judged, asked.wait.waits_for) {
            self.reject_held(&asked.wait, (answer.clone(), by.clone()), why);
        }
        let (left, teller, verdict) = judged?;
        if self.held().hand(key, Heard { answer, by, teller }).is_err() {
            let text = format!(
                "`{place}` in run `{run}` was already answered, or is no longer waiting; the first answer counts"
            );
            return Err(Error::new(ErrorKind::Setup, text));
        }
        let heard = match verdict {
            Some(verdict) => verdict.heard().await.transpose()?,
            None => None,
        };
        Ok(TakenIn { judged_later: if heard.is_some() { Vec::new() } else { left } })
    }

    /// Rejects an answer that the gates callable here reject. Returns the names of the other gates, and the channel for
    /// their verdict.
    async fn judge_held(
        &self,
        asked: &Asked,
        answer: &Value,
    ) -> Result<(Vec<&'static str>, Option<Teller>, Option<Verdict>)> {
        let left = judge::before(self, asked.meta, &asked.input, answer, false).await?;
        let is_told = !left.is_empty() && judge::judges_at_once(asked.meta);
        let (teller, verdict) = is_told.then(Teller::new).unzip();
        Ok((left, teller, verdict))
    }

    /// Shows observers that a step has rejected an answer.
    fn reject_held(&self, wait: &Wait, (answer, by): (Value, Option<String>), why: &Error) {
        let (run, place, at) = (wait.run.clone(), wait.place.clone(), self.shared().clock.now());
        let reasons = reasons(why);
        self.shared().watch(None).record(&Record::AnswerRejected { run, place, answer, by, reasons, at });
    }

    /// Delivers a signal to the steps waiting for it in memory, or keeps it.
    pub(in crate::engine::durable) async fn signal_held(&self, signal: &Signal) -> Signalled {
        let (mut accepting, mut rejected, mut judged) = (HashMap::new(), Vec::new(), HashSet::new());
        for (key, asked) in self.held().waiting_for(&signal.slot) {
            judged.insert(key);
            match self.judge_held(&asked, &signal.answer).await {
                Ok((_, teller, verdict)) => _ = accepting.insert(key, (teller, verdict)),
                Err(why) => {
                    self.reject_held(&asked.wait, (signal.answer.clone(), signal.by.clone()), &why);
                    rejected.push((asked.wait.run, asked.wait.place, why));
                }
            }
        }
        let (mut given, mut verdicts) = (Vec::new(), Vec::new());
        {
            let mut inner = lock(&self.held().inner);
            if inner.signals.is_repeated(signal) {
                return Signalled::Repeated;
            }
            // A step that started to wait in the meantime judges the signal itself.
            let is_for = |key: &u64, open: &mut Open| {
                (accepting.contains_key(key) || !judged.contains(key))
                    && Slot::of(&open.wait).as_ref() == Some(&signal.slot)
            };
            for (key, open) in inner.open.extract_if(.., is_for).collect::<Vec<_>>() {
                let (teller, verdict) = accepting.remove(&key).unwrap_or_default();
                let heard = Heard { answer: signal.answer.clone(), by: signal.by.clone(), teller };
                if open.hear.send(heard).is_ok() {
                    let at = (open.wait.run, open.wait.place);
                    verdicts.extend(verdict.map(|verdict| (at.clone(), verdict)));
                    given.push(at);
                }
            }
            inner.signals.keep(signal, !given.is_empty() || !rejected.is_empty());
        }
        for ((run, place), verdict) in verdicts {
            if let Some(Err(why)) = verdict.heard().await {
                given.retain(|other| *other != (run.clone(), place.clone()));
                rejected.push((run, place, why));
            }
        }
        match (given.is_empty(), rejected.is_empty()) {
            (false, _) => Signalled::Given(given),
            (true, false) => Signalled::Rejected(rejected),
            (true, true) => Signalled::Kept(signal.until),
        }
    }
}
