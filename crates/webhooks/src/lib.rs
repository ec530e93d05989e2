//! Facts on their way to endpoints of others: queued for whoever wants them, signed, delivered in the
//! order of each subject, tried again, and every attempt logged.
//!
//! Speaking to an endpoint is done by whoever has the network; here is only what goes to whom when, and
//! what became of it.

mod address;
mod amend;
mod checks;
mod deliver;
mod error;
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
pub use amend::{AmendEndpoint, EndpointAmended, amend_endpoint};
pub use deliver::{Ended, Noted, Outgoing, note_attempt, take_due};
pub use error::WebhookError;
pub use pause::{
    EndpointChanged, PauseEndpoint, ResumeEndpoint, RetireEndpoint, pause_endpoint,
    resume_endpoint, retire_endpoint,
};
pub use ping::{EndpointPinged, PingEndpoint, ping_endpoint};
pub use queue::{Waiting, free_lost, leases_over, queue_facts, waiting};
pub use register::{EndpointRegistered, RegisterEndpoint, register_endpoint};
pub use replay::{
    DeliveryReplayed, FactsReplayed, ReplayDelivery, ReplayFacts, replay_delivery, replay_facts,
};
pub use rotate::{RotateSecret, SecretRotated, rotate_secret};
pub use secret::SigningSecret;
pub use views::{
    AttemptFilter, AttemptRow, DeliveryFilter, DeliveryRow, EndpointFilter, EndpointRow, delivery,
    endpoint, list_attempts, list_deliveries, list_endpoints,
};
pub use words::{DeliveryState, EndpointState, Outcome};

use identity::Permission;

/// Looking at endpoints, deliveries and attempts.
pub const READ: Permission = Permission("webhooks.read");
/// Registering, amending, pausing and retiring endpoints, and rotating their secrets.
pub const EDIT: Permission = Permission("webhooks.edit");
/// Pinging endpoints and having deliveries made once more.
pub const REPLAY: Permission = Permission("webhooks.replay");

/// What an endpoint is called in facts and in the audit trail.
pub(crate) const ENDPOINT: &str = "webhook";

/// The tables about webhooks.
pub static SCHEMA: store::Schema = store::Schema {
    name: "webhooks",
    migrations: store::migrations!("0001_webhooks.sql"),
    statements: tables::STATEMENTS,
    checks: checks::CHECKS,
    append_only: &["webhooks_attempt"],
    below: &[&store::SCHEMA, &identity::SCHEMA],
};
