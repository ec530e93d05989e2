-- The audit trail is read from its newest row on.
create index store_audit_time on store_audit (company_id, recorded_at, id);
