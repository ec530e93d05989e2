use super::world::{HOUR, MINUTE, World, nobody, of, story};
use base::{Rule, Timestamp, WebhookId};
use identity::Secret;
use webhooks::{
    AmendWebhook, DeliveryFilter, DeliveryState, Noted, PauseWebhook, PingWebhook, ResumeWebhook,
    RetireWebhook, RotateSecret, SigningSecret, Waiting, WebhookError, WebhookFilter, WebhookState,
};

fn pause(world: &World, webhook_id: WebhookId) -> Result<WebhookState, WebhookError> {
    let request = PauseWebhook { webhook_id, reason: "moving house".to_owned() };
    let paused = world.act(0, move |tx, ctx| webhooks::pause_webhook(tx, ctx, request.clone()));
    paused.map(|changed| changed.state)
}

fn amend(world: &World, micros: i64, request: AmendWebhook) -> Result<(), WebhookError> {
    let amended =
        world.act(micros, move |tx, ctx| webhooks::amend_webhook(tx, ctx, request.clone()));
    amended.map(|_| ())
}

fn rotate(
    world: &World,
    webhook_id: WebhookId,
    hours: Option<i64>,
) -> Result<String, WebhookError> {
    let secret = SigningSecret::of(&Secret::random());
    let told = secret.reveal().to_owned();
    let request = RotateSecret { webhook_id, keep_hours: hours };
    let rotated =
        world.act(0, move |tx, ctx| webhooks::rotate_secret(tx, ctx, request.clone(), &secret))?;
    assert_eq!(rotated.secret, None, "a door tells no secret");
    Ok(told)
}

#[test]
fn only_a_whole_encrypted_address_with_facts_is_registered() {
    story(|world| {
        let refused = |name: &str, address: &str, facts: &[&str]| {
            world.try_register(name, address, facts).unwrap_err().problem().code
        };
        let good = "https://shop.example/purser";
        assert_eq!(refused("Shop", "http://shop.example/", &["*"]), "webhook_address");
        assert_eq!(refused("Shop", "https://u:p@shop.example/", &["*"]), "webhook_address");
        assert_eq!(refused(" ", good, &["*"]), "webhook_name_missing");
        assert_eq!(refused("Shop", good, &[]), "webhook_without_facts");
        assert_eq!(refused("Shop", good, &["shipped"]), "webhook_pattern");
        assert_eq!(refused("Shop", good, &["sales.a"; 51]), "webhook_too_many_facts");
        assert_eq!(refused("Shop", good, &["sales.*", "stock.moved"]), "webhook_no_such_facts");
        assert_eq!(refused("Shop", good, &["stocks.*"]), "webhook_no_such_facts");
        let id =
            world.try_register("Shop", good, &["sales.*", "stock.adjusted", "sales.*"]).unwrap();
        assert_eq!(refused("Shop", good, &["*"]), "webhook_name_taken");
        let row = world.webhook(id);
        assert_eq!(row.facts, ["sales.*", "stock.adjusted"]);
        assert_eq!((row.state, row.waiting, row.failures), (WebhookState::Active, 0, 0));
        world.register("Other", &["*"]);
        let names = |filter: WebhookFilter| {
            let page = world.look(move |tx, ctx| webhooks::list_webhooks(tx, ctx, filter.clone()));
            page.lines.into_iter().map(|row| row.name).collect::<Vec<_>>()
        };
        assert_eq!(names(WebhookFilter::default()), ["Other", "Shop"]);
        let paused =
            WebhookFilter { state: Some(WebhookState::Paused), ..WebhookFilter::default() };
        assert_eq!(names(paused), Vec::<String>::new());
    });
}

#[test]
fn who_may_only_look_changes_nothing() {
    story(|world| {
        let id = world.register("shop", &["*"]);
        let reader =
            identity::testing::holding(&world.ctx, world.ctx.user_id, &["webhooks.read"], None);
        let refused = world
            .database()
            .write(move |tx| webhooks::ping_webhook(tx, &reader, PingWebhook { webhook_id: id }));
        assert!(matches!(refused.unwrap_err(), WebhookError::Denied(_)));
    });
}

