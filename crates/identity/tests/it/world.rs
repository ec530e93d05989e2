//! Short words for the tests.

use base::{CompanyId, Timestamp, UserId};
use identity::{CreateUser, Ctx, GrantRole, create_user, ctx_for_user, grant, testing};
use store::{Database, StoreError, Tx};

/// Runs a write.
pub fn write<T, E>(
    db: &Database,
    work: impl FnMut(&mut Tx<'_>) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    db.write(work)
}

/// A user without a role or password.
pub fn user(db: &Database, ctx: &Ctx, login: &'static str) -> UserId {
    let ctx = ctx.clone();
    db.write(move |tx| {
        let request =
            CreateUser { login: login.to_owned(), display_name: login.to_owned(), password: None };
        create_user(tx, &ctx, request)
    })
    .unwrap()
}

/// A user with a role in the whole company.
pub fn user_with(db: &Database, ctx: &Ctx, login: &'static str, role: &'static str) -> UserId {
    let user_id = user(db, ctx, login);
    let ctx = ctx.clone();
    db.write(move |tx| grant(tx, &ctx, role_for(login, role))).unwrap();
    user_id
}

pub fn role_for(login: &str, role: &str) -> GrantRole {
    GrantRole {
        login: login.to_owned(),
        role: role.to_owned(),
        warehouse_id: None,
        amount_limit: None,
    }
}

/// What the user may do now.
pub fn as_user(db: &Database, company_id: CompanyId, user_id: UserId) -> Ctx {
    db.read(move |tx| ctx_for_user(tx, company_id, user_id, testing::START, "test")).unwrap()
}

/// So many minutes after the tests begin.
pub fn minutes(minutes: i64) -> Timestamp {
    testing::START.plus_micros(minutes * 60_000_000).unwrap()
}
