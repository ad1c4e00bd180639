//! `channel-flow doctor`.

use std::io::Write;

use clap::Args;
use provisioner::preflight::doctor::{Finding, diagnose, examine};
use serde::Serialize;

use crate::account::{self, Account, Deployment, Stack};
use crate::exit::{Exit, Failure};
use crate::stage;
use crate::terminal::{BOLD, ERROR, FAINT, GOOD};

/// Says what is wrong with a deployed stack, and how to mend it
#[derive(Args, Debug)]
#[command(after_help = "\
It looks at the flow, its admin, its channels and streams, at the processor's permission, at its role and
settings and the last resort's, at what gives new channels the flow, and changes nothing. Whatever it may not look at is a finding too.

It needs cloudformation:DescribeStacks, DescribeStackResource and DescribeStackResources,
lambda:GetPolicy, GetFunctionConfiguration and GetEventSourceMapping, iam:SimulatePrincipalPolicy,
kinesis:DescribeStreamSummary, and of chime: DescribeChannelFlow, GetMessagingStreamingConfigurations,
ListAppInstanceAdmins, ListChannels and ListChannelsAssociatedWithChannelFlow.

Ends with 1 when something is wrong.

Examples:
  channel-flow doctor
  channel-flow doctor --stack my-stack --region eu-central-1 --profile operations
  channel-flow doctor --stack arn:aws:chime:…:app-instance/…/channel-flow/… --json")]
pub(crate) struct Doctor {
    #[command(flatten)]
    deployment: Deployment,
    /// Prints one JSON object
    #[arg(long)]
    json: bool,
}

pub(crate) fn run(doctor: &Doctor, out: &mut impl Write) -> Result<Exit, Failure> {
    stage::runtime()?.block_on(async {
        let account = Account::connect(&doctor.deployment).await?;
        let stack = Stack::find(&account, &doctor.deployment).await?;
        let service = account.service();
        let seen = examine(&service.session(), &stack.moderation).await.map_err(|refused| {
            Failure::Usage(format!(
                "{} cannot be looked at: {}",
                stack.moderation.flow,
                account::refused(&refused)
            ))
        })?;
        let (known, notes) = account::facts(&account, &stack, &seen).await;
        for note in notes {
            // Said for information only; the finding says what to do.
            drop(writeln!(anstream::stderr().lock(), "{FAINT}not seen: {note}{FAINT:#}"));
        }
        let findings = diagnose(&stack.moderation.flow, &seen, &known);
        if doctor.json {
            write_json(&stack, &findings, out)?;
        } else {
            write_text(&stack, &findings, out)?;
        }
        Ok(if findings.is_empty() { Exit::Fine } else { Exit::Found })
    })
}

fn write_text(stack: &Stack, findings: &[Finding], out: &mut impl Write) -> Result<(), Failure> {
    for Finding { code, problem, mend } in findings {
        writeln!(out, "{ERROR}{}{ERROR:#}: {problem}\n  {mend}", code.name())?;
    }
    let flow = &stack.moderation.flow;
    write!(out, "{BOLD}{}{BOLD:#} {FAINT}{flow}{FAINT:#}: ", stack.name)?;
    match findings.len() {
        0 => writeln!(out, "{GOOD}nothing is wrong{GOOD:#}")?,
        1 => writeln!(out, "{ERROR}1 finding{ERROR:#}")?,
        count => writeln!(out, "{ERROR}{count} findings{ERROR:#}")?,
    }
    Ok(())
}

#[derive(Serialize)]
struct Report<'a> {
    stack: &'a str,
    flow: &'a str,
    findings: Vec<Line<'a>>,
}

#[derive(Serialize)]
struct Line<'a> {
    code: &'static str,
    problem: &'a str,
    mend: &'a str,
}

fn write_json(stack: &Stack, findings: &[Finding], out: &mut impl Write) -> Result<(), Failure> {
    let lines = findings.iter().map(|finding| Line {
        code: finding.code.name(),
        problem: &finding.problem,
        mend: &finding.mend,
    });
    let report = Report {
        stack: &stack.name,
        flow: stack.moderation.flow.as_str(),
        findings: lines.collect(),
    };
    serde_json::to_writer(&mut *out, &report)?;
    writeln!(out)?;
    Ok(())
}
