//! Everything a prompt may read.
#![deny(warnings)]

use std::collections::BTreeMap;

use flow::prelude::*;

#[contract]
#[serde(rename_all = "camelCase")]
struct Resume {
    full_text: String,
    note: Option<String>,
    tags: Vec<Tag>,
    links: BTreeMap<String, String>,
}

#[contract]
struct Tag {
    name: String,
}

const FAST: Model = Model::new("local/fast");

/// Names are those of the JSON; an optional value has a guard; lists, objects and messages.
#[step(
    model = FAST,
    system = "You answer in {{ language | upper }}.",
    prompt = "{{ resume.fullText }}
{% if resume.note %}{{ resume.note }}{% endif %}{{ resume.note | default('none') }}
{% for tag in resume.tags %}{{ loop.index }}. {{ tag.name }}{% endfor %}
{% set links = resume.links %}{{ links }} {{ resume | tojson }}
{{ role('assistant') }}Go on.{{ role('user') }}{{ years + 1 }}"
)]
async fn read(resume: &Resume, language: &str, years: u32) -> Result<Vec<String>>;

/// From a file.
#[step(model = FAST, prompt_file = "Cargo.toml", gate = known(topic))]
async fn from_file(topic: &str) -> Result<String>;

#[gate]
fn known(_: &String, topic: &str) -> Verdict {
    Verdict::ensure(!topic.is_empty(), "no topic")
}

fn main() {
    assert_eq!(flow::meta(&read).arguments.len(), 3);
    assert_eq!(flow::meta(&from_file).name, "from_file");
}
