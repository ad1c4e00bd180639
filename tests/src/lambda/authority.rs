//! A certificate authority of the run's own, made by `openssl`, and what it takes to be trusted.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use rustls::ServerConfig;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};

/// Where systems keep the roots that everyone trusts.
const SYSTEM_ROOTS: &[&str] = &[
    "/etc/ssl/certs/ca-certificates.crt",
    "/etc/pki/tls/certs/ca-bundle.crt",
    "/etc/ssl/cert.pem",
];

/// What `localhost`'s certificate says beside its name.
const LEAF: &str = "subjectAltName=DNS:localhost,IP:127.0.0.1\nbasicConstraints=CA:FALSE\n";

/// An authority and the certificate of `localhost` that it signed, in a folder that ends with it.
#[derive(Debug)]
pub struct Authority {
    folder: PathBuf,
    /// The configuration of a server for `localhost`.
    pub(super) server: Arc<ServerConfig>,
}

impl Authority {
    /// Makes an authority. Keys are RSA with 2,048 bits, as those of AWS's endpoints are.
    pub fn make() -> Self {
        static MADE: AtomicU32 = AtomicU32::new(0);
        let number = MADE.fetch_add(1, Ordering::Relaxed);
        let folder =
            std::env::temp_dir().join(format!("authority-{}-{number}", std::process::id()));
        std::fs::create_dir_all(&folder).expect("the authority has a folder");
        std::fs::write(folder.join("leaf.cnf"), LEAF).expect("the folder can be written");
        openssl(
            &folder,
            "req -x509 -newkey rsa:2048 -noenc -keyout ca.key -out ca.pem -days 2 -subj /CN=local",
        );
        openssl(
            &folder,
            "req -newkey rsa:2048 -noenc -keyout leaf.key -out leaf.csr -subj /CN=localhost",
        );
        openssl(
            &folder,
            "x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile leaf.cnf -out leaf.pem",
        );
        let certificate =
            CertificateDer::from_pem_file(folder.join("leaf.pem")).expect("openssl writes PEM");
        let key =
            PrivateKeyDer::from_pem_file(folder.join("leaf.key")).expect("openssl writes PEM");
        let ring = Arc::new(rustls::crypto::ring::default_provider());
        let server = ServerConfig::builder_with_provider(ring)
            .with_safe_default_protocol_versions()
            .expect("ring has the default versions")
            .with_no_client_auth()
            .with_single_cert(vec![certificate], key)
            .expect("the key is the certificate's");
        Self { folder, server: Arc::new(server) }
    }

    /// The authority's own certificate.
    pub fn certificate(&self) -> PathBuf {
        self.folder.join("ca.pem")
    }

    /// The system's roots with the authority among them, so that a client has as much to read as
    /// it has on Lambda.
    pub fn with_the_systems(&self) -> PathBuf {
        let system = SYSTEM_ROOTS.iter().map(Path::new).find(|path| path.exists());
        self.added_to(system.expect("the system has roots: install `ca-certificates`"))
    }

    /// A bundle of roots with the authority among them.
    pub fn added_to(&self, bundle: &Path) -> PathBuf {
        let mut roots = std::fs::read(bundle).expect("the bundle can be read");
        roots.extend(std::fs::read(self.certificate()).expect("the authority has a certificate"));
        let name = bundle.file_name().expect("a bundle has a name");
        let path = self.folder.join(name);
        std::fs::write(&path, roots).expect("the folder can be written");
        path
    }
}

impl Drop for Authority {
    fn drop(&mut self) {
        drop(std::fs::remove_dir_all(&self.folder));
    }
}

fn openssl(folder: &Path, arguments: &str) {
    let output = Command::new("openssl")
        .args(arguments.split(' '))
        .current_dir(folder)
        .output()
        .expect("`openssl` is installed");
    assert!(
        output.status.success(),
        "openssl {arguments}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
}
