//! The limits of what a service holds.

use crate::support::{Desk, Served, note, service};

#[tokio::test]
async fn of_the_ended_runs_the_oldest_is_dropped_first() {
    let service = Served::of(service(&Desk::open()).max_ended_runs(2)).await;
    for id in ["a", "b", "c"] {
        assert_eq!(service.digest(&format!("?id={id}&wait=30s"), &note("pump")).await.status, 200);
    }
    // The third run counts as ended only a moment after its client was answered, so run one more.
    assert_eq!(service.digest("?id=d&wait=30s", &note("pump")).await.status, 200);
    let problem = service.get("/runs/a").await.problem(404, "no-such-run");
    assert_eq!(problem["detail"], "there is no run `a`; only the latest 2 ended runs are kept");
    assert_eq!((service.get("/runs/c").await.status, service.get("/runs/d").await.status), (200, 200));
}

#[tokio::test]
async fn runs_under_way_are_never_dropped_for_others() {
    let desk = Desk::held();
    let service = Served::of(service(&desk).max_ended_runs(0)).await;
    service.digest("?id=slow", &note("pump")).await;
    assert_eq!(service.post("length", "?wait=30s", &note("a").to_string()).await.status, 200);
    assert_eq!(service.get("/runs/slow").await.json()["status"], "running");
}

#[tokio::test]
async fn beyond_the_most_runs_under_way_a_start_is_refused_for_now() {
    let desk = Desk::held();
    let service = Served::of(service(&desk).max_running_runs(1)).await;
    service.digest("?id=slow", &note("pump")).await;
    let refused = service.digest("", &note("pump")).await;
    refused.problem(503, "too-many-runs");
    assert_eq!(refused.header("retry-after"), Some("1"));
    assert_eq!(
        service.digest("?id=slow", &note("pump")).await.status,
        202,
        "the existing run does not count as another one"
    );
}
