//! The policies of a fault run, and what is left of one that is broken.

use std::fmt::Write as _;
use std::sync::Arc;

use rules::Policy;
use rules::policy::NoResources;

use super::plan::{Sender, Start};
use crate::platform::Launch;

/// Where the app instance of the runs is.
pub(crate) const INSTANCE: &str = "arn:aws:chime:us-east-1:111122223333:app-instance/trial";

/// The policies that processes find.
pub struct Policies {
    pub(crate) usual: Policy,
    pub(crate) other: Policy,
    pub(crate) usual_text: Arc<str>,
    other_text: Arc<str>,
    mistaken_text: Arc<str>,
    broken_off_text: Arc<str>,
}

impl Policies {
    /// The policies, with webhooks at `hook` and at `nobody`.
    pub fn new(hook: &str, nobody: &str) -> Self {
        let usual: Arc<str> = text("[ticket]", "forbidden", hook, nobody).into();
        let other: Arc<str> = text("[no ticket]", "other word", hook, nobody).into();
        let load = |text: &str| {
            Policy::load(text, &NoResources)
                .unwrap_or_else(|mistakes| panic!("{}", mistakes.plain(text)))
        };
        let half = usual.len() / 2;
        let broken_off: String = usual.chars().take(half).collect();
        let mistaken = usual.replace("detect = \"pattern\"", "detect = \"patern\"");
        for broken in [&broken_off, &mistaken] {
            assert!(Policy::load(broken, &NoResources).is_err(), "this is broken: {broken}");
        }
        Self {
            usual: load(&usual),
            other: load(&other),
            usual_text: usual,
            other_text: other,
            mistaken_text: mistaken.into(),
            broken_off_text: broken_off.into(),
        }
    }

    /// What the platform is to do for a start.
    pub fn launch(&self, start: Start) -> Launch {
        match start {
            Start::Warm => Launch::Warm,
            Start::Fresh => Launch::Fresh,
            Start::Other => Launch::With(Some(self.other_text.clone())),
            Start::Mistaken => Launch::With(Some(self.mistaken_text.clone())),
            Start::BrokenOff => Launch::With(Some(self.broken_off_text.clone())),
            Start::Missing => Launch::With(None),
            Start::Swapped => Launch::Swapped(self.other_text.clone()),
        }
    }
}

impl Sender {
    /// The sender's ARN, by which the policy knows what to ask.
    pub(crate) fn arn(self) -> String {
        let name = match self {
            Self::Plain => "plain-1",
            Self::AskAbort => "abort-1",
            Self::AskContinue => "continue-1",
            Self::AskDeny => "deny-1",
            Self::AskNobody => "nobody-1",
        };
        format!("{INSTANCE}/user/{name}")
    }
}

fn text(ticket: &str, word: &str, hook: &str, nobody: &str) -> String {
    let mut policy = format!(
        r#"
[[rule]]
id = "tickets"
detect = "pattern"
action = "redact"
with = "fixed"
fixed = "{ticket}"
options = {{ patterns = '\bSEC-\d+\b' }}

[[rule]]
id = "words"
detect = "pattern"
action = "deny"
options = {{ patterns = '\b{word}\b' }}
"#
    );
    let hooks = [
        ("abort", "abort", hook),
        ("continue", "continue", hook),
        ("deny", "deny", hook),
        ("nobody", "continue", nobody),
    ];
    for (name, on_error, url) in hooks {
        let _written = write!(
            policy,
            r#"
[[rule]]
id = "hook-{name}"
detect = "webhook"
action = "deny"
on-error = "{on_error}"
fields = ["content"]
when = {{ sender = ["*/user/{name}-*"] }}
options = {{ url = "{url}", timeout-ms = 2000 }}
"#
        );
    }
    policy
}