#[test]
fn an_webhook_gets_what_it_wants_from_now_on() {
    story(|world| {
        world.state(1, 1, "sales.accepted");
        let shop = world.register("shop", &["sales.*"]);
        let other = world.register("other", &["stock.adjusted"]);
        world.state_at(-1, 1, 2, "sales.reserved");
        world.state(1, 3, "sales.shipped");
        world.state(2, 1, "stock.adjusted");
        world.queue(0);
        // The first was recorded at the moment of the registration, and was not handed out by then.
        assert_eq!(world.deliver(shop, 0), [of(1, 1), of(1, 3)]);
        assert_eq!(world.deliver(other, 0), [of(2, 1)]);
        amend(
            world,
            1,
            AmendWebhook {
                webhook_id: other,
                name: None,
                address: Some("https://else.example/".to_owned()),
                facts: Some(vec!["sales.shipped".to_owned()]),
            },
        )
        .unwrap();
        world.state_at(2, 1, 4, "sales.shipped");
        world.state_at(2, 2, 2, "stock.adjusted");
        world.queue(2);
        let taken = world.take(other, 2).unwrap();
        assert_eq!(
            (taken.fact.as_str(), taken.address.as_str()),
            ("sales.shipped", "https://else.example/")
        );
        world.note(&taken, 200, 2);
        assert_eq!(world.deliver(other, 2), []);
        assert_eq!(world.deliver(shop, 2), [of(1, 4)]);
        let none = AmendWebhook { webhook_id: nobody(), name: None, address: None, facts: None };
        assert!(matches!(amend(world, 0, none), Err(WebhookError::NotFound(_))));
        let taken = AmendWebhook {
            webhook_id: other,
            name: Some("shop".to_owned()),
            address: None,
            facts: None,
        };
        assert!(matches!(amend(world, 0, taken), Err(WebhookError::NameTaken(_))));
    });
}

#[test]
fn what_a_paused_webhook_wants_waits_and_a_ping_goes_out() {
    story(|world| {
        let shop = world.register("shop", &["*"]);
        world.state(1, 1, "sales.accepted");
        world.queue(0);
        assert_eq!(pause(world, shop).unwrap(), WebhookState::Paused);
        assert_eq!(world.webhook(shop).paused_why, "moving house");
        assert!(matches!(pause(world, shop), Err(WebhookError::Already { .. })));
        world.state(1, 2, "sales.shipped");
        let ping = move |tx: &mut store::Tx<'_>, ctx: &identity::Ctx| {
            webhooks::ping_webhook(tx, ctx, PingWebhook { webhook_id: shop })
        };
        assert_eq!(world.act(0, ping).unwrap().ping, 1);
        assert_eq!(world.act(0, ping).unwrap().ping, 2);
        world.queue(0);
        assert_eq!(world.webhook(shop).waiting, 4);
        let taken = world.take(shop, 0).unwrap();
        assert_eq!(taken.fact, "webhooks.pinged");
        assert!(world.take(shop, 0).is_none(), "the second ping comes after the first");
        world.note(&taken, 200, 0);
        assert_eq!(world.deliver(shop, 0), [of(base::Id::raw(shop), 2)]);
        let resume = ResumeWebhook { webhook_id: shop };
        world.act(0, move |tx, ctx| webhooks::resume_webhook(tx, ctx, resume.clone())).unwrap();
        assert_eq!(world.deliver(shop, 0), [of(1, 1), of(1, 2)]);
    });
}

#[test]
fn a_ping_goes_to_the_webhook_that_it_tries_alone() {
    story(|world| {
        let (shop, other) = (world.register("shop", &["sales.*"]), world.register("other", &["*"]));
        let ping = PingWebhook { webhook_id: shop };
        world.act(0, move |tx, ctx| webhooks::ping_webhook(tx, ctx, ping.clone())).unwrap();
        world.queue(0);
        assert_eq!(world.deliver(other, 0), []);
        assert_eq!(world.deliver(shop, 0).len(), 1);
    });
}

