//! The Lambda that answers, as the fallback says, what the processor could not.

use processor::{LastResort, lambda};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let start = lambda::start();
    start.connect().await;
    let last_resort = LastResort::new(
        start.settings.fallback,
        start.connections,
        start.sink,
        start.settings.function,
    );
    lambda::run(async |invocation| last_resort.answer(invocation).await).await
}
