//! The load of `cargo xtask load`, shorter: nothing lost, nothing answered twice, each message as
//! the policy says and where the service put it.

use acceptance::load::{Load, run};
use acceptance::release;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_thousand_messages_over_fifty_channels_all_arrive_once() {
    let load = Load { messages: 2_000, channels: 50, processors: 2, seed: 1 };
    let report = run(load, &release("processor")).await;
    assert!(report.problems.is_empty(), "{:#?}", report.problems);
}

/// The check itself is checked, likewise.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_that_does_not_ask_the_policy_is_found_out() {
    let load = Load { messages: 40, channels: 4, processors: 1, seed: 1 };
    let report = run(load, &release("last-resort")).await;
    assert!(report.problems.len() > 5, "{:#?}", report.problems);
}
