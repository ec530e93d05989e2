//! The world that is planned from the files.

use std::collections::{BTreeMap, BTreeSet};

use base::{Currency, Price};
use demo::{
    Calendar, Event, InvoiceKind, ItemKind, PriceSource, Purpose, SupplierOrder, TrailingDemand,
    World, is_open,
};

use super::{REAL, day};

#[test]
fn the_same_seed_gives_the_same_world_and_another_seed_another() {
    let plan = |seed| {
        let real = &*REAL;
        World::plan(&real.data, &real.classes, &real.trade, seed, day("2010-12-01")).unwrap()
    };
    assert_eq!(plan(demo::SEED).fingerprint(), REAL.world.fingerprint());
    assert_ne!(plan(demo::SEED + 1).fingerprint(), REAL.world.fingerprint());
}

#[test]
fn goods_have_a_price_a_cost_and_one_offer_and_services_none() {
    let world = &REAL.world;
    let mut sources: BTreeMap<PriceSource, usize> = BTreeMap::new();
    for (at, item) in world.items.iter().enumerate() {
        *sources.entry(item.price_source).or_default() += 1;
        let offer = world.offer(demo::ItemIndex(at));
        match item.kind {
            ItemKind::Service(_) => {
                assert_eq!((item.base_price, item.cost), (Price::ZERO, Price::ZERO));
                assert!(offer.is_none());
            }
            ItemKind::Goods => {
                let (base, cost) = (item.base_price.micro(), item.cost.micro());
                assert!(cost * 100 >= base * 54 && cost * 100 <= base * 66, "{}", item.code);
                let offer = offer.unwrap();
                assert!(offer.price > Price::ZERO && offer.minimum >= offer.multiple);
                assert_eq!(offer.minimum % offer.multiple, 0);
            }
        }
        assert!(!item.name.is_empty());
    }
    println!("prices by source: {sources:?}");
    assert_eq!(sources[&PriceSource::Service], 12);
    assert_eq!(world.offers.len(), 3_167);
}

#[test]
fn sixty_percent_of_value_comes_from_overseas_and_every_supplier_sells_something() {
    let (real, world) = (&*REAL, &REAL.world);
    let mut by_supplier: BTreeMap<_, (usize, i64)> = BTreeMap::new();
    let mut pieces = vec![0; world.items.len()];
    for row in &real.data.daily {
        pieces[row.item.0] += row.demand();
    }
    for offer in &world.offers {
        let entry = by_supplier.entry(offer.supplier).or_default();
        entry.0 += 1;
        entry.1 += pieces[offer.item.0] * (world.item(offer.item).cost.micro() / 100);
    }
    assert_eq!((world.suppliers.len(), by_supplier.len()), (40, 40));
    let total: i64 = by_supplier.values().map(|(_, value)| value).sum();
    let overseas: i64 = by_supplier
        .iter()
        .filter(|(supplier, _)| world.supplier(**supplier).overseas)
        .map(|(_, (_, value))| value)
        .sum();
    let items = by_supplier.values().map(|(items, _)| *items);
    println!(
        "year's cost GBP {}, overseas {} per mille; items a supplier {:?} to {:?}",
        total / 10_000,
        overseas * 1000 / total,
        items.clone().min(),
        items.max(),
    );
    assert!((590..=610).contains(&(overseas * 1000 / total)));
}

#[test]
fn the_opening_balances_and_planned_orders_add_up() {
    let world = &REAL.world;
    let balance = world.trial_balance;
    assert_eq!(balance.stock + balance.bank + balance.capital, 0);
    let value: i64 = world.opening_stock.iter().map(|row| row.value_minor).sum();
    assert_eq!(value, balance.stock);
    println!(
        "opening: {} items, GBP {}.{:02}",
        world.opening_stock.len(),
        value / 100,
        value % 100
    );
    let mut references = BTreeSet::new();
    let mut figures: BTreeMap<&str, (usize, usize, i64)> = BTreeMap::new();
    for order in &world.planned_orders {
        assert!(references.insert(&order.reference), "{} twice", order.reference);
        assert!(
            order.due_on >= world.opening
                && is_open(order.due_on)
                && order.ordered_on < order.due_on
        );
        let name = match (order.purpose, world.is_open_at_opening(order)) {
            (Purpose::Week(_), open) => {
                assert!(open, "{}", order.reference);
                "weeks 3 to 8"
            }
            (Purpose::Launch, true) => "launch, open at the opening",
            (Purpose::Launch, false) => "launch, sent later",
        };
        let figure = figures.entry(name).or_default();
        figure.0 += 1;
        figure.1 += order.lines.len();
        for line in &order.lines {
            let offer = world.offer(line.item).unwrap();
            assert_eq!((line.quantity % offer.multiple, offer.supplier), (0, order.supplier));
            figure.2 += line.quantity * (world.item(line.item).cost.micro() / 100);
        }
    }
    for (name, (orders, lines, value)) in figures {
        println!("{name}: {orders} orders, {lines} lines, GBP {}", value / 10_000);
    }
}