#[test]
fn a_retired_webhook_gets_nothing_and_has_no_secret() {
    story(|world| {
        let shop = world.register("shop", &["*"]);
        world.state(1, 1, "sales.accepted");
        world.state(1, 2, "sales.shipped");
        world.queue(0);
        let taken = world.take(shop, 0).unwrap();
        let retire = RetireWebhook { webhook_id: shop };
        world.act(0, move |tx, ctx| webhooks::retire_webhook(tx, ctx, retire.clone())).unwrap();
        assert_eq!(world.note(&taken, 200, 0), webhooks::Noted::Overtaken);
        let row = world.webhook(shop);
        assert_eq!((row.state, row.waiting, row.dead), (WebhookState::Retired, 0, 2));
        world.state(1, 3, "sales.invoiced");
        world.queue(0);
        assert!(world.take(shop, HOUR).is_none());
        assert!(matches!(rotate(world, shop, None), Err(WebhookError::Retired { .. })));
        assert_ne!(world.register("shop", &["*"]), shop, "the name is free again");
    });
}

#[test]
fn during_a_rotation_both_secrets_sign() {
    story(|world| {
        let shop = world.register("shop", &["*"]);
        let second = rotate(world, shop, Some(2)).unwrap();
        world.state(1, 1, "sales.accepted");
        world.state(2, 1, "sales.accepted");
        world.state(3, 1, "sales.accepted");
        world.queue(0);
        let signatures = |micros: i64| {
            let taken = world.take(shop, micros).unwrap();
            let now = world.after(micros);
            let [(name, value), (_, id), (_, attempt), (_, fact)] = taken.headers(now);
            assert_eq!(name, "purser-signature");
            assert_eq!((id, attempt.as_str()), (taken.delivery_id.to_string(), "1"));
            assert_eq!(fact, "sales.accepted");
            world.note(&taken, 200, micros);
            (value.split(',').count() - 1, value, taken.body)
        };
        let (count, value, body) = signatures(HOUR);
        assert_eq!(count, 2, "{value}");
        // Whoever knows the secret reckons the same.
        let seconds = world.after(HOUR).micros() / 1_000_000;
        let mut mac = hmac_of(&second, &format!("{seconds}.{body}"));
        assert!(value.starts_with(&format!("t={seconds},v1={mac},v1=")), "{value}");
        let (count, value, _) = signatures(2 * HOUR);
        assert_eq!(count, 1, "{value}");
        // Once its time is over it is forgotten.
        let (company, now) = (world.company(), world.after(2 * HOUR));
        let look = || world.database().read(move |tx| webhooks::waiting(tx, company, now)).unwrap();
        assert!(look().old_secrets);
        let forget =
            world.database().write(move |tx| webhooks::forget_old_secrets(tx, company, now));
        forget.unwrap();
        assert!(!look().old_secrets);
        assert_eq!(world.webhook(shop).previous_until, None);
        let third = rotate(world, shop, Some(0)).unwrap();
        let (count, value, body) = signatures(3 * HOUR);
        mac = hmac_of(&third, &format!("{}.{body}", world.after(3 * HOUR).micros() / 1_000_000));
        assert_eq!(count, 1);
        assert!(value.ends_with(&format!(",v1={mac}")), "{value}");
        assert!(matches!(
            rotate(world, shop, Some(169)),
            Err(WebhookError::WrongHours { got: 169, most: 168 })
        ));
    });
}

