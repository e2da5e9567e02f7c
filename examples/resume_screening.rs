//! Screens a résumé for a job: two documents are read in parallel, code scores the match, and the grade decides what is written
//! next.
//!
//! ```text
//! cargo run --example resume_screening                                  # a résumé from examples/data, offline
//! cargo run --example resume_screening -- run --file resume.text=PATH   # any text file
//! cargo run --example resume_screening -- run --file resume.text=PATH --file job.text=PATH
//! cargo run --example resume_screening -- graph                         # the step graph as a flowchart
//! ```
//!
//! Offline, no model is asked: answers are made up from the words of the documents. With a real model:
//!
//! ```text
//! OPENAI_API_KEY=… cargo run --example resume_screening
//! OPENAI_BASE_URL=http://127.0.0.1:8080/v1 cargo run --example resume_screening   # any compatible server
//! FLOW_MODEL_FAST=anthropic/claude-haiku-4-5 ANTHROPIC_API_KEY=… cargo run --example resume_screening
//! ```

use flow::prelude::*;

/// A document as plain text.
#[contract]
#[derive(Debug, Clone)]
pub struct Document {
    /// The whole text.
    pub text: String,
}

/// What the screening needs to know of a candidate.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// The full name.
    pub name: String,
    /// Years of experience.
    pub years: u32,
    /// The skills, each as the résumé writes it.
    pub skills: Vec<String>,
}

/// What a job asks for.
#[contract]
#[derive(Debug, Clone)]
pub struct Job {
    /// The job's title.
    pub title: String,
    /// Years of experience asked for.
    pub years: u32,
    /// The skills asked for, each as the posting writes it.
    pub skills: Vec<String>,
}

/// How well a candidate matches a job.
#[contract]
#[derive(Debug, Clone, PartialEq)]
pub struct Score {
    /// From 0 to 100.
    pub points: u32,
    /// The points in a word.
    pub grade: Grade,
    /// The skills asked for that the candidate has.
    pub matched: Vec<String>,
    /// The skills asked for that the candidate does not name.
    pub missing: Vec<String>,
}

/// The points in a word.
#[contract]
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Grade {
    /// 75 and more.
    Strong,
    /// 50 and more.
    Close,
    /// Fewer.
    Weak,
}

/// What happens next.
#[contract]
#[derive(Debug, Clone)]
#[serde(rename_all = "snake_case")]
pub enum Next {
    /// The interview.
    Interview {
        /// What to ask.
        questions: Vec<String>,
    },
    /// A letter that asks for what is not clear yet.
    Inquire {
        /// Its text.
        letter: String,
    },
    /// A letter that declines.
    Decline {
        /// Its text.
        letter: String,
    },
}

/// The result of a screening.
#[contract]
#[derive(Debug, Clone)]
pub struct Screening {
    /// Who was screened.
    pub candidate: Candidate,
    /// The title of the job.
    pub job: String,
    /// How well both match.
    pub score: Score,
    /// What happens next.
    pub next: Next,
}

const FAST: Model = Model::new("openai/gpt-5-mini").name("fast").max_output_tokens(1500);

/// Extract the candidate's details.
#[step(
    model = FAST,
    system = "Take everything from the document. Invent nothing.",
    prompt = "Extract the candidate from this résumé.\n\n{{ resume.text }}",
    gate = named(resume),
    gate = skilled(resume),
    repair = 2
)]
pub async fn extract(resume: &Document) -> Result<Candidate>;

/// Extract what the job asks for.
#[step(
    model = FAST,
    system = "Take everything from the document. Invent nothing.",
    prompt = "Extract what this job posting asks for.\n\n{{ posting.text }}",
    gate = demanded(posting)
)]
pub async fn requirements(posting: &Document) -> Result<Job>;

/// Compares skills and years in code: models should not do arithmetic.
#[step]
pub async fn score(candidate: &Candidate, job: &Job) -> Result<Score> {
    let has = |skill: &String| candidate.skills.iter().any(|own| own.to_lowercase().contains(&skill.to_lowercase()));
    let (matched, missing): (Vec<_>, Vec<_>) = job.skills.iter().cloned().partition(has);
    let points =
        70 * share(matched.len() as u32, job.skills.len() as u32) / 100 + 30 * share(candidate.years, job.years) / 100;
    let grade = match points {
        75.. => Grade::Strong,
        50.. => Grade::Close,
        _ => Grade::Weak,
    };
    Ok(Score { points, grade, matched, missing })
}

