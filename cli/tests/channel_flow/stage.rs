//! A folder to run the program in.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use serde_json::Value;

/// A folder of a test's own.
pub(crate) struct Stage {
    folder: PathBuf,
}

/// How the program ended.
#[derive(Debug)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Stage {
    /// An empty folder; `name` is unique among the tests.
    pub(crate) fn new(name: &str) -> Self {
        let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("channel-flow").join(name);
        if folder.exists() {
            fs::remove_dir_all(&folder).unwrap();
        }
        fs::create_dir_all(&folder).unwrap();
        Self { folder }
    }

    /// A folder with this `policy.toml`.
    pub(crate) fn with_policy(name: &str, policy: &str) -> Self {
        let stage = Self::new(name);
        stage.file("policy.toml", policy);
        stage
    }

    /// Writes a file.
    pub(crate) fn file(&self, name: &str, text: &str) {
        let path = self.folder.join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }

    /// The program, ready to start: in the folder, without settings from outside.
    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_channel-flow"));
        command.args(arguments).current_dir(&self.folder);
        for setting in ["POLICY_FILE", "HASH_KEY", "NO_COLOR", "CLICOLOR_FORCE", "CLICOLOR"] {
            command.env_remove(setting);
        }
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
        command
    }

    /// Runs the program without input.
    pub(crate) fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, b"")
    }

    /// Runs the program with this on its standard input.
    pub(crate) fn run_with(&self, arguments: &[&str], input: &[u8]) -> Ran {
        feed(self.command(arguments), input)
    }
}

/// Starts a program, gives it its input and waits for its end.
pub(crate) fn feed(mut command: Command, input: &[u8]) -> Ran {
    let mut child = command.spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    let writer = std::thread::spawn(move || {
        // A program that reads no input closes it.
        drop(stdin.write_all(&input));
    });
    let ran = end(child);
    writer.join().unwrap();
    ran
}

/// Waits for a program's end.
pub(crate) fn end(child: Child) -> Ran {
    let output = child.wait_with_output().unwrap();
    Ran {
        code: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

impl Ran {
    /// The standard output of a run that ended with `code`.
    #[track_caller]
    pub(crate) fn out(&self, code: i32) -> &str {
        assert_eq!(self.code, code, "{self:?}");
        &self.stdout
    }

    /// The same as JSON.
    #[track_caller]
    pub(crate) fn json(&self, code: i32) -> Value {
        serde_json::from_str(self.out(code)).unwrap()
    }

    /// The same as JSON, line by line.
    #[track_caller]
    pub(crate) fn lines(&self, code: i32) -> Vec<Value> {
        self.out(code).lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }
}
