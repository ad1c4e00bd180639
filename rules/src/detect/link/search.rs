//! The search for links in running text: by their schemes, and by the dots in their hosts.

use std::ops::Range;

use super::super::listed::Listed;
use super::super::{Landmarks, Memory, Scan, word};
use super::host::{self, Judged, Top};

/// A link and what it leads to.
pub(in crate::detect) struct Candidate {
    /// All of it, from the scheme to the end of the path.
    pub(in crate::detect) range: Range<usize>,
    /// The host in its one spelling; as it is written where the form is [`Form::Unlisted`], because
    /// hardly anybody asks for it then, and other scripts take long to spell.
    pub(in crate::detect) host: String,
    pub(in crate::detect) form: Form,
    /// What its last label may be, where the form is [`Form::Unlisted`].
    pub(in crate::detect) top: Option<Top>,
}

/// How a link is written: what tells it from running text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::detect) enum Form {
    /// With a scheme.
    Scheme,
    /// Without one, but with `www.`, a port or a path.
    Path,
    /// A host alone.
    Bare,
    /// A host that may also be two words or a file's name.
    WordLike,
    /// Words with dots between them that end in no public suffix: a host only to who knows it.
    Unlisted,
}

/// Every link in the text, in order. Each byte is looked at a bounded number of times: what was
/// read as one candidate is not read again for the next.
pub(in crate::detect) struct Links<'a> {
    text: &'a str,
    memory: Option<&'a Memory>,
    /// Whether the first byte of a disguised dot may be anywhere.
    disguised: bool,
    /// Where the next candidate may begin.
    floor: usize,
    /// From where the next anchor is looked for.
    at: usize,
}

impl<'a> Links<'a> {
    /// Those of a text that is scanned.
    pub(in crate::detect) fn of(scan: &Scan<'a>) -> Self {
        let marks = scan.landmarks();
        let disguised = Landmarks::BRACKET | Landmarks::PERCENT | Landmarks::NON_ASCII;
        let anchors = Landmarks::DOT | Landmarks::COLON | Landmarks::BRACKET | Landmarks::PERCENT;
        let links = Self {
            disguised: marks.has(disguised),
            memory: scan.memory(),
            ..Self::in_text(scan.text())
        };
        if marks.has(anchors) { links } else { Self { at: links.text.len(), ..links } }
    }

    /// Those of any text.
    pub(in crate::detect) fn in_text(text: &'a str) -> Self {
        Self { text, memory: None, disguised: true, floor: 0, at: 0 }
    }

    /// Adds port and path to a link, and goes on behind them.
    pub(in crate::detect) fn extend(&mut self, link: &mut Range<usize>) {
        link.end = self.tail(link.end);
        self.floor = link.end;
        self.at = link.end;
    }
}

impl Iterator for Links<'_> {
    type Item = Candidate;

    fn next(&mut self) -> Option<Candidate> {
        let bytes = self.text.as_bytes();
        loop {
            let rest = bytes.get(self.at..)?;
            let anchor = self.at
                + if self.disguised {
                    rest.iter().position(|byte| is_anchor(*byte))?
                } else {
                    memchr::memchr2(b'.', b':', rest)?
                };
            self.at = anchor + 1;
            let found = match bytes.get(anchor) {
                Some(b':') => self.schemed(anchor),
                _ => self.bare(anchor),
            };
            if found.is_some() {
                return found;
            }
        }
    }
}

/// The first bytes of what may stand before or inside a host: the colon of a scheme; a dot in any
/// of its disguises: `.`, `․`, `。`, `．`, `｡`, `[.]`, `(dot)`, `%2e`.
static ANCHORS: [bool; 256] = {
    let mut anchors = [false; 256];
    let mut rest: &[u8] = b":.[({%\xe2\xe3\xef";
    while let Some((anchor, behind)) = rest.split_first() {
        #[expect(clippy::indexing_slicing, reason = "there is one for each byte")]
        #[expect(clippy::as_conversions, reason = "nothing else widens in a constant")]
        {
            anchors[*anchor as usize] = true;
        }
        rest = behind;
    }
    anchors
};

