-- Pings are looked for apart: they go out whatever else waits, also to a webhook that is paused. The kind
-- is a column as well, so that SQLite takes this index rather than the one of all that is due.
create index webhooks_delivery_ping
    on webhooks_delivery (company_id, webhook_id, aggregate_kind, state, due_at)
    where aggregate_kind = 'webhook_ping';
