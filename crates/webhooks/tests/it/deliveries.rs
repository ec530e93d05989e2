use super::world::{HOUR, MINUTE, SECOND, of, story};
use webhooks::{AttemptFilter, AttemptOutcome, DeliveryFilter, DeliveryState, Noted, WebhookState};

#[test]
fn a_delivery_says_what_happened_and_is_noted() {
    story(|world| {
        let shop = world.register("shop", &["sales.*"]);
        world.state(7, 3, "sales.shipped");
        world.queue(SECOND);
        let taken = world.take(shop, SECOND).unwrap();
        let body: serde_json::Value = serde_json::from_str(&taken.body).unwrap();
        let row = world.delivery(taken.delivery_id);
        assert_eq!(
            body,
            serde_json::json!({
                "id": row.fact_id, "fact": "sales.shipped", "subject_kind": "order", "subject_id": "7",
                "seq": 3, "company_id": world.company(), "recorded_at": world.ctx.at,
                "data": { "order": 7 },
            })
        );
        assert!(world.take(shop, SECOND).is_none(), "it is leased");
        assert_eq!(world.note(&taken, 204, 2 * SECOND), Noted::Delivered);
        assert_eq!(world.note(&taken, 204, 2 * SECOND), Noted::Overtaken, "noted once");
        let row = world.delivery(taken.delivery_id);
        assert_eq!((row.state, row.status, row.attempts), (DeliveryState::Delivered, Some(204), 1));
        assert_eq!(row.answer, "said 204  more");
        assert_eq!(row.delivered_at, Some(world.after(2 * SECOND)));
        let attempt = &world.attempts(taken.delivery_id)[0];
        assert_eq!((attempt.outcome, attempt.millis), (AttemptOutcome::Delivered, 12));
        assert_eq!(world.webhook(shop).delivered_at, row.delivered_at);
    });
}

#[test]
fn what_fails_is_tried_ever_later_and_then_given_up() {
    story(|world| {
        let shop = world.register("shop", &["*"]);
        world.state(1, 1, "sales.accepted");
        world.state(1, 2, "sales.shipped");
        world.queue(0);
        let mut now = 0;
        for attempt in 1..=13 {
            // Something else arrives meanwhile: the webhook as a whole is well.
            world.state(100 + attempt, 1, "sales.accepted");
            world.queue(now);
            let taken = world.take(shop, now).unwrap();
            assert_eq!(
                (taken.attempt, taken.body.contains("\"subject_id\":\"1\"")),
                (attempt, true)
            );
            let noted = world.note(&taken, if attempt % 2 == 0 { 500 } else { 0 }, now);
            let other = of(100 + attempt, 1);
            if attempt < 13 {
                assert_eq!(noted, Noted::Again);
                assert!(world.delivery(taken.delivery_id).due_at > world.after(now));
                assert_eq!(world.deliver(shop, now), [other]);
            } else {
                assert_eq!(noted, Noted::GivenUp);
                assert_eq!(world.delivery(taken.delivery_id).state, DeliveryState::Dead);
                assert_eq!(world.deliver(shop, now), [of(1, 2), other], "what waited behind it");
            }
            now += 30 * HOUR;
        }
    });
}

#[test]
fn an_webhook_that_fails_for_a_day_is_paused_and_says_so() {
    story(|world| {
        let shop = world.register("shop", &["*"]);
        let watch = world.register("watch", &["webhooks.*"]);
        for order in 1..=12 {
            world.state(order, 1, "sales.accepted");
        }
        world.queue(0);
        let mut now = 0;
        for failures in 1..=10 {
            let taken = world.take(shop, now).unwrap();
            world.note(&taken, 503, now);
            let row = world.webhook(shop);
            assert_eq!((row.state, row.failures), (WebhookState::Active, failures));
            assert_eq!(row.failing_since, Some(world.after(0)));
            if failures >= 5 {
                assert!(world.take(shop, now).is_none(), "it rests");
                assert!(row.rests_until > Some(world.after(now)));
            }
            now += 15 * MINUTE;
        }
        let taken = world.take(shop, 24 * HOUR).unwrap();
        assert_eq!(world.note(&taken, 503, 24 * HOUR), Noted::Again);
        let row = world.webhook(shop);
        assert_eq!(row.state, WebhookState::Paused);
        assert!(row.paused_why.contains("11 times in a row"), "{}", row.paused_why);
        assert!(world.take(shop, 100 * HOUR).is_none());
        world.queue(25 * HOUR);
        let told = world.take(watch, 25 * HOUR).unwrap();
        assert_eq!(told.fact, "webhooks.paused");
        world.note(&told, 200, 25 * HOUR);
    });
}

