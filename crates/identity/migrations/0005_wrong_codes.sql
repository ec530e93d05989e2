-- Codes that were wrong: since one was last right, since the factor was on, and when the last was given.
-- wrong_at 0 is never.
alter table identity_second_factor add column wrong_in_a_row {i64} not null default 0;
alter table identity_second_factor add column wrong_codes {i64} not null default 0;
alter table identity_second_factor add column wrong_at {i64} not null default 0;
