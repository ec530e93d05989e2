-- Facts on their way to webhooks.

-- A webhook's turn counts what began and ended there: the number of an attempt's beginning is the token
-- under which its end is noted. previous_secret signs beside secret until previous_until (0: there is
-- none). failures are those since the last delivery, from failing_since on (0: none); until rests_until
-- nothing is tried.
create table webhooks_webhook (
    company_id {i64} not null,
    id {i64} not null,
    name {text} not null,
    address {text} not null,
    state {text} not null constraint webhooks_webhook_state
        check (state in ('active', 'paused', 'retired')),
    paused_why {text} not null,
    secret {text} not null,
    previous_secret {text} not null,
    previous_until {i64} not null,
    registered_at {i64} not null,
    registered_by {i64} not null,
    revision {i64} not null,
    pings {i64} not null,
    turn {i64} not null,
    failures {i64} not null,
    failing_since {i64} not null,
    rests_until {i64} not null,
    delivered_at {i64} not null,
    primary key (company_id, id),
    constraint webhooks_webhook_company foreign key (company_id)
        references identity_company (company_id)
) {table};

create index webhooks_webhook_name on webhooks_webhook (company_id, name, id);

-- Which facts a webhook wants: those handed out after a round of the outbox and recorded from a moment
-- on. prefix is null for a pattern that names one fact.
create table webhooks_pattern (
    company_id {i64} not null,
    webhook_id {i64} not null,
    pattern {text} not null,
    prefix {text},
    after_round {i64} not null,
    since {i64} not null,
    primary key (company_id, webhook_id, pattern),
    constraint webhooks_pattern_webhook foreign key (company_id, webhook_id)
        references webhooks_webhook (company_id, id)
) {key_table};

-- A fact for a webhook. tries are those since it was queued or replayed last, attempts all of them.
-- queued_turn, begun_turn and ended_turn are the webhook's turns when it was queued, first tried, and
-- first delivered or given up (0: not yet). leased_until is 0 while nobody has it.
create table webhooks_delivery (
    company_id {i64} not null,
    id {i64} not null,
    webhook_id {i64} not null,
    fact_id {i64} not null,
    aggregate_kind {text} not null,
    aggregate_id {i64} not null,
    seq {i64} not null,
    name {text} not null,
    state {text} not null constraint webhooks_delivery_state
        check (state in ('waiting', 'delivered', 'dead')),
    queued_at {i64} not null,
    due_at {i64} not null,
    tries {i64} not null,
    attempts {i64} not null,
    replays {i64} not null,
    token {i64} not null,
    leased_until {i64} not null,
    queued_turn {i64} not null,
    begun_turn {i64} not null,
    ended_turn {i64} not null,
    delivered_at {i64} not null,
    status {i64} not null,
    answer {text} not null,
    primary key (company_id, id),
    constraint webhooks_delivery_once unique (company_id, webhook_id, fact_id),
    constraint webhooks_delivery_webhook foreign key (company_id, webhook_id)
        references webhooks_webhook (company_id, id),
    constraint webhooks_delivery_fact foreign key (company_id, fact_id)
        references store_fact (company_id, id)
) {table};

create index webhooks_delivery_due on webhooks_delivery (company_id, webhook_id, state, due_at);
create index webhooks_delivery_ahead
    on webhooks_delivery (company_id, webhook_id, aggregate_kind, aggregate_id, seq);
create index webhooks_delivery_leased on webhooks_delivery (company_id, leased_until)
    where leased_until > 0;
create index webhooks_delivery_queued on webhooks_delivery (company_id, queued_at, id);

-- What became of each attempt. status is 0 where there was no answer.
create table webhooks_attempt (
    company_id {i64} not null,
    delivery_id {i64} not null,
    attempt {i64} not null,
    webhook_id {i64} not null,
    outcome {text} not null constraint webhooks_attempt_outcome
        check (outcome in ('delivered', 'failed', 'lost')),
    status {i64} not null,
    answer {text} not null,
    ended_at {i64} not null,
    millis {i64} not null,
    primary key (company_id, delivery_id, attempt),
    constraint webhooks_attempt_delivery foreign key (company_id, delivery_id)
        references webhooks_delivery (company_id, id)
) {key_table};

create index webhooks_attempt_time on webhooks_attempt (company_id, ended_at, delivery_id, attempt);
