use super::world::{World, all, goods};
use accounting::Role;
use base::{ClaimId, Money, Quantity, Rule};
use quality::{ClaimOutcome, ClaimSettled, DisposeLine, Disposition, OpenClaim, SettleClaim};
use store::testing::on_both_engines;

fn settling(claim_id: ClaimId, outcome: ClaimOutcome) -> SettleClaim {
    SettleClaim {
        claim_id,
        outcome,
        amount: None,
        reference: String::new(),
        place: None,
        reason: String::new(),
        settled_on: None,
    }
}

fn settle(world: &World<'_>, request: &SettleClaim) -> Result<ClaimSettled, quality::ClaimError> {
    let request = request.clone();
    world.run(move |tx, ctx| quality::settle_claim(tx, ctx, request.clone()))
}

#[test]
fn a_claim_waits_until_it_is_credited_replaced_or_written_off() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 3, 3_000)]);
        let order = world.sell("WEB", vec![goods(0, 3, "24")]);
        let back = world.back(order, &[(1, 3)]);
        let claim = || DisposeLine {
            quantity: Some(Quantity::ONE),
            supplier: Some("ACME".into()),
            ..all(1, Disposition::SupplierClaim)
        };
        let claims = world.dispose(back, vec![claim(), claim(), claim()]).unwrap().claims;
        assert_eq!((claims.len(), world.balance(Role::SupplierClaims)), (3, 3_000));

        let credit = settling(claims[0], ClaimOutcome::Credit);
        assert_eq!(settle(&world, &credit).unwrap_err().problem().code, "settlement_incomplete");
        let credit = SettleClaim {
            reference: "CN-7".into(),
            amount: Some(Money::new(900, world.ctx.currency)),
            ..credit
        };
        settle(&world, &credit).unwrap();
        assert_eq!(
            (world.balance(Role::Payable), world.balance(Role::PriceDifference)),
            (900, 100)
        );
        assert_eq!(settle(&world, &credit).unwrap_err().problem().code, "claim_not_open");

        settle(&world, &settling(claims[1], ClaimOutcome::Replacement)).unwrap();
        assert_eq!((world.balance(Role::StockValuation), world.there(0)), (1_000, (1, 1, 0)));

        let lost = settling(claims[2], ClaimOutcome::WriteOff);
        assert_eq!(settle(&world, &lost).unwrap_err().problem().code, "settlement_incomplete");
        settle(&world, &SettleClaim { reason: "damaged".into(), ..lost }).unwrap();
        assert_eq!((world.balance(Role::Scrap), world.balance(Role::SupplierClaims)), (1_000, 0));
        world.assert_sound();
    });
}

#[test]
fn damage_found_after_a_receipt_is_claimed_once() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        let receipt_id = bought(&world);
        let ask = |pieces: i64| {
            world.run(move |tx, ctx| {
                let request = OpenClaim {
                    receipt_id,
                    line: 1,
                    quantity: Quantity::units(pieces),
                    cause: "crushed".into(),
                    evidence: "photo 4711".into(),
                    place: None,
                    opened_on: None,
                    client_ref: format!("claim of {pieces}"),
                };
                quality::open_claim(tx, ctx, request)
            })
        };
        assert_eq!(ask(5).unwrap_err().problem().code, "exceeds_received");
        let (first, second) = (ask(3).unwrap(), ask(3).unwrap());
        assert_eq!((first.amount.minor, second.repeated), (1_500, true));
        assert_eq!(ask(2).unwrap_err().problem().code, "exceeds_received");
        assert_eq!((world.balance(Role::SupplierClaims), world.there(0)), (1_500, (1, 1, 0)));
        world.assert_sound();
    });
}

#[test]
fn a_rehearsed_claim_tells_what_it_comes_to_and_keeps_nothing() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        let receipt_id = bought(&world);
        let ask = |pieces: i64| {
            world.run(move |tx, ctx| {
                let request = OpenClaim {
                    receipt_id,
                    line: 1,
                    quantity: Quantity::units(pieces),
                    cause: "crushed".into(),
                    evidence: String::new(),
                    place: None,
                    opened_on: None,
                    client_ref: "claim 1".into(),
                };
                quality::rehearse_claim(tx, ctx, request)
            })
        };
        assert_eq!(ask(5).unwrap_err().problem().code, "exceeds_received");
        let told = ask(3).unwrap();
        assert_eq!(told, ask(3).unwrap());
        assert_eq!(told.amount.minor, 1_500);
        let on = |role| {
            let line = told.booked.iter().find(|line| line.role == Some(role)).unwrap();
            line.debit.minor - line.credit.minor
        };
        assert_eq!((on(Role::SupplierClaims), on(Role::StockValuation)), (1_500, -1_500));
        assert_eq!((world.balance(Role::SupplierClaims), world.there(0)), (0, (4, 4, 0)));
        world.assert_sound();
    });
}

/// Four pieces at 5.00 that came on an order; their receipt.
fn bought(world: &World<'_>) -> base::ReceiptId {
    let made = world.run(|tx, ctx| {
        let order = serde_json::json!({
            "supplier": "ACME", "warehouse": "WH",
            "lines": [{ "sku": "P0000", "quantity": "4", "price": "5" }],
        });
        purchasing::create_order(tx, ctx, serde_json::from_value(order).unwrap())
    });
    let order_id = made.expect("an order").order_id;
    let submit = purchasing::SubmitOrder { order_id };
    world.run(move |tx, ctx| purchasing::submit_order(tx, ctx, submit.clone())).expect("submitted");
    let received = world.run(move |tx, ctx| {
        let receive = serde_json::json!({
            "order_id": order_id, "lines": [{ "line": 1, "quantity": "4" }],
        });
        purchasing::receive(tx, ctx, serde_json::from_value(receive).unwrap())
    });
    received.expect("goods").receipt_id
}
