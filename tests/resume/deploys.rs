//! Runs that are waiting when another build is deployed: it accepts their answers or says immediately why it cannot.

use std::sync::atomic::{AtomicU32, Ordering::SeqCst};
use std::time::Duration;

use flow::journal::{Memory, Query};
use flow::prelude::*;
use flow::run::{Migration, Record, RunId, Status, Wait};
use flow::serde_json::{Value, json};
use flow::{Ending, ErrorKind};

use super::support::settle;

/// A build of the same workflow in a separate module.
macro_rules! build {
    ($name:ident, [$($options:meta),*], { $($items:item)* }, |$topic:ident| $body:block) => {
        mod $name {
            use super::*;

            $($items)*

            #[workflow($($options),*)]
            pub(super) async fn letter($topic: String) -> Result<String> $body
        }
    };
}

build!(
    first,
    [],
    {
        #[contract]
        #[derive(Debug, Clone)]
        struct Draft {
            title: String,
        }
        #[step]
        async fn write(topic: &str) -> Result<Draft> {
            Ok(Draft { title: format!("About {topic}") })
        }
        #[step(human, timeout = "7d", prompt = "{{ draft.title }}")]
        async fn approve(draft: &Draft) -> Result<Review<Draft>>;
        #[step(signal, timeout = "30d")]
        async fn paid(topic: &str) -> Result<u32>;
    },
    |topic| {
        let draft = write(&topic).await?;
        let (review, cents) = try_join!(approve(&draft), paid(&topic))?;
        match review {
            Review::Accept(draft) | Review::Edit(draft) => Ok(format!("{} for {cents}", draft.title)),
            Review::Reject { reason } => flow::bail!("{reason}"),
        }
    }
);

build!(
    renamed,
    [],
    {
        #[step(human, timeout = "7d", prompt = "{{ topic }}")]
        async fn agree(topic: &str) -> Result<Review<String>>;
    },
    |topic| {
        match agree(&topic).await? {
            Review::Accept(text) | Review::Edit(text) => Ok(text),
            Review::Reject { reason } => flow::bail!("{reason}"),
        }
    }
);

