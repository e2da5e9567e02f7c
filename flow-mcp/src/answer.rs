//! What servers publish and answer, in our words.

use flow_runtime::mcp::{PublishedTool, ToolAnswer};
use rmcp::model::{CallToolResult, ContentBlock, Tool};
use serde_json::Value;

pub(crate) fn published(tool: Tool) -> PublishedTool {
    let mut published = PublishedTool::new(tool.name, Value::Object((*tool.input_schema).clone()));
    published.description = tool.description.map(Into::into).or(tool.title);
    published.output = tool.output_schema.map(|schema| Value::Object((*schema).clone()));
    published.read_only = tool.annotations.as_ref().and_then(|hints| hints.read_only_hint);
    published.idempotent = tool.annotations.as_ref().and_then(|hints| hints.idempotent_hint);
    published
}

pub(crate) fn answer(result: CallToolResult) -> ToolAnswer {
    let mut answer = ToolAnswer::default();
    answer.is_error = result.is_error.unwrap_or_default();
    answer.structured = result.structured_content;
    for part in result.content {
        let kind = match part {
            ContentBlock::Text(text) => {
                answer.texts.push(text.text);
                continue;
            }
            ContentBlock::Image(_) => "an image",
            ContentBlock::Audio(_) => "audio",
            ContentBlock::Resource(_) => "a resource",
            ContentBlock::ResourceLink(_) => "a link to a resource",
            _ => "unknown content",
        };
        answer.others.push(kind.to_owned());
    }
    answer
}
