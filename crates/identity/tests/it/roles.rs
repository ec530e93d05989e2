use crate::it::world::{as_user, role_for, user, user_with, write};
use base::Money;
use identity::{
    ChangeRole, CreateRole, Ctx, GrantFilter, Permission, RevokeRole, RoleError, RoleFilter,
    SCHEMA, change_role, create_role, grant, grants, revoke, roles, testing,
};
use store::Database;
use store::testing::{assert_sound, on_both_engines};

fn make(db: &Database, ctx: &Ctx, name: &str, permissions: &[&str]) -> Result<(), RoleError> {
    let ctx = ctx.clone();
    let permissions = permissions.iter().map(|text| (*text).to_owned()).collect();
    let request = CreateRole { name: name.to_owned(), permissions };
    write(db, move |tx| create_role(tx, &ctx, request.clone()).map(|_| ()))
}

#[test]
fn a_company_starts_with_the_built_in_roles() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let found = db.read(move |tx| roles(tx, &ctx, RoleFilter::default())).unwrap();
        let names: Vec<_> = found.iter().map(|row| row.name.as_str()).collect();
        let expected = [
            "administrator",
            "auditor",
            "buyer",
            "buyer_lead",
            "finance",
            "integration",
            "leader",
            "warehouse",
        ];
        assert_eq!(names, expected);
        assert!(found.iter().all(|row| row.built_in && !row.permissions.is_empty()));
    });
}

#[test]
fn a_changed_role_holds_for_all_who_have_it() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        make(db, &ctx, "packer", &["sales.pack"]).unwrap();
        let paul = user_with(db, &ctx, "paul", "packer");
        let ship = Permission("sales.ship");
        assert!(!as_user(db, ctx.company_id, paul).holds(ship));
        let by = ctx.clone();
        write(db, move |tx| {
            let permissions = vec!["sales.*".to_owned(), "-sales.approve".to_owned()];
            change_role(tx, &by, ChangeRole { name: "packer".to_owned(), permissions })
        })
        .unwrap();
        assert!(as_user(db, ctx.company_id, paul).holds(ship));
        assert!(!as_user(db, ctx.company_id, paul).holds(Permission("sales.approve")));
        assert_sound(db, &SCHEMA, ctx.company_id);
    });
}

#[test]
fn a_role_is_made_of_permissions_and_has_its_own_name() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let bad = RoleError::NotAPermission { pattern: "*.read".to_owned() };
        assert_eq!(make(db, &ctx, "reader", &["stock.read", "*.read"]), Err(bad));
        let none = RoleError::NotAPermission { pattern: String::new() };
        assert_eq!(make(db, &ctx, "reader", &["-stock.read"]), Err(none));
        let taken = RoleError::NameTaken { name: "buyer".to_owned() };
        assert_eq!(make(db, &ctx, "buyer", &["stock.read"]), Err(taken));
        let by = ctx.clone();
        let fixed = write(db, move |tx| {
            let permissions = vec!["stock.read".to_owned()];
            change_role(tx, &by, ChangeRole { name: "administrator".to_owned(), permissions })
        });
        assert_eq!(fixed, Err(RoleError::Fixed));
    });
}

#[test]
fn nobody_hands_on_more_than_they_hold() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let anna = user(db, &ctx, "anna");
        let held = ["identity.*", "purchasing.*"];
        let lead = testing::holding(&ctx, anna, &held, Some(100_000));
        let beyond = |role: &str| Err(RoleError::BeyondOwn { role: role.to_owned() });
        let give = |request: identity::GrantRole| {
            let by = lead.clone();
            write(db, move |tx| grant(tx, &by, request.clone()))
        };
        assert_eq!(give(role_for("anna", "administrator")), beyond("administrator"));
        assert_eq!(make(db, &lead, "payer", &["payments.pay"]), beyond("payer"));
        make(db, &ctx, "receiver", &["purchasing.receive"]).unwrap();
        let mut limited = role_for("anna", "receiver");
        assert_eq!(give(limited.clone()), beyond("receiver"));
        limited.amount_limit = Some(Money::new(100_001, ctx.currency));
        assert_eq!(give(limited.clone()), beyond("receiver"));
        limited.amount_limit = Some(Money::new(100_000, ctx.currency));
        assert_eq!(give(limited.clone()), Ok(()));
        limited.amount_limit = Some(Money::new(1, "EUR".parse().unwrap()));
        assert!(matches!(give(limited), Err(RoleError::WrongLimit { .. })));
    });
}

#[test]
fn granting_again_changes_the_limit_and_revoking_twice_is_refused() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let anna = user_with(db, &ctx, "anna", "buyer_lead");
        let by = ctx.clone();
        write(db, move |tx| {
            let mut request = role_for("anna", "buyer_lead");
            request.amount_limit = Some(Money::new(5_000, by.currency));
            grant(tx, &by, request)
        })
        .unwrap();
        let by = ctx.clone();
        let filter = GrantFilter { user_id: Some(anna) };
        let held = db.read(move |tx| grants(tx, &by, filter.clone())).unwrap();
        let limits: Vec<_> = held.iter().map(|row| row.amount_limit.map(|m| m.minor)).collect();
        assert_eq!(limits, [Some(5_000)]);
        let take = || {
            let by = ctx.clone();
            write(db, move |tx| {
                let (login, role) = ("anna".to_owned(), "buyer_lead".to_owned());
                revoke(tx, &by, RevokeRole { login, role, warehouse_id: None })
            })
        };
        assert_eq!(take(), Ok(()));
        assert!(matches!(take(), Err(RoleError::NotGranted { .. })));
    });
}

#[test]
fn the_last_administrators_role_stays_whole() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let login = format!("tester-{}", ctx.user_id);
        let (by, mut request) = (ctx.clone(), role_for(&login, "administrator"));
        request.amount_limit = Some(Money::new(0, ctx.currency));
        let limited = write(db, move |tx| grant(tx, &by, request.clone()));
        assert_eq!(limited, Err(RoleError::LastAdministrator));
        let by = ctx.clone();
        let revoked = write(db, move |tx| {
            let role = "administrator".to_owned();
            revoke(tx, &by, RevokeRole { login: login.clone(), role, warehouse_id: None })
        });
        assert_eq!(revoked, Err(RoleError::LastAdministrator));
        assert_sound(db, &SCHEMA, ctx.company_id);
    });
}
