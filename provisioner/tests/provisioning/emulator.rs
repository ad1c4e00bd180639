//! A built binary under AWS's runtime interface emulator.
//!
//! The emulator is a file of the Python package `aws-sam-cli`. It is found through the environment
//! variable `AWS_LAMBDA_RIE`, or in `.venv` at the root of the workspace. Without it these tests
//! fail, unless `WITHOUT_LAMBDA_EMULATOR=1` says that the machine has none.

use std::{
    collections::BTreeMap,
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
    process::{Child, Command, Stdio},
    time::Duration,
};

use serde_json::Value;

/// The function's time limit.
pub(crate) const TIMEOUT_SECONDS: u64 = 30;

/// For how long it believes that a refusal will pass.
pub(crate) const SETTLE_SECONDS: u64 = 2;

const IN_VENV: &str = "site-packages/samcli/local/rapid/aws-lambda-rie-x86_64";

pub(crate) struct Emulator {
    process: Child,
    address: String,
    log: PathBuf,
}

impl Emulator {
    /// Starts the binary with the service at `address`.
    pub(crate) async fn start(
        binary: &str,
        address: &str,
        variables: &BTreeMap<&str, String>,
    ) -> Option<Self> {
        let emulator = emulator()?;
        let [port, runtime_port] = free_ports();
        let log = Path::new(env!("CARGO_TARGET_TMPDIR")).join(format!("{binary}-{port}.log"));
        let file = fs::File::create(&log).unwrap();
        let binary = match binary {
            "provisioner" => env!("CARGO_BIN_EXE_provisioner"),
            "channel-associator" => env!("CARGO_BIN_EXE_channel-associator"),
            other => panic!("there is no binary {other}"),
        };
        let process = Command::new(emulator)
            .args(["--runtime-interface-emulator-address", &format!("127.0.0.1:{port}")])
            .args(["--runtime-api-address", &format!("127.0.0.1:{runtime_port}")])
            .arg(binary)
            .env("AWS_LAMBDA_FUNCTION_TIMEOUT", TIMEOUT_SECONDS.to_string())
            .env("AWS_REGION", "us-east-1")
            .env("AWS_ACCESS_KEY_ID", "id")
            .env("AWS_SECRET_ACCESS_KEY", "secret")
            .env("AWS_ENDPOINT_URL_CHIME_SDK_IDENTITY", address)
            .env("AWS_ENDPOINT_URL_CHIME_SDK_MESSAGING", address)
            .env("SETTLE_SECONDS", SETTLE_SECONDS.to_string())
            // Everything, to see that nothing secret is in it.
            .env("RUST_LOG", "trace")
            .envs(variables)
            .stdout(Stdio::from(file.try_clone().unwrap()))
            .stderr(Stdio::from(file))
            .spawn()
            .unwrap();
        let emulator = Self { process, address: format!("127.0.0.1:{port}"), log };
        emulator.wait_until_it_listens().await;
        Some(emulator)
    }

    /// Runs the function once; gives what it returned.
    pub(crate) async fn invoke(&mut self, event: &Value) -> Value {
        let url = format!("http://{}/2015-03-31/functions/function/invocations", self.address);
        let response = reqwest::Client::new().post(url).body(event.to_string()).send().await;
        let text = response.unwrap().text().await.unwrap();
        serde_json::from_str(&text).unwrap_or(Value::String(text))
    }

    /// What the function and the emulator have written.
    pub(crate) fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap()
    }

    async fn wait_until_it_listens(&self) {
        for _ in 0..200 {
            if tokio::net::TcpStream::connect(&self.address).await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("the emulator does not listen: {}", self.log());
    }
}

impl Drop for Emulator {
    fn drop(&mut self) {
        // SIGTERM, for it ends the function with itself then.
        let id = self.process.id().to_string();
        let ended = Command::new("kill").arg(id).status().is_ok_and(|status| status.success());
        if !ended {
            let _ = self.process.kill();
        }
        let _ = self.process.wait();
        if !std::thread::panicking() {
            let _ = fs::remove_file(&self.log);
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "a test's settings come from the environment")]
fn emulator() -> Option<PathBuf> {
    if let Some(path) = env::var_os("AWS_LAMBDA_RIE") {
        return Some(path.into());
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../.venv/lib");
    let pythons = fs::read_dir(root).into_iter().flatten().flatten();
    let found = pythons.map(|python| python.path().join(IN_VENV)).find(|path| path.exists());
    assert!(
        found.is_some() || env::var_os("WITHOUT_LAMBDA_EMULATOR").is_some(),
        "there is no Lambda emulator: `python3 -m venv .venv && .venv/bin/pip install aws-sam-cli`, \
         or set AWS_LAMBDA_RIE to it, or WITHOUT_LAMBDA_EMULATOR=1 to go without these tests"
    );
    found
}

fn free_ports() -> [u16; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap().port())
}
