-- Invoices that were written elsewhere and not paid in full when the books were opened. They are no
-- legal documents of ours and take no number of a series. taken_back_by 0 is not taken back.
create table sales_opened_invoice (
    company_id {i64} not null,
    id {i64} not null,
    number {text} not null,
    partner_id {i64} not null,
    invoiced_on {text} not null,
    due_on {text} not null,
    amount {i64} not null constraint sales_opened_invoice_amount check (amount <> 0),
    entry_id {i64} not null,
    taken_back_by {i64} not null,
    recorded_at {i64} not null,
    user_id {i64} not null,
    primary key (company_id, id),
    constraint sales_opened_invoice_partner foreign key (company_id, partner_id)
        references partners_partner (company_id, id)
) {key_table};
create unique index sales_opened_invoice_number
    on sales_opened_invoice (company_id, partner_id, number) where taken_back_by = 0;
create index sales_opened_invoice_day on sales_opened_invoice (company_id, invoiced_on, id);
