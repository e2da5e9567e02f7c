//! The macro `main!`.

use std::marker::PhantomData;

use flow_runtime::call::WorkflowFn;

use super::App;

/// Generates the `main` function of a program for these workflows.
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
/// Then `cargo run -- run --set number=3` prints `12`. [`App`](crate::app::App) lists all commands. If the workflows need states or
/// providers, pass an `App`:
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
        $(const _: () = {
            #[allow(unused_imports)]
            use $crate::__private::quiet::*;
            $crate::__private::demand(
                $crate::__private::ask(&|| $crate::__private::Program::of(&$workflow).workflow()),
                ::core::concat!(
                    "`",
                    ::core::stringify!($workflow),
                    "` is not a workflow: annotate it with `#[workflow]`; for a step, write a workflow that awaits it\n  see flow::errors::not_a_workflow",
                ),
            );
        };)+
        $crate::main!({
            #[allow(unused_imports)]
            use $crate::__private::NotAdded as _;
            let app = $crate::app::App::new();
            $(let app = $crate::__private::Adding::new(app, $workflow).add();)+
            app
        });
    };
    ($app:expr) => {
        fn main() -> ::std::process::ExitCode {
            $crate::__private::block_on(async { $crate::app::App::main($app).await })
        }
    };
}

/// Inherent-over-trait dispatch: the inherent `add` applies to workflows, [`NotAdded`] to all other functions.
#[doc(hidden)]
#[derive(Debug)]
pub struct Adding<F, A, T>(App, F, PhantomData<fn() -> (A, T)>);

impl<F, A, T> Adding<F, A, T> {
    /// Pairs a program with a function to add.
    pub fn new(app: App, function: F) -> Self {
        Self(app, function, PhantomData)
    }
}

impl<F, A, T> Adding<F, A, T>
where
    F: WorkflowFn<A, T>,
    T: Send + 'static,
{
    /// Adds the workflow.
    pub fn add(self) -> App {
        self.0.workflow(self.1)
    }
}

/// Fallback for functions that are not workflows; never runs, because `main!` has already reported the error.
#[doc(hidden)]
pub trait NotAdded: Sized {
    /// Adds nothing.
    fn add(self) -> App;
}

impl<F> NotAdded for Adding<F, (), ()> {
    fn add(self) -> App {
        self.0
    }
}

/// Runs a future on a new multi-threaded runtime.
///
/// # Panics
///
/// Panics if the system cannot provide threads or event sources.
#[doc(hidden)]
pub fn block_on<T>(program: impl Future<Output = T>) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build();
    runtime.expect("a program needs threads and timers").block_on(program)
}
