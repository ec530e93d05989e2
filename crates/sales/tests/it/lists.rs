use super::world::{World, from, goods, shipping};
use base::{Rule, SalesOrderId};
use sales::{
    AcceptOrder, ChannelFilter, InvoiceFilter, OrderState, Progress, SCHEMA, SalesOrderFilter,
    Ship, ShipmentFilter,
};
use store::testing::on_both_engines;

#[test]
fn orders_shipments_and_invoices_are_found_by_what_is_known_of_them() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 50, 500), (1, 50, 500)]);
        let mut ids: Vec<SalesOrderId> = Vec::new();
        for n in 0..5_i64 {
            let channel = if n % 2 == 0 { "WEB" } else { "B2B" };
            let order = AcceptOrder {
                partner: (n % 2 == 1).then(|| "C1".into()),
                client_ref: Some(format!("run-{n}")),
                ..from(channel, &format!("E{n}"), vec![goods((n % 2) as usize, 2, "6")])
            };
            ids.push(world.accept(db, &order).unwrap().order_id);
        }
        let ship = Ship { client_ref: Some("box-1".into()), ..shipping(ids[1]) };
        world.run(db, move |tx, ctx| sales::ship(tx, ctx, ship.clone())).unwrap();
        world.ship(db, ids[0], Some(&[(1, 1)])).unwrap();
        let invoice = world.invoice(db, ids[1]).unwrap();

        let orders = |filter: SalesOrderFilter| {
            let ctx = world.ctx.clone();
            db.read(move |tx| sales::list_orders(tx, &ctx, filter.clone())).unwrap()
        };
        let any = SalesOrderFilter::default;
        let count = |filter| orders(filter).lines.len();
        assert_eq!(count(any()), 5);
        assert_eq!(count(SalesOrderFilter { state: Some(OrderState::Closed), ..any() }), 1);
        assert_eq!(count(SalesOrderFilter { channel: Some("WEB".into()), ..any() }), 3);
        assert_eq!(count(SalesOrderFilter { partner: Some("C1".into()), ..any() }), 2);
        assert_eq!(count(SalesOrderFilter { sku: Some("P0001".into()), ..any() }), 2);
        assert_eq!(count(SalesOrderFilter { external_ref: Some("E3".into()), ..any() }), 1);
        assert_eq!(count(SalesOrderFilter { client_ref_prefix: Some("run-".into()), ..any() }), 5);
        assert_eq!(count(SalesOrderFilter { client_ref_prefix: Some("run-4".into()), ..any() }), 1);
        let tomorrow = world.ctx.today.plus(1).ok();
        assert_eq!(count(SalesOrderFilter { from_day: tomorrow, ..any() }), 0);
        assert_eq!(count(SalesOrderFilter { to_day: tomorrow, ..any() }), 5);
        let first = orders(SalesOrderFilter { limit: Some(3), ..any() });
        let cursor = first.next_cursor.clone();
        let second = orders(SalesOrderFilter { limit: Some(3), cursor, ..any() });
        let mut seen: Vec<_> =
            first.lines.iter().chain(&second.lines).map(|row| row.order_id).collect();
        seen.sort();
        ids.sort();
        assert_eq!(seen, ids);

        let detail = world.order(db, ids[1]);
        assert_eq!((detail.head.shipped, detail.head.invoiced), (Progress::Fully, Progress::Fully));
        assert_eq!((detail.shipments.len(), detail.invoices.len()), (1, 1));
        let partly = world.order(db, ids[0]).head;
        assert_eq!((partly.shipped, partly.invoiced), (Progress::Partly, Progress::None));

        let ctx = world.ctx.clone();
        let boxes = ShipmentFilter { client_ref_prefix: Some("box".into()), ..Default::default() };
        let boxes = db.read(move |tx| sales::list_shipments(tx, &ctx, boxes.clone())).unwrap();
        assert_eq!(boxes.lines.len(), 1);
        let (ctx, id) = (world.ctx.clone(), boxes.lines[0].shipment_id);
        let shipment = db.read(move |tx| sales::shipment(tx, &ctx, id)).unwrap();
        assert_eq!((shipment.lines[0].sku.as_str(), shipment.lines[0].cost.minor), ("P0001", 20));
        let ctx = world.ctx.clone();
        let to_ann = InvoiceFilter { partner: Some("C1".into()), ..Default::default() };
        let invoices = db.read(move |tx| sales::list_invoices(tx, &ctx, to_ann.clone())).unwrap();
        assert_eq!(invoices.lines[0].number, invoice.number);
        let ctx = world.ctx.clone();
        let unknown = db.read(move |tx| sales::order(tx, &ctx, super::world::nobody()));
        assert_eq!(unknown.unwrap_err().problem().code, "order_not_found");
        world.assert_sound(db);
    });
}

