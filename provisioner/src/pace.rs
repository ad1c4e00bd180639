//! How long to wait before trying again, and for how long to believe that a refusal will pass.

use std::time::Duration;

/// The patience of one function.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    /// The longest first wait; each later one may be twice as long.
    pub first: Duration,
    /// The longest wait of all.
    pub longest: Duration,
    /// How often a call is made at most.
    pub attempts: u32,
    /// How long after the start of a request a *Forbidden* or *not found* may only mean "not yet":
    /// a new role, admin or flow is not known everywhere in the service at once.
    pub settle: Duration,
}

impl Default for Pace {
    fn default() -> Self {
        Self {
            first: Duration::from_millis(200),
            longest: Duration::from_secs(8),
            attempts: 12,
            settle: Duration::from_secs(30),
        }
    }
}

impl Pace {
    /// The waits between attempts: doubling, capped, and each a random part of its bound, so
    /// that functions that were throttled together do not come back together.
    pub(crate) fn waits(self) -> impl Iterator<Item = Duration> {
        (0..self.attempts.saturating_sub(1))
            .map(move |attempt| self.bound(attempt).mul_f64(0.5 + fastrand::f64() / 2.0))
    }

    /// Like [`waits`](Self::waits), without an end: for what is bounded by time.
    pub(crate) fn endless_waits(self) -> impl Iterator<Item = Duration> {
        (0..).map(move |attempt| self.bound(attempt).mul_f64(0.5 + fastrand::f64() / 2.0))
    }

    fn bound(self, attempt: u32) -> Duration {
        self.first.saturating_mul(1_u32.checked_shl(attempt).unwrap_or(u32::MAX)).min(self.longest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn waits_grow_to_the_cap_and_are_one_fewer_than_the_attempts() {
        let pace = Pace { attempts: 40, ..Pace::default() };
        let waits: Vec<_> = pace.waits().collect();
        assert_eq!(waits.len(), 39);
        assert!(waits.iter().all(|wait| *wait <= pace.longest), "{waits:?}");
        assert!(waits.iter().skip(10).all(|wait| *wait >= pace.longest / 2), "{waits:?}");
        assert!(waits[0] <= pace.first);
    }

    #[test]
    fn one_attempt_has_no_wait() {
        assert_eq!(Pace { attempts: 1, ..Pace::default() }.waits().count(), 0);
    }
}
