//! `main` in one line.

/// Writes the `main` function of a program for these workflows, given by name.
///
/// ```no_run
/// use flow::prelude::*;
///
/// #[step]
/// async fn double(number: u32) -> Result<u32> {
///     Ok(2 * number)
/// }
///
/// /// Four times a number.
/// #[workflow]
/// async fn quadruple(number: u32) -> Result<u32> {
///     let twice = double(number).await?;
///     double(twice).await
/// }
///
/// flow::main!(quadruple);
/// ```
///
/// Then `cargo run -- run --set number=3` prints `12`; [`App`](crate::App) tells of all commands. Where workflows need
/// states or providers of their own, the macro takes the program as a value:
///
/// ```no_run
/// # use flow::prelude::*;
/// # #[step] async fn price(name: &str, #[state] list: &PriceList) -> Result<u32> { let _ = name; Ok(list.0) }
/// # #[workflow] async fn quote(name: String, #[state] list: &PriceList) -> Result<u32> { price(&name, list).await }
/// # #[derive(Debug)] struct PriceList(u32);
/// flow::main!(flow::App::new().workflow(quote).state(PriceList(7)));
/// ```
#[macro_export]
macro_rules! main {
    ($($workflow:path),+ $(,)?) => {
        $crate::main!($crate::App::new()$(.workflow($workflow))+);
    };
    ($app:expr) => {
        fn main() -> ::std::process::ExitCode {
            $crate::__private::block_on(async { $crate::App::main($app).await })
        }
    };
}

/// Runs the future of a program on a runtime of its own.
///
/// # Panics
///
/// When the system gives the runtime no threads or no sources of events.
#[doc(hidden)]
pub fn block_on<T>(program: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a program needs threads and timers").block_on(program)
}
