//! Compiles what the `profanity` detector knows: the lexicon (`lexicon/*.txt`) into an automaton,
//! and what characters look like into a table.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a lexicon with a mistake must not build"
)]

mod automaton;
mod glyphs;
mod lexicon;
mod lookalikes;

use std::fmt::Write as _;
use std::path::Path;
use std::{env, fs, io};

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed=lexicon");
    println!("cargo::rerun-if-changed=build");
    let mut files: Vec<_> = fs::read_dir("lexicon")?
        .map(|entry| entry.map(|entry| entry.path()))
        .collect::<io::Result<Vec<_>>>()?;
    files.retain(|path| path.extension().is_some_and(|extension| extension == "txt"));
    files.sort();
    let mut lexicon = lexicon::Lexicon::default();
    for path in &files {
        let language = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
        lexicon.read(language, &fs::read_to_string(path)?);
    }
    let automaton = automaton::Automaton::of(lexicon.entries.iter().map(|entry| entry.spelling()));
    #[expect(clippy::disallowed_methods, reason = "a build script has no settings of its own")]
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("lexicon.bin"), automaton.table())?;
    fs::write(Path::new(&out).join("lexicon.rs"), source(&lexicon, &automaton))?;
    fs::write(Path::new(&out).join("glyphs.rs"), glyphs::source())
}

/// The entries and what each accepting state stands for, as Rust.
fn source(lexicon: &lexicon::Lexicon, automaton: &automaton::Automaton) -> String {
    let mut text = String::new();
    let mut entries = String::new();
    for entry in &lexicon.entries {
        let _ = write!(
            entries,
            "Entry{{at:{},length:{},mode:Mode::{},kind:{}}},",
            text.len(),
            entry.text.len(),
            entry.mode.name(),
            kind(entry)
        );
        text.push_str(&entry.text);
    }
    let mut parts: Vec<_> = lexicon.parts.iter().collect();
    parts.sort();
    parts.dedup();
    let mut words: Vec<_> = lexicon.masked.iter().collect();
    words.sort_by_key(|word| word.chars().next());
    let mut masked = String::new();
    for word in words {
        let entry = lexicon.entries.iter().find(|entry| {
            let holds = entry.text.len() > 3 && word.contains(&entry.text);
            entry.kind.is_some() && (entry.text == *word || holds)
        });
        let entry = entry.unwrap_or_else(|| panic!("`{word}` is masked, but no entry"));
        let _ = write!(masked, "({word:?},{}),", kind(entry));
    }
    let (starts, outputs) = automaton.outputs();
    let automaton::SparseTables { blocks, own, heads, symbols, targets } = automaton.sparse();
    let automaton::Automaton { bounds: [first_accepting, first_sparse, behind_accepting], .. } =
        automaton;
    let (block, fallback_bits, symbol_bits) =
        (automaton::BLOCK, automaton::FALLBACK_BITS, automaton::SYMBOL_BITS);
    format!(
        "static TEXT: &str = {text:?};\n\
         #[expect(clippy::unreadable_literal, reason = \"nobody reads it\")]\n\
         static ENTRIES: &[Entry] = &[{entries}];\n\
         static MASKED: &[(&str, Option<Kind>)] = &[{masked}];\n\
         static PARTS: &[&str] = &{parts:?};\n\
         static INTENTS: &[&str] = &{:?};\n\
         const DENSE: usize = {first_sparse};\n\
         const FIRST_SPARSE: u32 = {first_sparse};\n\
         const FIRST_ACCEPTING: u32 = {first_accepting};\n\
         const BEHIND_ACCEPTING: u32 = {behind_accepting};\n\
         const FALLBACK_BITS: u32 = {fallback_bits};\n\
         const SYMBOL_BITS: u32 = {symbol_bits};\n\
         const BLOCK: usize = {block};\n\
         static BLOCKS: &[u32] = &[{}];\n\
         static OWN: &[u8] = &{own:?};\n\
         static HEADS: &[u16] = &{heads:?};\n\
         static SYMBOLS: &[u8] = &{symbols:?};\n\
         static TARGETS: &[u16] = &{targets:?};\n\
         static STARTS: &[u16] = &{starts:?};\n\
         static OUTPUTS: &[u16] = &{outputs:?};\n",
        lexicon.intents,
        grouped(&blocks)
    )
}

/// Numbers with their thousands apart, as lints want long ones to be.
fn grouped(numbers: &[usize]) -> String {
    let mut text = String::new();
    for number in numbers {
        let _ = match (number / 1000, number % 1000) {
            (0, ones) => write!(text, "{ones},"),
            (thousands, ones) => write!(text, "{thousands}_{ones:03},"),
        };
    }
    text
}

fn kind(entry: &lexicon::Entry) -> String {
    match &entry.kind {
        None => "None".to_owned(),
        Some((category, severity)) => format!(
            "Some(Kind{{category:Category::{category},severity:Severity::{severity},language:Language::{}}})",
            entry.language
        ),
    }
}
