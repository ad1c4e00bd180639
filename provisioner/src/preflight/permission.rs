//! Whether a function's resource policy lets the messaging service invoke it.
//!
//! Not all of IAM: the statements that a permission on a function can have (Lambda's `AddPermission`
//! and what people write by hand), with a denial before every permission. What a condition that is
//! not known here comes to cannot be said, so a permission under one is none.

use serde_json::Value;

use crate::arn::ChannelFlow;

/// Who invokes a processor.
const SERVICE: &str = "messaging.chime.amazonaws.com";
/// What it does.
const ACTION: &str = "lambda:invokefunction";
/// The id of a channel or flow that no policy names.
const ANY: &str = "0f8fad5b-any-of-them";

/// The invocation that is asked for.
struct Asked {
    instance: String,
    account: String,
    /// What the service may name as the source: which of them it does is not documented.
    sources: [String; 3],
}

/// Whether the messaging service may invoke the function for all of the flow's app instance.
///
/// # Errors
/// Why it may not.
pub(super) fn may_be_invoked(policy: &str, flow: &ChannelFlow) -> Result<(), String> {
    let policy: Value = match policy {
        "" => return Err("it has no resource policy".to_owned()),
        policy => serde_json::from_str(policy)
            .map_err(|error| format!("its resource policy cannot be read ({error})"))?,
    };
    let asked = Asked::of(flow);
    let statements = policy.get("Statement").map_or(&[][..], |statements| {
        statements.as_array().map_or(std::slice::from_ref(statements), Vec::as_slice)
    });
    let mut problem = Err(format!("no statement allows it to {SERVICE}"));
    for statement in statements.iter().filter(|statement| is_about_the_call(statement)) {
        match statement.get("Effect").and_then(Value::as_str) {
            Some("Deny") if asked.may_meet(statement) => {
                let name = statement.get("Sid").and_then(Value::as_str).unwrap_or("without a Sid");
                return Err(format!("the statement {name} denies it"));
            }
            Some("Allow") if problem.is_err() => problem = asked.meets(statement),
            _ => {}
        }
    }
    problem
}

fn is_about_the_call(statement: &Value) -> bool {
    let principal = statement.get("Principal");
    let service = principal.and_then(|principal| principal.get("Service"));
    let by_us = principal.and_then(Value::as_str) == Some("*")
        || each(service).any(|service| service == SERVICE);
    by_us && each(statement.get("Action")).any(|action| is_like(&action.to_lowercase(), ACTION))
}

impl Asked {
    fn of(flow: &ChannelFlow) -> Self {
        let instance = flow.app_instance().as_str().to_owned();
        Self {
            account: instance.split(':').nth(4).unwrap_or_default().to_owned(),
            sources: ["", "/channel/", "/channel-flow/"].map(|path| match path {
                "" => instance.clone(),
                path => format!("{instance}{path}{ANY}"),
            }),
            instance,
        }
    }

    /// Whether all that may be asked meets the statement's conditions.
    fn meets(&self, statement: &Value) -> Result<(), String> {
        for (operator, key, values) in conditions(statement) {
            let shown = || each(Some(values)).collect::<Vec<_>>().join(" or ");
            match key.to_lowercase().as_str() {
                "aws:sourceaccount" if holds(operator, values, &self.account) == Some(true) => {}
                "aws:sourceaccount" => {
                    let account = &self.account;
                    return Err(format!(
                        "the permission is for account {}, not {account}",
                        shown()
                    ));
                }
                "aws:sourcearn" => {
                    let all = |source: &String| holds(operator, values, source) == Some(true);
                    if !self.sources.iter().all(all) {
                        let instance = &self.instance;
                        return Err(format!(
                            "the permission is for {}, which is not all of {instance}",
                            shown()
                        ));
                    }
                }
                _ => return Err(format!("the permission depends on {key}, by {operator}")),
            }
        }
        Ok(())
    }

