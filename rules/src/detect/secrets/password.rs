//! Passwords that only what stands before them gives away: `password: …`, `my pass is …`.

mod link;
mod look;
mod pairs;

use std::ops::Range;

use self::link::{Bond, LONGEST_OWNER, QUOTES, behind_owner, behind_signs, is_changed, join};
use self::look::{
    LENGTHS, is_made, is_mixed_phrase, is_of_tests, is_password, is_strong, looks_made, read,
};
pub(super) use self::pairs::{PAIRS, pairs};
use super::assignment::MASK;
use super::catalog::{Sign, Signs};
use super::placeholder::is_placeholder;
use super::published::is_published;
use crate::detect::listed::Listed;
use crate::detect::word;
use crate::order;

/// Words for a password. Where small letters are not ASCII's, other cases stand beside them.
pub(super) const NAMES: &[&str] = &[
    "password",
    "passwd",
    "passphrase",
    "passcode",
    "pass",
    "pwd",
    "pw",
    "passwort",
    "kennwort",
    "contraseña",
    "CONTRASEÑA",
    "contrasena",
    "clave",
    "mot de passe",
    "mdp",
    "senha",
    "palavra-passe",
    "wachtwoord",
    "hasło",
    "HASŁO",
    "haslo",
    "lösenord",
    "LÖSENORD",
    "adgangskode",
    "kodeord",
    "passord",
    "şifre",
    "Şifre",
    "ŞİFRE",
    "пароль",
    "Пароль",
    "ПАРОЛЬ",
    "密码",
    "密碼",
    "パスワード",
    "비밀번호",
];

/// Those of [`NAMES`] that mean other things as well.
const SHORT: Listed = Listed::of("pass pw");

/// What stands for a key and a code, too: the password has to look like one.
const VAGUE: &str = "clave";

/// Behind the name, what says which password it is: `PASSWORD_PROD`.
const KINDS: Listed = Listed::of(
    "\
     admin alt dev ftp guest live local master neu new nova nueva old prod production qa root smtp \
     ssh stage staging temp test tmp uat vpn wifi wlan",
);

/// What a pass is that is no password: `boarding pass`.
const PASSES: Listed = Listed::of(
    "\
     access battle boarding bus day entry event festival gate guest hall lift lounge monthly \
     mountain parking press rail season ski test tests train transit travel vip visitor weekly",
);

/// The most words behind the name that say which it is, bytes of one, digits, and words of a password
/// with spaces.
const MOST_KINDS: usize = 2;
const LONGEST_KIND: usize = 10;
const MOST_NUMBER: usize = 2;
/// Reports passwords behind their word: `password: …`, `my password is …`.
pub(super) fn passwords(text: &str, signs: &Signs, mut found: impl FnMut(Range<usize>)) {
    let mut names: Vec<Range<usize>> = signs.of(Sign::Password).collect();
    // Of two that begin together the longer.
    order::by_place(&mut names, |name| (name.start, name.end, 0));
    let mut at = 0;
    for name in names {
        if name.start < at {
            continue;
        }
        at = name.start + 1;
        let short = text.get(name.clone()).is_some_and(|name| SHORT.has(name));
        if !begins(text, &name, short) {
            continue;
        }
        at = name.end;
        if let Some(range) = value(text, &name, short).or_else(|| before(text, &name)) {
            at = range.end.max(at);
            found(range);
        }
    }
}

/// Whether the name is a word of its own, or the last of one that is written with capitals inside:
/// `ClearTextPassword`.
fn begins(text: &str, name: &Range<usize>, short: bool) -> bool {
    let (Some(before), Some(from)) = (text.get(..name.start), text.get(name.start..)) else {
        return false;
    };
    let (last, first) = (before.chars().next_back(), from.chars().next());
    let hump = !short
        && last.is_some_and(|last| last.is_ascii_lowercase())
        && first.is_some_and(|first| first.is_ascii_uppercase());
    if short {
        let longest = before.len().saturating_sub(LONGEST_OWNER);
        let near = before.get(before.ceil_char_boundary(longest)..).unwrap_or_default();
        let word =
            near.trim_end_matches([' ', '-']).rsplit(|one: char| !one.is_alphabetic()).next();
        if word.is_some_and(|word| PASSES.has(word)) {
            return false;
        }
    }
    hump || word::ends_between(first, last)
}

