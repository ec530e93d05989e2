use crate::it::world::{minutes, user_with, write};
use base::UserId;
use identity::{
    AuditFilter, Caller, Ctx, DeviceKeyError, MAKE_DEVICE_KEY, SCHEMA, Secret, audit_trail,
    device_key, find_session, make_device_key, start_session, testing,
};
use store::Database;
use store::testing::{assert_sound, on_both_engines};

/// A user who has just signed in.
fn caller(db: &Database, ctx: &Ctx, user_id: UserId) -> Caller {
    let (company_id, secret) = (ctx.company_id, Secret::random());
    let (digest, token) = (secret.digest(), secret.reveal());
    write(db, move |tx| start_session(tx, company_id, user_id, &digest, minutes(0), "test"))
        .unwrap();
    db.read(move |tx| find_session(tx, &token, minutes(0), "test")).unwrap()
}

fn make(db: &Database, who: &Caller) -> Result<String, DeviceKeyError> {
    let (who, fresh) = (who.clone(), Secret::random());
    write(db, move |tx| make_device_key(tx, &who, &fresh)).map(|key| key.reveal())
}

fn tell(db: &Database, who: &Caller) -> Result<String, DeviceKeyError> {
    let who = who.clone();
    db.read(move |tx| device_key(tx, &who)).map(|key| key.reveal())
}

#[test]
fn a_device_key_is_made_once_and_is_each_users_own() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let anna = user_with(db, &ctx, "anna", "buyer");
        let will = user_with(db, &ctx, "will", "warehouse");
        let (anna, will) = (caller(db, &ctx, anna), caller(db, &ctx, will));
        assert_eq!(tell(db, &anna), Err(DeviceKeyError::NotMade));
        let made = make(db, &anna).unwrap();
        assert_eq!(make(db, &anna).unwrap(), made, "a second making finds the first");
        assert_eq!(tell(db, &anna).unwrap(), made);
        assert_eq!(tell(db, &will), Err(DeviceKeyError::NotMade));
        assert_ne!(make(db, &will).unwrap(), made);
        let by = ctx.clone();
        let verb = Some(MAKE_DEVICE_KEY.0.to_owned());
        let filter = AuditFilter { verb, ..AuditFilter::default() };
        let trail = db.read(move |tx| audit_trail(tx, &by, filter.clone())).unwrap().lines;
        assert_eq!(trail.len(), 2, "each making is told once");
        assert!(trail.iter().all(|row| row.detail == serde_json::json!({})), "and no secret");
        assert_sound(db, &SCHEMA, ctx.company_id);
    });
}

#[test]
fn a_program_gets_no_device_key() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let anna = user_with(db, &ctx, "anna", "buyer");
        let program = Caller { session_id: None, ..caller(db, &ctx, anna) };
        assert_eq!(make(db, &program), Err(DeviceKeyError::NoSession));
        assert_eq!(tell(db, &program), Err(DeviceKeyError::NoSession));
    });
}
