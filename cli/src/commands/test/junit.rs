//! Test results as a `junit.xml`.

use std::io::{self, Write};

use quick_junit::{NonSuccessKind, Report, TestCase, TestCaseStatus, TestSuite};
use rules::test_case::TestResult;

use super::Ran;
use crate::exit::Failure;
use crate::policy::{Broken, PolicySource};

pub(super) fn write(
    source: &PolicySource,
    ran: &[Ran<'_>],
    out: &mut impl Write,
) -> Result<(), Failure> {
    let mut suite = TestSuite::new(source.name.as_str());
    for one in ran {
        let status = match &one.result {
            TestResult::Passed => TestCaseStatus::success(),
            TestResult::Todo => {
                let mut status = TestCaseStatus::skipped();
                status.set_message("todo: it fails, as it is known to");
                status
            }
            TestResult::Failed(differences) => {
                let mut status = TestCaseStatus::non_success(NonSuccessKind::Failure);
                status.set_type("difference");
                status.set_message(differences.first().map_or("", String::as_str));
                status.set_description(differences.join("\n"));
                status
            }
        };
        let mut case = TestCase::new(one.test.name(), status);
        case.set_classname(source.name.as_str());
        case.set_time(one.took);
        // Not in every dialect, but what most servers link to.
        case.extra.insert("file".into(), source.name.as_str().into());
        case.extra.insert("line".into(), one.line.to_string().into());
        suite.add_test_case(case);
    }
    suite.set_time(ran.iter().map(|one| one.took).sum());
    let mut report = Report::new("channel-flow");
    report.set_time(ran.iter().map(|one| one.took).sum());
    report.add_test_suite(suite);
    write_report(&report, out)
}

/// A policy with mistakes: no test was run, and that is an error, not a failed test.
pub(super) fn write_broken(broken: &Broken, out: &mut impl Write) -> Result<(), Failure> {
    let first = broken.mistakes.0.first();
    let mut status = TestCaseStatus::non_success(NonSuccessKind::Error);
    status.set_type(first.map_or("policy", |mistake| mistake.code.name()));
    status.set_message(first.map_or("", |mistake| mistake.message.as_str()));
    status.set_description(broken.mistakes.plain(&broken.text));
    let mut case = TestCase::new("the policy has no mistakes", status);
    case.set_classname(broken.name.as_str());
    case.extra.insert("file".into(), broken.name.as_str().into());
    let mut suite = TestSuite::new(broken.name.as_str());
    suite.add_test_case(case);
    let mut report = Report::new("channel-flow");
    report.add_test_suite(suite);
    write_report(&report, out)
}

fn write_report(report: &Report, out: &mut impl Write) -> Result<(), Failure> {
    // Into memory first, so that what fails behind it is the output alone.
    let xml = report.to_string().map_err(|error| Failure::Output(io::Error::other(error)))?;
    out.write_all(xml.as_bytes())?;
    Ok(())
}
