//! Floods, walls, shouting and other ways to be a nuisance: each a count with a limit, or a form.

pub(super) mod capitals_limit;
pub(super) mod combining_mark_limit;
pub(super) mod emoji_limit;
pub(super) mod encoded_blob;
pub(super) mod invisible_text;
pub(super) mod invite_link;
pub(super) mod language;
pub(super) mod mention_limit;
pub(super) mod newline_limit;
pub(super) mod repetition_limit;

#[cfg(test)]
mod tests {
    use crate::detect::tests::assert_linear;

    #[test]
    fn time_is_linear() {
        let units = [
            "a",
            "@a",
            "@",
            "\n",
            " \n",
            "😀",
            "🇩🇪",
            "\u{301}",
            "\u{200b}",
            "A",
            "a a ",
            "t.me/+a ",
            "👩\u{200d}",
        ];
        for detector in [
            "capitals-limit",
            "combining-mark-limit",
            "emoji-limit",
            "encoded-blob",
            "invisible-text",
            "invite-link",
            "mention-limit",
            "newline-limit",
            "repetition-limit",
        ] {
            assert_linear(detector, "{}", &units);
        }
        assert_linear("language", "{ allowed = 'en' }", &["a", "é ", "the ", "日"]);
    }
}
