use super::world::{SOUTH, WH, World, goods, kits, whole};
use accounting::Role;
use base::{Id, Price, PurchaseOrderId, Quantity, Rule, SalesOrderId};
use fulfilment::{
    DirectDone, RouteChoice, ShipDirect, ShipDirectError, ShipDirectLine, Supply, SupplyFilter,
    SupplyLine, SupplyOrderError, SupplyOrdered, SupplyRow,
};
use purchasing::{Bill, BillGoods, CloseShort, SubmitOrder};
use store::testing::on_both_engines;

fn wanting(order_id: SalesOrderId, direct: bool) -> Supply {
    Supply {
        order_id,
        supplier: "ACME".to_owned(),
        lines: None,
        direct,
        note: String::new(),
        client_ref: String::new(),
    }
}

fn line(line: i64, pieces: i64, price: &str) -> SupplyLine {
    SupplyLine {
        line,
        quantity: Some(Quantity::units(pieces)),
        price: Some(Price::parse(price).unwrap()),
    }
}

impl World<'_> {
    fn supply(&self, request: &Supply) -> Result<SupplyOrdered, SupplyOrderError> {
        let request = request.clone();
        self.run(move |tx, ctx| fulfilment::supply(tx, ctx, request.clone()))
    }

    fn submit(&self, order_id: PurchaseOrderId) {
        let request = SubmitOrder { order_id };
        self.run(move |tx, ctx| purchasing::submit_order(tx, ctx, request.clone()))
            .expect("submitted");
    }

    fn send(
        &self,
        purchase_order_id: PurchaseOrderId,
        lines: Option<&[(i64, i64)]>,
    ) -> Result<DirectDone, ShipDirectError> {
        let line = |&(line, pieces): &(i64, i64)| ShipDirectLine {
            line,
            quantity: Some(Quantity::units(pieces)),
        };
        let request = ShipDirect {
            purchase_order_id,
            lines: lines.map(|lines| lines.iter().map(line).collect()),
            happened_on: None,
            delivery_note: "DN-1".to_owned(),
            carrier: None,
            tracking: None,
        };
        self.run(move |tx, ctx| fulfilment::ship_direct(tx, ctx, request.clone()))
    }

    fn supplies(&self, order_id: SalesOrderId) -> Vec<SupplyRow> {
        let ctx = self.ctx.clone();
        let filter = SupplyFilter { order_id: Some(order_id), ..SupplyFilter::default() };
        let list = self.db.read(move |tx| fulfilment::list_supplies(tx, &ctx, filter.clone()));
        list.expect("a list").lines
    }

    /// What is newly kept for an order, in pieces.
    fn reserve(&self, order_id: SalesOrderId) -> i64 {
        let keep = sales::ReserveOrder { order_id };
        let kept = self.run(move |tx, ctx| sales::reserve_order(tx, ctx, keep.clone()));
        kept.expect("kept").lines.iter().map(|line| whole(line.quantity)).sum()
    }

    /// What is newly kept of the first item in the first warehouse for whoever waits, by order.
    fn allocate(&self) -> Vec<(SalesOrderId, i64)> {
        let request = sales::AllocateBackOrders {
            warehouse_id: self.warehouses[WH].warehouse_id,
            item_ids: vec![self.items[0]],
        };
        let given = self.run(move |tx, ctx| sales::allocate_back_orders(tx, ctx, request.clone()));
        let given = given.expect("given").lines;
        given.iter().map(|line| (line.order_id, whole(line.quantity))).collect()
    }

    /// Debits less credits of a role's account, in minor units.
    fn balance(&self, role: Role) -> i64 {
        let ctx = self.ctx.clone();
        let trial = self.db.read(move |tx| accounting::trial_balance(tx, &ctx, None));
        let trial = trial.expect("a trial balance");
        trial.lines.iter().find(|l| l.role == Some(role)).map_or(0, |line| line.balance.minor)
    }
}

