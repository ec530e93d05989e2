use super::world::{World, at, billed, came, invoice, order_of, receipt, wanted};
use base::{Price, PurchaseOrderId, Quantity};
use identity::Ctx;
use purchasing::{
    AcknowledgeOrder, AmendOrder, CancelOrder, CloseShort, CreditGoods, CreditNote, DefineOffer,
    DefineOffers, LineChange, OrderLine, Promise, ResolveMismatch, ReturnLine, ReturnToSupplier,
    SCHEMA, SubmitOrder,
};
use store::testing::on_both_engines;
use store::{StoreError, Tx};

impl World<'_> {
    /// The statements that a verb issues.
    fn count<E: From<StoreError> + std::fmt::Debug + Send + 'static>(
        &self,
        verb: impl Fn(&mut Tx<'_>, &Ctx) -> Result<(), E> + Send + 'static,
    ) -> u64 {
        let counted = self.ask(move |tx, ctx| {
            let before = tx.statements();
            verb(tx, ctx)?;
            Ok::<_, E>(tx.statements() - before)
        });
        counted.expect("the verb does its work")
    }
}

fn all(lines: usize, quantity: i64) -> Vec<OrderLine> {
    (0..lines)
        .map(|at| wanted(if at.is_multiple_of(2) { "P1" } else { "P2" }, quantity, "5"))
        .collect()
}

/// What each verb issues for an order of so many lines.
fn of_lines(world: &World<'_>, lines: usize) -> Vec<(&'static str, u64)> {
    let numbers = || 1..=lines as i64;
    let id: PurchaseOrderId = world.draft(order_of("ACME", all(lines, 10)));
    let mut found = Vec::new();
    let submit = SubmitOrder { order_id: id };
    found.push((
        "submit_order",
        world.count(move |tx, ctx| purchasing::submit_order(tx, ctx, submit.clone()).map(drop)),
    ));
    let due = world.ctx.today;
    let promise = |line| Promise { line, promised_on: due, quantity: None };
    let acknowledge =
        AcknowledgeOrder { order_id: id, lines: numbers().map(promise).collect(), accept: false };
    found.push((
        "acknowledge_order",
        world.count(move |tx, ctx| {
            purchasing::acknowledge_order(tx, ctx, acknowledge.clone()).map(drop)
        }),
    ));
    let change = |line| LineChange {
        line,
        quantity: None,
        price: Some(Price::parse("4.90").expect("a price")),
        discount: None,
        due_on: None,
    };
    let amend = AmendOrder {
        order_id: id,
        revision: None,
        supplier: None,
        currency: None,
        note: None,
        lines: numbers().map(change).collect(),
        add: all(lines, 1),
    };
    found.push((
        "amend_order",
        world.count(move |tx, ctx| purchasing::amend_order(tx, ctx, amend.clone()).map(drop)),
    ));
    world.receive(receipt(id, numbers().map(|line| came(line, 8)).collect())).unwrap();
    let goods = numbers().map(|line| billed(id, line, Some(8))).collect();
    world.bill(invoice("ACME", &format!("of {lines}"), goods)).unwrap();
    let back = |line| ReturnLine {
        line,
        quantity: Quantity::units(2),
        unit: None,
        lot: None,
        place: None,
    };
    let back = ReturnToSupplier {
        order_id: id,
        returned_on: None,
        lines: numbers().map(back).collect(),
        replace: false,
        reason: "broken".into(),
        client_ref: String::new(),
    };
    found.push((
        "return_to_supplier",
        world.count(move |tx, ctx| purchasing::return_to_supplier(tx, ctx, back.clone()).map(drop)),
    ));
    let credit = |line| CreditGoods {
        order_id: id,
        line,
        quantity: None,
        unit: None,
        price: None,
        tax_code: None,
    };
    let credit = CreditNote {
        supplier: "ACME".into(),
        reference: format!("back of {lines}"),
        credited_on: None,
        goods: numbers().map(credit).collect(),
        confirm_duplicate: false,
        note: String::new(),
        client_ref: String::new(),
    };
    found.push((
        "credit_note",
        world.count(move |tx, ctx| purchasing::credit_note(tx, ctx, credit.clone()).map(drop)),
    ));
    let close = CloseShort { order_id: id, lines: Vec::new(), reason: "no more".into() };
    found.push((
        "close_short",
        world.count(move |tx, ctx| purchasing::close_short(tx, ctx, close.clone()).map(drop)),
    ));
    let order_id = world.approved(order_of("ACME", all(lines, 10)));
    let cancel = CancelOrder { order_id, reason: "not needed".into() };
    found.push((
        "cancel_order",
        world.count(move |tx, ctx| purchasing::cancel_order(tx, ctx, cancel.clone()).map(drop)),
    ));
    found
}

/// What it takes to define so many offers, and to accept a bill of so many lines that differ.
fn of_offers_and_mismatches(world: &World<'_>, lines: usize) -> [u64; 2] {
    let offer = |at: usize| DefineOffer {
        supplier: "ACME".into(),
        sku: "P1".into(),
        currency: None,
        unit: None,
        // Offers that nobody else has, so that all of them are new.
        min_quantity: Quantity::units((10_000 * lines + at) as i64),
        multiple: Quantity::ZERO,
        lead_days: 1,
        from_on: None,
        to_on: None,
        price: Price::parse("5").expect("a price"),
        discount: base::Rate::ZERO,
        supplier_sku: String::new(),
    };
    let offers = DefineOffers { offers: (0..lines).map(offer).collect() };
    let defined =
        world.count(move |tx, ctx| purchasing::define_offers(tx, ctx, offers.clone()).map(drop));
    let numbers = || 1..=lines as i64;
    let id = world.approved(order_of("ACME", all(lines, 2)));
    world.receive(receipt(id, numbers().map(|line| came(line, 2)).collect())).unwrap();
    let goods = numbers().map(|line| at(billed(id, line, None), "9")).collect();
    let bill = world.bill(invoice("ACME", &format!("dear {lines}"), goods)).unwrap();
    let resolve = ResolveMismatch {
        bill_id: bill.bill_id,
        lines: Vec::new(),
        reason: "the new list price".into(),
    };
    let resolved = world
        .count(move |tx, ctx| purchasing::resolve_mismatch(tx, ctx, resolve.clone()).map(drop));
    [defined, resolved]
}

#[test]
fn offers_and_mismatches_take_as_many_however_many_there_are() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        of_offers_and_mismatches(&world, 2);
        let one = of_offers_and_mismatches(&world, 1);
        assert_eq!(one, of_offers_and_mismatches(&world, 1_000));
        world.assert_sound();
    });
}

#[test]
fn statements_do_not_depend_on_the_number_of_lines() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        // The first order of all makes what every item needs once.
        of_lines(&world, 2);
        assert_eq!(of_lines(&world, 1), of_lines(&world, 1_000));
        world.assert_sound();
    });
}
