// A program runs workflows, and a plain function is none.
async fn greet(name: String) -> flow::Result<String> {
    Ok(name)
}

flow::main!(greet);
