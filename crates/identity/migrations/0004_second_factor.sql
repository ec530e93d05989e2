-- A second factor at sign-in: the secret of a user's authenticator app, recovery codes, who reset it.

-- secret is what codes are made of. confirmed_at 0 is not confirmed yet, and asked for nowhere. last_step is
-- the half minute of the last code that was accepted: none of it or before is accepted again.
create table identity_second_factor (
    company_id {i64} not null,
    user_id {i64} not null,
    secret {bytes} not null,
    made_at {i64} not null,
    confirmed_at {i64} not null,
    last_step {i64} not null,
    primary key (company_id, user_id),
    constraint identity_second_factor_one unique (user_id),
    constraint identity_second_factor_user foreign key (company_id, user_id)
        references identity_user (company_id, id)
) {key_table};

-- used_at 0 is not used.
create table identity_recovery_code (
    company_id {i64} not null,
    user_id {i64} not null,
    number {i64} not null,
    digest {bytes} not null,
    used_at {i64} not null,
    primary key (company_id, user_id, number),
    constraint identity_recovery_code_of foreign key (company_id, user_id)
        references identity_second_factor (company_id, user_id)
) {key_table};

create table identity_second_factor_reset (
    company_id {i64} not null,
    user_id {i64} not null,
    number {i64} not null,
    reset_by {i64} not null,
    reset_at {i64} not null,
    reason {text} not null,
    primary key (company_id, user_id, number),
    constraint identity_second_factor_reset_user foreign key (company_id, user_id)
        references identity_user (company_id, id)
) {key_table};

-- Whether whoever holds the role has to have one, where the policy second_factor says so.
alter table identity_role add column second_factor {i64} not null default 0
    constraint identity_role_second_factor check (second_factor in (0, 1));
