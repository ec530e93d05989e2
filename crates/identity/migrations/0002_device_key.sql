-- The secret under which a user's devices keep what they take along, made once. It is handed to the
-- user's own sessions alone, so that nobody else on a device can read what lies there.
create table identity_device_key (
    company_id {i64} not null,
    user_id {i64} not null,
    secret {bytes} not null,
    made_at {i64} not null,
    primary key (company_id, user_id),
    constraint identity_device_key_user foreign key (user_id) references identity_user (id)
) {key_table};
