//! The statements over the store's own tables.

crate::statements! {
    /// Takes a block of a series; returns the first number after the block.
    LEASE = "insert into store_lease (company_id, series, next) values ($1, $2, 1 + cast($3 as {i64}))
        on conflict (company_id, series) do update set next = store_lease.next + cast($3 as {i64})
        returning next";

    /// Claims a request key; returns no row when it was claimed before.
    CLAIM_KEY = "insert into store_key
        (company_id, principal, route, key, fingerprint, answer, created_at)
        values ($1, $2, $3, $4, $5, null, $6)
        on conflict (company_id, principal, route, key) do nothing
        returning company_id";

    /// Writes the first answer of a key.
    ANSWER_KEY = "update store_key set answer = $5
        where company_id = $1 and principal = $2 and route = $3 and key = $4";

    /// What a key was used for and answered.
    FIND_KEY = "select fingerprint, answer from store_key
        where company_id = $1 and principal = $2 and route = $3 and key = $4";

    /// Asks whether the database answers.
    PING = "select count(*) as leases from store_lease";

    /// Forgets some of the keys older than a moment.
    FORGET_KEYS = "delete from store_key where company_id = $1
            and (principal, route, key) in (select o.principal, o.route, o.key from store_key as o
                where o.company_id = $1 and o.created_at < $2 limit cast($3 as {i64}))
        returning company_id";

    /// States facts.
    INSERT_FACTS = "insert into store_fact
        (company_id, id, aggregate_kind, aggregate_id, seq, name, payload, recorded_at, state)
        select d.company_id, d.id, d.aggregate_kind, d.aggregate_id, d.seq, d.name, d.payload,
            d.recorded_at, 'waiting'
        from {rows:d(company_id, id, aggregate_kind text, aggregate_id, seq, name text,
            payload text, recorded_at)}";

    /// Writes audit rows.
    INSERT_AUDIT = "insert into store_audit
        (company_id, id, recorded_at, user_id, request_id, verb, object_kind, object_id, detail)
        select d.company_id, d.id, d.recorded_at, d.user_id, d.request_id, d.verb, d.object_kind,
            d.object_id, d.detail
        from {rows:d(company_id, id, recorded_at, user_id, request_id text, verb text,
            object_kind text, object_id, detail text)}";

    /// Lets audit rows wait for their seal.
    INSERT_UNSEALED = "insert into store_unsealed (company_id, audit_id)
        select d.company_id, d.id from {rows:d(company_id, id)}";

    /// Audit rows that wait for their seal.
    UNSEALED = "select a.id, a.recorded_at, a.user_id, a.request_id, a.verb, a.object_kind,
            a.object_id, a.detail
        from store_unsealed as u
        join store_audit as a on a.company_id = u.company_id and a.id = u.audit_id
        where u.company_id = $1 order by u.audit_id limit cast($2 as {i64})";

    /// How many of them were recorded before a moment.
    COUNT_UNSEALED = "select count(*) as waiting from store_unsealed as u
        join store_audit as a on a.company_id = u.company_id and a.id = u.audit_id
        where u.company_id = $1 and a.recorded_at < $2";

    /// Begins a company's chain.
    BEGIN_CHAIN = "insert into store_seal_end (company_id, position, hash) values ($1, 0, $2)
        on conflict (company_id) do nothing";

    /// The end of a chain, held while rows are appended.
    LOCK_CHAIN = "select position, hash from store_seal_end where company_id = $1 {for_update}";

    /// The end of a chain.
    CHAIN_END = "select position, hash from store_seal_end where company_id = $1";

    /// Appends to a chain.
    INSERT_SEALS = "insert into store_seal (company_id, position, audit_id, hash)
        select $1, d.position, d.audit_id, d.hash from {rows:d(position, audit_id, hash bytes)}";

    /// Rows that have their seal wait no more.
    DELETE_UNSEALED = "delete from store_unsealed
        where company_id = $1 and audit_id in (select d.id from {rows:d(id)})";

    /// Moves the end of a chain.
    MOVE_CHAIN = "update store_seal_end set position = $2, hash = $3 where company_id = $1";

    /// Seals after a position, each with its row.
    SEALS_AFTER = "select a.id, a.recorded_at, a.user_id, a.request_id, a.verb, a.object_kind,
            a.object_id, a.detail, s.company_id, s.position, s.hash, s.audit_id
        from store_seal as s
        left join store_audit as a on a.company_id = s.company_id and a.id = s.audit_id
        where s.company_id = $1 and s.position > $2
        order by s.position limit cast($3 as {i64})";

    /// Begins a company's outbox.
    BEGIN_OUTBOX = "insert into store_outbox (company_id, round) values ($1, 0)
        on conflict (company_id) do nothing";

    /// The latest round of an outbox, held while facts are handed out.
    LOCK_OUTBOX = "select round from store_outbox where company_id = $1 {for_update}";

    /// Facts that wait to be handed out, those of one aggregate in their order.
    WAITING_FACTS = "select id, aggregate_kind, aggregate_id, seq, name, recorded_at from store_fact
        where company_id = $1 and state = 'waiting'
        order by aggregate_kind, aggregate_id, seq limit cast($2 as {i64})";

    /// Hands facts out in a round.
    HAND_OUT = "update store_fact set state = 'sent', round = $2
        where company_id = $1 and state = 'waiting' and id in (select d.id from {rows:d(id)})";

    /// Moves an outbox to its next round.
    MOVE_OUTBOX = "update store_outbox set round = $2 where company_id = $1";

    /// The facts of one aggregate in order.
    FACTS_OF = "select seq, name, payload from store_fact
        where company_id = $1 and aggregate_kind = $2 and aggregate_id = $3 order by seq";
}
