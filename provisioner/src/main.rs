//! The function behind the custom resources.

use std::time::SystemTime;

use lambda_runtime::{Error, LambdaEvent, service_fn};
use provisioner::{
    courier::HttpsCourier, grant::PROVISIONER, handler, handler::Desk, https_client,
    resource::REGISTRY, service::Service, settings::Settings, telemetry, time_left,
};
use serde_json::Value;

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Error> {
    let settings = Settings::from_environment()?;
    telemetry::start(&settings.log_filter);
    let service = Service::connect(&PROVISIONER, settings.pace, https_client()).await;
    let courier = HttpsCourier::new();
    let desk = Desk {
        registry: REGISTRY,
        courier: &courier,
        pace: settings.pace,
        log_stream: &settings.log_stream,
    };
    lambda_runtime::run(service_fn(async |event: LambdaEvent<Value>| {
        let time = time_left(event.context.deadline(), SystemTime::now());
        handler::handle(event.payload, time, &service.session(), &desk).await
    }))
    .await
}
