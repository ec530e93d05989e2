use crate::it::world::{as_user, minutes, user_with, write};
use base::{CompanyId, Currency, SessionId, Timestamp, Zone};
use identity::{
    Caller, CompanyFilter, CompanySort, CreateCompany, Ctx, SCHEMA, Secret, SessionFilter, SignIn,
    SignInError, Use, end_session, find_session, issue_sign_in_link, list_companies, note_use,
    sessions, sign_in, start_session, testing, use_sign_in_link, work_in,
};
use store::Database;
use store::testing::{assert_sound, on_both_engines};

fn start(db: &Database, ctx: &Ctx, at: Timestamp) -> (SessionId, String) {
    let secret = Secret::random();
    let digest = secret.digest();
    let (company_id, user_id) = (ctx.company_id, ctx.user_id);
    let id = write(db, move |tx| start_session(tx, company_id, user_id, &digest, at, "test"));
    (id.unwrap(), secret.reveal())
}

fn find(db: &Database, token: &str, at: Timestamp) -> Result<Caller, SignInError> {
    let token = token.to_owned();
    db.read(move |tx| find_session(tx, &token, at, "test"))
}

#[test]
fn a_session_ends_after_thirty_idle_minutes() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let (id, token) = start(db, &ctx, minutes(0));
        assert_eq!(find(db, &token, minutes(0)).unwrap().due, None);
        let caller = find(db, &token, minutes(29)).unwrap();
        assert_eq!(caller.ctx.principal, format!("user:{}", ctx.user_id));
        assert_eq!(caller.due, Some(Use::Session(id)));
        write(db, move |tx| note_use(tx, &caller.ctx, Use::Session(id))).unwrap();
        assert!(find(db, &token, minutes(58)).is_ok());
        assert_eq!(find(db, &token, minutes(59)).unwrap_err(), SignInError::SessionOver);
        assert_eq!(find(db, "x", minutes(0)).unwrap_err(), SignInError::SessionOver);
    });
}

#[test]
fn a_session_ends_after_twelve_hours_however_busy() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let (id, token) = start(db, &ctx, minutes(0));
        let late = ctx.at_moment(minutes(719));
        write(db, move |tx| note_use(tx, &late, Use::Session(id))).unwrap();
        assert!(find(db, &token, minutes(719)).is_ok());
        assert_eq!(find(db, &token, minutes(720)).unwrap_err(), SignInError::SessionOver);
    });
}

/// A further company of the first one's administrator.
fn further(db: &Database, ctx: &Ctx) -> CompanyId {
    let (ctx, request) = (
        ctx.clone(),
        CreateCompany {
            name: "Second".to_owned(),
            currency: Currency::parse("EUR").unwrap(),
            zone: Zone::parse("Europe/Berlin").unwrap(),
            country: "DE".to_owned(),
        },
    );
    write(db, move |tx| identity::create_company(tx, &ctx, request.clone())).unwrap()
}

fn signed_in(db: &Database, ctx: &Ctx, at: Timestamp) -> String {
    let secret = Secret::random();
    let (digest, user_id, company) = (secret.digest(), ctx.user_id, ctx.company_id);
    write(db, move |tx| {
        let found = identity::find_company(tx, company)?.expect("the company");
        let asked = SignIn { company: Some(&found.name), user_id, code: None, session: &digest };
        sign_in(tx, asked, at, "test")
    })
    .unwrap();
    secret.reveal()
}

fn go_on(
    db: &Database,
    token: &str,
    company_id: CompanyId,
    at: Timestamp,
) -> Result<String, SignInError> {
    let (secret, token) = (Secret::random(), token.to_owned());
    let digest = secret.digest();
    write(db, move |tx| work_in(tx, &token, company_id, &digest, at, "test"))?;
    Ok(secret.reveal())
}

#[test]
fn a_user_goes_on_in_another_company_until_the_session_would_have_ended() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let second = further(db, &ctx);
        let token = signed_in(db, &ctx, minutes(0));
        let there = go_on(db, &token, second, minutes(20)).unwrap();
        let caller = find(db, &there, minutes(21)).unwrap();
        assert_eq!(caller.ctx.company_id, second);
        assert_eq!(caller.started_at, Some(minutes(0)));
        let back = go_on(db, &there, ctx.company_id, minutes(22)).unwrap();
        assert_eq!(find(db, &back, minutes(23)).unwrap().ctx.company_id, ctx.company_id);
        assert_eq!(go_on(db, &back, second, minutes(720)).unwrap_err(), SignInError::SessionOver);
        assert_sound(db, &SCHEMA, second);
    });
}