fn hmac_of(key: &str, text: &str) -> String {
    use hmac::{Hmac, KeyInit, Mac};
    let mut mac = Hmac::<sha2::Sha256>::new_from_slice(key.as_bytes()).unwrap();
    mac.update(text.as_bytes());
    mac.finalize().into_bytes().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[test]
fn no_row_of_the_trail_has_a_secret() {
    story(|world| {
        let shop = world.register("shop", &["*"]);
        let secret = rotate(world, shop, None).unwrap();
        let trail = world.ctx.clone();
        let rows = world
            .database()
            .read(move |tx| identity::audit_trail(tx, &trail, identity::AuditFilter::default()));
        let told = format!("{:?} {:?}", rows.unwrap().lines, world.webhook(shop));
        assert!(told.contains("previous_until") && !told.contains("whsec_"), "{told}");
        assert!(!told.contains(&secret));
    });
}

fn ping(world: &World, micros: i64, webhook_id: WebhookId) {
    let request = PingWebhook { webhook_id };
    world.act(micros, move |tx, ctx| webhooks::ping_webhook(tx, ctx, request.clone())).unwrap();
    world.queue(micros);
}

/// Fails what is due at a webhook until it rests; answers until when.
fn rest(world: &World, webhook: WebhookId) -> Timestamp {
    for order in 1..=5 {
        world.state(order, 1, "sales.accepted");
    }
    world.queue(0);
    while let Some(taken) = world.take(webhook, 0) {
        world.note(&taken, 503, 0);
    }
    world.webhook(webhook).rests_until.unwrap()
}

#[test]
fn a_ping_waits_for_no_rest_and_is_tried_once() {
    story(|world| {
        let shop = world.register("shop", &["sales.*"]);
        let until = rest(world, shop);
        ping(world, 0, shop);
        let taken = world.take(shop, 0).unwrap();
        assert_eq!(taken.fact, "webhooks.pinged");
        assert_eq!(world.note(&taken, 503, 0), Noted::GivenUp);
        assert_eq!(world.delivery(taken.delivery_id).state, DeliveryState::Dead);
        assert!(world.webhook(shop).rests_until >= Some(until));
        ping(world, 0, shop);
        let again = world.take(shop, 0).unwrap();
        assert_eq!(world.note(&again, 200, 0), Noted::Delivered);
        assert_eq!(world.webhook(shop).rests_until, None, "it is well again");
    });
}

#[test]
fn what_waits_is_tried_at_once_when_the_webhook_is_resumed_or_moves() {
    story(|world| {
        let shop = world.register("shop", &["sales.*"]);
        rest(world, shop);
        assert!(world.take(shop, 0).is_none());
        amend(
            world,
            1,
            AmendWebhook {
                webhook_id: shop,
                name: None,
                address: Some("https://moved.example/".to_owned()),
                facts: None,
            },
        )
        .unwrap();
        let row = world.webhook(shop);
        assert_eq!((row.failures, row.rests_until), (0, None));
        let tries = world.deliveries(DeliveryFilter::default()).iter().map(|row| row.tries).max();
        assert_eq!(tries, Some(0));
        while let Some(taken) = world.take(shop, 1) {
            assert_eq!(taken.address, "https://moved.example/");
            world.note(&taken, 503, 1);
        }
        pause(world, shop).unwrap();
        let resume = ResumeWebhook { webhook_id: shop };
        world.act(2, move |tx, ctx| webhooks::resume_webhook(tx, ctx, resume.clone())).unwrap();
        assert_eq!(world.deliver(shop, 2).len(), 5);
    });
}

#[test]
fn a_retired_webhook_with_much_that_waits_is_given_up_in_parts() {
    story(|world| {
        let shop = world.register("shop", &["*"]);
        let stated: Result<(), store::StoreError> = world.act(0, |tx, ctx| {
            for order in 0..1_100 {
                ctx.fact(tx, "order", order, 1, "sales.accepted", serde_json::json!({}));
            }
            Ok(())
        });
        stated.unwrap();
        world.queue(0);
        let retire = RetireWebhook { webhook_id: shop };
        world.act(0, move |tx, ctx| webhooks::retire_webhook(tx, ctx, retire.clone())).unwrap();
        assert_eq!(world.webhook(shop).waiting, 100);
        let (company, now) = (world.company(), world.after(MINUTE));
        let look = || world.database().read(move |tx| webhooks::waiting(tx, company, now)).unwrap();
        assert_eq!(look(), Waiting { retired: Some(shop), ..Waiting::default() });
        let more = world.database().write(move |tx| webhooks::give_up_retired(tx, company, shop));
        assert!(!more.unwrap());
        assert_eq!(look(), Waiting::default());
        assert_eq!(world.webhook(shop).dead, 1_100);
    });
}

#[test]
fn a_company_has_only_so_many_webhooks() {
    story(|world| {
        for number in 0..50 {
            world.register(&format!("shop{number}"), &["*"]);
        }
        let full = world.try_register("more", "https://more.example/", &["*"]).unwrap_err();
        assert_eq!(full, WebhookError::TooMany { most: 50 });
    });
}
