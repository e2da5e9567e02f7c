// A state may be a secret; a user's type of the same name is unrelated.
use flow::prelude::*;

pub mod mine {
    use flow::prelude::*;

    #[contract]
    #[derive(Clone)]
    pub struct Secret<T> {
        pub of: T,
    }
}

#[contract]
pub struct Diary {
    pub entry: mine::Secret<String>,
}

#[step]
pub async fn login(name: &str, #[state] token: &Secret<String>) -> Result<mine::Secret<String>> {
    Ok(mine::Secret { of: format!("{name} {}", token.expose().len()) })
}

#[workflow]
pub async fn work(name: String, #[state] token: &Secret<String>) -> Result<mine::Secret<String>> {
    login(&name, token).await
}

fn main() {
    let runtime = Runtime::builder().state(Secret::new("token".to_owned())).build();
    assert!(runtime.is_ok());
    assert_eq!(format!("{:?}", Secret::new(3)), "Secret(…)");
}
