//! The Lambda beside the same job in bare Rust, Node and Python: what `bench-lambda` of the
//! acceptance crate measured, as tables.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

use crate::{cost, sections};

/// What one peer took. Times are in milliseconds, sorted.
pub(crate) struct Row {
    pub(crate) peer: String,
    first_poll: Vec<f64>,
    first_callback: Vec<f64>,
    /// The processor's time until the first answer was given.
    first_processor: Vec<f64>,
    warm_callback: Vec<f64>,
    /// The time that an event is paid for.
    pub(crate) warm_paid: Vec<f64>,
    /// The processor's time for an event.
    pub(crate) warm_processor: Vec<f64>,
    /// Bytes.
    memory: f64,
    /// Bytes.
    package: f64,
}

/// Builds what is compared, measures it, and prints the tables or writes them down.
pub(crate) fn run(root: &Path, rounds: u32, write: bool) -> Result<(), String> {
    let install = root.join("tests/peers/install.sh");
    done(Command::new("bash").arg(install), "the peers' dependencies")?;
    let cargo = |arguments: &[&str]| {
        let mut cargo = Command::new("cargo");
        cargo.args(arguments).current_dir(root);
        cargo
    };
    let release = ["--release", "--locked", "--quiet", "--package"];
    // Cargo strips no package that has an entry of its own in the profile; cargo-lambda does.
    let strip = ["--bin", "processor", "--", "-C", "strip=symbols"];
    done(cargo(&["rustc"]).args(release).arg("processor").args(strip), "processor")?;
    for package in ["bare-processor", "acceptance"] {
        done(cargo(&["build"]).args(release).arg(package), package)?;
    }
    let binaries = target(&cargo)?.join("release");
    let output = Command::new(binaries.join("bench-lambda"))
        .arg(&binaries)
        .arg(rounds.to_string())
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| format!("bench-lambda cannot be run: {error}"))?;
    if !output.status.success() {
        return Err(format!("bench-lambda ended with {}", output.status));
    }
    let measured: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("bench-lambda printed no JSON: {error}"))?;
    let rows = rows(&measured).ok_or("bench-lambda printed other JSON than this reads")?;
    let warm = measured.get("warm").and_then(Value::as_u64).unwrap_or_default();
    let lambda = page(&rows, rounds, warm);
    let cost = cost::page(&rows);
    if !write {
        println!("{lambda}\n{cost}");
        return Ok(());
    }
    let document = root.join("docs/performance.md");
    sections::write(&document, "lambda", &lambda)?;
    sections::write(&document, "cost", &cost)
}

fn done(command: &mut Command, what: &str) -> Result<(), String> {
    match command.status() {
        Ok(status) if status.success() => Ok(()),
        Ok(status) => Err(format!("{what}: ended with {status}")),
        Err(error) => Err(format!("{what}: {error}")),
    }
}

/// The folder that cargo builds into.
fn target(cargo: &impl Fn(&[&str]) -> Command) -> Result<std::path::PathBuf, String> {
    let output = cargo(&["metadata", "--no-deps", "--format-version", "1", "--offline"])
        .output()
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let metadata: Value = serde_json::from_slice(&output.stdout)
        .map_err(|error| format!("cargo metadata: {error}"))?;
    let folder = metadata.get("target_directory").and_then(Value::as_str);
    folder.map(Into::into).ok_or_else(|| "cargo metadata names no target folder".to_owned())
}

fn rows(measured: &Value) -> Option<Vec<Row>> {
    let read = |row: &Value| {
        let times = |name: &str| {
            let times = row.get(name)?.as_array()?.iter();
            let mut times = times.map(Value::as_f64).collect::<Option<Vec<f64>>>()?;
            times.sort_by(f64::total_cmp);
            Some(times)
        };
        Some(Row {
            peer: row.get("peer")?.as_str()?.to_owned(),
            first_poll: times("first_poll")?,
            first_callback: times("first_callback")?,
            first_processor: times("first_processor")?,
            warm_callback: times("warm_callback")?,
            warm_paid: times("warm_paid")?,
            warm_processor: times("warm_processor")?,
            memory: row.get("memory")?.as_f64()?,
            package: row.get("package")?.as_f64()?,
        })
    };
    measured.get("rows")?.as_array()?.iter().map(read).collect()
}

