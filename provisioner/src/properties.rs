//! A custom resource's properties: read once, checked completely, all problems reported together.
//!
//! CloudFormation turns every number and boolean of a template into a string on the way here, so a
//! number may arrive as either.

use std::{collections::BTreeSet, fmt, ops::RangeInclusive};

use serde_json::{Map, Value};

use crate::{arn::ParseArn, failure::Failure};

/// What CloudFormation adds to a custom resource's own properties.
const CLOUDFORMATIONS_OWN: &[&str] = &["ServiceTimeout", "ServiceToken"];

/// One thing that is wrong with the properties: which, and what is to be written instead.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Problem {
    property: String,
    message: String,
}

impl Problem {
    /// A problem of one property; the message reads on from the property's name.
    pub fn new(property: impl Into<String>, message: impl Into<String>) -> Self {
        Self { property: property.into(), message: message.into() }
    }
}

impl fmt::Display for Problem {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "`{}` {}", self.property, self.message)
    }
}

/// The properties while they are being read. A reading that fails gives `None` and notes the
/// problem, so that one round finds them all.
#[derive(Debug)]
pub struct Properties<'a> {
    map: &'a Map<String, Value>,
    read: BTreeSet<&'static str>,
    problems: Vec<Problem>,
}

impl<'a> Properties<'a> {
    /// Reads a whole resource with `parse`, which reads each property it knows.
    ///
    /// # Errors
    /// [`Failure::Properties`] with everything that is missing, wrong or unknown.
    pub fn parse<T>(
        map: &'a Map<String, Value>,
        parse: impl FnOnce(&mut Self) -> Option<T>,
    ) -> Result<T, Failure> {
        let mut properties = Self { map, read: BTreeSet::new(), problems: Vec::new() };
        let parsed = parse(&mut properties);
        for name in map.keys().map(String::as_str) {
            if !properties.read.contains(name) && !CLOUDFORMATIONS_OWN.contains(&name) {
                let known: Vec<_> =
                    properties.read.iter().map(|name| format!("`{name}`")).collect();
                let message = format!("is unknown; known are {}", known.join(", "));
                properties.problems.push(Problem::new(name, message));
            }
        }
        match parsed {
            Some(parsed) if properties.problems.is_empty() => Ok(parsed),
            _ => Err(Failure::Properties(properties.problems)),
        }
    }

    /// A required ARN.
    pub fn arn<A: ParseArn>(&mut self, name: &'static str) -> Option<A> {
        let text = self.text(name)?;
        match A::parse(&text) {
            Ok(arn) => Some(arn),
            Err(problem) => self.problem(name, problem.to_string()),
        }
    }

    /// A required list of ARNs, each once. Empty entries are what an empty parameter leaves: they
    /// are skipped.
    pub fn arns<A: ParseArn + Ord>(&mut self, name: &'static str) -> Option<BTreeSet<A>> {
        let texts = self.texts(name)?;
        let mut arns = BTreeSet::new();
        let mut complete = true;
        for (index, text) in texts.iter().enumerate() {
            match A::parse(text) {
                Ok(arn) => {
                    arns.insert(arn);
                }
                Err(problem) => {
                    complete = false;
                    self.problem::<()>(name, format!("entry {} {problem}", index + 1));
                }
            }
        }
        complete.then_some(arns)
    }

    /// A required list of texts, trimmed, without empty ones.
    pub fn texts(&mut self, name: &'static str) -> Option<Vec<String>> {
        let Some(value) = self.value(name) else { return self.missing(name) };
        let Value::Array(entries) = value else {
            return self.problem(name, "must be a list");
        };
        let mut texts = Vec::new();
        for entry in entries {
            let Some(text) = entry.as_str() else {
                return self.problem(name, "must be a list of strings");
            };
            let text = text.trim();
            if !text.is_empty() {
                texts.push(text.to_owned());
            }
        }
        Some(texts)
    }