#[test]
fn a_channel_keeps_its_terms_and_its_orders_theirs() {
    on_both_engines(&SCHEMA, |db| {
        let world = World::new(db, 2);
        world.receive(db, &[(0, 5, 500)]);
        let order = world.accept(db, &from("WEB", "1", vec![goods(0, 1, "6")])).unwrap();
        let web = sales::DefineChannel {
            code: "WEB".into(),
            name: "The web".into(),
            warehouse: "WH".into(),
            when_short: Some(sales::WhenShort::BackOrder),
            reserve_at: Some(sales::ReserveAt::Manual),
            prepaid: true,
            prices: sales::Prices::Net,
            revenue_at: sales::RevenueAt::Shipment,
            terms_days: 0,
            tax_code: None,
            active: Some(true),
            revision: Some(1),
        };
        let owed = sales::DefineChannel { prepaid: false, ..web.clone() };
        let error = world.run(db, move |tx, ctx| sales::define_channel(tx, ctx, owed.clone()));
        assert_eq!(error.unwrap_err().problem().code, "terms_need_invoice");
        let again = web.clone();
        let made = world.run(db, move |tx, ctx| sales::define_channel(tx, ctx, again.clone()));
        assert_eq!(made.unwrap().revision, 2);
        assert_eq!(world.order(db, order.order_id).prices, sales::Prices::Gross);
        let waits = world.accept(db, &from("WEB", "2", vec![goods(0, 1, "6")])).unwrap();
        assert_eq!(super::world::whole(waits.lines[0].reserved), 0);
        assert_eq!((waits.gross.minor, waits.tax.minor), (600, 0));
        let late = web.clone();
        let error = world.run(db, move |tx, ctx| sales::define_channel(tx, ctx, late.clone()));
        let problem = error.unwrap_err().problem();
        assert_eq!(problem.code, "channel_changed");
        assert!(problem.detail.contains("revision 2, not at 1"), "{}", problem.detail);
        let new = sales::DefineChannel { revision: Some(0), ..web.clone() };
        let error = world.run(db, move |tx, ctx| sales::define_channel(tx, ctx, new.clone()));
        assert_eq!(error.unwrap_err().problem().code, "channel_changed");
        let shut = sales::DefineChannel { active: Some(false), revision: None, ..web };
        world.run(db, move |tx, ctx| sales::define_channel(tx, ctx, shut.clone())).unwrap();
        let error = world.accept(db, &from("WEB", "3", vec![goods(0, 1, "6")])).unwrap_err();
        assert_eq!(error.problem().code, "channel_inactive");
        let ctx = world.ctx.clone();
        assert_eq!(db.read(move |tx| sales::channels(tx, &ctx)).unwrap().len(), 3);
        let list = |filter: ChannelFilter| {
            let ctx = world.ctx.clone();
            db.read(move |tx| sales::list_channels(tx, &ctx, filter.clone())).unwrap()
        };
        let of = |filter| list(filter).lines.into_iter().map(|one| one.code).collect::<Vec<_>>();
        let all = of(ChannelFilter::default());
        assert_eq!(all.len(), 3);
        let shut = ChannelFilter { active: Some(false), ..ChannelFilter::default() };
        assert_eq!(of(shut), ["WEB"]);
        let nowhere = ChannelFilter { warehouse: Some("X".into()), ..ChannelFilter::default() };
        assert!(of(nowhere).is_empty());
        let here =
            ChannelFilter { warehouse: Some("WH".into()), limit: Some(2), ..Default::default() };
        let cursor = list(here).next_cursor;
        assert_eq!(of(ChannelFilter { cursor, ..ChannelFilter::default() }), all[2..]);
        world.assert_sound(db);
    });
}
