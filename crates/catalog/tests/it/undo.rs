use base::{BatchId, Id};
use catalog::{
    ItemImportFilter, ItemImportLineFilter, ItemImportRow, ItemImportUndone, RetireItem,
    UndoItemImport, UndoItemImportError,
};
use identity::Ctx;
use store::Database;
use tabular::ImportReport;

use super::world::{read, story, write};

fn import(database: &Database, ctx: &Ctx, file: &str) -> ImportReport {
    let file = file.to_owned();
    write(database, ctx, move |tx, ctx| catalog::import_items(tx, ctx, file.as_bytes(), false))
        .unwrap()
}

fn imports(database: &Database, ctx: &Ctx, filter: ItemImportFilter) -> Vec<ItemImportRow> {
    let list = move |tx: &mut store::Tx<'_>, ctx: &Ctx| {
        catalog::list_item_imports(tx, ctx, filter.clone())
    };
    read(database, ctx, list).unwrap().lines
}

/// What the latest import made and changed: SKU, whether it was made, whether it was changed since.
fn lines(database: &Database, ctx: &Ctx) -> Vec<(String, bool, bool)> {
    let import_id = Some(latest(database, ctx));
    let filter = ItemImportLineFilter { import_id, ..ItemImportLineFilter::default() };
    let list = move |tx: &mut store::Tx<'_>, ctx: &Ctx| {
        catalog::list_item_import_lines(tx, ctx, filter.clone())
    };
    let lines = read(database, ctx, list).unwrap().lines;
    lines.into_iter().map(|line| (line.sku, line.made, line.changed_since)).collect()
}

fn latest(database: &Database, ctx: &Ctx) -> BatchId {
    imports(database, ctx, ItemImportFilter::default())[0].import_id
}

fn undo(
    database: &Database,
    ctx: &Ctx,
    import_id: BatchId,
) -> Result<ItemImportUndone, UndoItemImportError> {
    let request = UndoItemImport { import_id, reason: "the wrong file".into() };
    write(database, ctx, move |tx, ctx| catalog::undo_item_import(tx, ctx, request.clone()))
}

fn exported(database: &Database, ctx: &Ctx) -> String {
    String::from_utf8(read(database, ctx, catalog::export_items).unwrap()).unwrap()
}

fn later(ctx: &Ctx, seconds: i64) -> Ctx {
    let mut later = ctx.clone();
    later.at = ctx.at.plus_micros(seconds * 1_000_000).unwrap();
    later
}

const FIRST: &str = "sku,name,list_price,purchase_unit,purchase_ratio,weight_grams\n\
    A,Lamp,1.50,case,12,100\nB,Shade,2.00,pcs,1,50\n";
const SECOND: &str = "sku,name,list_price,purchase_unit,purchase_ratio,weight_grams\n\
    A,Big lamp,1.75,case,6,100\nB,Shade,2.00,pcs,1,50\nC,Bulb,0.20,pcs,1,10\n";

#[test]
fn an_import_taken_back_retires_what_it_made_and_puts_back_what_it_changed() {
    story(|database, ctx| {
        import(database, ctx, FIRST);
        let before = exported(database, ctx);
        let ctx = &later(ctx, 1);
        import(database, ctx, SECOND);
        let made = vec![("A".to_owned(), false, false), ("C".to_owned(), true, false)];
        assert_eq!(lines(database, ctx), made);
        let import_id = latest(database, ctx);
        let request = UndoItemImport { import_id, reason: "the wrong file".into() };
        let told = write(database, ctx, move |tx, ctx| {
            catalog::rehearse_undo_item_import(tx, ctx, request.clone())
        });
        let undone = ItemImportUndone { import_id, retired: 1, put_back: 1 };
        assert_eq!(told, Ok(undone));
        assert_ne!(exported(database, ctx), before, "it was only told");
        assert_eq!(undo(database, ctx, import_id), Ok(undone));
        let after = exported(database, ctx);
        let (old, new) = after.split_at(before.len());
        assert_eq!(old, before);
        assert!(new.starts_with("C,Bulb") && new.trim_end().ends_with("no"), "{new}");
        assert_eq!(undo(database, ctx, import_id), Err(UndoItemImportError::Undone { import_id }));
        let undone = ItemImportFilter { undone: Some(true), ..ItemImportFilter::default() };
        let row = &imports(database, ctx, undone)[0];
        assert_eq!((row.rows, row.created, row.changed), (3, 1, 1));
        assert_eq!((row.undone_at, row.reason.as_str()), (Some(ctx.at), "the wrong file"));
    });
}

