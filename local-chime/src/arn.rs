//! The names of things: `arn:aws:chime:REGION:ACCOUNT:app-instance/ID[/KIND/ID]`.

/// The ARN of the app instance that `arn` belongs to, or is.
pub(crate) fn app_instance(arn: &str) -> Option<String> {
    let (account, path) = arn.split_once(":app-instance/")?;
    let id = path.split('/').next().filter(|id| !id.is_empty())?;
    account.starts_with("arn:").then(|| format!("{account}:app-instance/{id}"))
}

/// Whether `arn` names a thing of this `kind` (`user`, `bot`, `channel`, `channel-flow`) in an app instance.
pub(crate) fn is(arn: &str, kind: &str) -> bool {
    arn.split_once(":app-instance/").is_some_and(|(account, path)| {
        let mut parts = path.split('/');
        account.starts_with("arn:")
            && parts.next().is_some_and(|id| !id.is_empty())
            && parts.next() == Some(kind)
            && parts.next().is_some_and(|id| !id.is_empty())
            && parts.next().is_none()
    })
}

/// The name in a Lambda ARN, without version or alias.
pub(crate) fn function_name(arn: &str) -> Option<&str> {
    let (_, function) = arn.split_once(":function:")?;
    function.split(':').next().filter(|name| !name.is_empty())
}

/// Whether `arn` is a Lambda function's, as the messaging model's pattern has it.
pub(crate) fn is_function(arn: &str) -> bool {
    let parts: Vec<&str> = arn.split(':').collect();
    let word = |text: &str, extra: &str| {
        !text.is_empty() && text.chars().all(|c| c.is_ascii_alphanumeric() || extra.contains(c))
    };
    match parts.as_slice() {
        ["arn", _, "lambda", region, account, "function", name, rest @ ..] => {
            word(region, "-")
                && account.len() == 12
                && account.bytes().all(|b| b.is_ascii_digit())
                && word(name, "-_.")
                && match rest {
                    [] => true,
                    [version] => *version == "$LATEST" || word(version, "-_"),
                    _ => false,
                }
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const INSTANCE: &str = "arn:aws:chime:us-east-1:111122223333:app-instance/a";

    #[test]
    fn finds_no_app_instance_in_other_names() {
        for arn in
            ["", "arn:aws:s3:::bucket", "x:app-instance/a", "arn:aws:chime:r:1:app-instance/"]
        {
            assert_eq!(app_instance(arn), None, "{arn}");
        }
    }

    #[test]
    fn finds_the_app_instance_of_a_channel_and_of_itself() {
        assert_eq!(app_instance(&format!("{INSTANCE}/channel/c")).as_deref(), Some(INSTANCE));
        assert_eq!(app_instance(INSTANCE).as_deref(), Some(INSTANCE));
    }

    #[test]
    fn tells_the_kinds_apart() {
        assert!(is(&format!("{INSTANCE}/channel/c"), "channel"));
        for arn in [
            INSTANCE.into(),
            format!("{INSTANCE}/user/c"),
            format!("{INSTANCE}/channel/"),
            format!("{INSTANCE}/channel/c/d"),
        ] {
            assert!(!is(&arn, "channel"), "{arn}");
        }
    }

    #[test]
    fn reads_a_functions_name_before_its_alias() {
        let arn = "arn:aws:lambda:us-east-1:111122223333:function:flow";
        assert!(is_function(arn));
        assert!(is_function(&format!("{arn}:live")));
        assert!(is_function(&format!("{arn}:$LATEST")));
        assert_eq!(function_name(&format!("{arn}:live")), Some("flow"));
        for arn in [
            "flow",
            "arn:aws:lambda:us-east-1:1:function:flow",
            &format!("{arn}:a:b"),
            "arn:aws:lambda:us-east-1:111122223333:layer:flow",
        ] {
            assert!(!is_function(arn), "{arn}");
        }
    }
}
