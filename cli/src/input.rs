//! Files that hold one message or event.

use std::fs;
use std::io::{self, Read};
use std::path::Path;

/// The largest that is read: an event has some kilobytes, and Lambda takes 1 MB.
const MOST_BYTES: u64 = 4 << 20;

/// What stands in a file; `-` is standard input.
pub(crate) fn read(path: &Path) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    let limit = MOST_BYTES + 1;
    if path == Path::new("-") {
        io::stdin().lock().take(limit).read_to_end(&mut bytes)?;
    } else {
        fs::File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    }
    if u64::try_from(bytes.len()).is_ok_and(|length| length < limit) {
        Ok(bytes)
    } else {
        let why = format!("it is larger than {} MiB", MOST_BYTES >> 20);
        Err(io::Error::new(io::ErrorKind::FileTooLarge, why))
    }
}
