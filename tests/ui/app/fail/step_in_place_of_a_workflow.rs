// A program runs workflows, not single steps.
// errors: 2
use flow::prelude::*;

#[step]
async fn measure(text: String) -> Result<usize> {
    Ok(text.len())
}

fn main() {
    let _ = flow::App::new().workflow(measure);
    let _ = Runtime::builder().build().map(|runtime| runtime.run(measure(String::new())));
}
