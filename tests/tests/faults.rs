//! The fault plans of `cargo xtask faults`, shorter.

use acceptance::faults::{Binaries, Plan, Report, complaint, run};
use acceptance::platform::Strike;
use acceptance::release;

const MESSAGES: u32 = 300;

async fn withstand(seed: u64, messages: u32) -> Report {
    let plan = Plan::new(seed, messages);
    let digest = plan.digest();
    let binaries =
        Binaries { processor: release("processor"), last_resort: release("last-resort") };
    let report = run(plan, &binaries, 6).await;
    assert!(report.problems.is_empty(), "{}", complaint(seed, messages, &digest, &report));
    // A plan that nothing came of would prove nothing.
    assert!(report.failed_invocations > u64::from(messages) / 4, "{report:?}");
    assert!(report.by_last_resort > 0, "{report:?}");
    report
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_message_of_the_first_plan_ends_as_planned() {
    withstand(1, MESSAGES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_message_of_the_second_plan_ends_as_planned() {
    withstand(2, MESSAGES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_message_of_the_third_plan_ends_as_planned() {
    withstand(3, MESSAGES).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn one_seed_gives_one_outcome() {
    let (one, other) = tokio::join!(withstand(4, 60), withstand(4, 60));
    assert_eq!(one.outcome, other.outcome);
}

/// What is done to a process is done to it in time, however busy the machine is.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_process_that_stands_still_answers_nothing_and_is_gone_afterwards() {
    let mut plan = Plan::new(6, 12);
    for fate in &mut plan.fates {
        (fate.script, fate.down, fate.copies) = (Vec::new(), false, 0);
        fate.last = [Strike::None; 3];
        for one in &mut fate.tries {
            one.strike = Strike::Freeze;
        }
    }
    let binaries =
        Binaries { processor: release("processor"), last_resort: release("last-resort") };
    let report = run(plan, &binaries, 6).await;
    assert!(report.problems.is_empty(), "{:#?}", report.problems);
    assert_eq!((report.by_last_resort, report.failed_invocations), (12, 36));
    assert_eq!(report.callbacks, 12, "only the last resort's");
}

/// The check itself is checked: the last resort in the processor's place answers everything, once,
/// and not as the policy says.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_function_that_does_not_ask_the_policy_is_found_out() {
    let binaries =
        Binaries { processor: release("last-resort"), last_resort: release("last-resort") };
    let report = run(Plan::new(5, 40), &binaries, 6).await;
    assert!(report.problems.len() > 5, "{report:?}");
}
