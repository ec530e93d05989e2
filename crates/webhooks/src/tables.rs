//! All SQL about webhooks.

use crate::deliver::Ended;
use crate::rules::{Health, PING, Wanted};
use crate::secret::SigningSecret;
use crate::words::{AttemptOutcome, DeliveryState, WebhookState};
use base::{CompanyId, DeliveryId, FactId, Timestamp, WebhookId};
use identity::Ctx;
use std::collections::BTreeMap;
use store::{Row, Rows, StoreError, Tx, params, row};

pub(crate) mod lists;

/// Every statement about webhooks.
pub(crate) static ALL: [&store::Statement; COUNT + lists::COUNT] =
    store::statement::joined(&[STATEMENTS, lists::STATEMENTS]);

/// What an attempt needs of a delivery that is due by a moment.
macro_rules! next_due {
    () => {
        "select d.id, d.attempts, d.tries, d.begun_turn, d.fact_id, d.name, d.aggregate_kind,
            d.aggregate_id, d.seq, f.recorded_at, f.payload
        from webhooks_delivery as d
        join store_fact as f on f.company_id = d.company_id and f.id = d.fact_id
        where d.company_id = $1 and d.webhook_id = $2 and d.state = 'waiting' and d.due_at <= $3
            and d.leased_until = 0 and "
    };
}

/// The first delivery of webhook e that is due by a moment.
macro_rules! due_of_webhook {
    () => {
        "select d.id from webhooks_delivery as d
        where d.company_id = e.company_id and d.webhook_id = e.id and d.state = 'waiting'
            and d.due_at <= $2 and d.leased_until = 0 and "
    };
}

/// Nothing earlier of the subject of delivery d waits.
macro_rules! nothing_ahead {
    () => {
        "not exists (select 1 from webhooks_delivery as a
            where a.company_id = d.company_id and a.webhook_id = d.webhook_id
                and a.aggregate_kind = d.aggregate_kind and a.aggregate_id = d.aggregate_id
                and a.seq < d.seq and a.state = 'waiting')"
    };
}