/// The value that this part of all sorted values does not exceed.
pub(crate) fn quantile(sorted: &[f64], hundredths: usize) -> f64 {
    let last = sorted.len().saturating_sub(1);
    sorted.get((last * hundredths).div_ceil(100)).copied().unwrap_or_default()
}

/// The middle value.
pub(crate) fn median(sorted: &[f64]) -> f64 {
    quantile(sorted, 50)
}

/// The processor's name, where the system tells it.
fn machine() -> String {
    let cpus = fs::read_to_string("/proc/cpuinfo").unwrap_or_default();
    let name = cpus.lines().find_map(|line| line.strip_prefix("model name")?.split(": ").nth(1));
    name.unwrap_or("a machine that does not say which").to_owned()
}

fn page(rows: &[Row], rounds: u32, warm: u64) -> String {
    let mut page = format!(
        "{}; each function on a core of its own, {rounds} rounds, in each of them every function \
         started once and given {warm} more events. Medians. Callbacks go over TLS 1.3 to a local \
         endpoint; the roots of the system are read, with a local authority among them.\n\n",
        machine()
    );
    page.push_str(
        "| ms | start to first poll | start to first callback | event to callback, p50 | p99 | \
         processor time until the first answer | processor time for an event |\n\
         | --- | --- | --- | --- | --- | --- | --- |\n",
    );
    for row in rows {
        let _ = writeln!(
            page,
            "| {} | {:.1} | {:.1} | {:.2} | {:.2} | {:.1} | {:.2} |",
            row.peer,
            median(&row.first_poll),
            median(&row.first_callback),
            median(&row.warm_callback),
            quantile(&row.warm_callback, 99),
            median(&row.first_processor),
            median(&row.warm_processor),
        );
    }
    page.push_str("\n| | peak memory, MB | package, MB zipped |\n| --- | --- | --- |\n");
    for row in rows {
        let _ =
            writeln!(page, "| {} | {:.1} | {:.2} |", row.peer, row.memory / 1e6, row.package / 1e6);
    }
    if let Some((own, others)) = rows.split_first() {
        page.push_str(
            "\nHow many times as much as channel-flow:\n\n\
             | | first callback | the same in processor time | event to callback | memory | package |\n\
             | --- | --- | --- | --- | --- | --- |\n",
        );
        for row in others {
            let times = |of: fn(&Row) -> f64| of(row) / of(own);
            let _ = writeln!(
                page,
                "| {} | {:.2} | {:.2} | {:.2} | {:.2} | {:.2} |",
                row.peer,
                times(|row| median(&row.first_callback)),
                times(|row| median(&row.first_processor)),
                times(|row| median(&row.warm_callback)),
                times(|row| row.memory),
                times(|row| row.package),
            );
        }
    }
    page.push_str(
        "\nchannel-flow judges by the whole default policy, and has shaken hands with the service \
         before it asks for its first event; the others mask a card number, deny one word, and \
         shake hands at their first callback, so compare *start to first callback*. Node's package \
         is the bundle, Python's the handler with boto3 as it is pinned; both leave their runtime \
         to Lambda. Bare Rust has the TLS back end of channel-flow: with the SDK's default one its \
         first callback comes some 40 ms later.\n",
    );
    page
}

#[cfg(test)]
mod tests {
    use super::{median, quantile};

    #[test]
    fn quantiles_are_values_that_were_there() {
        let values = [1.0, 2.0, 3.0, 10.0, 20.0];
        assert!((median(&values) - 3.0).abs() < 1e-9);
        assert!((quantile(&values, 99) - 20.0).abs() < 1e-9);
        assert!(median(&[]).abs() < 1e-9);
    }
}