#[test]
fn goods_go_straight_from_supplier_to_customer_in_one_posting() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world
            .run(|tx, ctx| identity::set_policy(tx, ctx, "price_difference", "into_stock"))
            .expect("a policy");
        let order = world.order(vec![goods(0, 250)]).order_id;
        let lines = Some(vec![line(1, 250, "3")]);
        let made = world.supply(&Supply { lines, ..wanting(order, true) }).expect("ordered");
        let purchase = made.purchase_order_id;
        let early = world.send(purchase, None).expect_err("a draft");
        assert_eq!(early.problem().code, "order_not_due");
        world.submit(purchase);

        let done = world.send(purchase, Some(&[(1, 100)])).expect("sent");
        assert_eq!((done.cost.minor, done.shipment.cost.minor), (30_000, 30_000));
        assert_eq!(done.shipment.net.minor + done.shipment.tax.minor, 60_000);
        assert_eq!(world.balance(Role::Cogs), 30_000);
        assert_eq!(world.balance(Role::Grni), -30_000);
        assert_eq!(world.balance(Role::StockValuation), 0);
        assert_eq!(world.balance(Role::Revenue), -50_000);
        assert_eq!(world.there(WH, 0), (0, 0));
        assert_eq!(whole(world.detail(order).lines[0].shipped), 100);
        let supply = &world.supplies(order)[0];
        assert_eq!((whole(supply.received), whole(supply.due)), (100, 150));
        world.assert_sound();

        // The rest will not come; the customer still wants it, and the bill is dearer.
        let close = CloseShort {
            order_id: purchase,
            lines: Vec::new(),
            reason: "the supplier has no more".to_owned(),
        };
        world.run(move |tx, ctx| purchasing::close_short(tx, ctx, close.clone())).expect("closed");
        let supply = &world.supplies(order)[0];
        assert!(supply.closed_short);
        assert_eq!((whole(supply.due), whole(supply.wanted)), (0, 150));
        let bill = Bill {
            supplier: "ACME".to_owned(),
            reference: "B-1".to_owned(),
            billed_on: None,
            due_on: None,
            currency: None,
            goods: vec![BillGoods {
                order_id: purchase,
                line: 1,
                quantity: None,
                unit: None,
                price: Some(Price::parse("4").unwrap()),
                tax_code: None,
                correction: false,
            }],
            expenses: Vec::new(),
            confirm_duplicate: false,
            note: String::new(),
            client_ref: String::new(),
        };
        world.run(move |tx, ctx| purchasing::bill(tx, ctx, bill.clone())).expect("billed");
        assert_eq!(world.balance(Role::Cogs), 40_000, "its price becomes the cost");
        assert_eq!(world.balance(Role::Grni), 0);
        world.assert_sound();

        // What the customer still wants is ordered anew, and nothing more than that.
        let price = Some(Price::parse("4").unwrap());
        let all = SupplyLine { line: 1, quantity: None, price };
        let again = Supply { lines: Some(vec![all]), ..wanting(order, true) };
        let again = world.supply(&again).expect("ordered");
        assert_eq!(whole(again.lines[0].quantity), 150);
        world.submit(again.purchase_order_id);
        let rest = world.send(again.purchase_order_id, None).expect("sent");
        assert_eq!(rest.shipment.state, sales::OrderState::Closed);
        assert_eq!(world.balance(Role::CustomerDeposits), 0);
        world.assert_sound();
    });
}

#[test]
fn what_is_ordered_for_the_warehouse_is_received_there() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(WH, &[(0, 2)]);
        let order = world.order(vec![goods(0, 5), goods(1, 1)]).order_id;
        let request = Supply {
            lines: Some(vec![line(1, 3, "2"), line(2, 1, "2")]),
            client_ref: "mine".to_owned(),
            ..wanting(order, false)
        };
        let made = world.supply(&request).expect("ordered");
        let again = world.supply(&request).expect("the same");
        assert!(again.repeated && again.lines == made.lines);
        let nothing = world.supply(&wanting(order, false)).expect_err("all is on order");
        assert_eq!(nothing.problem().code, "nothing_lacks");
        world.submit(made.purchase_order_id);
        let direct = world.send(made.purchase_order_id, None).expect_err("it comes to us");
        assert_eq!(direct.problem().code, "not_direct");
        world.assert_sound();
    });
}

#[test]
fn only_what_lacks_is_ordered_and_no_kits() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(WH, &[(0, 2)]);
        let order = world.order(vec![goods(0, 5), kits(1)]).order_id;
        let refused = |lines: Vec<SupplyLine>| {
            let request = Supply { lines: Some(lines), ..wanting(order, true) };
            world.supply(&request).expect_err("refused").problem().code
        };
        assert_eq!(refused(vec![line(1, 4, "2")]), "exceeds_lacking");
        assert_eq!(refused(vec![line(2, 1, "2")]), "kit_not_supplied");
        assert_eq!(refused(vec![line(3, 1, "2")]), "unknown_line");
        assert_eq!(refused(vec![line(1, 1, "2"), line(1, 1, "2")]), "line_twice");
        assert_eq!(refused(Vec::new()), "nothing_lacks");
        let unknown = Supply { order_id: Id::from_raw(1), ..wanting(order, true) };
        let unknown = world.supply(&unknown).expect_err("unknown");
        assert_eq!(unknown.problem().code, "order_not_found");
        world.assert_sound();
    });
}

#[test]
fn a_direct_shipment_never_exceeds_what_is_due_or_still_wanted() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        let order = world.order(vec![goods(0, 5)]).order_id;
        let lines = Some(vec![line(1, 5, "2")]);
        let made = world.supply(&Supply { lines, ..wanting(order, true) }).expect("ordered");
        let purchase = made.purchase_order_id;
        world.submit(purchase);
        let code = |answer: Result<DirectDone, ShipDirectError>| {
            answer.expect_err("refused").problem().code
        };
        assert_eq!(code(world.send(purchase, Some(&[(1, 6)]))), "exceeds_due");
        assert_eq!(code(world.send(purchase, Some(&[(2, 1)]))), "line_not_supplied");
        assert_eq!(code(world.send(purchase, Some(&[(1, 1), (1, 1)]))), "line_twice");
        let cancel = sales::CancelOrder {
            order_id: order,
            lines: Some(vec![sales::CancelLine { line: 1, quantity: Some(Quantity::units(4)) }]),
            reason: "too many".to_owned(),
        };
        world.run(move |tx, ctx| sales::cancel(tx, ctx, cancel.clone())).expect("cancelled");
        assert_eq!(code(world.send(purchase, None)), "exceeds_open");
        world.send(purchase, Some(&[(1, 1)])).expect("what is still wanted");
        assert_eq!(code(world.send(purchase, Some(&[(1, 1)]))), "order_not_open");
        world.assert_sound();
    });
}

