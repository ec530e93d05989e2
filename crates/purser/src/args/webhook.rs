//! The command line of webhooks.

use super::ListArgs;
use crate::hook::Reach;
use base::{Day, DeliveryId, WebhookId};
use clap::Subcommand;

/// What facts may be delivered to beside public addresses.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct ReachArgs {
    /// Also deliver facts to these: `loopback` (this machine, also without TLS), `private`,
    /// `link-local`. Without it only to public addresses.
    #[arg(
        long,
        value_name = "NETWORKS",
        env = "PURSER_WEBHOOKS_REACH",
        value_enum,
        value_delimiter = ','
    )]
    pub webhooks_reach: Vec<Reach>,
}

/// `webhook`.
#[derive(Debug, Subcommand)]
pub(crate) enum WebhookCommand {
    /// List webhooks.
    List(ListArgs),
    /// Register a webhook; its secret is shown once.
    Register(WebhookRegisterArgs),
    /// Change a webhook's name, address or facts.
    Amend(WebhookAmendArgs),
    /// Deliver nothing to a webhook until it is resumed.
    Pause(WebhookPauseArgs),
    /// Deliver to a webhook again, what waits first.
    Resume(WebhookArgs),
    /// Give a webhook up for good.
    Retire(WebhookArgs),
    /// Give a webhook another secret; it is shown once.
    Rotate(WebhookRotateArgs),
    /// Queue a ping for a webhook.
    Ping(WebhookArgs),
    /// Make a delivery once more.
    Replay(WebhookReplayArgs),
    /// Deliver all facts of a span that a webhook wants.
    ReplayFacts(WebhookReplayFactsArgs),
    /// Deliver what is due, once; a server does so by itself.
    Deliver(WebhookDeliverArgs),
}

/// A command about one webhook.
#[derive(Debug, clap::Args)]
pub(crate) struct WebhookArgs {
    /// The webhook.
    #[arg(value_name = "ID")]
    pub webhook_id: WebhookId,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `webhook register`.
#[derive(Debug, clap::Args)]
pub(crate) struct WebhookRegisterArgs {
    /// What it is called: who listens there.
    pub name: String,
    /// Where facts are posted to: `https://host/path`.
    pub address: String,
    /// Which facts it wants: `sales.shipped`, `sales.*`, or `*` for all; repeat it for several.
    #[arg(long = "fact", value_name = "PATTERN", required = true)]
    pub facts: Vec<String>,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `webhook amend`.
#[derive(Debug, clap::Args)]
pub(crate) struct WebhookAmendArgs {
    /// The webhook.
    #[arg(value_name = "ID")]
    pub webhook_id: WebhookId,
    /// What it is called.
    #[arg(long)]
    pub name: Option<String>,
    /// Where facts are posted to.
    #[arg(long)]
    pub address: Option<String>,
    /// Which facts it wants, in place of those before; repeat it for several.
    #[arg(long = "fact", value_name = "PATTERN")]
    pub facts: Vec<String>,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `webhook pause`.
#[derive(Debug, clap::Args)]
pub(crate) struct WebhookPauseArgs {
    /// The webhook.
    #[arg(value_name = "ID")]
    pub webhook_id: WebhookId,
    /// Why.
    #[arg(long, default_value = "")]
    pub reason: String,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `webhook rotate`.
#[derive(Debug, clap::Args)]
pub(crate) struct WebhookRotateArgs {
    /// The webhook.
    #[arg(value_name = "ID")]
    pub webhook_id: WebhookId,
    /// For how many hours the secret before signs as well; 0 when it became known to others.
    #[arg(long, default_value_t = 24)]
    pub keep_hours: i64,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `webhook replay`.
#[derive(Debug, clap::Args)]
pub(crate) struct WebhookReplayArgs {
    /// The delivery; one that waits to be tried again is tried at once.
    #[arg(value_name = "ID")]
    pub delivery_id: DeliveryId,
    #[command(flatten)]
    pub list: ListArgs,
}

/// `webhook replay-facts`.
#[derive(Debug, clap::Args)]
pub(crate) struct WebhookReplayFactsArgs {
    /// The webhook.
    #[arg(value_name = "ID")]
    pub webhook_id: WebhookId,
    /// Facts recorded from this day on.
    #[arg(long)]
    pub from: Day,
    /// Until the end of this day.
    #[arg(long)]
    pub to: Day,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
}

/// `webhook deliver`.
#[derive(Debug, clap::Args)]
pub(crate) struct WebhookDeliverArgs {
    #[command(flatten)]
    pub reach: ReachArgs,
    /// The company, when there are several.
    #[arg(long)]
    pub company: Option<String>,
}
