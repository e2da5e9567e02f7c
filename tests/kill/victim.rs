//! Starts the process, and kills it or makes its disk fail at a chosen point.

use std::collections::HashMap;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;
use std::{env, fmt, fs, thread};

use tempfile::tempdir;

use super::workflows::DIES_BEFORE;
use super::{Kind, Log};

const SIGKILL: i32 = 9;

/// A system call that changes the disk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Call {
    Pwrite,
    Fsync,
    Fdatasync,
    Ftruncate,
    Unlink,
    Write,
}

/// What happens at a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    /// The process is killed before the call.
    Kill,
    /// The call fails once.
    Broken,
    /// This call and all later ones fail: the disk is full.
    Full,
}

impl fmt::Display for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pwrite => "pwrite64",
            Self::Fsync => "fsync",
            Self::Fdatasync => "fdatasync",
            Self::Ftruncate => "ftruncate",
            Self::Unlink => "unlink",
            Self::Write => "write",
        })
    }
}

/// How a process ended.
pub struct Ended {
    /// `None` if it was killed.
    pub status: Option<i32>,
    /// The runs it reported as ended.
    pub said: Vec<String>,
    pub error: String,
    /// Whether it reached the call at which the fault was injected.
    pub met: bool,
}

/// A process started over the same folder again and again.
pub struct Victim {
    log: Log,
    folder: PathBuf,
    kinds: String,
    times: u32,
}

impl Victim {
    pub fn new(log: Log, folder: &Path, kinds: &[Kind], times: u32) -> Self {
        let kinds: Vec<String> = kinds.iter().map(ToString::to_string).collect();
        Self { log, folder: folder.to_owned(), kinds: kinds.join(","), times }
    }

    /// Adds the arguments that make a command this process.
    fn child(&self, mut command: Command) -> Command {
        command
            .arg("child")
            .arg(format!("{:?}", self.log))
            .arg(&self.folder)
            .arg(&self.kinds)
            .arg(self.times.to_string());
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    fn plain(&self) -> Command {
        self.child(Command::new(env::current_exe().unwrap()))
    }

    /// Runs until all its runs have ended.
    pub fn undisturbed(&self) -> Ended {
        ended(self.plain(), false)
    }

    /// Dies after recording the start of a step, before its body has done anything.
    pub fn dies_before(&self, step: &str) -> Ended {
        let mut command = self.plain();
        command.env(DIES_BEFORE, step);
        ended(command, true)
    }

    /// Injects a fault at the `at`-th call of any thread.
    pub fn meets(&self, call: Call, at: u32, fault: Fault) -> Ended {
        let what = match fault {
            Fault::Kill => format!("signal=SIGKILL:when={at}"),
            Fault::Broken => format!("error=EIO:when={at}"),
            Fault::Full => format!("error=ENOSPC:when={at}+"),
        };
        let trace = self.folder.join("trace");
        let mut command = traced(call, &trace);
        command.arg("-e").arg(format!("inject={call}:{what}")).arg(env::current_exe().unwrap());
        let mut ended = ended(self.child(command), fault == Fault::Kill);
        if fault != Fault::Kill {
            ended.met = fs::read_to_string(&trace).unwrap().contains("(INJECTED)");
        }
        ended
    }

    /// Is killed shortly after `bodies` more bodies have started, unless it ends first.
    pub fn killed_after(&self, bodies: usize) -> Ended {
        let log = self.folder.join("log");
        let lines = || fs::read_to_string(&log).map_or(0, |text| text.lines().count());
        let until = lines() + bodies;
        let mut child = self.plain().spawn().unwrap();
        while lines() < until && child.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_micros(200));
        }
        thread::sleep(Duration::from_micros(fastrand::u64(0..3000)));
        child.kill().unwrap();
        told(child.wait_with_output().unwrap(), true)
    }
}

/// The number of such calls made by the busiest thread of a run.
pub fn count(log: Log, kind: Kind, call: Call) -> u32 {
    let folder = tempdir().unwrap();
    let trace = folder.path().join("trace");
    let mut command = traced(call, &trace);
    command.arg(env::current_exe().unwrap());
    let ended = ended(Victim::new(log, folder.path(), &[kind], 1).child(command), false);
    assert_eq!(ended.status, Some(0), "{}", ended.error);
    let trace = fs::read_to_string(trace).unwrap();
    let mut threads: HashMap<&str, u32> = HashMap::new();
    let begun = trace.lines().filter(|line| line.contains(&format!("{call}(")));
    begun.for_each(|line| *threads.entry(line.split_whitespace().next().unwrap_or_default()).or_default() += 1);
    threads.into_values().max().unwrap_or(0)
}

/// Whether system calls can be intercepted on this machine.
pub fn strace() -> bool {
    let command = Command::new("strace").args(["-o", "/dev/null", "true"]).stderr(Stdio::null()).status();
    command.is_ok_and(|status| status.success())
}

fn traced(call: Call, trace: &Path) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o"]).arg(trace).arg("-e").arg(format!("trace={call}"));
    command
}

fn ended(mut command: Command, kill: bool) -> Ended {
    told(command.output().unwrap(), kill)
}

fn told(output: std::process::Output, kill: bool) -> Ended {
    let said = String::from_utf8(output.stdout).unwrap();
    let said = said.lines().filter_map(|line| line.strip_prefix("ended ")).map(Into::into).collect();
    let killed = output.status.signal() == Some(SIGKILL);
    assert!(!killed || kill, "the process was killed unexpectedly");
    Ended { status: output.status.code(), said, error: String::from_utf8(output.stderr).unwrap(), met: killed }
}
