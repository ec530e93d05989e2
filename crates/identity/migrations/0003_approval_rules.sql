-- Which condition asks for whose yes; who decides in whose name; who gave a yes.

-- conditions is JSON: facts that all have to hold. from_amount is none for any amount. role_id 0 is
-- whoever has the permission. up_after_days is none when nothing goes up.
create table identity_approval_rule (
    company_id {i64} not null,
    id {i64} not null,
    kind {text} not null,
    code {text} not null,
    name {text} not null,
    position {i64} not null,
    from_amount {i64} constraint identity_approval_rule_amount check (from_amount >= 0),
    conditions {text} not null,
    permission {text} not null,
    role_id {i64} not null,
    people {i64} not null constraint identity_approval_rule_people check (people in (1, 2)),
    up_after_days {i64} constraint identity_approval_rule_days check (up_after_days > 0),
    up_permission {text} not null,
    up_role_id {i64} not null,
    active {i64} not null constraint identity_approval_rule_active check (active in (0, 1)),
    revision {i64} not null,
    primary key (company_id, id),
    constraint identity_approval_rule_code unique (company_id, kind, code),
    constraint identity_approval_rule_company foreign key (company_id)
        references identity_company (company_id)
) {key_table};

-- number is the document's spoken one. people is how many have to agree; another is whether it has to be
-- another person than who asked, whatever the policy says. up_on '' is never; escalated_at 0 is not yet.
alter table identity_approval add column number {text} not null default '';
alter table identity_approval add column rule_id {i64} not null default 0;
alter table identity_approval add column why {text} not null default '';
alter table identity_approval add column people {i64} not null default 1
    constraint identity_approval_people check (people in (1, 2));
alter table identity_approval add column another {i64} not null default 0
    constraint identity_approval_another check (another in (0, 1));
alter table identity_approval add column role_id {i64} not null default 0;
alter table identity_approval add column up_on {text} not null default '';
alter table identity_approval add column up_permission {text} not null default '';
alter table identity_approval add column up_role_id {i64} not null default 0;
alter table identity_approval add column escalated_at {i64} not null default 0;
alter table identity_approval add column in_name_of {i64} not null default 0;

create index identity_approval_up on identity_approval (company_id, up_on)
    where state = 'waiting' and escalated_at = 0 and up_on <> '';

-- Each yes of an approval. in_name_of 0 is one's own name; decided_limit is that of the one in whose
-- name it was given, none for any amount.
create table identity_approval_yes (
    company_id {i64} not null,
    approval_id {i64} not null,
    number {i64} not null,
    decided_by {i64} not null,
    in_name_of {i64} not null,
    decided_at {i64} not null,
    decided_limit {i64},
    reason {text} not null,
    primary key (company_id, approval_id, number),
    constraint identity_approval_yes_approval foreign key (company_id, approval_id)
        references identity_approval (company_id, id)
) {key_table};

-- Who decides in whose name, from day to day. kinds is JSON, an empty list for all. ended_at 0 is not
-- ended.
create table identity_delegation (
    company_id {i64} not null,
    id {i64} not null,
    from_user {i64} not null,
    to_user {i64} not null,
    from_on {text} not null,
    to_on {text} not null,
    kinds {text} not null,
    reason {text} not null,
    created_by {i64} not null,
    created_at {i64} not null,
    ended_at {i64} not null,
    ended_by {i64} not null,
    primary key (company_id, id),
    constraint identity_delegation_days check (to_on >= from_on),
    constraint identity_delegation_two check (from_user <> to_user),
    constraint identity_delegation_from foreign key (from_user) references identity_user (id),
    constraint identity_delegation_to foreign key (to_user) references identity_user (id)
) {key_table};

create index identity_delegation_to_user on identity_delegation (company_id, to_user, to_on);

-- The roles that every company has see what waits for them; those made since come with it.
insert into identity_role_pattern (company_id, role_id, pattern)
select r.company_id, r.id, 'identity.decide' from identity_role as r
where r.built_in = 1 and r.name in ('buyer', 'buyer_lead', 'warehouse', 'finance', 'leader');
insert into identity_role_pattern (company_id, role_id, pattern)
select r.company_id, r.id, 'identity.delegate' from identity_role as r
where r.built_in = 1 and r.name in ('buyer', 'buyer_lead', 'warehouse', 'finance', 'leader');
