//! How an invocation's time is shared out, so that the answer goes out before it ends.

use std::time::Duration;

use tokio::time::Instant;

/// The most time kept for the callback and its repetitions.
const FOR_CALLBACK: Duration = Duration::from_secs(3);
/// The most time kept for the verdict, once no inquiry can be answered any more.
const FOR_VERDICT: Duration = Duration::from_millis(250);
/// The most time kept for the log line and for handing the result to the runtime.
const FOR_RETURN: Duration = Duration::from_millis(200);

/// The moments by which each part of the work must be done.
///
/// Each reserve is a fixed time or a share of what there is, whichever is less, so a function with
/// a timeout of one second still has time for each part.
#[derive(Clone, Copy, Debug)]
pub struct Deadline {
    /// Inquiries get no answer after this.
    pub ask_by: Instant,
    /// A message that is not judged by then counts as one that cannot be.
    pub judge_by: Instant,
    /// No callback is waited for after this.
    pub answer_by: Instant,
}

impl Deadline {
    /// Shares out the time from `now` to `end`, when the process may be stopped.
    pub fn new(now: Instant, end: Instant) -> Self {
        let whole = end.saturating_duration_since(now);
        let judge_by = now + whole.saturating_sub(FOR_CALLBACK.min(whole / 2));
        let judging = judge_by.saturating_duration_since(now);
        Self {
            ask_by: now + judging.saturating_sub(FOR_VERDICT.min(judging / 10)),
            judge_by,
            answer_by: now + whole.saturating_sub(FOR_RETURN.min(whole / 10)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shares(whole: u64) -> [u128; 3] {
        let now = Instant::now();
        let deadline = Deadline::new(now, now + Duration::from_millis(whole));
        [deadline.ask_by, deadline.judge_by, deadline.answer_by]
            .map(|moment| moment.duration_since(now).as_millis())
    }

    #[test]
    fn a_long_invocation_keeps_fixed_reserves() {
        assert_eq!(shares(10_000), [6_750, 7_000, 9_800]);
    }

    #[test]
    fn a_short_one_is_shared_out() {
        assert_eq!(shares(1_000), [450, 500, 900]);
    }

    #[test]
    fn time_that_is_up_is_no_reason_to_panic() {
        assert_eq!(shares(0), [0, 0, 0]);
        let now = Instant::now();
        Deadline::new(now, now - Duration::from_secs(1));
    }
}
