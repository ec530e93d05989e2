//! What must hold of the store's own rows.

crate::checks! {
    /// I-17: a committed key has its answer, for both were committed together.
    KEYS_ANSWERED = "I-17 every committed request key has its answer",
        "select route, key from store_key where company_id = $1 and answer is null";

    /// Nothing gets by the seal.
    TRAIL_SEALED = "every row of the audit trail is sealed or waits for its seal, never both",
        "select a.id, a.verb from store_audit as a
         where a.company_id = $1 and (
            case when exists (select 1 from store_seal as s
                where s.company_id = a.company_id and s.audit_id = a.id) then 1 else 0 end
            + case when exists (select 1 from store_unsealed as u
                where u.company_id = a.company_id and u.audit_id = a.id) then 1 else 0 end) <> 1";

    /// I-18: the facts of one aggregate are numbered without twin.
    FACTS_ORDERED = "I-18 the facts of one aggregate have distinct sequence numbers",
        "select aggregate_kind, aggregate_id, seq from store_fact where company_id = $1
         group by aggregate_kind, aggregate_id, seq having count(*) > 1";

    /// A fact is handed out once, in a round that was.
    FACTS_HANDED_OUT = "a fact waits or was handed out in a round of its company's outbox",
        "select f.aggregate_kind, f.aggregate_id, f.seq, f.state, f.round from store_fact as f
         left join store_outbox as o on o.company_id = f.company_id
         where f.company_id = $1 and (
            (f.state = 'waiting' and f.round <> 0)
            or (f.state <> 'waiting' and (f.round < 1 or f.round > coalesce(o.round, 0))))";
}
