//! A small MCP server over standard input and output, which plays the script in the file named by `SCRIPT`:
//!
//! - `tools`: what it publishes, two to a page
//! - `answers`: by tool, the result of a call, or `{"error": …}`; `"die"` ends the process, `"hang"` never answers, `"environment"`
//!   returns the names of its variables
//! - `start`: `"die"` ends the process before the handshake; `start_ms`: how long it takes to start
//! - `garbage`: whether each message follows a line that is none
//! - `silently`: the tools that a rewritten file lists are published from then on, without a notice
//! - `then`: the script that replaces this one once the tool `change` is called, after a notice
//!
//! Each start and each call is a line in the file named by `LOG`.

use std::fs::{File, OpenOptions};
use std::io::{BufRead, Write, stdin, stdout};

use flow::serde_json::{Value, from_str, json};

fn main() {
    let file = std::env::var("SCRIPT").expect("a script");
    let read = || -> Value { from_str(&std::fs::read_to_string(&file).expect("a file")).expect("JSON") };
    let mut script = read();
    let mut log =
        OpenOptions::new().create(true).append(true).open(std::env::var("LOG").expect("a log")).expect("a file");
    note(&mut log, "started");
    eprintln!("the server speaks");
    if script["start"] == "die" {
        eprintln!("no database");
        std::process::exit(3);
    }
    std::thread::sleep(std::time::Duration::from_millis(script["start_ms"].as_u64().unwrap_or_default()));
    for line in stdin().lock().lines().map_while(Result::ok) {
        let message: Value = from_str(&line).expect("JSON");
        if message.get("id").is_none() || message.get("method").is_none() {
            continue;
        }
        let reply = match message["method"].as_str().unwrap_or_default() {
            "initialize" => json!({ "result": welcome(&message["params"]) }),
            "tools/list" if read()["silently"] == true => {
                json!({ "result": page(&read()["tools"], &message["params"]) })
            }
            "tools/list" => json!({ "result": page(&script["tools"], &message["params"]) }),
            "tools/call" => {
                note(&mut log, &message["params"].to_string());
                match call(&mut script, &message["params"]) {
                    Some(reply) => reply,
                    None => continue,
                }
            }
            _ => json!({ "error": { "code": -32601, "message": "no such method" } }),
        };
        let mut reply = reply;
        reply["jsonrpc"] = "2.0".into();
        reply["id"] = message["id"].clone();
        if script["garbage"] == true {
            println!("Debugger attached.");
        }
        say(&reply);
    }
    note(&mut log, "ended");
}

fn welcome(params: &Value) -> Value {
    json!({
        "protocolVersion": params["protocolVersion"],
        "capabilities": { "tools": { "listChanged": true } },
        "serverInfo": { "name": "scripted", "version": "1" },
    })
}

fn page(tools: &Value, params: &Value) -> Value {
    let from: usize = params["cursor"].as_str().and_then(|cursor| cursor.parse().ok()).unwrap_or_default();
    let all = tools.as_array().map(Vec::as_slice).unwrap_or_default();
    let page: Vec<_> = all.iter().skip(from).take(2).collect();
    let mut listed = json!({ "tools": page });
    if from + 2 < all.len() {
        listed["nextCursor"] = (from + 2).to_string().into();
    }
    listed
}

fn call(script: &mut Value, params: &Value) -> Option<Value> {
    let name = params["name"].as_str().unwrap_or_default();
    let answer = script["answers"][name].clone();
    match answer.as_str() {
        Some("die") => {
            eprintln!("out of memory");
            std::process::exit(3)
        }
        Some("hang") => return None,
        Some("environment") => {
            let mut names: Vec<_> = std::env::vars().map(|(name, _)| name).collect();
            names.sort();
            return Some(json!({ "result": { "content": [{ "type": "text", "text": names.join(",") }] } }));
        }
        _ => {}
    }
    if name == "change" {
        *script = script["then"].take();
        say(&json!({ "jsonrpc": "2.0", "method": "notifications/tools/list_changed" }));
    }
    Some(match answer.get("error") {
        Some(error) => json!({ "error": error }),
        None => json!({ "result": answer }),
    })
}

fn say(message: &Value) {
    let mut out = stdout().lock();
    writeln!(out, "{message}").and_then(|()| out.flush()).expect("a reader");
}

fn note(log: &mut File, line: &str) {
    writeln!(log, "{line}").expect("a log");
}
