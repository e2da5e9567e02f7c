//! Programs by users who have only read the front page, with one mistake each: each gives one error with the parts promised at
//! its top.

use flow_ui_tests::{Fixture, Project};

#[test]
fn one_mistake_is_one_error_to_act_on() {
    let fixtures = Fixture::in_folder("stranger");
    assert!(fixtures.len() >= 36);
    let programs = fixtures.iter().map(|fixture| (fixture.name(), fixture.source()));
    let errors = Project::new("stranger", &[], programs).check();
    let mut wrong = Vec::new();
    for fixture in &fixtures {
        let said: Vec<_> = errors.iter().filter(|error| error.target == fixture.name()).collect();
        let promised: Vec<_> = fixture.promises().collect();
        match &said[..] {
            [error] if promised.len() >= 2 => {
                let unsaid: Vec<_> = promised.iter().filter(|part| !error.message.contains(*part)).collect();
                if !unsaid.is_empty() {
                    wrong.push(format!("{}: {unsaid:?} not in\n{}", fixture.name(), error.message));
                }
            }
            _ => wrong.push(format!("{}: {} promises, {said:#?}", fixture.name(), promised.len())),
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
}
