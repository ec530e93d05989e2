//! The SQL behind what readers get.

use base::{DeliveryId, WebhookId};
use identity::Ctx;
use store::{Row, StoreError, Tx, Value, params};

/// The columns of a webhook in a list.
macro_rules! webhook_columns {
    () => {
        "select e.id, e.name, e.address, e.state, e.paused_why, e.registered_at, u.login,
            e.previous_until, e.failures, e.failing_since, e.rests_until, e.delivered_at,
            (select count(*) from webhooks_delivery as d where d.company_id = e.company_id
                and d.webhook_id = e.id and d.state = 'waiting') as waiting,
            (select count(*) from webhooks_delivery as d where d.company_id = e.company_id
                and d.webhook_id = e.id and d.state = 'dead') as dead
         from webhooks_webhook as e
         left join identity_user as u on u.id = e.registered_by "
    };
}

/// The columns of a delivery in a list.
macro_rules! delivery_columns {
    () => {
        "select d.id, d.webhook_id, e.name, d.fact_id, d.name, d.aggregate_kind, d.aggregate_id,
            d.seq, d.state, d.queued_at, d.due_at, d.tries, d.attempts, d.replays, d.delivered_at,
            d.status, d.answer
         from webhooks_delivery as d
         join webhooks_webhook as e on e.company_id = d.company_id and e.id = d.webhook_id "
    };
}

store::statements! {
    /// One webhook.
    SHOW_WEBHOOK = concat!(webhook_columns!(), "where e.company_id = $1 and e.id = $2");

    /// A page of webhooks, by name.
    LIST_WEBHOOKS = concat!(webhook_columns!(), "where e.company_id = $1
        and (cast($2 as {text}) is null or e.state = cast($2 as {text}))
        and (e.name, e.id) > (cast($3 as {text}), cast($4 as {i64}))
        order by e.name, e.id limit cast($5 as {i64})");

    /// One delivery.
    SHOW_DELIVERY = concat!(delivery_columns!(), "where d.company_id = $1 and d.id = $2");

    /// A page of deliveries, the newest first.
    LIST_DELIVERIES = concat!(delivery_columns!(), "where d.company_id = $1
        and (cast($2 as {i64}) is null or d.webhook_id = cast($2 as {i64}))
        and (cast($3 as {text}) is null or d.state = cast($3 as {text}))
        and (cast($4 as {text}) is null or d.name = cast($4 as {text}))
        and (cast($5 as {text}) is null or d.aggregate_kind = cast($5 as {text}))
        and (cast($6 as {i64}) is null or d.aggregate_id = cast($6 as {i64}))
        and d.queued_at >= cast($7 as {i64}) and d.queued_at < cast($8 as {i64})
        and (d.queued_at, d.id) < (cast($9 as {i64}), cast($10 as {i64}))
        order by d.queued_at desc, d.id desc limit cast($11 as {i64})");

    /// A page of attempts, the latest first.
    LIST_ATTEMPTS = "select a.delivery_id, a.attempt, a.webhook_id, e.name, d.fact_id, d.name,
            a.outcome, a.status, a.answer, a.ended_at, a.millis
        from webhooks_attempt as a
        join webhooks_delivery as d on d.company_id = a.company_id and d.id = a.delivery_id
        join webhooks_webhook as e on e.company_id = a.company_id and e.id = a.webhook_id
        where a.company_id = $1
            and (cast($2 as {i64}) is null or a.webhook_id = cast($2 as {i64}))
            and (cast($3 as {i64}) is null or a.delivery_id = cast($3 as {i64}))
            and (cast($4 as {text}) is null or a.outcome = cast($4 as {text}))
            and (cast($5 as {i64}) is null or a.status = cast($5 as {i64}))
            and (a.ended_at, a.delivery_id, a.attempt)
                < (cast($6 as {i64}), cast($7 as {i64}), cast($8 as {i64}))
        order by a.ended_at desc, a.delivery_id desc, a.attempt desc limit cast($9 as {i64})";
}

pub(crate) fn show_webhook(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: WebhookId,
) -> Result<Option<Row>, StoreError> {
    tx.query_opt(&SHOW_WEBHOOK, params![ctx.company_id, id])
}

pub(crate) fn list_webhooks(tx: &mut Tx<'_>, filters: [Value; 5]) -> Result<Vec<Row>, StoreError> {
    tx.query(&LIST_WEBHOOKS, store::Params::new(filters.to_vec()))
}

pub(crate) fn show_delivery(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: DeliveryId,
) -> Result<Option<Row>, StoreError> {
    tx.query_opt(&SHOW_DELIVERY, params![ctx.company_id, id])
}

pub(crate) fn list_deliveries(
    tx: &mut Tx<'_>,
    filters: [Value; 11],
) -> Result<Vec<Row>, StoreError> {
    tx.query(&LIST_DELIVERIES, store::Params::new(filters.to_vec()))
}

pub(crate) fn list_attempts(tx: &mut Tx<'_>, filters: [Value; 9]) -> Result<Vec<Row>, StoreError> {
    tx.query(&LIST_ATTEMPTS, store::Params::new(filters.to_vec()))
}
