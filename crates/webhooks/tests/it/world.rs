//! A company, webhooks that it tells facts to, and a clock.

use base::{CompanyId, DeliveryId, Id, Timestamp, WebhookId};
use identity::{Ctx, Secret};
use store::testing::{Fresh, assert_sound};
use store::{Database, Engine, StoreError};
use webhooks::{
    AttemptFilter, AttemptRow, DeliveryFilter, DeliveryRow, Ended, Noted, Outgoing,
    RegisterWebhook, SCHEMA, SigningSecret, WebhookError, WebhookRow,
};

pub const SECOND: i64 = 1_000_000;
pub const MINUTE: i64 = 60 * SECOND;
pub const HOUR: i64 = 60 * MINUTE;
pub const DAY: i64 = 24 * HOUR;

/// Tells a story on a fresh database of each engine, and asks every check at its end.
pub fn story(tell: impl Fn(&World)) {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        on(engine, &tell);
    }
}

/// The same on one engine.
pub fn on(engine: Engine, tell: impl Fn(&World)) {
    let fresh = Fresh::new(engine, &SCHEMA);
    let ctx = identity::testing::ctx(&fresh.database);
    let world = World { ctx, fresh };
    tell(&world);
    assert_sound(&world.fresh.database, &SCHEMA, world.ctx.company_id);
}

pub struct World {
    pub ctx: Ctx,
    pub fresh: Fresh,
}

impl World {
    pub fn database(&self) -> &Database {
        &self.fresh.database
    }

    pub fn company(&self) -> CompanyId {
        self.ctx.company_id
    }

    /// So many microseconds after the beginning.
    pub fn after(&self, micros: i64) -> Timestamp {
        Timestamp::from_micros(self.ctx.at.micros() + micros)
    }

    /// Does something as the company's administrator, so many microseconds after the beginning.
    pub fn act<T: Send + 'static, E: From<StoreError> + Send + 'static>(
        &self,
        micros: i64,
        act: impl Fn(&mut store::Tx<'_>, &Ctx) -> Result<T, E> + Send + Sync + 'static,
    ) -> Result<T, E> {
        let ctx = self.ctx.at_moment(self.after(micros));
        self.database().write(move |tx| act(tx, &ctx))
    }

    pub fn look<T: Send + 'static>(
        &self,
        look: impl Fn(&mut store::Tx<'_>, &Ctx) -> Result<T, WebhookError> + Send + Sync + 'static,
    ) -> T {
        let ctx = self.ctx.clone();
        self.database().read(move |tx| look(tx, &ctx)).unwrap()
    }

    pub fn try_register(
        &self,
        name: &str,
        address: &str,
        facts: &[&str],
    ) -> Result<WebhookId, WebhookError> {
        let request = RegisterWebhook {
            name: name.to_owned(),
            address: address.to_owned(),
            facts: facts.iter().map(|&fact| fact.to_owned()).collect(),
        };
        let secret = SigningSecret::of(&Secret::random());
        let registered = self
            .act(0, move |tx, ctx| webhooks::register_webhook(tx, ctx, request.clone(), &secret));
        registered.map(|registered| registered.webhook_id)
    }

    pub fn register(&self, name: &str, facts: &[&str]) -> WebhookId {
        let address = format!("https://{name}.example/purser");
        self.try_register(name, &address, facts).unwrap()
    }

    /// States a fact about an order.
    pub fn state(&self, order: i64, seq: i64, name: &'static str) {
        self.state_at(0, order, seq, name);
    }

    pub fn state_at(&self, micros: i64, order: i64, seq: i64, name: &'static str) {
        let stated: Result<(), StoreError> = self.act(micros, move |tx, ctx| {
            ctx.fact(tx, "order", order, seq, name, serde_json::json!({ "order": order }));
            Ok(())
        });
        stated.unwrap();
    }

    /// Queues what waits.
    pub fn queue(&self, micros: i64) {
        let (company, now) = (self.company(), self.after(micros));
        while self.database().write(move |tx| webhooks::queue_facts(tx, company, now)).unwrap() {}
    }

    pub fn take(&self, webhook: WebhookId, micros: i64) -> Option<Outgoing> {
        let (company, now) = (self.company(), self.after(micros));
        self.database().write(move |tx| webhooks::take_due(tx, company, webhook, now)).unwrap()
    }

    pub fn note(&self, taken: &Outgoing, status: i64, micros: i64) -> Noted {
        let (taken, now) = (taken.clone(), self.after(micros));
        let ended = Ended { status, answer: format!("said {status}\r\nmore"), millis: 12 };
        let noted =
            self.database().write(move |tx| webhooks::note_attempt(tx, &taken, &ended, now));
        noted.unwrap()
    }

    /// Delivers everything that is due at a webhook; answers its facts as (order, seq).
    pub fn deliver(&self, webhook: WebhookId, micros: i64) -> Vec<(String, i64)> {
        let mut delivered = Vec::new();
        while let Some(taken) = self.take(webhook, micros) {
            let body: serde_json::Value = serde_json::from_str(&taken.body).unwrap();
            let order = body["subject_id"].as_str().unwrap().to_owned();
            delivered.push((order, body["seq"].as_i64().unwrap()));
            assert_eq!(self.note(&taken, 204, micros), Noted::Delivered);
        }
        delivered
    }

    pub fn webhook(&self, webhook: WebhookId) -> WebhookRow {
        self.look(move |tx, ctx| webhooks::webhook(tx, ctx, webhook))
    }

    pub fn delivery(&self, delivery: DeliveryId) -> DeliveryRow {
        self.look(move |tx, ctx| webhooks::delivery(tx, ctx, delivery))
    }

    pub fn deliveries(&self, filter: DeliveryFilter) -> Vec<DeliveryRow> {
        self.look(move |tx, ctx| webhooks::list_deliveries(tx, ctx, filter.clone())).lines
    }

    pub fn attempts(&self, delivery: DeliveryId) -> Vec<AttemptRow> {
        let filter = AttemptFilter { delivery_id: Some(delivery), ..AttemptFilter::default() };
        self.look(move |tx, ctx| webhooks::list_attempts(tx, ctx, filter.clone())).lines
    }
}

/// An order's fact as [`World::deliver`] answers it.
pub fn of(order: i64, seq: i64) -> (String, i64) {
    (order.to_string(), seq)
}

/// An id that nothing has.
pub fn nobody<I: Id>() -> I {
    I::from_raw(i64::MAX)
}