/// The password before the name: `use Winter#2031 as the password`.
fn before(text: &str, name: &Range<usize>) -> Option<Range<usize>> {
    const WHOSE: &[&str] = &[" as the ", " as my ", " as our ", " as your ", " as "];
    let all = text.get(..name.start)?;
    if text.get(name.end..)?.starts_with(char::is_alphabetic) {
        return None;
    }
    let rest = WHOSE.iter().find_map(|whose| all.strip_suffix(whose))?;
    let near = rest.get(rest.ceil_char_boundary(rest.len().saturating_sub(*LENGTHS.end()))..)?;
    let word = near.rsplit(char::is_whitespace).next().filter(|word| !word.contains(MASK))?;
    let password = read(word.trim_start_matches(QUOTES));
    let start = rest.len() - word.trim_start_matches(QUOTES).len();
    looks_made(password, false).then(|| start..start + password.len())
}

/// The password behind the name.
fn value(text: &str, name: &Range<usize>, short: bool) -> Option<Range<usize>> {
    let rest = text.get(name.end..)?;
    // An element of XML: `<add key="Password" value="…"/>`.
    if let Some(range) = attribute(text, rest) {
        return Some(range);
    }
    let option = text.get(..name.start)?.ends_with("--");
    let rest = behind_owner(behind_signs(rest, QUOTES));
    let rest = behind_kind(rest, short);
    // A path in code: `Password::new`.
    let path = rest.strip_prefix("::");
    if path.is_some_and(|path| path.starts_with(|one: char| one.is_ascii_alphabetic())) {
        return None;
    }
    // An element of XML: `<password>…</password>`.
    if let Some(inner) = rest.strip_prefix('>') {
        let password = read(inner);
        let start = text.len() - inner.len();
        let closed = inner.get(password.len()..)?.starts_with("</");
        return (closed && is_password(password)).then(|| start..start + password.len());
    }
    let given = [" to ", " auf "].iter().any(|to| rest.starts_with(to));
    let (bond, behind) = join(rest, given && is_changed(text, name))?;
    let written = text.get(name.clone()).unwrap_or_default();
    let vague = bond == Bond::Said && written.eq_ignore_ascii_case(VAGUE);
    let bond = if vague { Bond::Strong } else { bond };
    if bond == Bond::Said
        && let Some(range) = enclosed(text, behind)
    {
        return Some(range);
    }
    let bond = if option && bond == Bond::Loose { Bond::Said } else { bond };
    let start = text.len() - behind.len();
    let password = read(behind);
    // Stars around it are Markdown's.
    let starred = text.get(..start)?.ends_with('*') || password.ends_with("**");
    let password = if starred { password.trim_end_matches('*') } else { password };
    let tests = written.eq_ignore_ascii_case("pass");
    let fits = match bond {
        Bond::Loose => is_strong(password),
        Bond::Strong => looks_made(password, ends_line(behind, password)),
        Bond::Dash => is_strong(password) || is_made(password) && ends_line(behind, password),
        Bond::Said => is_password(password) && !(tests && is_of_tests(password)),
    };
    fits.then(|| start..start + password.len())
}

/// What is behind the words of a name that say which password it is, and its number, where a sign
/// follows: `password2 = …`, `PASSWORD_PROD=…`, `passwords: …`.
fn behind_kind(rest: &str, short: bool) -> &str {
    let plural = if short { None } else { rest.strip_prefix(['s', 'S']) };
    let mut at = plural.unwrap_or(rest);
    for _ in 0..MOST_KINDS {
        let part = at.trim_start_matches(|one| matches!(one, '_' | '-') || one == ' ' && !short);
        let length = part.bytes().take(LONGEST_KIND).take_while(u8::is_ascii_alphanumeric).count();
        let Some((word, behind)) = part.split_at_checked(length) else { break };
        let apart =
            part.len() < at.len() || !word.starts_with(|one: char| one.is_ascii_lowercase());
        let number = word.strip_prefix(['v', 'V']).unwrap_or(word);
        let numbered = (1..=MOST_NUMBER).contains(&number.len())
            && number.bytes().all(|byte| byte.is_ascii_digit());
        if !apart || !numbered && !KINDS.has(word) {
            break;
        }
        at = behind;
    }
    let gives = behind_signs(at, &[' ', '\t', '"', '\'', '`', '*']).starts_with([':', '=', '：']);
    if gives { at } else { rest }
}