/// The second version, with its migration from the first.
macro_rules! second {
    ($name:ident, $from_first:expr) => {
        build!(
            $name,
            [version = 2, migrate = from_first],
            {
                #[contract]
                #[derive(Debug, Clone)]
                struct Draft {
                    heading: String,
                }
                #[step]
                async fn write(topic: &str) -> Result<Draft> {
                    Ok(Draft { heading: format!("On {topic}") })
                }
                #[step(human, timeout = "7d", prompt = "{{ draft.heading }}")]
                async fn review(draft: &Draft) -> Result<Review<Draft>>;
                #[step(signal, timeout = "30d")]
                pub(super) async fn paid(topic: &str) -> Result<u32>;
                fn from_first(run: &mut Migration<'_>) -> Result<()> {
                    let from_first: fn(&mut Migration<'_>) = $from_first;
                    from_first(run);
                    Ok(())
                }
            },
            |topic| {
                let draft = write(&topic).await?;
                let (review, cents) = try_join!(review(&draft), paid(&topic))?;
                match review {
                    Review::Accept(draft) | Review::Edit(draft) => Ok(format!("{} for {cents}", draft.heading)),
                    Review::Reject { reason } => flow::bail!("{reason}"),
                }
            }
        );
    };
}

fn heading(draft: &mut Value) {
    *draft = json!({ "heading": draft["title"] });
}

second!(carried, |run| {
    run.rename("approve", "review");
    run.outputs("write").for_each(heading);
    run.inputs("review").for_each(|input| heading(&mut input["draft"]));
});
second!(asked_anew, |run| {
    run.forget("approve");
    run.outputs("write").for_each(heading);
});
second!(left_behind, |run| run.outputs("write").for_each(heading));
second!(half_carried, |run| {
    run.rename("approve", "review");
    run.outputs("write").for_each(heading);
});
second!(mistaken, |run| {
    run.rename("approve", "other");
    run.rename("paid", "review");
    run.outputs("write").for_each(heading);
});

fn runtime<A, F: flow_runtime::call::WorkflowFn<A, String>>(journal: &Memory, letter: F) -> Runtime {
    Runtime::builder().journal(journal.clone()).workflow(letter).build().unwrap()
}

/// A run of the first build that waits for a person and a signal.
async fn waiting() -> (Memory, RunId) {
    let (journal, id) = (Memory::new(), RunId::named("r"));
    let first = runtime(&journal, first::letter);
    drop(first.start(first::letter("tea".into()).id("r")).await.unwrap());
    settle().await;
    first.shut_down(Duration::ZERO).await;
    (journal, id)
}

/// Checks that a build reports the same reason everywhere, and that the first build can still finish the run.
async fn refused(journal: &Memory, runtime: Runtime, says: &[&str]) {
    let id = RunId::named("r");
    let before = runtime.records(&id).await.unwrap().len();
    // Before any other call has looked at the run.
    let answer = runtime.answer(&id, "approve").accept().await.unwrap_err();
    runtime.resume_all().await.unwrap();
    let (run, why) = runtime.obstacles().next().await.unwrap();
    assert_eq!((&run, why.kind()), (&id, &ErrorKind::Diverged));
    says.iter().for_each(|says| assert!(why.message().contains(says), "{says}: {why}"));
    let again = runtime.answer(&id, "approve").accept().await.unwrap_err();
    let other = runtime.answer(&id, "paid").with(json!(3)).await.unwrap_err();
    for error in [answer, again, other] {
        assert_eq!((error.kind(), error.message()), (&ErrorKind::Diverged, why.message()));
    }
    let state = runtime.state(&id).await.unwrap().unwrap();
    assert_eq!((state.status, state.error.as_deref()), (Status::Waiting, Some(why.message())));
    assert_eq!(runtime.obstacle(&id).unwrap().message(), why.message());
    assert_eq!(runtime.records(&id).await.unwrap().len(), before, "nothing was taken in");
    drop(runtime);
    let first = self::runtime(journal, first::letter);
    first.resume_all().await.unwrap();
    assert_eq!(answered(&first, "approve").await, "About tea for 3");
}

/// Answers the run and returns its output.
async fn answered(runtime: &Runtime, review: &str) -> String {
    let id = RunId::named("r");
    runtime.answer(&id, review).accept().await.unwrap();
    runtime.answer(&id, "paid").with(json!(3)).await.unwrap();
    runtime.resume(&id).await.and_then(Ending::result).unwrap().as_str().unwrap().to_owned()
}

#[tokio::test(start_paused = true)]
async fn a_build_that_does_not_fit_refuses_the_answer_and_says_why() {
    let (journal, _) = waiting().await;
    let runtime = runtime(&journal, renamed::letter);
    refused(&journal, runtime, &["was started by another build", "`approve`", "is gone"]).await;
}

#[tokio::test(start_paused = true)]
async fn a_migration_carries_a_step_that_waits() {
    for in_memory in [false, true] {
        let (journal, id) = waiting().await;
        let runtime = runtime(&journal, carried::letter);
        let before = runtime.state(&id).await.unwrap().unwrap().waits;
        let held = match in_memory {
            true => Some(runtime.start(carried::letter("tea".into()).id("r")).await.unwrap()),
            false => None,
        };
        settle().await;
        let until = |waits: &[Wait], place: &str| waits.iter().find(|wait| wait.place.as_str() == place).unwrap().until;
        let waits = runtime.state(&id).await.unwrap().unwrap().waits;
        if in_memory {
            // The prompt is that of this version; the deadline is the original one.
            assert_eq!((waits.len(), until(&waits, "review")), (2, until(&before, "approve")));
            let prompt = |wait: &Wait| wait.prompt.as_ref().map(|prompt| prompt.messages[0].text().into_owned());
            assert!(waits.iter().any(|wait| prompt(wait).as_deref() == Some("About tea")));
        } else {
            assert_eq!(waits, before);
        }
        let review = if in_memory { "review" } else { "approve" };
        assert_eq!(answered(&runtime, review).await, "About tea for 3");
        if let Some(handle) = held {
            assert_eq!(handle.result().await.unwrap(), "About tea for 3");
        }
        assert!(runtime.state(&id).await.unwrap().unwrap().waits.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_step_that_waits_is_answered_by_its_new_name_too() {
    let (journal, _) = waiting().await;
    let runtime = runtime(&journal, carried::letter);
    assert_eq!(answered(&runtime, "review").await, "About tea for 3");
}

mod grown {
    use super::*;

    #[contract]
    #[derive(Debug, Clone)]
    pub(super) struct Topic {
        pub(super) name: String,
        pub(super) pages: u32,
    }

    #[step(human, timeout = "7d", prompt = "{{ topic.name }}")]
    async fn approve(topic: &Topic) -> Result<Review<String>>;

    fn from_first(run: &mut Migration<'_>) -> Result<()> {
        let name = run.input()["topic"].take();
        run.input()["topic"] = json!({ "name": name, "pages": 1 });
        for id in ["write", "paid", "approve"] {
            run.forget(id);
        }
        Ok(())
    }

    #[workflow(version = 2, migrate = from_first)]
    pub(super) async fn letter(topic: Topic) -> Result<String> {
        match approve(&topic).await? {
            Review::Accept(text) | Review::Edit(text) => Ok(format!("{text}, {} pages", topic.pages)),
            Review::Reject { reason } => flow::bail!("{reason}"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_migration_carries_the_input_of_a_run() {
    let (journal, id) = waiting().await;
    let runtime = runtime(&journal, grown::letter);
    // The same id with the input in this version's form is the same run.
    let input = |pages: u32| json!({ "topic": { "name": "tea", "pages": pages } });
    let again = runtime.submit("letter", input(1), &id).await.unwrap();
    assert!(matches!(again, flow::Submitted::Known), "{again:?}");
    let other = runtime.submit("letter", input(2), &id).await.unwrap();
    assert!(matches!(other, flow::Submitted::Taken(_)), "{other:?}");
    let topic = |pages| grown::Topic { name: "tea".into(), pages };
    let error = runtime.run(grown::letter(topic(2)).id("r")).await.unwrap_err();
    assert!(error.message().contains("was started with a different input"), "{error}");
    let handle = runtime.start(grown::letter(topic(1)).id("r")).await.unwrap();
    settle().await;
    runtime.answer(&id, "approve").edit(json!("Tea")).await.unwrap();
    assert_eq!(handle.result().await.unwrap(), "Tea, 1 pages");
}

static POSTED: AtomicU32 = AtomicU32::new(0);

/// A version whose step `write` is unrelated to that of the first.
mod posted {
    use super::*;

    #[step]
    async fn write(text: &str) -> Result<u32> {
        POSTED.fetch_add(1, SeqCst);
        Ok(text.len() as u32)
    }

    #[step(human, timeout = "7d", prompt = "{{ topic }}")]
    async fn approve(topic: &str) -> Result<Review<String>>;

    #[step(signal, timeout = "30d")]
    async fn paid(topic: &str) -> Result<u32>;

    fn from_first(run: &mut Migration<'_>) -> Result<()> {
        run.forget("write");
        run.forget("paid");
        run.inputs("approve").for_each(|input| *input = json!({ "topic": input["draft"]["title"] }));
        run.answers("approve").for_each(|answer| answer["value"] = answer["value"]["title"].take());
        Ok(())
    }

    #[workflow(version = 2, migrate = from_first)]
    pub(super) async fn letter(topic: String) -> Result<String> {
        let topic = format!("About {topic}");
        let text = match approve(&topic).await? {
            Review::Accept(text) | Review::Edit(text) => text,
            Review::Reject { reason } => flow::bail!("{reason}"),
        };
        let length = write(&text).await?;
        let cents = paid(&topic).await?;
        Ok(format!("{text}, {length}, {cents}"))
    }
}

/// A review given to the first version is carried over, and steps recorded by the second run once.
#[tokio::test(start_paused = true)]
async fn what_a_later_version_has_recorded_is_its_own() {
    let (journal, id) = waiting().await;
    let first = runtime(&journal, first::letter);
    first.answer(&id, "approve").accept().await.unwrap();
    first.shut_down(Duration::ZERO).await;
    drop(first);
    for _ in 0..3 {
        let later = runtime(&journal, posted::letter);
        later.resume_all().await.unwrap();
        settle().await;
        let waits = later.state(&id).await.unwrap().unwrap().waits;
        assert_eq!(
            waits.iter().map(|wait| (wait.place.as_str(), &wait.key)).collect::<Vec<_>>(),
            [("paid", &json!("About tea"))]
        );
        later.shut_down(Duration::ZERO).await;
    }
    assert_eq!(POSTED.load(SeqCst), 1);
    let later = runtime(&journal, posted::letter);
    later.answer(&id, "paid").with(json!(5)).await.unwrap();
    assert_eq!(later.resume(&id).await.and_then(Ending::result).unwrap(), json!("About tea, 9, 5"));
    assert_eq!(POSTED.load(SeqCst), 1);
    let taken = later.records(&id).await.unwrap();
    assert_eq!(taken.iter().filter(|record| matches!(record, Record::RunTakenOver { version: 2, .. })).count(), 1);
}

/// The version that migrated a run keeps it.
#[tokio::test(start_paused = true)]
async fn an_earlier_version_does_not_take_a_run_back() {
    let (journal, id) = waiting().await;
    let second = runtime(&journal, carried::letter);
    second.resume_all().await.unwrap();
    settle().await;
    second.shut_down(Duration::ZERO).await;
    drop(second);
    let first = runtime(&journal, first::letter);
    let error = first.answer(&id, "review").accept().await.unwrap_err();
    assert!(error.message().contains("version 2 took it over, and this is version 1"), "{error}");
    let error = first.run(first::letter("tea".into()).id("r")).await.unwrap_err();
    assert!(error.message().contains("version 2 took it over, and this is version 1"), "{error}");
    drop(first);
    let second = runtime(&journal, carried::letter);
    assert_eq!(answered(&second, "review").await, "About tea for 3");
}

/// Answers from before and after the deploy are both present in later processes.
#[tokio::test(start_paused = true)]
async fn answers_outlive_the_processes_of_both_builds() {
    let (journal, id) = waiting().await;
    let first = runtime(&journal, first::letter);
    first.answer(&id, "paid").with(json!(3)).await.unwrap();
    first.shut_down(Duration::ZERO).await;
    let second = runtime(&journal, carried::letter);
    second.answer(&id, "approve").edit(json!({ "heading": "On coffee" })).await.unwrap();
    second.shut_down(Duration::ZERO).await;
    drop(second);
    for _ in 0..2 {
        let later = runtime(&journal, carried::letter);
        assert_eq!(later.resume(&id).await.and_then(Ending::result).unwrap(), json!("On coffee for 3"));
    }
}

#[tokio::test(start_paused = true)]
async fn what_a_migration_forgets_is_asked_anew() {
    let (journal, id) = waiting().await;
    let runtime = runtime(&journal, asked_anew::letter);
    runtime.resume_all().await.unwrap();
    settle().await;
    assert!(runtime.obstacle(&id).is_none());
    let mut waits = runtime.state(&id).await.unwrap().unwrap().waits;
    waits.sort_by(|one, other| one.place.cmp(&other.place));
    assert_eq!(waits.iter().map(|wait| wait.place.as_str()).collect::<Vec<_>>(), ["paid", "review"]);
    assert_eq!(answered(&runtime, "review").await, "About tea for 3");
}

#[tokio::test(start_paused = true)]
async fn a_migration_that_leaves_a_wait_behind_says_so_before_anything_is_offered() {
    let (journal, _) = waiting().await;
    let says = ["`approve` is waiting but is not a step of this version", "rename it in `migrate`, or forget it"];
    refused(&journal, runtime(&journal, left_behind::letter), &says).await;
    let (journal, _) = waiting().await;
    let says = [
        "`review` is waiting with an input that breaks the contract at `draft",
        "expected",
        "change it in `migrate` with `inputs(\"review\")`",
    ];
    refused(&journal, runtime(&journal, half_carried::letter), &says).await;
    let (journal, _) = waiting().await;
    let says = [
        "`other` is waiting but is not a step",
        "`review` waits for an outside system's answer, but step `review` of this version does not",
    ];
    refused(&journal, runtime(&journal, mistaken::letter), &says).await;
}

/// A run that does not fit does not block signals to other runs.
#[tokio::test(start_paused = true)]
async fn a_signal_reaches_the_runs_that_fit() {
    let (journal, id) = waiting().await;
    let runtime = runtime(&journal, left_behind::letter);
    let error = runtime.signal(left_behind::paid, "tea", &3).await.unwrap_err();
    assert_eq!(*error.kind(), ErrorKind::Diverged);
    let handle = runtime.start(left_behind::letter("tea".into()).id("new")).await.unwrap();
    settle().await;
    let given = runtime.signal(left_behind::paid, "tea", &3).await.unwrap();
    assert!(matches!(&given, flow::Signalled::Given(steps) if steps.len() == 1), "{given:?}");
    runtime.answer(&RunId::named("new"), "review").accept().await.unwrap();
    assert_eq!(handle.result().await.unwrap(), "On tea for 3");
    let waiting = runtime.runs(&Query::all().status([Status::Waiting])).await.unwrap();
    assert_eq!(waiting.iter().map(|run| &run.run).collect::<Vec<_>>(), [&id]);
}

#[tokio::test(start_paused = true)]
async fn a_workflow_that_is_gone_is_told() {
    #[step(human, timeout = "7d")]
    async fn approve(n: u32) -> Result<u32>;

    #[workflow]
    async fn other(n: u32) -> Result<u32> {
        approve(n).await
    }

    let (journal, id) = waiting().await;
    let runtime = Runtime::builder().journal(journal).workflow(other).build().unwrap();
    runtime.resume_all().await.unwrap();
    let (run, why) = runtime.obstacles().next().await.unwrap();
    assert_eq!(
        (run, why.message()),
        (id.clone(), "run `r` belongs to workflow `letter`, which this program does not have")
    );
    assert_eq!(runtime.answer(&id, "approve").accept().await.unwrap_err().message(), why.message());
    assert_eq!(runtime.state(&id).await.unwrap().unwrap().error.as_deref(), Some(why.message()));
}
