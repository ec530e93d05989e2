-- What sort of supplier or customer a partner is; other bank details, asked for and in force.

alter table partners_partner add column category {text} not null default '';

-- number counts the changes of a partner. decided_by 0 is that nobody else had to agree, or that nobody
-- has decided yet. Accounts are IBANs or empty.
create table partners_bank_change (
    company_id {i64} not null,
    id {i64} not null,
    partner_id {i64} not null,
    number {i64} not null,
    before_account {text} not null,
    after_account {text} not null,
    state {text} not null constraint partners_bank_change_state
        check (state in ('waiting', 'in_force', 'refused', 'replaced')),
    requested_by {i64} not null,
    requested_at {i64} not null,
    decided_by {i64} not null,
    decided_at {i64} not null,
    reason {text} not null,
    primary key (company_id, id),
    constraint partners_bank_change_number unique (company_id, partner_id, number),
    constraint partners_bank_change_partner foreign key (company_id, partner_id)
        references partners_partner (company_id, id)
) {key_table};

create unique index partners_bank_change_waiting on partners_bank_change (company_id, partner_id)
    where state = 'waiting';