fn is_anchor(byte: u8) -> bool {
    ANCHORS.get(usize::from(byte)).copied().unwrap_or(false)
}

impl Links<'_> {
    fn from(&self, at: usize) -> &str {
        self.text.get(at..).unwrap_or_default()
    }

    /// A link whose scheme ends in the colon at `colon`.
    fn schemed(&mut self, colon: usize) -> Option<Candidate> {
        let before = self.text.get(self.floor..colon)?;
        let (before, open) = before.strip_suffix('[').map_or((before, false), |rest| (rest, true));
        let scheme_length = before
            .bytes()
            .rev()
            .take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'*'))
            .take(MOST_SCHEME + 1)
            .count();
        // What emphasises a link is before its scheme: `*https://…*`.
        let scheme = before.get(before.len() - scheme_length..)?.trim_start_matches('*');
        let scheme_length = scheme.len();
        let mut behind = self.from(colon + 1);
        if open {
            behind = behind.strip_prefix(']')?;
        }
        let slashes = behind.len() - behind.trim_start_matches(['/', '\\']).len();
        let web = WEB.has(scheme);
        let enough = if web { slashes >= 1 } else { behind.starts_with("//") };
        if scheme.is_empty() || scheme.len() > MOST_SCHEME || !enough {
            return None;
        }
        let start = colon - usize::from(open) - scheme_length;
        let authority = self.text.len() - behind.len() + slashes;
        // What was read up to here is not read again, whatever comes of it.
        self.floor = authority;
        self.at = authority;
        let end = authority
            + self
                .from(authority)
                .find(|part: char| matches!(part, '/' | '\\' | '?' | '#') || ends_path(part))
                .unwrap_or(self.text.len() - authority);
        let user = self.text.get(authority..end)?.rfind('@').map_or(0, |at| at + 1);
        let host_start = authority + user;
        let (written, host_end) = if self.from(host_start).starts_with('[')
            && self.dot(host_start).is_none()
        {
            let inner =
                self.from(host_start).bytes().take(MOST_ADDRESS).position(|byte| byte == b']')?;
            let address = self.from(host_start).get(..=inner)?;
            if !address.bytes().all(|byte| byte.is_ascii_hexdigit() || b"[]:.".contains(&byte)) {
                return None;
            }
            (address.to_ascii_lowercase(), host_start + inner + 1)
        } else {
            self.host(host_start, true)
        };
        self.floor = host_end.max(self.floor);
        self.at = self.floor;
        let host = host::canonical(&written)?;
        let end = self.tail(host_end).max(host_end);
        self.floor = end;
        self.at = end;
        Some(Candidate { range: start..end, host, form: Form::Scheme, top: None })
    }

    /// A link without scheme, found by the dot at `anchor`.
    fn bare(&mut self, anchor: usize) -> Option<Candidate> {
        let dot_end = self.dot(anchor)?;
        let next = self.from(dot_end).chars().next()?;
        if !in_label(next) || self.ends_sentence(anchor, dot_end) {
            return None;
        }
        let floor = self.floor;
        let before = self.text.get(floor..anchor)?;
        let mut start = anchor;
        let mut right = None;
        let spaced = before.strip_suffix(' ').filter(|_| is_bracketed(self.from(anchor)));
        let label = spaced.unwrap_or(before);
        for (at, character) in label.char_indices().rev() {
            let joined = right.is_none_or(|right| joins(character, right));
            if !in_label(character) || !joined {
                break;
            }
            start = self.floor + at;
            right = Some(character);
        }
        right?;
        start += self.from(start).len() - self.from(start).trim_start_matches(HYPHENS).len();
        let (written, host_end) = self.host(start, false);
        self.floor = host_end.max(dot_end);
        self.at = self.floor;
        let left = self.text.get(..start).and_then(|before| before.chars().next_back());
        let behind = self.from(host_end);
        // An address of a person, or the name of an account.
        if left == Some('@') || is_mail(behind) {
            return None;
        }
        let host = match self.judged(&written) {
            Judged::Listed(host) => host,
            Judged::Unlisted(top) => {
                let (range, form) = (start..host_end, Form::Unlisted);
                return Some(Candidate { range, host: written, form, top: Some(top) });
            }
            Judged::None => return None,
        };
        let tail = self.tail(host_end);
        let has_tail = tail > host_end + 1;
        let form = if host::is_address(&host) {
            // An address alone is another detector's.
            let behind = self.text.get(host_end..tail).unwrap_or_default();
            if !has_tail || written.split('.').count() != 4 || is_network(behind) {
                return None;
            }
            Form::Path
        } else if matches!(left, Some('/' | '\\'))
            && !self.from(start.saturating_sub(2)).starts_with("//")
        {
            Form::WordLike
        } else if left == Some('$') && !has_tail {
            // The sign of a share: `$ABC.TO`.
            Form::WordLike
        } else if has_tail || host.starts_with("www.") {
            Form::Path
        } else if reads_like_words(&written, &host) {
            Form::WordLike
        } else {
            Form::Bare
        };
        self.floor = tail;
        self.at = tail;
        Some(Candidate { range: self.slashes(start, floor)..tail, host, form, top: None })
    }

    /// Whether the dot from `at` to `end` ends a sentence of a script without spaces, behind which a
    /// host with dots of its own begins: `です。example.com`.
    fn ends_sentence(&self, at: usize, end: usize) -> bool {
        let label = self.from(end).bytes().take(MOST_LABEL);
        let label = label.take_while(|byte| byte.is_ascii_alphanumeric() || *byte == b'-').count();
        self.from(at).starts_with('。')
            && label > 0
            && self.dot(end + label).is_some()
            && self.text.get(..at).is_some_and(|before| before.ends_with(word::is_unspaced))
    }

    /// What a host is. Most texts name few.
    fn judged(&self, written: &str) -> Judged {
        let Some(memory) = self.memory else { return Judged::of(written) };
        memory.hosts.recall(written, || Judged::of(written), Judged::clone)
    }

    /// Where the link begins whose host begins at `start`: at its two slashes, where it has them.
    fn slashes(&self, start: usize, floor: usize) -> usize {
        let before = self.text.get(floor..start).unwrap_or_default();
        let slashes = before.strip_suffix("//").filter(|rest| !rest.ends_with(['/', ':']));
        slashes.map_or(start, |rest| floor + rest.len())
    }

    /// Reads a host from `start`: what it says, with plain dots, and where it ends. Behind a scheme,
    /// symbols and emoji may be in it; not in its last label, because no top-level domain has any.
    fn host(&self, start: usize, schemed: bool) -> (String, usize) {
        /// Most are shorter, in bytes.
        const USUAL: usize = 32;
        let mut written = String::with_capacity(USUAL);
        let mut at = start;
        let mut left: Option<char> = None;
        let mut symbol = None;
        loop {
            // Most characters are these, and nothing else begins with one.
            if let Some(next) =
                self.text.as_bytes().get(at).filter(|one| one.is_ascii_alphanumeric())
                && left.is_none_or(|left| left.is_ascii())
            {
                let next = char::from(*next);
                written.push(next);
                at += 1;
                left = Some(next);
                continue;
            }
            if let Some(end) = self.dot(at).filter(|_| left.is_some_and(|left| left != '.')) {
                let next = self.from(end).chars().next();
                if !next.is_some_and(in_label) {
                    break;
                }
                written.push('.');
                at = end;
                left = Some('.');
                symbol = None;
                continue;
            }
            // `example [dot] com`
            if self.from(at).starts_with(' ')
                && is_bracketed(self.from(at + 1))
                && left.is_some()
                && self.dot(at + 1).is_some()
            {
                at += 1;
                continue;
            }
            let Some(next) = self.from(at).chars().next() else { break };
            let is_symbol = schemed && is_symbol(next);
            if !in_label(next) && !is_symbol
                || !left.is_none_or(|left| left == '.' || joins(left, next))
            {
                break;
            }
            if is_symbol && symbol.is_none() {
                symbol = Some((written.len(), at));
            }
            written.push(next);
            at += next.len_utf8();
            left = Some(next);
        }
        if let Some((length, end)) = symbol {
            written.truncate(length);
            at = end;
        }
        let trimmed = written.trim_end_matches(HYPHENS).len();
        at -= written.len() - trimmed;
        written.truncate(trimmed);
        (written, at)
    }

    /// Where the dot that begins at `at` ends, if one begins there.
    fn dot(&self, at: usize) -> Option<usize> {
        let rest = self.from(at);
        let length = match rest.as_bytes() {
            [b'.', ..] => 1,
            [b'%', b'2', b'e' | b'E', ..] => 3,
            [b'[' | b'(' | b'{', ..] => bracketed(rest)?,
            [..0x80, ..] => return None,
            _ if rest.starts_with(['․', '。', '．', '｡']) => 3,
            _ => return None,
        };
        let end = at + length;
        let spaced = is_bracketed(rest) && self.from(end).starts_with(' ');
        Some(end + usize::from(spaced && self.from(end + 1).chars().next().is_some_and(in_label)))
    }

    /// Where the link ends whose host ends at `at`: behind its port, path, query and fragment.
    fn tail(&self, at: usize) -> usize {
        let mut end = at;
        let behind = self.from(end);
        if let Some(port) = behind.strip_prefix(':') {
            let digits = port.bytes().take_while(u8::is_ascii_digit).count();
            if (2..=5).contains(&digits) {
                end += 1 + digits;
            }
        }
        // A name may end in a dot of its own: `example.com./path`.
        let rooted = usize::from(self.from(end).starts_with("./"));
        let path = self.from(end + rooted);
        if !path.starts_with(['/', '?', '#', '\\']) {
            return end;
        }
        let length = path.find(ends_path).unwrap_or(path.len());
        let path = path.get(..length).unwrap_or_default();
        end + rooted + without_punctuation(path)
    }
}

