//! Changes after a release, each reported to those it affects.

use flow::graphs::Meta;
use flow_runtime::graph::lock::{Changes, Lock, classify, describe};

use super::released;

/// The lock of the release, as checked in.
const LOCK: &str = include_str!("../ui/contracts/screen.json");

fn changes(now: &'static Meta) -> Changes {
    classify(&Lock::read(LOCK).expect("a lock"), now)
}

/// The changes line by line, without those of behaviour.
fn told(now: &'static Meta) -> Vec<String> {
    let changes = Changes { behaviour: Vec::new(), ..changes(now) };
    changes.to_string().lines().map(|line| line.trim().to_owned()).collect()
}

#[test]
fn the_lock_of_the_release_is_what_would_be_written() {
    assert_eq!(describe(flow::meta(&released::screen)).to_text(), LOCK);
    assert!(changes(flow::meta(&released::screen)).is_empty());
}

/// A variant of the release that overrides some of its types, steps or the body.
macro_rules! variant {
    ($name:ident { $($item:item)* }) => {
        mod $name {
            #[allow(unused_imports)]
            use super::super::released::*;
            use flow::prelude::*;
            #[allow(dead_code)]
            const FAST: Model = Model::new("local/fast");
            $($item)*
        }
    };
}

variant!(renamed_field {
    #[contract]
    #[derive(Clone)]
    pub(crate) struct Candidate { full_name: String, years: u32 }

    #[step(model = FAST, prompt = "Extract the candidate. {{ resume.text }}")]
    async fn extract(resume: &Resume) -> Result<Candidate>;

    #[step]
    async fn score(candidate: &Candidate, similar: &[String]) -> Result<Score> {
        Ok(Score { points: candidate.years + similar.len() as u32, grade: Grade::Weak })
    }

    #[workflow]
    pub(crate) async fn screen(resume: Resume) -> Result<Score> {
        let candidate = extract(&resume).await?;
        let similar = similar(&resume).await?;
        score(&candidate, &similar).await
    }
});

/// Neither callers nor readers see a candidate, but a recorded one can no longer be read.
#[test]
fn a_renamed_field_between_steps_breaks_runs_alone() {
    assert_eq!(
        told(flow::meta(&renamed_field::screen)),
        [
            "runs in flight:",
            "breaking: `extract` returned at `.`: field `full_name` (string) is required, but was not there before",
            "breaking: `score` given at `.candidate`: field `full_name` (string) is required, but was not there before",
            "breaking: `score` given at `.candidate.name`: is gone",
        ]
    );
}

