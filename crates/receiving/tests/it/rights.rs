//! Who may do what: whoever scans sees what was scanned and not what was ordered.

use super::world::{World, for_line, found, scan, story};
use base::{Rule, UserId};
use identity::testing::{holding, holding_in};
use receiving::ReadError;

/// The same company with only these rights.
fn with<'d>(world: &World<'d>, rights: &[&str]) -> World<'d> {
    World { db: world.db, ctx: holding(&world.ctx, world.ctx.user_id, rights, None) }
}

fn code_of(found: Result<receiving::BlindMatch, ReadError>) -> &'static str {
    found.unwrap_err().problem().code
}

#[test]
fn whoever_scans_does_not_see_what_was_ordered() {
    story(|world| {
        world.order("ACME", "2026-06-10", &[("P1", 10, "4")]);
        let scanner = with(world, &["receiving.scan"]);
        let id = scanner.open();
        scanner.scan(id, vec![scan("P1", 4)]).unwrap();
        let ctx = scanner.ctx.clone();
        let own = world.db.read(move |tx| receiving::blind_receipt(tx, &ctx, id)).unwrap();
        assert_eq!((own.scans.len(), own.booked.len()), (1, 0));
        let ctx = scanner.ctx.clone();
        let refused = world.db.read(move |tx| receiving::blind_match(tx, &ctx, id));
        assert_eq!(code_of(refused), "permission_denied");
        // Whoever matches does not receive without the right to receive.
        let request = world.booking(id, false);
        let book = |world: &World<'_>| world.ask_book(request.clone());
        let code = |rights: &[&str]| book(&with(world, rights)).unwrap_err().problem().code;
        assert_eq!(code(&["receiving.scan"]), "permission_denied");
        assert_eq!(code(&["receiving.match"]), "permission_denied");
        assert_eq!(world.on_hand("P1"), 0);
        book(&with(world, &["receiving.match", "purchasing.receive"])).unwrap();
        assert_eq!(world.on_hand("P1"), 4);
        // Nor does whoever scans see afterwards for which orders the goods came.
        let booked = |rights: &[&str]| {
            let ctx = with(world, rights).ctx;
            let shown = world.db.read(move |tx| receiving::blind_receipt(tx, &ctx, id)).unwrap();
            (shown.scans.len(), shown.booked.len())
        };
        assert_eq!((booked(&["receiving.scan"]), booked(&["receiving.read"])), ((1, 0), (1, 1)));
        let listed = |rights: &[&str]| {
            let found = with(world, rights)
                .run(|tx, ctx| receiving::list_blind_receipts(tx, ctx, Default::default()));
            found.map(|page| page.lines.len())
        };
        // The list is how a scanner finds the delivery.
        assert_eq!((listed(&["receiving.scan"]), listed(&["receiving.read"])), (Ok(1), Ok(1)));
        let refused = listed(&["receiving.match"]).unwrap_err();
        assert_eq!(refused.problem().code, "permission_denied");
    });
}

#[test]
fn a_right_for_a_warehouse_ends_at_its_door() {
    story(|world| {
        let two = world
            .run(|tx, ctx| stock::warehouses(tx, ctx.company_id))
            .unwrap()
            .into_iter()
            .find(|warehouse| warehouse.code == "TWO")
            .unwrap();
        let all =
            holding_in(&world.ctx, UserId::clone(&world.ctx.user_id), &["*"], two.warehouse_id);
        let clerk = World { db: world.db, ctx: all };
        let id = world.found(found("P1", "", 1));
        let order = world.order("ACME", "2026-06-10", &[("P1", 10, "4")]);
        let refused = clerk.receive(for_line(id, order, 1)).unwrap_err();
        assert_eq!(refused.problem().code, "warehouse_denied");
        let seen = |world: &World<'_>| {
            let list = world.run(|tx, ctx| receiving::list_unknown(tx, ctx, Default::default()));
            list.unwrap().lines.len()
        };
        assert_eq!((seen(&clerk), seen(world)), (0, 1));
    });
}
