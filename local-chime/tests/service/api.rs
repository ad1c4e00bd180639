//! The calls around messages: identities, channels, flows, limits, pages, rights.

use aws_credential_types::Credentials;
use aws_sdk_chimesdkidentity as identity;
use aws_sdk_chimesdkmessaging as messaging;
use local_chime::{Options, Server};
use messaging::types::{
    ChannelMembershipType, ChannelMessageType, ChannelPrivacy, FallbackAction, InvocationType,
    LambdaConfiguration, MessageAttributeValue, Processor, ProcessorConfiguration,
    PushNotificationConfiguration, Target,
};

use crate::stage::{FUNCTION, Stage, client, error_code};

fn identity_client(url: &str) -> identity::Client {
    let config = identity::Config::builder()
        .behavior_version(identity::config::BehaviorVersion::latest())
        .region(identity::config::Region::new("us-east-1"))
        .endpoint_url(url)
        .credentials_provider(Credentials::new("local", "local", None, None, "test"))
        .retry_config(identity::config::retry::RetryConfig::disabled())
        .http_client(aws_smithy_http_client::Builder::new().build_http())
        .build();
    identity::Client::from_conf(config)
}

fn flow_processor(function: &str) -> Processor {
    let lambda = LambdaConfiguration::builder()
        .resource_arn(function)
        .invocation_type(InvocationType::Async)
        .build()
        .unwrap();
    Processor::builder()
        .name("processor")
        .configuration(ProcessorConfiguration::builder().lambda(lambda).build())
        .execution_order(1)
        .fallback_action(FallbackAction::Continue)
        .build()
        .unwrap()
}

async fn quiet_stage() -> Stage {
    let target = local_chime::Target::in_process(|_event| std::future::ready(Ok(())));
    Stage::new(Options { default_target: Some(target), ..Options::default() }).await
}

#[tokio::test]
async fn an_app_instance_is_made_described_listed_and_deleted() {
    let server = Server::start(Options::default()).await.unwrap();
    let client = identity_client(&server.url());
    let made = client
        .create_app_instance()
        .name("one")
        .metadata("m")
        .client_request_token("aa")
        .send()
        .await
        .unwrap();
    let arn = made.app_instance_arn.unwrap();
    assert!(arn.starts_with("arn:aws:chime:us-east-1:111122223333:app-instance/"));
    let again = client
        .create_app_instance()
        .name("one")
        .client_request_token("aa")
        .send()
        .await
        .unwrap_err();
    assert_eq!(error_code(&again), "ConflictException");
    let nameless = client.create_app_instance().name("").send().await.unwrap_err();
    assert_eq!(error_code(&nameless), "BadRequestException");

    let described = client
        .describe_app_instance()
        .app_instance_arn(&arn)
        .send()
        .await
        .unwrap()
        .app_instance
        .unwrap();
    assert_eq!(
        (described.name.as_deref(), described.metadata.as_deref()),
        (Some("one"), Some("m"))
    );
    assert!(described.created_timestamp.unwrap().secs() > 1_700_000_000);

    let user = client
        .create_app_instance_user()
        .app_instance_arn(&arn)
        .app_instance_user_id("alice")
        .name("Alice");
    let user_arn = user.clone().send().await.unwrap().app_instance_user_arn.unwrap();
    assert_eq!(user_arn, format!("{arn}/user/alice"));
    assert_eq!(error_code(&user.send().await.unwrap_err()), "ConflictException");
    let bad_id = client
        .create_app_instance_user()
        .app_instance_arn(&arn)
        .app_instance_user_id("-a")
        .name("A")
        .send()
        .await;
    assert_eq!(error_code(&bad_id.unwrap_err()), "BadRequestException");

    let admin = || {
        client
            .create_app_instance_admin()
            .app_instance_arn(&arn)
            .app_instance_admin_arn(&user_arn)
            .send()
    };
    assert_eq!(
        admin().await.unwrap().app_instance_admin.unwrap().arn.as_deref(),
        Some(user_arn.as_str())
    );
    assert_eq!(error_code(&admin().await.unwrap_err()), "ConflictException");
    let describe_admin = || {
        client
            .describe_app_instance_admin()
            .app_instance_arn(&arn)
            .app_instance_admin_arn(&user_arn)
            .send()
    };
    assert_eq!(
        describe_admin().await.unwrap().app_instance_admin.unwrap().admin.unwrap().name.as_deref(),
        Some("Alice")
    );
    let admins = client
        .list_app_instance_admins()
        .app_instance_arn(&arn)
        .send()
        .await
        .unwrap()
        .app_instance_admins
        .unwrap();
    assert_eq!(admins.len(), 1);
    client
        .delete_app_instance_admin()
        .app_instance_arn(&arn)
        .app_instance_admin_arn(&user_arn)
        .send()
        .await
        .unwrap();
    assert_eq!(error_code(&describe_admin().await.unwrap_err()), "ForbiddenException");
    let user = client.describe_app_instance_user().app_instance_user_arn(&user_arn).send().await;
    assert!(user.is_ok(), "taking the role away leaves the user");

    client.delete_app_instance_user().app_instance_user_arn(&user_arn).send().await.unwrap();
    client.delete_app_instance().app_instance_arn(&arn).send().await.unwrap();
    let gone = client.describe_app_instance().app_instance_arn(&arn).send().await.unwrap_err();
    assert_eq!(error_code(&gone), "ForbiddenException");
    assert!(client.list_app_instances().send().await.unwrap().app_instances.unwrap().is_empty());
}

