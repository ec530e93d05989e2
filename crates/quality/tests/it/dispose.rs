use super::world::{World, all, goods, of};
use accounting::Role;
use base::{Money, Quantity, Rule};
use quality::{DisposeLine, Disposition, DispositionFilter};
use store::testing::on_both_engines;

fn some(line: i64, pieces: i64, outcome: Disposition) -> DisposeLine {
    DisposeLine { quantity: Some(Quantity::units(pieces)), ..all(line, outcome) }
}

#[test]
fn each_disposition_books_what_it_means() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 10, 10_000)]);
        let order = world.sell("WEB", vec![goods(0, 10, "24")]);
        let back = world.back(order, &[(1, 10)]);
        assert_eq!((world.balance(Role::Quarantine), world.there(0)), (10_000, (10, 0, 0)));

        world.dispose(back, vec![some(1, 1, Disposition::Restock)]).unwrap();
        assert_eq!((world.balance(Role::StockValuation), world.there(0).1), (1_000, 1));

        let grade = DisposeLine {
            reason: "damaged".into(),
            grade_sku: Some("P0001".into()),
            grade_value: Some(Money::new(1_100, world.ctx.currency)),
            ..some(1, 2, Disposition::SecondGrade)
        };
        world.dispose(back, vec![grade]).unwrap();
        assert_eq!((world.balance(Role::StockValuation), world.there(1)), (2_100, (2, 2, 0)));
        assert_eq!(world.balance(Role::Scrap), 900);

        let scrap = DisposeLine { reason: "marketing".into(), ..some(1, 3, Disposition::Scrap) };
        let claim =
            DisposeLine { supplier: Some("ACME".into()), ..some(1, 1, Disposition::SupplierClaim) };
        let again = some(1, 1, Disposition::BackToCustomer);
        let disposed = world.dispose(back, vec![scrap, claim, again]).unwrap();
        assert_eq!((disposed.value.minor, disposed.claims.len()), (5_000, 1));
        assert_eq!(world.balance(Role::Marketing), 3_000);
        assert_eq!(world.balance(Role::SupplierClaims), 1_000);
        assert_eq!((world.balance(Role::Cogs), world.balance(Role::Quarantine)), (1_000, 2_000));

        // Seven are decided on and stay with us; one went to the customer again.
        assert_eq!(world.refund(back).unwrap().gross.minor, 7 * 2_400);
        // What went again may come back again, at its cost.
        let second = world.back(order, &[(1, 1)]);
        assert_eq!(world.balance(Role::Cogs), 0);
        let more = world.authorize(&of(order, &[(1, 1)])).unwrap_err();
        assert_eq!(more.problem().code, "exceeds_shipped");
        world.dispose(second, vec![all(1, Disposition::Restock)]).unwrap();
        world.assert_sound();

        let listed = world
            .run(move |tx, ctx| {
                let filter = DispositionFilter { return_id: Some(back), ..Default::default() };
                quality::list_dispositions(tx, ctx, filter)
            })
            .unwrap();
        assert_eq!(listed.lines.len(), 5);
        assert!(listed.lines.iter().all(|line| line.days == 0));
    });
}

#[test]
fn a_disposition_says_what_it_needs_and_no_more_than_waits() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 3, 900)]);
        let order = world.sell("WEB", vec![goods(0, 3, "12")]);
        let back = world.back(order, &[(1, 2)]);
        let code = |line| world.dispose(back, vec![line]).unwrap_err().problem().code;
        let worth = |minor| Some(Money::new(minor, world.ctx.currency));
        assert_eq!(code(all(2, Disposition::Restock)), "unknown_line");
        assert_eq!(code(some(1, 3, Disposition::Restock)), "exceeds_undecided");
        for incomplete in [
            all(1, Disposition::Scrap),
            all(1, Disposition::SupplierClaim),
            DisposeLine { reason: "damaged".into(), ..all(1, Disposition::SecondGrade) },
            DisposeLine { place: Some("Nowhere".into()), ..all(1, Disposition::Restock) },
            DisposeLine { place: Some("WH/Quarantine".into()), ..all(1, Disposition::Restock) },
            DisposeLine { reason: "damaged".into(), ..all(1, Disposition::Restock) },
        ] {
            assert_eq!(code(incomplete), "disposition_incomplete");
        }
        let more = DisposeLine {
            reason: "damaged".into(),
            grade_value: worth(601),
            ..all(1, Disposition::SecondGrade)
        };
        assert_eq!(code(more), "worth_more_than_cost");
        let twice = world
            .dispose(back, vec![all(1, Disposition::Restock), some(1, 1, Disposition::Restock)]);
        assert_eq!(twice.unwrap_err().problem().code, "exceeds_undecided");
        assert_eq!(world.balance(Role::Quarantine), 600);
        world.assert_sound();
    });
}

#[test]
fn what_was_refunded_does_not_go_to_the_customer_again() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.policy("refund_on", "arrival");
        world.receive(&[(0, 3, 900)]);
        let order = world.sell("WEB", vec![goods(0, 3, "12")]);
        let back = world.back(order, &[(1, 2)]);
        world.refund(back).unwrap();
        let again = world.dispose(back, vec![all(1, Disposition::BackToCustomer)]);
        assert_eq!(again.unwrap_err().problem().code, "already_refunded");
        world.assert_sound();
    });
}
