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
        // One that waits to be tried again is tried at once, though its webhook rests, with all its tries.
        replay(world, MINUTE, first.delivery_id).unwrap();
        for _ in 1..=2 {
            for _ in 1..=5 {
                let failed = world.take(shop, MINUTE).unwrap();
                world.note(&failed, 503, MINUTE);
                assert!(world.take(shop, MINUTE).is_none(), "it waits");
                replay(world, MINUTE, first.delivery_id).unwrap();
                assert_eq!(world.delivery(first.delivery_id).tries, 0);
            }
            assert_eq!(world.webhook(shop).rests_until, None);
        }
        assert_eq!(world.delivery(first.delivery_id).replays, 2, "a hurry is no replay");
        assert_eq!(world.deliver(shop, MINUTE), [of(1, 1)]);
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
        world.state_at(2 * DAY, 1, 3, "stock.adjusted");
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

#[test]
fn the_first_webhook_of_an_old_company_gets_what_was_never_handed_out() {
    story(|world| {
        for seq in 1..=3 {
            world.state_at((seq - 4) * DAY, 1, seq, "sales.accepted");
        }
        let shop = world.register("shop", &["sales.*"]);
        world.state_at(MINUTE, 1, 4, "sales.shipped");
        // Nobody took anything from the outbox yet.
        let done = span(world, shop, (-2, 0), None).unwrap();
        assert_eq!(done.queued, 3);
        world.queue(10 * DAY);
        assert_eq!(world.deliver(shop, 10 * DAY), [of(1, 2), of(1, 3), of(1, 4)], "each once");
        assert_eq!(span(world, shop, (-10, -3), None).unwrap().queued, 1, "handed out meanwhile");
        assert_eq!(world.deliver(shop, 10 * DAY), [of(1, 1)]);
    });
}

#[test]
fn replaying_a_span_hurries_what_waits_to_be_tried_again() {
    story(|world| {
        let shop = world.register("shop", &["*"]);
        world.state(1, 1, "sales.accepted");
        world.queue(10 * DAY);
        let failed = world.take(shop, 10 * DAY).unwrap();
        assert_eq!(span(world, shop, (0, 0), None).unwrap().queued, 0);
        world.note(&failed, 503, 10 * DAY);
        assert!(world.take(shop, 10 * DAY).is_none());
        assert_eq!(span(world, shop, (0, 0), None).unwrap().queued, 0);
        assert_eq!(world.deliver(shop, 10 * DAY), [of(1, 1)]);
    });
}
