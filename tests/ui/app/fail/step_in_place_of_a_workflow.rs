// A program has workflows; a step alone is none.
// errors: 2
use flow::prelude::*;

#[step]
async fn measure(text: String) -> Result<usize> {
    Ok(text.len())
}

async fn run(runtime: Runtime) -> Result<usize> {
    let first = runtime.run(measure(String::new()));
    first.await
}

fn main() {
    let _ = flow::App::new().workflow(measure);
    let _ = run;
}