#[test]
fn nobody_goes_on_where_there_is_no_role_or_after_a_link() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let second = further(db, &ctx);
        let anna = as_user(db, ctx.company_id, user_with(db, &ctx, "anna", "buyer"));
        let token = signed_in(db, &anna, minutes(0));
        assert_eq!(go_on(db, &token, second, minutes(1)).unwrap_err(), SignInError::NoAccess);
        let (_, by_link) = start(db, &ctx, minutes(0));
        assert_eq!(go_on(db, &by_link, second, minutes(1)).unwrap_err(), SignInError::ByLink);
    });
}

#[test]
fn the_companies_of_a_user_are_listed_and_a_key_knows_its_own() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let second = further(db, &ctx);
        let list = |ctx: &Ctx, filter: CompanyFilter| {
            let ctx = ctx.clone();
            db.read(move |tx| list_companies(tx, &ctx, filter.clone())).unwrap()
        };
        let user = as_user(db, ctx.company_id, ctx.user_id);
        let all = list(&user, CompanyFilter::default()).lines;
        assert_eq!(all.iter().filter(|row| row.is_current).count(), 1);
        assert_eq!(all.len(), 2);
        let german = CompanyFilter { country: Some("DE".to_owned()), ..CompanyFilter::default() };
        assert_eq!(list(&user, german).lines[0].company_id, second);
        let by_country = CompanyFilter {
            sort: CompanySort::Country,
            limit: Some(1),
            ..CompanyFilter::default()
        };
        let first = list(&user, by_country.clone());
        let next = CompanyFilter { cursor: first.next_cursor.clone(), ..by_country };
        assert_ne!(first.lines, list(&user, next).lines);
        let mut key = user;
        key.principal = "key:1".to_owned();
        assert_eq!(list(&key, CompanyFilter::default()).lines.len(), 1);
    });
}

#[test]
fn a_user_lists_and_ends_the_own_sessions_only() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let anna = as_user(db, ctx.company_id, user_with(db, &ctx, "anna", "buyer"));
        let (own, token) = start(db, &anna, minutes(0));
        let (admins, _) = start(db, &ctx, minutes(0));
        let list = |filter: SessionFilter| {
            let anna = anna.clone();
            db.read(move |tx| sessions(tx, &anna, filter.clone()))
        };
        let mine = list(SessionFilter { user_id: Some(anna.user_id) }).unwrap();
        assert_eq!(mine.iter().map(|row| row.session_id).collect::<Vec<_>>(), [own]);
        assert!(list(SessionFilter::default()).is_err());
        let by = anna.clone();
        let other = write(db, move |tx| end_session(tx, &by, admins));
        assert!(matches!(other, Err(SignInError::Denied(_))));
        let by = anna.clone();
        write(db, move |tx| end_session(tx, &by, own)).unwrap();
        assert_eq!(find(db, &token, minutes(0)).unwrap_err(), SignInError::SessionOver);
        assert!(list(SessionFilter { user_id: Some(anna.user_id) }).unwrap().is_empty());
        assert_sound(db, &SCHEMA, ctx.company_id);
    });
}

#[test]
fn a_sign_in_link_works_once_and_for_fifteen_minutes() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let anna = user_with(db, &ctx, "anna", "buyer");
        let issue = |by: &Ctx, user_id| {
            let (by, link) = (by.clone(), Secret::random());
            let digest = link.digest();
            write(db, move |tx| issue_sign_in_link(tx, &by, user_id, &digest))
                .map(|()| link.reveal())
        };
        let enter = |link: &str, at| {
            let (link, session) = (link.to_owned(), Secret::random());
            let digest = session.digest();
            write(db, move |tx| use_sign_in_link(tx, &link, &digest, at, "test"))
                .map(|_| session.reveal())
        };
        let link = issue(&ctx, anna).unwrap();
        let token = enter(&link, minutes(14)).unwrap();
        assert_eq!(find(db, &token, minutes(14)).unwrap().ctx.user_id, anna);
        assert_eq!(enter(&link, minutes(14)).unwrap_err(), SignInError::WrongLink);
        let late = issue(&ctx, anna).unwrap();
        assert_eq!(enter(&late, minutes(15)).unwrap_err(), SignInError::WrongLink);
        let clerk = testing::holding(&ctx, anna, &["identity.issue_sign_in_link"], None);
        assert_eq!(issue(&clerk, ctx.user_id).unwrap_err(), SignInError::BeyondOwn);
    });
}
