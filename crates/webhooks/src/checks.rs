//! What must hold about webhooks, told apart from the code that keeps it so.

store::checks! {
    EVERY_FACT_IS_DELIVERED =
        "webhooks: every fact handed out has a delivery for each webhook that wanted it then",
        "select e.name, f.id, f.name from webhooks_webhook as e
         join store_fact as f on f.company_id = e.company_id and f.state = 'sent'
         where e.company_id = $1 and e.state <> 'retired'
             and case when f.aggregate_kind = 'webhook_ping' then
                 case when f.aggregate_id = e.id then 1 else 0 end
             else
                 case when exists (select 1 from webhooks_pattern as p
                     where p.company_id = e.company_id and p.webhook_id = e.id
                         and p.after_round < f.round and p.since <= f.recorded_at
                         and (p.pattern = f.name or (p.prefix is not null
                             and substr(f.name, 1, length(p.prefix)) = p.prefix)))
                 then 1 else 0 end
             end = 1
             and not exists (select 1 from webhooks_delivery as d
                 where d.company_id = e.company_id and d.webhook_id = e.id and d.fact_id = f.id)";

    FACTS_COME_IN_ORDER =
        "webhooks: of one subject, no fact was sent to a webhook before one that waited ahead of it had ended",
        "select e.name, a.aggregate_kind, a.aggregate_id, a.seq, b.seq from webhooks_delivery as a
         join webhooks_delivery as b on b.company_id = a.company_id and b.webhook_id = a.webhook_id
             and b.aggregate_kind = a.aggregate_kind and b.aggregate_id = a.aggregate_id
             and b.seq > a.seq
         join webhooks_webhook as e on e.company_id = a.company_id and e.id = a.webhook_id
         where a.company_id = $1 and b.begun_turn > 0 and a.queued_turn < b.begun_turn
             and (a.ended_turn = 0 or a.ended_turn > b.begun_turn)";

    DELIVERED_ONES_WERE_ANSWERED =
        "webhooks: what was delivered has an attempt that the webhook answered with 2xx",
        "select d.id, d.name from webhooks_delivery as d
         where d.company_id = $1 and (d.delivered_at > 0 or d.state = 'delivered')
             and not exists (select 1 from webhooks_attempt as a
                 where a.company_id = d.company_id and a.delivery_id = d.id
                     and a.outcome = 'delivered' and a.status between 200 and 299)";

    ATTEMPTS_ARE_LOGGED = "webhooks: every attempt that ended is in the log, once",
        "select d.id, d.attempts from webhooks_delivery as d
         join webhooks_webhook as e on e.company_id = d.company_id and e.id = d.webhook_id
         where d.company_id = $1 and e.state <> 'retired'
             and (select count(*) from webhooks_attempt as a
                 where a.company_id = d.company_id and a.delivery_id = d.id)
                 <> d.attempts - case when d.leased_until > 0 then 1 else 0 end";

    ONLY_WAITING_ONES_ARE_LEASED =
        "webhooks: only a delivery that waits is leased, under a token of its webhook",
        "select d.id, d.state, d.token from webhooks_delivery as d
         join webhooks_webhook as e on e.company_id = d.company_id and e.id = d.webhook_id
         where d.company_id = $1 and (d.token > e.turn
             or (d.leased_until > 0 and (d.state <> 'waiting' or d.token < 1)))";

    PAUSED_ONES_SAY_WHY = "webhooks: a webhook says why it is not active, and a live one has a secret",
        "select e.name, e.state from webhooks_webhook as e
         where e.company_id = $1 and ((e.state = 'active') <> (e.paused_why = '')
             or (e.state = 'retired') <> (e.secret = ''))";
}
