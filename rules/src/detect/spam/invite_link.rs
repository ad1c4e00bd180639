use std::ops::Range;

use schemars::JsonSchema;
use serde::Deserialize;

use crate::detect::link::search::{Candidate, Form, Links};
use crate::detect::{ANY_ACTION, Detector, Evidence, Hits, Probe, Scan, TextDetector};
use crate::policy::{Action, At, Build, Code, OneOrMany};

#[doc = include_str!("invite_link.md")]
pub(crate) struct InviteLink;

/// Options of `invite-link`.
#[derive(Debug, Default, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
#[schemars(rename = "InviteLinkOptions")]
pub(crate) struct Options {
    /// Invitations that are not found, as host and beginning of the path: `discord.gg/ours`.
    #[schemars(with = "Option<OneOrMany>")]
    allow: Option<At<OneOrMany>>,
}

/// Hosts, and how the paths of their invitations begin.
const INVITATIONS: &[(&str, &str)] = &[
    ("app.element.io", "/#/room/"),
    ("canary.discord.com", "/invite/"),
    ("chat.whatsapp.com", "/"),
    ("discord.com", "/invite/"),
    ("discord.gg", "/"),
    ("discord.me", "/"),
    ("discordapp.com", "/invite/"),
    ("dsc.gg", "/"),
    ("groupme.com", "/join_group/"),
    ("guilded.gg", "/i/"),
    ("invite.gg", "/"),
    ("invite.viber.com", "/"),
    ("join.skype.com", "/"),
    ("join.slack.com", "/"),
    ("line.me", "/r/ti/g/"),
    ("line.me", "/r/ti/g2/"),
    ("line.me", "/ti/g/"),
    ("line.me", "/ti/g2/"),
    ("m.me", "/j/"),
    ("matrix.to", "/#/"),
    ("ptb.discord.com", "/invite/"),
    ("signal.group", "/#"),
    ("t.me", "/+"),
    ("t.me", "/addlist/"),
    ("t.me", "/joinchat/"),
    ("teams.live.com", "/l/invite/"),
    ("teams.live.com", "/meet/"),
    ("teams.microsoft.com", "/l/meetup-join/"),
    ("teams.microsoft.com", "/l/team/"),
    ("teams.microsoft.com", "/meet/"),
    ("telegram.dog", "/joinchat/"),
    ("telegram.me", "/+"),
    ("telegram.me", "/addlist/"),
    ("telegram.me", "/joinchat/"),
    ("web.groupme.com", "/join_group/"),
    ("whatsapp.com", "/channel/"),
    (TELEGRAM, "/?invite="),
    (TELEGRAM, "?invite="),
];

/// What stands where a host belongs in an invitation with Telegram's own scheme.
const TELEGRAM: &str = "join";
/// That scheme.
const TELEGRAM_SCHEME: &str = "tg:";

impl Detector for InviteLink {
    const NAME: &'static str = "invite-link";
    const SUMMARY: &'static str = "invitations to groups on other services";
    const PAGE: &'static str = include_str!("invite_link.md");
    const LABEL: &'static str = "invitation";
    const GROUPS: &'static [&'static str] = &["links", "spam"];
    const ACTIONS: &'static [Action] = ANY_ACTION;
    const READS_ESCAPES: bool = true;
    const SINCE: &'static str = "0.1.0";
    type Options = Options;

    fn build(options: Options, build: &mut Build<'_>) -> Probe {
        let mut allowed = Vec::new();
        for At { value, range } in options.allow.map(At::placed).unwrap_or_default() {
            let mut links = Links::in_text(&value);
            let place = links.next().and_then(|link| place(&value, &link));
            match place.filter(|place| !place.ends_with('/')) {
                Some(place) => allowed.push(place),
                None => build.mistake(
                    Code::InvalidOption,
                    range,
                    format!("`{value}` is not an invitation"),
                    "write host and path, such as `discord.gg/ours`".to_owned(),
                ),
            }
        }
        Probe::Text(Box::new(Invitations { allowed }))
    }
}

const INVITATION: Evidence = Evidence::of(&[("a host and path of invitations", 95)]);

struct Invitations {
    allowed: Vec<String>,
}

