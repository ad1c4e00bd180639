//! The order in which CloudFormation makes and, backwards, deletes.

use crate::cloudformation::Template;

#[track_caller]
fn goes_before(template: &Template, first: &str, later: &str) {
    assert!(
        template.dependencies(first).contains(later),
        "{first} does not depend on {later}, so it may be deleted after it"
    );
}

#[test]
fn nothing_depends_on_itself() {
    let template = Template::read();
    for name in template.resources().keys() {
        assert!(!template.dependencies(name).contains(name), "{name} depends on itself");
    }
}

#[test]
fn the_flow_is_drained_before_it_goes_and_the_admin_outlives_both() {
    let template = Template::read();
    let chain = ["NewChannels", "Drain", "Flow", "Admin", "AdminUser", "AppInstance"];
    for pair in chain.windows(2) {
        goes_before(&template, pair[0], pair[1]);
    }
    goes_before(&template, "Association", "Drain");
    goes_before(&template, "Association", "Admin");
}

#[test]
fn no_new_channel_gets_the_flow_once_it_is_drained() {
    let template = Template::read();
    goes_before(&template, "NewChannels", "Drain");
    goes_before(&template, "NewChannels", "ChannelAssociator");
    goes_before(&template, "ChannelAssociator", "ChannelAssociatorRole");
}

#[test]
fn what_serves_the_custom_resources_outlives_them() {
    let template = Template::read();
    for (name, resource) in template.resources() {
        if resource["Type"].as_str().unwrap().starts_with("Custom::") {
            for needed in ["Provisioner", "ProvisionerRole", "ProvisionerLogs", "AppInstance"] {
                goes_before(&template, name, needed);
            }
        }
    }
    goes_before(&template, "Streaming", "Stream");
}

#[test]
fn the_flow_is_there_only_while_its_processor_may_be_invoked() {
    let template = Template::read();
    for needed in
        ["Processor", "ProcessorPermission", "ProcessorRole", "LastResort", "UnansweredQueue"]
    {
        goes_before(&template, "Flow", needed);
    }
}
