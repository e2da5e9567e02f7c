//! Numbers that JSON cannot represent.

use flow::prelude::*;

use crate::support::{Book, Draft, FAST, draft};

#[contract]
#[derive(Debug, Clone)]
struct Ratio {
    parts: Vec<f64>,
}

#[step]
async fn divide(by: f64) -> Result<Ratio> {
    Ok(Ratio { parts: vec![1.0, 0.0 / by] })
}

#[workflow]
async fn dividing(by: f64) -> Result<usize> {
    Ok(divide(by).await?.parts.len())
}

#[flow::tokio::test]
async fn what_json_cannot_hold_is_an_error_of_the_step_when_it_is_recorded() {
    assert_eq!(Runtime::builder().build().unwrap().run(dividing(0.0)).await.unwrap(), 2);
    let runtime = Runtime::builder().observe(Book::default()).build().unwrap();
    assert_eq!(runtime.run(dividing(1.0)).await.unwrap(), 2);
    let error = runtime.run(dividing(0.0)).await.unwrap_err();
    assert_eq!(pointers(&error), ["/parts/1"]);
    assert_eq!(error.at().unwrap().step.as_deref(), Some("divide"));
}

/// The JSON Pointers of the violations.
fn pointers(error: &flow::Error) -> Vec<&str> {
    let flow::ErrorKind::ContractViolated { violations, .. } = error.kind() else { panic!("{error}") };
    violations.iter().map(|violation| &*violation.pointer).collect()
}

#[contract]
#[derive(Debug, Clone)]
struct Mean {
    known: Option<f64>,
    trust: Option<f32>,
}

#[step]
async fn average(numbers: Vec<f64>) -> Result<Mean> {
    let known = Some(numbers.iter().sum::<f64>() / numbers.len() as f64);
    Ok(Mean { known, trust: None })
}

#[step]
async fn judge(mean: &Mean) -> Result<bool> {
    Ok(mean.known.is_some_and(f64::is_finite))
}

#[workflow]
async fn averaging(numbers: Vec<f64>) -> Result<bool> {
    let mean = average(numbers).await?;
    judge(&mean).await
}

#[flow::tokio::test]
async fn an_option_does_not_hide_what_json_cannot_hold() {
    let quiet = Runtime::builder().build().unwrap();
    assert!(!quiet.run(averaging(vec![])).await.unwrap(), "not recorded, so the value moves unchanged");
    let runtime = Runtime::builder().observe(Book::default()).build().unwrap();
    let error = runtime.run(averaging(vec![])).await.unwrap_err();
    assert_eq!(pointers(&error), ["/known"]);
    assert_eq!(error.at().unwrap().step.as_deref(), Some("average"));
    assert!(error.to_string().contains("at `/known`: expected a finite number, found NaN"), "{error}");
    assert!(runtime.run(averaging(vec![1.0])).await.unwrap());
}

#[flow::tokio::test]
async fn an_input_is_named_by_its_argument() {
    let runtime = Runtime::builder().observe(Book::default()).build().unwrap();
    let error = runtime.run(averaging(vec![1.0, f64::INFINITY])).await.unwrap_err();
    assert_eq!(pointers(&error), ["/numbers/1"]);
    let error = runtime.step(judge(&Mean { known: None, trust: Some(f32::NAN) })).await.unwrap_err();
    assert_eq!(pointers(&error), ["/mean/trust"]);
    assert_eq!(error.at().unwrap().step.as_deref(), Some("judge"));
}

#[contract]
#[derive(Debug, Clone)]
struct Average {
    known: Option<f64>,
}

#[step]
async fn known(average: Average) -> Result<bool> {
    Ok(average.known.is_some())
}

#[workflow]
async fn converting(numbers: Vec<f64>) -> Result<bool> {
    let mean = average(numbers).await?;
    known(mean).await
}

#[flow::tokio::test]
async fn what_json_cannot_hold_does_not_pass_an_edge_of_two_types() {
    let runtime = Runtime::builder().build().unwrap();
    assert!(runtime.run(converting(vec![1.0])).await.unwrap());
    let error = runtime.run(converting(vec![])).await.unwrap_err();
    assert_eq!(pointers(&error), ["/known"]);
    assert_eq!(error.at().unwrap().workflow, "converting");
}

#[gate]
fn finite(number: &f64) -> Verdict {
    Verdict::ensure(number.is_finite(), "no number")
}

#[step(gate = finite)]
async fn divided(by: f64) -> Result<f64> {
    Ok(1.0 / by)
}

#[flow::tokio::test]
async fn a_gate_may_reject_what_json_cannot_hold() {
    let error = Runtime::builder().build().unwrap().step(divided(0.0)).await.unwrap_err();
    let flow::ErrorKind::Rejected { reasons, answer } = error.kind() else { panic!("{error}") };
    assert_eq!((&*reasons[0], &**answer), ("no number", "null"));
}

#[step(model = FAST, prompt = "Tell of {{ mean.known or 0 }}.")]
async fn tell(mean: &Mean) -> Result<Draft>;

#[flow::tokio::test]
async fn a_prompt_does_not_take_it_for_an_absent_value() {
    let (runtime, _) = Runtime::test().answer(tell, draft("ok")).build().unwrap();
    let error = runtime.step(tell(&Mean { known: Some(f64::NAN), trust: None })).await.unwrap_err();
    assert_eq!(pointers(&error), ["/mean/known"]);
}
