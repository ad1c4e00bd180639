//! The Lambda that answers every message with the policy.

use std::sync::Arc;

use processor::{Config, Evaluate, Processor, lambda, policy};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let start = lambda::start();
    // The policy is read while the service is waited for.
    let file = start.settings.policy_file.clone();
    let policy = tokio::task::spawn_blocking(move || policy::load(file.as_deref()));
    start.connect().await;
    let policy = policy.await?;
    let processor = Processor::new(Config {
        policy: policy.map(|policy| -> Arc<dyn Evaluate> { Arc::new(policy) }),
        fallback: start.settings.fallback,
        connections: start.connections,
        sink: start.sink,
        function: start.settings.function,
        log_event_shape: start.settings.log_event_shape,
    });
    lambda::run(async |invocation| processor.answer(invocation).await).await
}