impl TextDetector for Invitations {
    fn scan(&self, scan: &Scan<'_>, hits: &mut Hits) {
        for link in scan.links().iter().filter(|link| link.form != Form::Unlisted) {
            let host = link.host.strip_prefix("www.").unwrap_or(&link.host);
            let known = |(name, _): &&(&str, &str)| *name == host;
            if !INVITATIONS.iter().any(|one| known(&one)) {
                continue;
            }
            let begins = |link: &Range<usize>| {
                let scheme = scan.text().get(link.start..)?.get(..TELEGRAM_SCHEME.len())?;
                Some(scheme.eq_ignore_ascii_case(TELEGRAM_SCHEME))
            };
            if host == TELEGRAM && begins(&link.range) != Some(true) {
                continue;
            }
            let Some(place) = place(scan.text(), link) else { continue };
            let path = place.strip_prefix(host).unwrap_or_default();
            let invites = INVITATIONS
                .iter()
                .filter(known)
                .any(|(_, begin)| path.strip_prefix(begin).is_some_and(|code| !code.is_empty()));
            let allowed = |one: &String| {
                place
                    .strip_prefix(one.as_str())
                    .is_some_and(|rest| !rest.starts_with(char::is_alphanumeric))
            };
            if invites && !self.allowed.iter().any(allowed) {
                hits.push(link.range.clone(), InviteLink::LABEL, INVITATION);
            }
        }
    }
}

/// Host and path of a link in their one spelling: small letters, `%69` read as `i`, one slash for
/// several.
fn place(text: &str, link: &Candidate) -> Option<String> {
    /// Longest path that is compared, in bytes.
    const MOST: usize = 256;
    let written = text.get(link.range.clone())?;
    let behind =
        written.find("://").map_or(written, |at| written.get(at + 3..).unwrap_or_default());
    let path =
        behind.find(['/', '\\', '#', '?']).and_then(|at| behind.get(at..)).unwrap_or_default();
    let mut place = link.host.strip_prefix("www.").unwrap_or(&link.host).to_owned();
    let mut bytes = path.bytes();
    while let Some(byte) = bytes.next().filter(|_| place.len() < MOST) {
        let mut code = bytes.clone();
        let read = match (byte, code.next(), code.next()) {
            (b'%', Some(high), Some(low)) => {
                let digit = |digit: u8| char::from(digit).to_digit(16);
                digit(high)
                    .zip(digit(low))
                    .and_then(|(high, low)| u8::try_from(high * 16 + low).ok())
            }
            _ => None,
        };
        if read.is_some() {
            bytes = code;
        }
        let character = char::from(read.unwrap_or(byte)).to_ascii_lowercase();
        let character = if character == '\\' { '/' } else { character };
        if character != '/' || !place.ends_with('/') {
            place.push(character);
        }
    }
    Some(place)
}

#[cfg(test)]
mod tests {
    use crate::detect::tests::found;

    #[test]
    fn other_pages_of_these_hosts_are_no_invitations() {
        let text = "discord.com/download https://t.me/news discord.gg https://matrix.org/#/x example.com/invite/abc \
             https://join?invite=abc tg://resolve?domain=abc tg://join https://wa.me/15550100 \
             https://ptb.discord.com/channels/1/2 https://line.me/ti/p/abc https://t.me/addlist/ \
             https://teams.microsoft.com/l/message/abc https://app.element.io/#/home groupme.com/en-US";
        assert!(found("invite-link", "{}", text).is_empty());
    }

    #[test]
    fn every_spelling_of_an_invitation_is_found() {
        for text in [
            "discord.gg/AbC1",
            "https://discord.com/invite/abc",
            "https://Discord.com/%69nvite//abc",
            "hxxps://t[.]me/+abc",
            "https://chat.whatsapp.com/abc",
            "www.discord.com\\invite\\abc",
            "https://t.me/joinchat/abc",
            "tg://join?invite=abc",
            "TG://join/?invite=abc",
            "https://teams.microsoft.com/l/meetup-join/19%3ameeting_abc%40thread.v2/0",
            "https://groupme.com/join_group/123/abc",
            "https://app.element.io/#/room/#abc:example.org",
            "https://ptb.discord.com/invite/abc",
            "https://canary.discord.com/invite/abc",
            "https://t.me/addlist/abc",
            "https://line.me/ti/g2/abc",
            "https://line.me/R/ti/g2/abc",
        ] {
            let text = format!("come: {text} now");
            assert_eq!(found("invite-link", "{}", &text).len(), 1, "{text}");
        }
    }

    #[test]
    fn an_own_invitation_is_allowed() {
        let options = "{ allow = 'discord.gg/Ours' }";
        assert!(found("invite-link", options, "https://discord.gg/ours?event=1").is_empty());
        assert_eq!(found("invite-link", options, "discord.gg/oursnot"), ["discord.gg/oursnot"]);
    }
}
