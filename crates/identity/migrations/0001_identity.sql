-- Who may do what: companies, users, roles, grants, keys, sessions, policies, approvals.

create table identity_company (
    company_id {i64} not null,
    name {text} not null,
    currency {text} not null,
    zone {text} not null,
    country {text} not null,
    created_at {i64} not null,
    primary key (company_id),
    constraint identity_company_name unique (name)
) {key_table};

-- company_id is the company that administers the user; grants may be in others, so the id alone is
-- unique as well.
create table identity_user (
    company_id {i64} not null,
    id {i64} not null,
    login {text} not null,
    display_name {text} not null,
    password {text},
    active {i64} not null constraint identity_user_active check (active in (0, 1)),
    created_at {i64} not null,
    primary key (company_id, id),
    constraint identity_user_id unique (id),
    constraint identity_user_login unique (login),
    constraint identity_user_company foreign key (company_id)
        references identity_company (company_id)
) {key_table};

create table identity_role (
    company_id {i64} not null,
    id {i64} not null,
    name {text} not null,
    built_in {i64} not null constraint identity_role_built_in check (built_in in (0, 1)),
    primary key (company_id, id),
    constraint identity_role_name unique (company_id, name),
    constraint identity_role_company foreign key (company_id)
        references identity_company (company_id)
) {key_table};

create table identity_role_pattern (
    company_id {i64} not null,
    role_id {i64} not null,
    pattern {text} not null,
    primary key (company_id, role_id, pattern),
    constraint identity_role_pattern_role foreign key (company_id, role_id)
        references identity_role (company_id, id)
) {key_table};

-- warehouse_id 0 is the whole company; no amount_limit is any amount.
create table identity_grant (
    company_id {i64} not null,
    user_id {i64} not null,
    role_id {i64} not null,
    warehouse_id {i64} not null,
    amount_limit {i64} constraint identity_grant_amount check (amount_limit >= 0),
    granted_by {i64} not null,
    granted_at {i64} not null,
    primary key (company_id, user_id, role_id, warehouse_id),
    constraint identity_grant_user foreign key (user_id) references identity_user (id),
    constraint identity_grant_role foreign key (company_id, role_id)
        references identity_role (company_id, id)
) {key_table};

create index identity_grant_of_user on identity_grant (user_id);

create table identity_api_key (
    company_id {i64} not null,
    id {i64} not null,
    user_id {i64} not null,
    name {text} not null,
    digest {bytes} not null,
    created_on {text} not null,
    expires_on {text} not null,
    last_used_on {text},
    revoked_at {i64},
    primary key (company_id, id),
    constraint identity_api_key_id unique (id),
    constraint identity_api_key_expiry check (expires_on > created_on),
    constraint identity_api_key_user foreign key (user_id) references identity_user (id)
) {key_table};

create table identity_api_key_scope (
    company_id {i64} not null,
    api_key_id {i64} not null,
    pattern {text} not null,
    primary key (company_id, api_key_id, pattern),
    constraint identity_api_key_scope_key foreign key (company_id, api_key_id)
        references identity_api_key (company_id, id)
) {key_table};

create table identity_session (
    company_id {i64} not null,
    id {i64} not null,
    user_id {i64} not null,
    digest {bytes} not null,
    started_at {i64} not null,
    seen_at {i64} not null,
    ended_at {i64},
    primary key (company_id, id),
    constraint identity_session_digest unique (digest),
    constraint identity_session_user foreign key (user_id) references identity_user (id)
) {key_table};

-- A link that signs in once without a password.
create table identity_sign_in_link (
    company_id {i64} not null,
    digest {bytes} not null,
    user_id {i64} not null,
    expires_at {i64} not null,
    used_at {i64},
    primary key (company_id, digest),
    constraint identity_sign_in_link_digest unique (digest),
    constraint identity_sign_in_link_user foreign key (user_id) references identity_user (id)
) {key_table};

-- One row at most, of company 0: the token that opens the first company.
create table identity_set_up (
    company_id {i64} not null constraint identity_set_up_one check (company_id = 0),
    digest {bytes} not null,
    issued_at {i64} not null,
    used_at {i64},
    primary key (company_id)
) {key_table};

create table identity_policy (
    company_id {i64} not null,
    name {text} not null,
    value {text} not null,
    primary key (company_id, name),
    constraint identity_policy_company foreign key (company_id)
        references identity_company (company_id)
) {key_table};

-- decided_limit is the approver's limit at the decision, none for any amount; separate is whether
-- the policy asked for another person then.
create table identity_approval (
    company_id {i64} not null,
    id {i64} not null,
    kind {text} not null,
    subject_id {i64} not null,
    revision {i64} not null,
    facts {text} not null,
    permission {text} not null,
    amount {i64} not null constraint identity_approval_amount check (amount >= 0),
    requested_by {i64} not null,
    requested_at {i64} not null,
    state {text} not null constraint identity_approval_state
        check (state in ('waiting', 'approved', 'refused', 'void')),
    decided_by {i64},
    decided_at {i64},
    decided_limit {i64},
    separate {i64} not null constraint identity_approval_separate check (separate in (0, 1)),
    reason {text} not null,
    primary key (company_id, id),
    constraint identity_approval_decided
        check (state in ('waiting', 'void') or (decided_by is not null and decided_at is not null)),
    constraint identity_approval_company foreign key (company_id)
        references identity_company (company_id)
) {key_table};

create unique index identity_approval_open on identity_approval
    (company_id, kind, subject_id, revision) where state in ('waiting', 'approved');

create index identity_approval_waiting on identity_approval (company_id, requested_at)
    where state = 'waiting';
