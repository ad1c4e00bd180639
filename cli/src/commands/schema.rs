//! `channel-flow schema`.

use std::io::Write;

use crate::exit::{Exit, Failure};

pub(crate) fn run(out: &mut impl Write) -> Result<Exit, Failure> {
    serde_json::to_writer_pretty(&mut *out, &rules::policy::json_schema())?;
    writeln!(out)?;
    Ok(Exit::Fine)
}
