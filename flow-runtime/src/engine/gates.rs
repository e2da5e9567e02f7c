//! Judges the output of a step: its gates, and the `fix` step after a rejection.

use serde_json::Value;

use super::here::Here;
use crate::call::Ops;
use crate::error::{Error, ErrorKind, Result};
use crate::event::Event;
use crate::gate::Rejection;
use crate::run::Record;

impl Here<'_> {
    /// Judges an answer of a person or an outside system. `times` is the number of answers rejected before, so that the
    /// gates of each answer have their own places.
    pub(super) async fn judge_answer(&mut self, ops: &mut dyn Ops, times: u32) -> Result<Option<Rejection>> {
        self.fixes = self.policy().fix.map_or(0, |(_, times)| times);
        self.judged = times.saturating_mul(self.fixes.saturating_add(1));
        let rejection = self.pass_gates(ops).await?;
        self.is_accepted = rejection.is_none();
        Ok(rejection)
    }

    /// Runs the gates, and the `fix` step on rejected outputs, until the gates accept or the fixes are used up.
    pub(super) async fn pass_gates(&mut self, ops: &mut dyn Ops) -> Result<Option<Rejection>> {
        loop {
            self.read_back(ops)?;
            let Some(rejection) = self.judge(ops).await? else { return Ok(None) };
            self.take_back();
            if self.fixes == 0 {
                return Ok(Some(rejection));
            }
            self.fixes -= 1;
            let cx = self.again();
            let _rests = self.rest();
            ops.fix(&cx, &rejection).await?;
        }
    }

    /// In a durable run, gates and code between steps see the output as a resumed run would.
    fn read_back(&mut self, ops: &mut dyn Ops) -> Result<()> {
        if self.engine.host.is_durable() {
            let recorded = self.written(|| ops.read_back());
            self.is_lost = recorded.is_err();
            self.recorded = Some(recorded?);
        }
        Ok(())
    }

    async fn judge(&mut self, ops: &mut dyn Ops) -> Result<Option<Rejection>> {
        if self.policy().gates.is_empty() {
            return Ok(None);
        }
        let cx = self.again();
        let judgements = {
            let _rests = self.rest();
            ops.judge(&cx).await?
        };
        self.judged += 1;
        let mut reasons = Vec::new();
        for judgement in judgements {
            self.did_judge(judgement.gate, judgement.verdict.reasons());
            reasons.extend_from_slice(judgement.verdict.reasons());
        }
        if reasons.is_empty() {
            return Ok(None);
        }
        Ok(Some(Rejection { reasons, rejected: self.written(|| shown(ops))? }))
    }

    fn did_judge(&self, gate: &'static str, reasons: &[String]) {
        if self.engine.host.records() {
            self.record(Record::Judged {
                run: self.run(),
                place: self.place(),
                gate: gate.into(),
                accepted: reasons.is_empty(),
                reasons: reasons.to_vec(),
            });
        }
        self.watch.event(|| match reasons {
            [] => Event::DidAccept { run: self.run(), place: self.place(), gate },
            _ => Event::DidReject { run: self.run(), place: self.place(), gate, reasons: reasons.to_vec() },
        });
    }

    /// Reports an answer that violated the contract.
    pub(super) fn did_break_contract(&self, reasons: &[String]) {
        self.did_judge("contract", reasons);
        self.take_back();
    }
}

/// Returns the rejected output as JSON, in the form of records. Numbers that JSON cannot represent become `null`, since the reasons matter
/// more.
fn shown(ops: &dyn Ops) -> Result<Value> {
    ops.output().or_else(|error| match error.kind() {
        ErrorKind::ContractViolated { answer, .. } => serde_json::from_str(answer).map_err(Error::from),
        _ => Err(error),
    })
}

pub(super) fn rejected(rejection: Rejection) -> Error {
    let answer = rejection.rejected.to_string();
    let kind = ErrorKind::Rejected { reasons: rejection.reasons, answer };
    Error::new(kind, "the output was rejected by its gates")
}
