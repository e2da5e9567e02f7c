//! Streams of Gemini.

use serde_json::{Value, json};

use super::Case;

pub(super) fn all() -> Vec<Case> {
    let response = |parts: Value, reason: Value| {
        let mut candidate = json!({"index": 0, "content": {"parts": parts, "role": "model"}});
        if !reason.is_null() {
            candidate["finishReason"] = reason;
        }
        let usage = json!({"promptTokenCount": 14, "candidatesTokenCount": 2, "thoughtsTokenCount": 30});
        json!({"candidates": [candidate], "usageMetadata": usage, "modelVersion": "g-3", "responseId": "r1"})
    };
    let events = |chunks: &[Value]| chunks.iter().map(|chunk| format!("data: {chunk}\r\n\r\n")).collect::<String>();
    let case = |name, chunks: &[Value], body, shown| Case {
        dialect: "gemini",
        name,
        stream: events(chunks).into_bytes(),
        body,
        shown,
        mark: "\"finishReason\"",
    };
    let (stop, going) = (json!("STOP"), Value::Null);
    let call = json!({"functionCall": {"name": "add", "args": {"x": 17}}, "thoughtSignature": "SIGN"});
    let second = json!({"functionCall": {"name": "ping", "args": {}}});
    let thought = |text: &str| json!({"text": text, "thought": true});
    let signature = json!({"text": "", "thoughtSignature": "SIGN"});
    let blocked = json!({"promptFeedback": {"blockReason": "SAFETY", "blockReasonMessage": "No."},
        "usageMetadata": {"promptTokenCount": 14}});
    let died = json!({"error": {"code": 503, "message": "The model is overloaded.", "status": "UNAVAILABLE"}});
    vec![
        case(
            "text",
            &[response(json!([{"text": "Grüß"}]), going.clone()), response(json!([{"text": " dich\n"}]), stop.clone())],
            response(json!([{"text": "Grüß dich\n"}]), stop.clone()),
            "Grüß dich\n",
        ),
        case(
            "calls",
            &[
                response(json!([{"text": "One moment."}]), going.clone()),
                response(json!([call, second]), going.clone()),
                response(json!([{"text": ""}]), stop.clone()),
            ],
            response(json!([{"text": "One moment."}, call, second]), stop.clone()),
            "One moment.",
        ),
        case(
            "thinking",
            &[
                response(json!([thought("Hm")]), going.clone()),
                response(json!([thought("m.")]), going.clone()),
                response(json!([{"text": "2"}]), going.clone()),
                response(json!([{"text": "880"}]), going.clone()),
                response(json!([signature]), stop.clone()),
            ],
            response(json!([thought("Hmm."), {"text": "2880"}, signature]), stop.clone()),
            "2880",
        ),
        case(
            "refusal",
            &[response(json!([{"text": "Half"}]), going.clone()), response(json!([]), json!("SAFETY"))],
            response(json!([{"text": "Half"}]), json!("SAFETY")),
            "Half",
        ),
        case(
            "cut at the limit",
            &[
                response(json!([{"text": "{\"years\""}]), going.clone()),
                response(json!([{"text": ": "}]), json!("MAX_TOKENS")),
            ],
            response(json!([{"text": "{\"years\": "}]), json!("MAX_TOKENS")),
            "{\"years\": ",
        ),
        Case { mark: "\"blockReason\"", ..case("blocked prompt", std::slice::from_ref(&blocked), blocked.clone(), "") },
        Case {
            mark: "\"error\"",
            ..case(
                "error midway",
                &[response(json!([{"text": "Half"}]), going), died.clone()],
                {
                    let mut body = response(json!([{"text": "Half"}]), Value::Null);
                    body["error"] = died["error"].clone();
                    body
                },
                "Half",
            )
        },
    ]
}
