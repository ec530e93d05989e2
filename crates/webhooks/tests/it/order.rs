use super::world::{SECOND, of, story};
use store::{StoreError, Tx};

fn state(tx: &mut Tx<'_>, ctx: &identity::Ctx, order: i64, seq: i64) {
    ctx.fact(tx, "order", order, seq, "sales.changed", serde_json::json!({}));
}

#[test]
fn facts_of_one_subject_go_out_in_their_order_whatever_their_ids() {
    story(|world| {
        let shop = world.register("shop", &["*"]);
        // Of one transaction, the later fact gets the smaller id.
        let stated: Result<(), StoreError> = world.act(0, |tx, ctx| {
            for seq in [3, 1, 2] {
                state(tx, ctx, 1, seq);
            }
            state(tx, ctx, 2, 1);
            Ok(())
        });
        stated.unwrap();
        world.queue(0);
        let first = world.take(shop, 0).unwrap();
        let second = world.take(shop, 0).unwrap();
        assert!(world.take(shop, 0).is_none(), "nothing of an order before what is ahead of it");
        world.note(&second, 200, 0);
        world.note(&first, 200, 0);
        let mut told = [first.body, second.body].map(|body| body.contains("\"subject_id\":\"1\""));
        told.sort_unstable();
        assert_eq!(told, [false, true]);
        assert_eq!(world.deliver(shop, 0), [of(1, 2), of(1, 3)]);
    });
}

#[test]
fn a_round_that_is_full_leaves_nothing_behind() {
    story(|world| {
        let shop = world.register("shop", &["*"]);
        let stated: Result<(), StoreError> = world.act(0, |tx, ctx| {
            for order in 0..400 {
                state(tx, ctx, order, 2);
                state(tx, ctx, order, 1);
            }
            Ok(())
        });
        stated.unwrap();
        let (company, now) = (world.company(), world.after(0));
        let more = world.database().write(move |tx| webhooks::queue_facts(tx, company, now));
        assert!(more.unwrap(), "500 of 800");
        // What is queued of an order begins with its first fact.
        let queued = world.deliver(shop, 0);
        let mut next = std::collections::BTreeMap::new();
        for (order, seq) in &queued {
            let expected = next.entry(order.clone()).or_insert(1);
            assert_eq!(seq, expected, "order {order}");
            *expected += 1;
        }
        assert_eq!(queued.len(), 500);
        world.queue(SECOND);
        assert_eq!(world.webhook(shop).waiting, 300);
    });
}
