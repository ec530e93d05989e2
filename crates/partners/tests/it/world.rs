//! A company and short ways to its partners.

use base::PartnerId;
use identity::Ctx;
use partners::{NewPartner, Partner, PartnerAnswer, SCHEMA};
use store::testing::{assert_sound, on_both_engines};
use store::{Database, StoreError, Tx};

/// Runs a story on each engine for a company; all checks hold at its end.
pub fn story(tell: impl Fn(&Database, &Ctx)) {
    on_both_engines(&SCHEMA, |database| {
        let ctx = identity::testing::ctx(database);
        tell(database, &ctx);
        assert_sound(database, &SCHEMA, ctx.company_id);
    });
}

pub fn write<T, E>(
    database: &Database,
    ctx: &Ctx,
    work: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let ctx = ctx.clone();
    database.write(move |tx| work(tx, &ctx))
}

pub fn read<T, E>(
    database: &Database,
    ctx: &Ctx,
    work: impl Fn(&mut Tx<'_>, &Ctx) -> Result<T, E> + Send + 'static,
) -> Result<T, E>
where
    T: Send + 'static,
    E: From<StoreError> + Send + 'static,
{
    let ctx = ctx.clone();
    database.read(move |tx| work(tx, &ctx))
}

pub fn make(database: &Database, ctx: &Ctx, new: NewPartner) -> PartnerId {
    let made = write(database, ctx, move |tx, ctx| partners::create_partner(tx, ctx, new.clone()));
    match made.unwrap() {
        PartnerAnswer::Done { partner_id, .. } => partner_id,
        other => panic!("{other:?}"),
    }
}

pub fn get(database: &Database, ctx: &Ctx, partner_id: PartnerId) -> Partner {
    read(database, ctx, move |tx, ctx| partners::partners_by_id(tx, ctx.company_id, &[partner_id]))
        .unwrap()
        .remove(&partner_id)
        .unwrap()
}

pub fn smith() -> NewPartner {
    NewPartner::supplier("S-1", "Smith & Sons", "GB".parse().unwrap())
}
