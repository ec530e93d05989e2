use super::world::{World, all_of, gbp, open_ref, paying, receiving};
use accounting::Role;
use payments::{Kind, ListPayments, PaymentRow, ReadError, SCHEMA};
use store::Database;
use store::testing::on_both_engines;

fn list(world: &World, database: &Database, filter: ListPayments) -> Vec<PaymentRow> {
    let ctx = world.ctx.clone();
    let mut rows = Vec::new();
    let mut filter = ListPayments { limit: Some(2), ..filter };
    loop {
        let (asking, asked) = (ctx.clone(), filter.clone());
        let page =
            database.read(move |tx| payments::list_payments(tx, &asking, &asked)).expect("a page");
        rows.extend(page.lines);
        filter.cursor = page.next_cursor;
        if filter.cursor.is_none() {
            return rows;
        }
    }
}

#[test]
fn payments_are_listed_newest_first_and_filtered() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.bills(database, &[100; 4]);
        world.invoices(database, &[70]);
        for (id, day) in [(1, "2026-01-05"), (2, "2026-01-07"), (3, "2026-01-06")] {
            let mut request = paying(gbp(100), vec![all_of("bill", id)]);
            request.happened_on = Some(super::world::day(day));
            request.client_ref = format!("RUN-{id}");
            world.pay(database, request).expect("paid");
        }
        world.receive(database, receiving(gbp(70), vec![all_of("invoice", 1)])).expect("received");

        let all = list(&world, database, ListPayments::default());
        assert_eq!(all.len(), 4);
        assert!(all.is_sorted_by_key(|row| std::cmp::Reverse(row.happened_on)));
        let filters: [(ListPayments, usize); 7] = [
            (ListPayments { kind: Some(Kind::ReceivePayment), ..Default::default() }, 1),
            (ListPayments { partner_id: Some(world.supplier), ..Default::default() }, 3),
            (ListPayments { channel_id: Some(1), ..Default::default() }, 0),
            (ListPayments { from: Some(super::world::day("2026-01-06")), ..Default::default() }, 2),
            (
                ListPayments {
                    through: Some(super::world::day("2026-01-05")),
                    ..Default::default()
                },
                2,
            ),
            (ListPayments { client_ref_prefix: Some("RUN-".to_owned()), ..Default::default() }, 3),
            (ListPayments { open: Some(open_ref("bill", 2)), ..Default::default() }, 1),
        ];
        for (filter, wanted) in filters {
            assert_eq!(list(&world, database, filter.clone()).len(), wanted, "{filter:?}");
        }
        world.sound(database);
    });
}

#[test]
fn a_payment_tells_what_it_was_for() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        world.bills(database, &[100, 50]);
        let request = paying(gbp(150), vec![all_of("bill", 1), all_of("bill", 2)]);
        let paid = world.pay(database, request).expect("paid");
        let ctx = world.ctx.clone();
        let detail = database
            .read(move |tx| payments::payment(tx, &ctx, paid.payment_id))
            .expect("the payment");
        assert_eq!(detail.payment.partner_id, Some(world.supplier));
        assert_eq!((detail.payment.place, detail.payment.incoming), (Role::Bank, false));
        let told: Vec<_> = detail.allocations.iter().map(|a| (a.open.clone(), a.amount)).collect();
        let wanted = [(Some(open_ref("bill", 1)), gbp(100)), (Some(open_ref("bill", 2)), gbp(50))];
        assert_eq!(told, wanted);
        let ctx = world.ctx.clone();
        let nothing = base::Id::from_raw(1);
        let found = database.read(move |tx| payments::payment(tx, &ctx, nothing));
        assert!(matches!(found, Err(ReadError::NotFound { .. })));
    });
}
