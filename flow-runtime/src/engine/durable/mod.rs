//! Runs that outlive their process: recorded in a journal, resumed from it, and out of memory while they wait.

mod alarms;
mod answers;
mod clock;
mod drive;
mod failing;
mod fit;
mod fork;
mod held;
mod judge;
mod keeper;
mod ledger;
mod obstacles;
mod past;
mod promise;
mod said;
mod shift;
mod signals;
mod standing;
mod submit;
mod verdicts;
mod wait;

pub use answers::Answering;
pub(super) use clock::Clock;
pub(super) use held::Held;
pub(super) use keeper::Keeper;
pub use keeper::Resumed;
pub(super) use ledger::{Ledger, Rest};
pub use obstacles::Obstacles;
pub(super) use past::{Guard, Past};
pub use said::{Said, TakenIn};
pub(super) use shift::Interest;
pub use signals::{Signalled, Signalling};
pub use submit::Submitted;
pub(super) use wait::{find_out, wait_for};
