// What is added to a program is a workflow.
fn greet(name: String) -> String {
    name
}

fn main() {
    let _ = flow::App::new().workflow(greet);
}
