//! A server with all kinds of tools.

use serde_json::{Value, json};

use crate::support::tool;

pub(crate) fn tools() -> Value {
    let point = json!({ "type": "object", "properties": { "x": { "type": "number" }, "y": { "type": "number" } }, "required": ["x", "y"] });
    let mut list = tool(
        "list-issues",
        json!({
            "state": { "type": "string", "enum": ["open", "closed", "in-progress", "2nd"], "description": "Which issues." },
            "perPage": { "type": "integer", "minimum": 1, "description": "How many [at most].\n\nOne page." },
            "labels": { "type": "array", "items": { "type": "string" } },
            "type": { "type": ["string", "null"] },
            "since": { "anyOf": [{ "type": "string", "format": "date-time" }, { "type": "null" }] },
        }),
        &["state", "labels"],
    );
    list["annotations"] = json!({ "readOnlyHint": true });
    list["outputSchema"] = json!({
        "type": "object",
        "properties": {
            "issues": { "type": "array", "items": { "$ref": "#/$defs/Issue" } },
            "next_page": { "type": "integer" },
        },
        "required": ["issues"],
        "$defs": { "Issue": {
            "type": "object",
            "description": "An issue.",
            "properties": {
                "number": { "type": "integer" },
                "self": { "type": "string" },
                "parent": { "$ref": "#/$defs/Issue" },
                "children": { "type": "array", "items": { "$ref": "#/$defs/Issue" } },
                "assignee": { "anyOf": [{ "$ref": "#/$defs/User" }, { "type": "null" }] },
                "extra": {},
            },
            "required": ["number", "self", "children", "assignee", "extra"],
        }, "User": { "type": "object", "properties": { "login-name": { "type": "string" }, "loginName": { "type": "string" } }, "required": ["login-name"] } },
    });
    let mut draw = tool(
        "draw",
        json!({
            "from": point, "to": point,
            "style": { "type": "object", "additionalProperties": { "type": "string" } },
            "any": { "oneOf": [{ "type": "string" }, { "type": "integer" }] },
            "closed": { "type": "boolean" },
        }),
        &["from", "to", "style", "closed", "any"],
    );
    draw["annotations"] = json!({ "idempotentHint": true });
    let numbered = |count: usize| {
        (0..count).map(|at| (format!("n{at}"), json!({ "type": "integer" }))).collect::<serde_json::Map<_, _>>()
    };
    let many = json!({
        "name": "many", "inputSchema": { "type": "object", "properties": numbered(10), "required": ["n3"] }
    });
    let required: Vec<_> = (0..9).map(|at| format!("n{at}")).collect();
    let more = json!({ "name": "too_many", "inputSchema": { "type": "object", "properties": numbered(9), "required": required } });
    let long = tool(&"long".repeat(33), json!({}), &[]);
    let mut all =
        vec![list, draw, many, more, tool("listIssues", json!({}), &[]), tool("strange name", json!({}), &[]), long];
    all.extend([listed(), nested(), open(), forms(), described(), owner("get"), owner("put"), other_owner(), tree()]);
    all.into()
}

fn reads(mut tool: Value, output: Value) -> Value {
    tool["annotations"] = json!({ "readOnlyHint": true });
    tool["outputSchema"] = output;
    tool
}

/// Listed values of all types, as arguments, in an argument and in the output.
fn listed() -> Value {
    let all = json!({
        "level": { "type": "integer", "enum": [1, 2, 3] },
        "order": { "type": ["string", "null"], "enum": ["asc", "", null, "asc"] },
        "version": { "const": 3 },
        "ratio": { "type": "number", "enum": [0.5, 1] },
        "mixed": { "enum": ["auto", 1, null] },
        "sure": { "const": true },
        "unit": { "oneOf": [{ "const": "m²", "description": "Square metres." }, { "const": "ft" }] },
    });
    let required = ["level", "order", "version", "ratio", "mixed", "sure", "unit"];
    let mut properties = all.clone();
    properties["inner"] = json!({ "type": "object", "properties": all, "required": required });
    let output = json!({ "type": "object", "properties": {
        "all": { "type": "object", "properties": all, "required": required },
        "some": { "type": "object", "properties": all },
    }, "required": ["all", "some"] });
    reads(tool("listed", properties, &required), output)
}

