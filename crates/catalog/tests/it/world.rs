//! A company with the usual units, and short ways to its catalogue.

use base::ItemId;
use catalog::{Item, ItemAnswer, NewItem, SCHEMA};
use identity::Ctx;
use store::testing::{assert_sound, on_both_engines};
use store::{Database, StoreError, Tx};

/// Runs a story on each engine for a company with the usual units; all checks hold at its end.
pub fn story(tell: impl Fn(&Database, &Ctx)) {
    on_both_engines(&SCHEMA, |database| {
        let ctx = identity::testing::ctx(database);
        write(database, &ctx, catalog::install_units).unwrap();
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

pub fn make(database: &Database, ctx: &Ctx, item: NewItem) -> ItemId {
    let made = write(database, ctx, move |tx, ctx| catalog::create_item(tx, ctx, item.clone()));
    match made.unwrap() {
        ItemAnswer::Done { item_id, .. } => item_id,
        other => panic!("{other:?}"),
    }
}

pub fn get(database: &Database, ctx: &Ctx, item_id: ItemId) -> Item {
    read(database, ctx, move |tx, ctx| catalog::items_by_id(tx, ctx.company_id, &[item_id]))
        .unwrap()
        .remove(&item_id)
        .unwrap()
}
