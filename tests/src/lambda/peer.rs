//! The processors that are compared, and how each of them is started.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use super::authority::Authority;
use super::stage::Stage;
use crate::root;

/// Who is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Peer {
    /// This project's processor with the default policy.
    ChannelFlow,
    /// The SDK for Rust and no rules.
    BareRust,
    /// The SDK for JavaScript, bundled, on AWS's runtime client.
    Node,
    /// boto3 on AWS's runtime client.
    Python,
}

impl Peer {
    /// Everyone, the fastest first.
    pub const ALL: [Self; 4] = [Self::ChannelFlow, Self::BareRust, Self::Node, Self::Python];

    /// Its name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::ChannelFlow => "channel-flow, default policy",
            Self::BareRust => "bare Rust",
            Self::Node => "Node 20, SDK v3, bundled",
            Self::Python => "Python 3, boto3",
        }
    }

    /// What starts it on a stage. `binary` is what runs of the two in Rust.
    pub fn command(
        self,
        stage: &Stage,
        authority: &Authority,
        binary: impl AsRef<Path>,
    ) -> Command {
        let peers = root().join("tests/peers");
        let mut command = match self {
            Self::ChannelFlow | Self::BareRust => Command::new(binary.as_ref()),
            Self::Node => {
                let mut command = Command::new("node");
                command.arg(peers.join("node/node_modules/.bin/aws-lambda-ric"));
                command.arg("index.handler").current_dir(peers.join("node/dist"));
                command
            }
            Self::Python => {
                let mut command = Command::new(peers.join("python/.venv/bin/python"));
                command.args(["-m", "awslambdaric", "app.handler"]);
                command.current_dir(peers.join("python"));
                command
            }
        };
        #[expect(clippy::disallowed_methods, reason = "where tools are is no setting of ours")]
        let path = std::env::var_os("PATH").unwrap_or_default();
        command
            .env_clear()
            .env("PATH", path)
            .env("LANG", "en_US.UTF-8")
            .env("TZ", ":UTC")
            .env("AWS_ACCESS_KEY_ID", "local")
            .env("AWS_SECRET_ACCESS_KEY", "local")
            .env("AWS_SESSION_TOKEN", "local")
            .env("AWS_REGION", "us-east-1")
            .env("AWS_DEFAULT_REGION", "us-east-1")
            .env("AWS_LAMBDA_FUNCTION_NAME", "processor")
            .env("AWS_LAMBDA_FUNCTION_VERSION", "1")
            .env("AWS_LAMBDA_FUNCTION_MEMORY_SIZE", "128")
            .env("AWS_LAMBDA_INITIALIZATION_TYPE", "on-demand")
            .env("AWS_LAMBDA_LOG_GROUP_NAME", "/aws/lambda/processor")
            .env("AWS_LAMBDA_LOG_STREAM_NAME", "stream")
            .env("AWS_LAMBDA_RUNTIME_API", stage.runtime_api.to_string())
            .env("AWS_ENDPOINT_URL_CHIME_SDK_MESSAGING", &stage.endpoint)
            .stdin(Stdio::null());
        match self {
            Self::ChannelFlow | Self::BareRust => {
                command.env("SSL_CERT_FILE", authority.with_the_systems());
            }
            Self::Node => {
                command.env("NODE_EXTRA_CA_CERTS", authority.certificate());
                command.env("LAMBDA_TASK_ROOT", peers.join("node/dist"));
                command.env("_HANDLER", "index.handler");
            }
            Self::Python => {
                let bundle = python_packages().join("botocore/cacert.pem");
                command.env("AWS_CA_BUNDLE", authority.added_to(&bundle));
                command.env("LAMBDA_TASK_ROOT", peers.join("python"));
                command.env("_HANDLER", "app.handler");
            }
        }
        command
    }

    /// The binary in a folder of release binaries, of the two in Rust.
    pub fn binary(self, binaries: &Path) -> PathBuf {
        binaries.join(if self == Self::BareRust { "bare-processor" } else { "processor" })
    }

    /// What its package holds: of the two in Rust the binary, of Node the bundle, of Python the
    /// handler and boto3 at its pinned version. The runtime clients are Lambda's own.
    pub fn package(self, binaries: &Path) -> Vec<PathBuf> {
        let peers = root().join("tests/peers");
        match self {
            Self::ChannelFlow | Self::BareRust => vec![self.binary(binaries)],
            Self::Node => vec![peers.join("node/dist/index.js")],
            Self::Python => {
                let packages = python_packages();
                let needed = [
                    "boto3",
                    "botocore",
                    "dateutil",
                    "jmespath",
                    "s3transfer",
                    "six.py",
                    "urllib3",
                ];
                let mut parts = vec![peers.join("python/app.py")];
                parts.extend(needed.iter().map(|name| packages.join(name)));
                parts
            }
        }
    }
}

/// Where the Python peer's dependencies are installed.
fn python_packages() -> PathBuf {
    let library = root().join("tests/peers/python/.venv/lib");
    let found = std::fs::read_dir(&library).into_iter().flatten().flatten();
    let found = found.map(|entry| entry.path().join("site-packages")).find(|path| path.exists());
    found.unwrap_or_else(|| {
        panic!("{} is not there: run `tests/peers/install.sh`", library.display())
    })
}
