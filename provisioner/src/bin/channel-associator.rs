//! The function that gives new channels the flow.

use std::time::SystemTime;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use provisioner::{
    associator,
    grant::CHANNEL_ASSOCIATOR,
    https_client,
    service::Service,
    settings::{Moderation, Settings},
    telemetry, time_left,
};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let settings = Settings::from_environment()?;
    telemetry::start(&settings.log_filter);
    let moderation = Moderation::from_environment()?;
    let service = Service::connect(&CHANNEL_ASSOCIATOR, settings.pace, https_client()).await;
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        let time = time_left(event.context.deadline(), SystemTime::now());
        associator::handle(event.payload, time, &service.session(), &moderation).await
    }))
    .await
}
