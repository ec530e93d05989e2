//! Facts on their way to webhooks: queued for whoever wants them, signed, delivered in the
//! order of each subject, tried again, and every attempt logged.
//!
//! Speaking to a webhook is done by whoever has the network; here is only what goes to whom when, and
//! what became of it.

mod address;
mod amend;
mod checks;
mod deliver;
mod error;
mod facts;
mod pause;
mod ping;
mod queue;
mod register;
mod replay;
mod rotate;
mod rules;
mod secret;
mod tables;
mod views;
mod words;

pub use address::{AddressClass, class_of};
pub use amend::{AmendWebhook, WebhookAmended, amend_webhook};
pub use deliver::{Ended, Noted, Outgoing, note_attempt, take_due};
pub use error::WebhookError;
pub use facts::{FACTS, FactFilter, FactRow, list_facts};
pub use pause::{
    PauseWebhook, ResumeWebhook, RetireWebhook, WebhookChanged, give_up_retired, pause_webhook,
    resume_webhook, retire_webhook,
};
pub use ping::{PingWebhook, WebhookPinged, ping_webhook};
pub use queue::{Waiting, forget_old_secrets, free_lost, leases_over, queue_facts, waiting};
pub use register::{RegisterWebhook, WebhookRegistered, register_webhook};
pub use replay::{
    DeliveryReplayed, FactsReplayed, ReplayDelivery, ReplayFacts, replay_delivery, replay_facts,
};
pub use rotate::{RotateSecret, SecretRotated, rotate_secret};
pub use secret::SigningSecret;
pub use views::{
    AttemptFilter, AttemptRow, DeliveryFilter, DeliveryRow, WebhookFilter, WebhookRow, delivery,
    list_attempts, list_deliveries, list_webhooks, webhook,
};
pub use words::{AttemptOutcome, DeliveryState, WebhookState};

use identity::Permission;

/// Looking at webhooks, deliveries and attempts.
pub const READ: Permission = Permission("webhooks.read");
/// Registering, amending, pausing and retiring webhooks, and rotating their secrets.
pub const EDIT: Permission = Permission("webhooks.edit");
/// Pinging webhooks and having deliveries made once more.
pub const REPLAY: Permission = Permission("webhooks.replay");

/// What a webhook is called in facts and in the audit trail.
pub(crate) const WEBHOOK: &str = "webhook";

/// The tables about webhooks.
pub static SCHEMA: store::Schema = store::Schema {
    name: "webhooks",
    migrations: store::migrations!("0001_webhooks.sql", "0002_pings.sql"),
    statements: &tables::ALL,
    checks: checks::CHECKS,
    append_only: &["webhooks_attempt"],
    below: &[&store::SCHEMA, &identity::SCHEMA],
};
