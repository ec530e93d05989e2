-- People and companies that the company buys from or sells to.

-- search is the lower-case text in which the list looks. bank_account is an IBAN or empty.
create table partners_partner (
    company_id {i64} not null,
    id {i64} not null,
    code {text} not null,
    name {text} not null,
    supplier {i64} not null constraint partners_partner_supplier check (supplier in (0, 1)),
    customer {i64} not null constraint partners_partner_customer check (customer in (0, 1)),
    customer_kind {text} not null
        constraint partners_partner_customer_kind check (customer_kind in ('consumer', 'business')),
    country {text} not null,
    currency {text} not null,
    payment_days {i64} not null
        constraint partners_partner_payment_days check (payment_days >= 0),
    email {text} not null,
    tax_number {text} not null,
    language {text} not null,
    bank_account {text} not null,
    active {i64} not null constraint partners_partner_active check (active in (0, 1)),
    revision {i64} not null,
    search {text} not null,
    created_at {i64} not null,
    changed_at {i64} not null,
    primary key (company_id, id),
    constraint partners_partner_code unique (company_id, code),
    constraint partners_partner_role check (supplier = 1 or customer = 1),
    constraint partners_partner_company foreign key (company_id)
        references identity_company (company_id)
) {key_table};

create index partners_partner_by_name on partners_partner (company_id, name, id);

create table partners_contact (
    company_id {i64} not null,
    partner_id {i64} not null,
    number {i64} not null,
    name {text} not null,
    job {text} not null,
    email {text} not null,
    phone {text} not null,
    primary key (company_id, partner_id, number),
    constraint partners_contact_partner foreign key (company_id, partner_id)
        references partners_partner (company_id, id)
) {key_table};

create table partners_address (
    company_id {i64} not null,
    partner_id {i64} not null,
    number {i64} not null,
    kind {text} not null
        constraint partners_address_kind check (kind in ('billing', 'delivery', 'returns')),
    name {text} not null,
    street {text} not null,
    city {text} not null,
    region {text} not null,
    postcode {text} not null,
    country {text} not null,
    primary key (company_id, partner_id, number),
    constraint partners_address_partner foreign key (company_id, partner_id)
        references partners_partner (company_id, id)
) {key_table};
