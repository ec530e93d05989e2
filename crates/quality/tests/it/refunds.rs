use super::world::{World, all, goods, of, refunding};
use accounting::Role;
use base::{Money, Price, Quantity, Rule};
use quality::{AllowRefund, AllowanceLine, ApproveRefund, Disposition, RefundLine, RefundState};
use store::testing::on_both_engines;

#[test]
fn the_policy_says_when_a_refund_is_due() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(&[(0, 9, 900)]);
        let order = world.sell("WEB", vec![goods(0, 9, "12")]);
        let code = |id| world.refund(id).unwrap_err().problem().code;

        let waits = world.authorize(&of(order, &[(1, 3)])).unwrap().return_id;
        assert_eq!(code(waits), "nothing_to_refund");
        world.arrive(waits).unwrap();
        assert_eq!(code(waits), "nothing_to_refund");
        world.dispose(waits, vec![all(1, Disposition::Restock)]).unwrap();
        assert_eq!(world.refund(waits).unwrap().gross.minor, 3_600);
        assert_eq!(code(waits), "nothing_to_refund");

        world.policy("refund_on", "arrival");
        let waits = world.authorize(&of(order, &[(1, 3)])).unwrap().return_id;
        assert_eq!(code(waits), "nothing_to_refund");
        world.arrive(waits).unwrap();
        assert_eq!(world.refund(waits).unwrap().gross.minor, 3_600);

        world.policy("refund_on", "at_once");
        let at_once = world.authorize(&of(order, &[(1, 3)])).unwrap().return_id;
        assert_eq!(world.refund(at_once).unwrap().gross.minor, 3_600);
        // Sold for 108.00 with 18.00 of tax, and all of it given back.
        assert_eq!(world.balance(Role::SalesReturns), 9_000);
        assert_eq!(
            (world.balance(Role::OutputTax), world.balance(Role::RefundsPayable)),
            (0, -10_800)
        );
        world.assert_sound();
    });
}

#[test]
fn a_prepaid_sale_is_refunded_through_its_channel() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.policy("refund_on", "arrival");
        world.receive(&[(0, 3, 900)]);
        // 10.00 for three: the last piece back takes the remainder.
        let order = world.sell("WEB", vec![goods(0, 3, "3.33")]);
        let mut total = 0;
        for _ in 0..3 {
            let back = world.back(order, &[(1, 1)]);
            let refund = world.refund(back).unwrap();
            assert!(refund.credit_note.starts_with("CN-"));
            total += refund.gross.minor;
            assert!(world.pay(refund.refund_id, payments::Through::Channel(1), refund.gross.minor));
            assert!(!world.pay(refund.refund_id, payments::Through::Channel(1), 1));
        }
        assert_eq!(total, 999);
        for role in [Role::RefundsPayable, Role::ChannelClearing, Role::OutputTax, Role::Cogs] {
            assert_eq!(world.balance(role), 0, "{role}");
        }
        world.assert_sound();
    });
}

#[test]
fn an_order_on_terms_is_owed_less_and_what_was_paid_is_to_be_paid_back() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.policy("refund_on", "arrival");
        world.receive(&[(0, 5, 500)]);
        let order = world.sell("B2B", vec![goods(0, 5, "10")]);
        assert_eq!(world.balance(Role::Receivable), 6_000);
        let first = world.back(order, &[(1, 2)]);
        let refund = world.refund(first).unwrap();
        assert_eq!((refund.gross.minor, refund.payable.minor), (2_400, 0));
        assert_eq!(world.balance(Role::Receivable), 3_600);
        // The customer pays all but 10.00, then sends another piece back.
        let ctx = world.ctx.clone();
        let invoice = db
            .read(move |tx| sales::list_invoices(tx, &ctx, sales::InvoiceFilter::default()))
            .unwrap();
        let id = base::Id::raw(invoice.lines[0].invoice_id);
        world
            .run(move |tx, ctx| {
                let json = serde_json::json!({
                    "amount": Money::new(2_600, ctx.currency),
                    "allocations": [{ "open": { "kind": "invoice", "id": id } }],
                });
                let paid: payments::ReceivePayment = serde_json::from_value(json).unwrap();
                payments::receive_payment(tx, ctx, paid)
            })
            .unwrap();
        let second = world.back(order, &[(1, 1)]);
        let refund = world.refund(second).unwrap();
        assert_eq!((refund.gross.minor, refund.payable.minor), (1_200, 200));
        assert_eq!(world.balance(Role::Receivable), 0);
        assert!(world.pay(refund.refund_id, payments::Through::Bank, 200));
        assert_eq!(
            (world.balance(Role::SalesReturns), world.balance(Role::RefundsPayable)),
            (3_000, 0)
        );
        world.assert_sound();
    });
}

