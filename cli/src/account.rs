//! The caller's AWS account: credentials, the deployed stack, and what else the account says of it.

mod facts;
mod stack;

use std::fmt::{self, Write as _};

use aws_config::profile::ProfileFileCredentialsProvider;
use aws_config::provider_config::ProviderConfig;
use aws_config::{BehaviorVersion, Region, SdkConfig, retry::RetryConfig};
use aws_credential_types::provider::ProvideCredentials as _;
use aws_sdk_cloudformation::error::{ProvideErrorMetadata, SdkError};
use clap::Args;
use provisioner::arn::{ChannelFlow, ParseArn as _};
use provisioner::failure::{Kind, Refused};
use provisioner::grant::OPERATOR;
use provisioner::pace::Pace;
use provisioner::service::Service;

pub(crate) use self::facts::facts;
pub(crate) use self::stack::Stack;
use crate::exit::Failure;

/// The deployment that is meant, and in whose name it is looked at.
#[derive(Args, Debug)]
pub(crate) struct Deployment {
    /// The stack's name, or the ARN of its flow
    #[arg(long, value_name = "NAME|ARN", default_value = "channel-flow")]
    stack: String,
    /// The profile to take credentials and region from, instead of `AWS_PROFILE`
    #[arg(long, value_name = "NAME")]
    profile: Option<String>,
    /// The region, instead of the flow's ARN's, the environment's or the profile's
    #[arg(long, value_name = "REGION")]
    region: Option<String>,
}

impl Deployment {
    /// The region that the arguments name: a flow's ARN says where it is.
    fn region(&self) -> Option<String> {
        let named = self.region.clone();
        named.or_else(|| Some(ChannelFlow::parse(&self.stack).ok()?.region().to_owned()))
    }
}

/// What talks to the account.
pub(crate) struct Account {
    config: SdkConfig,
}

impl Account {
    /// Finds credentials and region as the AWS CLI does: the environment, the profile, SSO, the
    /// machine's role.
    pub(crate) async fn connect(deployment: &Deployment) -> Result<Self, Failure> {
        let mut loader = aws_config::defaults(BehaviorVersion::v2026_01_12())
            .http_client(provisioner::https_client());
        if let Some(profile) = &deployment.profile {
            // A profile that is named comes before credentials in the environment, as with the AWS
            // CLI, and nothing else stands in for it.
            let provider = ProviderConfig::default().with_http_client(provisioner::https_client());
            let provider = ProfileFileCredentialsProvider::builder()
                .configure(&provider)
                .profile_name(profile)
                .build();
            provider.provide_credentials().await.map_err(|error| {
                let why = reasons(&error);
                Failure::Usage(format!("the AWS profile `{profile}` gives no credentials ({why})"))
            })?;
            loader = loader.profile_name(profile).credentials_provider(provider);
        }
        if let Some(region) = deployment.region() {
            loader = loader.region(Region::new(region));
        }
        let config = Box::pin(loader.load()).await;
        if config.region().is_none() {
            return Err(Failure::Usage(
                "no AWS region is known: give --region, or set AWS_REGION".to_owned(),
            ));
        }
        // Asked for now, so that what is missing is said once and plainly.
        let credentials = match config.credentials_provider() {
            Some(provider) => provider.provide_credentials().await.map_err(|error| reasons(&error)),
            None => Err("no provider is set up".to_owned()),
        };
        match credentials {
            Ok(_) => Ok(Self { config }),
            Err(why) => Err(Failure::Usage(format!(
                "no AWS credentials are found: give --profile, set AWS_PROFILE or \
                 AWS_ACCESS_KEY_ID, or log in with `aws sso login` ({why})"
            ))),
        }
    }

    /// The messaging service, for the operator.
    pub(crate) fn service(&self) -> Service {
        // The session repeats what passes by itself; the SDK's own policy would miss 429.
        let config = self.config.to_builder().retry_config(RetryConfig::disabled()).build();
        Service::new(&OPERATOR, Pace::default(), &config)
    }
}

/// An error's reasons, outermost first, each in its own words; what the SDK keeps for debugging (whole
/// responses) is left out.
fn reasons(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut deeper = error.source();
    while let Some(error) = deeper {
        let _written = write!(said, ": {error}");
        deeper = error.source();
    }
    said
}

/// Why AWS did not answer, in its own words.
struct Why<'a, E>(&'a SdkError<E>);

impl<E> fmt::Display for Why<'_, E>
where
    E: ProvideErrorMetadata + std::error::Error + Send + Sync + 'static,
{
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match (self.0, self.0.code(), self.0.message()) {
            (SdkError::ServiceError(_), Some(code), Some(message)) => {
                write!(formatter, "{code}: {message}")
            }
            (other, ..) => formatter.write_str(&reasons(other)),
        }
    }
}

/// A refusal of the messaging service, as the caller should read it.
pub(crate) fn refused(refused: &Refused) -> String {
    let Refused { call, kind, reason } = refused;
    let action = call.action();
    match kind {
        Kind::Forbidden => format!(
            "{action} was refused ({reason}): allow it to yourself, and see that the stack's admin \
             is still one"
        ),
        _ => format!("{action} failed ({reason})"),
    }
}
