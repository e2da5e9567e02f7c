//! Steps are found through any path that resolves to a function.
#![deny(warnings)]

use flow::prelude::*;

/// A module and a function with the same name.
mod extract {
    use flow::prelude::*;

    #[step]
    pub async fn extract(text: &str) -> Result<u32> {
        Ok(text.len() as u32)
    }
}

mod steps {
    use flow::prelude::*;

    #[step]
    pub async fn one() -> Result<u32> {
        Ok(1)
    }

    pub mod deep {
        use flow::prelude::*;

        #[step]
        pub async fn two() -> Result<u32> {
            Ok(2)
        }

        #[workflow]
        pub async fn four() -> Result<u32> {
            Ok(two().await? + self::two().await?)
        }
    }

    pub mod all {
        use flow::prelude::*;

        #[step]
        pub async fn eight() -> Result<u32> {
            Ok(8)
        }
    }
}

use extract::extract;
use steps::all::*;
use steps::one as first;

macro_rules! step_by_macro {
    ($name:ident, $value:expr) => {
        #[step]
        async fn $name() -> Result<u32> {
            Ok($value)
        }
    };
}

step_by_macro!(sixteen, 16);

#[workflow]
async fn sum(text: String) -> Result<u32> {
    let size = extract(&text).await?;
    let few = first().await? + steps::deep::two().await? + crate::steps::deep::four().await?;
    let many = eight().await? + sixteen().await?;
    Ok(size + few + many)
}

#[flow::tokio::main(crate = "flow::tokio", flavor = "current_thread")]
async fn main() -> Result<()> {
    let (runtime, _) = Runtime::test().build()?;
    assert_eq!(runtime.run(sum("abc".into())).await?, 34);
    Ok(())
}
