use super::read::{pages, whole};
use super::world::World;
use base::{PurchaseOrderId, Timestamp};
use identity::Ctx;
use mail::{Attempt, MailFilter, MailRow, Outgoing};
use paperwork::{MailOrderError, OrderMailed, SCHEMA};
use purchasing::{AcknowledgeOrder, SendOrder};
use store::StoreError;
use store::testing::{assert_sound, on_both_engines};

const DAY: i64 = 86_400_000_000;

fn by_mail(world: &World<'_>) {
    world.ask(|tx, ctx| identity::set_policy(tx, ctx, "send_orders_by_mail", "yes")).unwrap();
}

fn send(
    world: &World<'_>,
    order_id: PurchaseOrderId,
    recipient: Option<&str>,
) -> Result<OrderMailed, MailOrderError> {
    let request = SendOrder { order_id, recipient: recipient.map(str::to_owned) };
    world.ask(move |tx, ctx| paperwork::send_order(tx, ctx, request.clone()))
}

fn mails(world: &World<'_>) -> Vec<MailRow> {
    let list = |tx: &mut store::Tx<'_>, ctx: &Ctx| {
        mail::list_mails(tx, ctx, MailFilter::default()).map(|page| page.lines)
    };
    world.ask(list).unwrap()
}

fn after(world: &World<'_>, days: i64) -> Timestamp {
    Timestamp::from_micros(world.ctx.at.micros() + days * DAY)
}

/// Hands every mail that is due to a relay that takes it.
fn deliver(world: &World<'_>, days: i64) -> Vec<Outgoing> {
    let mut taken = Vec::new();
    let now = after(world, days);
    loop {
        let found = world.ask(move |tx, ctx| mail::take_due(tx, ctx.company_id, now)).unwrap();
        let Some(outgoing) = found else { return taken };
        taken.push(outgoing.clone());
        let noted = world.ask(move |tx, _| {
            mail::note_attempt(tx, &outgoing, &Attempt::Taken("250 ok".to_owned()), now)
        });
        noted.unwrap();
    }
}

#[test]
fn sending_an_order_mails_it_when_policy_says_so() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order_id = world.order("BERLIN", 1);
        assert_eq!(send(&world, order_id, None).unwrap().mail_id, None);
        assert_eq!(mails(&world).len(), 0);
        by_mail(&world);
        let refused = send(&world, order_id, Some("by fax")).unwrap_err();
        assert!(matches!(refused, MailOrderError::Mail(_)), "{refused}");
        assert_eq!(mails(&world).len(), 0);
        let sent = send(&world, order_id, None).unwrap();
        assert_eq!(sent.recipient, "orders@example.com");
        let list = mails(&world);
        assert_eq!(Some(list[0].mail_id), sent.mail_id);
        assert_eq!(list[0].record_id, order_id.to_string());
        let taken = deliver(&world, 0);
        assert_eq!(taken.len(), 1);
        assert_eq!(taken[0].subject, format!("Bestellung {}", list[0].record));
        assert!(taken[0].body.contains("anbei erhalten Sie"), "{}", taken[0].body);
        let text = whole(&pages(&taken[0].file.bytes));
        assert!(text.contains(&list[0].record) && text.contains("1.500,00 GBP"), "{text}");
        assert_sound(database, &SCHEMA, world.ctx.company_id);
    });
}

#[test]
fn a_supplier_is_reminded_once_in_so_many_days_until_it_acknowledges() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        by_mail(&world);
        let order_id = world.order("ACME", 1);
        send(&world, order_id, Some("desk@acme.example")).unwrap();
        let remind = |days: i64| {
            let ctx = world.ctx.at_moment(after(&world, days));
            let reminded = database.write(move |tx| paperwork::remind_suppliers(tx, &ctx));
            reminded.unwrap().mail_ids.len()
        };
        assert_eq!(remind(30), 0, "what did not go out is nothing to remind of");
        deliver(&world, 0);
        assert_eq!(remind(7), 0);
        assert_eq!(remind(8), 1);
        assert_eq!(remind(8), 0);
        let taken = deliver(&world, 8);
        assert_eq!(taken[0].recipient, "desk@acme.example");
        assert!(taken[0].subject.starts_with("Reminder: purchase order PO-"));
        assert_eq!(remind(14), 0);
        assert_eq!(remind(16), 1);
        let clerk = identity::testing::holding(&world.ctx, world.ctx.user_id, &["mail.*"], None);
        let denied = database.write(move |tx| paperwork::remind_suppliers(tx, &clerk));
        assert!(matches!(denied.unwrap_err(), MailOrderError::Denied(_)));
        let promise = AcknowledgeOrder { order_id, lines: Vec::new(), accept: false };
        world
            .ask(move |tx, ctx| {
                let told = purchasing::acknowledge_order(tx, ctx, promise.clone());
                told.map_err(super::world::told).map(|_| ())
            })
            .unwrap();
        assert_eq!(remind(60), 0);
        let off = |tx: &mut store::Tx<'_>, ctx: &Ctx| {
            identity::set_policy(tx, ctx, "remind_after_days", "0").map_err(super::world::told)
        };
        world.ask::<(), StoreError>(off).unwrap();
        assert_eq!(remind(90), 0);
    });
}
