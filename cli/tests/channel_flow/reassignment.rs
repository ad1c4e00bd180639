//! `attach` and `detach`: which channels of a deployed stack have the flow.

use crate::account::Account;
use crate::stage::Stage;

const ATTACH_ALL: [&str; 4] = ["attach", "--all", "--stack", "mine"];

/// A stack with one channel that has the flow and three that have not.
fn four_channels() -> (Account, Vec<String>) {
    let account = Account::healthy();
    let added = ["one", "two", "three"].map(|name| account.add_channel(name));
    (account, added.to_vec())
}

#[test]
fn a_dry_run_names_the_channels_and_changes_nothing() {
    let (account, added) = four_channels();
    let ran = account.run("attach-dry", &[&ATTACH_ALL[..], &["--dry-run"]].concat());
    assert!(ran.out(0).ends_with("3 to attach, 1 are already\n"), "{ran:?}");
    for channel in &added {
        assert!(ran.stdout.contains(&format!("would attach {channel}\n")), "{ran:?}");
    }
    assert_eq!(account.moderated(), 1);
    let ran = account.run("detach-dry", &["detach", "--all", "--stack", "mine", "--dry-run"]);
    assert!(ran.out(0).ends_with("1 to detach, 0 are already\n"), "{ran:?}");
    assert_eq!(account.moderated(), 1);
}

#[test]
fn all_channels_get_the_flow_step_by_step_and_lose_it() {
    let (account, added) = four_channels();
    let ran = account.run("attach-all", &ATTACH_ALL);
    let lines: Vec<&str> = ran.out(0).lines().collect();
    assert_eq!(lines.len(), 4, "{ran:?}");
    for (number, line) in lines.iter().take(3).enumerate() {
        assert!(line.starts_with(&format!("{}/3 attached ", number + 1)), "{line}");
        assert!(added.iter().any(|channel| line.ends_with(channel)), "{line}");
    }
    assert_eq!(lines[3], "3 attached, 1 were already");
    assert_eq!(account.moderated(), 4);
    assert_eq!(account.run("attach-again", &ATTACH_ALL).out(0), "0 attached, 4 were already\n");
    let ran = account.run("detach-all", &["detach", "--all", "--stack", "mine"]);
    assert!(ran.out(0).ends_with("4 detached, 0 were already\n"), "{ran:?}");
    assert_eq!(account.moderated(), 0);
}

#[test]
fn one_or_some_channels_are_changed_and_the_others_left_alone() {
    let (account, added) = four_channels();
    let ran = account.run("attach-two", &["attach", "--stack", "mine", &added[0], &added[1]]);
    assert!(ran.out(0).ends_with("2 attached, 0 were already\n"), "{ran:?}");
    assert_eq!(account.moderated(), 3);
    let ran = account.run("detach-two", &["detach", "--stack", "mine", &added[0], &added[2]]);
    assert!(ran.out(0).ends_with("1 detached, 1 were already\n"), "{ran:?}");
    assert_eq!(account.moderated(), 2);
}

#[test]
fn a_channel_with_another_flow_keeps_it_and_the_end_is_1() {
    let (account, added) = four_channels();
    account.give_another_flow(&added[0]);
    let ran = account.run("attach-other", &ATTACH_ALL);
    assert!(ran.out(1).contains(&format!("kept {}: it has another flow", added[0])), "{ran:?}");
    assert!(ran.stdout.ends_with("2 attached, 1 were already, 1 with another flow\n"), "{ran:?}");
    assert_eq!(account.moderated(), 3);
}

#[test]
fn a_demoted_admin_cannot_list_and_it_says_so() {
    let (account, _) = four_channels();
    account.demote();
    let ran = account.run("attach-demoted", &ATTACH_ALL);
    assert_eq!(ran.out(3), "");
    assert!(ran.stderr.contains("chime:ListChannels was refused"), "{ran:?}");
}

#[test]
fn slips_are_told_before_anything_is_changed() {
    let (account, added) = four_channels();
    let foreign = "arn:aws:chime:us-east-1:111122223333:app-instance/other/channel/c";
    let ran = account.run("attach-foreign", &["attach", "--stack", "mine", &added[0], foreign]);
    assert_eq!(ran.out(3), "");
    assert!(ran.stderr.contains("is not of the flow's app instance"), "{ran:?}");
    assert_eq!(account.moderated(), 1);
    for arguments in [&["attach"][..], &["detach", "general"], &["attach", "--all", &added[0]]] {
        let ran = account.run("attach-slips", arguments);
        assert_eq!(ran.out(3), "", "{arguments:?}");
    }
}

#[test]
fn the_usage_shows_both_ways_to_name_channels() {
    for command in ["attach", "detach"] {
        let ran = Stage::new(&format!("usage-{command}")).run(&[command, "--help"]);
        let usage = format!(
            "Usage: channel-flow {command} [OPTIONS] <CHANNEL>...\n       channel-flow {command} [OPTIONS] --all\n"
        );
        assert!(ran.out(0).contains(&usage), "{ran:?}");
    }
}
