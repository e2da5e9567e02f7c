//! Prompts in files: mistakes are reported with their position in the file, and cargo rebuilds when the file changes.

use std::fs;

use flow_ui_tests::Project;

const PROGRAM: &str = "use flow::prelude::*;

#[contract]
pub struct Resume { pub text: String }

const FAST: Model = Model::new(\"openai/fast\");

#[step(model = FAST, prompt_file = \"prompts/extract.md\")]
async fn extract(resume: &Resume) -> Result<String>;

fn main() {}
";

#[test]
fn a_file_is_checked_again_when_it_changes() {
    let project = Project::new("prompt_files", &[], [("reads".to_owned(), PROGRAM)].into_iter());
    let file = project.folder().join("prompts/extract.md");
    fs::create_dir_all(project.folder().join("prompts")).expect("a folder for prompts");
    let said = |template: &str| {
        fs::write(&file, template).expect("the prompt is written");
        project.check().into_iter().map(|error| error.message).collect::<Vec<_>>()
    };
    assert!(said("Extract.\n\n{{ resume.text }}").is_empty());
    let [field] = &said("Extract.\n\nNow: {{ resume.txet }}")[..] else { panic!("one error") };
    assert!(field.contains("prompt of step `extract` in `prompts/extract.md`: `resume.txet` at 3:9"), "{field}");
    // A byte order mark or CRLF changes no position and is not part of the text.
    let [field] = &said("\u{feff}Extract.\r\n\r\nNow: {{ resume.txet }}")[..] else { panic!("one error") };
    assert!(field.contains("`resume.txet` at 3:9"), "{field}");
    let [syntax] = &said("Extract.\n{{ resume.text | uper }}")[..] else { panic!("one error") };
    assert!(syntax.contains("in `prompts/extract.md`: unknown filter `uper`"), "{syntax}");
    assert!(syntax.contains("(at 2:18)"), "{syntax}");
    assert!(said("Extract.\n\n{{ resume.text }}").is_empty());
}
