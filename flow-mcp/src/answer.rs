//! What servers publish and answer, in our words.

use flow_runtime::mcp::{PublishedTool, ToolAnswer};
use rmcp::model::{CallToolResult, ContentBlock, ResourceContents, Tool};
use serde_json::Value;

pub(crate) fn published(tool: Tool) -> PublishedTool {
    let mut published = PublishedTool::new(tool.name, Value::Object((*tool.input_schema).clone()));
    published.description = tool.description.map(Into::into).or(tool.title);
    published.output = tool.output_schema.map(|schema| Value::Object((*schema).clone()));
    published.read_only = tool.annotations.as_ref().and_then(|hints| hints.read_only_hint);
    published.idempotent = tool.annotations.as_ref().and_then(|hints| hints.idempotent_hint);
    published
}

/// One part of the content.
enum Part {
    Text(String),
    /// The text that stands for other content, such as `[image: image/png]`.
    Other(String),
}

/// Other content stands among the texts as a note, so that whoever reads them knows of it. Alone it is no text.
pub(crate) fn answer(result: CallToolResult) -> ToolAnswer {
    let mut answer = ToolAnswer::default();
    answer.is_error = result.is_error.unwrap_or_default();
    answer.structured = result.structured_content;
    let parts: Vec<_> = result.content.into_iter().map(part).collect();
    let has_text = parts.iter().any(|part| matches!(part, Part::Text(_)));
    for part in parts {
        match part {
            Part::Text(text) => answer.texts.push(text),
            Part::Other(note) => {
                if has_text {
                    answer.texts.push(format!("[{note}]"));
                }
                answer.others.push(note);
            }
        }
    }
    answer
}

fn part(block: ContentBlock) -> Part {
    match block {
        ContentBlock::Text(text) => Part::Text(text.text),
        ContentBlock::Image(image) => Part::Other(format!("image: {}", image.mime_type)),
        ContentBlock::Audio(audio) => Part::Other(format!("audio: {}", audio.mime_type)),
        ContentBlock::Resource(embedded) => match embedded.resource {
            ResourceContents::TextResourceContents { text, .. } => Part::Text(text),
            ResourceContents::BlobResourceContents { uri, .. } => Part::Other(format!("resource: {uri}")),
            _ => Part::Other("resource".to_owned()),
        },
        ContentBlock::ResourceLink(link) => Part::Other(format!("link: {}", link.uri)),
        _ => Part::Other("unknown content".to_owned()),
    }
}