#[tokio::test]
async fn a_bot_is_an_identity_too() {
    let stage = quiet_stage().await;
    let client = identity_client(&stage.server.url());
    let lex = identity::types::LexConfiguration::builder()
        .lex_bot_alias_arn("arn:aws:lex:us-east-1:111122223333:bot-alias/AAAAAAAAAA/BBBBBBBBBB")
        .locale_id("en_US")
        .build()
        .unwrap();
    let configuration = identity::types::Configuration::builder().lex(lex).build();
    let bot = client
        .create_app_instance_bot()
        .app_instance_arn(&stage.scene.app_instance_arn)
        .name("Helper");
    let bot = bot.configuration(configuration).send().await.unwrap().app_instance_bot_arn.unwrap();
    assert_eq!(
        error_code(&stage.message("hi").chime_bearer(&bot).send().await.unwrap_err()),
        "ForbiddenException"
    );
    let join = stage
        .client
        .create_channel_membership()
        .channel_arn(&stage.scene.channel_arn)
        .member_arn(&bot);
    join.r#type(ChannelMembershipType::Default).chime_bearer(stage.alice()).send().await.unwrap();
    stage.message("hi").chime_bearer(&bot).send().await.unwrap();
}

#[tokio::test]
async fn lists_come_in_pages() {
    let server = Server::start(Options::default()).await.unwrap();
    let names: Vec<String> = (0..7).map(|n| format!("user{n}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let scene = server.furnish(&names, FUNCTION, local_chime::FallbackAction::Abort);
    let client = identity_client(&server.url());
    let (mut found, mut next, mut pages) = (Vec::new(), None, 0);
    loop {
        let page = client
            .list_app_instance_users()
            .app_instance_arn(&scene.app_instance_arn)
            .max_results(3);
        let page = page.set_next_token(next).send().await.unwrap();
        found.extend(
            page.app_instance_users
                .unwrap()
                .into_iter()
                .map(|user| user.app_instance_user_arn.unwrap()),
        );
        pages += 1;
        next = page.next_token;
        if next.is_none() {
            break;
        }
    }
    assert_eq!((found.len(), pages), (8, 3));
    found.dedup();
    assert_eq!(found.len(), 8);
    let too_many = client.list_app_instances().max_results(51).send().await.unwrap_err();
    assert_eq!(error_code(&too_many), "BadRequestException");
}

#[tokio::test]
async fn channels_and_members_follow_the_rules_of_privacy() {
    let stage = quiet_stage().await;
    let (client, scene) = (&stage.client, &stage.scene);
    let channel = |name: &str, privacy: ChannelPrivacy| {
        client
            .create_channel()
            .app_instance_arn(&scene.app_instance_arn)
            .name(name)
            .privacy(privacy)
            .chime_bearer(stage.alice())
    };
    let private = channel("private", ChannelPrivacy::Private)
        .channel_id("p")
        .send()
        .await
        .unwrap()
        .channel_arn
        .unwrap();
    assert_eq!(private, format!("{}/channel/p", scene.app_instance_arn));
    let twice =
        channel("private", ChannelPrivacy::Private).channel_id("p").send().await.unwrap_err();
    assert_eq!(error_code(&twice), "ConflictException");
    let public =
        channel("public", ChannelPrivacy::Public).send().await.unwrap().channel_arn.unwrap();

    let describe = |channel: &str, who: &str| {
        client.describe_channel().channel_arn(channel).chime_bearer(who).send()
    };
    assert_eq!(
        describe(&private, stage.alice()).await.unwrap().channel.unwrap().name.as_deref(),
        Some("private")
    );
    assert_eq!(
        error_code(&describe(&private, stage.bob()).await.unwrap_err()),
        "ForbiddenException"
    );
    assert!(describe(&private, &scene.admin_arn).await.is_ok());
    assert!(describe(&public, stage.bob()).await.is_ok());

    let list = |who: &str| {
        client.list_channels().app_instance_arn(&scene.app_instance_arn).chime_bearer(who)
    };
    assert_eq!(list(stage.bob()).send().await.unwrap().channels.unwrap().len(), 1);
    assert_eq!(list(&scene.admin_arn).send().await.unwrap().channels.unwrap().len(), 3);
    let private_list = list(stage.bob()).privacy(ChannelPrivacy::Private).send().await.unwrap_err();
    assert_eq!(error_code(&private_list), "ForbiddenException");

    let join = |channel: &str, member: &str, who: &str| {
        let call = client
            .create_channel_membership()
            .channel_arn(channel)
            .member_arn(member)
            .chime_bearer(who);
        call.r#type(ChannelMembershipType::Default).send()
    };
    assert_eq!(
        error_code(&join(&private, stage.bob(), stage.bob()).await.unwrap_err()),
        "ForbiddenException"
    );
    assert!(join(&public, stage.bob(), stage.bob()).await.is_ok());
    assert!(join(&private, stage.bob(), stage.alice()).await.is_ok());
    assert_eq!(
        error_code(&join(&private, stage.bob(), stage.alice()).await.unwrap_err()),
        "ConflictException"
    );
    let members = || {
        client.list_channel_memberships().channel_arn(&private).chime_bearer(stage.alice()).send()
    };
    assert_eq!(members().await.unwrap().channel_memberships.unwrap().len(), 2);
    let leave = |member: &str, who: &str| {
        client
            .delete_channel_membership()
            .channel_arn(&private)
            .member_arn(member)
            .chime_bearer(who)
            .send()
    };
    assert_eq!(
        error_code(&leave(stage.alice(), stage.bob()).await.unwrap_err()),
        "ForbiddenException"
    );
    leave(stage.bob(), stage.bob()).await.unwrap();
    assert_eq!(members().await.unwrap().channel_memberships.unwrap().len(), 1);

    let delete = |who: &str| client.delete_channel().channel_arn(&private).chime_bearer(who).send();
    assert_eq!(error_code(&delete(stage.bob()).await.unwrap_err()), "ForbiddenException");
    delete(stage.alice()).await.unwrap();
    assert_eq!(
        error_code(&describe(&private, stage.alice()).await.unwrap_err()),
        "ForbiddenException"
    );
}

#[tokio::test]
async fn a_flow_cannot_be_deleted_while_a_channel_has_it() {
    let stage = quiet_stage().await;
    let (client, scene) = (&stage.client, &stage.scene);
    let create = |function: &str| {
        client
            .create_channel_flow()
            .app_instance_arn(&scene.app_instance_arn)
            .name("f")
            .processors(flow_processor(function))
    };
    assert_eq!(
        error_code(&create("arn:aws:s3:::some-bucket").send().await.unwrap_err()),
        "BadRequestException"
    );
    let two = create(FUNCTION).processors(flow_processor(FUNCTION)).send().await.unwrap_err();
    assert_eq!(error_code(&two), "ResourceLimitExceededException");
    let flow = create(FUNCTION).send().await.unwrap().channel_flow_arn.unwrap();
    let described = client
        .describe_channel_flow()
        .channel_flow_arn(&flow)
        .send()
        .await
        .unwrap()
        .channel_flow
        .unwrap();
    assert_eq!(described.processors.unwrap(), [flow_processor(FUNCTION)]);
    let other = "arn:aws:lambda:us-east-1:111122223333:function:other";
    client
        .update_channel_flow()
        .channel_flow_arn(&flow)
        .name("g")
        .processors(flow_processor(other))
        .send()
        .await
        .unwrap();
    let flows = client
        .list_channel_flows()
        .app_instance_arn(&scene.app_instance_arn)
        .send()
        .await
        .unwrap()
        .channel_flows
        .unwrap();
    assert_eq!(flows.len(), 2);

    let channel = client
        .create_channel()
        .app_instance_arn(&scene.app_instance_arn)
        .name("c")
        .chime_bearer(stage.alice());
    let channel = channel.send().await.unwrap().channel_arn.unwrap();
    let associate = |flow: &str, who: &str| {
        client
            .associate_channel_flow()
            .channel_arn(&channel)
            .channel_flow_arn(flow)
            .chime_bearer(who)
            .send()
    };
    assert_eq!(error_code(&associate(&flow, stage.bob()).await.unwrap_err()), "ForbiddenException");
    assert_eq!(
        error_code(&associate(&format!("{flow}x"), stage.alice()).await.unwrap_err()),
        "NotFoundException"
    );
    associate(&flow, stage.alice()).await.unwrap();
    assert_eq!(
        error_code(&associate(&scene.channel_flow_arn, stage.alice()).await.unwrap_err()),
        "ConflictException"
    );
    let associated = client.list_channels_associated_with_channel_flow().channel_flow_arn(&flow);
    assert_eq!(associated.send().await.unwrap().channels.unwrap().len(), 1);

    let delete = || client.delete_channel_flow().channel_flow_arn(&flow).send();
    assert_eq!(error_code(&delete().await.unwrap_err()), "ConflictException");
    let disassociate = || {
        client
            .disassociate_channel_flow()
            .channel_arn(&channel)
            .channel_flow_arn(&flow)
            .chime_bearer(stage.alice())
            .send()
    };
    disassociate().await.unwrap();
    assert_eq!(error_code(&disassociate().await.unwrap_err()), "NotFoundException");
    delete().await.unwrap();
    let gone = client.describe_channel_flow().channel_flow_arn(&flow).send().await.unwrap_err();
    assert_eq!(error_code(&gone), "ForbiddenException");
}

#[tokio::test]
async fn a_message_must_keep_to_the_limits() {
    let stage = quiet_stage().await;
    let long = |n: usize| "x".repeat(n);
    stage.message(&long(4096)).metadata(long(1024)).send().await.unwrap();
    stage.message(&"é".repeat(2048)).send().await.unwrap();
    let push = |title: &str, body: &str| {
        PushNotificationConfiguration::builder().title(title).body(body).build()
    };
    stage.message("x").push_notification(push(&"é".repeat(50), &long(150))).send().await.unwrap();
    let attribute = |n: usize| MessageAttributeValue::builder().string_values(long(n)).build();
    stage
        .message("x")
        .message_attributes("a", attribute(512))
        .message_attributes("b", attribute(510))
        .send()
        .await
        .unwrap();
    for (what, call) in [
        ("no content", stage.message("")),
        ("long content", stage.message(&long(4097))),
        ("long in bytes", stage.message(&"é".repeat(2049))),
        ("long metadata", stage.message("x").metadata(long(1025))),
        ("empty title", stage.message("x").push_notification(push("", "b"))),
        ("long title", stage.message("x").push_notification(push(&long(51), "b"))),
        ("long body", stage.message("x").push_notification(push("t", &long(151)))),
        ("long control message", stage.message(&long(31)).r#type(ChannelMessageType::Control)),
        (
            "control message with metadata",
            stage.message("x").metadata("m").r#type(ChannelMessageType::Control),
        ),
        ("long attribute", stage.message("x").message_attributes("a", attribute(513))),
        (
            "long attributes",
            stage
                .message("x")
                .message_attributes("a", attribute(512))
                .message_attributes("b", attribute(511)),
        ),
        ("wrong token", stage.message("x").client_request_token("not this")),
        ("unknown kind", stage.message("x").r#type("OTHER".into())),
    ] {
        assert_eq!(error_code(&call.send().await.unwrap_err()), "BadRequestException", "{what}");
    }
    let once = stage.message("x").client_request_token("once");
    once.clone().send().await.unwrap();
    assert_eq!(error_code(&once.send().await.unwrap_err()), "ConflictException");
}

#[tokio::test]
async fn strangers_may_neither_send_nor_read() {
    let stage = quiet_stage().await;
    let id = stage.send("hello").await;
    let stranger = stage
        .server
        .furnish(&["mallory"], FUNCTION, local_chime::FallbackAction::Abort)
        .user_arns
        .remove(0);
    let nobody = format!("{}/user/nobody", stage.scene.app_instance_arn);
    for who in [&stranger, &nobody] {
        assert_eq!(
            error_code(&stage.message("hi").chime_bearer(who).send().await.unwrap_err()),
            "ForbiddenException"
        );
        let get = stage
            .client
            .get_channel_message()
            .channel_arn(&stage.scene.channel_arn)
            .message_id(&id)
            .chime_bearer(who);
        assert_eq!(error_code(&get.send().await.unwrap_err()), "ForbiddenException");
        let list = stage
            .client
            .list_channel_messages()
            .channel_arn(&stage.scene.channel_arn)
            .chime_bearer(who);
        assert_eq!(error_code(&list.send().await.unwrap_err()), "ForbiddenException");
    }
}

#[tokio::test]
async fn a_targeted_message_is_for_one_member() {
    let stage = quiet_stage().await;
    let disassociate =
        stage.client.disassociate_channel_flow().channel_arn(&stage.scene.channel_arn);
    disassociate
        .channel_flow_arn(&stage.scene.channel_flow_arn)
        .chime_bearer(&stage.scene.admin_arn)
        .send()
        .await
        .unwrap();
    let target = Target::builder().member_arn(stage.bob()).build();
    let id = stage.message("psst").target(target).send().await.unwrap().message_id.unwrap();
    assert_eq!(stage.read(stage.bob(), &id).await, Some(("psst".into(), "SENT".into())));
    assert_eq!(stage.read(&stage.scene.user_arns[2], &id).await, None);
}

#[tokio::test]
async fn the_session_endpoint_is_a_bare_host() {
    let server = Server::start(Options::default()).await.unwrap();
    let endpoint = client(&server.url())
        .get_messaging_session_endpoint()
        .send()
        .await
        .unwrap()
        .endpoint
        .unwrap();
    assert_eq!(endpoint.url.as_deref(), Some(server.address().to_string().as_str()));
}

#[tokio::test]
async fn what_is_no_call_is_an_error_and_no_crash() {
    let server = Server::start(Options::default()).await.unwrap();
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    let post =
        |path: &str, body: Vec<u8>| http.post(format!("{}{path}", server.url())).body(body).send();
    for (path, body, status) in [
        ("/nothing", Vec::new(), 404),
        ("/channels?operation=search", Vec::new(), 404),
        ("/channels/%FF%FE", Vec::new(), 400),
        ("/channels/a?operation=channel-flow-callback", b"{".to_vec(), 400),
        ("/channels/a?operation=channel-flow-callback", b"[[[[".repeat(10_000), 400),
        (
            "/channels/a?operation=channel-flow-callback",
            br#"{"CallbackId": "\ud800"}"#.to_vec(),
            400,
        ),
        ("/channels/a?operation=channel-flow-callback", vec![b' '; 2_000_000], 400),
        ("/local-chime/nothing", Vec::new(), 404),
    ] {
        let response = post(path, body).await.unwrap();
        assert_eq!(response.status().as_u16(), status, "{path}");
        assert!(response.headers().contains_key("x-amzn-errortype"), "{path}");
    }
}