    /// Whether any of what may be asked may meet the statement's conditions.
    fn may_meet(&self, statement: &Value) -> bool {
        conditions(statement).all(|(operator, key, values)| match key.to_lowercase().as_str() {
            "aws:sourceaccount" => holds(operator, values, &self.account) == Some(true),
            "aws:sourcearn" => {
                let inside = format!("{}/", self.instance);
                self.sources.iter().any(|source| holds(operator, values, source) == Some(true))
                    || each(Some(values)).any(|value| value.starts_with(&inside))
            }
            _ => false,
        })
    }
}

/// Operator, key and values of each condition.
fn conditions(statement: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    let operators = statement.get("Condition").and_then(Value::as_object).into_iter().flatten();
    operators.flat_map(|(operator, keys)| {
        let keys = keys.as_object().into_iter().flatten();
        keys.map(move |(key, values)| (operator.as_str(), key.as_str(), values))
    })
}

/// Whether a value meets a condition; `None` if the operator is not known here.
fn holds(operator: &str, values: &Value, text: &str) -> Option<bool> {
    let like = || each(Some(values)).any(|value| is_like(value, text));
    let equal = || each(Some(values)).any(|value| value == text);
    match operator {
        "ArnLike" | "ArnEquals" | "StringLike" => Some(like()),
        "ArnNotLike" | "ArnNotEquals" | "StringNotLike" => Some(!like()),
        "StringEquals" => Some(equal()),
        "StringNotEquals" => Some(!equal()),
        _ => None,
    }
}

/// A text, or each of a list.
fn each(value: Option<&Value>) -> impl Iterator<Item = &str> {
    let values = value.map_or(&[][..], |value| {
        value.as_array().map_or(std::slice::from_ref(value), Vec::as_slice)
    });
    values.iter().filter_map(Value::as_str)
}

