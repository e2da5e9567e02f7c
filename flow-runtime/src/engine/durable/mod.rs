//! Runs that outlive their process: recorded in a journal, resumed from it, and out of memory while they wait.

mod alarms;
mod answers;
mod clock;
mod drive;
mod fork;
mod keeper;
mod ledger;
mod past;
mod promise;
mod said;
mod submit;
mod wait;

pub use answers::Answering;
pub(super) use clock::Clock;
pub use keeper::Resumed;
pub(super) use keeper::{Interest, Keeper};
pub(super) use ledger::{Ledger, Rest};
pub(super) use past::{Guard, Past};
pub use said::Said;
pub use submit::Submitted;
pub(super) use wait::{find_out, wait_for};