#[test]
fn weeks_three_to_eight_and_launches_bring_what_is_wanted() {
    let (data, world) = (&REAL.data, &REAL.world);
    let (third, ninth) = (day("2010-12-15"), day("2011-01-26"));
    let mut wanted: BTreeMap<_, i64> = BTreeMap::new();
    let mut first = BTreeMap::new();
    for row in data.daily.iter().filter(|row| row.demand() > 0) {
        let earliest = first.entry(row.item).or_insert(row.day);
        *earliest = row.day.min(*earliest);
        if (third..ninth).contains(&row.day) {
            *wanted.entry(row.item).or_default() += row.demand();
        }
    }
    let mut ordered: BTreeMap<_, i64> = BTreeMap::new();
    for order in &world.planned_orders {
        for line in &order.lines {
            if order.purpose == Purpose::Launch {
                assert!(first[&line.item] >= ninth);
                let days = order.due_on.days_until(first[&line.item]);
                assert!((7..=20).contains(&days), "{} {days}", order.reference);
            } else {
                *ordered.entry(line.item).or_default() += line.quantity;
            }
        }
    }
    for (item, wanted) in &wanted {
        let offer = world.offer(*item).unwrap();
        let over = ordered[item] - wanted;
        assert!((0..offer.minimum + offer.multiple).contains(&over), "{item:?} {over}");
    }
    assert_eq!(wanted.len(), ordered.len());
    let launched = world.planned_orders.iter().filter(|it| it.purpose == Purpose::Launch);
    let launched: usize = launched.map(|order| order.lines.len()).sum();
    assert_eq!(launched, first.values().filter(|day| **day >= ninth).count());
    println!("items wanted {}, launched {launched}", first.len());
}

