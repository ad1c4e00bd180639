//! `doctor`: what is wrong with a deployed stack.

use crate::account::{Account, Books, PROCESSOR, without_credentials};
use crate::stage::feed;

/// The findings' codes, and all that was printed.
#[track_caller]
fn findings(account: &Account, name: &str) -> (Vec<String>, String) {
    let ran = account.run(name, &["doctor", "--stack", "mine", "--json"]);
    let report = ran.json(i32::from(!ran.stdout.contains("\"findings\":[]")));
    let findings = report["findings"].as_array().unwrap();
    let codes = findings.iter().map(|finding| finding["code"].as_str().unwrap().to_owned());
    (codes.collect(), format!("{}{}", ran.stdout, ran.stderr))
}

#[test]
fn nothing_is_wrong_with_a_healthy_stack_by_name_or_by_flow() {
    let account = Account::healthy();
    let ran = account.run("doctor-healthy", &["doctor", "--stack", "mine"]);
    assert!(ran.out(0).contains("nothing is wrong"), "{ran:?}");
    assert_eq!(ran.stderr, "");
    let flow = account.furniture.channel_flow_arn.clone();
    let ran = account.run("doctor-flow", &["doctor", "--stack", &flow, "--json"]);
    assert_eq!(ran.json(0)["stack"], "mine");
}

#[test]
fn each_sickness_is_found_alone_and_says_what_to_do() {
    type Change = fn(&mut Books);
    let sicknesses: [(&str, Change, &str); 11] = [
        ("permission-missing", |books| books.policy = None, "ProcessorPermission"),
        (
            "permission-missing",
            |books| {
                let policy = books.policy.take().unwrap();
                books.policy = Some(policy.replace(":app-instance/", ":appInstance/"));
            },
            "ProcessorPermission",
        ),
        (
            "callback-not-allowed",
            |books| books.decision = "implicitDeny",
            "chime:ChannelFlowCallback",
        ),
        (
            "callback-not-allowed",
            |books| books.last_resort_decision = "explicitDeny",
            "the role of the last resort",
        ),
        (
            "new-channels-unmoderated",
            |books| books.mapping = Some("Disabled"),
            "UpdateEventSourceMapping",
        ),
        ("new-channels-unmoderated", |books| books.mapping = Some(""), "is gone"),
        (
            "unknown",
            |books| {
                books.forbidden.insert("GetEventSourceMapping");
            },
            "lambda:GetEventSourceMapping",
        ),
        (
            "fallback-actions-disagree",
            |books| {
                books.variables.insert(PROCESSOR, [("FALLBACK_ACTION", "CONTINUE")].into());
            },
            "FallbackAction",
        ),
        ("stream-unfit", |books| books.encryption = "NONE", "StartStreamEncryption"),
        ("stream-unfit", |books| books.shards = 1, "StreamShards"),
        (
            "unknown",
            |books| {
                books.forbidden.insert("GetPolicy");
            },
            "lambda:GetPolicy",
        ),
    ];
    let account = Account::healthy();
    for (number, (code, change, mend)) in sicknesses.into_iter().enumerate() {
        let healthy = account.books().clone();
        change(&mut account.books());
        let (codes, said) = findings(&account, &format!("doctor-{number}"));
        assert_eq!(codes, [code], "{said}");
        assert!(said.contains(mend), "{said}");
        *account.books() = healthy;
    }
}

#[test]
fn what_only_the_messaging_service_knows_is_found() {
    let account = Account::healthy();
    account.add_channel("lonely");
    let (codes, said) = findings(&account, "doctor-lonely");
    assert_eq!(codes, ["channels-without-flow"], "{said}");
    let account = Account::healthy();
    account.demote();
    let (codes, said) = findings(&account, "doctor-demoted");
    assert_eq!(codes, ["admin-demoted"], "{said}");
    let account = Account::invoking("arn:aws:lambda:us-east-1:111122223333:function:other");
    let (codes, said) = findings(&account, "doctor-other");
    assert_eq!(codes, ["other-processor"], "{said}");
}

#[test]
fn all_that_is_wrong_is_said_at_once() {
    let account = Account::healthy();
    account.add_channel("lonely");
    account.books().decision = "explicitDeny";
    let ran = account.run("doctor-both", &["doctor", "--stack", "mine"]);
    assert!(ran.out(1).contains("callback-not-allowed: "), "{ran:?}");
    assert!(ran.stdout.contains("channels-without-flow: 1 channels"), "{ran:?}");
    assert!(ran.stdout.contains("channel-flow attach --all"), "{ran:?}");
    assert!(ran.stdout.ends_with("2 findings\n"), "{ran:?}");
}

#[test]
fn what_cannot_be_looked_at_ends_with_3() {
    let account = Account::healthy();
    let ran = account.run("doctor-nowhere", &["doctor", "--stack", "other"]);
    assert_eq!(ran.out(3), "");
    assert!(ran.stderr.contains("`other`: ValidationError: Stack does not exist"), "{ran:?}");
    account.books().forbidden.insert("DescribeStacks");
    let ran = account.run("doctor-forbidden", &["doctor", "--stack", "mine"]);
    assert_eq!(ran.out(3), "");
    assert!(ran.stderr.contains("AccessDenied: not authorized"), "{ran:?}");
}

#[test]
fn without_credentials_or_region_it_says_how_to_get_them() {
    let mut command = without_credentials("doctor-credentials", &["doctor"]);
    command.env("AWS_REGION", "us-east-1");
    let ran = feed(command, b"");
    assert_eq!(ran.out(3), "");
    assert!(ran.stderr.contains("error: no AWS credentials are found"), "{ran:?}");
    assert!(ran.stderr.contains("AWS_PROFILE"), "{ran:?}");
    let ran = feed(without_credentials("doctor-region", &["doctor"]), b"");
    assert_eq!(ran.out(3), "");
    assert!(ran.stderr.contains("--region"), "{ran:?}");
}

#[test]
fn roles_that_cannot_be_simulated_are_each_a_finding() {
    let account = Account::healthy();
    account.books().forbidden.insert("SimulatePrincipalPolicy");
    let (codes, said) = findings(&account, "doctor-roles");
    assert_eq!(codes, ["unknown", "unknown"], "{said}");
    assert!(said.contains("iam:SimulatePrincipalPolicy"), "{said}");
}

#[test]
fn a_stack_that_streams_no_channels_is_not_asked_to_give_new_ones_the_flow() {
    let account = Account::healthy();
    account.books().mapping = None;
    let (codes, said) = findings(&account, "doctor-no-mapping");
    assert_eq!(codes, [""; 0], "{said}");
}

#[test]
fn the_region_is_read_off_the_flows_arn() {
    let account = Account::healthy();
    let flow = account.furniture.channel_flow_arn.clone();
    let mut command = account.command("doctor-arn-region", &["doctor", "--stack", &flow]);
    command.env_remove("AWS_REGION");
    let ran = feed(command, b"");
    assert!(ran.out(0).contains("nothing is wrong"), "{ran:?}");
}

#[test]
fn a_profile_that_does_not_exist_is_named_and_nothing_stands_in_for_it() {
    let account = Account::healthy();
    let ran = account.run("doctor-profile", &["doctor", "--stack", "mine", "--profile", "nope"]);
    assert_eq!(ran.out(3), "", "the credentials of the environment are not the profile's");
    assert!(ran.stderr.contains("the AWS profile `nope` gives no credentials"), "{ran:?}");
    assert!(!ran.stderr.contains("IMDS"), "{ran:?}");
}
