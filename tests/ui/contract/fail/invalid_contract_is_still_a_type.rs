// One mistake is one error: whoever uses the type hears nothing of it.
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

fn main() {
    let job = Job { id: 1 };
    println!("{:?}", job.clone());
    let batch = Batch { jobs: vec![job] };
    let _ = (flow::serde_json::to_value(&batch), batch.jobs);
    let _ = <Batch as flow::Contract>::SHAPE;
}
