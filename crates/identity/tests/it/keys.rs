use crate::it::world::{as_user, user_with, write};
use base::{ApiKeyId, Id, UserId};
use identity::{
    ApiKeyError, ApiKeyFilter, AuditFilter, Caller, CreateApiKey, Ctx, Permission, RevokeRole,
    SCHEMA, Secret, SignInError, Use, api_key_text, api_keys, audit_trail, authenticate_api_key,
    create_api_key, note_use, revoke, revoke_api_key, testing,
};
use store::Database;
use store::testing::{assert_sound, on_both_engines};

const READ_STOCK: Permission = Permission("stock.read");
const SEND: Permission = Permission("purchasing.send");

fn create(
    db: &Database,
    ctx: &Ctx,
    scopes: &[&str],
    days: i64,
    user_id: Option<UserId>,
) -> Result<(ApiKeyId, String), ApiKeyError> {
    let request = CreateApiKey {
        name: "shop".to_owned(),
        scopes: scopes.iter().map(|text| (*text).to_owned()).collect(),
        expires_on: ctx.today.plus(days).unwrap(),
        user_id,
    };
    let (ctx, secret) = (ctx.clone(), Secret::random());
    let digest = secret.digest();
    let id = write(db, move |tx| create_api_key(tx, &ctx, request.clone(), &digest))?;
    Ok((id, api_key_text(id, &secret)))
}

fn enter(db: &Database, text: &str, day: i64) -> Result<Caller, SignInError> {
    let text = text.to_owned();
    let at = testing::START.plus_micros(day * 86_400_000_000).unwrap();
    db.read(move |tx| authenticate_api_key(tx, &text, at, "test"))
}

#[test]
fn a_key_does_what_scopes_and_roles_both_give() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let anna = user_with(db, &ctx, "anna", "buyer");
        let scopes = ["stock.read", "purchasing.receive"];
        let (id, text) = create(db, &ctx, &scopes, 366, Some(anna)).unwrap();
        let caller = enter(db, &text, 0).unwrap();
        assert_eq!(caller.ctx.principal, format!("key:{id}"));
        assert_eq!(caller.ctx.user_id, anna);
        assert!(caller.ctx.holds(READ_STOCK));
        assert!(!caller.ctx.holds(SEND), "the role gives it, the scopes do not");
        assert_eq!(caller.due, Some(Use::ApiKey(id)));
        write(db, move |tx| note_use(tx, &caller.ctx, Use::ApiKey(id))).unwrap();
        assert_eq!(enter(db, &text, 0).unwrap().due, None, "once a day is enough");
        let (by, today) = (ctx.clone(), ctx.today);
        let list = db.read(move |tx| api_keys(tx, &by, ApiKeyFilter::default())).unwrap();
        assert_eq!(list.len(), 1);
        assert_eq!(list[0].last_used_on, Some(today));
        assert_eq!(list[0].scopes, ["purchasing.receive", "stock.read"]);
        let by = ctx.clone();
        write(db, move |tx| {
            let (login, role) = ("anna".to_owned(), "buyer".to_owned());
            revoke(tx, &by, RevokeRole { login, role, warehouse_id: None })
        })
        .unwrap();
        assert_eq!(enter(db, &text, 0).unwrap_err(), SignInError::NoAccess);
        assert_sound(db, &SCHEMA, ctx.company_id);
    });
}

#[test]
fn a_key_expires_within_a_year() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        for days in [-1, 0, 367] {
            let refused = create(db, &ctx, &["stock.read"], days, None);
            assert!(matches!(refused, Err(ApiKeyError::WrongExpiry { .. })), "{days}");
        }
        let (_, text) = create(db, &ctx, &["stock.read"], 30, None).unwrap();
        assert!(enter(db, &text, 29).is_ok());
        let expired_on = ctx.today.plus(30).unwrap();
        assert_eq!(enter(db, &text, 30).unwrap_err(), SignInError::KeyExpired { expired_on });
    });
}

#[test]
fn a_wrong_or_revoked_key_is_no_key() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let (id, text) = create(db, &ctx, &["stock.read"], 30, None).unwrap();
        let unknown = ApiKeyId::from_raw(id.raw() + 1);
        let secret = text.rsplit('_').next().unwrap();
        for bad in [
            api_key_text(id, &Secret::random()),
            format!("pk_{unknown}_{secret}"),
            text.replace("pk_", "sk_"),
            text[..text.len() - 1].to_owned(),
            String::new(),
        ] {
            assert_eq!(enter(db, &bad, 0).unwrap_err(), SignInError::WrongKey, "{bad}");
        }
        let by = ctx.clone();
        let refused = write(db, move |tx| revoke_api_key(tx, &by, unknown));
        assert_eq!(refused, Err(ApiKeyError::UnknownKey { api_key_id: unknown }));
        let by = ctx.clone();
        write(db, move |tx| revoke_api_key(tx, &by, id)).unwrap();
        assert_eq!(enter(db, &text, 0).unwrap_err(), SignInError::WrongKey);
    });
}

#[test]
fn a_key_is_revoked_once_and_ones_own_without_permission() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let anna = user_with(db, &ctx, "anna", "buyer");
        let (own, _) = create(db, &ctx, &["stock.read"], 30, Some(anna)).unwrap();
        let (others, _) = create(db, &ctx, &["stock.read"], 30, None).unwrap();
        let anna = as_user(db, ctx.company_id, anna);
        let by = anna.clone();
        let refused = write(db, move |tx| revoke_api_key(tx, &by, others));
        assert!(matches!(refused, Err(ApiKeyError::Denied(_))), "{refused:?}");
        for _ in 0..2 {
            let by = anna.clone();
            write(db, move |tx| revoke_api_key(tx, &by, own)).unwrap();
        }
        let of_key = AuditFilter {
            object_kind: Some("api_key".to_owned()),
            object_id: Some(own.to_string()),
            ..AuditFilter::default()
        };
        let told = db.read(move |tx| audit_trail(tx, &ctx, of_key.clone())).unwrap();
        let verbs: Vec<String> = told.lines.into_iter().map(|row| row.verb).collect();
        assert_eq!(verbs, ["identity.revoke_api_key", "identity.create_api_key"]);
    });
}

#[test]
fn a_keys_scopes_are_never_above_its_creator() {
    on_both_engines(&SCHEMA, |db| {
        let ctx = testing::ctx(db);
        let anna = user_with(db, &ctx, "anna", "buyer");
        let make_keys = ["identity.create_api_key", "stock.read"];
        let clerk = testing::holding(&ctx, anna, &make_keys, None);
        assert!(create(db, &clerk, &["stock.read"], 30, None).is_ok());
        for beyond in ["stock.*", "purchasing.send", "*"] {
            let refused = create(db, &clerk, &[beyond], 30, None);
            assert_eq!(refused.unwrap_err(), ApiKeyError::BeyondOwn, "{beyond}");
        }
        let anna = as_user(db, ctx.company_id, anna);
        let refused = create(db, &anna, &["stock.read"], 30, None);
        assert!(matches!(refused, Err(ApiKeyError::Denied(_))));
        let (_, text) = create(db, &ctx, &["identity.*"], 30, None).unwrap();
        let program = enter(db, &text, 0).unwrap().ctx;
        let refused = create(db, &program, &["stock.read"], 30, None);
        assert_eq!(refused.unwrap_err(), ApiKeyError::BeyondOwn, "a key makes no wider key");
    });
}
