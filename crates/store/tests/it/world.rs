//! A tiny schema to try the store with: named counters.

use base::CompanyId;
use base::{Id, Timestamp};
use store::{RequestKey, Schema, Statement, StoreError, Tx, params};

pub static ADD: Statement = Statement::new(
    "world::ADD",
    "insert into world_counter (company_id, name, amount) values ($1, $2, $3)
     on conflict (company_id, name) do update set amount = world_counter.amount + $3
     returning amount",
);
pub static READ: Statement = Statement::new(
    "world::READ",
    "select amount from world_counter where company_id = $1 and name = $2",
);
pub static LOG: Statement =
    Statement::new("world::LOG", "insert into world_log (company_id, id) values ($1, $2)");
pub static SPOIL: Statement =
    Statement::new("world::SPOIL", "update world_log set id = id + 1 where company_id = $1");
pub static PROMISE: Statement = Statement::new(
    "world::PROMISE",
    "insert into world_promise (company_id, id, kept_by) values ($1, $2, -1)",
);
pub static TAKE: Statement = Statement::new(
    "world::TAKE",
    "update world_counter set amount = amount - $3
     where company_id = $1 and name = $2 and amount >= $3",
);
pub static SET: Statement = Statement::new(
    "world::SET",
    "insert into world_counter (company_id, name, amount)
     select $1, d.name, d.amount from {rows:d(name text, amount)} where true
     on conflict (company_id, name) do update set amount = excluded.amount",
);

pub static SCHEMA: Schema = Schema {
    name: "world",
    migrations: &[store::Migration {
        name: "0001_world.sql",
        text: "create table world_counter (company_id {i64} not null, name {text} not null,
                   amount {i64} not null constraint world_counter_amount check (amount >= 0),
                   primary key (company_id, name)) {key_table};
               create table world_log (company_id {i64} not null, id {i64} not null,
                   primary key (company_id, id)) {key_table};
               create table world_promise (company_id {i64} not null, id {i64} not null,
                   kept_by {i64} not null, primary key (company_id, id),
                   foreign key (company_id, kept_by) references world_log (company_id, id)
                       deferrable initially deferred) {key_table};",
    }],
    statements: &[&ADD, &READ, &LOG, &SPOIL, &PROMISE, &TAKE, &SET],
    checks: &[],
    append_only: &["world_log"],
    below: &[&store::SCHEMA],
};

pub fn company() -> CompanyId {
    CompanyId::from_raw(7)
}

pub fn add(tx: &mut Tx<'_>, name: &str, amount: i64) -> Result<i64, StoreError> {
    let rows = tx.query(&ADD, params![company(), name, amount])?;
    rows[0].get(0)
}

pub fn amount(database: &store::Database, name: &'static str) -> Option<i64> {
    database
        .read(move |tx| {
            let row = tx.query_opt(&READ, params![company(), name])?;
            row.map(|row| row.get::<i64>(0)).transpose()
        })
        .expect("a read")
}

pub fn key(key: &str, body: &str) -> RequestKey {
    RequestKey {
        company_id: company(),
        principal: "user:1".to_owned(),
        route: "world.add",
        key: key.to_owned(),
        fingerprint: body.as_bytes().to_vec(),
        at: Timestamp::from_micros(1),
    }
}