/// Whether the text is of the pattern, in which `*` stands for anything. Linear: each literal part
/// is looked for once, as early as possible.
fn is_like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else {
        return false;
    };
    let mut parts: Vec<&str> = parts.collect();
    let Some(last) = parts.pop() else { return rest.is_empty() };
    for part in parts {
        match rest.split_once(part) {
            Some((_, after)) => rest = after,
            None => return false,
        }
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::arn::ParseArn;

    const INSTANCE: &str = "arn:aws:chime:us-east-1:111122223333:app-instance/a";

    /// What the template deploys, for this source.
    fn allow(source: &str) -> Value {
        json!({
            "Sid": "allow", "Effect": "Allow", "Principal": {"Service": SERVICE},
            "Action": "lambda:InvokeFunction", "Resource": "arn:aws:lambda:f",
            "Condition": {
                "StringEquals": {"AWS:SourceAccount": "111122223333"},
                "ArnLike": {"AWS:SourceArn": source},
            },
        })
    }

    fn ours() -> Value {
        allow(&format!("{INSTANCE}*"))
    }

    /// The statement with one field changed.
    fn with(mut statement: Value, field: &str, value: Value) -> Value {
        statement[field] = value;
        statement
    }

    fn told(statements: &[Value]) -> Result<(), String> {
        let flow = ChannelFlow::parse(&format!("{INSTANCE}/channel-flow/f")).unwrap();
        may_be_invoked(
            &json!({"Version": "2012-10-17", "Statement": statements}).to_string(),
            &flow,
        )
    }

    #[test]
    fn a_permission_for_a_part_of_the_app_instance_is_not_enough() {
        for source in [
            INSTANCE.to_owned(),
            format!("{INSTANCE}/channel/c"),
            format!("{INSTANCE}/channel/*"),
            format!("{INSTANCE}/channel-flow/*"),
            format!("{INSTANCE}/*"),
            format!("{INSTANCE}b*"),
        ] {
            let why = told(&[allow(&source)]).unwrap_err();
            assert!(why.contains(&source) && why.contains("not all of"), "{why}");
        }
    }

    #[test]
    fn a_permission_for_another_account_or_under_an_unknown_condition_is_none() {
        let condition = json!({"StringEquals": {"AWS:SourceAccount": "999922223333"}});
        let why = told(&[with(ours(), "Condition", condition)]).unwrap_err();
        assert!(why.contains("999922223333, not 111122223333"), "{why}");
        let condition = json!({"StringEquals": {"aws:PrincipalOrgID": "o-1"}});
        let why = told(&[with(ours(), "Condition", condition)]).unwrap_err();
        assert!(why.contains("aws:PrincipalOrgID"), "{why}");
        let condition = json!({"IpAddress": {"aws:SourceArn": "10.0.0.0/8"}});
        assert!(told(&[with(ours(), "Condition", condition)]).is_err());
        let other = json!({"Service": "chime.amazonaws.com"});
        assert!(told(&[with(ours(), "Principal", other)]).is_err());
        assert!(told(&[with(ours(), "Action", json!("lambda:GetFunction"))]).is_err());
    }

    #[test]
    fn a_denial_comes_before_every_permission_in_any_order() {
        let deny = with(with(ours(), "Effect", json!("Deny")), "Sid", json!("shut"));
        let all = json!({"Effect": "Deny", "Principal": "*", "Action": "lambda:*"});
        let not_ours = json!({"StringNotEquals": {"aws:SourceAccount": "999922223333"}});
        let one = json!({"ArnLike": {"AWS:SourceArn": format!("{INSTANCE}/channel/c")}});
        for denial in [
            deny.clone(),
            all,
            with(deny.clone(), "Condition", not_ours),
            with(deny.clone(), "Condition", one),
        ] {
            for statements in [[ours(), denial.clone()], [denial.clone(), ours()]] {
                let why = told(&statements).unwrap_err();
                assert!(why.contains("denies it"), "{why}");
            }
        }
        // What it denies to others is none of ours.
        let others = json!({"StringNotEquals": {"aws:SourceAccount": "111122223333"}});
        let elsewhere = json!({"ArnLike": {"AWS:SourceArn": format!("{INSTANCE}b/*")}});
        let plain = json!({"Bool": {"aws:SecureTransport": "false"}});
        for condition in [others, elsewhere, plain] {
            let denial = with(deny.clone(), "Condition", condition);
            assert_eq!(told(&[ours(), denial]), Ok(()));
        }
    }

    #[test]
    fn a_permission_for_all_of_the_app_instance_is_enough_however_it_is_written() {
        let other = with(ours(), "Principal", json!({"Service": "events.amazonaws.com"}));
        assert_eq!(told(&[other, ours()]), Ok(()));
        assert_eq!(told(&[allow("arn:aws:chime:us-east-1:111122223333:app-instance/*")]), Ok(()));
        let lists = with(ours(), "Action", json!(["lambda:GetFunction", "lambda:Invoke*"]));
        let services = json!({"Service": ["events.amazonaws.com", SERVICE]});
        assert_eq!(told(&[with(lists, "Principal", services)]), Ok(()));
        let condition = json!({"StringLike": {"aws:SourceArn": ["x", format!("{INSTANCE}*")]}});
        assert_eq!(told(&[with(ours(), "Condition", condition)]), Ok(()));
        let mut free = ours();
        free.as_object_mut().unwrap().remove("Condition");
        assert_eq!(told(&[free.clone()]), Ok(()));
        // One statement may stand without a list.
        let flow = ChannelFlow::parse(&format!("{INSTANCE}/channel-flow/f")).unwrap();
        assert_eq!(may_be_invoked(&json!({"Statement": free}).to_string(), &flow), Ok(()));
    }

    #[test]
    fn a_star_stands_for_anything_and_nothing_else_does() {
        for (pattern, text) in
            [("a*", "abc"), ("*", ""), ("a*c", "abc"), ("a*b*c", "axbxc"), ("abc", "abc")]
        {
            assert!(is_like(pattern, text), "{pattern} {text}");
        }
        for (pattern, text) in
            [("a*", "ba"), ("", "a"), ("a*c", "ab"), ("a*b*c", "acb"), ("ab", "abc")]
        {
            assert!(!is_like(pattern, text), "{pattern} {text}");
        }
    }
}
