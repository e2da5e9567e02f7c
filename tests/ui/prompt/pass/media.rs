// Attachments are printed by themselves, wherever they are.
use flow::media::{Audio, Image, Pdf};
use flow::prelude::*;

#[contract]
pub struct Page {
    number: u32,
    scan: Option<Image>,
}

#[contract]
pub struct Case {
    pages: Vec<Page>,
    photos: Vec<Image>,
    recording: Audio,
    contract: Pdf,
}

const FAST: Model = Model::new("local/fast");
const CAREFUL: Model = Model::new("anthropic/claude-sonnet-5");
const ONE: &str = "Read {{ case.contract }}";

#[step(model = FAST, prompt = "{% for page in case.pages %}{{ page.number }}{% if page.scan is not none %}{{ page.scan }}{% endif %}{% endfor %}
{{ case.photos|length }} photos: {% for photo in case.photos %}{{ photo }}{% endfor %} {{ case.photos|first|default('none') }} {{ case.recording }}")]
async fn read(case: &Case) -> Result<String>;

#[step(model = CAREFUL, prompt = ONE)]
async fn read_one(case: &Case) -> Result<String>;

#[step(model = [FAST, CAREFUL], prompt = "{{ photo }}{{ contract }}")]
async fn compare(photo: &Image, contract: &Pdf) -> Result<bool>;

fn main() {}
