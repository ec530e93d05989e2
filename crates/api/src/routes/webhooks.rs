//! Who is told of what happens.

use crate::route::Routes;
use webhooks::{EDIT, READ, REPLAY, SigningSecret};

pub(super) fn add(routes: Routes) -> Routes {
    routes
        .secret_verb(
            "/webhooks",
            EDIT,
            "Register a webhook; its secret is in the first answer alone",
            (
                |tx, ctx, request, secret| {
                    webhooks::register_webhook(tx, ctx, request, &SigningSecret::of(secret))
                },
                |mut registered, secret| {
                    registered.secret = Some(SigningSecret::of(secret).reveal().to_owned());
                    registered
                },
            ),
        )
        .list("/webhooks", READ, "List webhooks", webhooks::list_webhooks)
        .list("/webhook-facts", READ, "List the facts that webhooks can want", webhooks::list_facts)
        .detail("/webhooks/{id}", READ, "Show a webhook", webhooks::webhook)
        .verb("/webhooks/amend", EDIT, "Amend a webhook", webhooks::amend_webhook)
        .verb("/webhooks/pause", EDIT, "Pause a webhook", webhooks::pause_webhook)
        .verb("/webhooks/resume", EDIT, "Resume a webhook", webhooks::resume_webhook)
        .verb("/webhooks/retire", EDIT, "Retire a webhook for good", webhooks::retire_webhook)
        .secret_verb(
            "/webhooks/rotate",
            EDIT,
            "Give a webhook another secret; it is in the first answer alone",
            (
                |tx, ctx, request, secret| {
                    webhooks::rotate_secret(tx, ctx, request, &SigningSecret::of(secret))
                },
                |mut rotated, secret| {
                    rotated.secret = Some(SigningSecret::of(secret).reveal().to_owned());
                    rotated
                },
            ),
        )
        .verb("/webhooks/ping", REPLAY, "Ping a webhook", webhooks::ping_webhook)
        .verb(
            "/webhooks/replay",
            REPLAY,
            "Deliver all facts of a span to a webhook",
            webhooks::replay_facts,
        )
        .list("/webhook-deliveries", READ, "List deliveries to webhooks", webhooks::list_deliveries)
        .detail("/webhook-deliveries/{id}", READ, "Show a delivery", webhooks::delivery)
        .verb(
            "/webhook-deliveries/replay",
            REPLAY,
            "Make a delivery once more",
            webhooks::replay_delivery,
        )
        .list(
            "/webhook-attempts",
            READ,
            "List attempts at deliveries, the latest first",
            webhooks::list_attempts,
        )
}
