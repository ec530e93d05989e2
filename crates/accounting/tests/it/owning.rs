use super::world::{day, invoice, lock, of_lines, post_in, story};
use accounting::{
    Area, LockLine, LockPeriodError, LockedPeriodFilter, NameOwner, NameOwnerError, OpenItemFilter,
    OpenItemRef, OpenItemRow, Role, UnlockPeriod, list_locked_periods, list_locks, name_owner,
    open_items, unlock_period,
};
use accounting::{Line, OpenKey};
use identity::Ctx;
use store::Database;

/// Goods received on a day and not billed.
fn receive(database: &Database, ctx: &Ctx, id: i64, on: &str) {
    let mut entry = of_lines(vec![
        Line::debit(Role::StockValuation, 500),
        Line::credit(Role::Grni, 500).open(OpenKey::new("purchase_line", id)),
    ]);
    (entry.source_id, entry.happened_on) = (id, day(on));
    post_in(database, ctx, Area::Purchasing, vec![entry]).expect("a receipt");
}

fn unowned(database: &Database, ctx: &Ctx, through: &str) -> Vec<OpenItemRow> {
    let filter = OpenItemFilter { unowned_through: Some(day(through)), ..Default::default() };
    list(database, ctx, filter)
}

fn list(database: &Database, ctx: &Ctx, filter: OpenItemFilter) -> Vec<OpenItemRow> {
    let ctx = ctx.clone();
    database.read(move |tx| open_items(tx, &ctx, filter.clone())).expect("open items").lines
}

fn named(row: &OpenItemRow) -> OpenItemRef {
    OpenItemRef {
        account_id: row.account_id,
        kind: row.kind.clone(),
        source_id: row.source_id,
        currency: row.agreed.currency,
    }
}

fn name(
    database: &Database,
    ctx: &Ctx,
    items: Vec<OpenItemRef>,
    owner: &str,
    reason: &str,
) -> Result<usize, NameOwnerError> {
    let ctx = ctx.clone();
    let request = NameOwner { items, owner: owner.to_owned(), reason: reason.to_owned() };
    database.write(move |tx| name_owner(tx, &ctx, request.clone())).map(|named| named.items)
}

/// The login of the user who tells the story.
fn own_login(database: &Database, ctx: &Ctx) -> String {
    let reader = ctx.clone();
    let users = database
        .read(move |tx| identity::users(tx, &reader, identity::UserFilter::default()))
        .expect("users");
    let own = users.into_iter().find(|user| user.user_id == ctx.user_id).expect("the user");
    own.login
}

#[test]
fn old_lines_need_an_owner_and_a_reason_before_the_lock() {
    story(|database, ctx| {
        receive(database, ctx, 1, "2026-01-10");
        receive(database, ctx, 2, "2026-02-20");
        let old = invoice(3, "2026-01-05", 900);
        post_in(database, ctx, Area::Sales, vec![old]).expect("a receivable");
        // Sixty days before 2026-03-11 it was 2026-01-10; what is older than that is old.
        assert_eq!(unowned(database, ctx, "2026-03-11"), vec![]);
        let found = unowned(database, ctx, "2026-03-12");
        assert_eq!(found.iter().map(|row| row.source_id).collect::<Vec<_>>(), [1]);
        assert_eq!((&found[0].owner, &found[0].reason), (&None, &None));

        let login = own_login(database, ctx);
        let items = vec![named(&found[0])];
        assert_eq!(name(database, ctx, items.clone(), &login, "bill is late"), Ok(1));
        assert_eq!(unowned(database, ctx, "2026-03-12"), vec![]);
        assert_eq!(name(database, ctx, items, &login, "supplier was asked"), Ok(1));
        let all = list(
            database,
            ctx,
            OpenItemFilter { role: Some(Role::Grni), ..OpenItemFilter::default() },
        );
        let told: Vec<_> = all.iter().map(|row| (row.source_id, row.reason.as_deref())).collect();
        assert_eq!(told, [(1, Some("supplier was asked")), (2, None)]);
        assert!(all[0].owner.is_some());
    });
}

#[test]
fn an_owner_is_a_user_and_what_is_owned_is_open() {
    story(|database, ctx| {
        receive(database, ctx, 1, "2026-01-10");
        let found = unowned(database, ctx, "2026-03-31");
        let (item, login) = (named(&found[0]), own_login(database, ctx));
        let nobody = name(database, ctx, vec![item.clone()], "nobody", "late");
        assert_eq!(nobody, Err(NameOwnerError::OwnerUnknown { login: "nobody".to_owned() }));
        let blank = name(database, ctx, vec![item.clone()], &login, " ");
        assert!(matches!(blank, Err(NameOwnerError::Reason(_))), "{blank:?}");
        let none = name(database, ctx, vec![], &login, "late");
        assert_eq!(none, Err(NameOwnerError::ItemCount { items: 0 }));

        let mut entry = of_lines(vec![
            Line::debit(Role::Grni, 500).open(OpenKey::new("purchase_line", 1)),
            Line::credit(Role::StockValuation, 500),
        ]);
        (entry.source_id, entry.happened_on) = (1, day("2026-03-01"));
        post_in(database, ctx, Area::Purchasing, vec![entry]).expect("the bill");
        let settled = name(database, ctx, vec![item], &login, "late");
        let (kind, source_id) = ("purchase_line".to_owned(), 1);
        assert_eq!(settled, Err(NameOwnerError::NotOpen { line: 1, kind, source_id }));
    });
}

