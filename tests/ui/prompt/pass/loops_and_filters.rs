// Valid loops, filters and tests over every kind of contract.
use std::collections::BTreeMap;

use flow::prelude::*;

const FAST: Model = Model::new("openai/fast");

#[contract]
pub struct Place {
    pub city: String,
    pub zip: Option<String>,
}

#[contract]
pub enum Kind {
    Bug { line: u32 },
    Idea(String),
    Other,
}

#[contract]
pub struct Common {
    pub id: u32,
}

#[contract]
pub struct Report {
    #[serde(flatten)]
    pub common: Common,
    pub kind: Kind,
    pub places: Vec<Place>,
    pub named: BTreeMap<String, Place>,
    pub pair: (String, f64),
    pub author: Option<Place>,
}

#[step(model = FAST, prompt = "{{ report.id }} {{ report.kind }}
{% for place in report.places|sort(attribute='city', reverse=true) %}{{ loop.index }}/{{ loop.length }}: {{ place.city|upper }}
{%- if place.zip is defined and place.zip is not none %} ({{ place.zip|replace('-', ' ') }}){% endif %}
{% else %}nowhere{% endfor %}
{% for name, place in report.named|items %}{{ name }}: {{ place.city|default('?') }} {% endfor %}
{% set price = report.pair[1]|round(2) %}{{ report.pair[0] }}: {{ price }}
{{ report.places|map(attribute='city')|join(', ') }}, {{ report.places|length }} in all
{% if report.author %}{{ report.author.city }} {{ report.author.zip|default('none') }}{% endif %}
{% if report.id is divisibleby 2 %}even{% endif %}
{% for row in report.places|batch(2) %}{% for place in row %}{{ place.city }}{% endfor %}{% endfor %}
{{ report.places }} {{ report.pair }}")]
pub async fn read(report: &Report) -> Result<String>;

fn main() {}
