use base::BatchId;
use identity::Ctx;
use partners::{
    PartnerImportFilter, PartnerImportLineFilter, PartnerImportUndone, UndoPartnerImport,
    UndoPartnerImportError,
};
use store::{Database, Tx};

use super::world::{read, story, write};

fn import(database: &Database, ctx: &Ctx, file: &'static str, supplier: bool) {
    let report = write(database, ctx, move |tx, ctx| match supplier {
        true => partners::import_suppliers(tx, ctx, file.as_bytes(), false),
        false => partners::import_customers(tx, ctx, file.as_bytes(), false),
    });
    assert!(report.unwrap().applied);
}

fn latest(database: &Database, ctx: &Ctx, supplier: bool) -> BatchId {
    let filter = PartnerImportFilter { supplier: Some(supplier), ..PartnerImportFilter::default() };
    let list =
        move |tx: &mut Tx<'_>, ctx: &Ctx| partners::list_partner_imports(tx, ctx, filter.clone());
    read(database, ctx, list).unwrap().lines[0].import_id
}

fn undo(
    database: &Database,
    ctx: &Ctx,
    import_id: BatchId,
) -> Result<PartnerImportUndone, UndoPartnerImportError> {
    let request = UndoPartnerImport { import_id, reason: "the wrong file".into() };
    write(database, ctx, move |tx, ctx| partners::undo_partner_import(tx, ctx, request.clone()))
}

fn exported(database: &Database, ctx: &Ctx) -> [String; 2] {
    let suppliers = read(database, ctx, partners::export_suppliers).unwrap();
    let customers = read(database, ctx, partners::export_customers).unwrap();
    [suppliers, customers].map(|file| String::from_utf8(file).unwrap())
}

#[test]
fn a_supplier_whom_a_file_made_a_customer_too_is_none_again() {
    story(|database, ctx| {
        import(
            database,
            ctx,
            "code,name,country,currency\nS1,Smith,GB,GBP\nS2,Jones,FR,EUR\n",
            true,
        );
        let before = exported(database, ctx);
        let file = "code,name,country,payment_days,customer_kind\nS1,Smith Ltd,DE,7,consumer\n";
        import(database, ctx, file, false);
        assert_ne!(exported(database, ctx), before);
        let first = latest(database, ctx, true);
        let refused = undo(database, ctx, first);
        let named = "S1".to_owned();
        assert_eq!(refused, Err(UndoPartnerImportError::ChangedSince { count: 1, named }));
        let import_id = latest(database, ctx, false);
        let filter = PartnerImportLineFilter {
            import_id: Some(import_id),
            ..PartnerImportLineFilter::default()
        };
        let lines = read(database, ctx, move |tx, ctx| {
            partners::list_partner_import_lines(tx, ctx, filter.clone())
        });
        let line = lines.unwrap().lines.remove(0);
        assert_eq!((line.code.as_str(), line.made, line.changed_since), ("S1", false, false));
        assert!(line.fields.contains(r#""payment_days":[30,7]"#), "{}", line.fields);
        let undone = PartnerImportUndone { import_id, retired: 0, put_back: 1 };
        assert_eq!(undo(database, ctx, import_id), Ok(undone));
        assert_eq!(exported(database, ctx), before);
        // What is as the first file left it is taken back with that one too.
        let first = latest(database, ctx, true);
        let undone = PartnerImportUndone { import_id: first, retired: 2, put_back: 0 };
        assert_eq!(undo(database, ctx, first), Ok(undone));
    });
}

#[test]
fn suppliers_of_a_file_that_was_taken_back_are_retired_until_a_file_names_them_again() {
    story(|database, ctx| {
        const FILE: &str = "code,name,country\nS1,Smith,GB\n";
        import(database, ctx, FILE, true);
        let import_id = latest(database, ctx, true);
        assert_eq!(undo(database, ctx, import_id).map(|undone| undone.retired), Ok(1));
        assert!(exported(database, ctx)[0].trim_end().ends_with("no"));
        import(database, ctx, FILE, true);
        assert!(exported(database, ctx)[0].trim_end().ends_with("yes"));
    });
}

#[test]
fn a_customer_whom_a_file_had_made_a_supplier_by_mistake_is_a_customer_alone() {
    story(|database, ctx| {
        const FILE: &str = "code,name,country\nS1,Smith,GB\n";
        import(database, ctx, FILE, true);
        let import_id = latest(database, ctx, true);
        undo(database, ctx, import_id).unwrap();
        import(database, ctx, FILE, false);
        let [suppliers, customers] = exported(database, ctx);
        assert!(customers.contains("S1") && !suppliers.contains("S1"), "{suppliers}{customers}");
    });
}
