//! What must hold of the store's own rows.

crate::checks! {
    /// I-17: a committed key has its answer, for both were committed together.
    KEYS_ANSWERED = "I-17 every committed request key has its answer",
        "select route, key from store_key where company_id = $1 and answer is null";

    /// I-18: the facts of one aggregate are numbered without twin.
    FACTS_ORDERED = "I-18 the facts of one aggregate have distinct sequence numbers",
        "select aggregate_kind, aggregate_id, seq from store_fact where company_id = $1
         group by aggregate_kind, aggregate_id, seq having count(*) > 1";
}
