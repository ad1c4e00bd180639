//! The Lambda that answers every message with the policy.

use std::sync::Arc;

use processor::{Config, Evaluate, Processor, lambda, policy};

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), lambda_runtime::Error> {
    let start = lambda::start().await;
    let policy = policy::load(start.settings.policy_file.as_deref());
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
