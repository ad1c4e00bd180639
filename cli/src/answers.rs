//! Answers to the inquiries of rules that ask the outside.

use rules::{Answer, Inquiry, InquiryFailure, Progress, Verdict};

/// Who answers.
pub(crate) trait Answers {
    /// The answer, or why there is none.
    fn answer(&self, inquiry: &Inquiry) -> Result<Answer, InquiryFailure>;
}

/// Nobody: each inquiry fails, as if the other side could not be reached.
pub(crate) struct Offline;

impl Answers for Offline {
    fn answer(&self, _: &Inquiry) -> Result<Answer, InquiryFailure> {
        Err(InquiryFailure::Unreachable)
    }
}

/// Carries an evaluation to its end.
pub(crate) fn finish<'p>(mut progress: Progress<'p, '_>, answers: &dyn Answers) -> Verdict<'p> {
    loop {
        match progress {
            Progress::Done(verdict) => return verdict,
            Progress::Asks(pending) => {
                let answer = answers.answer(pending.inquiry());
                progress = pending.resume(answer);
            }
        }
    }
}
