//! AWS's runtime interface emulator, out of the AWS SAM CLI's package.

use std::net::TcpListener;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::{Duration, Instant};

use local_chime::Target;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};

use crate::root;

/// A Lambda binary under the emulator. It ends with this value.
pub struct Emulator {
    _child: Child,
    url: String,
    output: PathBuf,
}

impl Emulator {
    /// Starts `binary` with these environment variables; what it prints goes to a file of its own.
    pub async fn start(binary: &Path, environment: &[(&str, &str)]) -> Self {
        let (invoke, runtime) = (free_port(), free_port());
        // All of them are called `bootstrap`; the folder says whose it is.
        let folder = binary.parent().and_then(Path::file_name).expect("a binary has a folder");
        let name = folder.to_string_lossy().into_owned();
        let output =
            std::env::temp_dir().join(format!("{name}-{}-{invoke}.log", std::process::id()));
        let log = std::fs::File::create(&output).expect("the log can be written");
        let child = Command::new(emulator())
            .arg("--runtime-interface-emulator-address")
            .arg(format!("127.0.0.1:{invoke}"))
            .arg("--runtime-api-address")
            .arg(format!("127.0.0.1:{runtime}"))
            .arg(binary)
            .env_clear()
            .env("PATH", "/usr/bin:/bin")
            .env("AWS_ACCESS_KEY_ID", "local")
            .env("AWS_SECRET_ACCESS_KEY", "local")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_LAMBDA_FUNCTION_NAME", name)
            .env("AWS_LAMBDA_FUNCTION_TIMEOUT", "10")
            .envs(environment.iter().copied())
            .stdout(Stdio::from(log.try_clone().expect("a file has two ends")))
            .stderr(Stdio::from(log))
            .kill_on_drop(true)
            .spawn()
            .expect("the emulator starts");
        let begun = Instant::now();
        while TcpStream::connect(("127.0.0.1", invoke)).await.is_err() {
            assert!(begun.elapsed() < Duration::from_secs(20), "the emulator does not listen");
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        Self { _child: child, url: format!("http://127.0.0.1:{invoke}"), output }
    }

    /// It as a flow's processor. The emulator is one instance, so events wait for each other.
    pub fn target(&self) -> Target {
        let url = self.url.clone();
        Target::fleet(vec![Target::LambdaEndpoint { url, function: Some("function".to_owned()) }])
    }

    /// Everything that was printed so far, by the function and by the emulator.
    pub fn output(&self) -> String {
        String::from_utf8_lossy(&std::fs::read(&self.output).unwrap_or_default()).into_owned()
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        drop(std::fs::remove_file(&self.output));
    }
}

/// A port that was free a moment ago.
fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a port is free");
    listener.local_addr().expect("a listener has an address").port()
}

fn emulator() -> PathBuf {
    let python = root().join(".venv/lib");
    let found =
        std::fs::read_dir(&python).into_iter().flatten().flatten().map(|entry| {
            entry.path().join("site-packages/samcli/local/rapid/aws-lambda-rie-x86_64")
        });
    found.filter(|path| path.exists()).last().unwrap_or_else(|| {
        panic!("the emulator is not in {}: run `tests/tools.sh`", python.display())
    })
}
