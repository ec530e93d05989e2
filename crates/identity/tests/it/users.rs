use crate::it::world::{as_user, role_for, user, user_with, write};
use identity::{
    Ctx, Password, SCHEMA, Secret, SetActive, SetPassword, SignInError, UserError, UserFilter,
    create_user, ctx_for_user, find_credential, grant, set_active, set_password, testing, users,
};
use store::testing::{assert_sound, on_both_engines};

fn password(ctx: &Ctx, user_id: base::UserId, text: &str) -> (Ctx, SetPassword) {
    (ctx.clone(), SetPassword { user_id, password: Password::new(text).unwrap() })
}

#[test]
fn a_login_belongs_to_one_user_whatever_its_capitals() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        user(db, &ctx, "anna.buyer");
        let create = |login: &'static str| {
            let ctx = ctx.clone();
            write(db, move |tx| {
                let (login, display_name) = (login.to_owned(), "Anna".to_owned());
                create_user(tx, &ctx, identity::CreateUser { login, display_name, password: None })
            })
        };
        let taken = UserError::LoginTaken { login: "anna.buyer".to_owned() };
        assert_eq!(create("Anna.Buyer").unwrap_err(), taken);
        assert!(matches!(create("anna buyer"), Err(UserError::Text(_))));
        assert!(matches!(create(""), Err(UserError::Text(_))));
    });
}

#[test]
fn only_who_may_creates_users() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let anna = as_user(db, ctx.company_id, user_with(db, &ctx, "anna", "buyer_lead"));
        let refused = write(db, move |tx| {
            let (login, display_name) = ("bob".to_owned(), "Bob".to_owned());
            create_user(tx, &anna, identity::CreateUser { login, display_name, password: None })
        });
        assert!(matches!(refused, Err(UserError::Denied(_))));
    });
}

#[test]
fn a_user_changes_the_own_password_and_no_stronger_users() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let anna = user_with(db, &ctx, "anna", "buyer");
        let (by, request) =
            password(&as_user(db, ctx.company_id, anna), anna, "anna keeps the sea");
        write(db, move |tx| set_password(tx, &by, request.clone())).unwrap();
        let found = db.read(|tx| find_credential(tx, "anna")).unwrap();
        assert_eq!(found.authenticate("anna keeps the sea"), Ok(anna));

        let (by, request) =
            password(&as_user(db, ctx.company_id, anna), ctx.user_id, "anna takes the sea");
        let refused = write(db, move |tx| set_password(tx, &by, request.clone()));
        assert!(matches!(refused, Err(UserError::Denied(_))));
        let clerk = testing::holding(&ctx, anna, &["identity.set_password"], None);
        let (by, request) = password(&clerk, ctx.user_id, "anna takes the sea");
        let refused = write(db, move |tx| set_password(tx, &by, request.clone()));
        assert_eq!(refused, Err(UserError::BeyondOwn));
    });
}

#[test]
fn a_user_switched_off_is_out_at_once() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let company_id = ctx.company_id;
        let anna = user_with(db, &ctx, "anna", "buyer");
        let secret = Secret::random();
        let (digest, token) = (secret.digest(), secret.reveal());
        write(db, move |tx| {
            identity::start_session(tx, company_id, anna, &digest, testing::START, "test")
        })
        .unwrap();
        let by = ctx.clone();
        write(db, move |tx| set_active(tx, &by, SetActive { user_id: anna, active: false }))
            .unwrap();
        let user = db.read(move |tx| ctx_for_user(tx, company_id, anna, testing::START, "test"));
        assert_eq!(user.unwrap_err(), SignInError::NoAccess);
        let session = db.read(move |tx| identity::find_session(tx, &token, testing::START, "test"));
        assert_eq!(session.unwrap_err(), SignInError::SessionOver);
        let filter = UserFilter { active_only: true, ..UserFilter::default() };
        let by = ctx.clone();
        let active = db.read(move |tx| users(tx, &by, filter.clone())).unwrap();
        assert_eq!(active.iter().map(|row| row.user_id).collect::<Vec<_>>(), [ctx.user_id]);
        assert_sound(db, &SCHEMA, company_id);
    });
}

#[test]
fn the_last_administrator_stays() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let off = |user_id| {
            let by = ctx.clone();
            write(db, move |tx| set_active(tx, &by, SetActive { user_id, active: false }))
        };
        assert_eq!(off(ctx.user_id), Err(UserError::LastAdministrator));
        user(db, &ctx, "second");
        let by = ctx.clone();
        write(db, move |tx| grant(tx, &by, role_for("second", "administrator"))).unwrap();
        assert_eq!(off(ctx.user_id), Ok(()));
        assert_sound(db, &SCHEMA, ctx.company_id);
    });
}

#[test]
fn another_companys_user_is_not_found() {
    on_both_engines(&SCHEMA, |db| {
        let (ours, theirs) = (testing::ctx(db), testing::ctx(db));
        let user_id = theirs.user_id;
        let by = ours.clone();
        let off = write(db, move |tx| set_active(tx, &by, SetActive { user_id, active: false }));
        assert_eq!(off, Err(UserError::UnknownUser { user_id }));
        let list = db.read(move |tx| users(tx, &ours, UserFilter::default())).unwrap();
        assert!(list.iter().all(|row| row.user_id != user_id));
    });
}
