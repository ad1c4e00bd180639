//! The custom resources of the template and those of the provisioner.

use std::collections::BTreeSet;

use aws_config::{BehaviorVersion, SdkConfig};
use provisioner::{
    grant::PROVISIONER,
    pace::Pace,
    request::{Request, Verb},
    resource::REGISTRY,
    service::Service,
};
use serde_json::{Map, Value, json};

use crate::cloudformation::Template;

fn customs(template: &Template) -> Vec<(&String, &Value)> {
    let custom = |resource: &Value| resource["Type"].as_str().unwrap().starts_with("Custom::");
    template.resources().iter().filter(|(_, resource)| custom(resource)).collect()
}

#[test]
fn every_custom_resource_exists_in_the_provisioner_and_the_other_way_round() {
    let template = Template::read();
    let used: BTreeSet<_> =
        customs(&template).iter().map(|(_, resource)| resource["Type"].as_str().unwrap()).collect();
    let known: BTreeSet<_> = REGISTRY.iter().map(|definition| definition.name).collect();
    assert_eq!(used, known);
}

/// The provisioner reads the properties under their names in the template, with nothing in them: it
/// must complain of the values alone.
#[tokio::test]
async fn every_property_is_known_and_none_is_missing() {
    let template = Template::read();
    let config = SdkConfig::builder().behavior_version(BehaviorVersion::v2026_01_12()).build();
    let service = Service::new(&PROVISIONER, Pace::default(), &config);
    for (name, resource) in customs(&template) {
        let mut properties = resource["Properties"].as_object().unwrap().clone();
        for value in properties.values_mut() {
            *value = json!("");
        }
        let definition = REGISTRY.iter().find(|one| resource["Type"] == one.name).unwrap();
        let request = Request {
            verb: Verb::Create,
            logical_id: name.clone(),
            resource_type: definition.name.to_owned(),
            properties,
        };
        let failure = (definition.serve)(&request, &service.session()).await.unwrap_err();
        let told = failure.to_string();
        assert!(!told.contains("is unknown") && !told.contains("is missing"), "{name}: {told}");

        let nothing = Request { properties: Map::new(), ..request };
        let failure = (definition.serve)(&nothing, &service.session()).await.unwrap_err();
        assert!(failure.to_string().contains("is missing"), "the check above checks nothing");
    }
}

#[test]
fn every_custom_resource_is_served_by_the_provisioner() {
    let template = Template::read();
    for (name, resource) in customs(&template) {
        let token = &resource["Properties"]["ServiceToken"];
        assert_eq!(token, &json!({"Fn::GetAtt": ["Provisioner", "Arn"]}), "{name}");
    }
}

#[test]
fn the_fallback_action_comes_from_one_parameter() {
    let template = Template::read();
    let parameter = json!({"Ref": "FallbackAction"});
    assert_eq!(
        template.at("/Parameters/FallbackAction/AllowedValues"),
        &json!(["ABORT", "CONTINUE"])
    );
    let processors = template.at("/Resources/Flow/Properties/Processors").as_array().unwrap();
    for processor in processors {
        assert_eq!(processor["FallbackAction"], parameter);
    }
    for function in ["Processor", "LastResort"] {
        let variables = crate::cloudformation::variables(&template, function);
        assert_eq!(variables["FALLBACK_ACTION"], parameter, "{function}");
    }
    // An alias that does not follow a change of settings would go on with the old one.
    assert_eq!(template.at("/Resources/Processor/Properties/AutoPublishAliasAllProperties"), true);
}

#[test]
fn the_permission_is_on_the_alias_that_the_flow_invokes_and_for_this_app_instance() {
    let template = Template::read();
    let alias = json!({"Ref": "Processor.Alias"});
    let processor = template.at("/Resources/Flow/Properties/Processors/0");
    assert_eq!(processor["Configuration"]["Lambda"]["ResourceArn"], alias);
    let permission = template.at("/Resources/ProcessorPermission/Properties");
    assert_eq!(permission["FunctionName"], alias);
    assert_eq!(permission["Principal"], "messaging.chime.amazonaws.com");
    assert_eq!(permission["SourceAccount"], json!({"Ref": "AWS::AccountId"}));
    assert_eq!(permission["SourceArn"], json!({"Fn::Sub": "${AppInstance.AppInstanceArn}*"}));
}

#[test]
fn only_the_rule_of_this_stack_writes_into_the_log_of_failed_invocations() {
    let template = Template::read();
    let policy = template.at("/Resources/InvocationFailureLogsPolicy/Properties/PolicyDocument");
    let parts = &policy["Fn::Sub"];
    assert_eq!(parts[1]["Rule"], json!({"Fn::GetAtt": ["InvocationFailures", "Arn"]}));
    let document: Value = serde_json::from_str(parts[0].as_str().unwrap()).unwrap();
    for statement in document["Statement"].as_array().unwrap() {
        assert_eq!(statement["Principal"], json!({"Service": "events.amazonaws.com"}));
        assert_eq!(statement["Resource"], "${Group}");
        if statement["Action"] != "logs:CreateLogStream" {
            assert_eq!(statement["Action"], "logs:PutLogEvents");
            let condition = json!({"ArnEquals": {"aws:SourceArn": "${Rule}"}});
            assert_eq!(statement["Condition"], condition);
        }
    }
}

#[test]
fn what_may_hold_message_text_is_encrypted_and_goes_with_the_stack() {
    let template = Template::read();
    for stream in template.of_type("AWS::Kinesis::Stream") {
        let properties = &template.resources()[stream]["Properties"];
        assert_eq!(properties["StreamEncryption"]["EncryptionType"], "KMS", "{stream}");
        assert!(properties["Name"]["Fn::Sub"].as_str().unwrap().starts_with("chime-messaging-"));
        assert_eq!(properties["ShardCount"], json!({"Ref": "StreamShards"}));
        assert_eq!(template.at("/Parameters/StreamShards/MinValue"), 2);
    }
    for queue in template.of_type("AWS::SQS::Queue") {
        let properties = &template.resources()[queue]["Properties"];
        let without_a_key = &properties["SqsManagedSseEnabled"]["Fn::If"];
        assert_eq!(without_a_key, &json!(["HasKey", {"Ref": "AWS::NoValue"}, true]), "{queue}");
        assert_eq!(
            properties["KmsMasterKeyId"]["Fn::If"][1],
            json!({"Ref": "KmsKeyArn"}),
            "{queue}"
        );
    }
    for group in template.of_type("AWS::Logs::LogGroup") {
        let properties = &template.resources()[group]["Properties"];
        assert_eq!(properties["RetentionInDays"], json!({"Ref": "LogRetentionDays"}), "{group}");
        assert_eq!(properties["KmsKeyId"]["Fn::If"][1], json!({"Ref": "KmsKeyArn"}), "{group}");
    }
    for (name, resource) in template.resources() {
        if let Some(policy) = resource.get("DeletionPolicy") {
            assert_eq!(policy, "Delete", "{name} would stay behind");
        }
    }
}
