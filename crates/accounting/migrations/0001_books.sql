-- The books: accounts, entries and their lines, open items, locks and seals, tax and exchange.

create table accounting_account (
    company_id {i64} not null,
    id {i64} not null,
    code {text} not null,
    name {text} not null,
    kind {text} not null constraint accounting_account_kind
        check (kind in ('asset', 'liability', 'equity', 'income', 'expense')),
    role {text} not null,
    control {i64} not null constraint accounting_account_control check (control in (0, 1)),
    open_lines {i64} not null constraint accounting_account_open_lines
        check (open_lines in (0, 1) and open_lines <= control),
    primary key (company_id, id),
    constraint accounting_account_code unique (company_id, code)
) {key_table};

create unique index accounting_account_role on accounting_account (company_id, role)
    where role <> '';

create table accounting_entry (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    area {text} not null constraint accounting_entry_area
        check (area in ('sales', 'purchasing', 'stock', 'tax', 'all')),
    kind {text} not null,
    source_kind {text} not null,
    source_id {i64} not null,
    happened_on {text} not null,
    posted_on {text} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    memo {text} not null,
    reverses_id {i64} not null,
    lock_revision {i64} not null,
    lock_reason {text} not null,
    primary key (company_id, id),
    constraint accounting_entry_number unique (company_id, number),
    constraint accounting_entry_days check (posted_on >= happened_on)
) {key_table};

create index accounting_entry_posted on accounting_entry (company_id, posted_on, id);
create index accounting_entry_source on accounting_entry (company_id, source_kind, source_id);
create unique index accounting_entry_reverses on accounting_entry (company_id, reverses_id)
    where reverses_id <> 0;

create table accounting_entry_line (
    company_id {i64} not null,
    entry_id {i64} not null,
    line {i64} not null,
    account_id {i64} not null,
    posted_on {text} not null,
    debit {i64} not null constraint accounting_entry_line_debit check (debit >= 0),
    credit {i64} not null constraint accounting_entry_line_credit check (credit >= 0),
    currency {text} not null,
    amount_foreign {i64} not null,
    open_kind {text} not null,
    open_source_id {i64} not null,
    partner_id {i64} not null,
    due_on {text} not null,
    tax_code_id {i64} not null,
    tax_base {i64} not null,
    item_id {i64} not null,
    primary key (company_id, entry_id, line),
    constraint accounting_entry_line_one_side check (debit = 0 or credit = 0),
    constraint accounting_entry_line_entry foreign key (company_id, entry_id)
        references accounting_entry (company_id, id)
) {key_table};

create index accounting_entry_line_account
    on accounting_entry_line (company_id, account_id, posted_on, entry_id, line);

create table accounting_open_item (
    company_id {i64} not null,
    account_id {i64} not null,
    kind {text} not null,
    source_id {i64} not null,
    currency {text} not null,
    partner_id {i64} not null,
    due_on {text} not null,
    opened_on {text} not null,
    amount {i64} not null,
    amount_foreign {i64} not null,
    primary key (company_id, account_id, kind, source_id, currency)
) {key_table};

create index accounting_open_item_partner
    on accounting_open_item (company_id, partner_id, account_id);

create table accounting_lock (
    company_id {i64} not null,
    area {text} not null constraint accounting_lock_area
        check (area in ('sales', 'purchasing', 'stock', 'tax', 'all')),
    soft_through {text} not null,
    hard_through {text} not null,
    revision {i64} not null,
    primary key (company_id, area)
) {key_table};

create table accounting_period_seal (
    company_id {i64} not null,
    area {text} not null,
    revision {i64} not null,
    through {text} not null,
    hard {i64} not null constraint accounting_period_seal_hard check (hard in (0, 1)),
    hash {bytes} not null,
    sealed_at {i64} not null,
    user_id {i64} not null,
    lifted_revision {i64} not null,
    primary key (company_id, area, revision)
) {key_table};

create table accounting_period_total (
    company_id {i64} not null,
    area {text} not null,
    revision {i64} not null,
    account_id {i64} not null,
    debit {i64} not null,
    credit {i64} not null,
    primary key (company_id, area, revision, account_id),
    constraint accounting_period_total_seal foreign key (company_id, area, revision)
        references accounting_period_seal (company_id, area, revision)
) {key_table};

create table accounting_tax_code (
    company_id {i64} not null,
    id {i64} not null,
    code {text} not null,
    name {text} not null,
    kind {text} not null constraint accounting_tax_code_kind check (kind in
        ('standard', 'reduced', 'zero', 'exempt', 'outside', 'reverse_charge', 'import')),
    recoverable {i64} not null constraint accounting_tax_code_recoverable
        check (recoverable between 0 and 1000000000),
    primary key (company_id, id),
    constraint accounting_tax_code_code unique (company_id, code)
) {key_table};

create table accounting_tax_rate (
    company_id {i64} not null,
    tax_code_id {i64} not null,
    from_day {text} not null,
    rate {i64} not null constraint accounting_tax_rate_rate check (rate between 0 and 1000000000),
    primary key (company_id, tax_code_id, from_day),
    constraint accounting_tax_rate_code foreign key (company_id, tax_code_id)
        references accounting_tax_code (company_id, id)
) {key_table};

create table accounting_rate (
    company_id {i64} not null,
    currency {text} not null,
    from_day {text} not null,
    rate {i64} not null constraint accounting_rate_rate check (rate > 0),
    primary key (company_id, currency, from_day)
) {key_table};