#[test]
fn what_comes_of_an_order_does_not_depend_on_when_it_is_asked_or_on_its_other_lines() {
    let world = &REAL.world;
    let order = world.planned_orders.iter().max_by_key(|order| order.lines.len()).unwrap();
    let whole = world.supply(&order.as_supplier_order(), order.due_on).unwrap();
    let some = &order.lines[..3];
    let part = SupplierOrder { lines: some, ..order.as_supplier_order() };
    let part = world.supply(&part, order.due_on).unwrap();
    let arrives = |supply: &demo::Supply| {
        let lines =
            supply.deliveries.iter().flat_map(|it| it.lines.iter().map(|line| (it.day, line)));
        lines
            .map(|(day, line)| (line.line, day, line.arrives))
            .filter(|it| it.0 < 3)
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(arrives(&whole), arrives(&part));
    for supply in &world.planned_supply {
        for delivery in &supply.deliveries {
            assert!(is_open(delivery.day) && !delivery.lines.is_empty());
            assert!(delivery.lines.iter().all(|line| line.arrives > 0));
            assert!(
                delivery.bills.iter().all(|bill| bill.day >= delivery.day && is_open(bill.day))
            );
        }
    }
}

#[test]
fn a_replenishment_order_arrives_about_when_its_supplier_says() {
    let world = &REAL.world;
    for (at, supplier) in world.suppliers.iter().enumerate() {
        let supplier_index = demo::SupplierIndex(at);
        let mut days = Vec::new();
        for reference in 0..50 {
            let reference = format!("{reference}");
            let ordered_on = day("2011-02-01");
            let order = SupplierOrder {
                supplier: supplier_index,
                reference: &reference,
                ordered_on,
                lines: &[],
            };
            days.push(ordered_on.days_until(world.arrives_on(&order).unwrap()));
        }
        days.sort_unstable();
        assert!(days[49] <= supplier.lead_days * 5 / 2 + 14, "{days:?}");
        assert!((supplier.lead_days / 2..=supplier.lead_days * 3 / 2 + 3).contains(&days[25]));
        let promised = world.promised_on(supplier_index, day("2011-02-01")).unwrap();
        assert!(day("2011-02-01").days_until(promised) >= supplier.lead_days);
    }
}

#[test]
fn demand_before_a_day_knows_nothing_of_the_day_or_later() {
    let real = &*REAL;
    let opening = day("2010-12-01");
    let full = TrailingDemand::of(&real.trade, real.data.items.len(), opening);
    let asked = day("2011-01-18");
    let mut cut = real.trade.clone();
    cut.invoices.retain(|invoice| invoice.day < asked);
    let cut = TrailingDemand::of(&cut, real.data.items.len(), opening);
    for at in 0..real.data.items.len() {
        let item = demo::ItemIndex(at);
        assert_eq!(full.before(item, asked).unwrap(), cut.before(item, asked).unwrap());
    }
    let any = demo::ItemIndex(0);
    assert_eq!(full.before(any, opening).unwrap(), (0, 0));
    assert_eq!(full.before(any, day("2010-12-08")).unwrap().1, 7);
    assert_eq!(full.before(any, day("2011-03-01")).unwrap().1, 28);
}

#[test]
fn every_invoice_note_and_delivery_happens_once_and_in_order() {
    let (trade, world) = (&REAL.trade, &REAL.world);
    let calendar = Calendar::of(world, trade);
    let (mut invoices, mut notes, mut received) = (Vec::new(), Vec::new(), 0);
    let (mut opened, mut paid_out, mut locked) = (0, 0, 0);
    for plan in calendar.plans(day("2011-12-31")) {
        let plan = plan.unwrap();
        let ranks: Vec<u8> = plan.events.iter().map(rank).collect();
        assert!(ranks.is_sorted(), "{plan:?}");
        for event in plan.events {
            match event {
                Event::Order(at) | Event::Credit(at) | Event::BadDebt(at) => invoices.push(at),
                Event::Note(at) => notes.push(at),
                Event::Receive(planned) => received += planned.len(),
                Event::Open => opened += 1,
                Event::PayOut => paid_out += 1,
                Event::LockMonth { .. } => locked += 1,
                _ => {}
            }
        }
    }
    assert_eq!(invoices, (0..trade.invoices.len()).collect::<Vec<_>>());
    assert_eq!(notes, (0..trade.notes.len()).collect::<Vec<_>>());
    let deliveries = world.planned_supply.iter().map(|supply| supply.deliveries.len());
    assert_eq!(received, deliveries.sum::<usize>());
    assert_eq!((opened, paid_out, locked), (1, 56, 12));
}

fn rank(event: &Event) -> u8 {
    match event {
        Event::Open => 0,
        Event::PayOut => 1,
        Event::OpenNorth => 1,
        Event::SendPlanned(_) => 2,
        Event::ChangePromises(_) => 3,
        Event::Receive(_) | Event::ReceiveTransfers => 4,
        Event::Bill(_) => 5,
        Event::Dispose => 6,
        Event::Order(_) | Event::Credit(_) | Event::BadDebt(_) => 7,
        Event::Route | Event::Ship | Event::SendTransfers | Event::Count => 8,
        Event::Note(_) => 9,
        Event::CancelBackOrders { .. } => 10,
        Event::Pay => 11,
        Event::Replenish => 12,
        Event::CloseMonth { .. } => 13,
        Event::LockMonth { .. } => 14,
    }
}

#[test]
fn the_wholesale_customers_are_those_of_the_invoices() {
    let world = &REAL.world;
    println!("customers: {}", world.customers.len());
    assert_eq!(world.customers.len(), 4_358);
    assert!(world.customers.is_sorted_by_key(|customer| customer.number));
    let dollars = world.suppliers.iter().filter(|it| it.currency == Currency::USD).count();
    assert_eq!(dollars, 24);
    assert!(REAL.trade.invoices_of(InvoiceKind::BadDebt).all(|it| it.customer.is_none()));
}