#[test]
fn a_price_agreed_with_the_return_is_what_the_customer_gets() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.policy("refund_on", "at_once");
        world.receive(&[(0, 5, 500)]);
        let order = world.sell("WEB", vec![goods(0, 3, "10"), goods(0, 2, "10")]);
        let mut request = of(order, &[(1, 1), (2, 2)]);
        request.lines.as_mut().unwrap()[0].price = Some(Price::parse("5").unwrap());
        let made = world.authorize(&request).unwrap();
        assert_eq!(world.refund(made.return_id).unwrap().gross.minor, 2_500);
        // More than the line was sold for is never given back.
        let mut request = of(order, &[(1, 1)]);
        request.lines.as_mut().unwrap()[0].price = Some(Price::parse("25.01").unwrap());
        let made = world.authorize(&request).unwrap();
        assert_eq!(world.refund(made.return_id).unwrap_err().problem().code, "exceeds_sale");
        world.assert_sound();
    });
}

#[test]
fn an_allowance_gives_a_part_of_the_price_back_and_lowers_a_later_refund() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.policy("refund_on", "arrival");
        world.receive(&[(0, 1, 500)]);
        let postage = sales::AcceptLine {
            kind: Some(sales::LineKind::Charge),
            quantity: Quantity::ONE,
            price: Some(Price::parse("4.80").unwrap()),
            ..sales::AcceptLine::default()
        };
        let order = world.sell("WEB", vec![goods(0, 1, "12"), postage]);
        let allow = |line, minor| {
            world.run(move |tx, ctx| {
                let amount = Money::new(minor, ctx.currency);
                let request = AllowRefund {
                    order_id: order,
                    lines: vec![AllowanceLine { line, amount }],
                    decided_on: None,
                    reason: "scratched".into(),
                    client_ref: String::new(),
                };
                quality::allow_refund(tx, ctx, request)
            })
        };
        assert_eq!(allow(1, 240).unwrap().net.minor, 200);
        assert_eq!(allow(2, 480).unwrap().net.minor, 400);
        assert_eq!(allow(2, 1).unwrap_err().problem().code, "exceeds_sale");
        assert_eq!(allow(1, 0).unwrap_err().problem().code, "amount_not_positive");
        assert_eq!(world.balance(Role::SalesAllowances), 600);
        let back = world.back(order, &[(1, 1)]);
        assert_eq!(world.refund(back).unwrap().gross.minor, 960);
        assert_eq!(world.balance(Role::OutputTax), 0);
        world.assert_sound();
    });
}

#[test]
fn a_refund_above_the_company_s_limit_waits_for_another_person() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.policy("refund_on", "at_once");
        world.policy("approve_refunds_above", "1000");
        world.receive(&[(0, 2, 500)]);
        let order = world.sell("WEB", vec![goods(0, 2, "12")]);
        let made = world.authorize(&of(order, &[(1, 2)])).unwrap();
        let refund = world.refund(made.return_id).unwrap();
        assert_eq!(
            (refund.state, world.balance(Role::RefundsPayable)),
            (RefundState::ToApprove, 0)
        );
        let decide = |verdict, reason: &'static str| {
            world.run(move |tx, ctx| {
                let reason = reason.to_owned();
                let request = ApproveRefund { refund_id: refund.refund_id, verdict, reason };
                quality::approve_refund(tx, ctx, request)
            })
        };
        let own = decide(identity::Verdict::Approve, "").unwrap_err();
        assert_eq!(own.problem().code, "own_request");
        world.policy("separate_approver", "0");
        let approved = decide(identity::Verdict::Approve, "").unwrap();
        assert_eq!((approved.state, approved.payable.minor), (RefundState::Decided, 2_400));
        assert_eq!(world.balance(Role::RefundsPayable), -2_400);
        let again = decide(identity::Verdict::Approve, "").unwrap_err();
        assert_eq!(again.problem().code, "refund_not_waiting");
        world.assert_sound();
    });
}

#[test]
fn a_refused_refund_owes_nothing_and_may_be_decided_anew() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.policy("refund_on", "at_once");
        world.policy("approve_refunds_above", "1000");
        world.receive(&[(0, 2, 500)]);
        let order = world.sell("WEB", vec![goods(0, 2, "12")]);
        let made = world.authorize(&of(order, &[(1, 2)])).unwrap();
        let refund_id = world.refund(made.return_id).unwrap().refund_id;
        let refused = world.run(move |tx, ctx| {
            let (verdict, reason) = (identity::Verdict::Refuse, "worn".to_owned());
            quality::approve_refund(tx, ctx, ApproveRefund { refund_id, verdict, reason })
        });
        assert_eq!(refused.unwrap().state, RefundState::Refused);
        let one = move |tx: &mut store::Tx<'_>, ctx: &identity::Ctx| {
            let amount = Some(Money::new(500, ctx.currency));
            let line = RefundLine { line: 1, quantity: Some(Quantity::ONE), amount };
            let request = quality::DecideRefund {
                lines: Some(vec![line]),
                client_ref: "F-1".into(),
                ..refunding(made.return_id)
            };
            quality::decide_refund(tx, ctx, request)
        };
        let (first, second) = (world.run(one).unwrap(), world.run(one).unwrap());
        assert_eq!((first.gross.minor, second.repeated), (500, true));
        assert_eq!(world.balance(Role::RefundsPayable), -500);
        world.assert_sound();
    });
}
