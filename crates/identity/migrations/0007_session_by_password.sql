-- Whether a session began with what its user alone knows. Who came by a link works in no other company:
-- whoever gave the link may do nothing there.
alter table identity_session add column by_password {i64} not null default 0;
