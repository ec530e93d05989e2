use crate::it::world::{as_user, user_with, write};
use identity::{
    AuditError, AuditFilter, AuditRow, CreateRole, Ctx, Permission, SCHEMA, audit_trail,
    create_role, testing,
};
use store::Database;
use store::testing::on_both_engines;

/// Two notes on one record and one on another, by an act of no domain here.
fn note(db: &Database, ctx: &Ctx) {
    for (id, text) in [(7, "first"), (8, "other"), (7, "second")] {
        let ctx = ctx.clone();
        write(db, move |tx| {
            let told = serde_json::json!({ "text": text });
            ctx.audit(tx, Permission("desk.note"), "note", id, told);
            Ok::<_, store::StoreError>(())
        })
        .unwrap();
    }
}

fn trail(db: &Database, ctx: &Ctx, filter: AuditFilter) -> Vec<AuditRow> {
    let (ctx, mut filter, mut rows) = (ctx.clone(), filter, Vec::new());
    loop {
        let (who, asked) = (ctx.clone(), filter.clone());
        let page = db.read(move |tx| audit_trail(tx, &who, asked.clone())).unwrap();
        rows.extend(page.lines);
        match page.next_cursor {
            Some(next) => filter.cursor = Some(next),
            None => return rows,
        }
    }
}

fn of_record() -> AuditFilter {
    AuditFilter {
        object_kind: Some("note".to_owned()),
        object_id: Some("7".to_owned()),
        ..AuditFilter::default()
    }
}

#[test]
fn a_record_tells_who_did_what_to_it_the_newest_first() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        note(db, &ctx);
        let rows = trail(db, &ctx, of_record());
        let told: Vec<_> = rows.iter().map(|row| row.detail["text"].clone()).collect();
        assert_eq!(told, ["second", "first"]);
        assert!(rows.iter().all(|row| row.verb == "desk.note" && row.object_id == "7"));
        assert!(rows.iter().all(|row| row.user_id == ctx.user_id && !row.login.is_empty()));
        let one = AuditFilter { limit: Some(1), ..of_record() };
        assert_eq!(trail(db, &ctx, one), rows, "page by page");
    });
}

#[test]
fn the_whole_trail_filters_and_pages_alike() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        note(db, &ctx);
        let all = trail(db, &ctx, AuditFilter::default());
        let one = AuditFilter { limit: Some(1), ..AuditFilter::default() };
        assert_eq!(trail(db, &ctx, one), all);
        assert!(all.is_sorted_by_key(|row| std::cmp::Reverse((row.recorded_at, row.audit_id))));
        let notes = AuditFilter { verb: Some("desk.note".to_owned()), ..AuditFilter::default() };
        assert_eq!(trail(db, &ctx, notes).len(), 3);
        let nobody = AuditFilter { login: Some("nobody".to_owned()), ..AuditFilter::default() };
        assert_eq!(trail(db, &ctx, nobody), []);
    });
}

#[test]
fn users_and_roles_are_told_only_to_who_may_read_them() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let admin = ctx.clone();
        let permissions = vec!["identity.audit".to_owned()];
        let role = CreateRole { name: "reader".to_owned(), permissions };
        write(db, move |tx| create_role(tx, &admin, role.clone()).map(|_| ())).unwrap();
        note(db, &ctx);
        let reader = as_user(db, ctx.company_id, user_with(db, &ctx, "ray", "reader"));
        let seen = trail(db, &reader, AuditFilter::default());
        assert_eq!(seen.len(), 3, "{seen:?}");
        let all = trail(db, &ctx, AuditFilter::default());
        assert!(all.iter().any(|row| row.verb == "identity.create_role"));
    });
}

#[test]
fn who_may_not_is_refused_and_an_id_needs_a_kind() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let program = as_user(db, ctx.company_id, user_with(db, &ctx, "sync", "integration"));
        let ask = |ctx: &Ctx, filter: AuditFilter| {
            let ctx = ctx.clone();
            db.read(move |tx| audit_trail(tx, &ctx, filter.clone())).unwrap_err()
        };
        assert!(matches!(ask(&program, of_record()), AuditError::Denied(_)));
        let without = AuditFilter { object_kind: None, ..of_record() };
        assert_eq!(ask(&ctx, without), AuditError::KindMissing);
        let odd = AuditFilter { cursor: Some("zz".to_owned()), ..AuditFilter::default() };
        assert!(matches!(ask(&ctx, odd), AuditError::Cursor(_)));
    });
}