/// The password between quotation marks or brackets at the beginning of `behind`: then it may hold
/// what would end it elsewhere.
fn enclosed(text: &str, behind: &str) -> Option<Range<usize>> {
    let start = text.len() - behind.len();
    let quote = text.get(..start)?.chars().next_back()?;
    let quoted = matches!(quote, '"' | '\'' | '`');
    let (open, close) = match behind.chars().next()? {
        _ if quoted => (0, quote),
        '(' => (1, ')'),
        '[' => (1, ']'),
        '<' => (1, '>'),
        _ => return None,
    };
    let inner = behind.get(open..)?;
    let ends = |one: &(usize, char)| one.1 == close || one.1.is_control();
    let (length, _) = inner
        .char_indices()
        .take_while(|(at, _)| *at <= *LENGTHS.end())
        .find(ends)
        .filter(|(_, one)| *one == close)?;
    // A backslash before the closing mark escapes it.
    let password = inner.get(..length)?.trim_end_matches('\\');
    let spaced = password.contains(char::is_whitespace);
    let kept = match (quoted, spaced) {
        (true, true) => is_mixed_phrase(password),
        (true, false) => is_password(password),
        // What a mask or a label leaves stands in brackets, too.
        (false, _) => !spaced && !password.contains('*') && is_strong(password),
    };
    kept.then(|| start + open..start + open + password.len())
}

/// Whether a line ends behind `word`, with which `rest` begins.
fn ends_line(rest: &str, word: &str) -> bool {
    let behind = rest.get(word.len()..).unwrap_or_default();
    behind.trim_start_matches([' ', '.']).chars().next().is_none_or(char::is_control)
}

