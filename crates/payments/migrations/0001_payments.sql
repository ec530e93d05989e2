-- Payments and what they were for. Both are written once; a reversal is a payment of its own with
-- negative amounts.

-- direction: 1 brings money in (the place is debited), -1 takes it out. place: where the money is or
-- comes from, with its open line where the account keeps some. amount is in currency, amount_company
-- in the company's; 0 is no partner.
create table payments_payment (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    kind {text} not null constraint payments_payment_kind check (kind in ('capture', 'refund',
        'receive_payment', 'pay', 'pay_deposit', 'apply_deposit', 'payout', 'book_fee')),
    direction {i64} not null constraint payments_payment_direction check (direction in (-1, 1)),
    happened_on {text} not null,
    posted_on {text} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    partner_id {i64} not null,
    place_role {text} not null constraint payments_payment_place check (place_role in
        ('bank', 'channel_clearing', 'customer_deposits', 'supplier_deposits')),
    place_kind {text} not null,
    place_id {i64} not null,
    currency {text} not null,
    amount {i64} not null,
    amount_company {i64} not null,
    method {text} not null,
    reference {text} not null,
    client_ref {text} not null,
    memo {text} not null,
    entry_id {i64} not null,
    reverses_id {i64} not null,
    primary key (company_id, id),
    constraint payments_payment_number unique (company_id, number),
    constraint payments_payment_sign
        check ((amount > 0 and reverses_id = 0) or (amount < 0 and reverses_id <> 0)),
    constraint payments_payment_company foreign key (company_id)
        references identity_company (company_id)
) {key_table};

create index payments_payment_happened on payments_payment (company_id, happened_on, id);
create index payments_payment_partner on payments_payment (company_id, partner_id, happened_on, id);
create index payments_payment_ref on payments_payment (company_id, client_ref);
create unique index payments_payment_reverses on payments_payment (company_id, reverses_id)
    where reverses_id <> 0;

-- What a payment was for: an open line of a control account, or an account without open lines ('' and
-- 0). Amounts are signed in the payment's direction and add up to the payment: amount in the company's
-- currency, amount_foreign in the payment's.
create table payments_allocation (
    company_id {i64} not null,
    payment_id {i64} not null,
    line {i64} not null,
    role {text} not null,
    open_kind {text} not null,
    open_id {i64} not null,
    amount {i64} not null,
    amount_foreign {i64} not null,
    primary key (company_id, payment_id, line),
    constraint payments_allocation_payment foreign key (company_id, payment_id)
        references payments_payment (company_id, id)
) {key_table};

create index payments_allocation_open
    on payments_allocation (company_id, open_kind, open_id, payment_id);

-- The client's own reference of a payment: the same one pays once.
create table payments_reference (
    company_id {i64} not null,
    client_ref {text} not null,
    payment_id {i64} not null,
    fingerprint {bytes} not null,
    primary key (company_id, client_ref)
) {key_table};
