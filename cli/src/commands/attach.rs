//! `channel-flow attach`.

use std::io::Write;

use clap::Args;
use provisioner::preflight::channels::Wish;

use crate::exit::{Exit, Failure};
use crate::reassignment::{self, Reassignment};

/// Gives the flow to one, some or all channels
#[derive(Args, Debug)]
#[command(override_usage = "\
channel-flow attach [OPTIONS] <CHANNEL>...
       channel-flow attach [OPTIONS] --all")]
#[command(after_help = "\
A channel that has another flow keeps it. Channels made later get the flow by themselves where the
stack streams channel data. Ends with 1 when a channel was refused or has another flow.

Examples:
  channel-flow attach --all --dry-run
  channel-flow attach --all --stack my-stack
  channel-flow attach arn:aws:chime:…:app-instance/…/channel/…")]
pub(crate) struct Attach {
    #[command(flatten)]
    reassignment: Reassignment,
}

pub(crate) fn run(attach: &Attach, out: &mut impl Write) -> Result<Exit, Failure> {
    reassignment::run(&attach.reassignment, Wish::Attach, out)
}
