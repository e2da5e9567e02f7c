// Only workflows can be added to a program.
fn greet(name: String) -> String {
    name
}

fn main() {
    let _ = flow::App::new().workflow(greet);
}
