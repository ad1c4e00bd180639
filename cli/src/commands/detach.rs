//! `channel-flow detach`.

use std::io::Write;

use clap::Args;
use provisioner::preflight::channels::Wish;

use crate::exit::{Exit, Failure};
use crate::reassignment::{self, Reassignment};

/// Takes the flow off one, some or all channels: nothing judges their messages any more
#[derive(Args, Debug)]
#[command(override_usage = "\
channel-flow detach [OPTIONS] <CHANNEL>...
       channel-flow detach [OPTIONS] --all")]
#[command(after_help = "\
A channel that does not have this flow is left alone. Ends with 1 when a channel was refused.

Examples:
  channel-flow detach --all --dry-run
  channel-flow detach arn:aws:chime:…:app-instance/…/channel/… --stack my-stack")]
pub(crate) struct Detach {
    #[command(flatten)]
    reassignment: Reassignment,
}

pub(crate) fn run(detach: &Detach, out: &mut impl Write) -> Result<Exit, Failure> {
    reassignment::run(&detach.reassignment, Wish::Detach, out)
}
