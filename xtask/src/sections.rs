//! Documents of which several commands write a section each.
//!
//! A section stands between `<!-- NAME: written by … -->` and `<!-- end of NAME -->`; what is around
//! it is written by hand and stays.

use std::fs;
use std::path::Path;

/// Puts `text` into the section `name` of the document at `path`.
///
/// # Errors
/// What keeps the document from being read or written, and a section that is not there.
pub(crate) fn write(path: &Path, name: &str, text: &str) -> Result<(), String> {
    let at = |error| format!("{}: {error}", path.display());
    let document = fs::read_to_string(path).map_err(at)?;
    let document = replaced(&document, name, text)
        .ok_or_else(|| format!("{}: there is no section `{name}`", path.display()))?;
    fs::write(path, document).map_err(at)
}

/// The document with the section's text replaced; `None` where there is no such section.
fn replaced(document: &str, name: &str, text: &str) -> Option<String> {
    let (before, rest) = document.split_once(&format!("<!-- {name}: "))?;
    let (opening, rest) = rest.split_once("-->\n")?;
    let end = format!("<!-- end of {name} -->");
    let (_, after) = rest.split_once(&end)?;
    let text = text.trim();
    Some(format!("{before}<!-- {name}: {opening}-->\n\n{text}\n\n{end}{after}"))
}

#[cfg(test)]
mod tests {
    use super::replaced;

    const DOCUMENT: &str = "# A\n\n<!-- one: written by x -->\nold\n<!-- end of one -->\n\nhand\n\
                            <!-- two: written by y -->\n<!-- end of two -->\n";

    #[test]
    fn a_section_that_is_not_there_or_has_no_end_is_not_made() {
        assert_eq!(replaced(DOCUMENT, "three", "new"), None);
        assert_eq!(replaced("<!-- one: written by x -->\nold\n", "one", "new"), None);
    }

    #[test]
    fn only_the_section_changes() {
        let once = replaced(DOCUMENT, "one", "new\n").unwrap();
        assert_eq!(once, DOCUMENT.replace("old", "\nnew\n"));
        assert_eq!(replaced(&once, "one", "new"), Some(once.clone()));
    }
}