/// Three questions for the interview.
#[step(
    model = FAST,
    prompt = "Write interview questions for a {{ job.title }}: what should {{ candidate.name }} tell more about?\n\n{{ resume.text }}",
    gate = few
)]
pub async fn questions(candidate: &Candidate, job: &Job, resume: &Document) -> Result<Vec<String>>;

/// A letter that asks about the missing skills.
#[step(
    model = FAST,
    prompt = "Put this draft of a letter into friendly words, in at most five sentences.

Dear {{ candidate.name }}, thank you for your application as {{ job.title }}. Could you tell us what experience you have \
with {{ score.missing | join(', ') }}?",
    gate = brief
)]
pub async fn inquire(candidate: &Candidate, job: &Job, score: &Score) -> Result<String>;

/// A letter that declines.
#[step(
    model = FAST,
    prompt = "Put this draft of a letter into friendly words, in at most five sentences.

Dear {{ candidate.name }}, thank you for your application as {{ job.title }}. We have chosen candidates who have worked \
with {{ job.skills | join(', ') }}.",
    gate = brief
)]
pub async fn decline(candidate: &Candidate, job: &Job) -> Result<String>;

/// Screens a résumé. The default posting is in examples/data.
#[workflow(max_model_calls = 21, strict, lock)]
pub async fn screen(resume: Document, job: Option<Document>) -> Result<Screening> {
    let posting = job.unwrap_or_else(advertised);
    let (candidate, job) = try_join!(extract(&resume), requirements(&posting))?;
    let score = score(&candidate, &job).await?;
    let next = match score.grade {
        Grade::Strong => {
            let questions = questions(&candidate, &job, &resume).await?;
            Next::Interview { questions }
        }
        Grade::Close => {
            let letter = inquire(&candidate, &job, &score).await?;
            Next::Inquire { letter }
        }
        Grade::Weak => {
            let letter = decline(&candidate, &job).await?;
            Next::Decline { letter }
        }
    };
    Ok(Screening { candidate, job: job.title, score, next })
}

#[gate]
fn named(candidate: &Candidate, resume: &Document) -> Verdict {
    Verdict::ensure(!candidate.name.trim().is_empty(), "the name is empty")
        .and(Verdict::ensure(occurs(&candidate.name, resume), format!("the name `{}` does not occur", candidate.name)))
}

#[gate]
fn skilled(candidate: &Candidate, resume: &Document) -> Verdict {
    all_occur(&candidate.skills, resume)
}

#[gate]
fn demanded(job: &Job, posting: &Document) -> Verdict {
    Verdict::ensure(!job.skills.is_empty(), "no skill is asked for").and(all_occur(&job.skills, posting))
}

#[gate]
fn few(questions: &[String]) -> Verdict {
    Verdict::ensure((1..=12).contains(&questions.len()), "between one and twelve questions are wanted")
}

#[gate]
fn brief(letter: &str) -> Verdict {
    Verdict::ensure(!letter.trim().is_empty(), "the letter is empty")
        .and(Verdict::ensure(letter.chars().count() <= 1200, "the letter is longer than 1200 characters"))
}

fn all_occur(skills: &[String], document: &Document) -> Verdict {
    let lost: Vec<_> = skills.iter().filter(|skill| !occurs(skill, document)).cloned().collect();
    Verdict::ensure(lost.is_empty(), format!("these skills do not occur in the text: {}", lost.join(", ")))
}

/// Whether the document contains the words, ignoring case and line breaks.
fn occurs(words: &str, document: &Document) -> bool {
    plain(&document.text).contains(&plain(words))
}

fn plain(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase()
}

/// Percentage of the wanted items that are met; 100 if none are wanted.
fn share(there: u32, wanted: u32) -> u32 {
    let (there, wanted) = (u64::from(there.min(wanted)), u64::from(wanted));
    (100 * there).checked_div(wanted).unwrap_or(100) as u32
}

fn advertised() -> Document {
    Document { text: include_str!("data/job_payments_engineer.txt").to_owned() }
}

const RESUME: &str = concat!("resume.text=", env!("CARGO_MANIFEST_DIR"), "/data/resume_ada_kovacs.txt");

