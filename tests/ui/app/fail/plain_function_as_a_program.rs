// A program runs workflows, not plain functions.
async fn greet(name: String) -> flow::Result<String> {
    Ok(name)
}

flow::main!(greet);
