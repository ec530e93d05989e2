use super::world::{World, told};
use base::Id;
use documents::{Attach, DocumentType, File};
use identity::Ctx;
use paperwork::{RecordError, RecordKey, RecordKind, SCHEMA};
use store::StoreError;
use store::testing::{assert_sound, on_both_engines};

#[test]
fn a_record_is_found_by_id_and_by_what_people_call_it() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order_id = world.order("ACME", 1).raw();
        let find = |kind: RecordKind, key: RecordKey| {
            let ctx = world.ctx.clone();
            database.read(move |tx| paperwork::find_record(tx, &ctx, kind, &key))
        };
        let found = find(RecordKind::PurchaseOrder, RecordKey::Id(order_id)).unwrap();
        assert_eq!((found.kind.as_str(), found.id), ("purchase_order", order_id));
        let named = find(RecordKind::PurchaseOrder, RecordKey::Name(found.name.clone()));
        assert_eq!(named.unwrap(), found);
        for (kind, name) in
            [(RecordKind::Item, "P1"), (RecordKind::Partner, "ACME"), (RecordKind::Warehouse, "WH")]
        {
            assert_eq!(find(kind, RecordKey::Name(name.to_owned())).unwrap().name, name);
        }
        let missing = find(RecordKind::Claim, RecordKey::Name("x\0".to_owned())).unwrap_err();
        assert!(matches!(missing, RecordError::NotFound { .. }), "{missing}");
        let other = find(RecordKind::Bill, RecordKey::Id(order_id)).unwrap_err();
        assert!(matches!(other, RecordError::NotFound { .. }), "{other}");
    });
}

#[test]
fn who_may_not_see_a_record_finds_none_of_its_documents() {
    on_both_engines(&SCHEMA, |database| {
        let world = World::new(database);
        let order_id = world.order("ACME", 1).raw();
        let request = Attach {
            document_type: DocumentType::OrderConfirmation,
            name: "confirmation.txt".to_owned(),
            expires_on: None,
            replaces: None,
            note: String::new(),
        };
        let key = RecordKey::Id(order_id);
        let attached = world.ask(move |tx, ctx| {
            let file = File { content: b"we confirm", claimed: "text/plain" };
            let record = (RecordKind::PurchaseOrder, &key);
            paperwork::attach(tx, ctx, record, &request, file).map_err(told)
        });
        let id = attached.unwrap().document_id;
        let shown = |ctx: &Ctx| {
            let ctx = ctx.clone();
            database.read(move |tx| {
                let all = paperwork::list_documents(tx, &ctx, &Default::default());
                let one = paperwork::document(tx, &ctx, id).map(|row| row.name);
                Ok::<_, StoreError>((all.map(|page| page.lines.len()), one))
            })
        };
        let (all, one) = shown(&world.ctx).unwrap();
        assert_eq!((all.unwrap(), one.unwrap().as_str()), (1, "confirmation.txt"));
        let user = world.ctx.user_id;
        let clerk =
            |patterns: &[&str]| identity::testing::holding(&world.ctx, user, patterns, None);
        let (all, one) = shown(&clerk(&["documents.*", "stock.read"])).unwrap();
        assert_eq!(all.unwrap(), 0);
        assert!(one.is_err());
        let (all, one) = shown(&clerk(&["purchasing.read"])).unwrap();
        assert!(all.is_err() && one.is_err());
        assert_sound(database, &SCHEMA, world.ctx.company_id);
    });
}
