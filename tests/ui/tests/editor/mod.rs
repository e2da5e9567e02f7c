//! A minimal client of rust-analyzer: JSON-RPC over its standard streams.

use std::io::{BufRead, BufReader, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

/// The limit for loading the project, and for each answer.
const PATIENCE: Duration = Duration::from_secs(100);

/// A running rust-analyzer with one project.
pub(crate) struct Editor {
    server: Child,
    input: ChildStdin,
    messages: Receiver<Value>,
    folder: PathBuf,
    uri: String,
    next: u64,
}

impl Editor {
    /// Starts rust-analyzer; `None` if it is not installed.
    pub(crate) fn start(folder: &Path) -> Option<Self> {
        let installed = Command::new("rust-analyzer").arg("--version").output().ok()?.status.success();
        let spawn = || {
            let mut command = Command::new("rust-analyzer");
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().ok()
        };
        let mut server = installed.then(spawn)??;
        let (input, output) = (server.stdin.take()?, server.stdout.take()?);
        let (send, messages) = channel();
        thread::spawn(move || {
            let mut output = BufReader::new(output);
            while let Some(message) = read(&mut output) {
                if send.send(message).is_err() {
                    break;
                }
            }
        });
        let folder = folder.canonicalize().ok()?;
        let mut editor = Self { server, input, messages, folder, uri: String::new(), next: 0 };
        editor.initialize();
        Some(editor)
    }

    fn initialize(&mut self) {
        let options = json!({
            "checkOnSave": false,
            "cachePriming": { "enable": false },
            "cargo": { "buildScripts": { "enable": true }, "extraArgs": ["--offline"] },
            "diagnostics": { "experimental": { "enable": false } },
        });
        let parameters = json!({
            "processId": null,
            "rootUri": uri(&self.folder),
            "capabilities": { "experimental": { "serverStatusNotification": true } },
            "initializationOptions": options,
        });
        self.ask("initialize", &parameters);
        self.tell("initialized", &json!({}));
    }

    /// Opens a file and waits until the project is loaded.
    pub(crate) fn open(&mut self, file: &str, text: &str) {
        self.uri = uri(&self.folder.join(file));
        let document = json!({ "uri": self.uri, "languageId": "rust", "version": 1, "text": text });
        self.tell("textDocument/didOpen", &json!({ "textDocument": document }));
        let quiet = |message: &Value| {
            message["method"] == "experimental/serverStatus" && message["params"]["quiescent"] == true
        };
        self.wait(quiet).expect("rust-analyzer loads the project");
    }

    /// The labels of the completions at a position.
    pub(crate) fn completions(&mut self, place: (usize, usize)) -> Vec<String> {
        let answer = self.ask("textDocument/completion", &self.at(place));
        let items = answer["items"].as_array().or_else(|| answer.as_array()).cloned().unwrap_or_default();
        let label = |item: &Value| {
            item["label"].as_str().map(|label| label.split([' ', '(']).next().unwrap_or(label).to_owned())
        };
        items.iter().filter_map(label).collect()
    }

    /// The definitions of the name at a position.
    pub(crate) fn definitions(&mut self, place: (usize, usize)) -> Vec<Value> {
        let answer = self.ask("textDocument/definition", &self.at(place));
        answer.as_array().cloned().unwrap_or_else(|| vec![answer])
    }

    /// The errors that rust-analyzer itself reports for the open file.
    pub(crate) fn diagnostics(&mut self) -> Vec<String> {
        let answer = self.ask("textDocument/diagnostic", &json!({ "textDocument": { "uri": self.uri } }));
        let items = answer["items"].as_array().cloned().unwrap_or_default();
        let errors = items.iter().filter(|item| item["severity"] == 1);
        errors.map(|item| item["message"].as_str().unwrap_or_default().to_owned()).collect()
    }

    fn at(&self, (line, character): (usize, usize)) -> Value {
        json!({ "textDocument": { "uri": self.uri }, "position": { "line": line, "character": character } })
    }

    fn ask(&mut self, method: &str, parameters: &Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({ "jsonrpc": "2.0", "id": id, "method": method, "params": parameters }));
        let answer = self.wait(|message| message["id"] == id && message.get("method").is_none());
        answer.unwrap_or_else(|| panic!("rust-analyzer does not answer {method}"))["result"].clone()
    }

    fn tell(&mut self, method: &str, parameters: &Value) {
        self.send(&json!({ "jsonrpc": "2.0", "method": method, "params": parameters }));
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input, "Content-Length: {}\r\n\r\n{text}", text.len()).expect("rust-analyzer reads");
        self.input.flush().expect("rust-analyzer reads");
    }

    /// The first matching message. Meanwhile, requests of the server are answered with `null`.
    fn wait(&mut self, wanted: impl Fn(&Value) -> bool) -> Option<Value> {
        let end = Instant::now() + PATIENCE;
        loop {
            let message = self.messages.recv_timeout(end.checked_duration_since(Instant::now())?).ok()?;
            if wanted(&message) {
                return Some(message);
            }
            if message.get("method").is_some() && message.get("id").is_some() {
                self.send(&json!({ "jsonrpc": "2.0", "id": message["id"], "result": null }));
            }
        }
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}

fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let mut length = 0;
    loop {
        let mut line = String::new();
        if output.read_line(&mut line).ok()? == 0 {
            return None;
        }
        match line.trim().split_once(": ") {
            Some(("Content-Length", number)) => length = number.parse().ok()?,
            Some(_) => {}
            None => break,
        }
    }
    let mut text = vec![0; length];
    output.read_exact(&mut text).ok()?;
    serde_json::from_slice(&text).ok()
}
