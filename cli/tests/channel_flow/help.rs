//! Help, completions and slips in the arguments.

use crate::stage::Stage;

#[test]
fn help_names_the_exit_codes_and_examples() {
    let stage = Stage::new("help");
    let help = stage.run(&["--help"]);
    assert!(help.out(0).contains("2  the policy has mistakes"), "{help:?}");
    let help = stage.run(&["help", "eval"]);
    assert!(help.out(0).contains("channel-flow eval --fail-on deny,abort"), "{help:?}");
}

#[test]
fn slips_in_the_arguments_end_with_3() {
    let stage = Stage::new("slips");
    for arguments in [
        &["evil"][..],
        &[],
        &["eval", "--bogus"],
        &["check", "a", "b"],
        &["check", "a", "--policy", "b"],
    ] {
        let ran = stage.run(arguments);
        assert_eq!(ran.out(3), "", "{arguments:?}");
        assert!(!ran.stderr.is_empty(), "{arguments:?}");
    }
}

#[test]
fn every_shell_gets_completions() {
    let stage = Stage::new("completions");
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let ran = stage.run(&["completions", shell]);
        assert!(ran.out(0).contains("fail-on"), "{shell}");
    }
}