/// Objects whose fields may be absent, null or both.
fn nested() -> Value {
    let all = json!({
        "area_m²": { "type": "number" },
        "any": { "description": "Anything." },
        "none": { "type": "null" },
        "nullable": { "type": ["integer", "null"], "minimum": 0 },
        "choice": { "type": "string", "enum": ["a", "b"] },
        "items": { "type": "array", "items": { "type": ["string", "null"] } },
        "pair": { "type": "array", "prefixItems": [{ "type": "string" }], "items": false },
        "map": { "type": "object", "additionalProperties": { "$ref": "#/$defs/Owner" } },
        "never": false,
        "名前": { "type": "string" },
    });
    let some = json!({ "type": "object", "properties": all });
    let names: Vec<_> = all.as_object().unwrap().keys().filter(|name| *name != "never").collect();
    let every = json!({ "type": "object", "properties": all, "required": names });
    let definitions = owner_definitions();
    let mut nested = tool(
        "nested",
        json!({ "some": some, "every": every, "nullable": { "anyOf": [every, { "type": "null" }] } }),
        &["some", "nullable"],
    );
    nested["inputSchema"]["$defs"] = definitions.clone();
    reads(
        nested,
        json!({ "type": "object", "properties": { "some": some, "every": every }, "required": ["every"], "$defs": definitions }),
    )
}

fn open() -> Value {
    reads(json!({ "name": "open", "inputSchema": { "type": "object" } }), json!({ "type": "object" }))
}

/// Schemas that types do not express.
fn forms() -> Value {
    let forms = json!({
        "either": { "type": ["string", "integer"] },
        "not": { "type": "string", "not": { "const": "" } },
        "both": { "allOf": [{ "$ref": "#/$defs/Owner" }, { "required": ["email"] }] },
        "one": { "oneOf": [{ "$ref": "#/$defs/Owner" }, { "type": "string" }], "description": "Who." },
        "elsewhere": { "$ref": "https://example.com/schema.json" },
        "optional": {},
        "": { "type": "string" },
    });
    let mut tool = tool("forms", forms.clone(), &["either", "unnamed"]);
    tool["inputSchema"]["anyOf"] = json!([{ "required": ["one"] }, { "required": ["both"] }]);
    tool["inputSchema"]["$defs"] = owner_definitions();
    reads(
        tool,
        json!({ "type": "object", "properties": forms, "required": ["either", "unlisted"], "$defs": owner_definitions() }),
    )
}

fn described() -> Value {
    let mut tool = tool(
        "described",
        json!({ "file": { "type": "string", "description": "A path to [FILE], as in ```\ncat <FILE>\n```\n\u{202e}hidden" } }),
        &[],
    );
    tool["description"] = DESCRIPTION.into();
    reads(
        tool,
        json!({ "type": "object", "description": "~~~\ncode()\n~~~", "properties": {
        "at": { "type": "string", "description": "When:\n\n    code()" },
    } }),
    )
}

const DESCRIPTION: &str = "Reads [FILE] as `Vec<u8>`, see https://example.com or <FILE>.\n\nArgs:\n    file: a \\path\\ or \"name\"\n\u{202e}reversed\n\n```json\n{ \"a\": [1] }\n```";

fn owner_definitions() -> Value {
    json!({ "Owner": { "type": "object", "properties": {
        "name": { "type": "string" },
        "email": { "type": "string" },
        "address": { "type": "object", "properties": { "city": { "type": "string" } }, "required": ["city"] },
    }, "required": ["name"] } })
}

/// Tools with equal definitions, of which each is printed once.
fn owner(verb: &str) -> Value {
    let mut tool = tool(&format!("{verb}_owner"), json!({ "owner": { "$ref": "#/$defs/Owner" } }), &["owner"]);
    tool["inputSchema"]["$defs"] = owner_definitions();
    reads(tool, json!({ "$ref": "#/$defs/Owner", "$defs": owner_definitions() }))
}

fn other_owner() -> Value {
    let definitions = json!({ "Owner": { "type": "object", "properties": { "id": { "type": "integer" } } } });
    let mut tool = tool("other_owner", json!({ "owner": { "$ref": "#/$defs/Owner" } }), &["owner"]);
    tool["inputSchema"]["$defs"] = definitions;
    tool["annotations"] = json!({ "readOnlyHint": true });
    tool
}

fn tree() -> Value {
    let definitions = json!({
        "Tree": { "type": "object", "properties": { "left": { "$ref": "#/$defs/Tree" }, "leaf": { "$ref": "#/$defs/Leaf" } } },
        "Leaf": { "type": "object", "properties": { "parent": { "$ref": "#/$defs/Tree" }, "lists": { "$ref": "#/$defs/Lists" } } },
        "Lists": { "type": "array", "items": { "$ref": "#/$defs/Lists" } },
    });
    let mut tool =
        tool("tree", json!({ "tree": { "$ref": "#/$defs/Tree" }, "leaf": { "$ref": "#/$defs/Leaf" } }), &["tree"]);
    tool["inputSchema"]["$defs"] = definitions.clone();
    reads(tool, json!({ "$ref": "#/$defs/Tree", "$defs": definitions }))
}
