//! Messages when a required feature is not enabled.

use flow_ui_tests::Project;

#[test]
fn a_main_without_the_command_line_names_the_feature() {
    let source = "use flow::prelude::*;

#[step]
async fn double(number: u32) -> Result<u32> { Ok(2 * number) }

#[workflow]
async fn run(number: u32) -> Result<u32> { double(number).await }

flow::main!(run);
";
    let project = Project::new("features", &[], [("main".to_owned(), source)].into_iter());
    let errors = project.check();
    let [error] = &errors[..] else { panic!("{errors:#?}") };
    assert!(error.message.contains("`flow::main!` needs the feature `cli`"), "{error:?}");
}
