// Only the arguments of MCP steps have other names on a server.
// errors: 2
use flow::prelude::*;

#[step]
async fn read(#[serde(rename = "filePath")] file_path: &str) -> Result<String> {
    Ok(file_path.to_owned())
}

#[workflow]
async fn reading(#[serde(rename = "filePath")] file_path: String) -> Result<String> {
    read(&file_path).await
}

fn main() {}
