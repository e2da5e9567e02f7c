// Everything that is read must be written; each mismatch is reported with its path.
use flow::contract;
use flow_runtime::contract::{Contract, Seg, edge, enforce};

#[contract]
struct Facts {
    candidate: Person,
}

#[contract]
struct Person {
    name: String,
    years: String,
    mail: Option<String>,
    phone_number: String,
}

#[contract]
#[serde(rename_all = "camelCase")]
struct Applicant {
    name: String,
    years: u32,
    mail: String,
    phone_number: String,
}

const _: () = enforce(
    &edge("extract", &[Seg::Field("candidate")], "match_job", "input", Facts::SHAPE, Applicant::SHAPE)
        .note(&["`extract` is at src/lib.rs:20"]),
);

fn main() {}
