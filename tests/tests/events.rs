//! The sample events come out as `README.md` says, in this process and in a container.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::unwrap_used,
    reason = "a failed step is a failed test"
)]

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::process::Command;

use acceptance::{Service, built, events, root, tool};
use serde_json::Value;

/// What the table says of an event.
#[derive(Debug)]
struct Expected {
    outcome: &'static str,
    /// The content that members read, where it is quoted.
    members: Option<String>,
}

/// The table, by the names of the files.
fn table() -> BTreeMap<String, Expected> {
    let page = std::fs::read_to_string(root().join("README.md")).unwrap();
    let rows = page.lines().filter_map(|line| line.strip_prefix("| `")?.split_once(".json` | "));
    let read = |(name, says): (&str, &str)| {
        let outcome = [("passes", "pass"), ("is changed", "update"), ("is denied", "deny")]
            .into_iter()
            .find_map(|(words, outcome)| says.starts_with(words).then_some(outcome));
        let outcome = outcome.unwrap_or_else(|| panic!("{name}: `{says}` names no outcome"));
        let quoted = says.split_once("members read `").map(|(_, rest)| rest);
        let members = quoted.map(|rest| rest.split_once('`').unwrap().0.to_owned());
        (name.to_owned(), Expected { outcome, members })
    };
    rows.map(read).collect()
}

fn files() -> Vec<PathBuf> {
    events().iter().map(|(name, _)| root().join("events").join(format!("{name}.json"))).collect()
}

/// Holds a line that the program printed against the table; returns the event's name.
#[track_caller]
fn hold(line: &Value, table: &BTreeMap<String, Expected>) -> String {
    let name = PathBuf::from(line["event"].as_str().unwrap());
    let name = name.file_stem().unwrap().to_str().unwrap().to_owned();
    let expected = &table[&name];
    assert_eq!(line["outcome"], expected.outcome, "{line}");
    if let Some(content) = &expected.members {
        assert_eq!(line["members"]["content"], content.as_str(), "{line}");
    }
    name
}

#[test]
fn the_table_names_every_event_and_what_becomes_of_it() {
    let table = table();
    let names: Vec<String> = events().into_iter().map(|(name, _)| name).collect();
    assert_eq!(table.keys().cloned().collect::<Vec<_>>(), names);
    let ran = Command::new(built("channel-flow"))
        .current_dir(root())
        .args(["run", "--json"])
        .args(files())
        .output()
        .unwrap();
    assert!(ran.status.success(), "{}", String::from_utf8_lossy(&ran.stderr));
    let printed = String::from_utf8(ran.stdout).unwrap();
    let held: Vec<String> =
        printed.lines().map(|line| hold(&serde_json::from_str(line).unwrap(), &table)).collect();
    assert_eq!(held, names);
}

#[test]
#[ignore = "needs a container engine, which `tests/sam_local.sh` starts"]
fn sam_local_invoke_does_the_same_in_a_container() {
    let table = table();
    let service = Service::pending(&files());
    let port = service.url().rsplit(':').next().unwrap();
    #[expect(clippy::disallowed_methods, reason = "the script's word to this test")]
    let gateway = std::env::var("SAM_LOCAL_GATEWAY").unwrap();
    for (name, event) in events() {
        let begun = std::time::Instant::now();
        let invoked = Command::new(tool("sam"))
            .current_dir(root())
            .args(["local", "invoke", "Processor", "--skip-pull-image", "--event"])
            .arg(format!("events/{name}.json"))
            .arg(format!("--add-host=host.docker.internal:{gateway}"))
            .env(
                "AWS_ENDPOINT_URL_CHIME_SDK_MESSAGING",
                format!("http://host.docker.internal:{port}"),
            )
            // Nothing here is AWS, and SAM shall not look for it long.
            .env("AWS_ACCESS_KEY_ID", "none")
            .env("AWS_SECRET_ACCESS_KEY", "none")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_EC2_METADATA_DISABLED", "true")
            .env("AWS_MAX_ATTEMPTS", "1")
            .env("SAM_CLI_TELEMETRY", "0")
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&invoked.stderr).into_owned()
            + &String::from_utf8_lossy(&invoked.stdout);
        assert!(invoked.status.success() && !said.contains("errorType"), "{name}: {said}");
        let line = service.line().unwrap_or_else(|| panic!("{name} was not answered: {said}"));
        assert_eq!(hold(&line, &table), name);
        // The processor's log was printed too.
        let event: Value = serde_json::from_slice(&event).unwrap();
        assert!(said.contains(event["ChannelMessage"]["MessageId"].as_str().unwrap()), "{said}");
        if let Some(content) = event["ChannelMessage"]["Content"].as_str() {
            assert!(!said.contains(content), "{name}: its text is in the log");
        }
        println!("{name}: {} in {:.1} s", table[&name].outcome, begun.elapsed().as_secs_f64());
    }
}
