use base::{ItemId, Quantity, Rule};
use catalog::{DefineKit, DefineKitError, ItemKind, KitComponent, NewItem, RetireItem};
use identity::Ctx;
use store::Database;

use super::world::{get, make, read, story, write};

fn kind(sku: &str, kind: ItemKind) -> NewItem {
    NewItem { kind, ..NewItem::new(sku, sku) }
}

fn define(
    database: &Database,
    ctx: &Ctx,
    item_id: ItemId,
    parts: &[(ItemId, &str)],
) -> Result<i64, DefineKitError> {
    let components = parts
        .iter()
        .map(|(item_id, quantity)| KitComponent {
            item_id: *item_id,
            quantity: Quantity::parse(quantity).unwrap(),
        })
        .collect();
    let revision = get(database, ctx, item_id).revision;
    let request = DefineKit { item_id, revision, components };
    let defined =
        write(database, ctx, move |tx, ctx| catalog::define_kit(tx, ctx, request.clone()))?;
    Ok(defined.revision)
}

#[test]
fn a_kit_is_made_of_goods_and_can_be_made_anew() {
    story(|database, ctx| {
        let kit = make(database, ctx, kind("KIT", ItemKind::Kit));
        let cup = make(database, ctx, kind("CUP", ItemKind::Goods));
        let tea =
            make(database, ctx, NewItem { stock_unit: "g".into(), ..NewItem::new("TEA", "Tea") });
        assert_eq!(define(database, ctx, kit, &[(cup, "2"), (tea, "12.5")]).unwrap(), 2);
        assert_eq!(define(database, ctx, kit, &[(cup, "4")]).unwrap(), 3);
        let found = read(database, ctx, move |tx, ctx| {
            catalog::kit_components(tx, ctx.company_id, &[kit, cup])
        });
        let found = found.unwrap();
        assert_eq!(found.len(), 1);
        assert_eq!((found[&kit][0].item_id, found[&kit][0].quantity), (cup, Quantity::units(4)));
        let detail = read(database, ctx, move |tx, ctx| catalog::item(tx, ctx, kit)).unwrap();
        assert_eq!(detail.components.len(), 1);
    });
}

#[test]
fn a_kit_never_holds_a_kit_itself_or_nonsense() {
    story(|database, ctx| {
        let kit = make(database, ctx, kind("KIT", ItemKind::Kit));
        let other = make(database, ctx, kind("KIT2", ItemKind::Kit));
        let cup = make(database, ctx, kind("CUP", ItemKind::Goods));
        let wrap = make(database, ctx, kind("WRAP", ItemKind::Service));
        let old = make(database, ctx, kind("OLD", ItemKind::Goods));
        write(database, ctx, move |tx, ctx| {
            catalog::retire_item(tx, ctx, RetireItem { item_id: old, revision: 1 })
        })
        .unwrap();
        let nobody = "999999999".parse::<ItemId>().unwrap();
        let refused = |item_id, parts: &[(ItemId, &str)], code: &str| {
            let error = define(database, ctx, item_id, parts).unwrap_err();
            assert_eq!(error.problem().code, code, "{error}");
        };
        refused(cup, &[(cup, "1")], "not_a_kit");
        refused(kit, &[], "component_count");
        refused(kit, &[(kit, "1")], "component_not_goods");
        refused(kit, &[(cup, "1"), (other, "1")], "component_not_goods");
        refused(kit, &[(wrap, "1")], "component_not_goods");
        refused(kit, &[(nobody, "1")], "component_not_found");
        refused(kit, &[(old, "1")], "component_retired");
        refused(kit, &[(cup, "1"), (cup, "1")], "component_twice");
        refused(kit, &[(cup, "0")], "component_quantity");
        refused(kit, &[(cup, "-1")], "component_quantity");
        refused(kit, &[(cup, "0.5")], "component_quantity");
        assert_eq!(get(database, ctx, kit).revision, 1);
    });
}

#[test]
fn two_hundred_components_take_as_many_statements_as_one() {
    story(|database, ctx| {
        let kit = make(database, ctx, kind("KIT", ItemKind::Kit));
        let parts: Vec<ItemId> =
            (0..200).map(|n| make(database, ctx, NewItem::new(format!("P{n}"), "Part"))).collect();
        let statements = |parts: &[ItemId], revision| {
            let components: Vec<_> = parts
                .iter()
                .map(|item_id| KitComponent { item_id: *item_id, quantity: Quantity::ONE })
                .collect();
            write(database, ctx, move |tx, ctx| {
                let before = tx.statements();
                let components = components.clone();
                catalog::define_kit(tx, ctx, DefineKit { item_id: kit, revision, components })?;
                Ok::<_, DefineKitError>(tx.statements() - before)
            })
            .unwrap()
        };
        assert_eq!(statements(&parts[..1], 1), statements(&parts, 2));
    });
}
