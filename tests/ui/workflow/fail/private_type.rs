// A public workflow exposes its types, like any public function.
#![deny(private_interfaces)]

pub mod workflows {
    use flow::prelude::*;

    #[contract]
    struct Candidate {
        name: String,
    }

    #[step]
    async fn count(candidate: &Candidate) -> Result<usize> {
        Ok(candidate.name.len())
    }

    #[workflow]
    pub async fn screen(candidate: Candidate) -> Result<usize> {
        count(&candidate).await
    }
}

fn main() {}
