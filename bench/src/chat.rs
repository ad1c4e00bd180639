//! Messages like those that members write.

/// Words of everyday chat.
const WORDS: &str = "hello are you coming tonight the train leaves at seven I will be late because \
    of work can we meet in front station bring your sister and some bread thanks see soon maybe \
    tomorrow then order 2041 was sent yesterday it should arrive by noon right? ok, great! what \
    about lunch on friday 12:30 fine for me";
/// The same with letters beyond ASCII.
const UNICODE_WORDS: &str = "привет как дела grüße aus köln très bien où est ça こんにちは 今日は 元気 \
    ですか señor mañana não é 🙂 👍🏽 café naïve Zürich";
/// What some of the engines look for.
const HITS: &[&str] = &[
    "my card is 4111 1111 1111 1111",
    "write to ada@example.com",
    "what the fuck",
    "oh sh1t",
    "call 415-555-0132",
    "token ghp_x9Qk2Vb7Nm4Rt6Yp1Wd3Fh5Js0Gc8LzTaEuR",
    "server 203.0.113.7",
];
/// One of so many words is one of [`HITS`].
const HIT_EVERY: usize = 30;

/// A kind of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Letters of ASCII, and nothing that anybody looks for.
    Ascii,
    /// Many scripts.
    Unicode,
    /// ASCII in which something is found about every 150 bytes.
    Hits,
}

impl Kind {
    pub const ALL: [Self; 3] = [Self::Ascii, Self::Unicode, Self::Hits];

    /// The name in tables.
    pub fn name(self) -> &'static str {
        match self {
            Self::Ascii => "ASCII",
            Self::Unicode => "any Unicode",
            Self::Hits => "ASCII with hits",
        }
    }
}

/// A message of this many bytes, or up to three fewer, where a character would be cut.
pub fn message(kind: Kind, length: usize, seed: u64) -> String {
    let mut random = fastrand::Rng::with_seed(seed);
    let words = if kind == Kind::Unicode { UNICODE_WORDS } else { WORDS };
    let words: Vec<&str> = words.split_whitespace().collect();
    let mut text = String::with_capacity(length + 64);
    while text.len() < length {
        if !text.is_empty() {
            text.push(' ');
        }
        let hit = kind == Kind::Hits && random.usize(..HIT_EVERY) == 0;
        text.push_str(random.choice(if hit { HITS } else { &words }).copied().unwrap_or_default());
    }
    text.truncate(text.floor_char_boundary(length));
    text
}
