//! A company and short ways to its documents.

use base::DocumentId;
use documents::{
    Attach, AttachError, Attached, DocumentFilter, DocumentRow, DocumentType, File, Record, SCHEMA,
};
use identity::Ctx;
use store::testing::{assert_sound, on_both_engines};
use store::{Database, StoreError, Tx};

/// Runs a story on each engine for a company; all checks hold at its end.
pub fn story(tell: impl Fn(&Database, &Ctx)) {
    on_both_engines(&SCHEMA, |database| {
        let ctx = identity::testing::ctx(database);
        tell(database, &ctx);
        assert_sound(database, &SCHEMA, ctx.company_id);
        let company_id = ctx.company_id;
        let broken = database.read(move |tx| documents::verify_files(tx, company_id)).unwrap();
        assert_eq!(broken, Vec::<String>::new());
    });
}

pub fn write<T, E>(
    database: &Database,
    ctx: &Ctx,
    work: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let ctx = ctx.clone();
    database.write(move |tx| work(tx, &ctx))
}

pub fn order(id: i64) -> Record {
    Record { kind: "purchase_order".to_owned(), id, name: format!("PO-{id:06}") }
}

pub fn note(name: &str) -> Attach {
    Attach {
        document_type: DocumentType::DeliveryNote,
        name: name.to_owned(),
        expires_on: None,
        replaces: None,
        note: String::new(),
    }
}

pub fn attach(
    database: &Database,
    ctx: &Ctx,
    record: &Record,
    request: Attach,
    content: &[u8],
) -> Result<Attached, AttachError> {
    let (record, content) = (record.clone(), content.to_vec());
    write(database, ctx, move |tx, ctx| {
        let file = File { content: &content, claimed: "" };
        documents::attach(tx, ctx, &record, &request, file)
    })
}

pub fn list(database: &Database, ctx: &Ctx, filter: DocumentFilter) -> Vec<DocumentRow> {
    let kinds = ["purchase_order", "item"];
    let mut lines = Vec::new();
    let mut filter = filter;
    loop {
        let (asked, ctx) = (filter.clone(), ctx.clone());
        let page =
            database.read(move |tx| documents::list_documents(tx, &ctx, &asked, &kinds)).unwrap();
        lines.extend(page.lines);
        let Some(next) = page.next_cursor else { return lines };
        filter.cursor = Some(next);
    }
}

pub fn show(database: &Database, ctx: &Ctx, id: DocumentId) -> DocumentRow {
    let ctx = ctx.clone();
    database.read(move |tx| documents::document(tx, &ctx, id)).unwrap()
}

pub fn bytes(database: &Database, ctx: &Ctx, id: DocumentId) -> documents::Content {
    let ctx = ctx.clone();
    database.read(move |tx| documents::content(tx, &ctx, id)).unwrap()
}
