use super::world::{DAY, MINUTE, World, nobody, of, story};
use base::WebhookId;
use webhooks::{
    DeliveryFilter, DeliveryState, FactsReplayed, ReplayDelivery, ReplayFacts, WebhookError,
};

fn replay(world: &World, micros: i64, delivery_id: base::DeliveryId) -> Result<(), WebhookError> {
    let replayed = world.act(micros, move |tx, ctx| {
        webhooks::replay_delivery(tx, ctx, ReplayDelivery { delivery_id })
    });
    replayed.map(|_| ())
}

/// Replays the facts of days, counted from the first.
fn span(
    world: &World,
    webhook_id: WebhookId,
    (from, to): (i64, i64),
    cursor: Option<String>,
) -> Result<FactsReplayed, WebhookError> {
    let day = |days| world.ctx.today.plus(days).unwrap();
    let request = ReplayFacts { webhook_id, from_day: day(from), to_day: day(to), cursor };
    world.act(10 * DAY, move |tx, ctx| webhooks::replay_facts(tx, ctx, request.clone()))
}

#[test]
fn a_delivery_is_replayed_under_the_same_fact() {
    story(|world| {
        let shop = world.register("shop", &["*"]);
        world.state(1, 1, "sales.accepted");
        world.queue(0);
        let first = world.take(shop, 0).unwrap();
        let early = replay(world, 0, first.delivery_id).unwrap_err();
        assert!(matches!(early, WebhookError::NotEnded { .. }), "{early}");
        world.note(&first, 200, 0);
        replay(world, MINUTE, first.delivery_id).unwrap();
        let again = world.take(shop, MINUTE).unwrap();
        assert_eq!((again.delivery_id, &again.body), (first.delivery_id, &first.body));
        assert_eq!(again.attempt, 2);
        world.note(&again, 200, MINUTE);
        let row = world.delivery(first.delivery_id);
        assert_eq!((row.state, row.replays, row.attempts), (DeliveryState::Delivered, 1, 2));
        let none = replay(world, 0, nobody()).unwrap_err();
        assert!(matches!(none, WebhookError::NoDelivery(_)), "{none}");
    });
}

#[test]
fn a_span_of_facts_is_replayed_also_from_before_the_webhook() {
    story(|world| {
        let watch = world.register("watch", &["*"]);
        world.state_at(DAY, 1, 1, "sales.accepted");
        world.state_at(2 * DAY, 1, 2, "sales.shipped");
        world.state_at(2 * DAY, 1, 3, "stock.moved");
        world.state_at(3 * DAY, 1, 4, "sales.invoiced");
        world.queue(3 * DAY);
        world.deliver(watch, 3 * DAY);
        let shop = world.register("shop", &["sales.*"]);
        world.state_at(4 * DAY, 1, 5, "sales.credited");
        world.queue(4 * DAY);
        assert_eq!(world.deliver(shop, 4 * DAY), [of(1, 5)]);
        // What it got, what it never got, and nothing that it does not want or that is outside.
        let done = span(world, shop, (2, 4), None).unwrap();
        assert_eq!((done.queued, done.next_cursor), (3, None));
        assert_eq!(world.deliver(shop, 10 * DAY), [of(1, 2), of(1, 4), of(1, 5)]);
        let again = span(world, shop, (0, 1), None).unwrap();
        assert_eq!(again.queued, 1);
        let waits = span(world, shop, (0, 1), None).unwrap();
        assert_eq!(waits.queued, 0, "it waits already");
        assert_eq!(world.deliver(shop, 10 * DAY), [of(1, 1)]);
        let back = span(world, shop, (1, 0), None).unwrap_err();
        assert_eq!(back, WebhookError::EmptySpan);
    });
}

#[test]
fn a_long_span_is_replayed_in_parts() {
    story(|world| {
        let shop = world.register("shop", &["*"]);
        let stated: Result<(), store::StoreError> = world.act(0, |tx, ctx| {
            for order in 0..1_200 {
                ctx.fact(tx, "order", order, 1, "sales.accepted", serde_json::json!({}));
            }
            Ok(())
        });
        stated.unwrap();
        world.queue(0);
        let late = world.register("late", &["*"]);
        let first = span(world, late, (0, 0), None).unwrap();
        assert_eq!(first.queued, 1_000);
        let rest = span(world, late, (0, 0), first.next_cursor).unwrap();
        assert_eq!((rest.queued, rest.next_cursor), (200, None));
        assert_eq!(world.webhook(late).waiting, 1_200);
        let of_shop = DeliveryFilter { webhook_id: Some(shop), ..DeliveryFilter::default() };
        assert_eq!(world.deliveries(of_shop).len(), 200, "a page");
    });
}