variant!(renamed_with_alias {
    #[contract]
    #[derive(Clone)]
    pub(crate) struct Candidate { #[serde(rename = "name")] full_name: String, years: u32 }

    #[step(model = FAST, prompt = "Extract the candidate. {{ resume.text }}")]
    async fn extract(resume: &Resume) -> Result<Candidate>;

    #[step]
    async fn score(candidate: &Candidate, similar: &[String]) -> Result<Score> {
        Ok(Score { points: candidate.years + similar.len() as u32, grade: Grade::Weak })
    }

    #[workflow]
    pub(crate) async fn screen(resume: Resume) -> Result<Score> {
        let candidate = extract(&resume).await?;
        let similar = similar(&resume).await?;
        score(&candidate, &similar).await
    }
});

#[test]
fn a_field_that_keeps_its_name_on_the_wire_is_no_change() {
    assert!(changes(flow::meta(&renamed_with_alias::screen)).is_empty());
}

variant!(outer {
    #[contract]
    #[derive(Clone)]
    pub(crate) struct Resume { text: String, pages: u16, language: Option<String> }

    #[contract]
    pub(crate) struct Score { points: u64, grade: Grade, note: Option<String> }

    #[contract]
    pub(crate) enum Grade { Weak, Strong, Outstanding }

    #[step(model = FAST, prompt = "Extract the candidate. {{ resume.text }}")]
    async fn extract(resume: &Resume) -> Result<Candidate>;

    #[step]
    async fn similar(resume: &Resume) -> Result<Vec<String>> { Ok(vec![resume.text.clone()]) }

    #[step]
    async fn score(candidate: &Candidate, similar: &[String]) -> Result<Score> {
        Ok(Score { points: u64::from(candidate.years) + similar.len() as u64, grade: Grade::Outstanding, note: None })
    }

    #[workflow]
    pub(crate) async fn screen(resume: Resume) -> Result<Score> {
        let candidate = extract(&resume).await?;
        let similar = similar(&resume).await?;
        score(&candidate, &similar).await
    }
});

/// Compatible in one direction, breaking in the other: inputs may become wider, outputs narrower.
#[test]
fn a_narrower_input_and_a_wider_output_break_those_outside() {
    let narrower = "at `.resume.pages`: was integer (0..=4294967295), is integer (0..=65535)";
    let wider = "at `.points`: was integer (0..=4294967295), is integer (0..=18446744073709551615)";
    assert_eq!(
        told(flow::meta(&outer::screen)),
        [
            "callers:".to_owned(),
            format!("breaking: `input` {narrower}"),
            "readers:".to_owned(),
            "breaking: `output` at `.grade`: variant `Outstanding` is new".to_owned(),
            format!("breaking: `output` {wider}"),
            "runs in flight:".to_owned(),
            format!("breaking: `input` {narrower}"),
            format!("breaking: `extract` given {narrower}"),
            "compatible: `score` returned at `.note`: is new".to_owned(),
            "compatible: `score` returned at `.grade`: variant `Outstanding` is new".to_owned(),
            format!("compatible: `score` returned {wider}"),
            format!("breaking: `similar` given {narrower}"),
        ]
    );
}

variant!(grown {
    #[contract]
    #[derive(Clone)]
    pub(crate) struct Resume { text: String, pages: u64, language: Option<String> }

    #[contract]
    pub(crate) struct Score { points: u16, grade: Grade, note: Option<String> }

    #[step(model = FAST, prompt = "Extract the candidate. {{ resume.text }}")]
    async fn extract(resume: &Resume) -> Result<Candidate>;

    #[step]
    async fn similar(resume: &Resume) -> Result<Vec<String>> { Ok(vec![resume.text.clone()]) }

    #[step]
    async fn score(candidate: &Candidate, similar: &[String]) -> Result<Score> {
        Ok(Score { points: (candidate.years + similar.len() as u32) as u16, grade: Grade::Weak, note: None })
    }

    #[workflow]
    pub(crate) async fn screen(resume: Resume, dry: Option<bool>) -> Result<Score> {
        let candidate = extract(&resume).await?;
        let similar = similar(&resume).await?;
        let _ = dry;
        score(&candidate, &similar).await
    }
});

/// A narrower output is compatible for readers but not for runs: a recorded result may be outside of it.
#[test]
fn what_is_optional_and_new_breaks_nobody() {
    assert_eq!(
        told(flow::meta(&grown::screen)),
        [
            "callers:",
            "additive: `input` at `.resume.language`: is new",
            "additive: `input` at `.resume.pages`: was integer (0..=4294967295), is integer (0..=18446744073709551615)",
            "additive: `input` at `.dry`: is new",
            "readers:",
            "additive: `output` at `.note`: is new",
            "compatible: `output` at `.points`: was integer (0..=4294967295), is integer (0..=65535)",
            "runs in flight:",
            "compatible: `extract` given at `.resume.language`: is new",
            "compatible: `extract` given at `.resume.pages`: was integer (0..=4294967295), is integer (0..=18446744073709551615)",
            "breaking: `score` returned at `.points`: was integer (0..=4294967295), is integer (0..=65535)",
            "compatible: `similar` given at `.resume.language`: is new",
            "compatible: `similar` given at `.resume.pages`: was integer (0..=4294967295), is integer (0..=18446744073709551615)",
        ]
    );
}

variant!(renamed_step {
    #[step(model = FAST, prompt = "Extract the candidate. {{ resume.text }}")]
    async fn pull_out(resume: &Resume) -> Result<Candidate>;

    #[workflow]
    pub(crate) async fn screen(resume: Resume) -> Result<Score> {
        let candidate = pull_out(&resume).await?;
        let similar = similar(&resume).await?;
        score(&candidate, &similar).await
    }
});

#[test]
fn a_step_that_is_renamed_is_a_step_that_is_gone() {
    let told = told(flow::meta(&renamed_step::screen));
    let gone = "breaking: `extract` is gone: its result would be lost, and a resumed run would pay for it again; \
                if it was renamed to `pull_out`, write `id = \"extract\"` there; `pull_out` is at tests/lock/evolution.rs:";
    assert!(told[1].starts_with(gone), "{told:#?}");
    assert_eq!((told.len(), told[2].as_str()), (3, "additive: `pull_out` is new"));
}

variant!(renamed_with_id {
    #[step(model = FAST, prompt = "Extract the candidate. {{ resume.text }}", id = "extract")]
    async fn pull_out(resume: &Resume) -> Result<Candidate>;

    #[workflow]
    pub(crate) async fn screen(resume: Resume) -> Result<Score> {
        let candidate = pull_out(&resume).await?;
        let similar = similar(&resume).await?;
        score(&candidate, &similar).await
    }
});

#[test]
fn a_step_that_keeps_its_id_is_the_same_step() {
    assert!(changes(flow::meta(&renamed_with_id::screen)).is_empty());
}

variant!(reordered {
    #[workflow]
    pub(crate) async fn screen(resume: Resume) -> Result<Score> {
        let similar = similar(&resume).await?;
        let candidate = extract(&resume).await?;
        score(&candidate, &similar).await
    }
});

#[test]
fn the_order_of_independent_steps_is_no_promise() {
    let now = flow::meta(&reordered::screen);
    assert!(changes(now).is_empty());
    assert_eq!(describe(now).to_text(), LOCK);
}

variant!(branched {
    #[step]
    async fn look_up(resume: &Resume) -> Result<Candidate> {
        Ok(Candidate { name: resume.text.clone(), years: 1 })
    }

    #[workflow]
    pub(crate) async fn screen(resume: Resume) -> Result<Score> {
        let candidate = if resume.pages > 9 { look_up(&resume).await? } else { extract(&resume).await? };
        let similar = similar(&resume).await?;
        score(&candidate, &similar).await
    }
});

#[test]
fn a_branch_adds_steps_and_moves_none() {
    assert_eq!(told(flow::meta(&branched::screen)), ["runs in flight:", "additive: `look_up` is new"]);
}

variant!(prompted {
    const SMART: Model = Model::new("local/smart").temperature(0.5);

    #[step(model = SMART, prompt = "Extract whoever it is. {{ resume.text }}", repair = 3)]
    async fn extract(resume: &Resume) -> Result<Candidate>;

    #[step(effect = irreversible, unreviewed)]
    async fn score(candidate: &Candidate, similar: &[String]) -> Result<Score> {
        Ok(Score { points: candidate.years + similar.len() as u32, grade: Grade::Weak })
    }

    #[workflow]
    pub(crate) async fn screen(resume: Resume) -> Result<Score> {
        let candidate = extract(&resume).await?;
        let similar = similar(&resume).await?;
        score(&candidate, &similar).await
    }
});

#[test]
fn prompts_models_and_policies_are_behaviour() {
    let changes = changes(flow::meta(&prompted::screen));
    assert!(!changes.is_breaking() && !changes.is_empty());
    assert_eq!(
        changes.to_string(),
        "behaviour:\n  \
         `extract`: models was local/fast, is local/smart temperature=0.5\n  \
         `extract`: prompt has changed\n  \
         `extract`: repair was 1, is 3\n  \
         `score`: effect is irreversible, was not set\n  \
         `score`: unreviewed is yes, was not set\n"
    );
}

variant!(looped {
    #[workflow]
    pub(crate) async fn screen(resume: Resume) -> Result<Score> {
        let candidate = extract(&resume).await?;
        let mut all = Vec::new();
        for _ in 0..2 {
            all = similar(&resume).await?;
        }
        score(&candidate, &all).await
    }
});

#[test]
fn a_step_that_is_moved_into_a_loop_has_another_place() {
    let told = told(flow::meta(&looped::screen));
    assert!(told[1].starts_with("breaking: `similar` is gone: its result"), "{told:#?}");
    assert!(told[1].ends_with("moved into or out of a loop or map, which changes its place"), "{told:#?}");
    assert_eq!(told.last().map(String::as_str), Some("additive: `for[]/similar` is new"));
}

variant!(exchanged {
    #[step]
    async fn shorten(resume: &Resume) -> Result<Resume> { Ok(resume.clone()) }

    #[workflow]
    pub(crate) async fn screen(resume: Resume) -> Result<Score> {
        let short = shorten(&resume).await?;
        let candidate = extract(&short).await?;
        let similar = similar(&resume).await?;
        score(&candidate, &similar).await
    }
});

#[test]
fn a_step_that_is_given_something_else_does_not_go_on() {
    assert_eq!(
        told(flow::meta(&exchanged::screen)),
        [
            "runs in flight:",
            "breaking: `extract` given at `.resume`: came from argument resume, now comes from step shorten",
            "additive: `shorten` is new",
        ]
    );
}

variant!(second {
    #[workflow(version = 2)]
    pub(crate) async fn screen(resume: Resume) -> Result<Vec<String>> {
        similar(&resume).await
    }
});

#[test]
fn another_version_is_told_and_still_shown() {
    let changes = changes(flow::meta(&second::screen));
    assert_eq!(changes.versions, (1, 2));
    assert!(changes.is_breaking() && !changes.lets_runs_go_on());
    assert!(
        changes
            .to_string()
            .starts_with("version changed from 1 to 2: runs of version 1 stay with the build that started them\n")
    );
}

#[test]
fn programs_read_the_same() {
    let json = changes(flow::meta(&branched::screen)).to_json();
    assert_eq!(
        json,
        flow::serde_json::json!({
            "breaking": false,
            "version": { "lock": 1, "now": 1 },
            "callers": [],
            "readers": [],
            "runs": [{ "class": "additive", "place": "look_up", "text": "is new" }],
            "behaviour": [],
        })
    );
}
