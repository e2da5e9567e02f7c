//! Shared by the journal tests.

use flow_runtime::error::{Error, Result};
use flow_runtime::journal::Codec;
use flow_runtime::run::{Record, RunId, Stamp};
use serde_json::{Value, json};

/// A randomized encoding, as encryption is: the first byte differs every time.
#[derive(Debug)]
pub(crate) struct Shifted(u8);

impl Shifted {
    pub(crate) fn by(key: u8) -> Self {
        Self(key)
    }

    fn check(&self, plain: &[u8]) -> [u8; 4] {
        let sum = plain.iter().fold(u32::from(self.0), |sum, byte| sum.wrapping_mul(31).wrapping_add((*byte).into()));
        sum.to_le_bytes()
    }
}

impl Codec for Shifted {
    fn name(&self) -> &str {
        "shifted-1"
    }

    fn encode(&self, plain: Vec<u8>) -> Vec<u8> {
        // The resulting mask changes every byte, and makes every ASCII byte non-ASCII.
        let salt = (fastrand::u8(..) | 0x80) ^ self.0;
        let head = [salt].into_iter().chain(self.check(&plain));
        head.chain(plain.iter().map(|byte| byte ^ salt ^ self.0)).collect()
    }

    fn decode(&self, encoded: Vec<u8>) -> Result<Vec<u8>> {
        let [salt, a, b, c, d, rest @ ..] = &encoded[..] else { return Err(Error::terminal("too short")) };
        let plain: Vec<u8> = rest.iter().map(|byte| byte ^ salt ^ self.0).collect();
        match self.check(&plain) == [*a, *b, *c, *d] {
            true => Ok(plain),
            false => Err(Error::terminal("the key is another")),
        }
    }
}

pub(crate) fn begin(run: &RunId, input: Value) -> Record {
    Record::RunStarted {
        run: run.clone(),
        workflow: "screen".into(),
        input,
        promise: None,
        offline: false,
        at: Stamp(1_700_000_000_000),
    }
}

pub(crate) fn record(of: Value) -> Record {
    serde_json::from_value(of).unwrap()
}

pub(crate) fn finished(run: &RunId, place: &str, output: Value) -> Record {
    record(
        json!({ "record": "step_finished", "run": run, "place": place, "output": output, "at": 1_700_000_000_500_u64 }),
    )
}

pub(crate) fn started(run: &RunId, place: &str, input: Value) -> Record {
    record(json!({
        "record": "step_started", "run": run, "place": place, "step": place, "kind": "code", "input": input,
        "at": 1_700_000_000_100_u64,
    }))
}