/// The value of the attribute behind the one that names it a password.
fn attribute(text: &str, rest: &str) -> Option<Range<usize>> {
    let rest = rest.strip_prefix('"')?.trim_start().strip_prefix("value=\"")?;
    let length = rest.bytes().take(LENGTHS.end() + 1).position(|byte| byte == b'"')?;
    let value = rest.get(..length)?;
    let kept = LENGTHS.contains(&length) && !is_placeholder(value) && !is_published(value);
    let start = text.len() - rest.len();
    kept.then_some(start..start + length)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(text: &str) -> Vec<&str> {
        let mut all = Vec::new();
        let signs = Signs::of_text(text);
        passwords(text, &signs, |range| all.push(text.get(range).unwrap()));
        pairs(text, &signs, |range| all.push(text.get(range).unwrap()));
        all
    }

    #[test]
    fn what_people_say_of_passwords_is_not_one() {
        for text in [
            "password is required",
            "password is wrong!",
            "password reset: see below",
            "password reset",
            "the password is the same-as-before",
            "password: ********",
            "password policy: 12 characters",
            "pwd: <password>",
            "password=$PASSWORD",
            "password = os.environ['DB_PASSWORD_2']",
            "password = Column(String(128), nullable=False)",
            "password = \"YOUR_PASSWORD\"",
            "passwords: none",
            "password123 is a bad password",
            "password was reset 10minutes ago",
            "ChangePassword::run2(&plugins)",
            "same_creds = Weak::eq2(&a)",
            "password = random_password.admin_2.result",
            "passphrase: &#x3C;string2>",
            "the password for room12b please",
            "password to server12, anyone?",
            "password for joe1@example.com was lost yesterday",
            "password (see wiki): ask5",
            "password - 8chars at least",
            "new password Windows11 asks for",
            "user joe, password joe1@example.com",
            "пароль неверный",
            "密码是什么",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn what_encloses_a_password_or_compares_with_it_is_not_one() {
        for text in [
            "password: \"must be 8 characters!\"",
            "password: \"enter your pw2 here\"",
            "password: (min8chars!)",
            "password: (see page2)",
            "pass: [secret:4fa3b2c1d0e9]",
            "password: [card:****1a11]",
            "password: <your-pw-2>",
            "password: <b>x1y2z3</b>",
            "password - iPhone15",
            "password - Windows11 only!",
            "Password:\nAddress1: x",
            "password is\nStep2: go",
            "if password == confirm_password2:",
            "password === input2.value",
            "password = prompt_1()",
            "password2 is Tr0ub4dor",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        for (text, password) in [
            ("password: \"S3 cret! x\"", "S3 cret! x"),
            ("password: 'Foo1,bar)', ok", "Foo1,bar)"),
            ("password: \"Hunter2!<x\"", "Hunter2!<x"),
            ("password: (Foo1!bar)", "Foo1!bar"),
            ("pass: [Foo1!bar]", "Foo1!bar"),
            ("password: <S3cret!x>", "S3cret!x"),
            ("Password - Summer2024!", "Summer2024!"),
            ("password is\nS3cret!x9", "S3cret!x9"),
            ("password:\r\nS3cret!x9\nok", "S3cret!x9"),
            ("password == Foo1!bar", "Foo1!bar"),
            ("password2 = Baz2!qux", "Baz2!qux"),
        ] {
            assert_eq!(found(text), [password], "{text}");
        }
        assert_eq!(found("password = Foo1!bar\npassword2 = Baz2!qux").len(), 2);
    }

    #[test]
    fn a_password_ends_before_an_escaped_mark() {
        for text in [
            r#""{\"password\":\"\",\"id\":\"a1b2c3d4\"}""#,
            r#"password \"a1b2c3d4\" is no longer used"#,
            r#"{\"password\":\"********\"}"#,
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        for (text, password) in [
            (r#"curl -d "{\"user\":\"bob\",\"password\":\"Kx92#mmQ9\"}" x"#, "Kx92#mmQ9"),
            (r#"{\\\"password\\\": \\\"Kx92#mmQ9\\\"}"#, "Kx92#mmQ9"),
            (r#""{\"env\": \"DB_PASSWORD=Kx92mmQ9\"}""#, "Kx92mmQ9"),
            (r"password: Kx\92mmQ9", r"Kx\92mmQ9"),
        ] {
            assert_eq!(found(text), [password], "{text}");
        }
    }

    #[test]
    fn a_password_ends_before_the_next_name_with_a_value() {
        for (text, password) in [
            ("https://x.org/login?user=bob&password=Winter2031&next=/home", "Winter2031"),
            ("jdbc:sqlserver://h;user=sa;password=Winter2031;encrypt=true", "Winter2031"),
            ("password=Winter%232031&user=bob", "Winter%232031"),
            ("password=Winter2031,user.name=bob", "Winter2031"),
            ("password=Win&ter2031&next", "Win&ter2031&next"),
            ("password=Win;ter=2031", "Win"),
            ("password: Win2031&=x", "Win2031&=x"),
            ("password: \"Win&a=2031\"", "Win&a=2031"),
        ] {
            let password = if password.len() < 6 { &[][..] } else { &[password] };
            assert_eq!(found(text), password, "{text}");
        }
    }

    #[test]
    fn a_pass_is_often_none() {
        for text in [
            "pass: 3 of 5",
            "pass the salt",
            "boarding pass A12B",
            "boarding pass: A12BC4",
            "ski pass is B12345",
            "PASS: test_login_2",
            "PASS: src/a/login2.js",
            "passed: a1b2c3d4",
            "bypass: a1b2c3d4",
            "the pass rate is 90percent",
            "upw: a1b2c3d4",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
    }

    #[test]
    fn credentials_need_both_parts() {
        for text in [
            "creds: see doc/file2.md",
            "login: https://a.example/x1y2z3",
            "login: 10:30am",
            "credentials: joe, room12b",
            "login / a1b2c3d4",
            "creds expire soon",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        for text in ["creds: joe / Hunter2!x", "login: joe:Hunter2!x", "Creds are joe, Hunter2!x"] {
            assert_eq!(found(text), ["Hunter2!x"], "{text}");
        }
    }

    #[test]
    fn a_password_is_found_however_it_is_said() {
        for text in [
            "pass: Hunter2!x",
            "pw: Hunter2!x",
            "the pw is Hunter2!x",
            "my pass is Hunter2!x, ok?",
            "password for joe: Hunter2!x",
            "password for the staging server is Hunter2!x",
            "password (wifi): Hunter2!x",
            "password - Hunter2!x",
            "password -> Hunter2!x",
            "user joe, password Hunter2!x",
            "new password Hunter2!x",
            "password changed to Hunter2!x",
            "password has been reset to Hunter2!x.",
            "Password IS NOW Hunter2!x",
            "psql --password Hunter2!x",
            "dbPassword=Hunter2!x",
            "password → Hunter2!x",
            "reset the router, password is Hunter2!x",
        ] {
            assert_eq!(found(text), ["Hunter2!x"], "{text}");
        }
        assert_eq!(found("psql --password hunter2x -h db"), ["hunter2x"]);
        assert_eq!(found("I changed it, the password is hunter2x"), ["hunter2x"]);
    }

    #[test]
    fn a_password_is_found_in_several_languages() {
        assert_eq!(found("Passwort: Sommer#24."), ["Sommer#24"]);
        assert_eq!(found("Passwort lautet Sommer24"), ["Sommer24"]);
        assert_eq!(found("Passwort für Anna: Sommer24"), ["Sommer24"]);
        assert_eq!(found("la contraseña es gato1234"), ["gato1234"]);
        assert_eq!(found("Mot de passe : chat1234"), ["chat1234"]);
        assert_eq!(found("mdp: chat1234"), ["chat1234"]);
        assert_eq!(found("la password è Gatto#12"), ["Gatto#12"]);
        assert_eq!(found("wachtwoord is zomer2031"), ["zomer2031"]);
        assert_eq!(found("Пароль: leto2031"), ["leto2031"]);
        assert_eq!(found("我的密码是abc12345，谢谢"), ["abc12345"]);
        assert_eq!(found("密码：abc12345"), ["abc12345"]);
        assert_eq!(found("パスワードはabc12345です"), ["abc12345"]);
        assert_eq!(found("비밀번호는 abc12345"), ["abc12345"]);
        for text in [
            "Contraseña del wifi: gato1234",
            "CONTRASEÑA: gato1234",
            "A senha do wifi é gato1234",
            "password del wifi: gato1234",
            "Passwort des Admins: gato1234",
            "Passwort der Datenbank ist gato1234",
            "palavra-passe: gato1234",
            "HASŁO: gato1234",
            "haslo: gato1234",
            "passord: gato1234",
            "kodeord er gato1234",
            "Şifre: gato1234",
        ] {
            assert_eq!(found(text), ["gato1234"], "{text}");
        }
    }

    #[test]
    fn a_name_may_say_which_password_it_is() {
        for text in [
            "password_encryption = scram-sha-256",
            "passwordHash: pbkdf2sha256x1",
            "password_min: 8chars",
            "password_file: secrets1.txt",
            "passwordField = form1field",
            "password-strength: strong2",
            "password rules: min8chars",
            "password manager: 1Password",
            "password app: 1Password",
            "passwordprod=Winter2031x",
            "passwords are important123",
            "password_prod Winter2031x",
            "pass new: 10of12",
            "PASSWORD_123=Winter2031x",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        for text in [
            "PASSWORD_PROD=Winter2031x",
            "password_prod: Winter2031x",
            "{\"passwordProd\": \"Winter2031x\"}",
            "DB_PASSWORD_V2=Winter2031x",
            "DB_PASS_PROD_2=Winter2031x",
            "passwords: Winter2031x",
            "Passwort Admin: Winter2031x",
            "contraseña nueva: Winter2031x",
        ] {
            assert_eq!(found(text), ["Winter2031x"], "{text}");
        }
    }

    #[test]
    fn a_password_is_found_in_markdown() {
        for text in [
            "**Password:** must be *8 characters*",
            "password: **required**",
            "*password* policy2",
            "password: ****hunter2x",
            "password: **********",
            "| Username | Password | Created2 |",
            "| Password | Type2 |",
            "cat password | base64 -d2",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        for text in [
            "**Password:** Winter#2031",
            "**Password**: Winter#2031",
            "*Password:* Winter#2031",
            "password: **Winter#2031**",
            "password: *Winter#2031*.",
            "**Password: Winter#2031**",
            "| Password | Winter#2031 |",
            "**Password:** `Winter#2031`",
        ] {
            assert_eq!(found(text), ["Winter#2031"], "{text}");
        }
    }

    #[test]
    fn paths_members_and_variables_are_not_passwords() {
        for text in [
            r"pwd: C:\Users\bob2",
            r"pwd: \\server1\share2",
            "password = req.body.password2",
            "password: ${DB_PASSWORD:-changeme}",
            "my password :-D lol2u",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        for (text, password) in [
            ("password: C:x1y2z3", "C:x1y2z3"),
            ("password = winter.snow2", "winter.snow2"),
            ("password: ${DB_PASSWORD:-Winter2031}", "Winter2031"),
            ("{user: bob, password: Winter2031}", "Winter2031"),
            ("password: {Winter2031", ""),
            ("password: Win{ter}2031}", "Win{ter}2031}"),
        ] {
            let password = if password.is_empty() { &[][..] } else { &[password] };
            assert_eq!(found(text), password, "{text}");
        }
    }

    #[test]
    fn what_is_said_of_changes_and_choices_is_a_password_where_it_looks_made() {
        for text in [
            "reset the password to continue2",
            "how do I change the password to my account12",
            "I changed the password to the wifi2",
            "change the password to room12b",
            "it was reset. It is late. the password to Orbit#771",
            "password should be 8chars long",
            "password should be at least 12characters",
            "use bob1@example.com as the password",
            "don't use room12b as the password",
            "use your birthday1 as the password",
            "Orbit#771 as the passwords go",
            "Password:\nStep-2: go",
            "Password:\nIphone-15 is cool",
            "Password:\nABC-1234",
            "Password:\nUser_1",
            "Password:\nWindows11! is out",
            "set the password to Windows11! or so",
            "password issue#42 is fixed",
            "reset password PROJ-1234 now",
            "new password Windows-11 asks",
            "user joe, password reset-2024",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        for text in [
            "I changed the password to Orbit#771",
            "set the root password to Orbit#771, ok?",
            "password should be Orbit#771",
            "use Orbit#771 as the password",
            "we take `Orbit#771` as our password",
            "Password:\nOrbit#771",
        ] {
            assert_eq!(found(text), ["Orbit#771"], "{text}");
        }
        assert_eq!(found("Password:\nWinter-2031\nok"), ["Winter-2031"]);
        assert_eq!(found("Password:\nWinter_2031"), ["Winter_2031"]);
        assert_eq!(found("Password:\nWinter2031!"), ["Winter2031!"]);
        assert_eq!(found("I set the password to Winter2031!"), ["Winter2031!"]);
        assert_eq!(found("clave: Winter2031!"), ["Winter2031!"]);
    }

    #[test]
    fn a_clave_is_often_a_key_or_a_code() {
        for text in [
            "clave: SEO-2024",
            "palabra clave: seo2024",
            "clave catastral: 12AB34567",
            "la clave es la constancia",
            "la clave del éxito: trabajo2",
            "clave: \"AB12CD34\"",
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        assert_eq!(found("la clave del wifi es Gato#1234"), ["Gato#1234"]);
        assert_eq!(found("clave: gato!1234"), ["gato!1234"]);
    }

    #[test]
    fn the_value_of_a_password_in_a_file_of_settings_is_found() {
        for text in [
            r#"<add key="ClearTextPassword" value="%NUGET_PASSWORD%" />"#,
            r#"<add key="Password" value="" />"#,
            r#"<add key="PasswordHint" value="kT7wqP2xLm9z!" />"#,
        ] {
            assert_eq!(found(text), [""; 0], "{text}");
        }
        for name in ["Password", "ClearTextPassword"] {
            let text = format!(r#"<add key="{name}" value="kT7w q<2xLm9z!" />"#);
            assert_eq!(found(&text), ["kT7w q<2xLm9z!"]);
        }
    }
}
