//! Signals from outside systems, sent from the command line by step and key.
#![cfg(feature = "cli")]

use std::path::PathBuf;

use flow::App;
use flow::app::{Invocation, Ran};
use flow::prelude::*;

#[gate]
fn positive(cents: &u32) -> Verdict {
    Verdict::ensure(*cents > 0, "nothing was paid")
}

#[step(signal, timeout = "30d", gate = positive)]
async fn paid(invoice: u32) -> Result<u32>;

/// Waits for the money.
#[workflow]
async fn paying(invoice: u32) -> Result<u32> {
    paid(invoice).await
}

#[tokio::test]
async fn a_signal_is_given_kept_repeated_or_refused() {
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join("signals");
    let _ = std::fs::remove_dir_all(&folder);
    std::fs::create_dir_all(&folder).unwrap();
    let journal = folder.join("flow.db").to_str().unwrap().to_owned();
    let ran = async |arguments: &[&str]| -> Ran {
        let arguments = [arguments, &["--journal", &journal]].concat();
        App::new().workflow(paying).try_run(Invocation::from(arguments).variable("USER", "ann")).await
    };
    let signal = async |step: &str, key: &str, value: &str, more: &[&str]| {
        ran(&[&["review", "signal", step, "--key", key, "--value", value], more].concat()).await
    };
    for run in ["a", "b"] {
        assert_eq!(ran(&["run", "--set", "invoice=7", "--id", run, "--detach"]).await.status, 3);
    }

    for (step, key, value, refused) in [
        ("paid", "7", "0", "every waiting step rejected the signal and keeps waiting\n  - nothing was paid"),
        ("paid", "7", "\"much\"", "expected integer"),
        ("paid", "\"seven\"", "700", "invalid key for signal step `paid`: expected the argument `invoice`"),
        (
            "posted",
            "7",
            "700",
            "no workflow of this program has a signal step with the id `posted`; the signal was not kept",
        ),
        ("paid", "seven", "700", "`--key seven` is not JSON"),
    ] {
        let told = signal(step, key, value, &[]).await;
        assert_eq!((told.status, told.stdout.as_str()), (2, ""), "{step} {key} {value}");
        assert!(told.stderr.contains(refused), "{step} {key} {value}: {}", told.stderr);
    }

    let given = signal("paid", "7", "700", &["--id", "evt", "--by", "bank"]).await;
    let text = "delivered to `paid` of run a, `paid` of run b; no process executes the journal now; continue with  ";
    assert_eq!(given.status, 0, "{}", given.stderr);
    assert!(given.stdout.starts_with(text) && given.stdout.contains(" runs resume --journal "), "{}", given.stdout);
    let repeated = signal("paid", "7", "700", &["--id", "evt"]).await;
    assert_eq!(repeated.stdout, "a signal with this id was received before; nothing changed\n");
    assert_eq!(ran(&["runs", "resume", "a"]).await.stdout, "700\n");
    let shown = ran(&["runs", "show", "a", "--json"]).await;
    assert!(shown.stdout.contains("\"answered_by\":\"bank\""), "{}", shown.stdout);

    let kept = signal("paid", "8", "800", &[]).await;
    assert!(kept.status == 0 && kept.stdout.starts_with("no step waits for it yet; kept until 2"), "{}", kept.stdout);
    assert_eq!(ran(&["run", "--set", "invoice=8", "--id", "c"]).await.stdout, "800\n");
}
