//! Ends the tasks of a runtime, and waits for those that finish their work.

use tokio::runtime::Handle;
use tokio::task::JoinHandle;

use super::keeper::Keeper;
use super::ledger::Halt;
use crate::engine::mutex::lock;

impl Keeper {
    /// Lets running steps finish, starts no more, and waits until no run is in memory.
    pub(in crate::engine) async fn drain(&self) {
        self.close(&Halt::Draining).await;
    }

    /// Stops all runs where they are.
    pub(in crate::engine) async fn stop(&self) {
        self.close(&Halt::Shutdown).await;
    }

    /// Stops the background tasks, so that the journal is free for another process once the runtime is dropped.
    pub(in crate::engine) async fn leave(&self) {
        let mut tasks = std::mem::take(&mut *lock(&self.minding));
        tasks.append(&mut lock(&self.returning));
        tasks.iter().for_each(JoinHandle::abort);
        tasks.append(&mut lock(&self.carried));
        let leaving = self.leaving.clone();
        leaving.send_modify(|left| *left += tasks.len());
        let ending = async move {
            for task in tasks {
                // Errors here mean that the task was aborted; its result is not needed.
                let _ = task.await;
                leaving.send_modify(|left| *left -= 1);
            }
        };
        // In a separate task, so that a second shutdown waits for these tasks even if this future is dropped.
        match Handle::try_current() {
            Ok(tasks) => drop(tasks.spawn(ending)),
            Err(_) => ending.await,
        }
        // Never fails: the sender is held here.
        let _ = self.leaving.subscribe().wait_for(|left| *left == 0).await;
    }

    /// Keeps track of a call that continues without its caller.
    pub(in crate::engine) fn carry(&self, call: JoinHandle<()>) {
        let mut carried = lock(&self.carried);
        carried.retain(|call| !call.is_finished());
        carried.push(call);
    }

    async fn close(&self, halt: &Halt) {
        *lock(&self.closed) = true;
        let shifts = self.shifts();
        for shift in &shifts {
            if let Some(ledger) = shift.ledger() {
                ledger.halt(halt.clone());
            }
            shift.knock();
        }
        for shift in shifts {
            shift.gone().await;
        }
    }

    /// The runtime is gone: stops the background tasks, so that another process can open the journal.
    pub(in crate::engine) fn retire(&self) {
        lock(&self.minding).drain(..).chain(lock(&self.returning).drain(..)).for_each(|task| task.abort());
    }
}
