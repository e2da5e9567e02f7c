// Filters and tests must be given the right number of arguments, with known names.
// errors: 5
use flow::prelude::*;

const FAST: Model = Model::new("openai/fast");

#[contract]
pub struct Order {
    text: String,
    price: f64,
    items: Vec<String>,
}

#[step(model = FAST, prompt = "{{ order.text|replace('a') }} {{ order.text|upper(3) }} {{ order.items|join(', ', 3) }}
{{ order.price|round(precison=2) }} {% if order.price is divisibleby %}even{% endif %}")]
async fn answer(order: &Order) -> Result<String>;

fn main() {}
