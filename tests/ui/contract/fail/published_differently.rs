// The schema that schemars publishes must match what serde writes and reads.
// errors: 8
use flow::contract;

#[contract]
#[schemars(rename = "Task")]
struct Job {
    #[schemars(rename = "number")]
    id: u64,
    #[schemars(with = "String")]
    title: u64,
    #[schemars(skip)]
    hidden: Option<u64>,
    #[schemars(extend("x" = 1))]
    extended: u64,
    #[schemars(regex(pattern = "^a"))]
    text: String,
    #[schemars(email)]
    mail: String,
    #[schemars(required)]
    wanted: Option<u64>,
}

fn main() {}
