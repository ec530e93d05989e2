use crate::it::world::{as_user, role_for, user, user_with};
use base::{Id, Money, WarehouseId};
use identity::{
    Denied, Permission, RevokeRole, SCHEMA, SignInError, ctx_for_user, grant, revoke, testing,
};
use store::testing::{assert_sound, on_both_engines};

const RECEIVE: Permission = Permission("purchasing.receive");
const APPROVE: Permission = Permission("purchasing.approve");

#[test]
fn a_role_taken_away_is_gone_at_the_next_request() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let will = user_with(db, &ctx, "will", "warehouse");
        assert_eq!(as_user(db, ctx.company_id, will).require(RECEIVE), Ok(()));
        let (admin, company_id) = (ctx.clone(), ctx.company_id);
        db.write(move |tx| {
            let (login, role) = ("will".to_owned(), "warehouse".to_owned());
            revoke(tx, &admin, RevokeRole { login, role, warehouse_id: None })
        })
        .unwrap();
        let gone = db.read(move |tx| ctx_for_user(tx, company_id, will, testing::START, "test"));
        assert_eq!(gone.unwrap_err(), SignInError::NoAccess);
        assert_sound(db, &SCHEMA, company_id);
    });
}

#[test]
fn a_role_in_one_warehouse_gives_nothing_elsewhere() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let will = user(db, &ctx, "will");
        let (here, there) = (WarehouseId::from_raw(1), WarehouseId::from_raw(2));
        let admin = ctx.clone();
        db.write(move |tx| {
            let mut request = role_for("will", "warehouse");
            request.warehouse_id = Some(here);
            grant(tx, &admin, request)
        })
        .unwrap();
        let will = as_user(db, ctx.company_id, will);
        assert_eq!(will.require_in(RECEIVE, here), Ok(()));
        let permission = RECEIVE.0.to_owned();
        let elsewhere = Denied::Warehouse { permission: permission.clone(), warehouse_id: there };
        assert_eq!(will.require_in(RECEIVE, there), Err(elsewhere));
        assert_eq!(will.require(RECEIVE), Err(Denied::Permission { permission }));
        assert_eq!(will.require_somewhere(RECEIVE), Ok(Some(vec![here])));
        assert!(will.require_somewhere(APPROVE).is_err());
        assert_eq!(ctx.require_somewhere(RECEIVE), Ok(None));
    });
}

#[test]
fn a_limit_is_the_highest_of_all_roles_held() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let anna = user(db, &ctx, "anna");
        for (role, minor) in [("buyer_lead", 50_000), ("leader", 80_000)] {
            let admin = ctx.clone();
            db.write(move |tx| {
                let mut request = role_for("anna", role);
                request.amount_limit = Some(Money::new(minor, admin.currency));
                grant(tx, &admin, request)
            })
            .unwrap();
        }
        let anna = as_user(db, ctx.company_id, anna);
        assert_eq!(anna.amount_limit(APPROVE), Some(80_000));
        assert_eq!(anna.require_amount(APPROVE, -80_000), Ok(()));
        let above =
            Denied::Amount { permission: APPROVE.0.to_owned(), limit: 80_000, amount: 80_001 };
        assert_eq!(anna.require_amount(APPROVE, 80_001), Err(above));
        assert_eq!(anna.amount_limit(Permission("payments.pay")), Some(0));
        assert_eq!(ctx.amount_limit(APPROVE), None);
    });
}

#[test]
fn a_user_is_nobody_in_another_company() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let other = testing::company(db, "EUR").company_id;
        let user_id = ctx.user_id;
        let there = db.read(move |tx| ctx_for_user(tx, other, user_id, testing::START, "test"));
        assert_eq!(there.unwrap_err(), SignInError::NoAccess);
    });
}

#[test]
fn a_day_is_the_companys_day() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let summer = ctx.on(base::Day::of(2026, 7, 1).unwrap());
        assert_eq!(summer.at.to_string(), "2026-07-01T08:00:00Z");
        let late = ctx.at_moment(base::Timestamp::parse("2026-07-01T23:30:00Z").unwrap());
        assert_eq!(late.today, base::Day::of(2026, 7, 2).unwrap());
    });
}