#[test]
fn a_file_that_names_what_was_taken_back_takes_it_into_use_again() {
    story(|database, ctx| {
        import(database, ctx, "sku,name\nA,Lmap\nB,Shade\n");
        let import_id = latest(database, ctx);
        undo(database, ctx, import_id).unwrap();
        // Whoever retires an item by hand means it: a file that says nothing of it changes that not.
        let at = lookup(database, ctx, "B");
        let touch = |active: bool, revision: i64| {
            let request = RetireItem { item_id: at, revision };
            write(database, ctx, move |tx, ctx| match active {
                true => catalog::restore_item(tx, ctx, request.clone()),
                false => catalog::retire_item(tx, ctx, request.clone()),
            })
        };
        touch(true, 2).unwrap();
        touch(false, 3).unwrap();
        let ctx = &later(ctx, 1);
        let report = import(database, ctx, "sku,name\nA,Lamp\nB,Shade\n");
        assert_eq!((report.created, report.changed, report.unchanged), (0, 1, 1));
        let exported = exported(database, ctx);
        let active: Vec<bool> =
            exported.lines().skip(1).map(|line| line.ends_with("yes")).collect();
        assert_eq!(active, [true, false]);
    });
}

#[test]
fn imports_on_top_of_each_other_are_taken_back_from_the_latest_on() {
    story(|database, ctx| {
        let names = ["Lamp", "Big lamp", "Blue lamp"];
        let mut taken_over = Vec::new();
        for (name, seconds) in names.into_iter().zip(0..) {
            let ctx = &later(ctx, seconds);
            import(database, ctx, &format!("sku,name\nA,{name}\n"));
            taken_over.push(latest(database, ctx));
        }
        let ctx = &later(ctx, 9);
        for import_id in taken_over.into_iter().rev() {
            let line = lines(database, ctx).pop().unwrap();
            assert!(!line.2, "nobody worked on it");
            undo(database, ctx, import_id).unwrap();
        }
        let exported = exported(database, ctx);
        let line = exported.lines().nth(1).unwrap();
        assert!(line.starts_with("A,Lamp,") && line.ends_with("no"), "{line}");
    });
}

#[test]
fn after_two_wrong_files_the_right_one_is_as_if_they_had_not_been() {
    story(|database, ctx| {
        let wrong = "sku,name,list_price\nA,Lmap,9.99\n";
        for seconds in [0, 1] {
            let ctx = &later(ctx, seconds);
            import(database, ctx, wrong);
            undo(database, ctx, latest(database, ctx)).unwrap();
        }
        let ctx = &later(ctx, 2);
        import(database, ctx, "sku,name\nA,Lamp\n");
        let item = exported(database, ctx);
        let line = item.lines().nth(1).unwrap();
        assert!(line.starts_with("A,Lamp,") && line.ends_with("yes"), "{line}");
        assert!(!line.contains("9.99"), "{line}");
    });
}

fn lookup(database: &Database, ctx: &Ctx, sku: &'static str) -> base::ItemId {
    let find =
        move |tx: &mut store::Tx<'_>, ctx: &Ctx| catalog::items_by_sku(tx, ctx.company_id, &[sku]);
    read(database, ctx, find).unwrap()[sku].id
}

#[test]
fn what_somebody_worked_on_since_stands_against_taking_back() {
    story(|database, ctx| {
        import(database, ctx, FIRST);
        let (import_id, item_id) = (latest(database, ctx), lookup(database, ctx, "B"));
        write(database, ctx, move |tx, ctx| {
            catalog::retire_item(tx, ctx, RetireItem { item_id, revision: 1 })
        })
        .unwrap();
        let refused = undo(database, ctx, import_id);
        let named = "B".to_owned();
        assert_eq!(refused, Err(UndoItemImportError::ChangedSince { count: 1, named }));
        let stands = vec![("A".to_owned(), true, false), ("B".to_owned(), true, true)];
        assert_eq!(lines(database, ctx), stands);
        let nobody = BatchId::from_raw(import_id.raw() + 1);
        let missing = undo(database, ctx, nobody);
        assert_eq!(missing, Err(UndoItemImportError::NotFound { import_id: nobody }));
        let clerk = identity::testing::holding(ctx, ctx.user_id, &["catalog.import"], None);
        let denied = undo(database, &clerk, import_id);
        assert!(matches!(denied, Err(UndoItemImportError::Denied(_))), "{denied:?}");
        let request = UndoItemImport { import_id, reason: "  ".into() };
        let silent = write(database, ctx, move |tx, ctx| {
            catalog::undo_item_import(tx, ctx, request.clone())
        });
        assert!(matches!(silent, Err(UndoItemImportError::Text(_))), "{silent:?}");
    });
}

#[test]
fn taking_back_costs_as_many_statements_for_a_thousand_rows_as_for_one() {
    story(|database, ctx| {
        let statements = |rows: usize| {
            let lines = (0..rows).map(|n| format!("R{rows}-{n},Thing\n")).collect::<String>();
            import(database, &later(ctx, rows as i64), &format!("sku,name\n{lines}"));
            let import_id = latest(database, ctx);
            let request = UndoItemImport { import_id, reason: "a trial".into() };
            write(database, ctx, move |tx, ctx| {
                let before = tx.statements();
                catalog::undo_item_import(tx, ctx, request.clone())?;
                Ok::<_, UndoItemImportError>(tx.statements() - before)
            })
            .unwrap()
        };
        assert_eq!(statements(1), statements(1_000));
    });
}
