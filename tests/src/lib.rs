//! What the acceptance tests stand on: the functions' binaries, AWS's own emulator, the Python and
//! JavaScript clients. `tests/tools.sh` installs them.
//!
//! Nothing here is a stand-in: a missing tool is a failed test that says how to get it.
#![expect(
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    reason = "a failed step is a failed test"
)]

mod emulator;
pub mod faults;
pub mod lambda;
pub mod load;
mod memory;
pub mod platform;
mod runtime;
mod service;

use std::path::{Path, PathBuf};
use std::process::Command;

pub use emulator::Emulator;
pub use memory::Memory;
pub use service::Service;

/// The workspace's folder.
pub fn root() -> PathBuf {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.parent().expect("the crate lies in the workspace").to_owned()
}

/// A function's binary as `sam build` made it, which is the one that is deployed; or the one in the
/// folder that `FUNCTIONS` names.
pub fn release(name: &str) -> PathBuf {
    #[expect(clippy::disallowed_methods, reason = "a test's setting, not the product's")]
    let folder = std::env::var_os("FUNCTIONS");
    if let Some(folder) = folder {
        let path = root().join(folder).join(name);
        assert!(path.exists(), "FUNCTIONS names a folder without {name}");
        return path;
    }
    let path = target().join("lambda").join(name).join("bootstrap");
    assert!(path.exists(), "{} is not built: run `tests/template.sh build`", path.display());
    path
}

/// A binary of the workspace, built as the tests are. Cargo builds only the tested package's own
/// binaries by itself, so it is asked for this one; that is quick when nothing changed.
pub fn built(name: &str) -> PathBuf {
    let status = Command::new(env!("CARGO"))
        .args(["build", "--quiet", "--locked", "--package", "cli", "--bin", name])
        .current_dir(root())
        .status()
        .expect("cargo runs");
    assert!(status.success(), "{name} does not build");
    target().join("debug").join(name)
}

/// A binary of the virtual environment that `tests/tools.sh` makes.
pub fn tool(name: &str) -> PathBuf {
    let path = root().join(".venv/bin").join(name);
    assert!(path.exists(), "{} is not installed: run `tests/tools.sh`", path.display());
    path
}

/// Node, with what `tests/js` needs: the one that `tests/tools.sh` installed where the machine has
/// none that is recent enough, or else the machine's own.
pub fn node() -> Command {
    let packages = root().join("tests/js/node_modules");
    assert!(
        packages.join("installed").exists(),
        "{} is not installed: run `tests/tools.sh`",
        packages.display()
    );
    let own = root().join(".venv/bin/node");
    Command::new(if own.exists() { own } else { "node".into() })
}

/// Every sample event, by its name without `.json`, in the order of the names.
pub fn events() -> Vec<(String, Vec<u8>)> {
    let folder = root().join("events");
    let mut events: Vec<_> = std::fs::read_dir(&folder)
        .expect("there are sample events")
        .map(|entry| entry.expect("the folder can be read").path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "json"))
        .map(|path| {
            let name = path.file_stem().expect("a file has a name").to_string_lossy().into_owned();
            (name, std::fs::read(&path).expect("the event can be read"))
        })
        .collect();
    events.sort();
    assert!(!events.is_empty(), "{} holds no event", folder.display());
    events
}

/// The build's folder, where `CARGO_TARGET_DIR` or the test's own place says it is.
fn target() -> PathBuf {
    let own = std::env::current_exe().expect("a test knows its place");
    own.ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").exists())
        .unwrap_or_else(|| panic!("{} lies in no build folder", own.display()))
        .to_owned()
}