#[test]
fn one_delivery_that_fails_does_not_stop_an_webhook_that_answers() {
    story(|world| {
        let shop = world.register("shop", &["*"]);
        world.state(1, 1, "sales.accepted");
        world.state(1, 2, "sales.shipped");
        world.state(2, 1, "sales.accepted");
        world.queue(0);
        let taken = world.take(shop, 0).unwrap();
        world.note(&taken, 400, 0);
        // Its order's next fact waits behind it; the other order does not.
        assert_eq!(world.deliver(shop, SECOND), [of(2, 1)]);
        let of_first = |state| DeliveryFilter {
            subject_id: Some("1".to_owned()),
            state: Some(state),
            ..DeliveryFilter::default()
        };
        assert_eq!(world.deliveries(of_first(DeliveryState::Waiting)).len(), 2);
        assert_eq!(world.deliver(shop, MINUTE), [of(1, 1), of(1, 2)]);
        assert_eq!(world.deliveries(of_first(DeliveryState::Waiting)).len(), 0);
        assert_eq!(world.deliveries(of_first(DeliveryState::Delivered)).len(), 2);
    });
}

#[test]
fn deliveries_and_attempts_are_found_by_what_is_known_of_them() {
    story(|world| {
        let (shop, other) = (world.register("shop", &["*"]), world.register("other", &["*"]));
        for order in 1..=3 {
            world.state(order, 1, if order == 3 { "sales.shipped" } else { "sales.accepted" });
        }
        world.queue(0);
        world.deliver(shop, 0);
        let taken = world.take(other, MINUTE).unwrap();
        world.note(&taken, 404, MINUTE);
        let count = |filter: DeliveryFilter| world.deliveries(filter).len();
        let all = DeliveryFilter::default;
        assert_eq!(count(all()), 6);
        assert_eq!(count(DeliveryFilter { webhook_id: Some(other), ..all() }), 3);
        assert_eq!(count(DeliveryFilter { fact: Some("sales.shipped".to_owned()), ..all() }), 2);
        assert_eq!(count(DeliveryFilter { subject_kind: Some("order".to_owned()), ..all() }), 6);
        assert_eq!(count(DeliveryFilter { subject_id: Some("x".to_owned()), ..all() }), 0);
        let today = world.ctx.today;
        let yesterday = today.plus(-1).unwrap();
        assert_eq!(count(DeliveryFilter { to_day: Some(yesterday), ..all() }), 0);
        assert_eq!(count(DeliveryFilter { from_day: Some(today), ..all() }), 6);
        assert_eq!(count(DeliveryFilter { to_day: Some(today), ..all() }), 6);
        let first = DeliveryFilter { limit: Some(4), ..all() };
        let page = world.look(move |tx, ctx| webhooks::list_deliveries(tx, ctx, first.clone()));
        assert_eq!(page.lines.len(), 4);
        assert_eq!(count(DeliveryFilter { cursor: page.next_cursor, ..all() }), 2);
        let tried = |filter: AttemptFilter| {
            world.look(move |tx, ctx| webhooks::list_attempts(tx, ctx, filter.clone())).lines
        };
        let all = AttemptFilter::default;
        assert_eq!(tried(all()).len(), 4);
        let newest = &tried(AttemptFilter { outcome: Some(AttemptOutcome::Failed), ..all() })[0];
        assert_eq!((newest.status, newest.webhook.as_str()), (Some(404), "other"));
        assert_eq!(tried(AttemptFilter { status: Some(404), ..all() }).len(), 1);
        assert_eq!(tried(AttemptFilter { webhook_id: Some(shop), ..all() }).len(), 3);
    });
}