#[test]
fn who_has_a_role_in_the_company_can_look_after_its_open_items_and_nobody_else() {
    story(|database, ctx| {
        receive(database, ctx, 1, "2026-01-10");
        let item = named(&unowned(database, ctx, "2026-03-31")[0]);
        let elsewhere = identity::testing::ctx(database);
        let login = own_login(database, &elsewhere);
        let stranger = name(database, ctx, vec![item.clone()], &login, "late");
        assert_eq!(stranger, Err(NameOwnerError::OwnerUnknown { login: login.clone() }));
        let giver = ctx.clone();
        let role = identity::GrantRole {
            login: login.clone(),
            role: "finance".to_owned(),
            warehouse_id: None,
            amount_limit: None,
        };
        database.write(move |tx| identity::grant(tx, &giver, role.clone())).expect("a role");
        assert_eq!(name(database, ctx, vec![item], &login.to_uppercase(), "late"), Ok(1));
        let all = list(database, ctx, OpenItemFilter::default());
        assert_eq!(all[0].owner.as_deref(), Some("Tester"));
    });
}

#[test]
fn a_day_before_the_calendar_is_refused() {
    story(|database, ctx| {
        let ctx = ctx.clone();
        let filter =
            OpenItemFilter { unowned_through: Some(day("0001-02-01")), ..Default::default() };
        let refused = database.read(move |tx| open_items(tx, &ctx, filter.clone())).unwrap_err();
        let problem = base::Rule::problem(&refused);
        assert_eq!(problem.code, "day_out_of_range");
    });
}

#[test]
fn naming_owners_of_many_costs_as_many_statements_as_of_one() {
    story(|database, ctx| {
        for id in 1..=40 {
            receive(database, ctx, id, "2026-01-10");
        }
        let found = unowned(database, ctx, "2026-03-31");
        assert_eq!(found.len(), 40);
        let login = own_login(database, ctx);
        let count = |some: usize| {
            let ctx = ctx.clone();
            let items = found.iter().take(some).map(named).collect();
            let (owner, reason) = (login.clone(), "late".to_owned());
            let request = NameOwner { items, owner, reason };
            database
                .write(move |tx| {
                    name_owner(tx, &ctx, request.clone())?;
                    Ok::<_, NameOwnerError>(tx.statements())
                })
                .expect("named")
        };
        assert_eq!(count(1), count(40));
    });
}

#[test]
fn locks_are_listed_by_area_and_as_they_were_made() {
    story(|database, ctx| {
        lock(database, ctx, Area::All, "2026-01-31", true).expect("January");
        lock(database, ctx, Area::All, "2026-02-28", false).expect("February");
        lock(database, ctx, Area::Stock, "2026-03-10", false).expect("stock");
        let opener = ctx.clone();
        let reason = "a late bill".to_owned();
        let back = UnlockPeriod { area: Area::Stock, back_to: None, reason };
        database
            .write(move |tx| unlock_period(tx, &opener, back.clone()))
            .expect("stock opens again");

        let reader = ctx.clone();
        let lines = database.read(move |tx| list_locks(tx, &reader)).expect("the locks");
        let all = LockLine {
            area: Area::All,
            soft_through: Some(day("2026-02-28")),
            hard_through: Some(day("2026-01-31")),
        };
        assert!(lines.contains(&all), "{lines:?}");
        assert_eq!(lines.len(), Area::ALL.len());

        let page = |area: Option<Area>, cursor: Option<String>| {
            let reader = ctx.clone();
            let filter = LockedPeriodFilter { area, cursor, limit: Some(2) };
            database
                .read(move |tx| list_locked_periods(tx, &reader, filter.clone()))
                .expect("a page of locks")
        };
        let first = page(None, None);
        let second = page(None, first.next_cursor.clone());
        let told: Vec<_> = first
            .lines
            .iter()
            .chain(&second.lines)
            .map(|row| (row.area, row.through.to_string(), row.hard, row.lifted))
            .collect();
        assert_eq!(
            told,
            [
                (Area::Stock, "2026-03-10".to_owned(), false, true),
                (Area::All, "2026-02-28".to_owned(), false, false),
                (Area::All, "2026-01-31".to_owned(), true, false),
            ]
        );
        assert_eq!(page(Some(Area::All), None).lines.len(), 2);
        assert_eq!(first.lines[0].hash.len(), 64);
        assert!(!first.lines[0].locked_by.is_empty());
        let again = lock(database, ctx, Area::All, "2026-02-28", false);
        assert!(matches!(again, Err(LockPeriodError::AlreadyLocked { .. })), "{again:?}");
    });
}