    /// A required whole number, written as a number or as a string.
    pub fn integer(&mut self, name: &'static str, range: RangeInclusive<i32>) -> Option<i32> {
        let number = match self.value(name) {
            None => return self.missing(name),
            Some(Value::Number(number)) => {
                number.as_i64().and_then(|number| i32::try_from(number).ok())
            }
            Some(Value::String(text)) => text.trim().parse().ok(),
            Some(_) => None,
        };
        match number.filter(|number| range.contains(number)) {
            Some(number) => Some(number),
            None => self.problem(
                name,
                format!("must be a whole number from {} to {}", range.start(), range.end()),
            ),
        }
    }

    /// Notes a problem that a single property does not show, such as two that do not fit together.
    pub fn problem<T>(&mut self, name: &'static str, message: impl Into<String>) -> Option<T> {
        self.problems.push(Problem::new(name, message));
        None
    }

    fn text(&mut self, name: &'static str) -> Option<String> {
        match self.value(name) {
            None => self.missing(name),
            Some(Value::String(text)) => Some(text.clone()),
            Some(_) => self.problem(name, "must be a string"),
        }
    }

    fn value(&mut self, name: &'static str) -> Option<&'a Value> {
        self.read.insert(name);
        self.map.get(name)
    }

    fn missing<T>(&mut self, name: &'static str) -> Option<T> {
        self.problem(name, "is missing")
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::arn::{AppInstance, Channel};

    fn read<T>(
        value: Value,
        parse: impl FnOnce(&mut Properties<'_>) -> Option<T>,
    ) -> Result<T, String> {
        let Value::Object(map) = value else { panic!("not an object") };
        Properties::parse(&map, parse).map_err(|failure| failure.to_string())
    }

    #[test]
    fn all_problems_come_at_once_and_each_names_its_property() {
        let problems = read(
            json!({"RetentionDays": "ten", "AppInstanceArn": "nonsense", "Retention": "5"}),
            |properties| {
                let instance = properties.arn::<AppInstance>("AppInstanceArn");
                let days = properties.integer("RetentionDays", 1..=5475);
                let channels = properties.arns::<Channel>("ChannelArns");
                Some((instance?, days?, channels?))
            },
        )
        .unwrap_err();
        for part in [
            "`AppInstanceArn` is not an ARN of the form `arn:aws:chime:",
            "`RetentionDays` must be a whole number from 1 to 5475",
            "`ChannelArns` is missing",
            "`Retention` is unknown; known are `AppInstanceArn`, `ChannelArns`, `RetentionDays`",
        ] {
            assert!(problems.contains(part), "{part:?} is not in {problems:?}");
        }
    }

    #[test]
    fn a_number_is_refused_outside_its_range_and_with_a_fraction() {
        for value in [
            json!("0"),
            json!(5476),
            json!("1.5"),
            json!(1.5),
            json!(""),
            json!(true),
            json!("1e3"),
        ] {
            let read =
                read(json!({"Days": value}), |properties| properties.integer("Days", 1..=5475));
            assert!(read.is_err(), "{value} was accepted");
        }
    }

    #[test]
    fn a_number_arrives_as_a_string_or_as_a_number() {
        for value in [json!("30"), json!(30), json!(" 30 ")] {
            let read =
                read(json!({"Days": value}), |properties| properties.integer("Days", 1..=5475));
            assert_eq!(read, Ok(30));
        }
    }

    #[test]
    fn cloudformations_own_properties_are_not_unknown() {
        let read = read(
            json!({"ServiceToken": "arn:…", "ServiceTimeout": "900", "Days": "1"}),
            |properties| properties.integer("Days", 1..=2),
        );
        assert_eq!(read, Ok(1));
    }

    #[test]
    fn an_empty_parameter_is_an_empty_list() {
        assert_eq!(
            read(json!({"Names": [""]}), |properties| properties.texts("Names")),
            Ok(vec![])
        );
    }
}
