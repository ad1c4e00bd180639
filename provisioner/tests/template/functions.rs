//! The functions of the template and the binaries of the workspace.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use cargo_metadata::MetadataCommand;
use provisioner::grant::{CHANNEL_ASSOCIATOR, PROVISIONER};
use serde_json::{Value, json};

use crate::cloudformation::{Template, root, variables};

/// Every binary of the workspace, with the folder of its package.
fn binaries() -> BTreeMap<String, PathBuf> {
    let metadata = MetadataCommand::new().current_dir(root()).no_deps().exec().unwrap();
    let mut binaries = BTreeMap::new();
    for package in metadata.packages {
        let folder = package.manifest_path.parent().unwrap().as_std_path().to_owned();
        for target in package.targets.iter().filter(|target| target.is_bin()) {
            let known = binaries.insert(target.name.clone(), folder.clone());
            assert_eq!(known, None, "two binaries of one name are built into one place");
        }
    }
    binaries
}

fn binary(function: &Value) -> &str {
    assert_eq!(function["Metadata"]["BuildMethod"], "rust-cargolambda");
    function["Metadata"]["BuildProperties"]["Binary"].as_str().unwrap()
}

/// All Rust source of a folder.
fn source(folder: &Path) -> String {
    let mut text = String::new();
    for entry in fs::read_dir(folder).unwrap().flatten() {
        let path = entry.path();
        if path.is_dir() {
            text.push_str(&source(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            text.push_str(&fs::read_to_string(path).unwrap());
        }
    }
    text
}

#[test]
fn every_functions_binary_exists_in_the_workspace() {
    let (template, binaries) = (Template::read(), binaries());
    let mut used = Vec::new();
    for name in template.of_type("AWS::Serverless::Function") {
        let binary = binary(&template.resources()[name]);
        assert!(binaries.contains_key(binary), "{name} runs {binary}, which no package builds");
        used.push(binary);
    }
    for function in [&PROVISIONER, &CHANNEL_ASSOCIATOR] {
        assert!(
            used.contains(&function.binary),
            "no function of the template runs {}",
            function.binary
        );
    }
}

#[test]
fn every_function_is_built_as_sam_builds_rust() {
    let template = Template::read();
    let all = template.at("/Globals/Function");
    assert_eq!(all["Runtime"], "provided.al2023");
    assert_eq!(all["Handler"], "bootstrap");
    let binaries = binaries();
    for name in template.of_type("AWS::Serverless::Function") {
        let function = &template.resources()[name];
        // `cargo lambda` looks for the binary in the package of this folder.
        let folder = root().join(function["Properties"]["CodeUri"].as_str().unwrap());
        let package = &binaries[binary(function)];
        assert_eq!(&folder.canonicalize().unwrap(), package, "{name}");
    }
}

/// Processor and last resort have no table of calls, because they make one call.
#[test]
fn the_processor_makes_the_one_call_that_its_role_allows() {
    let metadata = MetadataCommand::new().current_dir(root()).no_deps().exec().unwrap();
    let package = metadata.packages.iter().find(|package| package.name == "processor").unwrap();
    let names = package.dependencies.iter().map(|dependency| dependency.name.as_str());
    let services: Vec<_> = names.filter(|name| name.starts_with("aws-sdk-")).collect();
    assert_eq!(services, ["aws-sdk-chimesdkmessaging"]);
    let source = source(&package.manifest_path.parent().unwrap().as_std_path().join("src"));
    assert!(source.contains(".channel_flow_callback()"), "the grant is idle");
}

/// The variable that a policy's `hash` operators name when they name none.
fn hash_key() -> String {
    let source = fs::read_to_string(root().join("rules/src/policy/source.rs")).unwrap();
    let (_, default) = source.split_once("key_from: \"").unwrap();
    default.split('"').next().unwrap().to_owned()
}

#[test]
fn every_variable_of_a_function_is_read_by_its_settings() {
    let (template, binaries) = (Template::read(), binaries());
    let hash_key = hash_key();
    for name in template.of_type("AWS::Serverless::Function") {
        let folder = &binaries[binary(&template.resources()[name])];
        let settings = fs::read_to_string(folder.join("src/settings.rs")).unwrap();
        for variable in variables(&template, name).keys().filter(|name| **name != hash_key) {
            let read = settings.contains(&format!("\"{variable}\""));
            assert!(read, "{name} is given {variable}, which {} does not read", folder.display());
        }
    }
}

/// The build cannot know whether the function will have the key, so the template must have a place.
#[test]
fn the_key_of_hash_operators_is_a_parameter_that_nobody_sees() {
    let template = Template::read();
    let given = json!({"Fn::If": ["HasHashKey", {"Ref": "HashKey"}, {"Ref": "AWS::NoValue"}]});
    assert_eq!(variables(&template, "Processor")[&hash_key()], given);
    assert_eq!(template.at("/Parameters/HashKey/NoEcho"), true);
    // What the rules call too short must not deploy.
    assert_eq!(template.at("/Parameters/HashKey/AllowedPattern"), "^(.{16,})?$");
    let encrypted = template.at("/Resources/Processor/Properties/KmsKeyArn");
    assert_eq!(
        encrypted,
        &json!({"Fn::If": ["HasKey", {"Ref": "KmsKeyArn"}, {"Ref": "AWS::NoValue"}]})
    );
}

/// `sam build` packs the binary alone, so a policy file comes in a layer or not at all.
#[test]
fn a_policy_file_is_one_of_the_layer() {
    let template = Template::read();
    assert_eq!(template.at("/Parameters/PolicyFile/AllowedPattern"), "^(/opt/.+)?$");
    let layer =
        json!([{"Fn::If": ["HasPolicyLayer", {"Ref": "PolicyLayer"}, {"Ref": "AWS::NoValue"}]}]);
    assert_eq!(template.at("/Resources/Processor/Properties/Layers"), &layer);
    let file = &variables(&template, "Processor")["POLICY_FILE"]["Fn::If"];
    assert_eq!(file[1], json!({"Ref": "PolicyFile"}));
    assert_eq!(file[2]["Fn::If"][1], "/opt/policy.toml");
    assert_eq!(
        template.at("/Rules/APolicyFileIsInALayer/Assertions/0/Assert"),
        &json!({"Fn::Not": [{"Fn::Equals": [{"Ref": "PolicyLayer"}, ""]}]})
    );
}

/// A version that answers everything with the fallback has no errors and needs no last resort.
#[test]
fn a_version_that_aborts_is_rolled_back_as_one_that_fails_is() {
    let template = Template::read();
    let alarms =
        &template.at("/Resources/Processor/Properties/DeploymentPreference/Alarms")["Fn::If"];
    let rolling_back = ["ProcessorErrors", "LastResortUsed", "ManyAborted"];
    assert_eq!(alarms[0], "DeploysGradually");
    assert_eq!(alarms[1], json!(rolling_back.map(|alarm| json!({"Ref": alarm}))));
    // One message, or one bad minute, is no reason.
    let alarm = template.at("/Resources/ManyAborted/Properties");
    assert_eq!(alarm["DatapointsToAlarm"], 2);
    // A canary of 10 % that aborts everything aborts one message in ten.
    assert!(alarm["Threshold"].as_u64().unwrap() < 10);
    let expression = alarm["Metrics"][0]["Expression"].as_str().unwrap();
    for part in ["passed", "updated", "denied", "aborted"] {
        assert!(expression.contains(part), "{expression}");
    }
}

#[test]
fn every_metric_of_an_alarm_or_a_chart_is_one_that_the_processor_writes() {
    let (template, binaries) = (Template::read(), binaries());
    let names = fs::read_to_string(binaries["processor"].join("src/metrics.rs")).unwrap();
    let written = |metric: &str| names.contains(&format!("\"{metric}\""));
    let mut metrics = Vec::new();
    for alarm in template.of_type("AWS::CloudWatch::Alarm") {
        let properties = &template.resources()[alarm]["Properties"];
        if properties["Namespace"] == "ChannelFlow" {
            metrics.push(properties["MetricName"].as_str().unwrap().to_owned());
        }
        for part in properties["Metrics"].as_array().into_iter().flatten() {
            let metric = &part["MetricStat"]["Metric"];
            if metric["Namespace"] == "ChannelFlow" {
                metrics.push(metric["MetricName"].as_str().unwrap().to_owned());
            }
        }
    }
    metrics.extend(charted(template.at("/Resources/Dashboard/Properties/DashboardBody/Fn::Sub")));
    assert!(metrics.len() > 12, "only {metrics:?} were found");
    for metric in metrics {
        assert!(written(&metric), "nothing writes the metric {metric}");
    }
}

/// The project's own metrics in a dashboard: `.` and `...` repeat what stands above.
fn charted(body: &Value) -> Vec<String> {
    let body: Value = serde_json::from_str(body.as_str().unwrap()).unwrap();
    let mut metrics = Vec::new();
    for widget in body["widgets"].as_array().unwrap() {
        let (mut namespace, mut name) = (String::new(), String::new());
        for line in widget["properties"]["metrics"].as_array().unwrap() {
            let part = |index: usize| line[index].as_str().unwrap_or("...");
            if part(0) != "..." {
                if part(0) != "." {
                    part(0).clone_into(&mut namespace);
                }
                part(1).clone_into(&mut name);
            }
            if namespace == "ChannelFlow" {
                metrics.push(name.clone());
            }
        }
    }
    metrics
}
