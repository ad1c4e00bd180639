//! A furnished service: one app instance with people, a channel and a flow on it.

use serde::{Deserialize, Serialize};

use crate::channels::Channel;
use crate::flows::{FallbackAction, Flow, Processor};
use crate::identity::{AppInstance, User};
use crate::memberships::Membership;
use crate::service::Service;

/// The names of what [`Server::furnish`](crate::Server::furnish) made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Furniture {
    /// The app instance.
    pub app_instance_arn: String,
    /// Its admin, `…/user/admin`, who also moderates the channel.
    pub admin_arn: String,
    /// The channel's other members, in the order asked for.
    pub user_arns: Vec<String>,
    /// The flow.
    pub channel_flow_arn: String,
    /// The channel that the flow is associated with.
    pub channel_arn: String,
}

impl Service {
    /// Makes an app instance with an admin, `users` and one channel of them all, behind a flow.
    pub(crate) fn furnish(
        &self,
        users: &[&str],
        function_arn: &str,
        fallback: FallbackAction,
    ) -> Furniture {
        let mut world = self.world();
        let instance =
            format!("arn:aws:chime:{}:{}:app-instance/{}", self.region, self.account, world.uuid());
        let admin = format!("{instance}/user/admin");
        let mut app_instance = AppInstance::new("local", None);
        app_instance.admins.insert(admin.clone());
        world.instances.insert(instance.clone(), app_instance);

        let mut channel = Channel::new(&instance, "lobby");
        let mut user_arns = Vec::new();
        for name in ["admin"].into_iter().chain(users.iter().copied()) {
            let arn = format!("{instance}/user/{name}");
            world.users.insert(arn.clone(), User::new(name, None));
            if let Some(identity) = world.identity(&arn) {
                channel.members.insert(arn.clone(), Membership::new(identity, None));
            }
            user_arns.push(arn);
        }
        user_arns.remove(0);
        channel.moderators.insert(admin.clone());
        channel.created_by = world.identity(&admin);
        let channel_arn = format!("{instance}/channel/lobby");
        world.channels.insert(channel_arn.clone(), channel);

        let channel_flow_arn = format!("{instance}/channel-flow/{}", world.uuid());
        world.flows.insert(
            channel_flow_arn.clone(),
            Flow::new("flow", Processor::new("processor", function_arn, fallback)),
        );
        world.associate(&channel_arn, &channel_flow_arn);
        Furniture {
            app_instance_arn: instance,
            admin_arn: admin,
            user_arns,
            channel_flow_arn,
            channel_arn,
        }
    }
}