flow::main!(flow::App::new().workflow(screen).offline_without_key().default_arguments(["run", "--file", RESUME]));

#[cfg(test)]
mod tests {
    use super::*;

    fn document(text: &str) -> Document {
        Document { text: text.to_owned() }
    }

    fn candidate(years: u32, skills: &[&str]) -> Candidate {
        Candidate { name: "Ann Lee".into(), years, skills: skills.iter().map(ToString::to_string).collect() }
    }

    fn job() -> Job {
        Job { title: "Baker".into(), years: 4, skills: vec!["bread".into(), "cakes".into()] }
    }

    #[tokio::test]
    async fn the_score_counts_skills_and_years() {
        let strong = score(&candidate(9, &["Bread", "wedding cakes"]), &job()).await.unwrap();
        assert_eq!((strong.points, strong.grade), (100, Grade::Strong));
        let close = score(&candidate(2, &["bread"]), &job()).await.unwrap();
        assert_eq!((close.points, close.grade, &close.missing[..]), (50, Grade::Close, &["cakes".to_owned()][..]));
        let weak = score(&candidate(4, &[]), &job()).await.unwrap();
        assert_eq!((weak.points, weak.grade), (30, Grade::Weak));
    }

    #[tokio::test]
    async fn a_job_that_asks_for_nothing_suits_everybody() {
        let nothing = Job { title: "Guest".into(), years: 0, skills: vec![] };
        assert_eq!(score(&candidate(0, &[]), &nothing).await.unwrap().points, 100);
    }

    #[test]
    fn a_share_of_any_size_is_a_percentage() {
        assert_eq!((share(1, 3), share(5, 4), share(u32::MAX, u32::MAX)), (33, 100, 100));
    }

    #[test]
    fn a_name_has_to_occur_in_the_text() {
        let text = document("Résumé of\nANN\nLEE, baker");
        assert!(named(&candidate(1, &[]), &text).is_accepted());
        let nobody = Candidate { name: "Bob".into(), ..candidate(1, &[]) };
        assert_eq!(named(&nobody, &text).reasons(), ["the name `Bob` does not occur"]);
        let empty = Candidate { name: " ".into(), ..candidate(1, &[]) };
        assert!(!named(&empty, &text).is_accepted());
    }

    #[test]
    fn skills_have_to_occur_in_the_text() {
        let verdict = skilled(&candidate(1, &["bread", "cakes", "tea"]), &document("Bread, pies"));
        assert_eq!(verdict.reasons(), ["these skills do not occur in the text: cakes, tea"]);
    }

    #[test]
    fn a_job_has_to_ask_for_something_that_the_posting_says() {
        assert!(demanded(&job(), &document("We bake bread and cakes.")).is_accepted());
        let nothing = Job { skills: vec![], ..job() };
        assert_eq!(demanded(&nothing, &document("")).reasons(), ["no skill is asked for"]);
    }

    #[test]
    fn what_is_written_has_a_length() {
        assert!(few(&["Why?".to_owned()]).is_accepted() && !few(&[]).is_accepted());
        assert!(
            brief("Dear Ann").is_accepted() && !brief(" ").is_accepted() && !brief(&"a".repeat(1201)).is_accepted()
        );
    }

    #[tokio::test]
    async fn an_invented_name_is_asked_again_and_a_close_candidate_gets_a_letter() {
        let invented = Candidate { name: "Bob".into(), ..candidate(2, &["bread"]) };
        let (runtime, happened) = Runtime::test()
            .answers(extract, [invented, candidate(2, &["bread"])])
            .answer(requirements, job())
            .answer(inquire, "Do you bake cakes, too?".to_owned())
            .build()
            .unwrap();
        let posting = Some(document("bread, cakes"));
        let screening = runtime.run(screen(document("Ann Lee bakes bread."), posting)).await.unwrap();
        assert_eq!(screening.candidate.name, "Ann Lee");
        assert!(matches!(screening.next, Next::Inquire { letter } if letter.contains("cakes")));
        let rejected = happened.lines().iter().filter(|line| line.starts_with("did reject extract by named")).count();
        assert_eq!(rejected, 1);
    }

    #[tokio::test]
    async fn the_lock_is_up_to_date() {
        let ran = flow::App::new().workflow(screen).try_run(["lock", "--check"]).await;
        assert_eq!(ran.status, 0, "{}", ran.stdout);
    }
}
