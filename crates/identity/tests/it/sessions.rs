use crate::it::world::{as_user, minutes, user_with, write};
use base::{SessionId, Timestamp};
use identity::{
    Caller, Ctx, SCHEMA, Secret, SessionFilter, SignInError, Use, end_session, find_session,
    issue_sign_in_link, note_use, sessions, start_session, testing, use_sign_in_link,
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
