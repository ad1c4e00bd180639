//! The template as data: short forms of intrinsic functions written out, and references found.

use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    path::{Path, PathBuf},
};

use saphyr::{LoadableYamlNode, Scalar, Yaml};
use serde_json::{Map, Value, json};

/// The root of the workspace.
pub(crate) fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..")
}

pub(crate) struct Template(Value);

impl Template {
    pub(crate) fn read() -> Self {
        let text = fs::read_to_string(root().join("template.yaml")).unwrap();
        Self::of(&text)
    }

    pub(crate) fn of(text: &str) -> Self {
        let documents = Yaml::load_from_str(text).unwrap();
        let [document] = documents.as_slice() else { panic!("not one document") };
        Self(value(document))
    }

    pub(crate) fn at(&self, pointer: &str) -> &Value {
        self.0.pointer(pointer).unwrap_or_else(|| panic!("the template has no {pointer}"))
    }

    pub(crate) fn resources(&self) -> &Map<String, Value> {
        self.at("/Resources").as_object().unwrap()
    }

    /// The names of the resources of a type.
    pub(crate) fn of_type(&self, kind: &str) -> Vec<&str> {
        let of_type = |(_, resource): &(&String, &Value)| resource["Type"] == kind;
        self.resources().iter().filter(of_type).map(|(name, _)| name.as_str()).collect()
    }

    /// Everything a resource refers to, directly or not. CloudFormation makes it after those, and
    /// deletes it before them.
    pub(crate) fn dependencies(&self, name: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        let mut open = vec![name.to_owned()];
        while let Some(one) = open.pop() {
            for reference in self.references(&one) {
                if found.insert(reference.clone()) {
                    open.push(reference);
                }
            }
        }
        found
    }

    /// What a resource refers to itself.
    pub(crate) fn references(&self, name: &str) -> BTreeSet<String> {
        let resource = &self.resources()[name];
        let mut names = BTreeSet::new();
        match &resource["DependsOn"] {
            Value::Null => {}
            Value::String(one) => drop(names.insert(one.clone())),
            Value::Array(several) => {
                names.extend(several.iter().map(|one| one.as_str().unwrap().to_owned()));
            }
            other => panic!("{name} depends on {other}"),
        }
        collect(&resource["Properties"], &mut names);
        names.retain(|one| self.resources().contains_key(one));
        names
    }
}

/// The names in `Ref`, `Fn::GetAtt` and `Fn::Sub`.
fn collect(value: &Value, names: &mut BTreeSet<String>) {
    match value {
        Value::Array(items) => items.iter().for_each(|item| collect(item, names)),
        Value::Object(map) => {
            // SAM makes the deployment group of it, which is not the function.
            for (key, item) in map.iter().filter(|(key, _)| *key != "DeploymentPreference") {
                match (key.as_str(), item) {
                    ("Ref", Value::String(name)) => drop(names.insert(first_part(name))),
                    ("Fn::GetAtt", Value::Array(path)) => {
                        names.insert(path[0].as_str().unwrap().to_owned());
                    }
                    ("Fn::Sub", Value::String(text)) => names.extend(placeholders(text)),
                    ("Fn::Sub", Value::Array(parts)) => {
                        names.extend(placeholders(parts[0].as_str().unwrap()));
                        collect(&parts[1], names);
                    }
                    _ => collect(item, names),
                }
            }
        }
        _ => {}
    }
}

/// `Name` of `Name.Attribute`: also of SAM's `Function.Alias` in a `Ref`.
fn first_part(name: &str) -> String {
    name.split('.').next().unwrap_or_default().to_owned()
}

fn placeholders(text: &str) -> Vec<String> {
    let placeholders = text.split("${").skip(1).filter_map(|rest| rest.split_once('}'));
    placeholders.map(|(name, _)| first_part(name)).collect()
}

fn value(yaml: &Yaml<'_>) -> Value {
    match yaml {
        Yaml::Value(Scalar::Null) => Value::Null,
        Yaml::Value(Scalar::Boolean(value)) => json!(value),
        Yaml::Value(Scalar::Integer(value)) => json!(value),
        Yaml::Value(Scalar::FloatingPoint(value)) => json!(value.into_inner()),
        Yaml::Value(Scalar::String(value)) => json!(value),
        Yaml::Sequence(items) => items.iter().map(value).collect(),
        Yaml::Mapping(map) => {
            let pairs =
                map.iter().map(|(key, item)| (key.as_str().unwrap().to_owned(), value(item)));
            Value::Object(pairs.collect())
        }
        Yaml::Tagged(tag, item) => tagged(&tag.suffix, value(item)),
        other => panic!("CloudFormation does not know {other:?}"),
    }
}

/// The long form of `!Name value`.
fn tagged(name: &str, value: Value) -> Value {
    let (key, value) = match (name, value) {
        ("Ref" | "Condition", value) => (name.to_owned(), value),
        ("GetAtt", Value::String(path)) => {
            let (resource, attribute) = path.split_once('.').unwrap();
            ("Fn::GetAtt".to_owned(), json!([resource, attribute]))
        }
        (_, value) => (format!("Fn::{name}"), value),
    };
    Value::Object(Map::from_iter([(key, value)]))
}

/// A resource of a policy as text: references as placeholders, the way `Fn::Sub` writes them.
pub(crate) fn rendered(value: &Value) -> String {
    if let Some(text) = value.as_str().or_else(|| value["Fn::Sub"].as_str()) {
        return text.to_owned();
    }
    if let Some(name) = value["Ref"].as_str() {
        return format!("${{{name}}}");
    }
    match value["Fn::GetAtt"].as_array().map(Vec::as_slice) {
        Some([resource, attribute]) => {
            format!("${{{}.{}}}", resource.as_str().unwrap(), attribute.as_str().unwrap())
        }
        _ => panic!("{value} is no resource of a policy"),
    }
}

/// The variables of a function: its own and those of all.
pub(crate) fn variables(template: &Template, function: &str) -> BTreeMap<String, Value> {
    let globals = template.at("/Globals/Function/Environment/Variables").as_object().unwrap();
    let own = template.resources()[function].pointer("/Properties/Environment/Variables");
    let own = own.and_then(Value::as_object).into_iter().flatten();
    globals.iter().chain(own).map(|(name, value)| (name.clone(), value.clone())).collect()
}

#[test]
fn short_forms_are_read_as_their_long_forms() {
    let template = Template::of(
        "Resources:\n  A: {Type: T, DependsOn: B, Properties: {x: !GetAtt C.Arn, y: !Sub 'z${D.Name}${E}'}}\n  \
         B: {}\n  C: {Properties: !If [Yes, !Ref F.Alias, 1]}\n  D: {}\n  E: {}\n  F: {}\n  G: {}\n",
    );
    assert_eq!(template.at("/Resources/A/Properties/x"), &json!({"Fn::GetAtt": ["C", "Arn"]}));
    assert_eq!(template.references("A"), ["B", "C", "D", "E"].map(str::to_owned).into());
    assert_eq!(template.dependencies("A"), ["B", "C", "D", "E", "F"].map(str::to_owned).into());
}
