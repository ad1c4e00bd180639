//! Compiles what the `profanity` detector knows: the lexicon (`lexicon/*.txt`) into an automaton,
//! and what characters look like into a table; and the world's country codes for `phone-number`.
#![expect(
    clippy::indexing_slicing,
    clippy::panic,
    clippy::string_slice,
    reason = "a lexicon with a mistake must not build"
)]

mod automaton;
mod codes;
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
    // Those of one word before those of several, so that a number says which it is.
    lexicon.entries.sort_by_key(lexicon::Entry::is_phrase);
    let spellings = lexicon.entries.iter().map(|entry| entry.spelling());
    let automaton = automaton::Automaton::of(spellings, &lexicon.everyday);
    #[expect(clippy::disallowed_methods, reason = "a build script has no settings of its own")]
    let out = env::var("OUT_DIR").map_err(io::Error::other)?;
    fs::write(Path::new(&out).join("lexicon.bin"), automaton.table())?;
    fs::write(Path::new(&out).join("lexicon.rs"), source(&lexicon, &automaton))?;
    fs::write(Path::new(&out).join("codes.rs"), codes::source())?;
    fs::write(Path::new(&out).join("glyphs.rs"), glyphs::source())
}

/// The entries and what each accepting state stands for, as Rust.
fn source(lexicon: &lexicon::Lexicon, automaton: &automaton::Automaton) -> String {
    let mut text = String::new();
    let mut text_blocks = Vec::new();
    let mut lengths = Vec::new();
    let mut uses = Vec::new();
    let mut use_of_entries = Vec::new();
    for (number, entry) in lexicon.entries.iter().enumerate() {
        if number.is_multiple_of(automaton::LARGE_BLOCK) {
            text_blocks.push(text.len());
        }
        text.push_str(&entry.text);
        lengths.push(entry.text.len());
        let of_entry = format!("(Mode::{},{})", entry.mode.name(), kind(lexicon, entry));
        let known = uses.iter().position(|known| *known == of_entry);
        use_of_entries.push(known.unwrap_or(uses.len()));
        if known.is_none() {
            uses.push(of_entry);
        }
    }
    let mut parts: Vec<_> = lexicon.parts.iter().collect();
    parts.sort();
    parts.dedup();
    // One text and numbers: an address for each would have to be moved at each start.
    let mut end = 0;
    let part_places: Vec<[usize; 2]> = parts
        .iter()
        .map(|part| {
            let start = end;
            end += part.len();
            [start, end]
        })
        .collect();
    let part_text: String = parts.iter().map(|part| part.as_str()).collect();
    let mut words: Vec<_> = lexicon.masked.iter().collect();
    words.sort_by_key(|word| word.chars().next());
    let mut masked = String::new();
    for word in words {
        let bad = || lexicon.entries.iter().filter(|entry| entry.kind.is_some());
        let holds = |entry: &&lexicon::Entry| entry.text.len() > 3 && word.contains(&entry.text);
        let own = bad().find(|entry| entry.text == *word).or_else(|| bad().find(holds));
        let entry = own.unwrap_or_else(|| panic!("`{word}` is masked, but no entry"));
        let _ = write!(masked, "({word:?},{}),", kind(lexicon, entry));
    }
    for name in &lexicon.names {
        let is_entry = lexicon.entries.iter().any(|entry| entry.text == *name);
        assert!(is_entry, "`{name}` is a name, but no entry");
    }
    let first_phrase = lexicon.entries.partition_point(|entry| !entry.is_phrase());
    let tables = automaton.tables(first_phrase);
    let [low_outputs, high_outputs] = &tables.outputs;
    let automaton::Automaton { bounds: [first_accepting, dense], fallbacks, .. } = automaton;
    let [block, large_block] = [automaton::BLOCK, automaton::LARGE_BLOCK];
    let (symbol_bits, count_bits, link) =
        (automaton::SYMBOL_BITS, automaton::COUNT_BITS, automaton::LINK);
    format!(
        "static TEXT: &str = {text:?};\n\
         static TEXT_BLOCKS: &[u32] = &[{}];\n\
         static LENGTHS: &[u8] = &{lengths:?};\n\
         static USES: &[(Mode, Option<Kind>)] = &[{}];\n\
         const FIRST_PHRASE: usize = {};\n\
         static USE_OF_ENTRIES: &[u8] = &{use_of_entries:?};\n\
         static MASKED: &[(&str, Option<Kind>)] = &[{masked}];\n\
         static PARTS: &str = {:?};\n\
         static PART_PLACES: &[[u16; 2]] = &{part_places:?};\n\
         static INTENTS: &[&str] = &{:?};\n\
         static CALLS: &[&str] = &{:?};\n\
         const DENSE: usize = {dense};\n\
         const FIRST_SPARSE: u32 = {dense};\n\
         const FIRST_ACCEPTING: u32 = {first_accepting};\n\
         const BLOCK: usize = {block};\n\
         const LARGE_BLOCK: usize = {large_block};\n\
         const SYMBOL_BITS: u32 = {symbol_bits};\n\
         const COUNT_BITS: u32 = {count_bits};\n\
         const LINK: u8 = {link};\n\
         static FALLBACKS: &[u16] = &{fallbacks:?};\n\
         static HEADS: &[u8] = &{:?};\n\
         static OUTPUT_BLOCKS: &[u16] = &{:?};\n\
         static LOW_OUTPUTS: &[u8] = &{:?};\n\
         static HIGH_OUTPUTS: &[u8] = &{:?};\n\
         static COUNTS: &[u8] = &{:?};\n\
         static CHILD_BLOCKS: &[u32] = &[{}];\n\
         static EXCEPTION_BLOCKS: &[u16] = &{:?};\n\
         static SYMBOLS: &[u8] = &{:?};\n\
         static TARGETS: &[u16] = &{:?};\n",
        grouped(&text_blocks),
        uses.join(","),
        grouped(&[first_phrase]).trim_end_matches(','),
        part_text,
        lexicon.intents,
        lexicon.calls,
        tables.heads,
        tables.output_blocks,
        low_outputs,
        high_outputs,
        tables.counts,
        grouped(&tables.child_blocks),
        tables.exception_blocks,
        tables.symbols,
        tables.targets,
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

fn kind(lexicon: &lexicon::Lexicon, entry: &lexicon::Entry) -> String {
    match &entry.kind {
        None => "None".to_owned(),
        Some((category, severity)) => {
            let is_double = *severity == "Double";
            let severity = if is_double { "Mild" } else { severity };
            let is_name = lexicon.names.contains(&entry.text);
            // Asked of English words and of moderate slurs alone; each further kind takes a place in a table.
            let counts = entry.language == "En" || (*category, severity) == ("Slur", "Moderate");
            let is_known = counts && lexicon.masked.iter().any(|word| entry.text.contains(word));
            format!(
                "Some(Kind{{category:Category::{category},severity:Severity::{severity},language:Language::{},is_double:{is_double},is_name:{is_name},is_known:{is_known}}})",
                entry.language
            )
        }
    }
}
