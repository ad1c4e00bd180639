//! Giving channels a deployed flow and taking it off them: what `attach` and `detach` share.

use std::collections::BTreeSet;
use std::io::Write;

use clap::Args;
use provisioner::arn::{Channel, ParseArn as _};
use provisioner::preflight::channels::{Outcome, Step, Tally, Which, Wish, carry_out, plan};
use provisioner::settings::Moderation;

use crate::account::{self, Account, Deployment, Stack};
use crate::exit::{Exit, Failure};
use crate::stage;
use crate::terminal::{BOLD, ERROR, FAINT, GOOD, NOTE};

/// Which channels, of which deployment.
#[derive(Args, Debug)]
pub(crate) struct Reassignment {
    /// The channels' ARNs
    #[arg(value_name = "CHANNEL", value_parser = channel, required_unless_present = "all")]
    channels: Vec<Channel>,
    /// All channels of the app instance, public and private
    #[arg(long, conflicts_with = "channels")]
    all: bool,
    /// Says what would be done, and does nothing
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    deployment: Deployment,
}

fn channel(text: &str) -> Result<Channel, String> {
    Channel::parse(text).map_err(|problem| format!("it {problem}"))
}

/// Makes it so.
pub(crate) fn run(
    reassignment: &Reassignment,
    wish: Wish,
    out: &mut impl Write,
) -> Result<Exit, Failure> {
    stage::runtime()?.block_on(async {
        let account = Account::connect(&reassignment.deployment).await?;
        let stack = Stack::find(&account, &reassignment.deployment).await?;
        let moderation = &stack.moderation;
        let which = which(reassignment, moderation)?;
        let service = account.service();
        let session = service.session();
        let plan = plan(&session, moderation, wish, &which).await.map_err(|refused| {
            let why = account::refused(&refused);
            Failure::Usage(format!("the channels cannot be listed: {why}"))
        })?;
        if reassignment.dry_run {
            for channel in &plan.channels {
                writeln!(out, "would {} {channel}", verb(wish))?;
            }
            let count = plan.channels.len();
            let already = plan.done_already;
            writeln!(out, "{BOLD}{count}{BOLD:#} to {}, {already} are already", verb(wish))?;
            return Ok(Exit::Fine);
        }
        // The first write that fails is told of in the end: what was begun is finished.
        let mut written = Ok(());
        let tally = carry_out(&session, moderation, &plan, |step| {
            if written.is_ok() {
                written = report(&step, wish, out);
            }
        })
        .await;
        written?;
        sum_up(tally, wish, plan.done_already, out)?;
        let whole = tally.refused == 0 && tally.with_another_flow == 0;
        Ok(if whole { Exit::Fine } else { Exit::Found })
    })
}

fn which(reassignment: &Reassignment, moderation: &Moderation) -> Result<Which, Failure> {
    if reassignment.all {
        return Ok(Which::All);
    }
    let instance = moderation.flow.app_instance();
    let channels: BTreeSet<Channel> = reassignment.channels.iter().cloned().collect();
    match channels.iter().find(|channel| channel.app_instance() != instance) {
        None => Ok(Which::These(channels)),
        Some(channel) => {
            Err(Failure::Usage(format!("{channel} is not of the flow's app instance {instance}")))
        }
    }
}

fn verb(wish: Wish) -> &'static str {
    match wish {
        Wish::Attach => "attach",
        Wish::Detach => "detach",
    }
}

/// A line as soon as a channel is done.
fn report(step: &Step<'_>, wish: Wish, out: &mut impl Write) -> Result<(), Failure> {
    let Step { number, of, channel, outcome } = step;
    write!(out, "{FAINT}{number}/{of}{FAINT:#} ")?;
    match outcome {
        Outcome::Done => writeln!(out, "{GOOD}{}ed{GOOD:#} {channel}", verb(wish))?,
        Outcome::HasAnotherFlow => {
            writeln!(out, "{NOTE}kept{NOTE:#} {channel}: it has another flow")?;
        }
        Outcome::Refused(refused) => {
            let why = account::refused(refused);
            writeln!(out, "{ERROR}refused{ERROR:#} {channel}: {why}")?;
        }
    }
    out.flush()?;
    Ok(())
}

fn sum_up(tally: Tally, wish: Wish, already: usize, out: &mut impl Write) -> Result<(), Failure> {
    let Tally { done, with_another_flow, refused } = tally;
    write!(out, "{BOLD}{done}{BOLD:#} {}ed, {already} were already", verb(wish))?;
    if with_another_flow > 0 {
        write!(out, ", {NOTE}{with_another_flow}{NOTE:#} with another flow")?;
    }
    if refused > 0 {
        write!(out, ", {ERROR}{refused}{ERROR:#} refused")?;
    }
    writeln!(out)?;
    Ok(())
}
