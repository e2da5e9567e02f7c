// One mistake is one error: uses of the type add none.
use flow::contract;

#[contract]
#[derive(Debug, Clone)]
struct Job {
    #[schemars(rename = "number")]
    id: u64,
}

#[contract]
struct Batch {
    jobs: Vec<Job>,
}

const _: () = {
    use flow::Contract;
    use flow_runtime::contract::{enforce, fits, survives_round_trip};
    enforce(&fits(Job::SHAPE, u8::SHAPE));
    enforce(&fits(String::SHAPE, Job::SHAPE));
    enforce(&survives_round_trip(Batch::SHAPE));
};

fn main() {
    let job = Job { id: 1 };
    println!("{:?}", job.clone());
    let batch = Batch { jobs: vec![job] };
    let _ = (flow::serde_json::to_value(&batch), batch.jobs);
    let _ = <Batch as flow::Contract>::SHAPE;
}