/// What is at neither end of a label: hyphens, small and full-width ones too.
const HYPHENS: [char; 4] = ['-', '_', '\u{fe63}', '\u{ff0d}'];

/// Whether what stands behind an address makes it one of a network: `/16`.
fn is_network(behind: &str) -> bool {
    let bits = behind.strip_prefix('/').unwrap_or_default();
    matches!(bits.len(), 1 | 2) && bits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Longest IPv6 address between brackets, in bytes.
const MOST_ADDRESS: usize = 64;

/// Longest label of a host, in bytes.
const MOST_LABEL: usize = 63;

/// Longest scheme that is read, in bytes.
const MOST_SCHEME: usize = 32;

/// Schemes whose links browsers open even with one slash, and how people write them so that they
/// are not.
const WEB: Listed = Listed::of("ftp fxp h**p h**ps http https hxxp hxxps");

/// Length of a dot in brackets at the beginning of `rest`.
fn bracketed(rest: &str) -> Option<usize> {
    const DOTS: [&str; 6] = ["[.]", "(.)", "{.}", "[dot]", "(dot)", "{dot}"];
    DOTS.iter()
        .find(|dot| rest.get(..dot.len()).is_some_and(|begin| begin.eq_ignore_ascii_case(dot)))
        .map(|dot| dot.len())
}

fn is_bracketed(rest: &str) -> bool {
    rest.starts_with(['[', '(', '{'])
}

/// Whether a label may hold the character. The percent sign stands for what it encodes; a soft
/// hyphen and its like for nothing.
fn in_label(character: char) -> bool {
    word::continues(character)
        || matches!(
            character,
            '-' | '_' | '\u{fe63}' | '\u{ff0d}' | '%' | '\u{ad}' | '\u{200b}'
                ..='\u{200d}' | '\u{2060}' | '\u{feff}'
        )
}

/// Whether the character is a symbol or an emoji such as browsers take in hosts.
fn is_symbol(character: char) -> bool {
    matches!(character, '\u{2190}'..='\u{2bff}' | '\u{1f000}'..='\u{1faff}' | '™' | '℠' | '№')
}

/// Whether two neighbours can be of one label. Where a script writes no spaces, a Latin word ends
/// at it.
fn joins(left: char, right: char) -> bool {
    left.is_ascii() && right.is_ascii()
        || word::is_unspaced(left) == word::is_unspaced(right)
        || left == '-'
        || right == '-'
}

fn ends_path(character: char) -> bool {
    character.is_whitespace()
        || character.is_control()
        || matches!(
            character,
            '<' | '>' | '"' | '`' | '«' | '»' | '“' | '”' | '„' | '|' | '^' | '\u{3000}'
                ..='\u{303f}'
                    | '\u{ff01}'
                    | '\u{ff08}'
                    | '\u{ff09}'
                    | '\u{ff0c}'
                    | '\u{ff1a}'
                    | '\u{ff1b}'
                    | '\u{ff1f}'
        )
}

/// Whether what looked like a host is the beginning of an address of mail: `first.al+x@…`.
fn is_mail(behind: &str) -> bool {
    /// Longest local part, in bytes.
    const MOST: usize = 64;
    let in_local = |byte: &u8| byte.is_ascii_alphanumeric() || b"._%+-&'".contains(byte);
    let local = behind.bytes().take(MOST).take_while(in_local).count();
    let part = behind.get(..local).unwrap_or_default();
    !part.ends_with('.') && behind.get(local..).is_some_and(|rest| rest.starts_with('@'))
}

/// Whether the character sets the direction of the text around it, and is not seen.
fn is_direction(character: char) -> bool {
    matches!(
        character,
        '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}'
    )
}

/// Length of the path without the punctuation behind it that belongs to the sentence: full stops
/// and the like, and brackets that were opened before it.
fn without_punctuation(path: &str) -> usize {
    // `https://example.com/x's website`
    let path = ["'s", "’s"].iter().find_map(|of| path.strip_suffix(of)).unwrap_or(path);
    let count = |one: char| path.matches(one).count();
    let mut surplus = [
        (')', count(')').saturating_sub(count('('))),
        (']', count(']').saturating_sub(count('['))),
        ('}', count('}').saturating_sub(count('{'))),
    ];
    let mut length = path.len();
    for character in path.chars().rev() {
        let bracket = surplus.iter_mut().find(|(bracket, left)| *bracket == character && *left > 0);
        if let Some((_, left)) = bracket {
            *left -= 1;
        } else if !is_direction(character)
            && !matches!(
                character,
                '.' | ',' | ';' | ':' | '!' | '?' | '\'' | '’' | '*' | '_' | '~' | '…'
            )
        {
            break;
        }
        length -= character.len_utf8();
    }
    length
}

/// Endings that are also words with which sentences begin.
const WORDS: Listed = Listed::of(
    "\
     am as at be by call cool do eat fast got here hot how id im in is it la like love ma mba me \
     my name new no now off one open pay play read safe save show so talk to us we wow yes you",
);

/// Endings that files' names have.
const FILES: Listed = Listed::of("cab md mov pl ps py rs sh zip");

/// What code has a name and an id of.
const OWNERS: Listed = Listed::of("data e event item obj props req res self state this user");

/// Whether a host of two labels may as well be the end of a sentence and the beginning of the
/// next, a file's name or a time.
fn reads_like_words(written: &str, host: &str) -> bool {
    // What code says of what it holds: `event.target.id`.
    let owner = host.split('.').next().is_some_and(|owner| OWNERS.has(owner));
    if owner && matches!(host.rsplit('.').next(), Some("id" | "name")) {
        return true;
    }
    let Some((name, ending)) = host.split_once('.').filter(|(_, ending)| !ending.contains('.'))
    else {
        return false;
    };
    let sentence = || {
        let ending = written.rsplit('.').next().unwrap_or_default();
        let mut letters = ending.chars();
        let capital = letters.next().is_some_and(char::is_uppercase)
            && letters.next().is_some_and(char::is_lowercase);
        capital && !matches!(host.rsplit('.').next(), Some("com" | "net" | "org"))
    };
    WORDS.has(ending)
        || FILES.has(ending)
        || name.bytes().all(|byte| byte.is_ascii_digit())
        || sentence()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn links(text: &str) -> Vec<(&str, String, Form)> {
        Links::in_text(text)
            .filter(|link| link.form != Form::Unlisted)
            .map(|link| (text.get(link.range).unwrap(), link.host, link.form))
            .collect()
    }

    fn ranges(text: &str) -> Vec<&str> {
        links(text).into_iter().map(|(link, ..)| link).collect()
    }

    #[test]
    fn sentences_numbers_and_mail_are_not_links() {
        for text in [
            "So... e.g. this, i.e. that. Done.",
            "at 12.30pm, v1.2.3, 3.14",
            "someone@mail.example.com",
            "first.last@example.com",
            "ask @someone.example.com",
            "10.0.0.1",
            "192.168.0.0/16, 10.0.0.0/8.",
            "and/or a:b c://",
            "U.S.A.",
            "http://",
            "https:// example",
            "note: http",
            "a.b.c.d.",
            "readme.txt",
            "…。。.",
            "std::io::Error",
        ] {
            assert_eq!(ranges(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_may_be_words_is_told_apart() {
        for text in [
            "went home.it was",
            "it was fun.The end",
            "main.rs",
            "12.am",
            "user.name",
            "self.name",
            "event.target.id",
            "this.props.name",
        ] {
            assert!(links(text).iter().all(|(.., form)| *form == Form::WordLike), "{text}");
        }
        assert_eq!(links("amazon.it/x")[0].2, Form::Path);
        assert_eq!(links("example.com")[0].2, Form::Bare);
        assert_eq!(links("blog.example.id")[0].2, Form::Bare);
        assert_eq!(links("user.name/x")[0].2, Form::Path);
        assert_eq!(links("10.0.0.1/x 10.0.0.1/160 10.0.0.1:80/16").len(), 3);
        assert_eq!(links("Example.Com")[0].2, Form::Bare);
    }

    #[test]
    fn a_link_ends_where_its_sentence_goes_on() {
        assert_eq!(
            ranges("(see https://en.example.org/wiki/A_(b)), example.com/x?y=1, or EXAMPLE.com."),
            ["https://en.example.org/wiki/A_(b)", "example.com/x?y=1", "EXAMPLE.com"]
        );
        assert_eq!(ranges("<a href=\"https://a.example.com/b\">"), ["https://a.example.com/b"]);
        assert_eq!(
            ranges("请看example.com吧，或https://example.cn/路。好"),
            ["example.com", "https://example.cn/路"]
        );
        assert_eq!(
            ranges("example.com:8080 example.com: 8080"),
            ["example.com:8080", "example.com"]
        );
    }

    #[test]
    fn what_owns_and_what_is_said_before_is_not_a_part_of_it() {
        assert_eq!(ranges("https://example.com/x's site"), ["https://example.com/x"]);
        assert_eq!(ranges("https://example.com/it's/x"), ["https://example.com/it's/x"]);
        assert_eq!(ranges("見てください。example.com/x"), ["example.com/x"]);
        assert_eq!(
            ranges("**https://example.com/** h**ps://a.example.com")[0],
            "https://example.com/"
        );
        assert_eq!(ranges("例え。example。com 例え。jp/x"), ["example。com", "例え。jp/x"]);
    }

    #[test]
    fn the_host_is_behind_the_user_and_before_the_path() {
        let hosts = |text| links(text).into_iter().map(|(_, host, _)| host).collect::<Vec<_>>();
        assert_eq!(
            hosts("https://good.example@evil.example.com/good.example"),
            ["evil.example.com"]
        );
        assert_eq!(hosts("https:\\\\evil.example.com\\@good.example"), ["evil.example.com"]);
        assert_eq!(
            hosts("http:/evil.example.com http://[2001:DB8::1]:80/x"),
            ["evil.example.com", "[2001:db8::1]"]
        );
        assert_eq!(
            hosts("http://localhost:3000 tg://resolve?x http://2130706433/"),
            ["localhost", "resolve", "127.0.0.1"]
        );
    }

    #[test]
    fn symbols_are_in_hosts_behind_a_scheme() {
        let hosts = |text| links(text).into_iter().map(|(_, host, _)| host).collect::<Vec<_>>();
        assert_eq!(ranges("http://💩 http://☃/ http://❤.❤ and 💩.la"), [""; 0]);
        assert_eq!(
            ranges("http://💩.la http://☃.net/ https://i❤.ws/x."),
            ["http://💩.la", "http://☃.net/", "https://i❤.ws/x"]
        );
        assert_eq!(hosts("https://i❤.ws/x"), ["xn--i-7iq.ws"]);
        // What stands behind a host is not its last label.
        assert_eq!(hosts("https://example.com😀 https://example.com→b"), ["example.com"; 2]);
    }

    #[test]
    fn shares_and_parts_of_mail_addresses_are_not_links() {
        assert_eq!(
            ranges("name.al-lastname@foo.com first.it+x@example.com a.me.&co@b.com"),
            [""; 0]
        );
        assert_eq!(ranges("example.com, @b example.com.@b"), ["example.com"; 2]);
        assert_eq!(links("$TVI.CA")[0].2, Form::WordLike);
        assert_eq!(links("$TVI.CA/x")[0].2, Form::Path);
    }

    #[test]
    fn slashes_without_a_scheme_belong_to_the_link() {
        assert_eq!(ranges("src=//example.com/x"), ["//example.com/x"]);
        assert_eq!(ranges("a///example.com/x"), ["example.com/x"]);
    }

    #[test]
    fn marks_of_direction_behind_a_link_are_not_a_part_of_it() {
        assert_eq!(
            ranges("\u{202a}https://example.com/x\u{202c}\u{200f}"),
            ["https://example.com/x"]
        );
        assert_eq!(ranges("https://example.com/x\u{200e}y"), ["https://example.com/x\u{200e}y"]);
    }

    #[test]
    fn onion_hosts_are_as_long_as_keys() {
        assert_eq!(ranges("now.onion an.onion www.onion"), [""; 0]);
        let name = "abcdefghijklmnopqrstuvwxyz234567abcdefghijklmnopqrstuvwx";
        for name in [name, "abcdefghij234567"] {
            let text = format!("{name}.onion/x www.{name}.onion");
            assert_eq!(ranges(&text).len(), 2, "{text}");
        }
    }

    #[test]
    fn other_hyphens_are_in_hosts() {
        for text in ["evil－shop.com", "https://evil﹣shop.com/x"] {
            let found = links(text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!((found[0].0, found[0].1.as_str()), (text, "evil-shop.com"), "{text}");
        }
        assert_eq!(ranges("特集－example.com－ご案内"), ["example.com"]);
    }

    #[test]
    fn disguises_are_read() {
        for text in [
            "hxxps://example[.]com/x",
            "example[.]com/x",
            "example(dot)com/x",
            "example [dot] com/x",
            "ex%61mple.com/x",
            "https://example%2ecom/x",
            "h**p://example.com/x",
            "example。com/x",
            "example․com/x",
            "https[:]//example.com/x",
            "exam\u{ad}ple.com/x",
            "EXAMPLE．ＣＯＭ/x",
        ] {
            let found = links(text);
            assert_eq!(found.len(), 1, "{text}");
            assert_eq!((found[0].0, found[0].1.as_str()), (text, "example.com"), "{text}");
        }
    }
}