#[test]
fn what_comes_straight_from_a_supplier_is_not_routed_and_nothing_is_kept_for_it() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.rank(&["WH", "SOUTH"], true);
        let order = world.order(vec![goods(0, 5), goods(1, 2)]).order_id;
        let lines = Some(vec![line(1, 5, "2")]);
        let made = world.supply(&Supply { lines, ..wanting(order, true) }).expect("ordered");
        world.submit(made.purchase_order_id);
        world.receive(SOUTH, &[(0, 9), (1, 9)]);
        let routed = world.route_one(order);
        assert_eq!(routed.choice, Some(RouteChoice::Elsewhere));
        let parts: Vec<i64> = routed.parts.iter().map(|part| part.line).collect();
        assert_eq!(parts, [2]);
        assert_eq!((world.there(SOUTH, 0), world.there(SOUTH, 1)), ((9, 9), (9, 7)));
        assert_eq!(world.route_one(order).outcome, sales::ElementOutcome::Repeated);
        world.send(made.purchase_order_id, None).expect("sent");
        world.ship(order, SOUTH).expect("shipped");
        assert_eq!(world.detail(order).head.state, sales::OrderState::Closed);
        world.assert_sound();
    });
}

#[test]
fn goods_kept_for_what_a_supplier_sent_are_free_again() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        let order = world.order(vec![goods(0, 5)]).order_id;
        let lines = Some(vec![line(1, 5, "2")]);
        let made = world.supply(&Supply { lines, ..wanting(order, true) }).expect("ordered");
        world.receive(WH, &[(0, 3)]);
        // As long as the purchase order is a draft, nobody can rely on it.
        assert_eq!((world.reserve(order), world.there(WH, 0)), (3, (3, 0)));
        world.submit(made.purchase_order_id);
        world.send(made.purchase_order_id, None).expect("sent");
        assert_eq!(world.there(WH, 0), (3, 3));
        world.assert_sound();
    });
}

#[test]
fn nothing_is_reserved_for_what_comes_straight_from_a_supplier_as_long_as_it_is_to_come() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        let order = world.order(vec![goods(0, 10)]).order_id;
        let other = world.order(vec![goods(0, 2)]).order_id;
        let lines = Some(vec![line(1, 6, "2")]);
        let made = world.supply(&Supply { lines, ..wanting(order, true) }).expect("ordered");
        world.submit(made.purchase_order_id);
        world.receive(WH, &[(0, 20)]);
        assert_eq!(world.reserve(order), 4, "six come straight from the supplier");
        assert_eq!(world.allocate(), [(other, 2)]);
        assert_eq!((world.reserve(order), world.there(WH, 0)), (0, (20, 14)));
        world.assert_sound();

        world.send(made.purchase_order_id, Some(&[(1, 2)])).expect("two are sent");
        assert_eq!((world.reserve(order), world.allocate()), (0, vec![]), "four are to come");
        let close = CloseShort {
            order_id: made.purchase_order_id,
            lines: Vec::new(),
            reason: "the supplier has no more".to_owned(),
        };
        world.run(move |tx, ctx| purchasing::close_short(tx, ctx, close.clone())).expect("closed");
        assert_eq!(world.allocate(), [(order, 4)], "they will not come after all");
        world.ship(order, WH).expect("shipped");
        world.ship(other, WH).expect("shipped");
        assert_eq!(world.there(WH, 0), (10, 10));
        assert_eq!(world.detail(order).head.state, sales::OrderState::Closed);
        world.assert_sound();
    });
}

#[test]
fn goods_that_went_straight_to_the_customer_are_not_claimed_from_our_stock() {
    on_both_engines(&reconcile::SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(WH, &[(0, 5)]);
        let order = world.order(vec![goods(1, 2)]).order_id;
        let lines = Some(vec![line(1, 2, "2")]);
        let made = world.supply(&Supply { lines, ..wanting(order, true) }).expect("ordered");
        world.submit(made.purchase_order_id);
        let done = world.send(made.purchase_order_id, None).expect("sent");
        for place in [None, Some("WH/Stock".to_owned())] {
            let claim = serde_json::json!({
                "receipt_id": done.receipt_id, "line": 1, "quantity": "1", "cause": "crushed",
                "place": place,
            });
            let refused = world.run(move |tx, ctx| {
                quality::open_claim(tx, ctx, serde_json::from_value(claim.clone()).unwrap())
            });
            assert_eq!(refused.unwrap_err().problem().code, "went_straight");
        }
        world.assert_sound();
    });
}