store::statements! {
    /// Registers a webhook.
    INSERT_WEBHOOK = "insert into webhooks_webhook
            (company_id, id, name, address, state, paused_why, secret, previous_secret,
             previous_until, registered_at, registered_by, revision, pings, turn, failures,
             failing_since, rests_until, delivered_at)
        values ($1, $2, $3, $4, 'active', '', $5, '', 0, $6, $7, 1, 0, 0, 0, 0, 0, 0)";

    /// Webhooks of a name that are not retired.
    NAMED = "select e.id from webhooks_webhook as e
        where e.company_id = $1 and e.name = $2 and e.state <> 'retired' limit 1";

    /// A webhook, held.
    LOCK_WEBHOOK = "select e.name, e.address, e.state, e.secret, e.previous_secret, e.previous_until,
            e.revision, e.pings, e.turn, e.failures, e.failing_since, e.rests_until
        from webhooks_webhook as e where e.company_id = $1 and e.id = $2 {for_update:e}";

    /// How many webhooks of a company are not retired, and how many of them have a secret whose time is
    /// over.
    LIVE_WEBHOOKS = "select count(*) as live,
            coalesce(cast(sum(case when e.previous_until > 0 and e.previous_until <= $2
                then 1 else 0 end) as {i64}), 0) as old
        from webhooks_webhook as e where e.company_id = $1 and e.state <> 'retired'";

    /// Forgets earlier secrets whose time is over.
    FORGET_OLD_SECRETS = "update webhooks_webhook set previous_secret = '', previous_until = 0
        where company_id = $1 and previous_until > 0 and previous_until <= $2";

    /// Changes what a webhook is called and where it is.
    AMEND_WEBHOOK = "update webhooks_webhook set name = $3, address = $4, revision = revision + 1
        where company_id = $1 and id = $2";

    /// Forgets what a webhook answered before.
    FORGET_HEALTH = "update webhooks_webhook set failures = 0, failing_since = 0, rests_until = 0
        where company_id = $1 and id = $2";

    /// Lets a webhook rest no longer.
    END_REST = "update webhooks_webhook set rests_until = 0 where company_id = $1 and id = $2";

    /// Changes how a webhook stands; what it answered before is forgotten.
    SET_STATE = "update webhooks_webhook set state = $3, paused_why = $4, revision = revision + 1,
            failures = 0, failing_since = 0, rests_until = 0
        where company_id = $1 and id = $2";

    /// Forgets the secrets of a webhook that is retired.
    FORGET_SECRETS = "update webhooks_webhook
        set secret = '', previous_secret = '', previous_until = 0 where company_id = $1 and id = $2";

    /// Gives a webhook another secret beside the one before.
    ROTATE_SECRET = "update webhooks_webhook set previous_secret = secret, previous_until = $4,
            secret = $3, revision = revision + 1
        where company_id = $1 and id = $2";

    /// Counts a ping.
    COUNT_PING = "update webhooks_webhook set pings = pings + 1 where company_id = $1 and id = $2";

    /// Notes how a webhook stands after an attempt, and that its turn went on.
    NOTE_HEALTH = "update webhooks_webhook set turn = $3, failures = $4, failing_since = $5,
            rests_until = $6, delivered_at = {greatest}(delivered_at, cast($7 as {i64}))
        where company_id = $1 and id = $2";

    /// Moves a webhook's turn.
    MOVE_TURN = "update webhooks_webhook set turn = $3 where company_id = $1 and id = $2";

    /// The patterns of webhooks.
    PATTERNS = "select p.webhook_id, p.pattern, p.after_round, p.since from webhooks_pattern as p
        where p.company_id = $1 and p.webhook_id in (select d.id from {rows:d(id)})
        order by p.webhook_id, p.pattern";

    /// Adds patterns to a webhook.
    INSERT_PATTERNS = "insert into webhooks_pattern
            (company_id, webhook_id, pattern, prefix, after_round, since)
        select $1, $2, d.pattern, case when d.whole = 1 then null else d.prefix end,
            cast($3 as {i64}), cast($4 as {i64})
        from {rows:d(pattern text, prefix text, whole)}";

    /// Takes patterns from a webhook.
    DELETE_PATTERNS = "delete from webhooks_pattern where company_id = $1 and webhook_id = $2
        and pattern in (select d.pattern from {rows:d(pattern text)})";

    /// The webhooks that facts are queued for, held in the order of their ids.
    LOCK_WEBHOOKS = "select e.id, e.turn from webhooks_webhook as e
        where e.company_id = $1 and e.state <> 'retired' order by e.id {for_update:e}";

    /// Queues facts for webhooks, but for those that are queued there already.
    INSERT_DELIVERIES = "insert into webhooks_delivery
            (company_id, id, webhook_id, fact_id, aggregate_kind, aggregate_id, seq, name, state,
             queued_at, due_at, tries, attempts, replays, token, leased_until, queued_turn, begun_turn,
             ended_turn, delivered_at, status, answer)
        select $1, d.id, d.webhook_id, d.fact_id, d.kind, d.aggregate_id, d.seq, d.name, 'waiting',
            cast($2 as {i64}), cast($2 as {i64}), 0, 0, 0, 0, 0, d.turn, 0, 0, 0, 0, ''
        from {rows:d(id, webhook_id, fact_id, kind text, aggregate_id, seq, name text, turn)}
        where true
        on conflict (company_id, webhook_id, fact_id) do nothing";

    /// Webhooks at which something is due: a ping, or of one that is active and does not rest any fact.
    /// Each is asked for one delivery alone, so that what waits for a paused one costs nothing.
    DUE_WEBHOOKS = concat!("select e.id from webhooks_webhook as e
        where e.company_id = $1 and e.state <> 'retired'
            and ((", due_of_webhook!(), "d.aggregate_kind = 'webhook_ping' and ", nothing_ahead!(),
                " limit 1) is not null
            or (e.state = 'active' and e.rests_until <= $2
                and (", due_of_webhook!(), nothing_ahead!(), " limit 1) is not null))
        order by e.id");

    /// The ping of a webhook that has been due for longest, with none earlier ahead.
    NEXT_PING = concat!(next_due!(), "d.aggregate_kind = 'webhook_ping' and ", nothing_ahead!(),
        " order by d.due_at limit 1");

    /// The delivery of a webhook that has been due for longest, with nothing earlier of its subject
    /// ahead. What is due at one moment comes in any order: to sort it would take longer than to send it.
    NEXT_DUE = concat!(next_due!(), nothing_ahead!(), " order by d.due_at limit 1");

    /// Leases a delivery under a token.
    LEASE = "update webhooks_delivery set token = $3, leased_until = $4, tries = tries + 1,
            attempts = attempts + 1,
            begun_turn = case when begun_turn = 0 then cast($3 as {i64}) else begun_turn end
        where company_id = $1 and id = $2 and state = 'waiting' and leased_until = 0";

    /// Who has a delivery, held.
    LOCK_LEASE = "select d.state, d.token, d.leased_until, d.tries, d.ended_turn, d.aggregate_kind
        from webhooks_delivery as d where d.company_id = $1 and d.id = $2 {for_update:d}";

    /// Notes what became of an attempt, by who has the lease.
    NOTE = "update webhooks_delivery set state = $4, due_at = $5, leased_until = 0, status = $6,
            answer = $7, ended_turn = $8, delivered_at = {greatest}(delivered_at, cast($9 as {i64}))
        where company_id = $1 and id = $2 and token = $3 and state = 'waiting' and leased_until > 0";

    /// Writes an attempt to the log.
    INSERT_ATTEMPT = "insert into webhooks_attempt
            (company_id, delivery_id, attempt, webhook_id, outcome, status, answer, ended_at, millis)
        values ($1, $2, $3, $4, $5, $6, $7, $8, $9)";

    /// Whether a lease of a company ran out.
    LEASES_OVER = "select d.id from webhooks_delivery as d
        where d.company_id = $1 and d.leased_until > 0 and d.leased_until < $2 limit 1";

    /// Attempts whose lease ran out, held.
    LOCK_LOST = "select d.id, d.webhook_id, d.attempts from webhooks_delivery as d
        where d.company_id = $1 and d.leased_until > 0 and d.leased_until < $2
        order by d.id limit 1000 {for_update:d}";

    /// Writes lost attempts to the log.
    INSERT_LOST = "insert into webhooks_attempt
            (company_id, delivery_id, attempt, webhook_id, outcome, status, answer, ended_at, millis)
        select $1, d.id, d.attempt, d.webhook_id, 'lost', 0, cast($3 as {text}), cast($2 as {i64}), 0
        from {rows:d(id, attempt, webhook_id)}";

    /// Takes the lease of lost attempts away.
    FREE_LOST = "update webhooks_delivery set leased_until = 0, due_at = $2, status = 0, answer = $3
        where company_id = $1 and id in (select d.id from {rows:d(id)})";

    /// Gives up what waits for a webhook, so many at once.
    GIVE_UP = "update webhooks_delivery set state = 'dead', leased_until = 0, answer = $3,
            ended_turn = case when ended_turn = 0 then cast($4 as {i64}) else ended_turn end
        where company_id = $1 and id in (select d.id from webhooks_delivery as d
            where d.company_id = $1 and d.webhook_id = $2 and d.state = 'waiting'
            order by d.due_at limit cast($5 as {i64}))
        returning id";

    /// A retired webhook for which something still waits.
    RETIRED_WAITING = "select e.id from webhooks_webhook as e
        where e.company_id = $1 and e.state = 'retired'
            and (select d.id from webhooks_delivery as d
                where d.company_id = e.company_id and d.webhook_id = e.id and d.state = 'waiting'
                limit 1) is not null
        order by e.id limit 1";

    /// Makes what failed at a webhook due at once, with all its tries before it.
    HURRY = "update webhooks_delivery set due_at = $3, tries = 0
        where company_id = $1 and webhook_id = $2 and state = 'waiting' and leased_until = 0
            and (due_at > $3 or tries > 0)";

    /// A delivery to replay, held.
    LOCK_DELIVERY = "select d.leased_until from webhooks_delivery as d
        where d.company_id = $1 and d.id = $2 {for_update:d}";

    /// Which webhook a delivery is for.
    WEBHOOK_OF = "select d.webhook_id from webhooks_delivery as d
        where d.company_id = $1 and d.id = $2";

    /// Has deliveries made once more; those that wait, at once.
    REPLAY = "update webhooks_delivery set state = 'waiting', due_at = $2, tries = 0,
            replays = case when state = 'waiting' then replays else replays + 1 end
        where company_id = $1 and leased_until = 0 and id in (select d.id from {rows:d(id)})";

    /// Facts of a span that a webhook's patterns name, also such as were not handed out yet, with their
    /// deliveries where there are.
    SPAN = "select f.id, f.aggregate_kind, f.aggregate_id, f.seq, f.name, f.recorded_at, d.id, d.state,
            d.leased_until
        from store_fact as f
        left join webhooks_delivery as d on d.company_id = f.company_id and d.webhook_id = $2
            and d.fact_id = f.id
        where f.company_id = $1 and f.recorded_at < $4
            and f.aggregate_kind <> 'webhook_ping'
            and (f.recorded_at, f.id) > (cast($3 as {i64}), cast($5 as {i64}))
            and exists (select 1 from webhooks_pattern as p
                where p.company_id = f.company_id and p.webhook_id = $2
                    and (p.pattern = f.name
                        or (p.prefix is not null and substr(f.name, 1, length(p.prefix)) = p.prefix)))
        order by f.recorded_at, f.id limit cast($6 as {i64})";
}

/// A webhook that is held.
pub(crate) struct Webhook {
    pub id: WebhookId,
    pub name: String,
    pub address: String,
    pub state: WebhookState,
    secret: String,
    previous: String,
    previous_until: Timestamp,
    pub revision: i64,
    pub pings: i64,
    pub turn: i64,
    pub health: Health,
}

impl Webhook {
    /// The secrets that sign at a moment, the latest first.
    pub(crate) fn secrets(&self, now: Timestamp) -> Vec<SigningSecret> {
        let previous = (self.previous_until > now).then(|| self.previous.clone());
        let live = std::iter::once(self.secret.clone()).chain(previous);
        live.map(SigningSecret::stored).collect()
    }
}

/// A moment that is 0 where there is none.
pub(crate) fn moment(micros: i64) -> Option<Timestamp> {
    (micros != 0).then(|| Timestamp::from_micros(micros))
}

fn micros(moment: Option<Timestamp>) -> i64 {
    moment.map_or(0, Timestamp::micros)
}

pub(crate) fn insert_webhook(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    (id, name, address): (WebhookId, &str, &str),
    secret: &SigningSecret,
) -> Result<(), StoreError> {
    let params = params![ctx.company_id, id, name, address, secret.reveal(), ctx.at, ctx.user_id];
    tx.write_exactly(1, &INSERT_WEBHOOK, params)
}

pub(crate) fn named(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    name: &str,
) -> Result<Option<WebhookId>, StoreError> {
    tx.query_opt(&NAMED, params![company_id, name])?.map(|row| row.get(0)).transpose()
}

pub(crate) fn lock_webhook(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: WebhookId,
) -> Result<Option<Webhook>, StoreError> {
    let found = tx.query_opt(&LOCK_WEBHOOK, params![company_id, id])?;
    found
        .map(|row| {
            Ok(Webhook {
                id,
                name: row.get(0)?,
                address: row.get(1)?,
                state: row.get(2)?,
                secret: row.get(3)?,
                previous: row.get(4)?,
                previous_until: row.get(5)?,
                revision: row.get(6)?,
                pings: row.get(7)?,
                turn: row.get(8)?,
                health: Health {
                    failures: row.get(9)?,
                    failing_since: moment(row.get(10)?),
                    rests_until: moment(row.get(11)?),
                },
            })
        })
        .transpose()
}

pub(crate) fn amend_webhook(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: WebhookId,
    (name, address): (&str, &str),
) -> Result<(), StoreError> {
    tx.write_exactly(1, &AMEND_WEBHOOK, params![ctx.company_id, id, name, address])
}

pub(crate) fn set_state(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: WebhookId,
    (state, why): (WebhookState, &str),
) -> Result<(), StoreError> {
    tx.write_exactly(1, &SET_STATE, params![company_id, id, state, why])
}

pub(crate) fn forget_secrets(tx: &mut Tx<'_>, ctx: &Ctx, id: WebhookId) -> Result<(), StoreError> {
    tx.write_exactly(1, &FORGET_SECRETS, params![ctx.company_id, id])
}

pub(crate) fn rotate_secret(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: WebhookId,
    (secret, previous_until): (&SigningSecret, Timestamp),
) -> Result<(), StoreError> {
    tx.write_exactly(
        1,
        &ROTATE_SECRET,
        params![ctx.company_id, id, secret.reveal(), previous_until],
    )
}

pub(crate) fn count_ping(tx: &mut Tx<'_>, ctx: &Ctx, id: WebhookId) -> Result<(), StoreError> {
    tx.write_exactly(1, &COUNT_PING, params![ctx.company_id, id])
}

pub(crate) fn note_health(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: WebhookId,
    (turn, health, delivered_at): (i64, Health, Option<Timestamp>),
) -> Result<(), StoreError> {
    let Health { failures, failing_since, rests_until } = health;
    let params = params![
        company_id,
        id,
        turn,
        failures,
        micros(failing_since),
        micros(rests_until),
        micros(delivered_at)
    ];
    tx.write_exactly(1, &NOTE_HEALTH, params)
}

pub(crate) fn move_turn(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: WebhookId,
    turn: i64,
) -> Result<(), StoreError> {
    tx.write_exactly(1, &MOVE_TURN, params![company_id, id, turn])
}

/// What webhooks want, by their ids.
pub(crate) fn patterns(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    ids: impl IntoIterator<Item = WebhookId>,
) -> Result<BTreeMap<WebhookId, Vec<Wanted>>, StoreError> {
    let mut rows = Rows::new(1);
    ids.into_iter().for_each(|id| rows.push(row![id]));
    let mut all: BTreeMap<WebhookId, Vec<Wanted>> = BTreeMap::new();
    for found in tx.query(&PATTERNS, params![company_id; rows])? {
        let wanted =
            Wanted { pattern: found.get(1)?, after_round: found.get(2)?, since: found.get(3)? };
        all.entry(found.get(0)?).or_default().push(wanted);
    }
    Ok(all)
}

pub(crate) fn insert_patterns(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: WebhookId,
    (patterns, after_round): (&[&str], i64),
) -> Result<(), StoreError> {
    let mut rows = Rows::new(3);
    for pattern in patterns {
        let prefix = crate::rules::prefix(pattern);
        rows.push(row![*pattern, prefix.unwrap_or_default(), prefix.is_none()]);
    }
    let count = patterns.len();
    tx.write_exactly(
        count,
        &INSERT_PATTERNS,
        params![ctx.company_id, id, after_round, ctx.at; rows],
    )
}

pub(crate) fn delete_patterns(
    tx: &mut Tx<'_>,
    ctx: &Ctx,
    id: WebhookId,
    patterns: &[&str],
) -> Result<(), StoreError> {
    let mut rows = Rows::new(1);
    patterns.iter().for_each(|pattern| rows.push(row![*pattern]));
    tx.write_exactly(patterns.len(), &DELETE_PATTERNS, params![ctx.company_id, id; rows])
}

/// The webhooks that facts are queued for, with their turns, held.
pub(crate) fn lock_webhooks(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
) -> Result<Vec<(WebhookId, i64)>, StoreError> {
    let found = tx.query(&LOCK_WEBHOOKS, params![company_id])?;
    found.iter().map(|row| Ok((row.get(0)?, row.get(1)?))).collect()
}

/// How many webhooks of a company are not retired, and how many of them have a secret whose time is over.
pub(crate) fn live_webhooks(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Timestamp,
) -> Result<(i64, i64), StoreError> {
    let found = tx.query_opt(&LIVE_WEBHOOKS, params![company_id, now])?;
    found.map_or(Ok((0, 0)), |row| Ok((row.get(0)?, row.get(1)?)))
}

pub(crate) fn forget_old_secrets(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Timestamp,
) -> Result<(), StoreError> {
    tx.write(&FORGET_OLD_SECRETS, params![company_id, now])
}

/// Queues facts: a row is (id, webhook, fact, kind, aggregate, seq, name, turn).
pub(crate) fn insert_deliveries(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Timestamp,
    rows: Rows,
) -> Result<(), StoreError> {
    tx.write(&INSERT_DELIVERIES, params![company_id, now; rows])
}

pub(crate) fn due_webhooks(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Timestamp,
) -> Result<Vec<WebhookId>, StoreError> {
    let found = tx.query(&DUE_WEBHOOKS, params![company_id, now])?;
    found.iter().map(|row| row.get(0)).collect()
}

/// What is due at a webhook: a ping before all else, and nothing else if only those may go.
pub(crate) fn next_due(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    (webhook_id, pings_alone): (WebhookId, bool),
    now: Timestamp,
) -> Result<Option<Row>, StoreError> {
    let params = || params![company_id, webhook_id, now];
    match tx.query_opt(&NEXT_PING, params())? {
        None if !pings_alone => tx.query_opt(&NEXT_DUE, params()),
        ping => Ok(ping),
    }
}

pub(crate) fn lease(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: DeliveryId,
    (token, until): (i64, Timestamp),
) -> Result<(), StoreError> {
    tx.write_exactly(1, &LEASE, params![company_id, id, token, until])
}

/// A delivery and who has it.
pub(crate) struct Leased {
    pub tries: i64,
    pub ended_turn: i64,
    pub ping: bool,
}

/// A delivery that is leased under a token, held; nothing when it is not.
pub(crate) fn lock_lease(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: DeliveryId,
    token: i64,
) -> Result<Option<Leased>, StoreError> {
    let Some(row) = tx.query_opt(&LOCK_LEASE, params![company_id, id])? else { return Ok(None) };
    let state: DeliveryState = row.get(0)?;
    let (found, until): (i64, i64) = (row.get(1)?, row.get(2)?);
    let holds = state == DeliveryState::Waiting && found == token && until > 0;
    if !holds {
        return Ok(None);
    }
    let ping = row.get::<String>(5)? == PING;
    Ok(Some(Leased { tries: row.get(3)?, ended_turn: row.get(4)?, ping }))
}

/// How a delivery stands after an attempt.
pub(crate) struct Noted<'a> {
    pub state: DeliveryState,
    pub due_at: Timestamp,
    pub ended_turn: i64,
    pub ended: &'a Ended,
    pub answer: &'a str,
    pub now: Timestamp,
}

pub(crate) fn note(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    (id, token): (DeliveryId, i64),
    noted: &Noted<'_>,
) -> Result<(), StoreError> {
    let delivered_at = if noted.state == DeliveryState::Delivered { noted.now.micros() } else { 0 };
    let params = params![
        company_id,
        id,
        token,
        noted.state,
        noted.due_at,
        noted.ended.status,
        noted.answer,
        noted.ended_turn,
        delivered_at
    ];
    tx.write_exactly(1, &NOTE, params)
}

pub(crate) fn insert_attempt(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    (id, attempt, webhook_id): (DeliveryId, i64, WebhookId),
    noted: &Noted<'_>,
    outcome: AttemptOutcome,
) -> Result<(), StoreError> {
    let Ended { status, millis, .. } = noted.ended;
    let params = params![
        company_id,
        id,
        attempt,
        webhook_id,
        outcome,
        status,
        noted.answer,
        noted.now,
        millis
    ];
    tx.write_exactly(1, &INSERT_ATTEMPT, params)
}

pub(crate) fn leases_over(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    before: Timestamp,
) -> Result<bool, StoreError> {
    Ok(!tx.query(&LEASES_OVER, params![company_id, before])?.is_empty())
}

/// Logs attempts whose lease ran out, and frees their deliveries; answers how many.
pub(crate) fn free_lost(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    now: Timestamp,
    answer: &str,
) -> Result<usize, StoreError> {
    let lost = tx.query(&LOCK_LOST, params![company_id, now])?;
    let (mut log, mut ids) = (Rows::new(3), Rows::new(1));
    for found in &lost {
        let (id, webhook_id, attempt): (i64, i64, i64) =
            (found.get(0)?, found.get(1)?, found.get(2)?);
        log.push(row![id, attempt, webhook_id]);
        ids.push(row![id]);
    }
    let count = lost.len();
    tx.write_exactly(count, &INSERT_LOST, params![company_id, now, answer; log])?;
    tx.write_exactly(count, &FREE_LOST, params![company_id, now, answer; ids])?;
    Ok(count)
}

/// Gives up what waits for a webhook, at most so many; answers how many.
pub(crate) fn give_up(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    webhook_id: WebhookId,
    (answer, turn, most): (&str, i64, i64),
) -> Result<usize, StoreError> {
    Ok(tx.query(&GIVE_UP, params![company_id, webhook_id, answer, turn, most])?.len())
}

pub(crate) fn retired_waiting(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
) -> Result<Option<WebhookId>, StoreError> {
    tx.query_opt(&RETIRED_WAITING, params![company_id])?.map(|row| row.get(0)).transpose()
}

pub(crate) fn hurry(tx: &mut Tx<'_>, ctx: &Ctx, id: WebhookId) -> Result<(), StoreError> {
    tx.write(&HURRY, params![ctx.company_id, id, ctx.at])
}

pub(crate) fn forget_health(tx: &mut Tx<'_>, ctx: &Ctx, id: WebhookId) -> Result<(), StoreError> {
    tx.write_exactly(1, &FORGET_HEALTH, params![ctx.company_id, id])
}

pub(crate) fn end_rest(tx: &mut Tx<'_>, ctx: &Ctx, id: WebhookId) -> Result<(), StoreError> {
    tx.write_exactly(1, &END_REST, params![ctx.company_id, id])
}

pub(crate) fn webhook_of(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: DeliveryId,
) -> Result<Option<WebhookId>, StoreError> {
    tx.query_opt(&WEBHOOK_OF, params![company_id, id])?.map(|row| row.get(0)).transpose()
}

/// Whether a delivery, which is held, is on its way at this moment; nothing when there is none.
pub(crate) fn lock_delivery(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    id: DeliveryId,
) -> Result<Option<bool>, StoreError> {
    let found = tx.query_opt(&LOCK_DELIVERY, params![company_id, id])?;
    found.map(|row| Ok(row.get::<i64>(0)? > 0)).transpose()
}

pub(crate) fn replay(tx: &mut Tx<'_>, ctx: &Ctx, ids: &[DeliveryId]) -> Result<(), StoreError> {
    let mut rows = Rows::new(1);
    ids.iter().for_each(|id| rows.push(row![*id]));
    tx.write_exactly(ids.len(), &REPLAY, params![ctx.company_id, ctx.at; rows])
}

/// A fact of a span, and its delivery where there is one.
pub(crate) struct Spanned {
    pub fact_id: FactId,
    pub kind: String,
    pub aggregate_id: i64,
    pub seq: i64,
    pub name: String,
    pub recorded_at: Timestamp,
    pub delivery: Option<Queued>,
}

/// How far a delivery is.
#[derive(Clone, Copy)]
pub(crate) struct Queued {
    pub id: DeliveryId,
    pub waits: bool,
    pub leased: bool,
}

/// Facts of a span after a key, in the order of their recording.
pub(crate) fn span(
    tx: &mut Tx<'_>,
    company_id: CompanyId,
    webhook_id: WebhookId,
    ((after, after_id), until, most): ((i64, i64), i64, i64),
) -> Result<Vec<Spanned>, StoreError> {
    let found = tx.query(&SPAN, params![company_id, webhook_id, after, until, after_id, most])?;
    found
        .iter()
        .map(|row| {
            let (id, state): (Option<DeliveryId>, Option<DeliveryState>) =
                (row.get(6)?, row.get(7)?);
            let leased = row.get::<Option<i64>>(8)?.is_some_and(|until| until > 0);
            let waits = state == Some(DeliveryState::Waiting);
            Ok(Spanned {
                fact_id: row.get(0)?,
                kind: row.get(1)?,
                aggregate_id: row.get(2)?,
                seq: row.get(3)?,
                name: row.get(4)?,
                recorded_at: row.get(5)?,
                delivery: id.map(|id| Queued { id, waits, leased }),
            })
        })
        .collect()
}
