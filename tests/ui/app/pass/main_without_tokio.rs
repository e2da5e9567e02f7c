// A program needs no dependency but `flow`.
use flow::prelude::*;

#[step]
async fn measure(text: &str) -> Result<usize> {
    Ok(text.len())
}

#[workflow]
async fn length(text: String) -> Result<usize> {
    measure(&text).await
}

mod named {
    flow::main!(super::length);

    #[allow(dead_code)]
    pub fn is_a_function() -> fn() -> std::process::ExitCode {
        main
    }
}

flow::main!(flow::App::new().workflow(length).default_arguments(["run", "--set", "text=four"]));
